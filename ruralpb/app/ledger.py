"""Ledger: one village through all forms and periods, with every version and who changed what (一村一本账、全程纪实)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ruralpb.app import registers
from ruralpb.app.amendments import AmendedCell, amended_cells
from ruralpb.app.audit_access import disclose
from ruralpb.app.project import Project
from ruralpb.app.units import find_unit
from ruralpb.app.validate import Selection, examine
from ruralpb.core.messages import say
from ruralpb.core.periods import Period
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.model import Address, Decision, Entry, Field, Finding, Form, RowContent, Submission, Unit
from ruralpb.publish.text.ledger import (
    MASKED,
    REFUSED,
    Changed,
    Ledger,
    LedgerFinding,
    LedgerForm,
    LedgerRow,
    LedgerVersion,
    Said,
    Watched,
    is_by_period,
    titled,
)
from ruralpb.returns.versions import Difference, difference
from ruralpb.store import Store

Advance = Callable[[str], None]

_SYSTEM = ("village", "township")
_FAILED = ("fail", "refused")


@dataclass(frozen=True, slots=True)
class Order:
    """Whose ledger (a village, or every village of a higher unit), up to which period (None: all), of which form (empty: all), and whether
    personal fields may be seen, and why."""

    unit: str
    until: Period | None = None
    form: str = ""
    with_personal_data: bool = False
    reason: str = ""


def ledgers(project: Project, order: Order, now: datetime, advance: Advance) -> tuple[Ledger, ...]:
    """Return the ledgers of a village, or of the villages of a unit, in register order.

    A merged village's rows stand in its successor's ledger. `advance` is called after each period examined. Raises CannotRun (exit 2) for
    an unknown unit or form, a unit without villages, and when personal data are asked for without a reason.
    """
    register, library = project.definitions.register, project.definitions.library
    day = order.until.end if order.until else now.date()
    unit = find_unit(register, order.unit, day)
    villages = register.on(day, "village", unit.code)
    if not villages:
        raise CannotRun(Problem("ledger-no-village", found=unit.name))
    if order.form and order.form not in library.forms:
        raise CannotRun(project.unknown("form", order.form, library.forms))
    if order.with_personal_data:
        disclose(project, f"ledger {unit.code}", order.reason, now)
    forms = [f for f in library.forms.values() if order.form in ("", f.id)]
    with project.reading() as store:
        books = [_Book(project, store, village, forms, order, day) for village in villages]
    examined = sorted({period for book in books for period in book.periods})
    findings: dict[str, list[Finding]] = defaultdict(list)
    for period in examined:
        for finding in _findings(project, period, unit, now.date()):
            findings[finding.unit_code].append(finding)
        advance(period.label)
    entries = _watched(project, examined, unit)
    return tuple(book.ledger(findings, entries) for book in books)


def _findings(project: Project, period: Period, unit: Unit, today: date) -> Iterable[Finding]:
    with project.session(period) as session, project.reading() as store:
        found = examine(project, session, store, period, today, Selection()).failed()
    register = project.definitions.register
    return [f for f in found if unit.code in register.path(f.unit_code, period.end)]


def _watched(project: Project, periods: Sequence[Period], unit: Unit) -> list[tuple[str, str, Entry]]:
    """(period, title of the watch, entry) of the last period of each kind: an entry tells its history itself."""
    last = {period.kind: period for period in periods}
    found = []
    for period in sorted(last.values()):
        if project.definitions.register.get(unit.code, period.end) is None:
            continue
        register = registers.watch(project, period, (), unit.code)
        found += [(period.label, register.watches[e.watch].title, e) for e in register.entries]
    return found


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of one version about the village."""

    block: int
    position: int
    content: RowContent


class _Book:
    """What the store has of one village."""

    def __init__(
        self, project: Project, store: Store, village: Unit, forms: Sequence[Form], order: Order, day: date
    ) -> None:
        self.project, self.village, self.order, self.day = project, village, order, day
        register = project.definitions.register
        codes = [code for code in register.by_code if register.successor(code, day) == village.code]
        self.codes = frozenset(codes) | {village.code}
        versions = {
            s.id: s for s in store.submissions() if not order.until or s.period.end <= order.until.end
        }
        self.files = {r.receipt.id: r.receipt.path for r in store.receipts()}
        self.rows: dict[str, dict[str, list[_Row]]] = {}
        self.versions: list[tuple[Form, Submission]] = []
        self.secrets: set[str] = set()
        for form in forms:
            self._read(store, form, versions)
        self.periods = tuple(sorted({submission.period for _, submission in self.versions}))
        cells = [
            (row.block, row.position, name)
            for rows in self.rows.values()
            for found in rows.values()
            for row in found
            for name in (*dict(row.content[2]), *row.content[3])
        ]
        self.addresses = store.addresses(cells)
        self.amended = {
            cell.amended.cell: cell for cell in amended_cells(project, store) if cell.amended.counts
        }

    def _read(self, store: Store, form: Form, versions: Mapping[str, Submission]) -> None:
        rows: dict[str, list[_Row]] = defaultdict(list)
        hidden = [f.id for f in form.fields if f.sensitive]
        for submission, block, position, content in store.rows_about(form.id, self.codes):
            if submission in versions:
                rows[submission].append(_Row(block, position, content))
                values = dict(content[2])
                self.secrets |= {
                    v for name in hidden if isinstance(v := values.get(name), str) and len(v) > 1
                }
        self.rows[form.id] = rows
        told = {(s.reporter_code, s.period) for id, s in versions.items() if id in rows}
        self.versions += [
            (form, s) for s in versions.values() if s.form == form.id and (s.reporter_code, s.period) in told
        ]

    def ledger(
        self, findings: Mapping[str, Sequence[Finding]], entries: Sequence[tuple[str, str, Entry]]
    ) -> Ledger:
        """Put the book together."""
        register, forms = self.project.definitions.register, self.project.definitions.library.forms
        township = register.get(self.village.parent_code, self.day)
        told = [self._form(forms[id]) for id, rows in self.rows.items() if rows]
        told.sort(key=lambda form: not form.by_period)
        mine = [f for code in sorted(self.codes) for f in findings.get(code, ())]
        mine = [
            f for f in mine if self.order.form in ("", f.form) and f.period in {p.label for p in self.periods}
        ]
        return Ledger(
            code=self.village.code,
            village=self.village.name,
            township=township.name if township else "",
            until=self.periods[-1].title if self.periods else "",
            periods=tuple(p.label for p in self.periods),
            forms=tuple(form for form in told if form.rows),
            versions=tuple(self._versions()),
            findings=tuple(self._finding(f) for f in sorted(mine, key=_when)),
            watched=tuple(
                self._watched(*e) for e in entries if e[2].unit_code in self.codes and self._wants(e[2])
            ),
            personal=self.order.with_personal_data,
        )

    def _wants(self, entry: Entry) -> bool:
        watch = self.project.definitions.library.watches[entry.watch]
        return self.order.form in ("", watch.form)

    # ------------------------------------------------------------------------------------------ forms

    def _form(self, form: Form) -> LedgerForm:
        current = [s for f, s in self.versions if f.id == form.id and s.state == "current"]
        rows = [
            LedgerRow(s.period.label, s.id, self._key(row.content, form), self._values(row, form))
            for s in sorted(current, key=lambda s: (s.period, s.reporter_code))
            for row in self.rows[form.id].get(s.id, ())
        ]
        shown = [f for f in form.fields if f.type not in _SYSTEM and any(f.id in row.values for row in rows)]
        named = tuple((f.id, titled(f)) for f in shown)
        return LedgerForm(form.id, form.title, is_by_period(form), named, tuple(rows))

    def _values(self, row: _Row, form: Form) -> dict[str, Said]:
        values, refused = dict(row.content[2]), row.content[3]
        found: dict[str, Said] = {}
        for field in form.fields:
            address = self.addresses.get((row.block, row.position, field.id))
            if field.type in _SYSTEM or address is None:
                continue
            amended = self.amended.get((row.block, row.position, field.id))
            if amended is not None:
                reported = REFUSED if field.id in refused else self._shown(field, values.get(field.id))
                now = self._effective(field, amended)
                found[field.id] = Said(f"{reported}（更正为{now}）", None, address)
            elif field.id in refused:
                found[field.id] = Said("", None, address, True)
            elif values.get(field.id) is not None:
                value = values[field.id]
                number = None if self._hides(field) or isinstance(value, bool) else _number(value)
                found[field.id] = Said(self._shown(field, value), number, address)
        return found

    def _effective(self, field: Field, cell: AmendedCell) -> str:
        return MASKED if self._hides(field) else cell.amended.amendment.now

    def _hides(self, field: Field | None) -> bool:
        return bool(field is not None and field.sensitive and not self.order.with_personal_data)

    def _shown(self, field: Field, value: Any) -> str:
        return MASKED if self._hides(field) else written(value, field)

    def _key(self, content: RowContent, form: Form) -> str:
        values = dict(content[2])
        names = ["name" if name == "person_key" else name for name in form.key]
        fields = [form.by_id[name] for name in names if name in form.by_id and values.get(name) is not None]
        return "、".join(self._shown(field, values[field.id]) for field in fields) or self._unit(content[0])

    def _unit(self, code: str) -> str:
        known = self.project.definitions.register.by_code.get(code, ())
        return known[-1].name if known else code

    # ------------------------------------------------------------------------------------------ versions

    def _versions(self) -> Iterable[LedgerVersion]:
        written_at = {str(line.seq): line.at for line in self.project.journal.lines if line.kind == "receipt"}
        decisions = [d for d in self.project.journal.decisions() if d.data.get("submission")]
        bases: dict[tuple[str, str], Submission] = {}
        ordered = sorted(
            self.versions, key=lambda v: (v[1].period, v[0].code, v[1].reporter_code, v[1].version)
        )
        for form, submission in ordered:
            of = (submission.reporter_code, f"{form.id} {submission.period.label}")
            base = bases.get(of)
            changes = self._changes(form, base, submission) if base else ()
            if submission.state != "held":
                bases[of] = submission
            yield LedgerVersion(
                submission=submission.id,
                period=submission.period.label,
                form=form.title,
                version=submission.version,
                state=say(f"submission-{submission.state}", "zh"),
                reporter=self._unit(submission.reporter_code),
                received=submission.received.isoformat(),
                recorded=max((written_at.get(r, "") for r in submission.receipts), default="")[:16].replace(
                    "T", " "
                ),
                files=tuple(self.files.get(r, "") for r in submission.receipts),
                rows=len(self.rows[form.id].get(submission.id, ())),
                against=base.version if base else 0,
                changes=tuple(changes),
                decided=_decided(decisions, submission.id),
            )

    def _changes(self, form: Form, base: Submission, submission: Submission) -> Iterable[Changed]:
        before, after = (self.rows[form.id].get(s.id, []) for s in (base, submission))
        found = difference((r.content for r in before), (r.content for r in after), form)
        placed = _Placed(before, after)
        return [self._changed(form, submission, change, placed.row(change, form)) for change in found]

    def _changed(self, form: Form, submission: Submission, change: Difference, row: _Row | None) -> Changed:
        field = form.by_id.get(change.field)
        key = self._key(row.content, form) if row else self._unit(change.unit_code)
        name = change.field or next(iter(dict(row.content[2])), "") if row else ""
        address = self.addresses.get((row.block, row.position, name)) if row else None
        return Changed(
            period=submission.period.label,
            form=form.title,
            version=submission.version,
            key=key,
            field=titled(field) if field else "",
            before=self._side(field, change.before),
            after=self._side(field, change.after),
            address=address,
        )

    def _side(self, field: Field | None, value: Any) -> str:
        """One side of a change; of a row that came or went, whether it is there."""
        if value is None:
            return ""
        return self._shown(field, value) if field else say("ledger-row", "zh")

    # ------------------------------------------------------------------------------------------ findings, watches

    def _finding(self, finding: Finding) -> LedgerFinding:
        form = self.project.definitions.library.forms.get(finding.form)
        message = finding.message
        if form and finding.found and self._hides(form.by_id.get(finding.field)):
            message = message.replace(finding.found, MASKED)
        return LedgerFinding(
            period=finding.period,
            form=form.title if form else "",
            check=finding.check,
            severity=say(f"severity-{finding.severity}", "zh"),
            outcome=finding.outcome,
            status=say(f"finding-{finding.status}", "zh"),
            message=self._masked(message),
            address=finding.cells[0] if finding.cells else None,
        )

    def _masked(self, text: str) -> str:
        """The text without the personal values of the village's rows, the longest first."""
        if self.order.with_personal_data:
            return text
        for secret in sorted(self.secrets, key=lambda s: (-len(s), s)):
            text = text.replace(secret, MASKED)
        return text

    def _watched(self, period: str, title: str, entry: Entry) -> Watched:
        return Watched(
            period=period,
            watch=title,
            subject=self._masked(entry.subject),
            state=say(f"watch-{entry.state}", "zh"),
            since=entry.since,
            opened=written(entry.opened),
            due=written(entry.due),
            cleared=written(entry.cleared),
            evidence=self._masked(entry.evidence),
            relapses=entry.relapses,
            faults="；".join(say(f"fault-{fault}", "zh") for fault in entry.faults),
            history="，".join(f"{label}{say(f'watch-{state}', 'zh')}" for label, state in entry.history),
        )


class _Placed:
    """Finds the row a difference is about. Differences come in the order of the rows, so equal rows are taken one after the other."""

    def __init__(self, before: Sequence[_Row], after: Sequence[_Row]) -> None:
        self._before, self._after = before, after
        self._taken: set[tuple[int, int, str]] = set()

    def row(self, change: Difference, form: Form) -> _Row | None:
        """The row of the later version; of the earlier one when it went."""
        for row in self._before if change.before == "row" and not change.field else self._after:
            mark = (row.block, row.position, change.field)
            if mark not in self._taken and _fits(row.content, change, form):
                self._taken.add(mark)
                return row
        return None


def _fits(content: RowContent, change: Difference, form: Form) -> bool:
    values = dict(content[2])
    names = ["name" if name == "person_key" else name for name in form.key]
    key = tuple(values[name] for name in names if values.get(name) is not None)
    same = content[0] == change.unit_code and key == change.of
    return same and (not change.field or values.get(change.field) == change.after)


def written(value: Any, field: Field | None = None) -> str:
    """A value as a person reads it: numbers without trailing zeros, yes and no in words, a month without its day, "" for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, date):
        return value.isoformat()[: 7 if field is not None and field.type == "month" else 10]
    return str(value)


def _number(value: Any) -> Decimal | None:
    return Decimal(value) if isinstance(value, int | Decimal) else None


def _decided(decisions: Sequence[Decision], submission: str) -> str:
    return "；".join(
        f"{d.by} {d.at[:10]}：{d.reason}" for d in decisions if d.data["submission"] == submission
    )


def _when(finding: Finding) -> tuple[object, ...]:
    cell: Address | None = finding.cells[0] if finding.cells else None
    return (finding.period, finding.form, finding.check, cell.cell if cell else "", finding.id)
