"""Truth of `party_org`: the Party organisations of villages, townships and the county's offices, and their members."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from typing import Any

from generator.people import Population
from generator.portions import portions
from generator.quarters import EXTENDED, LAST, Quarter
from generator.ratings import Rating
from generator.register import ORGANS, Township, Village

Row = dict[str, Any]

ORGANISATIONS = 1446
"""Organisations of 2026Q1, all of them up to standard, as the source briefing has it."""

LATER = 5
"""How many of them were founded in 2026Q1, and how many more were not yet up to standard in 2025Q4."""

BEHIND = 13
WEAK_ISSUE = "软弱涣散整顿"
ALLIANCES = {
    "430981008": "胭脂湖文旅党建联盟",
    "430981114": "草尾芦笋产业党建联盟",
    "430981113": "黄茅洲稻虾党建联盟",
    "430981115": "阳罗洲辣椒产业党建联盟",
    "430981116": "茶盘洲苎麻党建联盟",
}
_PLACES = {"街道": "街道", "镇": "镇", "其他": "中心"}
_TOWNSHIP_ORGS = (
    ("机关", "机关党支部", 2),
    ("事业单位", "中心学校党支部", 2),
    ("事业单位", "卫生院党支部", 1),
    ("两新组织", "商会联合党支部", 1),
    ("两新组织", "农资有限公司党支部", 1),
    ("两新组织", "水产加工厂党支部", 1),
    ("产业链", "水稻产业党支部", 1),
    ("产业链", "农机合作社党支部", 1),
)
_OFFICE_ORGS = (
    ("机关", "市{}机关第{}党支部", 46),
    ("事业单位", "市{}所属事业单位第{}党支部", 36),
    ("国有企业", "沅江{}集团第{}党支部", 12),
    ("两新组织", "{}行业第{}党支部", 14),
    ("园区", "高新区{}片第{}党支部", 6),
)
_SECTORS = ("教育", "卫健", "农业农村", "水利", "交通", "住建", "自然资源", "公安", "市场监管", "文旅")
_AGES = ("members_u35", "members_36_45", "members_46_60", "members_61p")
_RURAL = ((0.13, 0.15, 0.31, 0.41), 0.24, 0.2, 0.16)
_URBAN = ((0.3, 0.27, 0.3, 0.13), 0.41, 0.82, 0.02)
"""Shares of the four ages, then of women, of college education and of those away."""


@dataclass
class Organisation:
    """What stays of an organisation over the quarters. `secretary` is empty where the village's roster names him."""

    reporter: str
    township: str
    village: str
    name: str
    type: str
    field: str
    secretary: str
    size: int
    alliance: str = ""
    functional: bool = False
    founded: date = date(2021, 3, 1)

    @property
    def counted(self) -> bool:
        """Alliances and temporary branches hold no member's registration."""
        return not self.functional and self.type != "临时党支部"

    @property
    def branch(self) -> bool:
        """Whether it holds members of its own and meets monthly."""
        return self.type in ("党支部", "联合党支部")


class Organisations:
    """The county's organisations and their rows, quarter by quarter."""

    def __init__(self, townships: list[Township], villages: list[Village], population: Population) -> None:
        self.rng = random.Random("organisations")
        self.population = population
        self.found: list[Organisation] = []
        for township in townships:
            own = [v for v in villages if v.township == township]
            self._township(township)
            for village in own:
                self._village(village)
            self._alliances(township)
        self._offices(ORGANISATIONS - sum(o.counted for o in self.found))
        fresh = [o for o in self.found if o.field in ("两新组织", "产业链") and o.counted]
        for organisation in self.rng.sample(fresh, LATER):
            organisation.founded = LAST.start.replace(month=2)
        there = [o for o in self.found if o.counted and o.branch and o.founded < LAST.start]
        self.behind = {id(o) for o in self.rng.sample(there, BEHIND)}

    # ------------------------------------------------------------------------------------------ who there is

    def _person(self, place: str) -> str:
        return self.population.person(place, "男" if self.rng.random() < 0.8 else "女", (1966, 1994)).name

    def _add(self, township: str, village: str, name: str, type_: str, field: str, size: int) -> Organisation:
        place = township or ORGANS
        found = Organisation(place, township, village, name, type_, field, self._person(place), size)
        found.founded = date(self.rng.randint(1985, 2023), self.rng.randint(1, 12), 1)
        self.found.append(found)
        return found

    def _township(self, township: Township) -> None:
        short = township.name.replace("湿地保护与发展事务中心", "")
        type_, field = "党委", "机关"
        self._add(
            township.code, "", f"中共{short}{'工作' if township.kind != '镇' else ''}委员会", type_, field, 0
        )
        for field, name, n in _TOWNSHIP_ORGS:
            for i in range(n):
                number = f"第{'一二'[i]}" if n > 1 else ""
                title = f"{short}{name[:-3]}{number}党支部" if number else f"{short}{name}"
                type_ = "联合党支部" if "联合" in name else "党支部"
                self._add(township.code, "", title, type_, field, self.rng.randint(5, 28))

    def _village(self, village: Village) -> None:
        field = "农村" if village.rural or village.kind == "其他" else "社区"
        own = village.township.code
        if village.kind == "其他":
            self._add(own, village.code, f"{village.name}党支部", "党支部", field, self.rng.randint(14, 30))
            return
        type_ = "党总支" if village.rural else self.rng.choice(("党总支", "党委"))
        head = self._add(own, village.code, f"{village.name}{type_}", type_, field, 0)
        head.secretary = ""
        head.alliance = ALLIANCES.get(own, "") if self.rng.random() < 0.4 else ""
        for i in range(self.rng.choice((2, 3, 3)) if village.rural else self.rng.choice((3, 3, 4))):
            name = f"{village.name}第{'一二三四'[i]}党支部"
            self._add(own, village.code, name, "党支部", field, self.rng.randint(16, 47))

    def _alliances(self, township: Township) -> None:
        alliance = ALLIANCES.get(township.code)
        if alliance:
            joint = self._add(township.code, "", f"{alliance}联合党委", "党委", "产业链", 0)
            joint.functional, joint.alliance, joint.founded = True, alliance, date(2023, 5, 1)
        if township.kind == "镇":
            name = f"{township.name}防汛一线临时党支部"
            self._add(township.code, "", name, "临时党支部", "其他", 0).founded = date(2025, 6, 1)

    def _offices(self, n: int) -> None:
        counts = portions(n, [weight for _, _, weight in _OFFICE_ORGS])
        for (field, name, _), count in zip(_OFFICE_ORGS, counts, strict=True):
            for i in range(count):
                title = name.format(_SECTORS[i % len(_SECTORS)], i // len(_SECTORS) + 1)
                self._add("", "", title, "党支部", field, self.rng.randint(6, 42))

    def heads(self) -> dict[str, str]:
        """Village → the name of its organisation."""
        first: dict[str, str] = {}
        for organisation in self.found:
            if organisation.village:
                first.setdefault(organisation.village, organisation.name)
        return first

    # ------------------------------------------------------------------------------------------ their rows

    def rows(
        self, quarter: Quarter, heads: dict[str, str], status: dict[str, str], stars: dict[str, Rating]
    ) -> dict[str, list[Row]]:
        """Reporter → rows of `quarter`. `heads` are the villages' secretaries, `status` how the listed ones stand,
        `stars` the ratings by organisation."""
        found: dict[str, list[Row]] = {}
        for number, organisation in enumerate(self.found):
            if organisation.founded > quarter.end:
                continue
            row = self._row(number, organisation, quarter)
            row["secretary"] = organisation.secretary or heads.get(organisation.village, "空缺")
            if organisation.type in ("党总支", "党委") and organisation.village:
                row["weak_status"] = status.get(organisation.village, "非整顿对象")
            rated = stars.get(organisation.village)
            if rated:
                row["star"] = {"不定星": "未定星"}.get(rated.grade, rated.grade)
            found.setdefault(organisation.reporter, []).append(row)
        return found

    def _row(self, number: int, organisation: Organisation, quarter: Quarter) -> Row:
        steady = random.Random(f"organisation {number} {organisation.name}")
        moving = random.Random(f"organisation {number} {quarter.label}")
        standard = organisation.counted and (quarter is LAST or id(organisation) not in self.behind)
        term = steady.randint(2024, 2026)
        row: Row = {
            "township_code": organisation.township or None,
            "village_code": organisation.village or None,
            "org_name": organisation.name,
            "org_type": organisation.type,
            "org_field": organisation.field,
            "is_functional": organisation.functional,
            "alliance": organisation.alliance or None,
            "found_date": organisation.founded,
            "term_end": date(term + 2, steady.randint(1, 12), 1),
            "party_groups": organisation.size // 12 if organisation.branch else 0,
            "standardised": standard,
            "std_items": 6 if standard else moving.randint(3, 5),
            "weak_status": "非整顿对象",
            "star": None,
        }
        return row | self._members(organisation, quarter, steady) | _life(organisation, moving)

    def _members(self, organisation: Organisation, quarter: Quarter, steady: random.Random) -> Row:
        if not organisation.branch:
            return dict.fromkeys(_NONE, 0)
        rural = organisation.field in ("农村", "社区")
        ages, women, college, away = _RURAL if rural else _URBAN
        size = organisation.size
        comers = {q.label: int(steady.random() < (0.22 if rural else 0.3)) for q in EXTENDED}
        new = comers[quarter.label]
        if quarter is LAST and organisation.founded < quarter.start:
            size += new
        parts = portions(size, [share * steady.uniform(0.8, 1.2) for share in ages])
        jobless = round(size * (0.72 if rural else 0.35))
        posted = round(jobless * steady.uniform(0.74, 0.97)) if rural else 0
        return dict(zip(_AGES, parts, strict=True)) | {
            "members_total": size,
            "members_prob": min(new + int(steady.random() < 0.4), size - 3),
            "members_female": round(size * women * steady.uniform(0.8, 1.2)),
            "members_college": round(size * college * steady.uniform(0.8, 1.1)),
            "members_away": round(size * away * steady.uniform(0.6, 1.4)),
            "members_postless": jobless,
            "posts_set": steady.randint(4, 9) if rural else 0,
            "members_posted": posted,
            "hh_demo": steady.randint(2, 9) if rural else 0,
            "hh_poor": steady.randint(0, 12) if organisation.field == "农村" else 0,
            "rich_leaders": steady.randint(0, 4) if rural else 0,
            "new_members": new,
            "new_members_u35": int(new and parts[0] > 0 and steady.random() < 0.7),
        }


_NONE = (
    *("members_total", "members_prob", "members_female", "members_college", "members_away", *_AGES),
    *("members_postless", "posts_set", "members_posted", "hh_demo", "hh_poor", "rich_leaders"),
    *("new_members", "new_members_u35"),
)


def _life(organisation: Organisation, moving: random.Random) -> Row:
    if not organisation.branch:
        return dict.fromkeys(("m_meeting", "c_meeting", "p_day", "lecture"))
    return {
        "m_meeting": moving.choice((1, 1, 1, 2)),
        "c_meeting": moving.choice((3, 3, 3, 4)),
        "p_day": 3,
        "lecture": moving.choices((0, 1, 2), (0.03, 0.85, 0.12))[0],
    }


def truth(
    organisations: Organisations,
    committee: dict[str, dict[str, list[Row]]],
    ledgers: dict[str, dict[str, list[Row]]],
    stars: dict[str, Rating],
) -> dict[str, dict[str, list[Row]]]:
    """Quarter label → reporter → rows. A village's head is the secretary of its roster; its standing that of the ledger."""
    found = {}
    for quarter in EXTENDED:
        heads = {
            r["village_code"]: r["name"]
            for rows in committee[quarter.label].values()
            for r in rows
            if r["status"] == "在任" and r["party_post"] == "书记"
        }
        issues = [r for rows in ledgers[quarter.label].values() for r in rows if r["kind"] == WEAK_ISSUE]
        status = {r["village_code"]: "已销号" if r["status"] == "已销号" else "整顿中" for r in issues}
        found[quarter.label] = organisations.rows(quarter, heads, status, stars)
    return found
