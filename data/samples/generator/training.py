"""Truth of `training_class` and `training_attend`: classes of the townships and of the office, and who came."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from generator.people import Population
from generator.quarters import LAST, QUARTERS, Quarter
from generator.register import OFFICE, OFFICE_NAME, Township, Village

Row = dict[str, Any]

TRAINED = 4569
"""Distinct cadres trained on 乡村振兴 in 2026Q1, as the source briefing has it."""

RESERVE, GUIDES = 772, 178
"""村级后备干部 and 乡村振兴指导员, as the source briefing has them."""

NIL = {("2026Q1", "430981102"), ("2025Q3", "430981402"), ("2025Q1", "430981401")}
"""Townships that held no class in a quarter: 零报告."""

CADRES = ("村党组织书记", "村“两委”干部", "驻村干部", "乡村振兴指导员", "乡镇干部", "后备干部")
PLAIN_CODES = ("006", "008", "105", "107", "112", "114", "116")
"""Townships (last digits) that number their classes 2026-01, 2026-02 …: equal codes in several townships."""

_TOPICS = {
    "乡村振兴": "村干部乡村振兴能力提升培训班",
    "基层治理": "基层治理和矛盾调解业务培训",
    "集体经济": "村级集体经济“一村一本账”填报培训",
    "党务业务": "党务工作者业务培训",
}
_POSTS = (
    "党政办干部",
    "经管站干部",
    "农业综合服务中心干部",
    "社会事务办干部",
    "综合执法大队队员",
    "便民服务中心干部",
)


@dataclass
class Books:
    """The classes and rosters of one quarter, by reporter."""

    classes: dict[str, list[Row]] = field(default_factory=dict)
    attend: dict[str, list[Row]] = field(default_factory=dict)


@dataclass
class Invited:
    """One person a class expects."""

    name: str
    id_card: str | None
    township_code: str | None
    village_code: str | None
    kind: str
    post: str | None = None


class School:
    """Holds the persons that stand on no other form, and makes the classes of each quarter."""

    def __init__(
        self,
        townships: list[Township],
        villages: list[Village],
        population: Population,
        committee: dict[str, list[Row]],
        resident: dict[str, list[Row]],
    ) -> None:
        self.townships = townships
        self.villages = villages
        self.township_of = {v.code: v.township.code for v in villages}
        self.population = population
        self.committee = committee
        self.resident = resident
        rng = random.Random("school")
        rural = [v for v in villages if v.rural]
        self.reserve = [
            self._person(villages[i % len(villages)], rng, "后备干部", 1982) for i in range(RESERVE)
        ]
        self.guides = [
            self._person(rural[i % len(rural)], rng, "乡村振兴指导员", 1974) for i in range(GUIDES)
        ]
        self.members = {t.code: self._of_township(t, rng, "农村党员", 8) for t in townships}
        self.former = self._of_township(
            next(t for t in townships if t.code == "430981115"), rng, "驻村干部", 1
        )[0]

    def quarter(self, quarter: Quarter) -> Books:
        """Make the classes and rosters of `quarter`."""
        rng = random.Random(f"training {quarter.label}")
        books = Books({t.code: [] for t in self.townships}, {t.code: [] for t in self.townships})
        books.classes[OFFICE], books.attend[OFFICE] = [], []
        for township in self.townships:
            if (quarter.label, township.code) not in NIL:
                self._township_classes(books, township, quarter, rng)
        if quarter is LAST:
            self._last_quarter(books, rng)
        else:
            self._earlier_quarter(books, quarter, rng)
        return books

    def _person(self, village: Village, rng: random.Random, kind: str, earliest: int) -> Invited:
        sex = "男" if rng.random() < 0.68 else "女"
        person = self.population.person(village.township.code, sex, (earliest, 2002))
        return Invited(person.name, person.id_card, village.township.code, village.code, kind, None)

    def _of_township(self, township: Township, rng: random.Random, kind: str, n: int) -> list[Invited]:
        found = []
        for _ in range(n):
            person = self.population.person(township.code, "男" if rng.random() < 0.6 else "女", (1968, 2001))
            post = rng.choice(_POSTS) if kind == "乡镇干部" else None
            found.append(Invited(person.name, person.id_card, township.code, None, kind, post))
        return found

    def _village_cadres(self, quarter: Quarter, township: str = "") -> list[Invited]:
        found = []
        for row in self.committee[quarter.label]:
            own = self.township_of[row["village_code"]]
            if row["status"] == "在任" and township in ("", own):
                secretary = row["party_post"] == "书记"
                kind = "村党组织书记" if secretary else "村“两委”干部"
                found.append(Invited(row["name"], row["id_card"], own, row["village_code"], kind, None))
        return found

    def _residents(self, quarter: Quarter) -> list[Invited]:
        return [
            Invited(r["name"], r["id_card"], r["township_code"], r["village_code"], "驻村干部", r["role"])
            for r in self.resident[quarter.label]
        ]

    def _township_classes(
        self, books: Books, township: Township, quarter: Quarter, rng: random.Random
    ) -> None:
        cadres = self._village_cadres(quarter, township.code)
        topic = "乡村振兴" if rng.random() < 0.5 else rng.choice(("基层治理", "集体经济"))
        invited = rng.sample(cadres, min(len(cadres), rng.randint(12, 18)))
        invited += self.members[township.code][: rng.randint(3, 6)]
        if quarter is LAST and township.code == "430981115":
            invited.append(self.former)
        if quarter is LAST and township.code in ("430981108", "430981116"):
            for person in [p for p in invited if p.kind == "村“两委”干部"][:3]:
                invited[invited.index(person)] = Invited(
                    person.name, None, person.township_code, person.village_code, person.kind
                )
        place = f"{township.name}会议室"
        name = f"{township.name}{_TOPICS[topic]}"
        self._open(books, township.code, township.name, quarter, rng, name, topic, "混合", invited, place, 1)
        if quarter is LAST and township.code in ("430981112", "430981114"):
            staff = self._of_township(township, rng, "乡镇干部", 9)
            name = f"{township.name}{_TOPICS['党务业务']}"
            self._open(
                books,
                township.code,
                township.name,
                quarter,
                rng,
                name,
                "党务业务",
                "乡镇干部",
                staff,
                place,
                1,
            )

    def _earlier_quarter(self, books: Books, quarter: Quarter, rng: random.Random) -> None:
        cadres, residents = self._village_cadres(quarter), self._residents(quarter)
        secretaries = [p for p in cadres if p.kind == "村党组织书记"]
        others = [p for p in cadres if p.kind != "村党组织书记"]
        place = "中共沅江市委党校"
        plan = {
            "2025Q1": [("全市村（社区）党组织书记培训班", "乡村振兴", "村党组织书记", secretaries, 3)],
            "2025Q2": [
                ("村“两委”干部能力提升培训班", "基层治理", "村“两委”干部", rng.sample(others, 240), 2)
            ],
            "2025Q3": [
                ("驻村第一书记和工作队员培训班", "乡村振兴", "驻村干部", rng.sample(residents, 200), 2)
            ],
            "2025Q4": [
                ("村级后备干部培训班", "乡村振兴", "后备干部", rng.sample(self.reserve, 160), 2),
                ("驻村干部冬季轮训班", "乡村振兴", "驻村干部", rng.sample(residents, 150), 1),
            ],
        }[quarter.label]
        if quarter.label == "2025Q1":
            chosen = rng.sample(residents, 150)
            plan.append(("驻村干部乡村振兴专题培训班", "乡村振兴", "驻村干部", chosen, 2))
        for name, topic, kind, invited, days in plan:
            self._open(books, OFFICE, OFFICE_NAME, quarter, rng, name, topic, kind, invited, place, days)

    def _last_quarter(self, books: Books, rng: random.Random) -> None:
        """The county-wide training on 乡村振兴: every cadre once, and township staff until the total is reached."""
        cadres = self._village_cadres(LAST)
        secretaries = [p for p in cadres if p.kind == "村党组织书记"]
        others = [p for p in cadres if p.kind != "村党组织书记"]
        school, online = "中共沅江市委党校", "智慧党建平台"
        third = len(others) // 3 + 1
        topic = "乡村振兴"
        self._office(books, rng, "全市村（社区）党组织书记乡村振兴专题培训班", topic, secretaries, school, 3)
        for i in range(3):
            name = f"村“两委”干部乡村振兴主题轮训班（第{'一二三'[i]}期）"
            self._office(books, rng, name, topic, others[i * third : (i + 1) * third], online, 2)
        self._office(books, rng, "驻村干部乡村振兴专题培训班", topic, self._residents(LAST), school, 2)
        self._office(books, rng, "乡村振兴指导员轮训班", topic, self.guides, school, 1)
        for i in range(2):
            name = f"村级后备干部乡村振兴培训班（第{'一二'[i]}期）"
            self._office(books, rng, name, topic, self.reserve[i::2], online, 2)
        self._office(books, rng, "集体经济薄弱环节攻坚专题研讨班", "集体经济", secretaries[::3], school, 1)
        staff = self._staff(TRAINED - len(trained(books)))
        for i in range(3):
            name = f"乡镇（街道）干部乡村振兴主题培训（第{'一二三'[i]}期）"
            self._office(books, rng, name, topic, staff[i::3], online, 1, everyone=True)
        self._lecture(books)
        self._visits(books, rng, secretaries)

    def _visits(self, books: Books, rng: random.Random, secretaries: list[Invited]) -> None:
        """Three study visits of the key villages' secretaries and the cadres sent to them: 300-odd person-times."""
        keyed = {v.code for v in self.villages if v.key_class}
        invited = [p for p in secretaries if p.village_code in keyed]
        invited += [p for p in self._residents(LAST) if p.village_code in keyed]
        third = len(invited) // 2 + 1
        for place, start in (("宁乡市", 0), ("浏阳市", third // 2), ("长沙县", third)):
            chosen = (invited + invited)[start : start + 103]
            name = f"乡村振兴重点村干部赴{place}实地学习"
            self._open(
                books,
                OFFICE,
                OFFICE_NAME,
                LAST,
                rng,
                name,
                "集体经济",
                "混合",
                chosen,
                place,
                1,
                mode="实地观摩",
            )

    def _staff(self, n: int) -> list[Invited]:
        rng = random.Random("staff")
        found: list[Invited] = []
        for i in range(n):
            found += self._of_township(self.townships[i % len(self.townships)], rng, "乡镇干部", 1)
        return found

    def _office(
        self,
        books: Books,
        rng: random.Random,
        name: str,
        topic: str,
        invited: list[Invited],
        place: str,
        days: int,
        everyone: bool = False,
    ) -> None:
        everyone = everyone or invited[0].kind == "驻村干部"
        self._open(
            books,
            OFFICE,
            OFFICE_NAME,
            LAST,
            rng,
            name,
            topic,
            invited[0].kind,
            invited,
            place,
            days,
            everyone,
        )

    def _open(
        self,
        books: Books,
        reporter: str,
        organiser: str,
        quarter: Quarter,
        rng: random.Random,
        name: str,
        topic: str,
        kind: str,
        invited: list[Invited],
        place: str,
        days: int,
        everyone: bool = False,
        mode: str = "",
    ) -> None:
        code = _code(reporter, quarter, len(books.classes[reporter]) + 1)
        start = quarter.day(rng.randint(8, 70))
        hours = Decimal(days * 8)
        rows = [
            _seat(code, p, hours, everyone or p.kind == "驻村干部" or rng.random() < 0.965, rng)
            for p in invited
        ]
        attended = sum(r["attended"] == "到训" for r in rows)
        online = "平台" in place
        books.attend[reporter] += rows
        books.classes[reporter].append(
            {
                "class_code": code,
                "class_name": name,
                "organiser": organiser,
                "org_level": "县级" if reporter == OFFICE else "乡镇",
                "topic": topic,
                "trainee_type": kind,
                "mode": mode
                or (
                    "线上线下同步" if online else rng.choice(("集中授课", "集中授课", "实地观摩", "田间课堂"))
                ),
                "place": place,
                "start_date": start,
                "end_date": start + timedelta(days=days - 1),
                "hours": hours,
                "planned": len(invited),
                "attended": attended,
                "person_times": attended * days,
                "cost": (Decimal(len(invited) * days) * Decimal("0.015")).quantize(Decimal("0.01")),
            }
        )

    def _lecture(self, books: Books) -> None:
        """An open lecture for Party members: counted in person-times, without a roster."""
        start = LAST.day(40)
        books.classes[OFFICE].append(
            {
                "class_code": _code(OFFICE, LAST, len(books.classes[OFFICE]) + 1),
                "class_name": "党建微课堂·乡村振兴专题党课",
                "organiser": OFFICE_NAME,
                "org_level": "县级",
                "topic": "党性教育",
                "trainee_type": "农村党员",
                "mode": "微党课",
                "place": "智慧党建平台",
                "start_date": start,
                "end_date": start,
                "hours": Decimal("1.5"),
                "planned": 10600,
                "attended": 10218,
                "person_times": 10218,
                "cost": None,
            }
        )


def _code(reporter: str, quarter: Quarter, number: int) -> str:
    if reporter == OFFICE:
        return f"YJ{quarter.label}-{number:02d}"
    number += (quarter.number - 1) * 3
    if reporter[-3:] in PLAIN_CODES:
        return f"{quarter.year}-{number:02d}"
    return f"PX{reporter[-3:]}{quarter.year}{number:02d}"


def _seat(code: str, person: Invited, hours: Decimal, came: bool, rng: random.Random) -> Row:
    return {
        "class_code": code,
        "township_code": person.township_code,
        "village_code": person.village_code,
        "name": person.name,
        "id_card": person.id_card,
        "trainee_type": person.kind,
        "post": person.post,
        "attended": "到训" if came else rng.choice(("请假", "请假", "缺训")),
        "hours": hours if came else Decimal(0),
        "exam": "合格" if came else "未考核",
    }


def trained(books: Books) -> set[str]:
    """The distinct cadres who came to a class on 乡村振兴, a person without number known by name and village."""
    numbers = {
        (r["name"], r["village_code"]): r["id_card"]
        for rows in books.attend.values()
        for r in rows
        if r["id_card"] and r["village_code"]
    }
    found = set()
    for reporter, rows in books.attend.items():
        topics = {c["class_code"]: c["topic"] for c in books.classes[reporter]}
        for r in rows:
            if (
                r["attended"] == "到训"
                and r["trainee_type"] in CADRES
                and topics[r["class_code"]] == "乡村振兴"
            ):
                found.add(r["id_card"] or numbers[r["name"], r["village_code"]])
    return found


def truth(school: School) -> dict[str, Books]:
    """Quarter label → classes and rosters."""
    return {q.label: school.quarter(q) for q in QUARTERS}
