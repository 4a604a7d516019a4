"""Months 1 and 2 of the last quarter (一月一调度): what two townships report of accounts and issues before it ends."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from generator.economy import FLOWS, add_up
from generator.quarters import LAST, Quarter

Row = dict[str, Any]

PILOTS = ("430981008", "430981114")
"""The townships of the demonstration zone, which report monthly."""

FORMS = ("village_economy", "issue")
_QUARTERLY = (
    *(
        "income_target",
        "assets_total",
        "receivable",
        "weak_status",
        "mgmt_class",
        "main_industry",
        "one_product",
    ),
    *("ecommerce", "taobao_village", "shops_n", "tourists", "farmer_income"),
)
"""Columns of the account that are filled in at the quarter's end only."""


def of(form: str, month: Quarter, rows: list[Row]) -> list[Row]:
    """The rows of a form at the end of `month`, from those of the quarter."""
    return [_account(row, month) for row in rows] if form == "village_economy" else _ledger(rows, month)


def _account(row: Row, month: Quarter) -> Row:
    """Cumulative amounts grow evenly through the quarter; sums and debt are worked out again."""
    part = Decimal(month.end.month - LAST.start.month + 1) / 3
    quantum = Decimal(1).scaleb(min(row[f].as_tuple().exponent for f in FLOWS if row[f]))  # type: ignore[type-var]
    found = (
        row
        | {f: (row[f] * part).quantize(quantum) for f in (*FLOWS, "debt_repaid")}
        | dict.fromkeys(_QUARTERLY)
    )
    add_up(found)
    found["debt_total"] = found["debt_begin"] + found["debt_new"] - found["debt_repaid"]
    found["debt_loan"] = (found["debt_total"] * Decimal("0.3")).quantize(quantum)
    return found | {"ledger_updated": month.end - (LAST.end - row["ledger_updated"])}


def _ledger(rows: list[Row], month: Quarter) -> list[Row]:
    """What had been found by then; what was closed later is still open."""
    open_ = {"status": "整改中", "closed_date": None, "talks_n": 0, "satisfaction": None}
    return [
        row | (open_ if row["closed_date"] and row["closed_date"] > month.end else {})
        for row in rows
        if row["found_date"] <= month.end
    ]


def _month(label: str, end: date, due: date) -> Quarter:
    return Quarter(label, end.replace(day=1), end, due)


MONTHS = (
    _month("2026-01", date(2026, 1, 31), date(2026, 2, 6)),
    _month("2026-02", date(2026, 2, 28), date(2026, 3, 6)),
)
