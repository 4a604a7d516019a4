"""What each reporter sends for each quarter: truth, dealt out to returns with their received dates."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from generator import (
    committees,
    economy,
    governance,
    issues,
    months,
    organisations,
    projects,
    ratings,
    residents,
    services,
    supports,
    talents,
    training,
)
from generator.forms import FORMS
from generator.people import Population
from generator.quarters import EXTENDED, LAST, QUARTERS, Quarter
from generator.register import (
    AGRICULTURE,
    OFFICE,
    OFFICES,
    ORGANS,
    WOMEN,
    YOUTH,
    Township,
    Village,
    load,
)

Row = dict[str, Any]
Books = dict[str, dict[str, list[Row]]]
"""Form → reporter → rows."""

FIRST_FORMS = ("village_economy", "committee", "resident", "training_class", "training_attend", "issue")
"""What townships sent before the county asked for all fourteen forms."""

NIL_FORMS = ("training_class", "training_attend")
"""Forms that an office sends empty when nothing happened."""

OFFICE_FORMS = {
    OFFICE: ("training_class", "training_attend", "project", "evaluation"),
    ORGANS: ("party_org",),
    AGRICULTURE: ("support", "project", "service"),
    YOUTH: ("service",),
    WOMEN: ("service",),
}
"""What the county's offices owe; a township owes every form."""

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
        self.names = {t.code: t.name for t in self.townships} | {c: name for c, (name, _) in OFFICES.items()}
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
    truth = _truth(townships, villages)
    returns = []
    for quarter in QUARTERS:
        for code in [*(t.code for t in townships), *OFFICES]:
            own = {form: books.get(code, []) for form, books in truth[quarter.label].items()}
            returns += _deal(quarter, code, own)
    for month in months.MONTHS:
        for code in months.PILOTS:
            for form in months.FORMS:
                rows = [dict(r) for r in months.of(form, month, truth[LAST.label][form][code])]
                returns.append(Return(month, code, form, 1, _received(month, code), rows))
    return World(townships, villages, returns)


def _truth(townships: list[Township], villages: list[Village]) -> dict[str, Books]:
    """Quarter label → form → reporter → rows, made in an order in which later forms agree with earlier ones."""
    population = Population(random.Random("population"))
    committee, _ = committees.truth(villages, population)
    resident = residents.truth(townships, villages, population)
    school = training.School(townships, villages, population, committee, resident)
    classes = training.truth(school)
    ledgers = issues.truth(townships, villages, population)
    accounts = economy.truth(villages)
    deal = _Dealer(villages)
    found: dict[str, Books] = {}
    for quarter in QUARTERS:
        label = quarter.label
        found[label] = {
            "village_economy": deal(accounts[label]),
            "committee": deal(committee[label]),
            "resident": deal(resident[label]),
            "training_class": classes[label].classes,
            "training_attend": classes[label].attend,
            "issue": ledgers[label],
        }
    for label, books in _extended(townships, villages, population, school, found).items():
        found[label] |= books
    return found


def _extended(
    townships: list[Township],
    villages: list[Village],
    population: Population,
    school: training.School,
    known: dict[str, Books],
) -> dict[str, Books]:
    """The eight forms that came later, from what the six say."""
    deal = _Dealer(villages)
    last = [r for rows in known[LAST.label]["committee"].values() for r in rows]
    heads = {
        r["village_code"]: r["name"] for r in last if r["status"] == "在任" and r["party_post"] == "书记"
    }
    schooled = {
        r["id_card"]
        for rows in known[EXTENDED[0].label]["training_attend"].values()
        for r in rows
        if r["id_card"]
    }
    pool = talents.truth(talents.Pool(townships, villages, population, school.reserve, schooled, heads))
    supported = supports.truth(supports.Supports(townships, villages, population, school.guides))
    governed = governance.truth(villages)
    served = services.truth(townships, villages)
    agreed = projects.Known(
        {q.label: _brought(known[q.label]["resident"]) for q in EXTENDED},
        {q.label: _borrowed(known[q.label]["village_economy"]) for q in EXTENDED},
        governed,
    )
    funded = projects.truth(townships, villages, agreed)
    county = organisations.Organisations(townships, villages, population)
    weak = {v.code for v in villages if v.key_class == "软弱涣散村"}
    ratings_ = ratings.Ratings(townships, villages, county.heads(), weak)
    rated = ratings.truth(ratings_, heads)
    orgs = organisations.truth(
        county,
        {q.label: known[q.label]["committee"] for q in EXTENDED},
        {q.label: known[q.label]["issue"] for q in EXTENDED},
        ratings_.stars,
    )
    return {
        q.label: {
            "party_org": orgs[q.label],
            "talent": deal(pool[q.label]),
            "support": deal(supported[q.label]),
            "project": funded[q.label],
            "village_gov": deal(governed[q.label]),
            "service": served[q.label],
            "evaluation": rated[q.label],
            "summary": {t.code: [{"township_code": t.code}] for t in townships},
        }
        for q in EXTENDED
    }


class _Dealer:
    """Gives each row to the reporter that sends it: its `_reporter`, else its township, else its village's."""

    def __init__(self, villages: list[Village]) -> None:
        self.township_of = {v.code: v.township.code for v in villages}

    def __call__(self, rows: list[Row]) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in rows:
            own = (
                row.pop("_reporter", None)
                or row.get("township_code")
                or self.township_of[row["village_code"]]
            )
            found.setdefault(own, []).append(row)
        return found


def _brought(books: dict[str, list[Row]]) -> dict[str, int]:
    return {code: sum(r["projects_ytd"] for r in rows) for code, rows in books.items()}


def _borrowed(books: dict[str, list[Row]]) -> dict[str, Decimal]:
    return {r["village_code"]: r["debt_new"] for rows in books.values() for r in rows if r["debt_new"]}


def _deal(quarter: Quarter, code: str, rows: dict[str, list[Row]]) -> list[Return]:
    twice = (quarter.label, code) == RESUBMITTED
    dates = RESUBMISSION_DATES if twice else (_received(quarter, code),)
    found = []
    for version, received in enumerate(dates, 1):
        for form in owed(quarter, code):
            if (quarter.label, code, form) in MISSING:
                continue
            copies = [dict(r) for r in rows[form]]
            current = version == len(dates)
            nil = not copies and form in NIL_FORMS
            found.append(Return(quarter, code, form, version, received, copies, current, nil))
    return found


def owed(quarter: Quarter, code: str) -> list[str]:
    """The forms a reporter owes for a quarter, in the order of their numbers."""
    own = OFFICE_FORMS.get(code, tuple(FORMS))
    return [form for form in FORMS if form in own and (quarter in EXTENDED or form in FIRST_FORMS)]


def settle(world: World) -> None:
    """A second workbook that repeats the rows of the first makes no version of that form: the first stays current."""
    for second in [of for of in world.returns if of.version == 2]:
        first = world.find(second.quarter.label, second.reporter, second.form, 1)
        if first.rows == second.rows:
            first.current, second.current = True, False
