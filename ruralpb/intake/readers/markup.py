"""Web pages with one table, mostly named .xls by the programs that export them → one grid of text cells (D04).

A page lays things out with tables too. The one with two rows and two columns at least is the return; of what stands before and after
it (a title, 填报单位, who signed) every line or row becomes a row of its own. Two such tables are refused: nobody knows which is meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from ruralpb.core.ooxml.limits import MAX_CELLS, MAX_COLUMNS, Unreadable
from ruralpb.core.ooxml.xml import outermost
from ruralpb.intake.readers.cells import ERROR, Cells
from ruralpb.model import CellError, Grid, Range

SHEET = "HTML"
_CHARSET = re.compile(rb"""charset\s*=\s*["']?([\w-]+)""", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_PARTS = ("caption", "table", "tbody", "thead", "tfoot", "tr")
_BLOCKS = frozenset(
    ("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "dt", "dd", "pre", "center", "title", *_PARTS)
)
_SILENT = frozenset(("script", "style", "head", "noscript", "template", "xml", "comment"))
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_STRUCK = re.compile(r"text-decoration[^;]*line-through", re.IGNORECASE)


def read(content: bytes, sheet: str = SHEET) -> Grid:
    """Return the page's table with the lines around it. Raises Unreadable: no table, several, an unknown charset."""
    root = _parsed(decoded(content))
    tables = [table for table in root.iter("table") if next(table.iterdescendants("table"), None) is None]
    found = [table for table in tables if _is_data(table)]
    if len(found) > 1:
        raise Unreadable("html-tables", "D04", found=f"{len(found)}")
    if not found and len(tables) != 1:
        raise Unreadable("html-no-table", "D04")
    return _WebPage(found[0] if found else tables[0]).grid(root, sheet)


def decoded(content: bytes) -> str:
    """The page's text: in the charset it names or marks, else UTF-8 or GB 18030; never with replacements."""
    named = _CHARSET.search(content[:4096])
    charsets = ["utf-8-sig", "gb18030"]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        charsets = ["utf-16"]
    elif named and named[1].lower() in (b"gb2312", b"gbk", b"gb18030", b"gb_2312-80"):
        charsets = ["gb18030", "utf-8-sig"]
    for charset in charsets:
        try:
            return content.decode(charset)
        except UnicodeDecodeError:
            continue
    raise Unreadable("file-no-text", "D11")


def _parsed(text: str) -> Any:
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text)
    try:
        root = etree.fromstring(
            text.encode("utf-8", "replace"),
            etree.HTMLParser(
                encoding="utf-8", no_network=True, recover=True, remove_comments=True, remove_pis=True
            ),
        )
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise Unreadable("html-no-table", "D04")
    return root


def _rows(table: Any) -> list[Any]:
    return list(table.iter("tr"))


def _is_data(table: Any) -> bool:
    """Two rows at least, of which one at least has two cells with something in them."""
    filled = [
        sum(bool(_SPACE.sub("", "".join(cell.itertext()))) for cell in row if cell.tag in ("td", "th"))
        for row in _rows(table)
    ]
    return sum(count > 0 for count in filled) > 1 and sum(count > 1 for count in filled) > 1


@dataclass(slots=True)
class _WebPage:
    """A page being read, in its order: lines before the table, the table, lines after it."""

    table: Any
    cells: Cells = field(default_factory=Cells)
    row: int = 0
    line: list[str] = field(default_factory=list)

    def grid(self, root: Any, sheet: str) -> Grid:
        """The page as a grid."""
        self._walk(root)
        self._break()
        return Grid(
            sheet,
            self.cells.rows(),
            self.cells.evidence(),
            tuple(self.cells.merged),
            hidden_rows=frozenset(self.cells.hidden_rows),
        )

    def _walk(self, element: Any) -> None:
        if (
            not isinstance(element.tag, str)
            or element.tag in _SILENT
            or _HIDDEN.search(element.get("style", ""))
        ):
            return
        if element is self.table:
            self._break()
            self._take_table()
            return
        if element.tag == "tr" and next(element.iterdescendants("table"), None) is None:
            self._break()
            self._take_row(element, {})
            return
        block = element.tag in _BLOCKS
        if block or element.tag == "br":
            self._break()
        self.line.append(element.text or "")
        for part in element:
            self._walk(part)
            self.line.append(part.tail or "")
        if block:
            self._break()

    def _break(self) -> None:
        """End the line that text outside the table is gathered in."""
        text = _SPACE.sub(" ", "".join(self.line)).strip(" \xa0")
        self.line = []
        if text:
            self.cells.put((self.row, 0), text)
            self.row += 1

    def _take_table(self) -> None:
        for caption in self.table.iter("caption"):
            self.line.append("".join(caption.itertext()))
            self._break()
        taken: dict[tuple[int, int], bool] = {}
        for row in _rows(self.table):
            self._take_row(row, taken)

    def _take_row(self, row: Any, taken: dict[tuple[int, int], bool]) -> None:
        """Put a row's cells where those that reach down from above leave room."""
        if _HIDDEN.search(row.get("style", "")):
            self.cells.hidden_rows.add(self.row)
        column = 0
        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            while (self.row, column) in taken:
                column += 1
            wide, high = _span(cell, "colspan", MAX_COLUMNS), _span(cell, "rowspan", 65_536)
            if len(taken) + wide * high > MAX_CELLS:
                raise Unreadable("workbook-too-large", limit=f"{MAX_CELLS}")
            if wide > 1 or high > 1:
                self.cells.merged.append(Range(self.row, column, self.row + high - 1, column + wide - 1))
                taken.update(
                    ((self.row + down, column + right), True) for down in range(high) for right in range(wide)
                )
            self._put((self.row, column), cell)
            column += wide
        self.row += 1

    def _put(self, at: tuple[int, int], cell: Any) -> None:
        text = _text(cell)
        exact = next(
            (value for key, value in cell.attrib.items() if key.rpartition(":")[2] == "num" and value), ""
        )
        if exact and set(text) == {"#"}:
            text = exact  # the column was too narrow to show its number
        self.cells.put(at, CellError(text) if ERROR.fullmatch(text) else text)
        struck = any(_is_struck(part) for part in cell.iter())
        if text and struck:
            self.cells.struck.add(at)
        self.cells.mark(at, text, "".join(map(_text, outermost(cell, _is_marked))))


def _is_struck(part: Any) -> bool:
    return part.tag in ("s", "del", "strike") or _STRUCK.search(part.get("style", "")) is not None


def _is_marked(part: Any) -> bool:
    return part.tag in ("sup", "sub") or _is_struck(part)


def _span(cell: Any, name: str, most: int) -> int:
    text = cell.get(name, "1").strip()
    return min(max(int(text), 1), most) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def _text(element: Any) -> str:
    """What a browser shows: white space collapsed, breaks kept."""
    found: list[str] = []

    def walk(part: Any) -> None:
        if not isinstance(part.tag, str) or part.tag in _SILENT or _HIDDEN.search(part.get("style", "")):
            return
        if part.tag == "br" or (part.tag in _BLOCKS and any(found)):
            found.append("\v")
        found.append(part.text or "")
        for child in part:
            walk(child)
            found.append(child.tail or "")

    walk(element)
    lines = (_SPACE.sub(" ", line).strip(" \xa0") for line in "".join(found).split("\v"))
    return "\n".join(lines).strip()
