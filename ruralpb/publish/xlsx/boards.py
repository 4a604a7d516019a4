"""Sheets that are no tables: key figures as cards, and numbers beside the native charts that draw them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ruralpb.publish.xlsx.sheets import Book, CellPlace, Linked
from ruralpb.publish.xlsx.workbook import text_width

ACROSS = 4
"""So many cards stand side by side on a page across."""

_CARD_ROWS = 4
_ON_A_PAGE, _SCALE = 2, 75
_BAR, _GOAL = "#2F6F8F", "#C8102E"


@dataclass(frozen=True, slots=True)
class FigureCard:
    """One key figure: its title, the number with its number format, one line below, and where the number leads."""

    title: str
    number: Decimal | str
    format: str
    below: str
    place: CellPlace | None = None


@dataclass(frozen=True, slots=True)
class Drawing:
    """A native chart and its numbers: a label and a number each, None for a gap; `goal` is drawn as a line across."""

    kind: str
    title: str
    points: tuple[tuple[str, Decimal | Linked | None], ...]
    goal: tuple[str, Decimal] | None = None


def cards(book: Book, name: str, title: str, found: Sequence[FigureCard]) -> list[CellPlace]:
    """Add a sheet of cards and return where each number stands."""
    sheet, name = book.page(name)
    sheet.set_column(0, ACROSS * 2 - 1, 17)
    sheet.merge_range(0, 0, 0, ACROSS * 2 - 1, title, book.look("title"))
    sheet.set_row(0, 34)
    places = []
    for number, card in enumerate(found):
        row, column = 2 + number // ACROSS * _CARD_ROWS, number % ACROSS * 2
        for down, height in ((0, 32), (1, 36), (2, 30), (3, 10)):
            sheet.set_row(row + down, height)
        sheet.merge_range(row, column, row, column + 1, card.title, book.look("card"))
        look = book.look("big", card.format)
        sheet.merge_range(row + 1, column, row + 1, column + 1, "", look)
        if card.place is not None:
            sheet.write_url(row + 1, column, f"internal:{card.place.name}", look, string=" ")
        if isinstance(card.number, Decimal):
            sheet.write_number(row + 1, column, card.number, look)
        else:
            sheet.write_string(row + 1, column, card.number, look)
        sheet.merge_range(row + 2, column, row + 2, column + 1, card.below, book.look("small"))
        places.append(CellPlace(name, row + 1, column))
    book.paper(sheet)
    return places


def charts(book: Book, name: str, title: str, drawings: Sequence[Drawing]) -> list[CellPlace]:
    """Add a sheet with each drawing's numbers and its chart beside them; return where the numbers of each begin."""
    sheet, name = book.page(name)
    widest = max((text_width(label) for d in drawings for label, _ in d.points), default=8.0)
    sheet.set_column(0, 0, min(widest + 2, 34))
    sheet.set_column(1, 2, 12)
    sheet.set_column(3, 11, 9)
    sheet.merge_range(0, 0, 0, 11, title, book.look("title"))
    sheet.set_row(0, 30)
    row, places, breaks = 2, list[CellPlace](), list[int]()
    for number, drawing in enumerate(drawings):
        if number and number % _ON_A_PAGE == 0:
            breaks.append(row)
        places.append(CellPlace(name, row + 2, 1))
        _numbers(book, sheet, row, drawing)
        _draw(book, sheet, name, row, drawing)
        row += max(len(drawing.points) + 4, 17)
    book.paper(sheet, scale=_SCALE)
    sheet.set_h_pagebreaks(breaks)
    return places


def _numbers(book: Book, sheet: object, row: int, drawing: Drawing) -> None:
    write = book.cell
    write(sheet, row, 0, drawing.title, "note")
    heads = ("名称", "数值", *(drawing.goal[:1] if drawing.goal else ()))
    for column, head in enumerate(heads):
        write(sheet, row + 1, column, head, "head")
    for down, (label, number) in enumerate(drawing.points, row + 2):
        write(sheet, down, 0, label, "left")
        write(sheet, down, 1, number, "right")
        if drawing.goal:
            write(sheet, down, 2, drawing.goal[1], "right")


def _sizes(drawing: Drawing) -> list[Decimal]:
    numbers = (number.cell if isinstance(number, Linked) else number for _, number in drawing.points)
    return [number for number in numbers if isinstance(number, Decimal)]


def _draw(book: Book, sheet: object, name: str, row: int, drawing: Drawing) -> None:
    first, last = row + 2, row + 1 + len(drawing.points)
    chart = book.chart("line" if drawing.kind == "line" else "column")
    labels = [name, first, 0, last, 0]
    look: dict[str, object] = {"line": {"color": _BAR, "width": 2}, "marker": {"type": "circle"}}
    if drawing.kind != "line":
        look = {"fill": {"color": _BAR}, "gap": 60}
    chart.add_series(
        {"name": [name, row + 1, 1], "categories": labels, "values": [name, first, 1, last, 1], **look}
    )
    if drawing.goal:
        line = book.chart("line")
        goal = {"color": _GOAL, "dash_type": "dash", "width": 1.5}
        line.add_series(
            {
                "name": [name, row + 1, 2],
                "categories": labels,
                "values": [name, first, 2, last, 2],
                "line": goal,
            }
        )
        chart.combine(line)
    chart.set_title({"name": drawing.title, "name_font": {"size": 11, "bold": False}, "overlay": False})
    chart.set_legend({"position": "bottom"} if drawing.goal else {"none": True})
    chart.set_x_axis({"num_font": {"size": 8}})
    if drawing.kind != "line" and all(size >= 0 for size in _sizes(drawing)):
        chart.set_y_axis({"min": 0})  # a bar is as long as its number
    # The library leaves out what it takes for the default; read without it, a missing period is drawn as zero.
    chart._write_disp_blanks_as = lambda: chart._xml_empty_tag("c:dispBlanksAs", [("val", "gap")])
    chart.set_size({"width": 620, "height": 310})
    sheet.insert_chart(row, 4, chart, {"description": drawing.title, "object_position": 1})  # type: ignore[attr-defined]
