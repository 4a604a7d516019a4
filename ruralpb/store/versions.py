"""Versions as they are stored: loading them, and the rows of those that a new batch is compared with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ruralpb.core.periods import Period
from ruralpb.model import (
    BatchVerdict,
    Decision,
    Form,
    IncomingTable,
    PlacedRow,
    Return,
    ReturnHistory,
    RowContent,
    StoredVersion,
    SubmissionState,
    Version,
    row_content,
)
from ruralpb.store.schema import FACT_COLUMNS, facts_table, quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_VERSIONS = """
SELECT submission, reporter_code, form, period_end, period_start, period_kind, version, batch, seq, received, decided, rows, nil
FROM submissions
"""

_IN_VERSION = """
members m JOIN {facts} f USING (block)
WHERE m.submission IN (SELECT unnest(?))
  AND NOT EXISTS (SELECT 1 FROM exclusions e
                  WHERE e.submission = m.submission AND e.block = f.block AND e.village_code = f.village_code)
"""


@dataclass(frozen=True, slots=True)
class ReturnRules:
    """What is decided about versions elsewhere and handed to the store, which only keeps them."""

    states: Callable[[Iterable[Version], Iterable[Decision]], dict[str, SubmissionState]]
    """Versions and the journal's decisions → version id → state (semantics S2)."""
    decide: Callable[
        [Sequence[IncomingTable], Mapping[Return, ReturnHistory], Mapping[str, Form]], BatchVerdict
    ]
    """The tables of one batch, what is stored of their returns, forms by id → what the batch becomes (semantics S1)."""


def load_versions(
    connection: DuckDBPyConnection, period: str = "", returns: Collection[Return] | None = None
) -> list[Version]:
    """Return the stored versions in journal order: all, those of one period (label), or those of some returns."""
    where, values = ("WHERE period = ?", [period]) if period else ("", [])
    if returns is not None:
        where = "WHERE reporter_code || '-' || form || '-' || period IN (SELECT unnest(?))"
        values = [[f"{r.reporter_code}-{r.form}-{r.period.label}" for r in returns]]  # type: ignore[list-item]
    order = "ORDER BY seq, reporter_code, form, period, version"
    rows = connection.execute(f"{_VERSIONS} {where} {order}", values).fetchall()
    if not rows:
        return []
    # Three plain questions: the engine takes longer to plan one with lists in it than to answer them.
    of = f"WHERE submission IN (SELECT submission FROM submissions {where})"
    members: dict[str, list[int]] = defaultdict(list)
    for submission, block in connection.execute(
        f"SELECT submission, block FROM members {of} ORDER BY block", values
    ).fetchall():
        members[submission].append(block)
    exclusions: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for submission, block, village in connection.execute(
        f"SELECT submission, block, village_code FROM exclusions {of} ORDER BY block, village_code", values
    ).fetchall():
        exclusions[submission].append((block, village))
    return [_version(row, members[row[0]], exclusions[row[0]]) for row in rows]


def histories(
    connection: DuckDBPyConnection,
    returns: Collection[Return],
    rules: ReturnRules,
    decisions: Iterable[Decision],
) -> dict[Return, ReturnHistory]:
    """Return what is stored of each of `returns` that has versions, with the rows of its current and held ones."""
    versions = load_versions(connection, returns=returns)
    state = rules.states(versions, decisions)
    needed = [v for v in versions if state[v.id] in ("current", "held")]
    rows = _rows(connection, needed)
    counts: dict[Return, int] = defaultdict(int)
    current: dict[Return, StoredVersion] = {}
    held: dict[Return, list[StoredVersion]] = defaultdict(list)
    for version in versions:
        counts[version.of] = max(counts[version.of], version.number)
    for version in needed:
        stored = StoredVersion(version, tuple(rows[version.id]))
        if state[version.id] == "current":
            current[version.of] = stored
        else:
            held[version.of].append(stored)
    past = _past(connection, versions, {block for v in needed for block in v.members})
    return {
        key: ReturnHistory(counts[key], current.get(key), tuple(held[key]), frozenset(past[key]))
        for key in counts
    }


def rows_about(connection: DuckDBPyConnection, form: str, codes: Iterable[str]) -> list[PlacedRow]:
    """Return the rows about units, in every version of the form's returns that holds them."""
    wanted = sorted(codes)
    about = "(f.unit_code IN (SELECT unnest(?)) OR f.village_code IN (SELECT unnest(?)))"
    return _placed(connection, form, about, [wanted, wanted])


def rows_of(connection: DuckDBPyConnection, form: str, submissions: Iterable[str]) -> list[PlacedRow]:
    """Return the rows of versions of the form's returns, in the order of the sheets."""
    return _placed(connection, form, "m.submission IN (SELECT unnest(?))", [sorted(submissions)])


def _placed(
    connection: DuckDBPyConnection, form: str, where: str, values: Sequence[Sequence[str]]
) -> list[PlacedRow]:
    table = quoted(facts_table(form))
    cursor = connection.execute(
        f"SELECT m.submission, f.* FROM members m JOIN {table} f USING (block) WHERE {where} "
        "AND NOT EXISTS (SELECT 1 FROM exclusions e WHERE e.submission = m.submission AND e.block = f.block "
        "AND e.village_code = f.village_code) ORDER BY m.submission, f.block, f.position",
        list(values),
    )
    names = [column[0] for column in cursor.description][1 + len(FACT_COLUMNS) :]
    rows = cursor.fetchall()
    refused = _refused(connection, sorted({row[0] for row in rows}))
    return [
        PlacedRow(
            submission,
            block,
            position,
            row_content(
                unit, township, dict(zip(names, values, strict=True)), refused.get((block, position), ())
            ),
        )
        for submission, block, position, unit, township, _, *values in rows
    ]


def _past(
    connection: DuckDBPyConnection, versions: Sequence[Version], alive: set[int]
) -> dict[Return, set[str]]:
    """Hashes of the files whose blocks are in versions of a return but in none that is current or held."""
    gone = {block: version.of for version in versions for block in version.members if block not in alive}
    sql = "SELECT block, sha256 FROM blocks JOIN receipts USING (receipt) WHERE block IN (SELECT unnest(?))"
    sealed: dict[Return, set[str]] = defaultdict(set)
    for block, sha256 in connection.execute(sql, [sorted(gone)]).fetchall():
        sealed[gone[block]].add(sha256)
    return sealed


def _rows(
    connection: DuckDBPyConnection, versions: Sequence[Version]
) -> dict[str, list[tuple[int, str, RowContent]]]:
    by_submission: dict[str, list[tuple[int, str, RowContent]]] = defaultdict(list)
    ids: dict[str, list[str]] = defaultdict(list)
    for version in versions:
        if version.rows:
            ids[version.of.form].append(version.id)
    refused = _refused(connection, [submission for wanted in ids.values() for submission in wanted])
    for form, wanted in ids.items():
        source = _IN_VERSION.format(facts=quoted(facts_table(form)))
        cursor = connection.execute(f"SELECT m.submission, f.* FROM {source}", [wanted])
        names = [column[0] for column in cursor.description][1 + len(FACT_COLUMNS) :]
        for submission, block, position, unit, township, village, *values in cursor.fetchall():
            content = row_content(
                unit, township, dict(zip(names, values, strict=True)), refused.get((block, position), ())
            )
            by_submission[submission].append((block, village, content))
    return by_submission


def _refused(connection: DuckDBPyConnection, submissions: list[str]) -> dict[tuple[int, int], list[str]]:
    rows = connection.execute(
        "SELECT block, position, field FROM refusals WHERE block IN "
        "(SELECT block FROM members WHERE submission IN (SELECT unnest(?)))",
        [submissions],
    ).fetchall()
    by_place: dict[tuple[int, int], list[str]] = defaultdict(list)
    for block, position, field in rows:
        by_place[block, position].append(field)
    return by_place


def _version(row: tuple[Any, ...], members: Sequence[int], exclusions: Sequence[tuple[int, str]]) -> Version:
    submission, reporter, form, end, start, kind, number, batch, seq, received, decided, rows, nil = row
    return Version(
        id=submission,
        of=Return(reporter, form, Period(end, start, kind)),
        number=number,
        batch=batch,
        seq=seq,
        received=received,
        decided=decided,
        rows=rows,
        nil=nil,
        members=tuple(members),
        exclusions=tuple(exclusions),
    )
