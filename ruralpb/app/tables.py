"""The tidy tables other programs rely on (docs/cli.md, "Exports"): their columns are a contract."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ruralpb.app.amendments import AmendedCell
from ruralpb.core import numbers
from ruralpb.core.periods import Period
from ruralpb.model import Finding, Form, Indicator, Register, ReturnState, Value
from ruralpb.store import Session, Store, StoredNote
from ruralpb.store.schema import field_type, quoted

MASKED = "***"
"""What stands in place of a personal value."""


@dataclass(frozen=True, slots=True)
class Table:
    """A named table: (column, DuckDB type) and rows of exact values."""

    name: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Any, ...], ...]


def _text(*names: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, "VARCHAR") for name in names)


def facts(
    session: Session, store: Store, form: Form, period: Period, units: frozenset[str], masked: bool
) -> Table:
    """Return the current rows of `form` for `period`, each with the file, sheet and row (1-based) it came from.

    `units` narrows to rows about these units (empty: all). With `masked`, fields that the form calls personal or
    sensitive are ***.
    """
    fields = [f for f in form.fields if f.type not in ("village", "township")]
    lead = _text("unit_code", "unit", "township_code", "township", "reporter_code", "period")
    own = tuple((f.id, "VARCHAR" if masked and f.sensitive else field_type(f)) for f in fields)
    shown = ", ".join(
        f"case when r.{quoted(f.id)} is not null then '{MASKED}' end"
        if masked and f.sensitive
        else f"r.{quoted(f.id)}"
        for f in fields
    )
    rows = session.query(
        f"select r.unit_code, u.name, r.township_code, r.township, r.reporter_code, r.period, {shown}, "
        f"r.submission, r.block, r.position from {quoted(form.id)} r left join ref_unit u on u.code = r.unit_code "
        f"where r.period = '{period.label}' order by r.reporter_code, r.submission, r.block, r.position"
    )
    places = store.places({row[-2] for row in rows})
    found = tuple(
        (*row[:-2], *places[row[-2]], row[-1] + 1)
        for row in rows
        if not units or row[0] in units or row[2] in units or row[4] in units
    )
    columns = (*lead, *own, *_text("submission", "file", "sheet"), ("row", "INTEGER"))
    return Table(f"facts_{form.id}", columns, found)


FINDINGS = _text(
    "finding",
    "check",
    "severity",
    "outcome",
    "form",
    "township",
    "unit_code",
    "unit",
    "field",
    "file",
    "sheet",
    "cell",
    "found",
    "expected",
    "message",
    "status",
    "reason",
    "person",
)


def findings(found: Iterable[Finding], register: Register, period: Period) -> Table:
    """Return one row per finding; the cell is the one to look at first."""

    def name(code: str) -> str:
        unit = register.get(code, period.end) or next(iter(register.by_code.get(code, ())), None)
        return unit.name if unit else ""

    rows = []
    for f in found:
        cell = f.cells[0] if f.cells else None
        rows.append(
            (
                f.id,
                f.check,
                f.severity,
                f.outcome,
                f.form,
                name(f.township_code or f.reporter_code),
                f.unit_code,
                name(f.unit_code),
                f.field,
                cell.file if cell else "",
                cell.sheet if cell else "",
                cell.cell if cell else "",
                f.found,
                f.expected,
                f.message,
                f.status,
                f.reason,
                f.person,
            )
        )
    return Table("findings", FINDINGS, tuple(rows))


NOTES = _text(
    "submission", "form", "unit_code", "field", "file", "sheet", "cell", "raw", "value", "rule", "message"
)


def notes(said: Iterable[StoredNote]) -> Table:
    """Return every cell that was not taken literally, or has another value that counts."""
    rows = tuple(
        (
            n.submission,
            n.note.form,
            n.unit_code,
            n.note.field,
            n.file,
            n.note.sheet,
            n.note.cell,
            n.note.raw,
            n.note.value,
            n.note.rule,
            n.note.message,
        )
        for n in said
    )
    return Table("notes", NOTES, rows)


AMENDMENTS = (
    *_text(
        "submission",
        "form",
        "unit_code",
        "unit",
        "field",
        "file",
        "sheet",
        "cell",
        "reported",
        "effective",
        "state",
    ),
    *_text("by", "at", "reason", "basis"),
)


def amendments(cells: Iterable[AmendedCell]) -> Table:
    """Return one row per amendment, in the order of the journal: what was reported and what counts instead while its `state` is live. The cell is
    that of the version in force; of one that has lapsed, where it stood."""
    rows = []
    for cell in cells:
        one = cell.amended.amendment
        rows.append(
            (
                cell.amended.submission or one.submission,
                one.form,
                one.unit_code,
                cell.unit.name if cell.unit else "",
                one.field,
                cell.address.file if cell.address else "",
                cell.address.sheet if cell.address else one.sheet,
                cell.address.cell if cell.address else one.cell,
                cell.was,
                cell.now,
                cell.amended.state,
                one.by,
                one.at,
                one.reason,
                one.basis,
            )
        )
    return Table("amendments", AMENDMENTS, tuple(rows))


SUBMISSIONS = (
    *_text("submission", "form", "township_code", "township", "period"),
    ("version", "INTEGER"),
    *_text("status", "file", "sha256"),
    ("received_at", "DATE"),
    ("rows", "INTEGER"),
    ("errors", "INTEGER"),
    ("queries", "INTEGER"),
)

UNITS = (
    *_text("code", "name", "level", "parent_code", "kind", "aliases"),
    ("valid_from", "DATE"),
    ("valid_to", "DATE"),
    *_text("successor", "class", "key_class"),
    ("in_demo_zone", "BOOLEAN"),
    ("sort_no", "INTEGER"),
)


def units(register: Register) -> Table:
    """Return the dated register as it stands in units.csv."""
    rows = tuple(
        (
            u.code,
            u.name,
            u.level,
            u.parent_code,
            u.kind,
            "|".join(u.aliases),
            u.valid_from,
            u.valid_to,
            u.successor,
            u.unit_class,
            u.key_class,
            u.in_demo_zone,
            u.sort_no,
        )
        for u in register.units
    )
    return Table("units", UNITS, rows)


INDICATORS = (
    *_text("indicator", "title", "unit_code", "unit", "level", "period", "numerator", "denominator", "value"),
    *_text("unit_of_measure"),
    ("covered", "INTEGER"),
    ("expected", "INTEGER"),
    ("unknown_rows", "INTEGER"),
    ("unaccepted", "INTEGER"),
    *_text("target", "status"),
    ("rank", "INTEGER"),
    *_text("previous", "change", "last_year", "change_last_year", "printed", "card"),
)


def indicators(values: Iterable[Value], definitions: Mapping[str, Indicator]) -> Table:
    """Return one row per figure; breakdowns are written `id{field=value}`. Amounts are exact decimal text with at most 10
    decimals; percents are points."""
    rows = []
    for v in values:
        cut = "".join(f"{{{key}={value}}}" for key, value in v.slice)
        base, _, suffix = v.indicator.partition(".")
        definition = definitions[base]
        title = definition.title + ("（当季）" if suffix else "")
        previous, last = v.previous, v.last_year
        rows.append(
            (
                v.indicator + cut,
                title,
                v.unit_code,
                v.unit,
                v.level,
                v.period,
                numbers.exported(v.numerator),
                numbers.exported(v.denominator),
                numbers.exported(v.value),
                definition.measure,
                v.covered,
                v.expected,
                v.unknown_rows,
                v.unaccepted,
                numbers.exported(v.target),
                v.status,
                v.rank,
                numbers.exported(previous.base) if previous else "",
                numbers.exported(previous.change) if previous else "",
                numbers.exported(last.base) if last else "",
                numbers.exported(last.change) if last else "",
                v.printed,
                v.card,
            )
        )
    return Table("indicators", INDICATORS, tuple(rows))


def submissions(store: Store, register: Register, states: Iterable[ReturnState], period: Period) -> Table:
    """Return one row per version of a return and file it came from, then the refused files of the period.

    `status` of the current version is the return's (accepted, blocked …), of another its state (superseded, held …),
    `refused` for a file of which nothing was taken.
    """
    by_submission = {state.submission: state for state in states if state.submission}
    receipts = {stored.receipt.id: stored for stored in store.receipts()}
    rows: list[tuple[Any, ...]] = []
    for s in store.submissions(period):
        state = by_submission.get(s.id)
        township, name = _township(register, s.reporter_code, period)
        for id_ in s.receipts:
            receipt = receipts[id_].receipt
            rows.append(
                (
                    s.id,
                    s.form,
                    township,
                    name,
                    s.period.label,
                    s.version,
                    state.status if state else s.state,
                    receipt.path,
                    receipt.sha256,
                    receipt.received,
                    s.rows,
                    state.errors if state else 0,
                    state.queries if state else 0,
                )
            )
    troubled = dict.fromkeys(p.receipt for p in store.problems(period))
    refused = [id_ for id_ in troubled if receipts[id_].refused and not receipts[id_].reporters]
    for id_ in refused:
        receipt = receipts[id_].receipt
        rows.append(
            (
                "",
                receipt.form,
                *_township(register, receipt.unit_code, period),
                period.label,
                None,
                "refused",
                receipt.path,
                receipt.sha256,
                receipt.received,
                0,
                0,
                0,
            )
        )
    return Table("submissions", SUBMISSIONS, tuple(rows))


def _township(register: Register, reporter: str, period: Period) -> tuple[str, str]:
    """Code and name of the reporter as an export's township columns show it: an office stands for itself."""
    unit = register.get(reporter, period.end)
    return (reporter, unit.name if unit else "")
