"""动态监测·销号管理: what is watched, from the rows of every period up to the one asked for.

    监测中 ──▶ 待验收 ──▶ 已销号 ──▶ (反弹) 监测中

A subject is a form's row by its key, followed through the periods; a merged village is followed under its successor. The state is what
the township reported; what does not fit (cleared without evidence, gone without being cleared, overdue)
is said beside it and changes nothing. Acceptance within a quarter is not seen from outside, so clearing without 待验收 is no fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Any

from ruralpb.core.periods import Period
from ruralpb.core.periods import find as find_period
from ruralpb.core.problems import Problem
from ruralpb.model import Entry, Fault, Library, Register, Watch, WatchState
from ruralpb.rules.expressions import Scope
from ruralpb.rules.registers.selected import Cell, Queries, RowsQuery, RowsWanted, Selected, rows_query


def periods_watched(labels: Iterable[str], last: Period) -> list[Period]:
    """Return those of the stored periods that are of the kind of `last` and no later, earliest first; `last` is always among them."""
    stored = {period for period in map(find_period, labels) if period is not None}
    earlier = {period for period in stored if period.kind == last.kind and period.end <= last.end}
    return sorted(earlier | {last}, key=lambda period: period.end)


def reporters_of(form: str, returned: Iterable[tuple[str, str, str]]) -> dict[str, frozenset[str]]:
    """Return label of a period → the reporters of `form` in it; `returned` are (form, label, reporter) of every current return."""
    reporters: dict[str, set[str]] = {}
    for returned_form, label, reporter in returned:
        if returned_form == form:
            reporters.setdefault(label, set()).add(reporter)
    return {label: frozenset(codes) for label, codes in reporters.items()}


def register_of(
    watch: Watch,
    library: Library,
    register: Register | None,
    periods: Sequence[Period],
    returned: Mapping[str, frozenset[str]],
    queries: Queries,
) -> tuple[list[Entry], list[Problem]]:
    """Return the register of a watch at the end of the last of `periods` (consecutive reports of one kind, earliest first): every subject
    that was ever watched, and the problems with the definition.

    `returned`: label of a period → reporters with a current return of the form; a reporter that is not among them says nothing.
    """
    # Where nobody returned the form there is no row; the last period is asked anyway, for what is wrong with the definition.
    asked = [p for p in periods if returned.get(p.label) or p == periods[-1]]
    # Of the periods before, the states alone: what else a row says is asked where it is the last one of its subject.
    rows, problems = _rows(watch, library, register, [(p, p == periods[-1]) for p in asked], queries)
    if problems:
        return [], problems
    spells: dict[tuple[str, str], _Subject] = {}
    for period, row in rows:
        state = _state(row)
        if state is not None:
            row = _followed(row, library, watch, register, period)
            spells.setdefault((row.reporter_code, row.key), _Subject()).add(period, state, row)
    ended = {subject.last for subject in spells.values()} - {periods[-1]}
    rows, problems = _rows(watch, library, register, [(p, True) for p in asked if p in ended], queries)
    if problems:
        return [], problems
    values_of = {(period, row.cell): row.values for period, row in rows}
    for subject in spells.values():
        subject.told(values_of)
    last = periods[-1]
    entries = [
        subject.entry(watch, last, returned.get(last.label, frozenset())) for subject in spells.values()
    ]
    return sorted(entries, key=_order), []


def _rows(
    watch: Watch,
    library: Library,
    register: Register | None,
    asked: Sequence[tuple[Period, bool]],
    queries: Queries,
) -> tuple[list[tuple[Period, Selected]], list[Problem]]:
    """Return the rows of each period: their states, and with True all that a register shows of them."""
    asked_rows: list[tuple[Period, RowsQuery]] = []
    for period, everything in asked:
        found, problems = _rows_query(watch, library, register, period, everything)
        if found is None:
            return [], problems
        asked_rows.append((period, found))
    answers = queries([found.sql for _, found in asked_rows])
    both = zip(asked_rows, answers, strict=True)
    return [(period, row) for (period, found), answer in both for row in found.rows(answer)], []


def _rows_query(
    watch: Watch, library: Library, register: Register | None, period: Period, everything: bool
) -> tuple[RowsQuery | None, list[Problem]]:
    form = library.forms[watch.form]
    named = "village" if "village" in form.by_id else form.key[0]
    states = {"_watched": watch.watched, "_awaiting": watch.awaiting, "_cleared": watch.cleared}
    shown = {
        "_subject": watch.subject or named,
        "_opened": watch.opened_on,
        "_due": watch.due_on,
        "_cleared_on": watch.cleared_on,
        "_evidence": watch.evidence,
        **watch.show,
    }
    wanted = {**states, **shown} if everything else states
    scope = Scope(library, watch.form, period, register=register, where=watch.defined_at)
    return rows_query(RowsWanted(wanted, watch.where), scope)


def _followed(
    row: Selected, library: Library, watch: Watch, register: Register | None, period: Period
) -> Selected:
    """The row under the village that counts for its own today, where the form has one row a village."""
    if register is None or not library.forms[watch.form].village_row:
        return row
    now = register.successor(row.unit_code, period.end) or row.unit_code
    return Selected(row.cell, row.reporter_code, now, row.township_code, now, row.values)


def _state(row: Selected) -> WatchState | None:
    for name in ("cleared", "awaiting", "watched"):
        if row.values.get(f"_{name}"):
            return name
    return None


class _Subject:
    """One subject while its periods are walked."""

    def __init__(self) -> None:
        self.history: list[tuple[Period, WatchState, Selected]] = []

    def add(self, period: Period, state: WatchState, row: Selected) -> None:
        if self.history and self.history[-1][0] == period:
            # Two predecessors of a merged village: it is watched as long as one of them is.
            other = self.history.pop()
            order = ("watched", "awaiting", "cleared")
            state, row = min(((state, row), other[1:]), key=lambda one: order.index(one[0]))
        self.history.append((period, state, row))

    @property
    def last(self) -> Period:
        """The last period that says anything of it."""
        return self.history[-1][0]

    def told(self, said: Mapping[tuple[Period, Cell | None], Mapping[str, Any]]) -> None:
        """Put what the last row says of it in the place of its state alone, where that is among `said` (by period and row)."""
        period, state, row = self.history[-1]
        if (period, row.cell) in said:
            self.history[-1] = (period, state, replace(row, values=said[period, row.cell]))

    def entry(self, watch: Watch, last: Period, returned: frozenset[str]) -> Entry:
        period, state, row = self.history[-1]
        states = [s for _, s, _ in self.history]
        is_start = [s != "cleared" and (i == 0 or states[i - 1] == "cleared") for i, s in enumerate(states)]
        begins = max((i for i, starts in enumerate(is_start) if starts), default=0)
        same = len(list(takewhile(lambda s: s == state, reversed(states))))
        since = self.history[-same][0]
        relapses = sum(is_start[1:])
        values, is_now = row.values, period == last
        opened = values.get("_opened") or self.history[begins][0].end
        due, evidence = values.get("_due"), str(values.get("_evidence") or "")
        cleared = (values.get("_cleared_on") or since.end) if state == "cleared" else None
        doubts: dict[Fault, bool] = {
            "relapsed": bool(relapses) and state != "cleared",
            "no-evidence": state == "cleared" and bool(watch.evidence) and not evidence,
            "vanished": not is_now and state != "cleared" and row.reporter_code in returned,
            "not-reported": not is_now and state != "cleared" and row.reporter_code not in returned,
            "overdue": due is not None and state != "cleared" and due < last.end,
        }
        return Entry(
            watch=watch.id,
            reporter_code=row.reporter_code,
            unit_code=row.unit_code,
            township_code=row.township_code,
            subject=str(values.get("_subject") or ""),
            state=state,
            since=since.label,
            opened=opened,
            due=due,
            cleared=cleared,
            evidence=evidence,
            relapses=relapses,
            faults=tuple(fault for fault, holds in doubts.items() if holds),
            shown={title: values.get(title) for title in watch.show},
            history=tuple((p.label, s) for p, s, _ in self.history),
            cell=row.cell if is_now else None,
        )


_STATES = ("watched", "awaiting", "cleared")


def _order(entry: Entry) -> tuple[object, ...]:
    return _STATES.index(entry.state), entry.township_code, entry.unit_code, entry.opened, entry.subject
