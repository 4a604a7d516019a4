"""The sums every figure rests on: first all that is wanted is noted down, then it is fetched with as few statements as possible.

Indicators over the same rows share one statement; the same sum wanted twice (a current value and the current side of a
comparison on the same units) is fetched once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from ruralpb.core.periods import Period
from ruralpb.model import Indicator, Level
from ruralpb.rules.indicators.compiled import Formulas
from ruralpb.rules.indicators.contribution import RowsOf, Sums, read_sums, source, sums_statement
from ruralpb.rules.indicators.coverage import Coverage, Presence, Queries
from ruralpb.rules.indicators.formula import Formula, FormulaPart, SideName

PER_STATEMENT = 16
"""How much one statement may weigh, an indicator being 1 and a SELECT inside it another: the cost of planning grows faster
than the number of subqueries, so that a few statements are cheaper than one."""

Key = tuple[str, str | None]
"""Unit code and slice."""


@dataclass(frozen=True, slots=True)
class Amount:
    """Numerator and denominator of one unit (and slice) before division. `unknown` rows were left out; `blind`: all were; so were `suspect`
    ones, where they are not to count."""

    numerator: Decimal | None
    denominator: Decimal | None
    unknown: int = 0
    blind: bool = False
    suspect: int = 0

    def minus(self, other: Amount) -> Amount:
        """Return the single period between two cumulative amounts; the denominator stays this one's."""
        both = self.numerator is not None and other.numerator is not None
        return Amount(
            self.numerator - other.numerator if both else None,  # type: ignore[operator]
            self.denominator,
            self.unknown + other.unknown,
            self.blind or other.blind,
            self.suspect + other.suspect,
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """One formula over the rows of some periods, without the leaves `outside` its coverage."""

    formula: Formula
    rows: tuple[Period, ...]
    outside: frozenset[str]
    by_village: bool


class Totals:
    """Notes what is wanted (`want`), fetches it (`fetch`), gives it back (`amount`, `slices`)."""

    def __init__(
        self,
        formulas: Formulas,
        presence: Presence,
        levels: Sequence[Level],
        queries: Queries,
        within: str = "",
    ) -> None:
        """`within` is a condition on the rows' units: only the rows of a cut are added up."""
        self._formulas = formulas
        self._presence = presence
        self._levels = tuple(levels)
        self._queries = queries
        self._within = within
        self._sources: dict[Wanted, tuple[tuple[FormulaPart, RowsOf], ...]] = {}
        self._sums: dict[tuple[RowsOf, FormulaPart], dict[Key, Sums]] = {}
        self._pending: dict[RowsOf, dict[FormulaPart, None]] = {}

    def formula(self, indicator: Indicator, at: Period, standards_on: date, by: str = "") -> Formula:
        """Return the indicator's formula with the parameters of `at` and the standards of a day, compiled once."""
        return self._formulas.formula(indicator, at, standards_on, by)

    def want(self, formula: Formula, rows: Sequence[Period], coverage: Coverage) -> Wanted:
        """Note that `formula` is wanted over the rows of the periods `rows` within `coverage`."""
        wanted = Wanted(formula, tuple(rows), coverage.outside, coverage.by_village)
        if wanted not in self._sources:
            sources = tuple(
                (part, replace(source_of(self._presence, part, rows, coverage), within=self._within))
                for part in formula.parts
            )
            self._sources[wanted] = sources
            for part, where in sources:
                if (where, part) not in self._sums:
                    self._pending.setdefault(where, {})[part] = None
        return wanted

    def fetch(self) -> None:
        """Run the statements for everything noted since the last time."""
        asked = [(where, batch) for where, parts in self._pending.items() for batch in _batches(parts)]
        answers = self._queries([sums_statement(where, batch, self._levels) for where, batch in asked])
        for (where, batch), rows in zip(asked, answers, strict=True):
            for part, sums in zip(batch, read_sums(rows, where, batch, self._levels), strict=True):
                self._sums[where, part] = sums
        self._pending = {}

    def amount(self, wanted: Wanted, unit: str, cut: str | None = None) -> Amount:
        """Return what was wanted for one unit (and slice); a unit without rows has sums of 0."""
        summands: list[Decimal | None] = []
        denominator: Decimal | None = None
        unknown, blind, suspect = 0, False, 0
        for part, where in self._sources[wanted]:
            sums = self._sums[where, part]
            total = sums.get((unit, cut if where.by else None)) or _nothing(part, sums.get((unit, None)))
            if "numerator" in part.sides:
                summands.append(total.numerator)
            if "denominator" in part.sides:
                denominator = total.denominator
            unknown += total.unknown
            suspect += total.suspect
            blind = blind or total.blind
        summed = [summand for summand in summands if summand is not None]
        whole = sum(summed, Decimal(0)) if summands and len(summed) == len(summands) else None
        return Amount(whole, denominator, unknown, blind, suspect)

    def slices(self, wanted: Wanted) -> dict[str, None]:
        """Return the slices found for any unit."""
        return {
            cut: None
            for part, where in self._sources[wanted]
            if where.by
            for _, cut in self._sums[where, part]
            if cut is not None
        }


def _batches(parts: Iterable[FormulaPart]) -> Iterator[list[FormulaPart]]:
    batch: list[FormulaPart] = []
    weight = 0
    for part in parts:
        if batch and weight + part.weight + 1 > PER_STATEMENT:
            yield batch
            batch, weight = [], 0
        batch.append(part)
        weight += part.weight + 1
    if batch:
        yield batch


def source_of(presence: Presence, part: FormulaPart, rows: Sequence[Period], coverage: Coverage) -> RowsOf:
    """Return the rows of `part` within `coverage`: in the periods `rows`, without the leaves outside that have any.

    Where villages are counted, a township (or its row about no village) counts when any of its villages is present.
    """
    if not coverage.by_village:
        outside: Set[str] = coverage.outside
        if part.of_period:
            outside = outside & presence.leaves(part.relation, rows, False)
        return source(part, rows, False, outside)
    if part.relation == "ref_township":
        return source(part, rows, False, coverage.absent)
    if part.of_period and presence.is_by_village(part.relation):
        outside = coverage.outside & presence.leaves(part.relation, rows, True)
        return source(part, rows, True, _with_predecessors(presence, outside))
    absent = _with_predecessors(presence, coverage.absent) if part.of_period else ()
    return source(part, rows, True, _with_predecessors(presence, coverage.outside), absent)


def _with_predecessors(presence: Presence, codes: Iterable[str]) -> Set[str]:
    return {code for counted in codes for code in presence.then(counted)}


def _nothing(part: FormulaPart, classless: Sums | None) -> Sums:
    """The sums over no rows: 0 for counts and sums, none for an extreme. For a slice, the unit's rows without a class
    might belong to it."""

    def empty(side: SideName) -> Decimal | None:
        side_sums = part.sides.get(side)
        if side_sums is None or any(term.function in ("min", "max") for term in side_sums.terms):
            return None
        return Decimal(0)

    unknown, blind = (classless.unknown, classless.blind) if classless else (0, False)
    return Sums(empty("numerator"), empty("denominator"), unknown, blind)
