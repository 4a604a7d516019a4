"""One sheet part's bytes → error cells, uncalculated formulas, percent cells, hidden rows and columns.

A regular part (`<c r="B2" …>`, as Excel, WPS, LibreOffice and the common libraries write it) is scanned with regular expressions,
each run only when the bytes it needs occur; any other is walked element by element.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from ruralpb.model import Evidence

PERCENT = Evidence(format="percent")

_Cell = tuple[int, int]


@dataclass(slots=True)
class Facts:
    """What one sheet part says besides its values. Rows and columns are 0-based; `rows` and `columns` span the cells that have a
    value (columns an upper bound where the span is small anyway)."""

    errors: dict[_Cell, str] = field(default_factory=dict)
    uncached: set[_Cell] = field(default_factory=set)
    percent: list[_Cell] = field(default_factory=list)
    dates: list[_Cell] = field(default_factory=list)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    rows: int = 0
    columns: int = 0


def sheet(part: bytes, percent: frozenset[int], dates: frozenset[int], recalculated: bool) -> Facts:
    """Return the facts of one sheet part. `percent` and `dates` are cell style numbers; `recalculated` says that the workbook asks
    to be calculated on opening: then formulas whose cached values are all 0 were never calculated (programs write 0 there)."""
    cells = part.count(b"<c ") + part.count(b"<c>")
    if cells == part.count(b'<c r="') and b":c " not in part and (not cells or b'<row r="' in part):
        return _scanned(part, percent, dates, recalculated)
    return _walked(part, percent, dates, recalculated)


_ERROR = re.compile(
    rb'<c r="([A-Z]+)([0-9]+)"[^>]*\bt="e"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?<v>([^<]*)</v>'
)
_FORMULA = re.compile(
    rb'<c r="([A-Z]+)([0-9]+)"([^>]*)><f[^>]*?(?:/>|>[^<]*</f>)\s*(?:<v>([^<]*)</v>|<v\s*/>)?\s*</c>'
)
_HIDDEN_ROW = re.compile(rb'<row r="([0-9]+)"[^>]*\bhidden="(?:1|true)"')
_COLUMN = re.compile(rb"<col ([^>]*)/?>")
_ATTRIBUTE = re.compile(rb'(\w+)="([^"]*)"')
_VALUED = re.compile(rb'<c r="([A-Z]+)[0-9]+"[^>]*[^/]>')


def _scanned(part: bytes, percent: frozenset[int], dates: frozenset[int], recalculated: bool) -> Facts:
    facts = Facts()
    if b't="e"' in part:
        facts.errors = {_at(m[1], m[2]): m[3].decode("utf-8", "replace") for m in _ERROR.finditer(part)}
    if b"<f" in part:
        formulas = [(_at(m[1], m[2]), b't="str"' in m[3], m[4]) for m in _FORMULA.finditer(part)]
        facts.uncached = {at for at, text, cached in formulas if not cached and not text}
        if recalculated and all(cached in (b"0", b"0.0", b"", None) for _, _, cached in formulas):
            facts.uncached = {at for at, text, _ in formulas if not text}
    facts.percent = _styled(part, percent)
    facts.dates = _styled(part, dates)
    if b"hidden=" in part:
        facts.hidden_rows = frozenset(int(m[1]) - 1 for m in _HIDDEN_ROW.finditer(part))
        facts.hidden_columns = _hidden_columns(dict(_ATTRIBUTE.findall(m[1])) for m in _COLUMN.finditer(part))
    last = part.rfind(b'<row r="')
    facts.rows = int(part[last + 8 : part.index(b'"', last + 8)]) if last >= 0 else 0
    # calamine's grid is dense, so that one cell far to the right of many rows takes all memory. Measuring the width exactly
    # costs a look at every cell; below 7,000 rows of at most ZZ columns nothing can go wrong.
    if facts.rows * 702 > 5_000_000 or re.search(rb'<c r="[A-Z]{3}', part):
        facts.columns = max((_column(m) for m in set(_VALUED.findall(part))), default=-1) + 1
    return facts


def _styled(part: bytes, styles: frozenset[int]) -> list[_Cell]:
    if not styles:
        return []
    numbers = "|".join(str(style) for style in sorted(styles))
    pattern = re.compile(rb'<c r="([A-Z]+)([0-9]+)" (?:t="n" )?s="(?:%s)"(?: t="n")?>' % numbers.encode())
    return [_at(m[1], m[2]) for m in pattern.finditer(part)]


def _hidden_columns(columns: Any) -> frozenset[int]:
    return frozenset(
        column
        for attributes in columns
        if attributes.get(b"hidden") in (b"1", b"true")
        for column in range(int(attributes[b"min"]) - 1, min(int(attributes[b"max"]), 16_384))
    )


def _at(letters: bytes, row: bytes) -> _Cell:
    return int(row) - 1, _column(letters)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _walked(part: bytes, percent: frozenset[int], dates: frozenset[int], recalculated: bool) -> Facts:
    """The same by elements, for parts with a namespace prefix, without cell references, or with another attribute order."""
    facts = Facts()
    formulas: list[tuple[_Cell, bool, str | None]] = []
    hidden: set[int] = set()
    columns: list[dict[bytes, bytes]] = []
    row = column = -1
    try:
        for event, element in etree.iterparse(
            io.BytesIO(part), events=("start", "end"), resolve_entities=False
        ):
            name = etree.QName(element).localname
            if event == "start" and name == "row":
                row, column = int(element.get("r", row + 2)) - 1, -1
                if element.get("hidden") in ("1", "true"):
                    hidden.add(row)
            elif event == "end" and name == "col":
                columns.append({key.encode(): value.encode() for key, value in element.attrib.items()})
            elif event == "end" and name == "c":
                column = _reference(element.get("r"), column)
                _cell(element, (row, column), facts, formulas, percent, dates)
            elif event == "end" and name == "row":
                element.clear()
    except (etree.XMLSyntaxError, ValueError):
        return facts  # calamine is the judge of damaged parts
    uncached_zero = recalculated and all(cached in ("0", "0.0", "", None) for _, _, cached in formulas)
    facts.uncached = {at for at, text, cached in formulas if not text and (uncached_zero or not cached)}
    facts.hidden_rows = frozenset(hidden)
    facts.hidden_columns = _hidden_columns(columns)
    return facts


def _cell(
    element: Any,
    at: _Cell,
    facts: Facts,
    formulas: list[tuple[_Cell, bool, str | None]],
    percent: frozenset[int],
    dates: frozenset[int],
) -> None:
    value = element.findtext("{*}v")
    if value or element.find("{*}is") is not None:
        facts.rows, facts.columns = max(facts.rows, at[0] + 1), max(facts.columns, at[1] + 1)
    kind, style = element.get("t", "n"), int(element.get("s", "0"))
    if kind == "e":
        facts.errors[at] = value or "#ERR"
    elif element.find("{*}f") is not None:
        formulas.append((at, kind == "str", value))
    if kind == "n" and value and style in percent:
        facts.percent.append(at)
    if kind == "n" and value and style in dates:
        facts.dates.append(at)


def _reference(text: str | None, previous: int) -> int:
    """0-based column of a cell reference; a cell without one stands right of the previous."""
    letters = re.match(r"[A-Z]+", text) if text else None
    return _column(letters[0].encode()) if letters else previous + 1
