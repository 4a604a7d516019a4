"""Amendments against the store: which row of the current version each one is about now, and whether it holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ruralpb.model import (
    Amendment,
    Form,
    PlacedRow,
    ResolvedAmendment,
    SubmissionState,
    Version,
    journal_text,
    row_keys,
)
from ruralpb.store.schema import facts_table
from ruralpb.store.versions import rows_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def resolve(
    connection: DuckDBPyConnection,
    amendments: Sequence[Amendment],
    versions: Iterable[Version],
    states: Mapping[str, SubmissionState],
    forms: Mapping[str, Form],
) -> tuple[ResolvedAmendment, ...]:
    """Return how each amendment stands, in journal order: `lapsed` where no current row is the one it names, or that row reports another value
    than it did; `replaced` where a later one is about the same cell."""
    if not amendments:
        return ()
    rows = _Rows(connection, versions, states, forms)
    resolved = [rows.resolve(amendment) for amendment in amendments]
    last = {amended.cell: amended.amendment.id for amended in resolved if amended.state == "live"}
    return tuple(
        replace(amended, state="replaced")
        if amended.state == "live" and last[amended.cell] != amended.amendment.id
        else amended
        for amended in resolved
    )


class _Rows:
    """The rows of versions that amendments name, each version read once."""

    def __init__(
        self,
        connection: DuckDBPyConnection,
        versions: Iterable[Version],
        states: Mapping[str, SubmissionState],
        forms: Mapping[str, Form],
    ) -> None:
        self._connection, self._forms = connection, forms
        self._known = {version.id: version for version in versions}
        self._current = {v.of: v.id for v in self._known.values() if states[v.id] == "current"}
        self._blocks: dict[str, list[int]] = {}
        for receipt, block in connection.execute(
            "SELECT receipt, block FROM blocks ORDER BY block"
        ).fetchall():
            self._blocks.setdefault(receipt, []).append(block)
        tables = connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
        self._tables = {name for (name,) in tables}
        self._read: dict[str, list[PlacedRow]] = {}

    def resolve(self, amendment: Amendment) -> ResolvedAmendment:
        """Find the row of the current version."""
        version, form = self._known.get(amendment.submission), self._forms.get(amendment.form)
        current = self._current.get(version.of, "") if version else ""
        if form is None or amendment.field not in form.by_id or not current:
            return ResolvedAmendment(amendment, "lapsed")
        row = self._row(amendment, form, current)
        if row is None or journal_text(dict(row.content[2]).get(amendment.field)) != amendment.was:
            return ResolvedAmendment(amendment, "lapsed")
        return ResolvedAmendment(amendment, "live", current, row.block, row.position)

    def _row(self, amendment: Amendment, form: Form, current: str) -> PlacedRow | None:
        """The row itself where the current version still has it, else the one of the same key."""
        blocks = self._blocks.get(amendment.receipt, [])
        block = blocks[amendment.table] if amendment.table < len(blocks) else -1
        place = (block, amendment.position)
        now = self._rows(current, form)
        same_place = next((row for row in now if (row.block, row.position) == place), None)
        if same_place is not None or current == amendment.submission:
            return same_place
        before = self._rows(amendment.submission, form)
        keys = row_keys((row.content for row in before), form)
        wanted = next(
            (k for k, row in zip(keys, before, strict=True) if (row.block, row.position) == place), None
        )
        if wanted is None:
            return None
        keyed = dict(zip(row_keys((row.content for row in now), form), now, strict=True))
        return keyed.get(wanted)

    def _rows(self, submission: str, form: Form) -> list[PlacedRow]:
        if submission not in self._read:
            is_table = facts_table(form.id) in self._tables
            self._read[submission] = rows_of(self._connection, form.id, [submission]) if is_table else []
        return self._read[submission]
