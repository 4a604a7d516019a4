"""Truth of `village_gov`: households, grids, decisions, disclosure, supervision and places of each village."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal
from typing import Any

from generator.portions import portions
from generator.quarters import EXTENDED, LAST, Quarter
from generator.register import Village

Row = dict[str, Any]

GRIDS, GRID_MEMBERS, STATIONS = 603, 10425, 191
"""2026Q1, as a source briefing has it; with the fourteen townships' institutes the stations make 205."""

ZONE = ("430981008", "430981114")
"""The townships of the demonstration zone, where streets and video cover every village."""


class Governance:
    """What stays of each village, and the parts of the county's figures it has."""

    def __init__(self, villages: list[Village]) -> None:
        self.rng = random.Random("governance")
        self.villages = villages
        self.households = [self.rng.randint(340, 1150) for _ in villages]
        self.grids = portions(GRIDS, [h**0.7 for h in self.households], least=1)
        self.members = portions(
            GRID_MEMBERS, [h * self.rng.uniform(0.7, 1.3) for h in self.households], least=12
        )
        rural = [i for i, v in enumerate(villages) if v.township.code not in ZONE]
        self.stationless = set(self.rng.sample(rural, len(villages) - STATIONS))
        self.rougher = set(self.rng.sample(rural, 21))
        self.dark = set(self.rng.sample(rural, 16))

    def of(self, quarter: Quarter) -> list[Row]:
        """One row a village at the end of `quarter`, in register order."""
        return [self._row(i, village, quarter) for i, village in enumerate(self.villages)]

    def _row(self, i: int, village: Village, quarter: Quarter) -> Row:
        steady = random.Random(f"governance {village.code}")
        moving = random.Random(f"governance {village.code} {quarter.label}")
        households, last = self.households[i], quarter is LAST
        decisions = moving.randint(2, 9)
        due = Decimal(round(28 + households / 150, 1)).quantize(Decimal("0.1")) + (1 if last else 0)
        coops = steady.randint(0, 5)
        area = steady.randint(420, 980)
        return {
            "village_code": village.code,
            "households": households,
            "poor_households": steady.randint(12, 70) if village.rural else 0,
            "population": round(households * steady.uniform(2.7, 3.5)),
            "grids": max(1, self.grids[i] - (not last and steady.random() < 0.03)),
            "grid_members": self.members[i] - (0 if last else steady.randint(0, 2)),
            "hh_linked": round(households * steady.uniform(0.8, 0.99)),
            "decisions": decisions,
            "decisions_4y": decisions - (1 if moving.random() < 0.05 else 0),
            "affairs_pub_n": moving.choice((1, 1, 1, 3)),
            "fin_pub_n": moving.choice((1, 1, 1, 3)),
            "fin_pub_date": quarter.end - timedelta(days=moving.randint(3, 20)),
            "platform_pub": steady.random() < 0.9,
            "superv_n": steady.choice((3, 3, 3, 5)),
            "superv_meet": moving.randint(1, 3),
            **_audit(steady, quarter),
            **_service(moving),
            "coops": coops,
            "coops_party": min(coops, steady.choice((0, 0, 1))),
            "center_area": Decimal(area),
            "center_ok": True,
            "service_station": True,
            "street_ok": i not in self.rougher,
            "video_covered": i not in self.dark,
            "practice_station": i not in self.stationless and (last or steady.random() > 0.015),
            "op_fund_due": due,
            "op_fund_paid": due,
        }


def _audit(steady: random.Random, quarter: Quarter) -> Row:
    """Audits due in the year; all are done by its end."""
    due = steady.choice((0, 0, 0, 1, 2))
    done = due if quarter.number == 4 else min(due, steady.choice((0, 0, 1)))
    return {"audit_due": due, "audit_done": done}


def _service(moving: random.Random) -> Row:
    disputes = moving.randint(0, 9)
    solved = max(0, disputes - moving.choice((0, 0, 0, 1)))
    return {"disputes": disputes, "disputes_solved": solved, "agent_items": moving.randint(15, 140)}


def truth(villages: list[Village]) -> dict[str, list[Row]]:
    """Quarter label → rows."""
    governance = Governance(villages)
    return {q.label: governance.of(q) for q in EXTENDED}
