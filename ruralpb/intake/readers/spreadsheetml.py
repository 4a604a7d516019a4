"""XML spreadsheets of 2003 (SpreadsheetML), mostly named .xls by the programs that export them → grids (D05)."""

from __future__ import annotations

import re
from typing import Any

from ruralpb.core.ooxml.limits import MAX_COLUMNS, MAX_ROWS, Unreadable
from ruralpb.core.ooxml.xml import attribute, events, local, outermost
from ruralpb.intake.readers.cells import Cells, moment
from ruralpb.intake.readers.styles import disguise, is_percent
from ruralpb.model import CellError, Evidence, Grid, Range, Uncached

_LINK = re.compile(r"\[([^\[\]]+\.\w{2,4})\]")


def read(content: bytes) -> list[Grid]:
    """Return the worksheets. Raises Unreadable for what is damaged, or has a document type."""
    if b"<!DOCTYPE" in content:
        raise Unreadable("file-hostile", what="DOCTYPE")
    reader = _Xml2003Reader()
    for event, element, name in events(content):
        reader.take(event, element, name)
    return [sheet.grid(reader.epoch_1904) for sheet in reader.sheets]


class _Xml2003Reader:
    def __init__(self) -> None:
        self.sheets: list[_Xml2003Sheet] = []
        self.epoch_1904 = False
        self._percent: set[str] = set()
        self._disguised: dict[str, Evidence] = {}
        self._struck: set[str] = set()

    def take(self, event: str, element: Any, name: str) -> None:
        """Take one element at its beginning or end."""
        if event == "start":
            if name == "Worksheet":
                name = attribute(element, "Name")
                self.sheets.append(_Xml2003Sheet(name, self._percent, self._disguised, self._struck))
        elif name == "Style":
            self._style(element)
        elif name == "Date1904":
            self.epoch_1904 = (element.text or "1").strip() not in ("0", "False")
        elif self.sheets:
            sheet = self.sheets[-1]
            if name == "Row":
                sheet.row(element)
                element.clear()
            elif name == "Column":
                sheet.column(element)
            elif name == "Visible":
                sheet.hidden = (element.text or "").startswith("SheetHidden") or "Very" in (
                    element.text or ""
                )

    def _style(self, element: Any) -> None:
        own, parent = attribute(element, "ID"), attribute(element, "Parent")
        percent, struck = parent in self._percent, parent in self._struck
        said = self._disguised.get(parent)
        for part in element:
            if local(part) == "NumberFormat":
                code = attribute(part, "Format")
                percent, said = code == "Percent" or is_percent(0, code), disguise(code)
            elif local(part) == "Font":
                struck = attribute(part, "StrikeThrough") in ("1", "true")
        if percent:
            self._percent.add(own)
        elif said:
            self._disguised[own] = said
        if struck:
            self._struck.add(own)


class _Xml2003Sheet:
    def __init__(
        self, name: str, percent: set[str], disguised: dict[str, Evidence], struck: set[str]
    ) -> None:
        self._name, self._percent, self._disguised, self._struck = name, percent, disguised, struck
        self._cells = Cells()
        self._row = self._column = 0
        self._column_styles: dict[int, str] = {}
        self.hidden = False

    def grid(self, epoch_1904: bool) -> Grid:
        """The sheet."""
        cells = self._cells
        return Grid(
            self._name,
            cells.rows(),
            cells.evidence(),
            tuple(cells.merged),
            hidden=self.hidden,
            hidden_rows=frozenset(cells.hidden_rows),
            hidden_columns=frozenset(cells.hidden_columns),
            epoch_1904=epoch_1904,
        )

    def column(self, element: Any) -> None:
        """Take a column's visibility and style."""
        first = _whole(element, "Index", self._column + 1) - 1
        self._column = first + 1 + _whole(element, "Span", 0)
        places = range(first, min(self._column, MAX_COLUMNS))
        if attribute(element, "Hidden") in ("1", "true"):
            self._cells.hidden_columns.update(places)
        if style := attribute(element, "StyleID"):
            self._column_styles.update(dict.fromkeys(places, style))

    def row(self, element: Any) -> None:
        """Take a row, which stands below the last unless it says where."""
        row = _whole(element, "Index", self._row + 1) - 1
        span = _whole(element, "Span", 0)
        if attribute(element, "Hidden") in ("1", "true"):
            self._cells.hidden_rows.update(range(row, row + 1 + min(span, 100_000)))
        style = attribute(element, "StyleID")
        column = 0
        for cell in element:
            if local(cell) != "Cell":
                continue
            column = _whole(cell, "Index", column + 1) - 1
            wide, high = _whole(cell, "MergeAcross", 0), _whole(cell, "MergeDown", 0)
            if wide or high:
                self._cells.merged.append(Range(row, column, row + high, column + wide))
            own = attribute(cell, "StyleID") or style or self._column_styles.get(column, "")
            self._cell((row, column), cell, own)
            column += 1 + wide
        self._row = row + 1 + span

    def _cell(self, at: tuple[int, int], cell: Any, style: str) -> None:
        cells = self._cells
        data = next((part for part in cell if local(part) == "Data"), None)
        formula = attribute(cell, "Formula")
        for part in cell:
            if local(part) == "Comment":
                cells.comments[at] = "".join(part.itertext()).strip()
        value = Uncached(formula) if formula and data is None else _value(data)
        cells.put(at, value)
        if value is None:
            return
        if formula:
            cells.formulas[at] = formula
            if link := _LINK.search(formula):
                cells.links[at] = link[1].replace("\\", "/").rpartition("/")[2]
        if isinstance(value, float) and style in self._percent:
            cells.percent.append(at)
        elif isinstance(value, float) and style in self._disguised:
            cells.disguised[at] = self._disguised[style]
        if style in self._struck or (
            data is not None and any(local(part) in ("S", "Strike") for part in data.iter())
        ):
            cells.struck.add(at)
        if data is not None and isinstance(value, str):
            marked = outermost(data, lambda part: local(part) in ("S", "Strike", "Sup", "Sub"))
            cells.mark(at, value, "".join("".join(part.itertext()) for part in marked))


def _whole(element: Any, name: str, default: int) -> int:
    text = attribute(element, name)
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and int(text[:9]) < MAX_ROWS and len(text) < 9):
        raise Unreadable("file-damaged")
    return int(text)


def _value(data: Any) -> Any:
    if data is None:
        return None
    text = "".join(data.itertext())
    match attribute(data, "Type"):
        case "Number":
            try:
                return float(text)
            except ValueError:
                raise Unreadable("file-damaged") from None
        case "DateTime":
            return moment(text)
        case "Boolean":
            return text.strip() == "1"
        case "Error":
            return CellError(text or "#ERR")
        case _:
            return text or None
