"""What cannot be marked in place (.xls, .ods, .csv, web pages …): its values laid out anew as .xlsx, each in the cell it stood in.

Numbers stay numbers with the kind of format they had, so that the copy reads as the original does. Of a file that several reporters share
only the rows of one are laid out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from ruralpb.model import CellError, Evidence, Grid, Range, Uncached, cell_position
from ruralpb.publish.feedback.marks import Mark, colours
from ruralpb.publish.xlsx.workbook import Workbook, landscape, text_width

_NARROW, _WIDE = 8.0, 40.0
_DATE, _MOMENT, _TIME, _SPAN = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "hh:mm:ss", "[h]:mm:ss"


def relay(
    grids: Sequence[Grid],
    marks: Iterable[Mark],
    when: datetime,
    rows: Mapping[str, frozenset[int]] | None = None,
) -> bytes:
    """Return an .xlsx of the sheets with the marks; `when` is the date it bears. `rows`: sheet → 0-based rows to lay out, where not all
    are to be seen; sheets it does not name are left out."""
    book = Workbook(when, basis={"font_size": 10.5}, date_1904=any(grid.epoch_1904 for grid in grids))
    coloured = colours(marks)
    for grid in grids:
        if rows is None or grid.sheet in rows:
            seen = None if rows is None else rows[grid.sheet]
            _RelaidSheet(book, grid, coloured.get(grid.sheet, {}), seen).write()
    return book.close()


class _RelaidSheet:
    """One sheet on its way out."""

    def __init__(
        self, book: Workbook, grid: Grid, marks: Mapping[str, str], seen: frozenset[int] | None
    ) -> None:
        self._book, self._sheet, self._grid, self._seen = book, book.worksheet(grid.sheet), grid, seen
        self._areas = {
            (area.top, area.left): area
            for area in _apart(grid.merged)
            if area.bottom > area.top or area.right > area.left
        }
        self._covered = {
            (row, column): (area.top, area.left)
            for area in self._areas.values()
            for row in range(area.top, area.bottom + 1)
            for column in range(area.left, area.right + 1)
        }
        places = ((cell_position(cell), colour) for cell, colour in marks.items())
        self._marks = {self._covered.get(place, place): colour for place, colour in places if place}
        filled = [sum(value is not None for value in values) for values in grid.values]
        self._ruled = {row for row, count in enumerate(filled) if 2 * count >= max(filled) > 1}
        """Rows of a table, as opposed to titles and remarks: they have lines, and widths are theirs."""

    def write(self) -> None:
        grid = self._grid
        last = max([len(grid.values) - 1, *(row for row, _ in self._marks)])
        for row in range(last + 1):
            if self._seen is None or row in self._seen:
                self._row(row)
        for column, width in enumerate(self._widths()):
            self._sheet.set_column(column, column, width, None, {"hidden": column in grid.hidden_columns})
        for row in grid.hidden_rows:
            self._sheet.set_row(row, None, None, {"hidden": True})
        if grid.hidden:
            self._sheet.hide()
        landscape(self._sheet)

    def _row(self, row: int) -> None:
        values = self._grid.values[row] if row < len(self._grid.values) else ()
        marked = [column for at, column in self._marks if at == row]
        for column in range(max([len(values), *(column + 1 for column in marked)])):
            place = (row, column)
            if self._covered.get(place, place) != place:
                continue
            value = values[column] if column < len(values) else None
            if place in self._areas:
                area = self._areas[place]
                self._sheet.merge_range(row, column, area.bottom, area.right, "", self._look(place, value))
            if value is not None or place in self._marks or row in self._ruled:
                self._cell(place, value)

    def _look(self, place: tuple[int, int], value: Any) -> Any:
        evidence = self._grid.evidence.get(place, Evidence())
        look: dict[str, Any] = {"border": 1} if place[0] in self._ruled else {}
        if isinstance(value, int | float | date | time | timedelta) and not isinstance(value, bool):
            look["num_format"] = _number_format(value, evidence)
        if evidence.format == "text":
            look["num_format"] = "@"
        if place in self._areas:
            look |= {"align": "center", "text_wrap": True, "border": 1}
        if evidence.struck:
            look["font_strikeout"] = True
        if place in self._marks:
            look |= {"bg_color": f"#{self._marks[place]}", "border": 1}
        return self._book.format(look)

    def _cell(self, place: tuple[int, int], value: Any) -> None:
        sheet, look = self._sheet, self._look(place, value)
        if value is None:
            sheet.write_blank(*place, None, look)
        elif isinstance(value, bool):
            sheet.write_boolean(*place, value, look)
        elif isinstance(value, int | float):
            sheet.write_number(*place, value, look)
        elif isinstance(value, date | time | timedelta):
            sheet.write_datetime(*place, value, look)
        elif isinstance(value, CellError):
            sheet.write_formula(*place, "=NA()", look, value.text)
        elif isinstance(value, Uncached):
            sheet.write_formula(*place, "=" + (value.formula.lstrip("=") or "NA()"), look, "")
        else:
            sheet.write_string(*place, str(value), look)
        if comment := self._grid.evidence.get(place, Evidence()).comment:
            sheet.write_comment(*place, comment)

    def _widths(self) -> list[float]:
        """Wide enough for what stands in a column, titles across it left aside."""
        found: dict[int, float] = {}
        for row, values in enumerate(self._grid.values):
            for column, value in enumerate(values if row in self._ruled else ()):
                if value is not None and (row, column) not in self._covered:
                    found[column] = max(found.get(column, 0.0), text_width(_shown(value)) + 2)
        width = max((len(values) for values in self._grid.values), default=0)
        return [min(max(found.get(column, 0.0), _NARROW), _WIDE) for column in range(width)]


def _apart(areas: Sequence[Range]) -> list[Range]:
    """The merged areas that do not lie over one before: a workbook cannot have others."""
    kept: list[Range] = []
    for area in areas:
        if not any(
            area.top <= other.bottom
            and other.top <= area.bottom
            and area.left <= other.right
            and other.left <= area.right
            for other in kept
        ):
            kept.append(area)
    return kept


def _number_format(value: Any, evidence: Evidence) -> str:
    """A format of the same kind: what it shows, and the measure it writes behind the number, are part of what was said."""
    if isinstance(value, datetime):
        return _DATE if value.time() == time() else _MOMENT
    if isinstance(value, date):
        return _DATE
    if isinstance(value, time):
        return _TIME
    if isinstance(value, timedelta):
        return _SPAN
    if evidence.format == "percent":
        return "0.##%"
    shown = "#,##0.0000," if evidence.format == "scaled" else "General"
    return f'{shown}"{evidence.measure}"' if evidence.measure else shown


def _shown(value: Any) -> str:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d")
    return value.text if isinstance(value, CellError) else "" if isinstance(value, Uncached) else str(value)
