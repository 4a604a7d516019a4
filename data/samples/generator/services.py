"""Truth of `service`: what townships, youth league, women's federation and the agriculture office did for people."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from generator.portions import portions
from generator.quarters import EXTENDED, LAST, Quarter
from generator.register import AGRICULTURE, WOMEN, YOUTH, Township, Village

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Campaign:
    """One kind of activity: rows a township (or rows in all, for an office), and the county's totals of 2026Q1."""

    kind: str
    title: str
    rows: int
    times: int
    participants: int
    beneficiaries: int = 0
    problems: int = 0
    office: str = ""
    placed: bool = False


CAMPAIGNS = (
    Campaign("志愿服务", "清理“牛皮癣”和创建卫生城市志愿服务", 3, 826, 50312),
    Campaign("上门服务", "敲门行动和企业联络员上门服务", 2, 35260, 41870, 32140),
    Campaign("党群连心", "“五个到户”党群连心走访", 3, 1930, 11640, 24310, 9087, placed=True),
    Campaign("部门上门服务", "民政、人社、银行等部门上门服务", 1, 126, 655, 8420, 976),
    Campaign("文明实践活动", "新时代文明实践志愿活动", 1, 61, 4130, 9950),
    Campaign("微心愿", "“微心愿”认领圆梦", 1, 290, 640, 812, 290),
    Campaign("政策宣讲", "乡村振兴政策宣讲", 1, 74, 5230),
    Campaign("矛盾化解", "屋场会化解矛盾纠纷", 1, 88, 2130, 640, 173),
    Campaign("农技推广", "春耕备耕农技推广", 6, 36, 1480, 2210, 58, AGRICULTURE, placed=True),
    Campaign("七彩假期", "“七彩假期”寒假关爱活动", 14, 42, 2160, 1126, 0, YOUTH, placed=True),
    Campaign("暑托班", "青少年假期托管班（寒假）", 14, 22, 1310, 436, 0, YOUTH, placed=True),
    Campaign("妇女关爱", "“五维五护”关爱救助和摸排走访", 8, 46, 1240, 1184, 7, WOMEN),
)
"""The source briefing has 800-odd volunteer services with 50 000-odd participants, 35 000-odd calls, 120-odd visits of
departments, 10 063 problems solved in 党群连心 and 部门上门服务 together, 30-odd promotions, 1 000-odd children, 20-odd
classes in 14 villages, 1 184 women and 7 problems."""

OUT_OF_TERM = ("七彩假期", "暑托班")
"""Held in the school holidays only."""


def _rows(
    campaign: Campaign, quarter: Quarter, townships: list[Township], villages: list[Village]
) -> list[Row]:
    rng = random.Random(f"service {campaign.kind} {quarter.label}")
    scale = Decimal(1) if quarter is LAST else Decimal("0.9")
    count = campaign.rows if campaign.office else campaign.rows * len(townships)
    weights = [rng.uniform(0.7, 1.4) for _ in range(count)]
    totals = (campaign.times, campaign.participants, campaign.beneficiaries, campaign.problems)
    times, people, gained, solved = (
        portions(int(total * scale), weights, least=int(n == 0)) for n, total in enumerate(totals)
    )
    rural = [v for v in villages if v.rural]
    places = rng.sample(rural, min(count, len(rural)))
    found = []
    for i in range(count):
        township = townships[i % len(townships)]
        own = [v for v in rural if v.township == township]
        village = places[i] if campaign.office else rng.choice(own or villages)
        placed = campaign.placed and (campaign.office or own)
        asked = solved[i] + (rng.randint(0, 1 + solved[i] // 20) if campaign.problems else 0)
        found.append(
            {
                "_reporter": campaign.office or township.code,
                "township_code": None if campaign.office else township.code,
                "village_code": village.code if placed else None,
                "event_date": quarter.start + timedelta(days=rng.randint(4, 84)),
                "kind": campaign.kind,
                "title": campaign.title if campaign.office else f"{township.name}{campaign.title}",
                "organiser": _ORGANISERS.get(campaign.office, township.name),
                "times": times[i],
                "participants": people[i],
                "party_n": people[i] * 2 // 5,
                "beneficiaries": gained[i],
                "problems_in": asked,
                "problems_solved": solved[i],
            }
        )
    return found


_ORGANISERS = {AGRICULTURE: "沅江市农业农村局", YOUTH: "共青团沅江市委员会", WOMEN: "沅江市妇女联合会"}


def truth(townships: list[Township], villages: list[Village]) -> dict[str, dict[str, list[Row]]]:
    """Quarter label → reporter → rows, numbered in each reporter's ledger."""
    found: dict[str, dict[str, list[Row]]] = {}
    for quarter in EXTENDED:
        books = found.setdefault(quarter.label, {})
        for campaign in CAMPAIGNS:
            if campaign.kind in OUT_OF_TERM and quarter is not LAST:
                continue
            for row in _rows(campaign, quarter, townships, villages):
                own = books.setdefault(row.pop("_reporter"), [])
                number = f"{quarter.year}-{quarter.number}-{len(own) + 1:03d}"
                own.append({"event_no": number} | row)
    return found
