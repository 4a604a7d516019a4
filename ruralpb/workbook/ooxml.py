"""OOXML workbooks → grids: values by calamine, and from the sheet parts what calamine hides.

calamine gives '' for an error cell and for a formula that was never calculated, and tells no percent format, hidden row or
column. A scan of the sheet's bytes finds these; it looks only for what the part's bytes say is there, so that a clean
return costs little more than its values.
"""

from __future__ import annotations

import io
import posixpath
import re
from datetime import date, datetime, timedelta
from typing import Any

from lxml import etree

from ruralpb.model import CellError, Grid, Range, Uncached
from ruralpb.workbook import scan
from ruralpb.workbook.container import MAX_CELLS, MAX_COLUMNS, Unreadable

_BUILTIN_PERCENT = {9, 10}
_BUILTIN_DATES = {*range(14, 18), 22, *range(27, 32), 36, *range(50, 55), 57, 58}
"""14-17, 22 everywhere; 27-31, 36, 50-54, 57, 58 are dates in the Chinese Excel, often without a format code in the file."""
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


def read(parts: dict[str, bytes], content: bytes) -> list[Grid]:
    """Return the worksheets in workbook order. Raises Unreadable for what is no workbook, is damaged or too large."""
    import python_calamine

    path = _workbook_part(parts)
    sheets = _sheet_parts(parts, path)
    book = _parsed(parts[path])
    epoch_1904 = any(element.get("date1904") in ("1", "true") for element in book.iter("{*}workbookPr"))
    recalculated = any(element.get("fullCalcOnLoad") in ("1", "true") for element in book.iter("{*}calcPr"))
    percent, dates = _styles(parts.get(posixpath.join(posixpath.dirname(path), "styles.xml"), b""))
    found = {
        name: scan.sheet(parts[part], percent, dates, recalculated)
        for name, part, _hidden in sheets
        if part in parts
    }
    if any(facts.rows * facts.columns > MAX_CELLS or facts.columns > MAX_COLUMNS for facts in found.values()):
        raise Unreadable("workbook-too-large", limit=f"{MAX_CELLS}")
    try:
        workbook = python_calamine.CalamineWorkbook.from_object(io.BytesIO(content))
        return [
            _grid(workbook.get_sheet_by_name(name), found[name], hidden, epoch_1904)
            for name, part, hidden in sheets
            if name in found and part.startswith(posixpath.join(posixpath.dirname(path), "worksheets"))
        ]
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as failure:  # calamine's panics are no Exception
        if isinstance(failure, MemoryError):
            raise
        raise Unreadable("file-damaged") from None


def _grid(sheet: Any, facts: scan.Facts, hidden: bool, epoch_1904: bool) -> Grid:
    rows = [
        tuple([None if value == "" else value for value in row])
        for row in sheet.to_python(skip_empty_area=False)
    ]
    corrections: dict[tuple[int, int], Any] = {
        **{place: CellError(text) for place, text in facts.errors.items()},
        **{place: Uncached() for place in facts.uncached},
    }
    for row, column in facts.dates:
        value = rows[row][column] if row < len(rows) and column < len(rows[row]) else None
        if isinstance(value, float) and (day := _serial(value, epoch_1904)):
            corrections[row, column] = day
    if corrections:
        _overlay(rows, corrections)
    while rows and not any(value is not None for value in rows[-1]):
        rows.pop()
    merged = tuple(
        Range(top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    )
    return Grid(
        sheet.name,
        tuple(rows),
        dict.fromkeys(facts.percent, scan.PERCENT),
        merged,
        hidden=hidden,
        hidden_rows=facts.hidden_rows,
        hidden_columns=facts.hidden_columns,
        epoch_1904=epoch_1904,
    )


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


def _serial(value: float, epoch_1904: bool) -> date | datetime | None:
    """The day of a serial number whose format calamine does not know as a date."""
    if not 1 <= value < 2_958_466:
        return None
    stamp = (
        datetime(1904, 1, 1) + timedelta(days=value)
        if epoch_1904
        else datetime(1899, 12, 30) + timedelta(days=value)
    )
    return stamp.date() if value == int(value) else stamp


def _parsed(part: bytes) -> Any:
    try:
        return etree.fromstring(
            part, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        )
    except etree.XMLSyntaxError:
        raise Unreadable("file-damaged") from None


def _workbook_part(parts: dict[str, bytes]) -> str:
    """The workbook part's name, from the package's relations. Raises Unreadable when the zip is another thing."""
    if "_rels/.rels" in parts:
        for relation in _parsed(parts["_rels/.rels"]):
            target = str(relation.get("Target", "")).lstrip("/")
            if relation.get("Type", "").endswith("/officeDocument") and target in parts:
                if target.startswith("xl/") or b"sheets" in parts[target][:20000]:
                    return target
                raise Unreadable("file-unsupported", "D11", kind="Word/PowerPoint")
    if "content.xml" in parts:
        raise Unreadable("file-unsupported", "D11", kind="ODS")
    raise Unreadable("file-unsupported", "D11", kind="ZIP")


def _sheet_parts(parts: dict[str, bytes], workbook: str) -> list[tuple[str, str, bool]]:
    """(sheet name, part name, hidden) in workbook order."""
    folder = posixpath.dirname(workbook)
    relations = parts.get(f"{folder}/_rels/{posixpath.basename(workbook)}.rels", b"<none/>")
    targets = {
        relation.get("Id"): posixpath.normpath(posixpath.join(folder, target))
        if not target.startswith("/")
        else target[1:]
        for relation in _parsed(relations)
        if (target := relation.get("Target")) is not None
    }
    found = []
    for sheet in _parsed(parts[workbook]).iter("{*}sheet"):
        relation = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), None)
        found.append(
            (sheet.get("name", ""), targets.get(relation, ""), sheet.get("state", "visible") != "visible")
        )
    return found


def _styles(part: bytes) -> tuple[frozenset[int], frozenset[int]]:
    """Cell style numbers that show a percentage, and those that show a date."""
    if not part:
        return frozenset(), frozenset()
    root = _parsed(part)
    codes = {
        int(element.get("numFmtId", "0")): element.get("formatCode", "") for element in root.iter("{*}numFmt")
    }
    percent: set[int] = set()
    dates: set[int] = set()
    cell_styles = next(root.iter("{*}cellXfs"), None)
    for index, style in enumerate(cell_styles if cell_styles is not None else ()):
        number = int(style.get("numFmtId", "0"))
        code = _LITERAL.sub("", codes.get(number, "")).lower()
        if number in _BUILTIN_PERCENT or "%" in code:
            percent.add(index)
        elif (number in _BUILTIN_DATES and number not in codes) or (
            "y" in code and ("m" in code or "d" in code)
        ):
            dates.add(index)
    return frozenset(percent), frozenset(dates)
