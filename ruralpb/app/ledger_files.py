"""The files of a ledger: .docx, .html and .md by its template, .xlsx with every value beside its cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from ruralpb.app.project import Project
from ruralpb.core.periods import find as find_period
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.model import REPORT_FORMATS, Address
from ruralpb.model.loader.shipped import shipped_path
from ruralpb.publish import documents
from ruralpb.publish.text.figures import Facts
from ruralpb.publish.text.ledger import REFUSED, Ledger, LedgerContext, LedgerForm, Said
from ruralpb.publish.text.report_data import ReportData
from ruralpb.publish.xlsx.sheets import Book, Cell, Column
from ruralpb.store.disk import write_whole

FORMATS = tuple(name for name in REPORT_FORMATS if name != "pdf")
TEMPLATE = "ledger"

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


def check(formats: Sequence[str]) -> None:
    """Raise CannotRun (exit 2) for a format a ledger is not written in."""
    for format in formats:
        if format not in FORMATS:
            raise CannotRun(Problem("format-unknown", found=format, expected="、".join(FORMATS)))


def write(project: Project, ledger: Ledger, formats: Sequence[str], folder: Path) -> tuple[Path, ...]:
    """Write the ledger, each file whole or not at all, readable by its owner alone when personal fields are shown. The same store gives
    the same bytes."""
    when = _stamp(ledger)
    contents: dict[str, bytes] = {}
    texts = [format for format in formats if format != "xlsx"]
    if texts:
        search = [project.folder / "templates", shipped_path("templates")]
        contents |= documents.render(_context(project, ledger), TEMPLATE, search, texts, when).files
    if "xlsx" in formats:
        contents["xlsx"] = workbook(ledger, when)
    stem = f"{ledger.township}-{ledger.village}-{ledger.code}"
    paths = []
    for format in dict.fromkeys(formats):
        path = folder / f"{stem}.{format}"
        write_whole(path, contents[format], shared=not ledger.personal)
        paths.append(path)
    return tuple(paths)


def _stamp(ledger: Ledger) -> datetime:
    """The last day the ledger tells of stands for now."""
    ends = [period.end for label in ledger.periods if (period := find_period(label))]
    return documents.stamp(max(ends, default=datetime(2000, 1, 1).date()))


def _context(project: Project, ledger: Ledger) -> LedgerContext:
    definitions = project.definitions
    period = find_period(ledger.periods[-1]) if ledger.periods else find_period("2000")
    assert period is not None
    settings = replace(project.settings, unit=ledger.code)
    data = ReportData((), (), (), definitions.library, definitions.register, settings, period, Facts())
    return LedgerContext(data, ledger)


# ------------------------------------------------------------------------------------------- workbook


def workbook(ledger: Ledger, when: datetime) -> bytes:
    """Return the workbook: a sheet a form, then versions, changes, findings, registers, and every value with file, sheet and cell."""
    book = Book(when, f"{ledger.village}台账")
    for form in ledger.forms:
        _form_sheet(book, ledger, form)
    for name, heads, rows in _lists(ledger):
        book.sheet(name, [Column(head) for head in heads], rows, f"{ledger.township}{ledger.village}：{name}")
    return book.close()


def _form_sheet(book: Book, ledger: Ledger, form: LedgerForm) -> None:
    title = f"{ledger.township}{ledger.village}：{form.title}"
    if not form.by_period:
        columns = [Column("报告期"), *(Column(name) for _, name in form.fields)]
        book.sheet(
            form.title,
            columns,
            [[row.period, *(_cell(row.values.get(id)) for id, _ in form.fields)] for row in form.rows],
            title,
        )
        return
    columns = [Column("栏目"), *(Column(row.period, "right") for row in form.rows)]
    lines: list[list[Cell]] = [
        [name, *(_cell(row.values.get(id)) for row in form.rows)] for id, name in form.fields
    ]
    book.sheet(form.title, columns, lines, title)


def _cell(said: Said | None) -> Cell:
    if said is None:
        return None
    if said.refused:
        return REFUSED
    return Decimal(said.text) if said.number is not None else said.text


def _lists(ledger: Ledger) -> Iterator[tuple[str, Sequence[str], list[list[Cell]]]]:
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


def _place(address: Address | None) -> list[Cell]:
    return [address.file, address.sheet, address.cell] if address else [None, None, None]
