"""Truth of `support`: pairings with villages, leaders' links, instructors, commissioners and expert teams."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from typing import Any

from generator.people import Population
from generator.quarters import EXTENDED, Quarter
from generator.register import AGRICULTURE, Township, Village
from generator.training import Invited

Row = dict[str, Any]

OFFICES, FIRMS, COMMISSIONERS, TEAMS, EXPERTS = 58, 104, 30, 8, 100
"""Pairings of offices and state firms, of firms and cooperatives, commissioners, expert teams, experts: as the source
briefings have them (the instructors of `training.GUIDES` too)."""

LEADERS = 30
"""County leaders: each links one township, some two, all of their villages between them."""

_UNITS = (
    ("沅江市财政局", "机关事业单位"),
    ("沅江市教育局", "机关事业单位"),
    ("沅江市水利局", "机关事业单位"),
    ("沅江市农业农村局", "机关事业单位"),
    ("沅江市交通运输局", "机关事业单位"),
    ("沅江市卫生健康局", "机关事业单位"),
    ("沅江市人民法院", "机关事业单位"),
    ("沅江市税务局", "机关事业单位"),
    ("沅江市城市建设投资集团", "国有企业"),
    ("沅江市农业发展集团", "国有企业"),
    ("沅江农村商业银行", "国有企业"),
)
_CHAMBERS = (
    "草尾商会",
    "南大膳商会",
    "沅江市慈善总会",
    "沅江市蔬菜协会",
    "沅江市水产协会",
    "沅江市女企业家协会",
)
_TOPICS = ("产业发展", "乡村建设", "乡风文明", "乡村治理", "强村富民", "改革助力")
_CROPS = ("水稻", "辣椒", "芦笋", "稻虾", "柑橘", "油菜", "苎麻", "生猪", "水产", "芦苇")


class Supports:
    """The county's relations; those that began later are left out of earlier quarters."""

    def __init__(
        self,
        townships: list[Township],
        villages: list[Village],
        population: Population,
        guides: list[Invited],
    ) -> None:
        self.rng = random.Random("supports")
        self.population = population
        self.townships = townships
        self.villages = villages
        self.rural = [v for v in villages if v.rural]
        self.keyed = [v for v in self.rural if v.key_class]
        self.rows: list[Row] = []
        self._pairings()
        self._links()
        for guide in guides:
            self._add("乡村振兴指导员", guide.name, "个人", 1, guide.village_code)
        self._experts()

    def _add(
        self, kind: str, giver: str, giver_type: str, members: int, village: str | None = None, **more: Any
    ) -> None:
        late = self.rng.random() < 0.03
        start = date(2026, self.rng.choice((1, 2)), 18) if late else date(2024, self.rng.randint(1, 12), 8)
        row = {
            "village_code": village,
            "township_code": None,
            "_reporter": None,
            "kind": kind,
            "giver": giver,
            "giver_type": giver_type,
            "members_n": members,
            "leader": None,
            "start_date": start,
            "end_date": None,
            "status": "在结",
        }
        self.rows.append(row | more)

    def _pairings(self) -> None:
        for i in range(OFFICES):
            unit, nature = _UNITS[i % len(_UNITS)]
            village = self.rural[(i * 7 + 3) % len(self.rural)]
            self._add("机关国企结对", unit, nature, self.rng.randint(2, 12), village.code)
        for i in range(FIRMS):
            firm = i % 3 != 2
            village = self.keyed[i % len(self.keyed)]
            name = f"沅江{_CROPS[i // 4 % 10]}{'实业' if firm else '种养'}第{i + 1}{'公司' if firm else '合作社'}"
            self._add(
                "民企合作社结对", name, "民营企业" if firm else "合作社", self.rng.randint(1, 8), village.code
            )
        for i in range(11):
            village = self.keyed[(i * 5 + 1) % len(self.keyed)]
            self._add("商会社会组织结对", _CHAMBERS[i % len(_CHAMBERS)], "商会社会组织", 6, village.code)
        strong, weak = self.rng.sample(self.rural, 18), self.rng.sample(self.keyed, 18)
        for giver, village in zip(strong, weak, strict=True):
            if giver.name != village.name:
                self._add("村村结对", giver.name, "村社", 5, village.code)

    def _links(self) -> None:
        """Every village has a county leader; a leader has one township or two."""
        leaders = [f"市级领导{i + 1:02d}" for i in range(LEADERS)]
        for i, township in enumerate(self.townships):
            own = [v for v in self.villages if v.township == township]
            for j, village in enumerate(own):
                leader = leaders[(2 * i + j % 3) % LEADERS]
                self._add("县级领导联系", leader, "个人", 1, village.code, start_date=date(2024, 2, 26))

    def _experts(self) -> None:
        office = {"_reporter": AGRICULTURE}
        for i in range(COMMISSIONERS):
            township = self.townships[i % len(self.townships)].code
            person = self.population.person(township, "男" if i % 3 else "女", (1968, 1992))
            self._add("科技特派员", person.name, "个人", 1, None, township_code=township, **office)
        for i in range(TEAMS):
            place = {"township_code": self.townships[i].code} | office
            self._add(
                "科技服务专家团队", f"{_CROPS[i]}产业科技服务团队", "高校院所", 5 + i % 4, None, **place
            )
        for i, topic in enumerate(_TOPICS):
            place = {"township_code": self.townships[2 * i + 1].code} | office
            self._add(
                "专家服务",
                f"“百名专家”{topic}组",
                "高校院所",
                EXPERTS // 6 + (i < EXPERTS % 6),
                None,
                **place,
            )
            self._add("人才服务队", f"{topic}人才服务队", "机关事业单位", 8, None, **place)
        for i in range(5):
            place = {"township_code": self.townships[3 * i % 14].code} | office
            self._add("首席专家", f"{_CROPS[i]}首席农技专家", "个人", 1, None, **place)
        for i in range(3):
            place = {"township_code": self.townships[4 * i + 1].code} | office
            self._add("高校实践队", f"大学生乡村振兴实践队（{'一二三'[i]}队）", "高校院所", 12, None, **place)
            self._add("乡村运营师团队", f"第{'一二三'[i]}乡村运营团队", "民营企业", 4, None, **place)

    def of(self, quarter: Quarter) -> list[Row]:
        """The relations at the end of `quarter` and what they did in it."""
        return [
            row | _work(number, row, quarter)
            for number, row in enumerate(self.rows)
            if row["start_date"] <= quarter.end
        ]


_ON_ORDER = ("首席专家", "人才服务队", "科技服务专家团队", "科技特派员", "专家服务")


def _work(number: int, row: Row, quarter: Quarter) -> Row:
    rng = random.Random(f"support {number} {quarter.label}")
    if row["kind"] == "县级领导联系":
        return {"services_q": rng.randint(1, 3)} | dict.fromkeys(
            ("orders_n", "orders_done", "beneficiaries", "problems_solved", "funds_ytd")
        )
    orders = rng.randint(4, 18) if row["kind"] in _ON_ORDER else 0
    services = rng.randint(2, 12)
    paired = row["kind"].endswith("结对")
    return {
        "services_q": services,
        "orders_n": orders,
        "orders_done": max(0, orders - rng.choice((0, 0, 0, 1, 2))),
        "beneficiaries": services * rng.randint(6, 30),
        "problems_solved": rng.randint(0, 6),
        "funds_ytd": Decimal(rng.choice((0, 0, 1, 2, 5))) * (4 if quarter.number == 4 else 1)
        if paired
        else Decimal(0),
    }


def truth(supports: Supports) -> dict[str, list[Row]]:
    """Quarter label → rows; `_reporter` names the office that sends a row, else its township does."""
    return {q.label: supports.of(q) for q in EXTENDED}
