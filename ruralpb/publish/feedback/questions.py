"""核实清单.xlsx: what a township has to correct or to explain, one line a finding, ready to print and to fill in.

A hidden sheet says what each line is (finding, fingerprint, submission), so that an answer is tied to what was asked even when
lines were sorted, filtered or deleted and the file was saved by another program. Equal input gives equal bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from math import ceil
from typing import Any

from ruralpb.core.messages import say
from ruralpb.core.problems import SEVERITIES, Severity
from ruralpb.publish.xlsx.workbook import PAGE_NUMBERS, Workbook, landscape, text_width

TITLE = "核实清单"
"""Name of the sheet that is filled in."""
IDENTITY = "_ruralpb_questions"
"""Name of the hidden sheet, and the text in its first cell."""
VERSION = "1"

NUMBER, FORM, SUBJECT, CELL, MESSAGE = "序号", "表", "村/对象", "单元格", "问题"
FOUND, EXPECTED, DIFFERENCE, REMEDY, ASK_FIRST = "填报值", "应为", "差额", "怎么改", "先核对"
NATURE, EXPLANATION, PERSON, FINDING = "性质", "说明", "说明人", "编号"

_COLUMNS: tuple[tuple[str, float], ...] = (
    (NUMBER, 4.5), (FORM, 14), (SUBJECT, 9), (CELL, 7), (MESSAGE, 30), (FOUND, 17), (EXPECTED, 17), (DIFFERENCE, 7),
    (REMEDY, 15), (ASK_FIRST, 9), (NATURE, 5), (EXPLANATION, 20), (PERSON, 8), (FINDING, 10),
)  # fmt: skip
"""Heading and width in characters; together they fill an A4 page across at a readable size."""
_ASKED = {EXPLANATION, PERSON}
_CENTRED = {NUMBER, NATURE, CELL}
_INPUT = "#FFFDE7"
_LINE = 13.0
_MOST_LINKS = 65_530


@dataclass(frozen=True, slots=True)
class Link:
    """A cell of a marked copy that lies in the same folder."""

    file: str
    sheet: str
    cell: str


@dataclass(frozen=True, slots=True)
class FindingQuestion:
    """One finding as the township is asked about it. `place` is None where there is no cell (`nowhere` then says why). `offered`: the
    explanation it was given before, for other data or a period ago; it stands in the answer's place and is no answer until a person signs."""

    finding: str
    fingerprint: str
    submission: str
    severity: Severity
    form: str
    subject: str
    message: str
    found: str
    expected: str
    remedy: str
    difference: Decimal | None = None
    ask_first: str = ""
    place: Link | None = None
    nowhere: str = ""
    offered: str = ""


@dataclass(frozen=True, slots=True)
class QuestionList:
    """All questions to one reporter for one period. `unit` is the code of the office that asks; `notes` stand under the title."""

    period: str
    reporter_code: str
    reporter: str
    unit: str
    title: str
    notes: Sequence[str]
    questions: Sequence[FindingQuestion]


def write(asked: QuestionList, when: datetime) -> bytes:
    """Return the workbook; `when` is the date it bears."""
    book = Workbook(when, asked.title, {"text_wrap": True})
    sheet = book.worksheet(TITLE)
    head = _head(sheet, asked, book)
    for number, question in enumerate(asked.questions, 1):
        _line(sheet, head + number, number, question, book)
    _set_up(sheet, head, len(asked.questions))
    _identity(book, asked)
    return book.close()


def _head(sheet: Any, asked: QuestionList, book: Workbook) -> int:
    """Write title, notes and headings; return the row of the headings."""
    last = len(_COLUMNS) - 1
    sheet.merge_range(
        0, 0, 0, last, asked.title, book.format({"font_size": 16, "bold": True, "align": "center"})
    )
    sheet.set_row(0, 30)
    total = sum(width for _, width in _COLUMNS)
    for row, note in enumerate(asked.notes, 1):
        sheet.merge_range(row, 0, row, last, note, book.format({}))
        sheet.set_row(row, _LINE * ceil(text_width(note) / total) + 4)
    head = len(asked.notes) + 1
    for place, (title, width) in enumerate(_COLUMNS):
        sheet.set_column(place, place, width)
        colour = _INPUT if title in _ASKED else "#EEF3F5"
        sheet.write_string(
            head,
            place,
            title,
            book.format({"bold": True, "align": "center", "border": 1, "bg_color": colour, "locked": True}),
        )
    sheet.set_row(head, 24)
    return head


def _line(sheet: Any, row: int, number: int, question: FindingQuestion, book: Workbook) -> None:
    cells: dict[str, str] = {
        FORM: _form(question),
        SUBJECT: question.subject,
        MESSAGE: question.message,
        FOUND: question.found,
        EXPECTED: question.expected,
        REMEDY: question.remedy,
        ASK_FIRST: question.ask_first,
        NATURE: say(f"nature-{question.severity}"),
        FINDING: question.finding,
    }
    height = 1
    for place, (title, width) in enumerate(_COLUMNS):
        look: dict[str, Any] = {"border": 1}
        if title in _CENTRED:
            look["align"] = "center"
        if title == NATURE:
            look["bg_color"] = f"#{SEVERITIES[question.severity].listed}"
        if title == FINDING:
            look |= {"font_size": 8, "font_color": "#808080"}
        if title == NUMBER:
            sheet.write_number(row, place, number, book.format(look))
        elif title == CELL:
            _place(sheet, row, place, question, book)
        elif title == DIFFERENCE:
            _difference(sheet, row, place, question.difference, book)
        elif title in _ASKED:
            offered = question.offered if title == EXPLANATION else ""
            _answer(sheet, row, place, question.severity, offered, book)
            height = max(height, ceil(text_width(offered) / (width - 1.5)))
        else:
            sheet.write_string(row, place, cells[title], book.format(look))
            height = max(height, ceil(text_width(cells[title]) / (width - 1.5)))
    # Rows are given their height: not every program fits it to wrapped text by itself.
    sheet.set_row(row, min(_LINE * max(height, 2) + 4, 400))


def _form(question: FindingQuestion) -> str:
    """The form, and the sheet the cell is in where it bears another name."""
    sheet = question.place.sheet if question.place else ""
    return f"{question.form}（工作表：{sheet}）" if sheet not in ("", question.form) else question.form


def _place(sheet: Any, row: int, column: int, question: FindingQuestion, book: Workbook) -> None:
    place = question.place
    if place is None:
        sheet.write_string(
            row, column, question.nowhere or "—", book.format({"border": 1, "align": "center"})
        )
        return
    text = place.cell
    look = book.format({"border": 1, "align": "center", "font_color": "#0563C1", "underline": 1})
    name = place.sheet.replace("'", "''")
    link = f"external:{place.file}#'{name}'!{place.cell}"
    if row >= _MOST_LINKS or sheet.write_url(row, column, link, look, text) != 0:
        sheet.write_string(row, column, text, book.format({"border": 1, "align": "center"}))


def _difference(sheet: Any, row: int, column: int, difference: Decimal | None, book: Workbook) -> None:
    if difference is None:
        sheet.write_blank(row, column, None, book.format({"border": 1}))
        return
    places = max(0, -int(difference.as_tuple().exponent))
    shape = f"0.{'0' * places}" if places else "0"
    sheet.write_number(
        row, column, difference, book.format({"border": 1, "align": "right", "num_format": shape})
    )


def _answer(sheet: Any, row: int, column: int, severity: Severity, offered: str, book: Workbook) -> None:
    """Only a query can be explained: an error is corrected, a note needs no answer. What is offered looks like no answer yet."""
    if severity == "query" and offered:
        suggested = book.format(
            {"border": 1, "bg_color": _INPUT, "locked": False, "italic": True, "font_color": "#808080"}
        )
        sheet.write_string(row, column, offered, suggested)
    elif severity == "query":
        sheet.write_blank(row, column, None, book.format({"border": 1, "bg_color": _INPUT, "locked": False}))
    else:
        sheet.write_blank(row, column, None, book.format({"border": 1, "pattern": 17, "fg_color": "#BFBFBF"}))


def _set_up(sheet: Any, head: int, lines: int) -> None:
    last = len(_COLUMNS) - 1
    sheet.hide_gridlines(2)
    sheet.freeze_panes(head + 1, 3)
    if lines:
        sheet.autofilter(head, 0, head + lines, last)
    landscape(sheet)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.repeat_rows(head)
    sheet.print_area(0, 0, head + lines, last)
    sheet.center_horizontally()
    sheet.set_footer(f"&C{PAGE_NUMBERS}")


def _identity(book: Any, asked: QuestionList) -> None:
    """The hidden sheet: what the list is, then a line a finding. All text, so that no program makes numbers of codes."""
    sheet = book.worksheet(IDENTITY)
    about = (
        (IDENTITY, VERSION),
        ("period", asked.period),
        ("reporter", asked.reporter_code),
        ("unit", asked.unit),
    )
    for row, (key, value) in enumerate(about):
        sheet.write_string(row, 0, key)
        sheet.write_string(row, 1, value)
    for row, question in enumerate(asked.questions, len(about) + 1):
        line = (
            question.finding,
            question.fingerprint,
            question.submission,
            question.severity,
            question.offered,
        )
        for column, text in enumerate(line):
            sheet.write_string(row, column, text)
    sheet.very_hidden()
