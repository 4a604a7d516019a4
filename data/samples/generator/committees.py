"""Truth of `committee`: who sits on the two committees of each village, quarter by quarter."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from typing import Any

from generator.people import Person, Population
from generator.quarters import QUARTERS, Quarter, back, month
from generator.register import Village

Row = dict[str, Any]

_EDU = ("初中", "高中或中专", "大专", "本科", "研究生")
_SOURCES = ("本村致富能手", "本土大学毕业生", "外出务工经商返乡人员", "退役军人", "其他优秀人才", "其他")
_ELECTED = (date(2021, 1, 1), date(2021, 2, 1), date(2021, 3, 1))
SEPARATE_AT_FIRST = 7
"""行政村 where secretary and director are two persons in 2025Q1; one joins the posts each later quarter: 143 … 147 of 150."""


class Roster:
    """The county's rosters, moved on a quarter at a time."""

    def __init__(self, villages: list[Village], population: Population) -> None:
        self.rng = random.Random("committees")
        self.population = population
        self.villages = villages
        rural = [v.code for v in villages if v.rural and v.township.code not in ("430981105", "430981115")]
        self.separate = self.rng.sample(rural, SEPARATE_AT_FIRST)
        self.vacant = next(v for v in villages if v.name == "新建社区").code
        self.persons: dict[str, Person] = {}
        self.members: dict[str, list[Row]] = {v.code: self._first(v) for v in villages}

    def move(self, quarter: Quarter) -> None:
        """Make the roster of `quarter` from that of the quarter before."""
        for village in self.villages:
            rows = [r | {"joint_review": "合格"} for r in self.members[village.code] if r["status"] != "离任"]
            self.members[village.code] = rows
            if village.code != self.vacant and self.rng.random() < 0.16:
                self._replace(village, rows, quarter)
        self._join_posts(quarter)
        self._vacancy(quarter)

    def rows(self) -> list[Row]:
        """The roster as it stands, in register order."""
        return [dict(row) for v in self.villages for row in self.members[v.code]]

    def _first(self, village: Village) -> list[Row]:
        size = 4 if village.kind == "其他" else self.rng.choice((5, 5, 5, 5, 6))
        joined = village.code not in self.separate
        posts = [("书记", "主任" if joined else "无")]
        posts += [("副书记", "副主任" if joined else "主任"), ("委员", "无"), ("委员", "委员")]
        posts += [("无", "委员")] * (size - 4)
        rows = []
        for i, (party_post, village_post) in enumerate(posts):
            sex = "女" if i == 3 or (i != 0 and self.rng.random() < 0.22) else "男"
            sex = "女" if i == 0 and self.rng.random() < 0.09 else sex
            rows.append(self._member(village, sex, party_post, village_post, self.rng.choice(_ELECTED)))
        return rows

    def _member(
        self, village: Village, sex: str, party_post: str, village_post: str, since: date, young: bool = False
    ) -> Row:
        rng = self.rng
        years = (1980, 1999) if young else ((1966, 1985) if party_post == "书记" else (1965, 1996))
        person = self.population.person(village.township.code, sex, years)
        self.persons[person.id_card] = person
        political = (
            "中共党员"
            if party_post != "无" or rng.random() < 0.3
            else rng.choice(("群众", "群众", "共青团员"))
        )
        if political == "共青团员" and person.birth.year < 1996:
            political = "群众"
        birth = month(person.birth)
        joined = (
            date(birth.year + rng.randint(19, 25), rng.randint(1, 12), 1) if political == "中共党员" else None
        )
        if joined and joined >= since:
            joined = back(since, rng.randint(2, 10))
        edu = rng.choices(_EDU, (2, 3, 6, 5, 0.2) if young else (14, 36, 36, 14, 0))[0]
        secretary = party_post == "书记"
        return {
            "village_code": village.code,
            "name": person.name,
            "sex": sex,
            "ethnic": rng.choices(("汉族", "回族", "土家族", "苗族"), (95, 3, 1, 1))[0],
            "id_card": person.id_card,
            "birth": birth,
            "edu": edu,
            "political": political,
            "join_party": joined,
            "party_post": party_post,
            "village_post": village_post,
            "one_shoulder": party_post == "书记" and village_post == "主任",
            "source_kind": rng.choices(_SOURCES, (30, 14, 24, 14, 8, 10))[0],
            "post_date": since,
            "pay_month": Decimal(rng.randint(42, 56) * 100 if secretary else rng.randint(24, 42) * 100),
            "insured": rng.random() < 0.93,
            "joint_review": "合格",
            "appraisal": rng.choices(("优秀", "称职", "基本称职"), (22, 74, 4))[0] if secretary else "未参加",
            "status": "在任",
            "leave_date": None,
            "phone": self.population.phone(),
        }

    def _replace(self, village: Village, rows: list[Row], quarter: Quarter) -> None:
        """A member who is not secretary leaves, rather an older one; a younger one comes."""
        others = [r for r in rows if r["party_post"] != "书记" and r["village_post"] != "主任"]
        if not others:
            return
        leaver = min(self.rng.sample(others, min(2, len(others))), key=lambda r: r["birth"])
        self._leave(leaver, quarter)
        since = back(quarter.end, self.rng.randint(0, 1))
        sex = "女" if self.rng.random() < 0.15 else leaver["sex"]
        comer = self._member(village, sex, leaver["party_post"], leaver["village_post"], since, True)
        comer["joint_review"] = "待审" if self.rng.random() < 0.4 else "合格"
        rows.append(comer)

    def _leave(self, row: Row, quarter: Quarter) -> None:
        row["status"] = "离任"
        row["leave_date"] = back(quarter.end, self.rng.randint(0, 2))

    def _join_posts(self, quarter: Quarter) -> None:
        """The director of one more village leaves and its secretary takes the post."""
        code = self.separate.pop()
        village = next(v for v in self.villages if v.code == code)
        rows = [r for r in self.members[code] if r["status"] == "在任"]
        director = next(r for r in rows if r["village_post"] == "主任")
        secretary = next(r for r in rows if r["party_post"] == "书记")
        self._leave(director, quarter)
        secretary["village_post"] = "主任"
        secretary["one_shoulder"] = True
        secretary["post_date"] = back(quarter.end, 1)
        self.members[code].append(
            self._member(village, director["sex"], "副书记", "副主任", back(quarter.end, 1), True)
        )

    def _vacancy(self, quarter: Quarter) -> None:
        """One neighbourhood has no secretary in 2025Q2."""
        rows = self.members[self.vacant]
        if quarter.label == "2025Q2":
            self._leave(next(r for r in rows if r["party_post"] == "书记"), quarter)
        if quarter.label == "2025Q3":
            village = next(v for v in self.villages if v.code == self.vacant)
            rows.insert(0, self._member(village, "男", "书记", "主任", date(2025, 8, 1), True))


def truth(villages: list[Village], population: Population) -> tuple[dict[str, list[Row]], dict[str, Person]]:
    """Quarter label → rows, and the persons by ID number."""
    roster = Roster(villages, population)
    found = {}
    for quarter in QUARTERS:
        if quarter is not QUARTERS[0]:
            roster.move(quarter)
        found[quarter.label] = roster.rows()
    return found, roster.persons
