"""Truth of `village_economy`: cumulative amounts that rise within a year and hang together across years, in 万元."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from generator.quarters import QUARTERS, Quarter
from generator.register import Village

Row = dict[str, Any]

FLOWS = (
    "inc_operate",
    "inc_contract",
    "inc_invest",
    "inc_other_op",
    "inc_subsidy",
    "inc_other",
    "operating_cost",
    "manage_cost",
    "other_cost",
    "idle_income",
    "tour_income",
    "dividend",
)
_INDUSTRIES = [
    "水稻",
    "油菜",
    "蔬菜",
    "芦笋",
    "龙虾",
    "水产养殖",
    "生猪",
    "柑橘",
    "葡萄",
    "苎麻",
    "芦苇",
    "辣椒",
    "乡村旅游",
    "物业租赁",
    "农机服务",
]
WEAK_CLOSED = (None, None, "2025Q2", "2025Q2", "2025Q3", "2025Q3", "2025Q3", "2025Q4", "2025Q4", "2025Q4")
"""When each weak village of 2025 leaves the list, by position in `weak_villages` (the first two in 2025Q4, one of them blank before)."""


def weak_villages(villages: list[Village]) -> dict[str, str]:
    """Return code → quarter in which the village leaves the list; the first is 空白村 in the first half of 2025."""
    rng = random.Random("weak villages")
    rural = [v.code for v in villages if v.rural]
    chosen = rng.sample(rural, len(WEAK_CLOSED))
    return {code: closed or "2025Q4" for code, closed in zip(chosen, WEAK_CLOSED, strict=True)}


def quantum(village: Village) -> Decimal:
    """The smallest amount a township's book shows, in 万元: townships that keep books in 元 are finer."""
    return {"430981107": Decimal("0.0001"), "430981116": Decimal("0.000001")}.get(
        village.township.code, Decimal("0.01")
    )


class Book:
    """One village's account over the five quarters."""

    def __init__(self, village: Village, closed: str, blank: bool) -> None:
        self.village = village
        self.closed = closed
        self.blank = blank
        self.rng = random.Random(f"economy {village.code}")
        self.quantum = quantum(village)
        self.annual = self._annual()
        self.profile = self._profile()

    def rows(self) -> dict[str, Row]:
        """Quarter label → row."""
        found: dict[str, Row] = {}
        total: dict[str, Decimal] = {}
        debt_begin = self._money(self._debt())
        debt: dict[str, Decimal] = {}
        for quarter in QUARTERS:
            if quarter.number == 1:
                debt_begin = debt["debt_total"] if debt else debt_begin
                debt = {"debt_new": Decimal(0), "debt_repaid": Decimal(0)}
                total = dict.fromkeys(FLOWS, Decimal(0))
            for name, amount in self._flows(quarter).items():
                total[name] += amount
            debt = self._borrow(debt_begin, debt)
            found[quarter.label] = self._row(quarter, total, debt)
        return found

    def _money(self, amount: float | Decimal) -> Decimal:
        return Decimal(str(amount)).quantize(self.quantum)

    def _annual(self) -> dict[int, float]:
        if self.closed:
            first = self.rng.uniform(5.3, 6.6)
        elif self.village.rural:
            first = min(160, max(6.6, self.rng.lognormvariate(2.95, 0.6)))
        else:
            first = min(120, max(7.5, self.rng.lognormvariate(3.1, 0.6)))
        return {2025: first, 2026: first * self.rng.uniform(1.05, 1.2)}

    def _profile(self) -> dict[str, float]:
        rng = self.rng
        contract = rng.uniform(0.2, 0.5)
        invest = rng.uniform(0.03, 0.15)
        other = rng.choice((0, 0, rng.uniform(0.01, 0.06)))
        return {
            "inc_operate": 1 - contract - invest - other,
            "inc_contract": contract,
            "inc_invest": invest,
            "inc_other_op": other,
            "inc_subsidy": rng.uniform(0.05, 0.3),
            "inc_other": rng.uniform(0.01, 0.05),
            "operating_cost": rng.uniform(0.18, 0.4),
            "manage_cost": rng.uniform(0.05, 0.14),
            "other_cost": rng.uniform(0.0, 0.05),
            "idle_income": rng.uniform(0.03, 0.15),
            "tour_income": rng.choice((0, 0, 0, rng.uniform(0.1, 0.4))),
            "dividend": 0.0,
        }

    def _flows(self, quarter: Quarter) -> dict[str, Decimal]:
        share = (0.24, 0.25, 0.25, 0.26)[quarter.number - 1] * self.rng.uniform(0.97, 1.03)
        if self.closed and quarter.year == 2025:
            share = (0.14, 0.2, 0.28, 0.42)[quarter.number - 1]
            if self.blank:
                share = (0, 0, 0.4, 0.66)[quarter.number - 1]
        base = self.annual[quarter.year] * share
        flows = {
            name: self._money(base * part * self.rng.uniform(0.96, 1.04))
            for name, part in self.profile.items()
        }
        if quarter.number == 4 and self.annual[quarter.year] > 40:
            flows["dividend"] = self._money(self.annual[quarter.year] * 0.08)
        return flows

    def _debt(self) -> float:
        return self.rng.choice((0.0, 0.0, 1.0, 1.0, 1.0)) * self.rng.uniform(4, 110)

    def _borrow(self, begin: Decimal, debt: dict[str, Decimal]) -> dict[str, Decimal]:
        new = self._money(self.rng.uniform(2, 8)) if begin > 30 and self.rng.random() < 0.02 else Decimal(0)
        repaid = self._money(float(begin) * self.rng.uniform(0.008, 0.035))
        new, repaid = debt["debt_new"] + new, debt["debt_repaid"] + repaid
        total = begin + new - repaid
        return {"debt_begin": begin, "debt_new": new, "debt_repaid": repaid, "debt_total": total}

    def _row(self, quarter: Quarter, total: dict[str, Decimal], debt: dict[str, Decimal]) -> Row:
        row: Row = {"village_code": self.village.code, **total, **debt}
        add_up(row)
        row["debt_loan"] = (row["debt_total"] * Decimal("0.3")).quantize(self.quantum)
        row["income_target"] = self._money(self.annual[quarter.year] * 0.98).quantize(Decimal("0.1"))
        return row | self._point(quarter)

    def _point(self, quarter: Quarter) -> Row:
        """What is no flow of money."""
        steady = random.Random(f"village {self.village.code}")
        status = self._status(quarter)
        years = QUARTERS.index(quarter)
        shops = steady.randint(0, 12)
        return {
            "land_comp": Decimal(0),
            "assets_total": self._money(steady.uniform(180, 2600) * (1 + 0.004 * years)),
            "receivable": self._money(steady.uniform(0, 35)),
            "weak_status": status,
            "mgmt_class": self._class(status),
            "main_industry": steady.choice(_INDUSTRIES),
            "one_product": steady.random() < 0.56 + 0.04 * years,
            "ecommerce": steady.random() < 0.7 + 0.05 * years,
            "taobao_village": steady.random() < 0.02,
            "shops_n": shops + years // 2,
            "tourists": Decimal(str(round(steady.uniform(0, 1.5), 2))) * quarter.number,
            "farmer_income": Decimal(steady.randint(19000, 27500) + (1300 if quarter.year == 2026 else 0)),
            "ledger_updated": self._updated(quarter),
        }

    def _status(self, quarter: Quarter) -> str:
        if not self.closed:
            return "非薄弱村"
        if quarter.label >= self.closed:
            return "已销号"
        return "空白村" if self.blank and quarter.number <= 2 else "薄弱村"

    def _class(self, status: str) -> str:
        if status in ("薄弱村", "空白村"):
            return "重点管理"
        return "关注管理" if self.annual[2025] < 10 else "常规管理"

    def _updated(self, quarter: Quarter) -> date:
        return quarter.end - timedelta(days=self.rng.randint(0, 9))


def add_up(row: Row) -> None:
    """Work out the sums of a row from its parts."""
    parts = [row[f] for f in ("inc_operate", "inc_contract", "inc_invest", "inc_other_op")]
    row["operating_income"] = sum(parts, Decimal(0))
    row["income_total"] = row["operating_income"] + row["inc_subsidy"] + row["inc_other"]
    row["operating_profit"] = row["operating_income"] - row["operating_cost"] - row["manage_cost"]
    row["net_profit"] = row["operating_profit"] + row["inc_subsidy"] + row["inc_other"] - row["other_cost"]


def truth(villages: list[Village]) -> dict[str, list[Row]]:
    """Quarter label → one row a village, in register order."""
    weak = weak_villages(villages)
    blank = next(iter(weak))
    books = [Book(v, weak.get(v.code, ""), v.code == blank).rows() for v in villages]
    return {q.label: [book[q.label] for book in books] for q in QUARTERS}
