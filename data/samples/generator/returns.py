"""What each reporter sends for each quarter: truth, dealt out to returns with their received dates."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from generator import committees, economy, issues, residents, training
from generator.forms import FORMS, OFFICE_FORMS
from generator.people import Population
from generator.quarters import QUARTERS, Quarter
from generator.register import OFFICE, OFFICE_NAME, Township, Village, load

Row = dict[str, Any]

LATE = {("2026Q1", "430981112"): date(2026, 4, 13), ("2025Q3", "430981008"): date(2025, 10, 16)}
"""Reporters whose returns came after the due date."""

MISSING = {("2025Q2", "430981110", "issue")}
"""Returns that never came."""

RESUBMITTED = ("2026Q1", "430981114")
"""草尾镇 sends a corrected workbook; both arrive in time."""

RESUBMISSION_DATES = (date(2026, 4, 2), date(2026, 4, 7))
_FREE_DAYS = {
    date(2025, 4, 4),
    date(2025, 4, 5),
    date(2025, 4, 6),
    date(2026, 1, 1),
    date(2026, 1, 2),
    date(2026, 1, 3),
}
_FREE_DAYS |= {date(2025, 10, n) for n in range(1, 9)} | {date(2025, 7, 5), date(2025, 7, 6)}
_FREE_DAYS |= {date(2025, 10, 12), date(2026, 4, 4), date(2026, 4, 5), date(2026, 4, 6)}


@dataclass
class Return:
    """One version of one form of one reporter and quarter. Keys of `rows` with an underscore are the generator's own:
    `_typed` what stands in a cell instead of the fact, `_row` the row of the sheet. `stated` overrides totals."""

    quarter: Quarter
    reporter: str
    form: str
    version: int
    received: date
    rows: list[Row]
    current: bool = True
    nil: bool = False
    file: str = ""
    sheet: str = ""
    columns: dict[str, int] = field(default_factory=dict)
    total_row: int = 0
    stated: dict[str, Decimal] = field(default_factory=dict)

    def village(self, code: str) -> Row:
        """The row of a village (forms with one row a village)."""
        return next(r for r in self.rows if r["village_code"] == code)


@dataclass
class World:
    """Everything the sample is made from."""

    townships: list[Township]
    villages: list[Village]
    returns: list[Return]

    def __post_init__(self) -> None:
        self.by_code = {v.code: v for v in self.villages}
        self.names = {t.code: t.name for t in self.townships} | {OFFICE: OFFICE_NAME}
        self.names |= {v.code: v.name for v in self.villages}

    def find(self, label: str, reporter: str, form: str, version: int = 0) -> Return:
        """One return: the given version, by default the current one."""
        return next(
            r
            for r in self.returns
            if (r.quarter.label, r.reporter, r.form) == (label, reporter, form)
            and (r.version == version if version else r.current)
        )

    def current(self, label: str, form: str) -> list[Return]:
        """The current returns of a form and quarter, in register order."""
        return [r for r in self.returns if r.current and r.quarter.label == label and r.form == form]


def _received(quarter: Quarter, reporter: str) -> date:
    late = LATE.get((quarter.label, reporter))
    if late:
        return late
    days = [quarter.end + timedelta(days=n) for n in range(1, (quarter.due - quarter.end).days + 1)]
    return random.Random(f"received {quarter.label} {reporter}").choice(
        [d for d in days if d not in _FREE_DAYS]
    )


def build() -> World:
    """Make the truth of all forms and deal it out."""
    townships, villages = load()
    population = Population(random.Random("population"))
    committee, _ = committees.truth(villages, population)
    resident = residents.truth(townships, villages, population)
    books = training.truth(townships, villages, population, committee, resident)
    ledgers = issues.truth(townships, villages, population)
    accounts = economy.truth(villages)
    township_of = {v.code: v.township.code for v in villages}

    def own(rows: list[Row], code: str) -> list[Row]:
        return [r for r in rows if (r.get("township_code") or township_of.get(r.get("village_code"))) == code]

    returns = []
    for quarter in QUARTERS:
        for code in [*(t.code for t in townships), OFFICE]:
            rows = {
                "village_economy": own(accounts[quarter.label], code),
                "committee": own(committee[quarter.label], code),
                "resident": own(resident[quarter.label], code),
                "training_class": books[quarter.label].classes[code],
                "training_attend": books[quarter.label].attend[code],
                "issue": ledgers[quarter.label].get(code, []),
            }
            returns += _deal(quarter, code, rows)
    return World(townships, villages, returns)


def _deal(quarter: Quarter, code: str, rows: dict[str, list[Row]]) -> list[Return]:
    twice = (quarter.label, code) == RESUBMITTED
    dates = RESUBMISSION_DATES if twice else (_received(quarter, code),)
    found = []
    for version, received in enumerate(dates, 1):
        for form in OFFICE_FORMS if code == OFFICE else FORMS:
            if (quarter.label, code, form) in MISSING:
                continue
            copies = [dict(r) for r in rows[form]]
            current = version == len(dates)
            nil = not copies and form in OFFICE_FORMS
            found.append(Return(quarter, code, form, version, received, copies, current, nil))
    return found


def settle(world: World) -> None:
    """A second workbook that repeats the rows of the first makes no version of that form: the first stays current."""
    for second in [of for of in world.returns if of.version == 2]:
        first = world.find(second.quarter.label, second.reporter, second.form, 1)
        if first.rows == second.rows:
            first.current, second.current = True, False
