"""一村一本账: what one village was reported to be, form by form and period by period, with every version and what it changed.

A ledger is kept, not computed: each number in it is a cell of a return, and its fact says which. What may not be seen was masked before
it comes here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ruralpb.model import MASKED, Address, Field, Form
from ruralpb.publish.text import Context
from ruralpb.publish.text.figures import Figure, Phrase, Table, TableCell, TableColumn, Words, listed, phrase
from ruralpb.publish.text.saying import BUILTIN
from ruralpb.publish.text.sections import numeral

ACROSS = 6
"""So many periods stand side by side on a page across, and so many fields of a list."""
LISTED = 7

REFUSED = "（拒收）"
"""What stands where a cell was refused on intake: it has no value."""


@dataclass(frozen=True, slots=True)
class ReportedValue:
    """One value as it counts: `text` as a person reads it, `number` where it is one, and the cell it stands in."""

    text: str
    number: Decimal | None
    address: Address
    refused: bool = False


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One row of a current return about the village: field id → value, only what was reported. `key` names the row among others."""

    period: str
    submission: str
    key: str
    values: Mapping[str, ReportedValue]


@dataclass(frozen=True, slots=True)
class LedgerForm:
    """One form and the village's rows in it, earliest period first."""

    id: str
    title: str
    by_period: bool
    """True: a row a period, so that periods stand side by side."""
    fields: tuple[tuple[str, str], ...]
    """(id, title with its measure) of the fields that were reported at least once."""
    rows: tuple[LedgerRow, ...]


@dataclass(frozen=True, slots=True)
class LedgerChange:
    """One cell that a version says otherwise than the one before; `field` "" for a row that came or went."""

    period: str
    form: str
    version: int
    key: str
    field: str
    before: str
    after: str
    address: Address | None


@dataclass(frozen=True, slots=True)
class LedgerVersion:
    """One version of a return that has the village's rows, or had them: who sent which files, when they came (`received`, the day that
    decides lateness) and were taken in (`recorded`); `against` is the version that `changes` compares it with (0: none)."""

    submission: str
    period: str
    form: str
    version: int
    state: str
    reporter: str
    received: str
    recorded: str
    files: tuple[str, ...]
    rows: int
    against: int
    changes: tuple[LedgerChange, ...]
    decided: str = ""
    """A decision of a person about it: what, by whom, why."""


@dataclass(frozen=True, slots=True)
class LedgerFinding:
    """One finding about the village, an intake's refusal among them."""

    period: str
    form: str
    check: str
    severity: str
    outcome: str
    status: str
    message: str
    address: Address | None


@dataclass(frozen=True, slots=True)
class LedgerWatch:
    """The state of the village, or of something in it, in a register at the end of `period`."""

    period: str
    watch: str
    subject: str
    state: str
    since: str
    opened: str
    due: str
    cleared: str
    evidence: str
    relapses: int
    faults: str
    history: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everything that was reported of one village."""

    code: str
    village: str
    township: str
    until: str
    periods: tuple[str, ...]
    forms: tuple[LedgerForm, ...]
    versions: tuple[LedgerVersion, ...]
    findings: tuple[LedgerFinding, ...]
    watched: tuple[LedgerWatch, ...]
    personal: bool = False

    @property
    def changes(self) -> tuple[LedgerChange, ...]:
        """The cells that later versions changed, in the order of the versions."""
        return tuple(change for version in self.versions for change in version.changes)


def titled(field: Field) -> str:
    """The field's title with its measure: 总收入（万元）."""
    return (
        f"{field.title}（{field.measure}）"
        if field.measure and field.measure not in field.title
        else field.title
    )


def is_by_period(form: Form) -> bool:
    """True when a village has one row a period: its periods can stand side by side."""
    return form.village_row


def place(address: Address | None) -> str:
    """file · sheet · cell, or nothing."""
    return " · ".join(filter(None, (address.file, address.sheet, address.cell))) if address else ""


@dataclass(frozen=True)
class LedgerContext(Context):
    """What the ledger's template sees."""

    ledger: Ledger

    @property
    def draft(self) -> bool:
        """A ledger is never a draft: it says what was reported, with its findings."""
        return False

    def variables(self) -> Mapping[str, Any]:
        """The names a template sees."""
        ledger, name = self.ledger, self._name
        return {
            "village": name(ledger.village),
            "township": name(ledger.township),
            "code": name(ledger.code),
            "until": name(ledger.until),
            "masked": not ledger.personal,
            "forms": [
                {"ordinal": numeral(at), "title": name(form.title), "tables": list(self._form(form))}
                for at, form in enumerate(ledger.forms, 1)
            ],
            "ordinal": numeral,
            "versions_table": self._versions(),
            "changes_table": self._changes(),
            "findings_table": self._findings(),
            "watch_table": self._watched(),
            "setting": self._setting,
        }

    def _name(self, text: str) -> Words:
        return self.facts.name(f"text:{text}", text)

    def _names(self, *texts: str) -> tuple[TableCell, ...]:
        return tuple(self._name(text) or None for text in texts)

    def _form(self, form: LedgerForm) -> Iterator[Table]:
        if not form.by_period:
            yield self._list(form)
            return
        for start in range(0, len(form.rows), ACROSS):
            yield self._across(form, form.rows[start : start + ACROSS])

    def _across(self, form: LedgerForm, rows: Sequence[LedgerRow]) -> Table:
        """Fields down, periods across; last the line of the sheet a column was read from, below the sheets."""
        columns = (
            TableColumn(self.data.say.text("ledger.field_head")),
            *(TableColumn(self._name(row.period), "right") for row in rows),
        )
        lines: list[tuple[TableCell, ...]] = [
            (self._name(title), *(self._cell(form, row, id) for row in rows))
            for id, title in form.fields
            if any(id in row.values for row in rows)
        ]
        lines.append(("表中位置", *(self._name(_line(row)) or None for row in rows)))
        notes = (self.data.say("ledger.source", sheets=self._whence(rows)),)
        return Table(form.title, columns, tuple(lines), wide=True, notes=notes)

    def _list(self, form: LedgerForm) -> Table:
        """A line a row, the first columns that say something to whoever reads it; the workbook has all."""
        said = [(id, title) for id, title in form.fields if self._says(form, id)]
        shown = said[:LISTED] or form.fields[:1]
        columns = (
            TableColumn(self.data.say.text("ledger.period_head")),
            *(TableColumn(self._name(title)) for _, title in shown),
            TableColumn(self.data.say.text("ledger.row_head")),
        )
        lines = tuple(
            (
                self._name(row.period),
                *(self._cell(form, row, id) for id, _ in shown),
                self._name(_line(row)) or None,
            )
            for row in form.rows
        )
        return Table(form.title, columns, lines, wide=True, notes=tuple(self._notes(form, len(shown))))

    def _says(self, form: LedgerForm, id: str) -> bool:
        texts = {row.values[id].text for row in form.rows if id in row.values}
        return not texts <= {MASKED, ""}

    def _notes(self, form: LedgerForm, shown: int) -> Iterator[Phrase]:
        """Where the rows stand, and how many columns are left to the workbook."""
        yield phrase("来源：", self._whence(form.rows), "。")
        more = len(form.fields) - shown
        if more > 0:
            count = self.facts.count(
                f"ledger.{form.id}.fields", more, self.data.say.text("ledger.fields_left_out_says")
            )
            yield self.data.say("ledger.fields_left_out", count=count)

    def _whence(self, rows: Sequence[LedgerRow]) -> Phrase:
        """The sheets that rows stand in, each with its periods."""
        sheets: dict[str, list[str]] = {}
        for row in rows:
            for said in row.values.values():
                periods = sheets.setdefault(f"{said.address.file} · {said.address.sheet}", [])
                if row.period not in periods:
                    periods.append(row.period)
        return listed((self._name(f"{'、'.join(at)} {sheet}") for sheet, at in sheets.items()), "；")

    def _cell(self, form: LedgerForm, row: LedgerRow, field: str) -> Figure | str | None:
        said = row.values.get(field)
        if said is None:
            return None
        if said.refused:
            return REFUSED
        id = f"cell:{form.id}.{field}@{row.submission}@{place(said.address)}"
        return self.facts.figure(
            id, said.text, "value", said.number, says=f"{form.title} {row.period}：{place(said.address)}"
        )

    def _versions(self) -> Table:
        heads = self.data.say.list("ledger.versions_heads")
        rows = []
        for v in self.ledger.versions:
            number = self.facts.count(
                f"ledger.changes@{v.submission}",
                len(v.changes),
                self.data.say.text("ledger.changes_says", version=v.submission),
            )
            changed: Words = (
                self.data.say("ledger.changes", count=number)
                if v.against
                else self.data.say.text("ledger.first_version")
            )
            state = v.state if not v.decided else f"{v.state}（{v.decided}）"
            cells = self._names(
                v.period,
                v.form,
                f"v{v.version}",
                state,
                v.reporter,
                v.received,
                v.recorded,
                "、".join(v.files),
            )
            rows.append((*cells, changed))
        return Table(
            self.data.say.text("ledger.versions"), tuple(map(TableColumn, heads)), tuple(rows), wide=True
        )

    def _changes(self) -> Table:
        heads = self.data.say.list("ledger.changes_heads")
        rows = tuple(
            self._names(
                c.period,
                c.form,
                f"v{c.version}",
                c.key,
                c.field or self.data.say.text("ledger.whole_row"),
                c.before or "—",
                c.after or "—",
                place(c.address),
            )
            for c in self.ledger.changes
        )
        return Table(
            self.data.say.text("ledger.changes_table"), tuple(map(TableColumn, heads)), rows, wide=True
        )

    def _findings(self) -> Table:
        heads = self.data.say.list("ledger.findings_heads")
        rows = tuple(
            self._names(f.period, f.form, f.check, f.severity, f.status, f.message, place(f.address))
            for f in self.ledger.findings
        )
        return Table(self.data.say.text("ledger.findings"), tuple(map(TableColumn, heads)), rows, wide=True)

    def _watched(self) -> Table:
        heads = self.data.say.list("ledger.watched_heads")
        rows = []
        for w in self.ledger.watched:
            relapses = self.facts.count(
                f"ledger.relapses@{w.watch}@{w.subject}",
                w.relapses,
                self.data.say.text("ledger.relapses_says", register=w.watch, subject=w.subject),
            )
            before = self._names(w.watch, w.subject, w.state, w.opened, w.due, w.cleared)
            rows.append((*before, relapses, *self._names(w.history, w.faults)))
        return Table(
            self.data.say.text("ledger.watched"), tuple(map(TableColumn, heads)), tuple(rows), wide=True
        )


def _line(row: LedgerRow) -> str:
    """第12行: the line of the sheet that a row stands in."""
    first = next(iter(row.values.values()), None)
    return (
        BUILTIN.text("ledger.line", number="".join(c for c in first.address.cell if c.isdigit()))
        if first
        else ""
    )
