"""OpenDocument spreadsheets (.ods, .fods) → grids, by one pass over content.xml.

Rows and cells come with a number of repetitions, up to the million of a whole sheet: what is blank is stepped over, never made.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import time
from typing import Any
from urllib.parse import unquote

from ruralpb.core.ooxml.limits import MAX_COLUMNS, MAX_ROWS, Unreadable
from ruralpb.core.ooxml.xml import attribute, events, local, outermost
from ruralpb.core.ooxml.zipped import Zip
from ruralpb.intake.readers.cells import ERROR, Cells, moment
from ruralpb.intake.readers.styles import disguise
from ruralpb.model import CellError, Evidence, Grid, Range, Uncached

_LINK = re.compile(r"'(file:[^']*|[^']*\.(?:xlsx?|xlsm|xlsb|ods|et|csv))'#", re.IGNORECASE)
_DURATION = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")
_BOOLEANS = {"of:=TRUE()": True, "of:=FALSE()": False}
_MAX_REPEATED = 500_000
"""Cells with a value that one row may be repeated to: a kilobyte of file could else be a million rows of anything."""
_MIME = "application/vnd.oasis.opendocument."
_NAMES = {"text": "ODT", "presentation": "ODP", "graphics": "ODG"}


@dataclass(slots=True)
class _Styles:
    """Names of styles, by what they show."""

    formats: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    """Formats of numbers, as codes that OOXML workbooks have."""
    positive: dict[str, str] = field(default_factory=dict)
    """Formats that show positive numbers in another one."""
    cell_formats: dict[str, str] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    struck: set[str] = field(default_factory=set)
    raised: set[str] = field(default_factory=set)
    hidden_tables: set[str] = field(default_factory=set)

    def is_percent(self, style: str) -> bool:
        return any(
            self.formats.get(self.cell_formats.get(name, "")) == "percentage-style"
            for name in self._line(style)
        )

    def disguise(self, style: str) -> Evidence | None:
        """What is to be said of numbers that a cell style shows as other ones."""
        names = (self.cell_formats[name] for name in self._line(style) if name in self.cell_formats)
        name = next(names, "")
        code = self.codes.get(self.positive.get(name, name))
        return disguise(code) if code else None

    def is_struck(self, style: str) -> bool:
        return any(name in self.struck for name in self._line(style))

    def marks(self, element: Any) -> bool:
        """Whether an element within a cell is text that is struck out or raised."""
        line = self._line(attribute(element, "style-name")) if local(element) == "span" else ()
        return any(name in self.struck or name in self.raised for name in line)

    def _line(self, style: str) -> list[str]:
        """The style and those it builds on, nearest first."""
        line = [style]
        while (parent := self.parents.get(line[-1], "")) and parent not in line:
            line.append(parent)
        return line


def read(container: Zip) -> list[Grid]:
    """Return the sheets. Raises Unreadable for what is damaged, encrypted, too large, or another kind of document."""
    kind = (
        container.read("mimetype").decode("ascii", "replace").strip()
        if "mimetype" in container.entries
        else ""
    )
    _check(kind)
    if b"encryption-data" in container.xml("META-INF/manifest.xml"):
        raise Unreadable("file-password-ods", "D07")
    reader = _OdsReader()
    if look := container.xml("styles.xml"):
        reader.read(look)
    reader.read(container.xml("content.xml"))
    return reader.grids()


def read_flat(part: bytes) -> list[Grid]:
    """Return the sheets of a document in one XML part (.fods). Raises Unreadable as `read` does."""
    for _, root, _ in events(part, ("start",)):
        _check(attribute(root, "mimetype"))
        break
    reader = _OdsReader()
    reader.read(part)
    return reader.grids()


def _check(kind: str) -> None:
    """Refuse by its name a document of another program (D11)."""
    if kind.startswith(_MIME) and not kind.startswith(_MIME + "spreadsheet"):
        name = kind.removeprefix(_MIME)
        raise Unreadable("file-unsupported", "D11", kind=_NAMES.get(name, "OpenDocument"))


class _OdsReader:
    def __init__(self) -> None:
        self._styles = _Styles()
        self._sheets: list[_OdsSheet] = []
        self._depth = 0
        self._in_sheet = False
        self.epoch_1904 = False

    def grids(self) -> list[Grid]:
        """What was read."""
        return [sheet.grid(self.epoch_1904) for sheet in self._sheets]

    def read(self, part: bytes) -> None:
        """Take styles and sheets from a part."""
        for event, element, name in events(part):
            if event == "start":
                self._begin(element, name)
            elif name == "table":
                self._depth -= 1
                self._in_sheet = self._in_sheet and self._depth > 0
            elif name in ("annotation", "p") or self._depth > 1:
                continue
            elif name == "null-date":
                self.epoch_1904 = attribute(element, "date-value").startswith("1904")
            elif not self._in_sheet:
                self._style(element, name)
            elif name == "table-row":
                self._sheets[-1].row(element)
                element.clear()
            elif name == "table-column":
                self._sheets[-1].column(element)

    def _begin(self, element: Any, name: str) -> None:
        if name != "table":
            return
        self._depth += 1
        if self._depth == 1:
            # What other files' cells were last time is kept in tables too; these are no sheets.
            parent = element.getparent()
            outside = attribute(element, "style-name") == "ta_extref" or "'#$" in attribute(element, "name")
            self._in_sheet = not outside and (parent is None or local(parent) == "spreadsheet")
            if self._in_sheet:
                hidden = attribute(element, "style-name") in self._styles.hidden_tables
                self._sheets.append(_OdsSheet(attribute(element, "name"), hidden, self._styles))

    def _style(self, element: Any, name: str) -> None:
        own = attribute(element, "name")
        if name.endswith("-style") and own:
            self._styles.formats[own] = name
            if name in ("number-style", "currency-style"):
                self._styles.codes[own] = _code(element)
                for part in element.iterfind("{*}map"):
                    if ">" in attribute(part, "condition"):
                        self._styles.positive[own] = attribute(part, "apply-style-name")
        elif name == "style":
            if data := attribute(element, "data-style-name"):
                self._styles.cell_formats[own] = data
            if parent := attribute(element, "parent-style-name"):
                self._styles.parents[own] = parent
            for part in element:
                if local(part) == "text-properties" and _strikes(part):
                    self._styles.struck.add(own)
                if not attribute(part, "text-position", "0%").startswith("0%"):
                    self._styles.raised.add(own)
                if local(part) == "table-properties" and attribute(part, "display") == "false":
                    self._styles.hidden_tables.add(own)


def _code(style: Any) -> str:
    """A number style as the code an OOXML workbook would have: 0 for the number, words in quotes, a comma that cuts thousands off."""
    found = []
    for part in style:
        match local(part):
            case "number":
                inside = "".join(f'"{word.text or ""}"0' for word in part.iterfind("{*}embedded-text"))
                found.append("0" + inside + ("," if attribute(part, "display-factor", "1") != "1" else ""))
            case "scientific-number" | "fraction":
                found.append("0")
            case "text" | "currency-symbol":
                found.append(f'"{part.text or ""}"')
    return "".join(found)


def _strikes(properties: Any) -> bool:
    return any(
        attribute(properties, name, "none") != "none"
        for name in ("text-line-through-style", "text-line-through-type")
    )


class _OdsSheet:
    """One sheet being read, row by row."""

    def __init__(self, name: str, hidden: bool, styles: _Styles) -> None:
        self._name, self._hidden, self._styles = name, hidden, styles
        self._cells = Cells()
        self._row = self._column = 0
        self._column_styles: list[tuple[int, str]] = []
        self._taken: list[int] = []
        self._percent_of_row: set[tuple[int, int]] = set()

    def grid(self, epoch_1904: bool) -> Grid:
        """The sheet."""
        cells = self._cells
        rows = cells.rows()
        return Grid(
            self._name,
            rows,
            cells.evidence(),
            tuple(cells.merged),
            hidden=self._hidden,
            hidden_rows=frozenset(row for row in cells.hidden_rows if row < len(rows)),
            hidden_columns=frozenset(cells.hidden_columns),
            epoch_1904=epoch_1904,
        )

    def column(self, element: Any) -> None:
        """Take a column's visibility and style."""
        count = _count(element, "number-columns-repeated")
        first, self._column = self._column, min(self._column + count, 16_384)
        if attribute(element, "visibility", "visible") != "visible":
            self._cells.hidden_columns.update(range(first, min(self._column, MAX_COLUMNS)))
        self._column_styles.append((self._column, attribute(element, "default-cell-style-name")))

    def row(self, element: Any) -> None:
        """Take a row as often as it is repeated."""
        count = _count(element, "number-rows-repeated")
        self._taken = []
        self._percent_of_row = set()
        column = 0
        for cell in element:
            if local(cell) in ("table-cell", "covered-table-cell"):
                column += self._cell(cell, column, element)
        if self._taken and count > 1:
            self._repeat(count)
        if attribute(element, "visibility", "visible") != "visible":
            self._cells.hidden_rows.update(range(self._row, self._row + min(count, 100_000)))
        self._row += count

    def _repeat(self, count: int) -> None:
        """Take the row just read again, below itself, `count` times in all."""
        cells, further = self._cells, range(self._row + 1, self._row + count)
        if count * len(self._taken) > _MAX_REPEATED or further.stop > MAX_ROWS:
            raise Unreadable("workbook-too-large", limit=f"{_MAX_REPEATED}")
        for place in self._taken:
            at = (self._row, place)
            copies = [(row, place) for row in further]
            cells.values.update(dict.fromkeys(copies, cells.values[at]))
            if at in cells.formulas:
                cells.formulas.update(dict.fromkeys(copies, cells.formulas[at]))
            if at in cells.links:
                cells.links.update(dict.fromkeys(copies, cells.links[at]))
            if at in cells.struck:
                cells.struck.update(copies)
            if at in cells.disguised:
                cells.disguised.update(dict.fromkeys(copies, cells.disguised[at]))
            if at in self._percent_of_row:
                cells.percent += copies

    def _cell(self, cell: Any, column: int, row: Any) -> int:
        """Take a cell as often as it is repeated; return how many columns it takes."""
        count = _count(cell, "number-columns-repeated")
        value, comment = _value(cell), _comment(cell)
        if value is None and not comment and not cell.attrib and not len(cell):
            return count
        style = (
            attribute(cell, "style-name")
            or attribute(row, "default-cell-style-name")
            or self._column_style(column)
        )
        for place in range(column, column + (min(count, 16_384) if value is not None else 1)):
            self._put((self._row, place), value, comment, cell, style)
            if value is not None:
                self._taken.append(place)
        wide, high = _count(cell, "number-columns-spanned"), _count(cell, "number-rows-spanned")
        if wide > 1 or high > 1:
            self._cells.merged.append(Range(self._row, column, self._row + high - 1, column + wide - 1))
        return count

    def _put(self, at: tuple[int, int], value: Any, comment: str, cell: Any, style: str) -> None:
        cells = self._cells
        cells.put(at, value)
        if comment:
            cells.comments[at] = comment
        if value is None:
            return
        if formula := attribute(cell, "formula"):
            cells.formulas[at] = formula
            if link := _LINK.search(formula):
                cells.links[at] = unquote(link[1]).replace("\\", "/").rpartition("/")[2]
        if attribute(cell, "value-type") == "percentage" or (
            isinstance(value, float) and self._styles.is_percent(style)
        ):
            cells.percent.append(at)
            self._percent_of_row.add(at)
        elif isinstance(value, float) and (said := self._styles.disguise(style)) is not None:
            cells.disguised[at] = said
        if self._styles.is_struck(style) or any(
            self._styles.is_struck(attribute(span, "style-name")) for span in cell.iter("{*}span")
        ):
            cells.struck.add(at)
        if isinstance(value, str):
            marked = outermost(cell, self._styles.marks)
            cells.mark(at, value, "".join(map(_text, marked)))

    def _column_style(self, column: int) -> str:
        return next((style for end, style in self._column_styles if column < end), "")


def _count(element: Any, name: str) -> int:
    text = attribute(element, name, "1")
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise Unreadable("file-damaged")
    return max(int(text), 1)


def _value(cell: Any) -> Any:
    """A cell's value by its stated type; an error and a formula without a result are what they are."""
    kind, formula = attribute(cell, "value-type"), attribute(cell, "formula")
    shown = "\n".join(_text(part) for part in cell if local(part) == "p")
    # The two attributes called value-type agree but for errors, which LibreOffice states in its own only.
    if any(value == "error" for key, value in cell.attrib.items() if key.endswith("}value-type")):
        return CellError(shown or "#ERR")
    if ERROR.fullmatch(shown) and (formula or kind != "string"):
        return CellError(shown)
    match kind:
        case "float" if formula in _BOOLEANS:
            return _BOOLEANS[formula]  # as LibreOffice writes a yes or no of an .xlsx
        case "float" | "currency" | "percentage":
            return _number(attribute(cell, "value"))
        case "date":
            return moment(attribute(cell, "date-value"))
        case "time":
            return _time(attribute(cell, "time-value"))
        case "boolean":
            return attribute(cell, "boolean-value") == "true"
        case "string":
            return shown or attribute(cell, "string-value") or None
    if formula and not shown:
        return Uncached(formula)
    return shown or None


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise Unreadable("file-damaged") from None


def _time(text: str) -> time | str:
    found = _DURATION.fullmatch(text)
    if found and int(found[1]) < 24 and int(found[2]) < 60 and int(found[3]) < 60:
        return time(int(found[1]), int(found[2]), int(found[3]))
    return text


def _comment(cell: Any) -> str:
    notes = (part for part in cell if local(part) == "annotation")
    texts = ("\n".join(_text(line) for line in note if local(line) == "p") for note in notes)
    return "\n".join(text for text in texts if text).strip()


def _text(element: Any) -> str:
    """The text of a paragraph: spaces in number, breaks and tabs are elements of their own; a note inside is not part of it."""
    found = [element.text or ""]
    for part in element:
        match local(part):
            case "s":
                found.append(" " * min(_count(part, "c"), 1000))
            case "line-break":
                found.append("\n")
            case "tab":
                found.append("\t")
            case "annotation" | "note" | "ruby-text":
                pass
            case _:
                found.append(_text(part))
        found.append(part.tail or "")
    return "".join(found)
