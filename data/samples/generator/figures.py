"""The expected figures, worked out in plain Python from what was reported: one short rule an indicator, nothing of ruralpb.

Unknown is None and stays so: a row whose condition or argument is None leaves numerator and denominator and is counted in
`unknown_rows` (semantics S4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from generator import figures_later
from generator.people import valid
from generator.quarters import EXTENDED, QUARTERS, Quarter, age
from generator.register import COUNTY, OFFICES, Village
from generator.returns import Return, Row, World
from generator.styles import STYLES
from generator.training import CADRES

Test = Callable[[Row], Any]
KEYED = ("脱贫村", "易地搬迁安置村", "乡村振兴重点村", "软弱涣散村")
WEAK = "集体经济薄弱"
WEAK_LINE = Decimal(5)
"""万元 of operating income a year."""
FIVE_KINDS = ("本村致富能手", "本土大学毕业生", "外出务工经商返乡人员", "退役军人", "其他优秀人才")


@dataclass(frozen=True, slots=True)
class Figure:
    """One expected value of one unit. `unknown_rows` are the rows that say too little to be counted."""

    period: str
    indicator: str
    unit_code: str
    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    unknown_rows: int


def reported(world: World, of: Return) -> Iterator[Row]:
    """The facts of a return: what its office's columns carry, with the codes a reader finds from them."""
    omitted = STYLES[of.reporter].omit
    for row in of.rows:
        village = world.by_code.get(row.get("village_code") or "")
        township = village.township.code if village else row.get("township_code")
        own = township or (of.reporter if of.reporter not in OFFICES else None)
        yield {k: None if k in omitted else v for k, v in row.items()} | {
            "reporter": of.reporter,
            "township_code": own,
            "period": of.quarter.label,
        }


class Facts:
    """All current facts by form and quarter, and who a row is about."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.rows: dict[tuple[str, str], list[Row]] = {}
        for of in world.returns:
            if of.current:
                self.rows.setdefault((of.form, of.quarter.label), []).extend(reported(world, of))
        self._identify()

    def of(self, form: str, quarter: Quarter) -> list[Row]:
        """The rows of a form in a quarter."""
        return self.rows.get((form, quarter.label), [])

    def year(self, form: str, quarter: Quarter) -> list[Row]:
        """The rows of a form from January on."""
        return [
            row
            for q in QUARTERS
            if q.year == quarter.year and q.number <= quarter.number
            for row in self.of(form, q)
        ]

    def _identify(self) -> None:
        """A person without number is the one person of that name in that village and quarter (semantics S9)."""
        for quarter in QUARTERS:
            numbers: dict[tuple[str, str], set[str]] = {}
            people = [r for f in ("committee", "resident", "training_attend") for r in self.of(f, quarter)]
            for row in people:
                if valid(row["id_card"]) and row["village_code"]:
                    numbers.setdefault((row["name"], row["village_code"]), set()).add(row["id_card"])
            for row in people:
                found = numbers.get((row["name"], row["village_code"]), set())
                named = f"{row['name']}@{row['village_code']}"
                known = row["id_card"] if valid(row["id_card"]) else None
                row["person"] = known or (min(found) if len(found) == 1 else named)


class Book:
    """Works out every figure of one quarter."""

    def __init__(self, facts: Facts, quarter: Quarter) -> None:
        self.facts = facts
        self.world = facts.world
        self.quarter = quarter
        self.found: list[Figure] = []
        came = [r for r in facts.year("training_attend", quarter) if r["attended"] == "到训"]
        self.trained = {r["person"] for r in came}
        self.classes: dict[str, set[tuple[str, str]]] = {}
        for r in came:
            self.classes.setdefault(r["person"], set()).add((r["reporter"], r["class_code"]))

    def work_out(self) -> list[Figure]:
        """Return the figures of the quarter, county first, then the townships."""
        for code in [COUNTY, *(t.code for t in self.world.townships)]:
            self._committee(code)
            self._training(code)
            self._resident(code)
            self._economy(code)
            self._issue(code)
            if self.quarter in EXTENDED:
                figures_later.put_all(self, code)
        return self.found

    # ------------------------------------------------------------------------------------------ means

    def below(self, code: str, rows: list[Row]) -> list[Row]:
        """The rows about a unit: the county's are all, its offices' too."""
        return [r for r in rows if code in (COUNTY, r["township_code"])]

    def villages(self, code: str) -> list[Village]:
        """The villages of a unit."""
        return [v for v in self.world.villages if code in (COUNTY, v.township.code)]

    def put(
        self, indicator: str, code: str, top: Any, bottom: Any = None, unknown: int = 0, percent: bool = True
    ) -> None:
        """Note a figure: a number, or with `bottom` a quotient, in percent unless told."""
        value = None if top is None else Decimal(top)
        if bottom is not None and value is not None:
            scale = 100 if percent else 1
            value = None if not bottom else (value * scale / Decimal(bottom))
        self.found.append(
            Figure(
                self.quarter.label,
                indicator,
                code,
                None if top is None else Decimal(top),
                None if bottom is None else Decimal(bottom),
                None if value is None else value.quantize(Decimal("1E-10"), ROUND_HALF_UP),
                unknown,
            )
        )

    def share(
        self, indicator: str, code: str, rows: Iterable[Row], test: Test, where: Test | None = None
    ) -> None:
        """The share of rows that pass `test` among those that satisfy `where`."""
        scope = [(where(r) if where else True, r) for r in rows]
        verdicts = [test(r) for w, r in scope if w]
        unknown = sum(w is None for w, _ in scope) + verdicts.count(None)
        self.put(indicator, code, verdicts.count(True), sum(v is not None for v in verdicts), unknown)

    def ratio(self, indicator: str, code: str, rows: Iterable[Row], top: str, bottom: str) -> None:
        """Σ top ÷ Σ bottom in percent, over rows that have both."""
        rows = list(rows)
        known = [r for r in rows if r[top] is not None and r[bottom] is not None]
        tops, bottoms = sum(r[top] for r in known), sum(r[bottom] for r in known)
        self.put(indicator, code, tops if rows else None, bottoms if rows else None, len(rows) - len(known))

    def sum(self, indicator: str, code: str, rows: list[Row], field: str, average: bool = False) -> None:
        """Σ field over rows that have it, or its average."""
        known = [r[field] for r in rows if r[field] is not None]
        total = sum(known, Decimal(0)) if rows else None
        count = len(known) if average and rows else None
        self.put(indicator, code, total, count, len(rows) - len(known), percent=False)

    # ------------------------------------------------------------------------------------------ subjects

    def _committee(self, code: str) -> None:
        end = self.quarter.end
        rows = [
            r for r in self.below(code, self.facts.of("committee", self.quarter)) if r["status"] == "在任"
        ]
        secretaries = [r for r in rows if r["party_post"] == "书记"]
        rural = {v.code for v in self.villages(code) if v.rural}
        joined = {r["village_code"] for r in secretaries if r["village_post"] == "主任"}
        filled = {r["village_code"] for r in secretaries}
        self.put("committee_n", code, len(rows))
        self.put("one_shoulder_rate", code, len(joined & rural), len(rural))
        self.put("committee_avg_age", code, sum(age(r["birth"], end) for r in rows), len(rows), percent=False)
        self.share("committee_u35_rate", code, rows, lambda r: age(r["birth"], end) <= 35)
        self.share("committee_college_rate", code, rows, lambda r: _in(r["edu"], ("大专", "本科", "研究生")))
        self.share("committee_female_rate", code, rows, lambda r: r["sex"] == "女")
        self.share("committee_review_rate", code, rows, lambda r: r["joint_review"] == "合格")
        self.share("secretary_fivekind_rate", code, secretaries, lambda r: _in(r["source_kind"], FIVE_KINDS))
        self.put("secretary_vacant_n", code, sum(v.code not in filled for v in self.villages(code)))
        self.put("secretary_hours_rate", code, None)  # the standard in hours ended in 2023
        self.share("committee_train_cover", code, rows, lambda r: r["person"] in self.trained)

    def _training(self, code: str) -> None:
        classes = self.below(code, self.facts.year("training_class", self.quarter))
        self.put("class_n", code, len(classes))
        self.put("train_person_times", code, sum(r["person_times"] for r in classes))
        members = [r["person_times"] for r in classes if r["trainee_type"] == "农村党员"]
        self.put("trained_member_pt", code, sum(members))
        topics = {
            (r["reporter"], r["class_code"]): r["topic"]
            for r in self.facts.year("training_class", self.quarter)
        }
        seats = self.below(code, self.facts.year("training_attend", self.quarter))
        came = {
            r["person"]
            for r in seats
            if r["attended"] == "到训"
            and r["trainee_type"] in CADRES
            and topics[r["reporter"], r["class_code"]] == "乡村振兴"
        }
        self.put("trained_cadre_n", code, len(came))

    def _resident(self, code: str) -> None:
        rows = self.below(code, self.facts.of("resident", self.quarter))
        teams: dict[tuple[str, str], list[Row]] = {}
        for r in rows:
            teams.setdefault((r["reporter"], r["team_code"]), []).append(r)
        whole = [t for t in teams.values() if all(r["person"] in self.trained for r in t)]
        days = ("days_m1", "days_m2", "days_m3")
        keyed = [v.code for v in self.villages(code) if v.key_class in KEYED]
        sent = {r["village_code"] for r in rows}
        self.put("team_n", code, len(teams))
        self.put("resident_n", code, len({r["person"] for r in rows}))
        self.put("first_secretary_n", code, sum(r["role"] in ("第一书记", "第一书记兼队长") for r in rows))
        self.share("resident_train_cover", code, rows, lambda r: r["person"] in self.trained)
        self.put("team_train_cover", code, len(whole), len(teams))
        self.share(
            "resident_train_twice_rate", code, rows, lambda r: len(self.classes.get(r["person"], ())) >= 2
        )
        self.put("key_village_team_rate", code, sum(v in sent for v in keyed), len(keyed))
        self.share("resident_days_rate", code, rows, lambda r: all(r[d] >= 20 for d in days))
        self.put("resident_absent_n", code, sum(r["absent_n"] for r in rows))
        self.ratio("resident_report_rate", code, rows, "reports_n", "reports_due")
        self.put("resident_project_n", code, sum(r["projects_ytd"] for r in rows))
        self.put("resident_fund", code, sum((r["funds_ytd"] for r in rows), Decimal(0)))

    def _economy(self, code: str) -> None:
        rows = self.below(code, self.facts.of("village_economy", self.quarter))
        self.sum("econ_income", code, rows, "income_total")
        self.sum("econ_operating_income", code, rows, "operating_income")
        self.sum("econ_operating_avg", code, rows, "operating_income", average=True)
        self.put("weak_village_n", code, sum(r["weak_status"] in ("薄弱村", "空白村") for r in rows))
        self.put("blank_village_n", code, sum(r["weak_status"] == "空白村" for r in rows))
        self.put("strong_village_n", code, None)  # the line of 50 万元 ended in 2023
        self._four_quarters(code, rows)
        self.ratio("income_target_rate", code, rows, "operating_income", "income_target")
        self.share("ledger_update_rate", code, rows, lambda r: r["ledger_updated"] >= self.quarter.last_month)
        self.sum("debt_avg", code, rows, "debt_total", average=True)
        self.ratio("debt_repaid_rate", code, rows, "debt_repaid", "debt_begin")
        self.put("debt_new_village_n", code, sum(r["debt_new"] > 0 for r in rows))
        self.share("one_product_rate", code, rows, lambda r: r["one_product"])
        self.share("ecommerce_rate", code, rows, lambda r: r["ecommerce"])

    def _four_quarters(self, code: str, rows: list[Row]) -> None:
        """What is held against yearly lines: the year's last return, else this year until now and what last year brought after that. Before
        there are four quarters nobody knows."""
        ends = {q: self._of_villages(q) for q in (f"{self.quarter.year - 1}Q4", self.quarter.label)}
        before, now = ends.values()
        part = self._of_villages(f"{self.quarter.year - 1}{self.quarter.label[4:]}")
        is_whole = self.quarter.number == 4
        income: dict[str, Decimal] = {}
        for row in rows:
            name = row["village_code"]
            if is_whole:
                income[name] = row["operating_income"]
            elif name in before and name in part:
                past = before[name]["operating_income"] - part[name]["operating_income"]
                income[name] = row["operating_income"] + past
        known = is_whole or bool(before and part)
        low = [name for name, amount in income.items() if amount < WEAK_LINE]
        cleared = [name for name in low if now[name]["weak_status"] == "已销号"]
        gone = [n for n in low if n in cleared or before.get(n, {}).get("weak_status") == "已销号"]
        new = [n for n in low if n not in cleared and before.get(n, {}).get("weak_status") == "非薄弱村"
               and before[n]["operating_income"] >= WEAK_LINE]  # fmt: skip
        for indicator in ("band_distribution", "income_class_n"):
            self.put(indicator, code, len(income) if known else None)
        self.put("weak_measured_n", code, len(low) if known else None)
        self.put("weak_cleared_below_n", code, len(cleared) if known else None)
        self.put("weak_return_n", code, len(gone) if before else None)
        self.put("weak_new_n", code, len(new) if before else None)
        due = WEAK_LINE * self.quarter.number / 4
        self.put("weak_pace_n", code, sum(r["operating_income"] < due for r in rows))

    def _of_villages(self, label: str) -> dict[str, Row]:
        return {r["village_code"]: r for r in self.facts.rows.get(("village_economy", label), [])}

    def _issue(self, code: str) -> None:
        """A township that sent no ledger has no value; the county's rests on those that did."""
        rows = self.below(code, self.facts.of("issue", self.quarter))
        present = {of.reporter for of in self.world.current(self.quarter.label, "issue")}
        if code != COUNTY and code not in present:
            for indicator in ("weak_closed_n", "issue_close_rate", "issue_overdue_n", "talk_n"):
                self.put(indicator, code, None)
            return
        verdicts = [(r["village_code"], _closed_in(r, self.quarter.year)) for r in rows if r["kind"] == WEAK]
        unknown = sum(v is None for _, v in verdicts)
        self.put("weak_closed_n", code, len({village for village, v in verdicts if v}), None, unknown)
        open_ = ("未启动", "整改中", "已完成待验收")
        owed = sum(r["status"] != "长期坚持" for r in rows)
        self.put("issue_close_rate", code, sum(r["status"] == "已销号" for r in rows), owed)
        late = [r for r in rows if r["status"] in open_ and r["deadline"] < self.quarter.end]
        self.put("issue_overdue_n", code, len(late))
        self.put("talk_n", code, sum(r["talks_n"] for r in rows))


def _in(value: str | None, values: tuple[str, ...]) -> bool | None:
    return None if value is None else value in values


def _closed_in(row: Row, year: int) -> bool | None:
    """Closed in `year`; unknown when the row says closed and not when."""
    day: date | None = row["closed_date"]
    if row["status"] != "已销号":
        return False
    return None if day is None else day.year == year


def figures(world: World) -> list[Figure]:
    """Every expected figure."""
    facts = Facts(world)
    return [figure for quarter in QUARTERS for figure in Book(facts, quarter).work_out()]
