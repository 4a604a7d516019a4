"""OOXML workbooks → grids: values by calamine, and from the parts what calamine hides.

calamine gives '' for an error cell and for a formula that was never calculated, and tells no percent format, hidden row or
column, comment or struck-out text. A scan of the sheet's bytes finds these; it looks only for what the part's bytes say is
there, so that a clean return costs little more than its values.

calamine is not given the file but a container made anew of the parts that were checked, under the names it expects: what it
reads is what was scanned, whatever the file's directory says.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from ruralpb.core.ooxml.limits import MAX_CELLS, MAX_COLUMNS, Unreadable
from ruralpb.core.ooxml.package import Package, SheetPart
from ruralpb.core.ooxml.xml import parsed
from ruralpb.core.ooxml.zipped import stored
from ruralpb.intake.readers import around, evidence, scan
from ruralpb.intake.readers.cells import serial_day
from ruralpb.intake.readers.styles import styles
from ruralpb.intake.readers.symbols import shown
from ruralpb.model import CellError, Grid, Range, Uncached, cell_position

_STYLED = re.compile(rb' s="[1-9]')
_MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_REL = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CONTAINER = {
    "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "_rels/.rels": b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"'
    b' Type="%s/officeDocument" Target="xl/workbook.xml"/></Relationships>' % _REL,
}


@dataclass(frozen=True, slots=True)
class _WorkbookFacts:
    """What holds for all sheets of a workbook."""

    epoch_1904: bool
    recalculated: bool
    """It asks to be calculated on opening: formulas whose cached values are all 0 were never calculated."""
    texts: scan.Texts
    links: tuple[str, ...]


def read(package: Package) -> list[Grid]:
    """Return the worksheets in workbook order. Raises Unreadable for what is damaged or too large."""
    root = parsed(package.xml(package.workbook))
    sheets = package.sheets(root)
    look, texts = package.xml(package.related("/styles")), package.xml(package.related("/sharedStrings"))
    cell_styles = styles(look)
    book = _WorkbookFacts(
        epoch_1904=any(element.get("date1904") in ("1", "true") for element in root.iter("{*}workbookPr")),
        recalculated=any(
            element.get("fullCalcOnLoad") in ("1", "true") for element in root.iter("{*}calcPr")
        ),
        texts=scan.texts(texts),
        links=_links(package, root),
    )
    parts, found = [], []
    for sheet in sheets:
        part = package.xml(sheet.part)
        if (not texts and b't="s"' in part) or (not look and b' s="' in part and _STYLED.search(part)):
            # Texts, or what makes of 0.98 a percentage and of 46082 a day, are lost.
            raise Unreadable("file-damaged")
        facts = scan.sheet(part, cell_styles, book.recalculated, book.texts)
        if facts.rows * facts.columns > MAX_CELLS or facts.columns > MAX_COLUMNS:
            raise Unreadable("workbook-too-large", limit=f"{MAX_CELLS}")
        found.append(facts)
        parts.append(scan.known_errors(part, facts.errors))
    printed = _printed(root)
    content = _container(parts, texts, look, book.epoch_1904)
    return [
        replace(
            _grid(values, facts, sheet, book, evidence.comments(package, sheet.part)),
            surroundings=tuple(around.texts(package, sheet.part)),
            printed=printed.get(sheet.name, ()),
        )
        for values, facts, sheet in zip(_values(content, len(sheets)), found, sheets, strict=True)
    ]


def _container(sheets: Iterable[bytes], texts: bytes, look: bytes, epoch_1904: bool) -> bytes:
    names = {f"xl/worksheets/sheet{number}.xml": part for number, part in enumerate(sheets, 1)}
    listed, related = [], []
    for number, _ in enumerate(names, 1):
        listed.append(b'<sheet name="s%d" sheetId="%d" r:id="rId%d"/>' % (number, number, number))
        related.append(
            b'<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>'
            % (number, _REL, number)
        )
    workbook = b'<workbook %s xmlns:r="%s"><workbookPr%s/><sheets>%s</sheets></workbook>' % (
        _MAIN,
        _REL,
        b' date1904="1"' if epoch_1904 else b"",
        b"".join(listed),
    )
    relations = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>'
    parts = {
        **_CONTAINER,
        "xl/workbook.xml": workbook,
        "xl/_rels/workbook.xml.rels": relations % b"".join(related),
        **names,
    }
    if texts:
        parts["xl/sharedStrings.xml"] = texts
    if look:
        parts["xl/styles.xml"] = look
    return stored(parts)


def _values(content: bytes, count: int) -> list[Any]:
    import python_calamine

    try:
        workbook = python_calamine.CalamineWorkbook.from_object(io.BytesIO(content))
        return [workbook.get_sheet_by_index(index) for index in range(count)]
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # calamine's panics are no Exception
        raise Unreadable("file-damaged") from None


def _grid(
    sheet: Any,
    facts: scan.SheetFacts,
    about: SheetPart,
    book: _WorkbookFacts,
    comments: dict[tuple[int, int], str],
) -> Grid:
    rows = [
        tuple([None if value == "" else value for value in row]) if "" in row else tuple(row)
        for row in sheet.to_python(skip_empty_area=False)
    ]
    corrections: dict[tuple[int, int], Any] = {
        **{place: CellError(text) for place, text in facts.errors.items()},
        **{place: Uncached() for place in facts.uncached},
    }
    for row, column in facts.dates:
        value = rows[row][column] if row < len(rows) and column < len(rows[row]) else None
        if isinstance(value, float) and (day := serial_day(value, book.epoch_1904)):
            corrections[row, column] = day
    for (row, column), font in facts.symbols.items():
        value = rows[row][column] if row < len(rows) and column < len(rows[row]) else None
        if isinstance(value, str):
            corrections[row, column] = shown(value, font)
    if corrections:
        _overlay(rows, corrections)
    while rows and not any(value is not None for value in rows[-1]):
        rows.pop()
    merged = tuple(
        Range(top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    )
    return Grid(
        about.name,
        tuple(rows),
        evidence.evidence(facts.percent, facts.formulas, facts.struck, comments, book.links, facts.disguised),
        merged,
        hidden=about.hidden,
        hidden_rows=facts.hidden_rows,
        hidden_columns=facts.hidden_columns,
        epoch_1904=book.epoch_1904,
    )


def _printed(root: Any) -> dict[str, tuple[Range, ...]]:
    """The print areas by sheet. Those of whole rows or columns, and any written otherwise, are none."""
    names = [element.get("name", "") for element in root.iterfind("{*}sheets/{*}sheet")]
    found: dict[str, tuple[Range, ...]] = {}
    for element in root.iterfind("{*}definedNames/{*}definedName"):
        number = element.get("localSheetId", "")
        if element.get("name") != "_xlnm.Print_Area" or not number.isascii() or not number.isdigit():
            continue
        corners = [
            (cell_position(first.replace("$", "")), cell_position(last.replace("$", "")))
            for first, last in _AREA.findall(element.text or "")
        ]
        if int(number) < len(names) and corners:
            found[names[int(number)]] = tuple(
                Range(*first, *last) for first, last in corners if first is not None and last is not None
            )
    return found


_AREA = re.compile(r"!(\$[A-Z]{1,3}\$\d{1,7}):(\$[A-Z]{1,3}\$\d{1,7})")


def _overlay(rows: list[tuple[Any, ...]], corrections: dict[tuple[int, int], Any]) -> None:
    """Put `corrections` into `rows`, which grow where calamine saw nothing."""
    width = max(max(column for _, column in corrections) + 1, len(rows[0]) if rows else 0)
    height = max(row for row, _ in corrections) + 1
    if width > (len(rows[0]) if rows else 0):
        rows[:] = [row + (None,) * (width - len(row)) for row in rows]
    rows.extend([(None,) * width] * (height - len(rows)))
    by_row: dict[int, list[tuple[int, Any]]] = {}
    for (row, column), value in corrections.items():
        by_row.setdefault(row, []).append((column, value))
    for row, replaced in by_row.items():
        cells = list(rows[row])
        for column, value in replaced:
            cells[column] = value
        rows[row] = tuple(cells)


def _links(package: Package, root: Any) -> tuple[str, ...]:
    """The file names of the workbooks that formulas name [1], [2] …"""
    names = []
    for reference in root.iterfind("{*}externalReferences/{*}externalReference"):
        target = next((value for key, value in reference.attrib.items() if key.endswith("}id")), "")
        part = package.relations(package.workbook).get(target)
        paths = package.relations(part.target).values() if part else ()
        path = next((unquote(relation.target) for relation in paths if relation.external), "")
        names.append(path.replace("\\", "/").rpartition("/")[2] or "?")
    return tuple(names)
