"""The way back from a figure: the rows behind it, the SQL that was run, its formula in words and the standards it rests on.

Nothing is stored for this: a figure's rows are found by running its own condition again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from ruralpb.core.periods import Period
from ruralpb.core.sql import identifier, literal
from ruralpb.model import Level, StandardsOn
from ruralpb.rules import engine
from ruralpb.rules.expressions import formula as formula_in_words
from ruralpb.rules.indicators.compiled import Formulas
from ruralpb.rules.indicators.contribution import RowsBelow, rows_statement, sums_statement
from ruralpb.rules.indicators.coverage import Presence, Query, one_by_one
from ruralpb.rules.indicators.formula import Formula, FormulaPart, SideName
from ruralpb.rules.indicators.series import QUARTER, Planner
from ruralpb.rules.indicators.totals import Totals, source_of

Outcome = Literal["counted", "other", "unknown"]
"""The row counts in the side; it is among the rows but its filter leaves it out; something it needs is unknown (S4)."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """One row behind a figure, for one side of it. A row of the register has no submission (block and position -1).
    `sign` is -1 for the earlier quarter that a single quarter subtracts."""

    side: SideName
    outcome: Outcome
    relation: str
    period: str
    submission: str
    block: int
    position: int
    unit_code: str
    fields: tuple[str, ...]
    sign: Literal[1, -1] = 1
    cut: str = ""
    """The slice the row lies in, where the figure is broken down; "" where that is unknown."""


@dataclass(frozen=True, slots=True)
class StandardUsed:
    """A standard a figure rests on: its value on the day, since when, from which source, checked when."""

    id: str
    title: str
    value: str
    start: date | None
    source: str
    checked_on: date | None


@dataclass(frozen=True, slots=True)
class FigureExplanation:
    """How a figure is made: one SQL text for each relation it adds up, the formula in Chinese titles, its standards."""

    sql: tuple[str, ...]
    sentence: str
    standards: tuple[StandardUsed, ...]


@dataclass(frozen=True, slots=True)
class LineageStatement:
    """One statement whose rows stand behind a figure, and what they are rows of."""

    sql: str
    part: FormulaPart
    sign: Literal[1, -1]

    def contributions(self, rows: Iterable[tuple[object, ...]]) -> list[Contribution]:
        """Return the rows that `sql` gave, as what they contribute."""
        return list(_contributions(self.part, rows, self.sign))


class FigureLineage:
    """The way back from the figures of one period: what many figures share is asked of the database once."""

    def __init__(self, formulas: Formulas, period: Period, query: Query) -> None:
        self._formulas, self._period, self._query = formulas, period, query
        self._library, self._register = formulas.library, formulas.register
        self._planners: dict[Level, tuple[Totals, Planner]] = {}

    def rows(self, indicator: str, unit_code: str, cut_by: str = "") -> list[Contribution]:
        """Return the rows behind the figure `indicator` (an id, or `<id>.quarter`) of a unit: those that count in its
        numerator or denominator, those among them that a filter leaves out, and those that are unknown.

        `cut_by` is the key of the value's slice: then the rows of all slices come, each with its own. A derived indicator
        has no rows of its own: ask for those it names. Raises KeyError for an unknown indicator.
        """
        statements = self.statements(indicator, unit_code, cut_by)
        return [row for ask in statements for row in ask.contributions(self._query(ask.sql))]

    def statements(self, indicator: str, unit_code: str, cut_by: str = "") -> list[LineageStatement]:
        """Return the statements that give `rows`, for a caller that runs those of many figures together."""
        defined = self._library.indicators[indicator.removesuffix(QUARTER)]
        unit = self._register.get(unit_code, self._period.end)
        if defined.derived or unit is None:
            return []
        by = cut_by if cut_by in defined.by else ""
        totals, planner = self._shared(unit.level)
        spans = planner.spans(defined, self._period, indicator.endswith(QUARTER))
        coverage = planner.coverage(defined, spans, by)
        below = RowsBelow(unit.level, unit_code)
        asked: list[LineageStatement] = []
        for number, span in enumerate(spans):
            for part in totals.formula(defined, span.at, self._period.end, by).parts:
                rows = source_of(planner.presence, part, span.rows, coverage)
                asked.append(LineageStatement(rows_statement(rows, part, below), part, -1 if number else 1))
        return asked

    def looked_at(self, indicator: str) -> list[Contribution]:
        """Return the rows that a figure was computed over, where none counts in it: those of its form for a zero, those of
        the forms it reads for a figure over the register. Their outcome is "other"."""
        defined = self._library.indicators[indicator.removesuffix(QUARTER)]
        if defined.derived:
            return []
        totals, planner = self._shared("county")
        rows_read: list[Contribution] = []
        for span in planner.spans(defined, self._period, indicator.endswith(QUARTER)):
            formula = totals.formula(defined, span.at, self._period.end)
            wanted: dict[tuple[str, Period], tuple[str, ...]] = dict.fromkeys(formula.reads, ())
            for part in formula.parts:
                for at in span.rows:
                    wanted[part.relation, at] = (*wanted.get((part.relation, at), ()), *part.fields)
            for (relation, at), fields in sorted(wanted.items(), key=lambda item: (item[0][0], item[0][1])):
                if relation in self._library.forms:
                    rows_read += self._rows_of(relation, at, tuple(dict.fromkeys(fields)))
        return rows_read

    def explanation(
        self, indicator: str, levels: Sequence[Level] = ("county", "township")
    ) -> FigureExplanation:
        """Return the SQL that computes an indicator (or `<id>.quarter`) for `levels`, its formula in words, its standards.

        Raises KeyError for an unknown indicator.
        """
        library, period = self._library, self._period
        defined = library.indicators[indicator.removesuffix(QUARTER)]
        if defined.derived:
            return FigureExplanation((), formula_in_words(defined, library), ())
        totals, planner = self._planner(levels)
        spans = planner.spans(defined, period, indicator.endswith(QUARTER))
        coverage = planner.coverage(defined, spans, "")
        texts = []
        for span in spans:
            for part in totals.formula(defined, span.at, period.end).parts:
                rows = source_of(planner.presence, part, span.rows, coverage)
                texts.append(sums_statement(rows, [part], levels))
        formula = totals.formula(defined, period, period.end)
        return FigureExplanation(
            tuple(texts),
            formula_in_words(defined, library),
            tuple(_standards(self._formulas, formula, period)),
        )

    def _shared(self, level: Level) -> tuple[Totals, Planner]:
        if level not in self._planners:
            self._planners[level] = self._planner((level,))
        return self._planners[level]

    def _planner(self, levels: Sequence[Level]) -> tuple[Totals, Planner]:
        presence = Presence(self._library, self._register, self._period, self._query)
        totals = Totals(self._formulas, presence, levels, one_by_one(self._query))
        return totals, Planner(self._library, self._period, presence, totals)

    def _rows_of(self, form: str, at: Period, fields: tuple[str, ...]) -> Iterator[Contribution]:
        text = engine.statement("rows_of_period", rows=identifier(form), period=literal(at.label))
        for submission, block, position, unit in self._query(text):
            yield Contribution(
                "numerator", "other", form, at.label, submission, block, position, unit or "", fields
            )


def _contributions(
    part: FormulaPart, rows: Iterable[tuple[Any, ...]], sign: Literal[1, -1]
) -> Iterator[Contribution]:
    relation, fields, by = part.relation, part.fields, bool(part.by)
    for period, submission, block, position, unit, _, cut, _, _, unknown, *counts in rows:
        is_unknown = bool(unknown) or (by and cut is None)
        for side, counted in zip(part.sides, counts, strict=True):
            yield Contribution(
                side,
                "unknown" if is_unknown else "counted" if counted else "other",
                relation,
                str(period or ""),
                str(submission or ""),
                -1 if block is None else block,
                -1 if position is None else position,
                str(unit or ""),
                fields,
                sign,
                str(cut or "") if by else "",
            )


def _standards(formulas: Formulas, formula: Formula, period: Period) -> Iterator[StandardUsed]:
    """Each value that is in force for some unit; a standard that is not once, without one."""
    library = formulas.library
    in_force = StandardsOn(library.standards, formulas.register, period.end)
    used = ((name, each.value) for name in formula.standards for each in in_force.each(name))
    for name, value in used:
        standard = library.standards[name]
        if value is None:
            yield StandardUsed(name, standard.title, "", None, "", None)
            continue
        text = (
            "、".join(b.title for b in value.value)
            if isinstance(value.value, tuple)
            else f"{value.value}{standard.measure}"
        )
        yield StandardUsed(name, standard.title, text, value.start, value.source, value.checked_on)
