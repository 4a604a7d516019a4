"""Truth of `talent`: reserve cadres, local talents in twelve categories, natives working away."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

from generator.people import Person, Population
from generator.portions import portions
from generator.quarters import EXTENDED, LAST, Quarter, month
from generator.register import Township, Village
from generator.training import Invited

Row = dict[str, Any]

TALENTS = 1061
"""Local talents in twelve categories, as the source briefing has them."""

JOINED, APPOINTED, GONE, AWAY = 29, 6, 4, 56
"""Talents who came in 2026Q1; reserve cadres appointed and talents gone by then; natives working away."""

CATEGORIES = {
    "种植能手": ("水稻种植", "辣椒种植", "芦笋种植"),
    "养殖能手": ("稻虾养殖", "生猪养殖", "河蟹养殖"),
    "乡村工匠": ("木工", "泥瓦工", "芦苇编织"),
    "电商人才": ("直播带货", "网店运营"),
    "新乡贤": ("公益事业", "矛盾调解"),
    "经营管理人才": ("合作社经营", "家庭农场经营"),
    "农技人才": ("植保", "测土配方"),
    "农机能手": ("机插机收", "无人机飞防"),
    "文化非遗人才": ("地花鼓", "剪纸"),
    "乡村教育人才": ("小学教育", "学前教育"),
    "乡村卫生人才": ("全科诊疗", "中医理疗"),
    "乡村治理人才": ("法律宣讲", "网格管理"),
}
_WEIGHTS = (20, 18, 9, 8, 7, 11, 6, 6, 4, 5, 5, 6)
_EDU = ("初中", "高中或中专", "大专", "本科")


class Pool:
    """The county's registers of talent."""

    def __init__(
        self,
        townships: list[Township],
        villages: list[Village],
        population: Population,
        reserve: list[Invited],
        schooled: set[str],
        secretaries: dict[str, str],
    ) -> None:
        self.rng = random.Random("talents")
        self.population = population
        self.rural = [v for v in villages if v.rural]
        self.townships = townships
        fresh = [p.id_card for p in reserve if p.id_card not in schooled]
        self.fresh = set(self.rng.sample(fresh, 9))
        self.rows = [self._reserve(p, secretaries) for p in reserve]
        self.rows += [self._appointed(secretaries) for _ in range(APPOINTED)]
        self._talents()
        self._away()

    def _reserve(self, person: Invited, secretaries: dict[str, str]) -> Row:
        rng = self.rng
        year, place = int(person.id_card[6:10]), person.village_code  # type: ignore[index]
        fresh, sex = person.id_card in self.fresh, "男" if int(person.id_card[16]) % 2 else "女"  # type: ignore[index]
        return _row(
            "后备干部", person.name, sex, person.id_card, date(year, int(person.id_card[10:12]), 1)
        ) | {  # type: ignore[index]
            "village_code": place,
            "edu": rng.choices(_EDU, (3, 30, 42, 25))[0],
            "political": rng.choices(
                ("中共党员", "中共预备党员", "共青团员" if year > 1997 else "群众"), (6, 1, 3)
            )[0],
            "mentor": secretaries[place or ""],
            "train_direction": rng.choice(("正职", "副职", "委员", "委员")),
            "in_date": date(2026, 2, 1) if fresh else date(rng.randint(2021, 2024), rng.randint(1, 12), 1),
            "phone": self.population.phone(),
        }

    def _appointed(self, secretaries: dict[str, str]) -> Row:
        """A reserve cadre who has taken a post in a township office in 2026Q1."""
        village = self.rng.choice(self.rural)
        person = self._person(village.township.code, (1984, 1998))
        row = _row("后备干部", person.name, person.sex, person.id_card, month(person.birth))
        row |= {
            "village_code": village.code,
            "edu": "本科",
            "political": "中共党员",
            "train_direction": "正职",
        }
        row |= {"mentor": secretaries[village.code], "in_date": date(2022, 5, 1), "_last": "已任用"}
        return row

    def _talents(self) -> None:
        counts = portions(TALENTS + GONE, _WEIGHTS)
        made = [name for name, n in zip(CATEGORIES, counts, strict=True) for _ in range(n)]
        joined = set(self.rng.sample(range(len(made)), JOINED))
        gone = set(self.rng.sample([i for i in range(len(made)) if i not in joined], GONE))
        for i, category in enumerate(made):
            village = self.rng.choice(self.rural)
            person = self._person(village.township.code, (1956, 1999))
            known = self.rng.random() < 0.3
            row = _row(
                "乡土人才", person.name, person.sex, person.id_card if known else None, month(person.birth)
            )
            row |= {
                "village_code": village.code,
                "edu": self.rng.choices(_EDU, (34, 40, 18, 8))[0],
                "category": category,
                "skill": self.rng.choice(CATEGORIES[category]),
                "title_rank": self.rng.choices(("无", "农民技术员", "初级", "中级"), (70, 16, 10, 4))[0],
                "is_return": self.rng.random() < 0.2,
                "jobs_created": self.rng.choice((0, 0, 2, 5, 8, 12, 20)),
                "in_date": date(2026, 2, 1) if i in joined else date(self.rng.randint(2021, 2025), 6, 1),
            }
            self.rows.append(row | ({"_last": "出库"} if i in gone else {}))

    def _away(self) -> None:
        for i in range(AWAY):
            township = self.townships[i % len(self.townships)]
            person = self._person(township.code, (1955, 1990))
            row = _row("在外乡贤", person.name, person.sex, None, month(person.birth))
            row |= {
                "township_code": township.code,
                "skill": self.rng.choice(("企业经营", "科研教育", "医疗卫生")),
            }
            self.rows.append(row | {"in_date": date(2024, 2, 1)})

    def _person(self, place: str, years: tuple[int, int]) -> Person:
        return self.population.person(place, "男" if self.rng.random() < 0.7 else "女", years)

    def of(self, quarter: Quarter) -> list[Row]:
        """The registers at the end of `quarter`."""
        found = []
        for row in self.rows:
            if row["in_date"] > quarter.end:
                continue
            left = row.get("_last", "在库") if quarter is LAST else "在库"
            found.append({k: v for k, v in row.items() if k != "_last"} | {"status": left})
        return found


def _row(register: str, name: str, sex: str, number: str | None, birth: date) -> Row:
    blank = ("edu", "political", "category", "skill", "title_rank", "is_return", "entity", "jobs_created")
    more = ("mentor", "train_direction", "phone", "village_code", "township_code")
    return dict.fromkeys((*blank, *more)) | {
        "register": register,
        "name": name,
        "sex": sex,
        "id_card": number,
        "birth": birth,
    }


def truth(pool: Pool) -> dict[str, list[Row]]:
    """Quarter label → rows."""
    return {q.label: pool.of(q) for q in EXTENDED}
