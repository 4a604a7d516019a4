"""Who is covered by a figure, out of whom (semantics S4, S5): sets of codes, all in terms of the units valid on the day the
figures are for.

A *leaf* is what coverage counts: a village for forms with one row a village, else a reporter. It is *expected* when it
owes the form in the period, and *present* when every form and period the expression reads is there. A merged unit is
present in an earlier period when all of its predecessors of that time are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from ruralpb.core.periods import Period
from ruralpb.core.sql import identifier
from ruralpb.model import Form, Library, Register
from ruralpb.rules import engine

Query = Callable[[str], list[tuple[Any, ...]]]
"""Runs one statement of the session and returns its rows."""

Queries = Callable[[Sequence[str]], list[list[tuple[Any, ...]]]]
"""Runs several statements, which do not wait for one another, and returns the rows of each in their order."""


def one_by_one(query: Query) -> Queries:
    """Return what runs several statements, one after another, for a caller that has but `query`."""
    return lambda statements: [query(statement) for statement in statements]


Read = tuple[str, Period]
"""A form and a period that an expression reads."""

Return = tuple[str, str, str]
"""Reporter, form, period label."""


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """The leaves of one figure. `present` may hold leaves that are not expected (a return that nobody owed): their rows
    count, coverage does not mention them. `universe` is every leaf there could be rows of. `Presence` makes each one
    once, so that they are told apart by identity."""

    by_village: bool
    expected: frozenset[str]
    present: frozenset[str]
    universe: frozenset[str]
    reporters: Mapping[str, str]
    """Leaf → the reporter that owes its rows."""
    reads: frozenset[Read]

    @property
    def covered(self) -> frozenset[str]:
        """The expected leaves that are present."""
        return self.expected & self.present

    @property
    def absent(self) -> frozenset[str]:
        """The reporters none of whose leaves is present."""
        return frozenset(self.reporters.values()) - {self.reporters.get(leaf, leaf) for leaf in self.present}

    @property
    def outside(self) -> frozenset[str]:
        """The leaves whose rows are left out: something that the expression reads is not there."""
        return self.universe - self.present


@dataclass(frozen=True, slots=True)
class Tally:
    """Coverage of one unit: counts of leaves, the codes that are missing (a reporter whose return is, or a village that a
    present return left out) and how many of the period's returns behind the figure are not accepted."""

    covered: int = 0
    expected: int = 0
    missing: tuple[str, ...] = ()
    unaccepted: int = 0


class Presence:
    """What the session holds: who returned what, who owed what, which villages have rows, who counts for whom."""

    def __init__(
        self,
        library: Library,
        register: Register,
        period: Period,
        query: Query,
        within: Set[str] | None = None,
    ) -> None:
        """`within`: the units of a cut; of others nothing is expected. Offices are of every cut."""
        self._library = library
        self.register = register
        self._period = period
        self._query = query
        self._within = within
        self._villages: dict[str, dict[str, dict[str, int]]] = {}
        self._coverage: dict[tuple[str, frozenset[Read]], Coverage] = {}
        self._common: dict[tuple[Coverage, ...], Coverage] = {}
        self._paths: dict[str, tuple[str, ...]] = {}
        self._townships: dict[str, str] = {}

    # ------------------------------------------------------------------------------------------ what is there

    @cached_property
    def _merged(self) -> Mapping[str, str]:
        """Code → who counts for it now, where that is another unit."""
        rows = self._query(engine.statement("register_merged"))
        return {code: now for code, now in rows if now}

    @cached_property
    def _predecessors(self) -> Mapping[str, list[str]]:
        predecessors: dict[str, list[str]] = defaultdict(list)
        for code, now in self._merged.items():
            predecessors[now].append(code)
        return predecessors

    @cached_property
    def _returned(self) -> Mapping[tuple[str, str], Set[str]]:
        """(form, period label) → the reporters, by their codes of that time, with a current submission."""
        returned: dict[tuple[str, str], set[str]] = defaultdict(set)
        for form, period, reporter in self._query(engine.statement("returned")):
            returned[form, period].add(reporter)
        return returned

    @cached_property
    def _due(self) -> Mapping[tuple[str, str], Set[str]]:
        """(form, period label) → the reporters that owe it, as of today's units."""
        due: dict[tuple[str, str], set[str]] = defaultdict(set)
        for form, period, reporter in self._query(engine.statement("due")):
            due[form, period].add(self.now(reporter))
        return due

    def _rows(self, form: str) -> Mapping[str, Mapping[str, int]]:
        """Period label → village (of today) → how many rows the form has for it."""
        if form not in self._villages:
            found: dict[str, dict[str, int]] = defaultdict(dict)
            counts = engine.statement("village_rows", rows=identifier(form))
            for period, code, rows in self._query(counts):
                if code:
                    found[period][code] = rows
            self._villages[form] = found
        return self._villages[form]

    def now(self, code: str) -> str:
        """Who counts for `code` on the day of the figures."""
        return self._merged.get(code, code)

    def then(self, code: str) -> tuple[str, ...]:
        """`code` and every code it counts for now."""
        return (code, *self._predecessors.get(code, ()))

    def leaves(self, form: str, rows: Iterable[Period], by_village: bool) -> Set[str]:
        """Return the leaves of which `form` has (or may have) rows in the periods `rows`."""
        if not by_village:
            return {self.now(c) for p in rows for c in self._returned.get((form, p.label), ())}
        return {code for p in rows for code in self._rows(form).get(p.label, ())}

    def has_return(self, reporter: str, form: str, period: Period) -> bool:
        """True when the reporter, or all it was made of then, returned the form. An office that does not owe it is
        not waited for (S3); a township that does not is simply not there."""
        due = self._due.get((form, period.label))
        if due and reporter not in due and self._level(reporter) == "office":
            return True
        return self._made_of(reporter, period) <= self._returned.get((form, period.label), frozenset())

    def _made_of(self, code: str, period: Period) -> frozenset[str]:
        """The codes whose data make up those of `code` in `period`: its predecessors valid then; mostly itself."""
        if code not in self._predecessors:
            return frozenset((code,))
        valid = frozenset(c for c in self.then(code) if self.register.get(c, period.end))
        return valid or frozenset((code,))

    def _is_there(self, village: str, reporter: str, read: Read) -> bool:
        form, period = read
        if not self._library.forms[form].village_row:
            return self.has_return(reporter, form, period)
        # rows bear today's codes, so a merged village's predecessors are told by their number
        rows = self._rows(form).get(period.label, {}).get(village, 0)
        return rows >= len(self._made_of(village, period))

    # ------------------------------------------------------------------------------------------ coverage of an expression

    def is_by_village(self, relation: str) -> bool:
        """True when every village owes a row of the form."""
        form = self._library.forms.get(relation)
        return form is not None and form.village_row

    def coverage(self, relation: str, rows: Sequence[Period], reads: frozenset[Read]) -> Coverage:
        """Return the coverage of an expression over the rows of `relation` (a form, or a register view) in the periods
        `rows`, that besides reads `reads`. Expected is who owes the form in the last of the periods."""
        form = self._library.forms.get(relation)
        whole = reads if form is None else reads | {(relation, period) for period in rows}
        key = (relation, whole)
        if key not in self._coverage:
            if form is not None and form.village_row:
                self._coverage[key] = self._of_villages(form, rows[-1], whole)
            else:
                self._coverage[key] = self._of_reporters(relation, rows[-1], whole)
        return self._coverage[key]

    def common(self, first: Coverage, *others: Coverage) -> Coverage:
        """Return the coverage of a comparison: what `first` expects, present in it and in each of `others`."""
        if not others:
            return first
        key = (first, *others)
        if key not in self._common:
            self._common[key] = replace(
                first,
                present=first.present.intersection(*(other.present for other in others)),
                universe=first.universe.union(*(other.universe for other in others)),
                reads=first.reads.union(*(other.reads for other in others)),
            )
        return self._common[key]

    def _of_villages(self, form: Form, period: Period, reads: frozenset[Read]) -> Coverage:
        due = self._due.get((form.id, period.label), set())
        townships = {code for code in due if self._level(code) == "township"}
        reporters = {}
        expected = set()
        for village in self.register.on(self._period.end, "village"):
            township = self._township(village.code)
            reporters[village.code] = township if townships or not due else min(due)
            is_owed = not townships or township in townships
            if (
                is_owed
                and self._is_within(village.code)
                and (not form.village_kinds or village.kind in form.village_kinds)
            ):
                expected.add(village.code)
        universe = reporters.keys() | {v for villages in self._rows(form.id).values() for v in villages}
        present = {
            v for v in universe if all(self._is_there(v, reporters.get(v, ""), read) for read in reads)
        }
        return Coverage(True, frozenset(expected), frozenset(present), frozenset(universe), reporters, reads)

    def _of_reporters(self, relation: str, period: Period, reads: frozenset[Read]) -> Coverage:
        townships = {unit.code for unit in self.register.on(self._period.end, "township")}
        forms = {form for form, _ in reads}
        seen = {self.now(c) for (form, _), codes in self._returned_of(forms) for c in codes}
        if relation in self._library.forms:
            owed = self._due.get((relation, period.label)) or self.leaves(relation, (period,), False)
        else:  # a register view: its units report through their townships
            owed = {
                c for form, p in reads for c in self._due.get((form, p.label), ())
            } & townships or townships
        universe = seen | townships | owed
        present = {code for code in universe if all(self.has_return(code, form, p) for form, p in reads)}
        reporters = {code: code for code in universe}
        expected = frozenset(code for code in owed if self._is_within(code) or self._level(code) == "office")
        return Coverage(False, expected, frozenset(present), frozenset(universe), reporters, reads)

    def _is_within(self, code: str) -> bool:
        return self._within is None or code in self._within

    def _returned_of(self, forms: Set[str]) -> Iterable[tuple[tuple[str, str], Set[str]]]:
        return ((key, codes) for key, codes in self._returned.items() if key[0] in forms)

    # ------------------------------------------------------------------------------------------ coverage of a unit

    def tallies(self, coverage: Coverage, accepted: Set[Return] | None = None) -> Mapping[str, Tally]:
        """Return the coverage of every unit that a leaf rolls up to. `accepted` are the accepted returns of the period."""
        covered = coverage.covered
        here: dict[str, int] = defaultdict(int)
        owed: dict[str, int] = defaultdict(int)
        missing: dict[str, dict[str, None]] = defaultdict(dict)
        rests_on: dict[str, set[str]] = defaultdict(set)
        for leaf in sorted(coverage.expected):
            reporter = coverage.reporters.get(leaf, leaf)
            blamed = "" if leaf in covered else self._missing(leaf, reporter, coverage)
            for unit in self.path(leaf):
                owed[unit] += 1
                if blamed:
                    missing[unit][blamed] = None
                else:
                    here[unit] += 1
                    rests_on[unit].add(reporter)
        open_returns = {
            r: self._not_accepted(r, coverage, accepted) for r in set(coverage.reporters.values())
        }
        return {
            unit: Tally(
                here[unit], count, tuple(missing[unit]), sum(open_returns.get(r, 0) for r in rests_on[unit])
            )
            for unit, count in owed.items()
        }

    def tally(self, tallies: Mapping[str, Tally], coverage: Coverage, unit: str) -> Tally:
        """Return the coverage of `unit`: its own, or for a unit below the reporters (a village, for a form that is not
        by village) that of its township."""
        if unit in tallies or coverage.by_village:
            return tallies.get(unit, Tally())
        return tallies.get(self._township(unit), Tally())

    def _missing(self, leaf: str, reporter: str, coverage: Coverage) -> str:
        returned = all(self.has_return(reporter, form, period) for form, period in coverage.reads)
        return leaf if returned else reporter

    def _not_accepted(self, reporter: str, coverage: Coverage, accepted: Set[Return] | None) -> int:
        if accepted is None:
            return 0
        now = [form for form, period in coverage.reads if period == self._period]
        label = self._period.label
        return sum(
            reporter in self._returned.get((form, label), ()) and (reporter, form, label) not in accepted
            for form in now
        )

    # ------------------------------------------------------------------------------------------ the register

    def path(self, code: str) -> tuple[str, ...]:
        """The unit's code and those above it on the day of the figures."""
        if code not in self._paths:
            self._paths[code] = self.register.path(code, self._period.end)
        return self._paths[code]

    def _level(self, code: str) -> str:
        unit = self.register.get(code, self._period.end)
        return unit.level if unit else ""

    def _township(self, code: str) -> str:
        if code not in self._townships:
            above = (c for c in self.path(code) if self._level(c) == "township")
            self._townships[code] = next(above, "")
        return self._townships[code]
