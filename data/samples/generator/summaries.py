"""`summary`: what each township counts in its own rosters and ledgers, and what no other form says."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from generator.portions import portions
from generator.quarters import LAST, Quarter, age
from generator.register import Township
from generator.returns import Return, World

Row = dict[str, Any]

FIVE_SOURCES, CIVIL, PUBLIC, SUNK = 10, 11, 7, 12
"""From five sources into the leadership, recruited civil servants and public staff (18), county leaders as first
secretaries: the source briefings' figures of 2026Q1."""

_AGES = (("age_u35", 0, 35), ("age_36_45", 36, 45), ("age_46_50", 46, 50), ("age_51_55", 51, 55))
_AGES += (("age_56_60", 56, 60), ("age_61p", 61, 200))
_CENT = Decimal("0.01")
_EDUCATION = {
    "edu_junior": ("小学及以下", "初中"),
    "edu_senior": ("高中或中专",),
    "edu_college": ("大专",),
    "edu_bachelor": ("本科", "研究生"),
}


def fill(world: World) -> None:
    """Count every township's summary from the rows it reports with it, mistakes and all."""
    for of in world.returns:
        if of.form == "summary":
            township = next(t for t in world.townships if t.code == of.reporter)
            of.rows = [_counted(world, of, township) | _own(of.quarter, world.townships, township)]


def _counted(world: World, of: Return, township: Township) -> Row:
    def rows(form: str) -> list[Row]:
        same = [
            r for r in world.returns if (r.quarter, r.reporter, r.form) == (of.quarter, of.reporter, form)
        ]
        return next((r for r in same if r.version == of.version), same[0]).rows

    def count(found: Iterable[Row], test: Callable[[Row], bool]) -> int:
        return sum(test(r) for r in found)

    members = [r for r in rows("committee") if r["status"] == "在任"]
    organisations = [r for r in rows("party_org") if not r["is_functional"] and r["org_type"] != "临时党支部"]
    own = [v for v in world.villages if v.township == township]
    kept = [r for r in rows("talent") if r["status"] == "在库"]
    residents = rows("resident")
    ages = [age(r["birth"], of.quarter.end) for r in members]
    joined = {r["village_code"] for r in members if (r["party_post"], r["village_post"]) == ("书记", "主任")}
    return {
        "township_code": township.code,
        "village_code": None,
        "villages_n": sum(v.rural for v in own),
        "communities_n": sum(not v.rural for v in own),
        "orgs_n": len(organisations),
        "members_n": sum(r["members_total"] for r in organisations),
        "committee_n": len(members),
        "one_shoulder_n": len(joined),
        **{name: sum(low <= a <= high for a in ages) for name, low, high in _AGES},
        **{name: count(members, lambda r, of=of: r["edu"] in of) for name, of in _EDUCATION.items()},  # type: ignore[misc]
        "female_n": count(members, lambda r: r["sex"] == "女"),
        "reserve_n": count(kept, lambda r: r["register"] == "后备干部"),
        "talent_n": count(kept, lambda r: r["register"] == "乡土人才"),
        "teams_n": len({r["team_code"] for r in residents}),
        "residents_n": len(residents),
        "econ_income": sum((r["operating_income"] for r in rows("village_economy")), Decimal(0)).quantize(
            _CENT
        ),
    }


def _own(quarter: Quarter, townships: list[Township], township: Township) -> Row:
    """What stands on no other form."""
    position = townships.index(township)
    last = quarter is LAST
    rng = random.Random(f"summary {township.code}")
    lists = rng.randint(22, 38)

    def part(total: int, name: str) -> int:
        weights = [random.Random(f"{name} {t.code}").random() for t in townships]
        return portions(total, weights)[position]

    return {
        "practice_institute": 1,
        "demo_hall": int(position % 4 == 1),
        "talent_centre": int(position % 5 == 1),
        "incubator": int(position % 6 == 1),
        "agri_park": int(position % 3 == 1),
        "fivesource_n": part(FIVE_SOURCES if last else 4, "five sources"),
        "recruited_cs": part(CIVIL if last else 21, "civil servants"),
        "recruited_pi": part(PUBLIC if last else 16, "public staff"),
        "first_sec_sunk": int(position < SUNK),
        "pb_budget": _budget(township, quarter.year),
        "pb_budget_last": _budget(township, quarter.year - 1),
        "lists_n": lists,
        "lists_done": lists * (1 if last else 4) // 4 - (0 if last else rng.randint(0, 2)),
        "inspect_n": rng.randint(1, 3),
    }


def _budget(township: Township, year: int) -> Decimal:
    base = Decimal(random.Random(f"budget {township.code}").randint(180, 420)) / 10
    return (base * Decimal("1.115") ** (year - 2024)).quantize(Decimal("0.1"))
