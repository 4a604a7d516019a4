"""The entries of a village's ledger: what was reported, by whom, in which version, what was found and watched. Values in, `Ledger` out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from ruralpb.core import numbers
from ruralpb.core.messages import say
from ruralpb.model import (
    MASKED,
    Address,
    ComparedVersion,
    Decision,
    Difference,
    Entry,
    Field,
    Finding,
    Form,
    Library,
    PlacedRow,
    Register,
    RowContent,
    Unit,
)
from ruralpb.model.records import CellKey
from ruralpb.publish.text.ledger import (
    REFUSED,
    Ledger,
    LedgerChange,
    LedgerFinding,
    LedgerForm,
    LedgerRow,
    LedgerVersion,
    LedgerWatch,
    ReportedValue,
    is_by_period,
    titled,
)

_UNIT_TYPES = ("village", "township")


@dataclass(frozen=True, slots=True)
class SharedRecords:
    """What the ledgers of one request have in common.

    `amended` maps the cells that an amendment holds for to their effective values; `files` and `recorded` map receipt ids to paths and to
    the times of their journal lines. `form`: the only form asked for, or "". Personal fields are masked unless `personal`.
    """

    library: Library
    register: Register
    amended: Mapping[CellKey, str]
    files: Mapping[str, str]
    recorded: Mapping[str, str]
    decisions: tuple[Decision, ...]
    form: str
    personal: bool


@dataclass(frozen=True)
class VillageRecords:
    """Everything the project holds about one village, up to the last period asked for.

    `codes`: its code and those of the villages merged into it. `rows`: form id → submission id → its rows about the village. `versions`
    stand in the order of periods, forms, reporters and numbers.
    """

    village: Unit
    township: str
    codes: frozenset[str]
    rows: Mapping[str, Mapping[str, Sequence[PlacedRow]]]
    versions: tuple[ComparedVersion, ...]
    addresses: Mapping[CellKey, Address]
    shared: SharedRecords

    @cached_property
    def periods(self) -> tuple[str, ...]:
        """The labels of the periods that something was reported for, earliest first."""
        return tuple(p.label for p in sorted({version.submission.period for version in self.versions}))

    @cached_property
    def secrets(self) -> tuple[str, ...]:
        """The texts of personal fields in the village's rows, the longest first."""
        hidden = {id: {f.id for f in self.shared.library.forms[id].fields if f.sensitive} for id in self.rows}
        found = {
            value
            for form, submissions in self.rows.items()
            for rows in submissions.values()
            for row in rows
            for name, value in row.content[2]
            if name in hidden[form] and isinstance(value, str) and len(value) > 1
        }
        return tuple(sorted(found, key=lambda text: (-len(text), text)))


def by_submission(rows: Iterable[PlacedRow], submissions: Collection[str]) -> dict[str, list[PlacedRow]]:
    """Return the rows by their submission, of the submissions given."""
    found: dict[str, list[PlacedRow]] = defaultdict(list)
    for row in rows:
        if row.submission in submissions:
            found[row.submission].append(row)
    return found


def reported_cells(rows: Mapping[str, Mapping[str, Sequence[PlacedRow]]]) -> list[CellKey]:
    """Return the cells that rows have a value in, or a refusal. `rows`: form id → submission id → rows."""
    return [
        (row.block, row.position, name)
        for submissions in rows.values()
        for found in submissions.values()
        for row in found
        for name in (*dict(row.content[2]), *row.content[3])
    ]


def in_order(versions: Iterable[ComparedVersion], forms: Mapping[str, Form]) -> tuple[ComparedVersion, ...]:
    """Return versions by period, code of the form, reporter and number."""

    def place(version: ComparedVersion) -> tuple[object, ...]:
        submission = version.submission
        return (submission.period, forms[submission.form].code, submission.reporter_code, submission.version)

    return tuple(sorted(versions, key=place))


def compose(
    records: VillageRecords, findings: Iterable[Finding], entries: Iterable[tuple[str, str, Entry]]
) -> Ledger:
    """Return the ledger of a village. Of `findings` and `entries` (period, title of the watch, entry) those about it are taken."""
    composer = _Composer(records)
    forms = [composer.form(records.shared.library.forms[id]) for id, rows in records.rows.items() if rows]
    last = max((v.submission.period for v in records.versions), default=None)
    return Ledger(
        code=records.village.code,
        village=records.village.name,
        township=records.township,
        until=last.title if last else "",
        periods=records.periods,
        forms=tuple(form for form in sorted(forms, key=lambda form: not form.by_period) if form.rows),
        versions=tuple(composer.version(version) for version in records.versions),
        findings=tuple(composer.finding(f) for f in sorted(findings, key=_when) if composer.concerns(f)),
        watched=tuple(composer.watched(*entry) for entry in entries if composer.is_watched(entry[2])),
        personal=records.shared.personal,
    )


class _Composer:
    """Writes the entries of one ledger; personal values are masked here and nowhere later."""

    def __init__(self, records: VillageRecords) -> None:
        self._records = records

    def concerns(self, finding: Finding) -> bool:
        """True for a finding about the village, in a period that something was reported for, of the form asked for."""
        records = self._records
        wanted = records.shared.form in ("", finding.form) and finding.period in records.periods
        return wanted and finding.unit_code in records.codes

    def is_watched(self, entry: Entry) -> bool:
        """True for an entry about the village, of a watch on the form asked for."""
        records = self._records
        watch = records.shared.library.watches[entry.watch]
        return entry.unit_code in records.codes and records.shared.form in ("", watch.form)

    def form(self, form: Form) -> LedgerForm:
        """Return the rows of the current submissions, earliest period first."""
        current = [
            version.submission
            for version in self._records.versions
            if version.form.id == form.id and version.submission.state == "current"
        ]
        rows = [
            LedgerRow(s.period.label, s.id, self._key(row.content, form), self._values(row, form))
            for s in sorted(current, key=lambda s: (s.period, s.reporter_code))
            for row in self._records.rows[form.id].get(s.id, ())
        ]
        reported = {name for row in rows for name in row.values}
        shown = [f for f in form.fields if f.type not in _UNIT_TYPES and f.id in reported]
        return LedgerForm(
            form.id, form.title, is_by_period(form), tuple((f.id, titled(f)) for f in shown), tuple(rows)
        )

    def _values(self, row: PlacedRow, form: Form) -> dict[str, ReportedValue]:
        reported: dict[str, ReportedValue] = {}
        for field in form.fields:
            address = self._records.addresses.get((row.block, row.position, field.id))
            if field.type not in _UNIT_TYPES and address is not None:
                value = self._value(row, field, address)
                if value is not None:
                    reported[field.id] = value
        return reported

    def _value(self, row: PlacedRow, field: Field, address: Address) -> ReportedValue | None:
        value, refused = dict(row.content[2]).get(field.id), field.id in row.content[3]
        effective = self._records.shared.amended.get((row.block, row.position, field.id))
        if effective is not None:
            reported = REFUSED if refused else self._shown(field, value)
            now = MASKED if self._hides(field) else effective
            return ReportedValue(f"{reported}（更正为{now}）", None, address)
        if refused:
            return ReportedValue("", None, address, True)
        if value is None:
            return None
        number = None if self._hides(field) or isinstance(value, bool) else _number(value)
        return ReportedValue(self._shown(field, value), number, address)

    def _hides(self, field: Field | None) -> bool:
        return bool(field is not None and field.sensitive and not self._records.shared.personal)

    def _shown(self, field: Field, value: Any) -> str:
        return MASKED if self._hides(field) else written(value, field)

    def _key(self, content: RowContent, form: Form) -> str:
        values = dict(content[2])
        names = ["name" if name == "person_key" else name for name in form.key]
        fields = [form.by_id[name] for name in names if name in form.by_id and values.get(name) is not None]
        return "、".join(self._shown(field, values[field.id]) for field in fields) or self._unit(content[0])

    def _unit(self, code: str) -> str:
        dated = self._records.shared.register.by_code.get(code, ())
        return dated[-1].name if dated else code

    def version(self, version: ComparedVersion) -> LedgerVersion:
        """Return one version with what it changes against its base."""
        records, submission, form = self._records, version.submission, version.form
        recorded = max(
            (records.shared.recorded.get(receipt, "") for receipt in submission.receipts), default=""
        )
        return LedgerVersion(
            submission=submission.id,
            period=submission.period.label,
            form=form.title,
            version=submission.version,
            state=say(f"submission-{submission.state}", "zh"),
            reporter=self._unit(submission.reporter_code),
            received=submission.received.isoformat(),
            recorded=recorded[:16].replace("T", " "),
            files=tuple(records.shared.files.get(receipt, "") for receipt in submission.receipts),
            rows=len(records.rows[form.id].get(submission.id, ())),
            against=version.base.version if version.base else 0,
            changes=tuple(self._change(version, difference) for difference in version.differences),
            decided="；".join(
                f"{d.by} {d.at[:10]}：{d.reason}"
                for d in records.shared.decisions
                if d.data["submission"] == submission.id
            ),
        )

    def _change(self, version: ComparedVersion, difference: Difference) -> LedgerChange:
        form = version.form
        row = self._row(version, difference)
        field = form.by_id.get(difference.field)
        place = (row.block, row.position, difference.field or next(iter(dict(row.content[2])), ""))
        return LedgerChange(
            period=version.submission.period.label,
            form=form.title,
            version=version.submission.version,
            key=self._key(row.content, form),
            field=titled(field) if field else "",
            before=self._side(field, difference.before),
            after=self._side(field, difference.after),
            address=self._records.addresses.get(place),
        )

    def _row(self, version: ComparedVersion, difference: Difference) -> PlacedRow:
        """The row a difference is about: of the later version, of the base when the row went."""
        went = not difference.field and difference.before is not None
        holder = version.base if went and version.base else version.submission
        return self._records.rows[version.form.id][holder.id][difference.row]

    def _side(self, field: Field | None, value: Any) -> str:
        """One side of a change; of a row that came or went, whether it is there."""
        if value is None:
            return ""
        return self._shown(field, value) if field else say("ledger-row", "zh")

    def finding(self, finding: Finding) -> LedgerFinding:
        """Return a finding with personal values masked."""
        form = self._records.shared.library.forms.get(finding.form)
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
        """The text without the personal values of the village's rows."""
        for secret in () if self._records.shared.personal else self._records.secrets:
            text = text.replace(secret, MASKED)
        return text

    def watched(self, period: str, title: str, entry: Entry) -> LedgerWatch:
        """Return the state of an entry at the end of `period`."""
        return LedgerWatch(
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


def written(value: Any, field: Field | None = None) -> str:
    """A value as a person reads it: numbers without trailing zeros, yes and no in words, a month without its day, "" for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return numbers.yes_no(value)
    if isinstance(value, Decimal):
        return numbers.plain(value)
    if isinstance(value, date):
        return value.isoformat()[: 7 if field is not None and field.type == "month" else 10]
    return str(value)


def _number(value: Any) -> Decimal | None:
    return Decimal(value) if isinstance(value, int | Decimal) else None


def _when(finding: Finding) -> tuple[object, ...]:
    cell = finding.cells[0].cell if finding.cells else ""
    return (finding.period, finding.form, finding.check, cell, finding.id)
