"""A figure taken apart: what each row adds to its numerator and to its denominator.

Sums and counts add up row by row, distinct counts value by value. An extreme, or anything else that is no sum, has no rows here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Literal

from sqlglot import exp

from ruralpb.core.periods import Period
from ruralpb.model import Form, Indicator, Level
from ruralpb.rules import engine
from ruralpb.rules.expressions.build import bare
from ruralpb.rules.indicators.compiled import Formulas
from ruralpb.rules.indicators.contribution import ROW_COLUMNS, RowsBelow, rows_statement
from ruralpb.rules.indicators.coverage import Presence, Query, Tally, one_by_one
from ruralpb.rules.indicators.formula import FormulaPart, FormulaSide, SideName, Term
from ruralpb.rules.indicators.series import QUARTER, PlannedAmount, Planner
from ruralpb.rules.indicators.totals import Amount, Totals, source_of
from ruralpb.rules.indicators.values import quotient, why_none

State = Literal["counted", "other", "unknown", "outside"]
"""The row counts; its condition leaves it out; something it needs is unknown; its unit is not covered."""

DISTINCT = "distinct"
"""What the key of a distinct value begins with."""

Cut = tuple[str, str]
"""What an indicator is broken down by, and one of the classes."""

_KEYS = {"village": "village_code", "township": "township_code", "reporter": "reporter_code"}


@dataclass(frozen=True, slots=True)
class Counted:
    """What one row (or one distinct value) adds to one side of a figure. A row of the register has block and position -1."""

    side: SideName
    key: tuple[str, ...]
    """What it is told by in another period: unit, key fields, an ordinal among equal ones."""
    relation: str
    period: str
    submission: str
    block: int
    position: int
    unit_code: str
    leaf: str
    state: State
    amount: Decimal
    fields: tuple[str, ...] = ()

    @property
    def place(self) -> tuple[str, str, int, int]:
        """Where the row stands in the store."""
        return (self.relation, self.period, self.block, self.position)


@dataclass(frozen=True, slots=True)
class Decomposition:
    """A figure of one unit taken apart. `covered` are the leaves it rests on; `reason` says why it has no value."""

    amount: Amount
    value: Decimal | None
    reason: str
    rows: tuple[Counted, ...]
    covered: frozenset[str]


@dataclass
class Decomposer:
    """Takes the figures of one state of the data apart: the session behind `query` is that of `period`."""

    formulas: Formulas
    period: Period
    query: Query
    _planners: dict[Level, tuple[Totals, Planner]] = field(default_factory=dict)
    _last: tuple[tuple[str, str, Period, str], _Opened] | None = None

    def decomposition(
        self, indicator: str, unit_code: str, of: Period | None = None, cut: Cut | None = None
    ) -> Decomposition:
        """Return the figure `indicator` (an id, or `<id>.quarter`) of a unit in the period `of` (default the session's own),
        under the standards of the session's period; of its slice `cut` (one of the indicator's `by`, and a class), in which the rows of
        other classes are "other". Raises KeyError for an unknown indicator."""
        by, label = cut or ("", None)
        opened = self._opened(indicator, unit_code, of or self.period, by)
        defined, line = opened.indicator, opened.line
        amount = line.amount(unit_code, label)
        reason = why_none(line.formula, opened.tally, amount)
        rows = tuple(row for read in opened.parts for row in read.counted(label))
        value = None if reason else quotient(defined, line.formula, amount)
        if not line.formula.is_ratio:
            amount = replace(amount, denominator=None)
        return Decomposition(amount, value, reason, rows, line.coverage.present)

    def classes(self, indicator: str, unit_code: str, by: str, of: Period | None = None) -> dict[str, None]:
        """Return the classes that the rows of a unit lie in, of its breakdown `by`."""
        opened = self._opened(indicator, unit_code, of or self.period, by)
        return {row.slice: None for read in opened.parts for row in read.rows if row.inside and row.slice}

    def _opened(self, indicator: str, unit_code: str, at: Period, by: str) -> _Opened:
        """The line of a figure and its rows; kept until the next figure is asked for, for its slices share them."""
        key = (indicator, unit_code, at, by)
        if self._last is not None and self._last[0] == key:
            return self._last[1]
        defined = self.formulas.library.indicators[indicator.removesuffix(QUARTER)]
        unit = self.formulas.register.get(unit_code, self.period.end)
        level: Level = unit.level if unit else "county"
        totals, planner = self._shared(level)
        quarter = indicator.endswith(QUARTER)
        line = planner.of(defined, at, by, quarter=quarter)
        totals.fetch()
        tally = planner.presence.tally(planner.presence.tallies(line.coverage), line.coverage, unit_code)
        by_period = defined.scope == "year_to_date" and not quarter
        parts = []
        for number, span in enumerate(planner.spans(defined, at, quarter)):
            formula = totals.formula(defined, span.at, self.period.end, by)
            for place, part in enumerate(formula.parts):
                keys = _key_columns(self.formulas.library.forms.get(part.relation))
                rows = source_of(planner.presence, part, span.rows, line.coverage)
                asked = RowsBelow(level, unit_code, everywhere=True, keys=keys)
                read = [_Read(row, len(keys)) for row in self.query(rows_statement(rows, part, asked))]
                parts.append(
                    _PartRows(part, read, (str(number), str(place)), -1 if number else 1, by_period=by_period)
                )
        opened = _Opened(defined, line, tally, parts)
        self._last = (key, opened)
        return opened

    def _shared(self, level: Level) -> tuple[Totals, Planner]:
        if level not in self._planners:
            presence = Presence(self.formulas.library, self.formulas.register, self.period, self.query)
            totals = Totals(self.formulas, presence, (level,), one_by_one(self.query))
            self._planners[level] = (totals, Planner(self.formulas.library, self.period, presence, totals))
        return self._planners[level]


def _key_columns(form: Form | None) -> tuple[str, ...]:
    """The columns that tell a row from another of its unit: the form's key, names for persons without a number."""
    if form is None:
        return ()
    columns = [_KEYS.get(name, name) for name in form.key]
    return (*columns, "name") if "person_key" in columns and "name" in form.by_id else tuple(columns)


@dataclass(frozen=True)
class _Opened:
    """A figure before it is taken apart: its line and coverage, and the rows of each of its parts."""

    indicator: Indicator
    line: PlannedAmount
    tally: Tally
    parts: Sequence[_PartRows]


@dataclass(frozen=True)
class _PartRows:
    """The rows of one part of a formula in one span; `sign` is -1 for the earlier quarter that a single quarter subtracts."""

    part: FormulaPart
    rows: Sequence[_Read]
    lead: tuple[str, ...]
    sign: int
    by_period: bool

    def counted(self, label: str | None) -> Iterator[Counted]:
        """What the rows add to the figure, or to its slice `label`; the denominator of a single quarter is that of its end."""
        rows = self.rows
        if label is not None and self.part.by:
            rows = [row if row.slice == label else row.elsewhere() for row in rows]
        for row in _counted(self.part, rows, self.lead, self.sign, by_period=self.by_period):
            if row.side == "numerator" or self.sign > 0:
                yield row


def _counted(
    part: FormulaPart, rows: Sequence[_Read], lead: tuple[str, ...], sign: int, *, by_period: bool
) -> Iterator[Counted]:
    """What the rows of one part add to each of its sides; nothing for a side that does not add up row by row."""
    at = 0
    for name, side in part.sides.items():
        terms = range(at, at + len(side.terms))
        at = terms.stop
        factors = coefficients(side)
        if factors is None:
            continue
        plain = [(n, terms[n], f) for n, f in factors.items() if not side.terms[n].distinct]
        if plain or not side.terms:
            for row in rows:
                amount = sum((f * _taken(side.terms[n], row.values[c]) for n, c, f in plain), Decimal(0))
                key = (*lead, row.period if by_period else "", row.unit_code, *row.keys)
                yield row.counted(name, part, key, sign * amount)
        for n, factor in factors.items():
            if side.terms[n].distinct:
                yield from _by_value(
                    name, part, rows, terms[n], side.terms[n], (*lead, str(n)), sign * factor
                )


def _by_value(
    name: SideName,
    part: FormulaPart,
    rows: Iterable[_Read],
    column: int,
    term: Term,
    lead: tuple[str, ...],
    factor: Decimal,
) -> Iterator[Counted]:
    """Each distinct value once, at the first row that has it."""
    first: dict[Any, _Read] = {}
    for row in rows:
        if row.inside and row.values[column] is not None:
            first.setdefault(row.values[column], row)
    for value, row in first.items():
        yield row.counted(name, part, (DISTINCT, *lead, str(value)), factor * _taken(term, value))


def _taken(term: Term, value: Any) -> Decimal:
    if value is None:
        return Decimal(0)
    return Decimal(1) if term.function == "count" else Decimal(value)


class _Read:
    """One row as `rows_statement` gives it."""

    def __init__(self, row: Sequence[Any], keys: int) -> None:
        period, submission, block, position, unit, leaf, cut, inside, taken, unknown = row[:ROW_COLUMNS]
        self.period, self.submission = str(period or ""), str(submission or "")
        self.block = int(block) if block is not None else -1
        self.position = int(position) if position is not None else -1
        self.unit_code, self.leaf = str(unit or ""), str(leaf or "")
        self.slice = str(cut) if cut is not None else ""
        self.inside = bool(inside)
        self._taken, self._unknown = bool(taken), bool(unknown)
        self.keys = tuple(str(key or "") for key in row[ROW_COLUMNS : ROW_COLUMNS + keys])
        self.values: Sequence[Any] = row[ROW_COLUMNS + keys :]

    def elsewhere(self) -> _Read:
        """Return the row as a slice sees it that it does not lie in: it adds nothing."""
        other = copy(self)
        other.values, other._taken = (None,) * len(self.values), False
        return other

    def counted(self, side: SideName, part: FormulaPart, key: tuple[str, ...], amount: Decimal) -> Counted:
        """Return what it adds to a side; nothing where its unit is not covered."""
        state: State = "unknown" if self._unknown else "counted" if self._taken else "other"
        return Counted(
            side,
            key,
            part.relation,
            self.period,
            self.submission,
            self.block,
            self.position,
            self.unit_code,
            self.leaf,
            state if self.inside else "outside",
            amount if self.inside else Decimal(0),
            part.fields,
        )


def coefficients(side: FormulaSide) -> dict[int, Decimal] | None:
    """Return term → factor where a side is a sum of counts and sums (with factors); None where it is anything else."""
    if any(term.function in ("min", "max") for term in side.terms):
        return None
    factors: dict[int, Decimal] = defaultdict(Decimal)
    return dict(factors) if _linear(engine.parsed(side.text), Decimal(1), factors) else None


def _linear(node: exp.Expression, factor: Decimal, found: dict[int, Decimal]) -> bool:
    node = bare(node)
    if isinstance(node, exp.Column):
        found[int(node.name.strip("_").removeprefix("term"))] += factor
        return True
    if isinstance(node, exp.Neg):
        return _linear(node.this, -factor, found)
    if isinstance(node, (exp.Add, exp.Sub)):
        second = factor if isinstance(node, exp.Add) else -factor
        return _linear(node.this, factor, found) and _linear(node.expression, second, found)
    if isinstance(node, exp.Mul):
        for number, other in ((node.this, node.expression), (node.expression, node.this)):
            number = bare(number)
            if isinstance(number, exp.Literal) and not number.is_string:
                return _linear(other, factor * Decimal(number.this), found)
    return False
