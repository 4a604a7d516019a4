"""填报说明: who fills in what until when, what every column means, and what will be checked. All of it from the definitions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

from ruralpb.core.messages import say
from ruralpb.core.periods import Period
from ruralpb.core.problems import SEVERITIES
from ruralpb.model import Check, Form
from ruralpb.publish.forms import entry
from ruralpb.publish.forms.book import FormBook
from ruralpb.publish.forms.layout import FormDefinition, Layout
from ruralpb.publish.text.saying import BUILTIN
from ruralpb.publish.xlsx.workbook import PAGE_NUMBERS, landscape, text_width

SHEET = "填报说明"
_WIDTHS = (7.0, 28.0, 13.0, 13.0, 72.0)
_HEADS = ("序号", "栏目", "要求", "计量单位", "填法和可填内容")
_LONGEST = 90
"""Characters of a requirement; of a longer one the check's title alone is said."""

InstructionLine = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormInstructions:
    """What the instructions say of one form: a line a column, a line a check."""

    form: Form
    columns: tuple[InstructionLine, ...]
    checks: tuple[InstructionLine, ...]


def explained(definition: FormDefinition, layout: Layout, period: Period) -> FormInstructions:
    """Return what there is to say of a form; the same for every reporter."""
    columns, checks = _columns(definition, layout, period), _checks(definition, period)
    return FormInstructions(layout.form, tuple(columns), tuple(checks))


def _columns(definition: FormDefinition, layout: Layout, period: Period) -> Iterator[InstructionLine]:
    titles = {column.field.id: column.field.title for column in layout.columns}
    for number, column in enumerate(layout.columns, 1):
        item = column.field
        if column.parts:
            parts = "".join(f"{part.sign}{titles[part.field]}" for part in column.parts).removeprefix("+")
            need, how = (
                BUILTIN.text("blanks.need.computed"),
                f"＝{parts.replace('-', '－').replace('+', '＋')}",
            )
        else:
            need, how = (
                BUILTIN.text("blanks.need.required")
                if item.required
                else BUILTIN.text("blanks.need.required_where")
                if item.required_when
                else BUILTIN.text("blanks.need.optional"),
                entry.words(item, period),
            )
            if item.required_when:
                how = BUILTIN.text(
                    "blanks.required_when", condition=definition.condition(item.required_when), how=how
                )
        # In brackets: a column of bare titles would be a table on its side.
        yield str(number), f"【{item.title}】", need, item.measure, how


def _checks(definition: FormDefinition, period: Period) -> Iterator[InstructionLine]:
    for check in definition.form.checks:
        if (
            SEVERITIES[check.severity].blocks
            and check.enabled
            and check.title
            and check.dated.holds(period.end)
        ):
            yield check.id, say(f"nature-{check.severity}"), _description(check, definition)


def _description(check: Check, definition: FormDefinition) -> str:
    requirement = definition.requirement(check) if check.expr else ""
    return (
        BUILTIN.text("blanks.check", check=check.title, relation=requirement)
        if 0 < len(requirement) <= _LONGEST
        else check.title
    )


def write(
    book: FormBook, title: str, dues: Iterable[tuple[Form, date]], forms: Iterable[FormInstructions]
) -> None:
    """Add the sheet: `dues` is what this reporter owes, and until when."""
    sheet = book.worksheet(SHEET)
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(place, place, width)
    page = _InstructionSheet(book, sheet)
    page.line(("title",) * 5, (title,), merged=True, height=32)
    page.line(
        ("note",) * 5,
        ("浅黄色单元格为必填栏，灰色为自动计算或已填好的栏；有下拉箭头的从列表中选。没有发生的填0，不掌握的留空，不要用“—”“/”。"
         "可以插入、删除名册和台账的行，不要改动表头和工作表名称。填好后由单位负责人审签、加盖公章，连同电子表一并报送。",),
        merged=True,
        height=46,
    )  # fmt: skip
    page.line(("head",) * 5, ("序号", "表名", "表号", "报送时限", "填报人"))
    for number, (form, due) in enumerate(dues, 1):
        page.line(
            ("centre", "text", "centre", "centre", "text"),
            (str(number), form.title, form.code, due.isoformat(), form.filled_by),
        )
    for one in forms:
        page.skip()
        page.line(("section",) * 5, (f"{one.form.code}  {one.form.title}",), merged=True, height=22)
        if one.form.instructions:
            page.line(
                ("text",) * 5, (BUILTIN.text("blanks.instructions", text=one.form.instructions),), merged=True
            )
        page.line(("head",) * 5, _HEADS)
        for line in one.columns:
            page.line(("centre", "text", "centre", "centre", "text"), line)
        if one.checks:
            page.line(("head",) * 5, BUILTIN.list("blanks.check_heads"), tail=True)
        for line in one.checks:
            page.line(("centre", "centre", "text", "text", "text"), line, tail=True)
    _print(sheet)


class _InstructionSheet:
    """Writes line after line. `tail`: the third text takes the columns from the third on."""

    def __init__(self, book: FormBook, sheet: Any) -> None:
        self._book, self._sheet, self._row = book, sheet, 0

    def skip(self) -> None:
        self._row += 1

    def line(
        self,
        looks: InstructionLine,
        texts: InstructionLine,
        merged: bool = False,
        tail: bool = False,
        height: float = 0.0,
    ) -> None:
        formats = [self._book.look(name) for name in looks]
        if merged:
            self._sheet.merge_range(self._row, 0, self._row, len(_WIDTHS) - 1, texts[0], formats[0])
        else:
            for place, text in enumerate(texts[:2] if tail else texts):
                self._sheet.write_string(self._row, place, text, formats[place])
            if tail:
                self._sheet.merge_range(self._row, 2, self._row, len(_WIDTHS) - 1, texts[2], formats[2])
        self._sheet.set_row(self._row, height or self._height(texts, merged, tail))
        self._row += 1

    @staticmethod
    def _height(texts: InstructionLine, merged: bool, tail: bool) -> float:
        widths = [sum(_WIDTHS)] if merged else [*_WIDTHS[:2], sum(_WIDTHS[2:])] if tail else list(_WIDTHS)
        lines = (ceil(text_width(text) / (width - 1.5)) for text, width in zip(texts, widths, strict=False))
        return 14.0 * max(lines, default=1) + 3.0


def _print(sheet: Any) -> None:
    landscape(sheet)
    sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
    sheet.set_footer(f"&C&9{PAGE_NUMBERS}")
    sheet.hide_gridlines(2)
    sheet.protect("", {"format_columns": True, "format_rows": True})
