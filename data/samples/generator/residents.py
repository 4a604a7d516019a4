"""Truth of `resident`: teams sent to villages and their members' attendance."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from typing import Any

from generator.people import Population
from generator.quarters import QUARTERS, Quarter, back, month
from generator.register import Township, Village

Row = dict[str, Any]

TEAMS, PEOPLE = 144, 247
"""2026Q1, as the source briefing has it."""

LATER_TEAMS = {"2025Q1": 3, "2025Q2": 3, "2025Q3": 1, "2025Q4": 0, "2026Q1": 0}
"""How many of the 144 teams had not yet been sent."""

_UNITS = [
    "沅江市农业农村局",
    "沅江市财政局",
    "沅江市发展和改革局",
    "沅江市教育局",
    "沅江市民政局",
    "沅江市水利局",
    "沅江市交通运输局",
    "沅江市卫生健康局",
    "沅江市审计局",
    "沅江市自然资源局",
    "沅江市林业局",
    "沅江市市场监督管理局",
    "沅江市人力资源和社会保障局",
    "沅江市文化旅游广电体育局",
    "沅江市应急管理局",
    "沅江市供销合作社",
]
_KINDS = {
    "脱贫村": "脱贫村",
    "乡村振兴重点村": "乡村振兴重点村",
    "易地搬迁安置村": "易地搬迁安置村",
    "软弱涣散村": "党组织软弱涣散村",
}
NUMBERED = ("430981113", "430981116")
"""Townships that number their teams 第1工作队, 第2工作队 …: the same codes in two townships."""


class Teams:
    """The county's teams, moved on a quarter at a time."""

    def __init__(self, townships: list[Township], villages: list[Village], population: Population) -> None:
        self.rng = random.Random("residents")
        self.population = population
        keyed = [v for v in villages if v.key_class]
        others = [v for v in villages if v.rural and not v.key_class]
        chosen = {v.code for v in keyed} | {v.code for v in self.rng.sample(others, TEAMS - 2 - len(keyed))}
        places: list[Village | Township] = [v for v in villages if v.code in chosen]
        places += [t for t in townships if t.kind == "其他"]
        sizes = self._sizes(places)
        self.teams: list[list[Row]] = []
        counts: dict[str, int] = {}
        for place in places:
            township = place.township if isinstance(place, Village) else place
            counts[township.code] = counts.get(township.code, 0) + 1
            self.teams.append(self._team(place, township, counts[township.code], sizes[place.code]))
        late = [t for t in self.teams if t[0]["village_kind"] == "其他" and len(t) == 1]
        self.order = self.rng.sample(range(len(late)), LATER_TEAMS["2025Q1"])
        self.late = [late[i] for i in self.order]

    def _sizes(self, places: list[Village | Township]) -> dict[str, int]:
        """Key villages have three members, one of them two; further members go to others until 247."""
        sizes = {p.code: 3 if isinstance(p, Village) and p.key_class else 1 for p in places}
        short = next(p.code for p in places if isinstance(p, Village) and p.key_class == "乡村振兴重点村")
        sizes[short] = 2
        spare = [p.code for p in places if sizes[p.code] == 1]
        surplus = sum(sizes.values()) - PEOPLE
        if surplus > 0:
            raise SystemExit(f"too many members: {surplus}")
        for code in self.rng.sample(spare, -surplus):
            sizes[code] = 2
        return sizes

    def _team(self, place: Village | Township, township: Township, number: int, size: int) -> list[Row]:
        rural = isinstance(place, Village)
        short = township.name.replace("湿地保护与发展事务中心", "")
        code = f"驻{short}{place.name if rural else ''}工作队"
        if township.code in NUMBERED:
            code = f"第{number}工作队"
        level = self.rng.choices(("省派", "市派", "县派", "乡镇派"), (1, 8, 86, 5))[0]
        unit = self.rng.choice(_UNITS)
        kind = _KINDS.get(place.key_class, "其他") if isinstance(place, Village) else "驻乡"
        shared = {
            "village_code": place.code if rural else None,
            "township_code": township.code,
            "team_code": code,
            "team_level": level,
            "village_kind": kind,
            "dispatch_unit": unit,
        }
        return [self._member(shared, i, date(2024, 5, self.rng.randint(6, 24))) for i in range(size)]

    def _member(self, shared: Row, position: int, since: date) -> Row:
        rng = self.rng
        sex = "男" if rng.random() < 0.78 else "女"
        person = self.population.person(shared["township_code"], sex, (1968, 1997))
        lead = shared["village_kind"] == "驻乡" and position == 0
        role = "乡镇党委第一书记" if lead else ("第一书记兼队长" if position == 0 else "队员")
        if position == 0 and not lead and shared["team_level"] == "乡镇派":
            role = "队长"
        party = position == 0 or rng.random() < 0.7
        return shared | {
            "role": role,
            "name": person.name,
            "sex": sex,
            "id_card": person.id_card,
            "birth": month(person.birth),
            "political": "中共党员" if party else "群众",
            "unit_post": rng.choice(
                ("四级主任科员", "三级主任科员", "副股长", "股长", "九级管理岗", "工程师")
            ),
            "start_date": since,
            "end_date": date(since.year + 2, since.month, since.day)
            if since.year > 2024
            else date(2026, 5, 31),
            "detached": True,
            "appraisal": rng.choices(("优秀", "称职", "未考核"), (20, 76, 4))[0],
        }

    def move(self, quarter: Quarter) -> None:
        """Send the teams that were to come, and put new members in the place of some."""
        while len(self.late) > LATER_TEAMS[quarter.label]:
            team = self.late.pop()
            for row in team:
                row["start_date"] = back(quarter.end, 1).replace(day=8)
                row["end_date"] = date(2027, 12, 31)
        for team in self.teams:
            if self.rng.random() < 0.04 and team not in self.late:
                position = len(team) - 1
                since = back(quarter.end, 2).replace(day=self.rng.randint(1, 9))
                shared = {k: team[0][k] for k in _SHARED}
                team[position] = self._member(shared, position, since)

    def rows(self, quarter: Quarter) -> list[Row]:
        """The roster of `quarter` with its attendance."""
        rng = random.Random(f"attendance {quarter.label}")
        present = [t for t in self.teams if t not in self.late]
        return [dict(row) | _attendance(rng, quarter, row) for team in present for row in team]


_SHARED = ("village_code", "township_code", "team_code", "team_level", "village_kind", "dispatch_unit")


def _attendance(rng: random.Random, quarter: Quarter, row: Row) -> Row:
    days = [rng.randint(20, 23) for _ in range(3)]
    leave = rng.choice((0, 0, 0, 1, 2, 3))
    if rng.random() < 0.035:
        days[rng.randrange(3)] = rng.randint(14, 19)
        leave = rng.randint(3, 6)
    due = 3 if row["role"] != "队员" else 1
    steady = random.Random(f"funds {row['id_card']}")
    lead = row["role"] != "队员"
    return {
        "days_m1": days[0],
        "days_m2": days[1],
        "days_m3": days[2],
        "leave_days": leave,
        "absent_n": 1 if rng.random() < 0.012 else 0,
        "reports_due": due,
        "reports_n": due if rng.random() < 0.97 else due - 1,
        "visits": rng.randint(25, 110),
        "projects_ytd": steady.choice((0, 0, 1)) * (quarter.number + 1) // 2 if lead else 0,
        "funds_ytd": Decimal(steady.choice((0, 3, 5, 8, 10, 15)) * quarter.number) if lead else Decimal(0),
    }


def truth(townships: list[Township], villages: list[Village], population: Population) -> dict[str, list[Row]]:
    """Quarter label → rows, team by team in register order."""
    teams = Teams(townships, villages, population)
    found = {}
    for quarter in QUARTERS:
        if quarter is not QUARTERS[0]:
            teams.move(quarter)
        found[quarter.label] = teams.rows(quarter)
    # The count is the year's: it may not fall because somebody left. Who leaves after the first quarter has brought in nothing yet.
    staying = {row["id_card"] for row in found[QUARTERS[1].label]}
    for row in found[QUARTERS[0].label]:
        if row["id_card"] not in staying:
            row["projects_ytd"] = 0
    return found
