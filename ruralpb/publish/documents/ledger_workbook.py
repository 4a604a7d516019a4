"""The workbook of a village's ledger: a sheet a form, then versions, changes, findings, registers, and every value with its cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from ruralpb.model import Address
from ruralpb.publish.text.ledger import REFUSED, Ledger, LedgerForm, ReportedValue
from ruralpb.publish.xlsx.sheets import Book, SheetCell, SheetColumn

_VERSIONS = (
    "报告期",
    "报表",
    "版次",
    "状态",
    "报送单位",
    "收到日期",
    "登记时间",
    "文件",
    "本村行数",
    "比较版次",
    "本村改动",
    "决定",
    "编号",
)
_CHANGES = ("报告期", "报表", "版次", "对象", "栏目", "原值", "现值", "文件", "工作表", "单元格")
_FINDINGS = ("报告期", "报表", "审核关系", "级别", "状态", "问题", "文件", "工作表", "单元格")
_WATCHED = (
    "台账",
    "对象",
    "状态",
    "始于",
    "列入日期",
    "整改时限",
    "销号日期",
    "整改措施和依据",
    "反弹次数",
    "经过",
    "须核对",
)
_SOURCES = ("报告期", "报表", "对象", "栏目", "数", "文件", "工作表", "单元格")


def workbook(ledger: Ledger, when: datetime) -> bytes:
    """Return the workbook: a sheet a form, then versions, changes, findings, registers, and every value with file, sheet and cell."""
    book = Book(when, f"{ledger.village}台账")
    for form in ledger.forms:
        _form_sheet(book, ledger, form)
    for name, heads, rows in _lists(ledger):
        book.sheet(
            name, [SheetColumn(head) for head in heads], rows, f"{ledger.township}{ledger.village}：{name}"
        )
    return book.close()


def _form_sheet(book: Book, ledger: Ledger, form: LedgerForm) -> None:
    title = f"{ledger.township}{ledger.village}：{form.title}"
    if not form.by_period:
        columns = [SheetColumn("报告期"), *(SheetColumn(name) for _, name in form.fields)]
        book.sheet(
            form.title,
            columns,
            [[row.period, *(_cell(row.values.get(id)) for id, _ in form.fields)] for row in form.rows],
            title,
        )
        return
    columns = [SheetColumn("栏目"), *(SheetColumn(row.period, "right") for row in form.rows)]
    lines: list[list[SheetCell]] = [
        [name, *(_cell(row.values.get(id)) for row in form.rows)] for id, name in form.fields
    ]
    book.sheet(form.title, columns, lines, title)


def _cell(said: ReportedValue | None) -> SheetCell:
    if said is None:
        return None
    if said.refused:
        return REFUSED
    return Decimal(said.text) if said.number is not None else said.text


def _lists(ledger: Ledger) -> Iterator[tuple[str, Sequence[str], list[list[SheetCell]]]]:
    yield "报送版次", _VERSIONS, [
        [v.period, v.form, v.version, v.state, v.reporter, v.received, v.recorded, "、".join(v.files), v.rows,
         v.against or None, len(v.changes) if v.against else None, v.decided, v.submission]
        for v in ledger.versions
    ]  # fmt: skip
    yield "改动", _CHANGES, [
        [c.period, c.form, c.version, c.key, c.field or "整行", c.before, c.after, *_place(c.address)]
        for c in ledger.changes
    ]  # fmt: skip
    yield "审核问题", _FINDINGS, [
        [f.period, f.form, f.check, f.severity, f.status, f.message, *_place(f.address)] for f in ledger.findings
    ]  # fmt: skip
    yield "动态监测和销号", _WATCHED, [
        [w.watch, w.subject, w.state, w.since, w.opened, w.due, w.cleared, w.evidence, w.relapses, w.history, w.faults]
        for w in ledger.watched
    ]  # fmt: skip
    yield "逐项来源", _SOURCES, [
        [row.period, form.title, row.key, name, _cell(row.values[id]), *_place(row.values[id].address)]
        for form in ledger.forms
        for row in form.rows
        for id, name in form.fields
        if id in row.values
    ]  # fmt: skip


def _place(address: Address | None) -> list[SheetCell]:
    return [address.file, address.sheet, address.cell] if address else [None, None, None]
