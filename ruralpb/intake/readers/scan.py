"""One sheet part's bytes → error cells, uncalculated formulas, percent cells, struck-out cells, hidden rows and columns.

A regular part (`<c r="B2" …>`, as Excel, WPS, LibreOffice and the common libraries write it) is scanned with regular expressions,
each run only when the bytes it needs occur; any other is walked element by element.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import Any

from ruralpb.core.ooxml.limits import Unreadable
from ruralpb.core.ooxml.xml import events, local
from ruralpb.intake.readers.cells import PARTS
from ruralpb.intake.readers.formulas import shifted
from ruralpb.intake.readers.styles import CellStyles
from ruralpb.model import Evidence

_Cell = tuple[int, int]


@dataclass(slots=True)
class SheetFacts:
    """What one sheet part says besides its values. Rows and columns are 0-based; `rows` and `columns` span the cells that have a
    value (columns an upper bound where the span is small anyway)."""

    errors: dict[_Cell, str] = field(default_factory=dict)
    formulas: dict[_Cell, str] = field(default_factory=dict)
    uncached: set[_Cell] = field(default_factory=set)
    percent: list[_Cell] = field(default_factory=list)
    dates: list[_Cell] = field(default_factory=list)
    disguised: dict[_Cell, Evidence] = field(default_factory=dict)
    struck: set[_Cell] = field(default_factory=set)
    symbols: dict[_Cell, str] = field(default_factory=dict)
    """Cells with a value that a font of symbols shows: its name."""
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    rows: int = 0
    columns: int = 0


@dataclass(frozen=True, slots=True)
class Texts:
    """Numbers of shared strings of which something is struck out, and of those of which only a part is, or is raised (5²)."""

    struck: frozenset[int] = frozenset()
    mixed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Formula:
    """A formula cell: `text` says that its result is a text, which may well be empty; `shared` numbers a formula that several cells
    share, of which the first alone has it written out."""

    at: _Cell
    formula: str
    text: bool
    cached: str | None
    shared: str


def sheet(part: bytes, styles: CellStyles, recalculated: bool, texts: Texts) -> SheetFacts:
    """Return the facts of one sheet part. `recalculated` says that the workbook asks to be calculated on opening: then formulas whose
    cached values are all 0 were never calculated (programs write 0 there)."""
    if (facts := _scanned(part, styles, recalculated, texts)) is not None:
        return facts
    return _walked(part, styles, recalculated, texts)


_IRREGULAR = re.compile(rb'<c(?:>| (?!r="[A-Z]{1,2}[0-9]))')
_ERROR = re.compile(
    rb'<c r="([A-Z]+)([0-9]+)"[^>]*\bt="e"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?<v>([^<]*)</v>'
)
_FORMULA = re.compile(
    rb'<c r="([A-Z]+)([0-9]+)"([^>]*)><f([^>]*?)(?:/>|>([^<]*)</f>)\s*(?:<v(?: [^>]*)?>([^<]*)</v>|<v\s*/>)?\s*</c>'
)
_SHARED_NUMBER = re.compile(rb'\bsi="([0-9]+)"')
_FORMULA_BEGINS = re.compile(rb"<f[ >/]")
_HIDDEN_ROW = re.compile(rb'<row r="([0-9]+)"[^>]*\bhidden="(?:1|true)"')
_ROW = re.compile(rb'<row r="([0-9]{1,7})"')
_COLUMN = re.compile(rb"<col ([^>]*)/?>")
_ATTRIBUTE = re.compile(rb'(\w+)="([^"]*)"')
_VALUED = re.compile(rb'<c r="([A-Z]+)([0-9]+)"[^>]*[^/]>')
_FAR = re.compile(rb'<c r="[A-Z]{3}')
_TYPE_FIRST = re.compile(rb't="[a-zA-Z]+" s="')
_LOOSE = re.compile(rb"<(?:c|row|col|f|v)(?:[\t\r\n]| [^<>]*?(?:[\t\r\n]|  ))")
_ZERO = ("0", "0.0", "", None)


def _scanned(part: bytes, styles: CellStyles, recalculated: bool, texts: Texts) -> SheetFacts | None:
    """The facts of a regular part, None when it is not one."""
    irregular = _IRREGULAR.search(part)
    if irregular and part.count(b"<c ") + part.count(b"<c>") != part.count(b'<c r="'):
        return None
    if not _plain(part) or (b"<is" in part and (b"<strike" in part or b"<vertAlign" in part)):
        return None
    # A single byte is looked for ten times as fast as two.
    spaced = any(part.find(space, 200) >= 0 for space in (b"\n", b"\t", b"\r"))
    errors, formulas, hidden = b"#" in part, b"<f" in part, b"hidden" in part
    telling = spaced or errors or formulas or hidden or styles.telling or texts.struck or texts.mixed
    if telling and not _tight(part):
        return None
    facts = SheetFacts()
    if errors and b't="e"' in part:
        facts.errors = {_at(m[1], m[2]): _text(m[3]) for m in _ERROR.finditer(part)}
        if len(facts.errors) != part.count(b't="e"'):
            return None
    if formulas:
        found = [
            _Formula(_at(m[1], m[2]), _text(m[5]), b't="str"' in m[3], _text(m[6]), _shared_number(m[4]))
            for m in _FORMULA.finditer(part)
        ]
        if len(found) != len(_FORMULA_BEGINS.findall(part)):
            return None
        _take_formulas(facts, found, recalculated)
    _take_styled(facts, part, styles)
    if texts.struck:
        facts.struck.update(_shared(part, texts.struck))
    if texts.mixed:
        facts.disguised.update(dict.fromkeys(_shared(part, texts.mixed), PARTS))
    if hidden:
        facts.hidden_rows = frozenset(int(m[1]) - 1 for m in _HIDDEN_ROW.finditer(part))
        facts.hidden_columns = _hidden_columns(dict(_ATTRIBUTE.findall(m[1])) for m in _COLUMN.finditer(part))
    end = part.rfind(b"</sheetData>")
    if (last := part.rfind(b"<row", 0, end if end >= 0 else len(part))) >= 0:
        number = _ROW.match(part, last)
        if number is None:
            return None
        facts.rows = int(number[1])
    # calamine's grid is dense, so that one cell far to the right of many rows takes all memory. Measuring the width exactly
    # costs a look at every cell; below 7,000 rows of at most ZZ columns nothing can go wrong. Cells that only have a style, down to
    # the sheet's last row, are no part of it.
    if facts.rows * 702 > 5_000_000 or (irregular and _FAR.search(part)):
        valued = _VALUED.findall(part)
        facts.columns = (
            max((_column(letters) for letters in {letters for letters, _ in valued}), default=-1) + 1
        )
        facts.rows = max((int(number) for _, number in valued), default=0)
    return facts


_SPACES = (
    b'="http://schemas.openxmlformats.org/spreadsheetml/2006/main"',
    b'="http://purl.oclc.org/ooxml/spreadsheetml/main"',
)


def _plain(part: bytes) -> bool:
    """Whether tags bear no prefix, and neither comments nor CDATA hide or make any."""
    spaces = part.count(_SPACES[0]) or part.count(_SPACES[1])
    if spaces > 1 or b"xmlns=" not in part[:2000]:
        return False
    return b"!" not in part or (b"<!--" not in part and b"<![" not in part)


def _tight(part: bytes) -> bool:
    """Whether the attributes of cells and rows stand one blank apart, in double quotes, as the patterns expect them."""
    if (b"'" in part and b"='" in part) or b" =" in part or b'= "' in part:
        return False
    loose = any(part.find(space, 200) >= 0 for space in (b"\n", b"\t", b"\r", b"  "))
    return not loose or _LOOSE.search(part) is None


def _take_formulas(facts: SheetFacts, formulas: list[_Formula], recalculated: bool) -> None:
    first = {cell.shared: cell for cell in formulas if cell.shared and cell.formula}
    facts.formulas = {
        cell.at: cell.formula or _shared_with(first.get(cell.shared), cell) for cell in formulas
    }
    zeros = recalculated and all(cell.cached in _ZERO for cell in formulas)
    facts.uncached = {cell.at for cell in formulas if not cell.text and (zeros or not cell.cached)}


def _shared_with(first: _Formula | None, cell: _Formula) -> str:
    """The formula of a cell that shares the one of another, as it reads there."""
    if first is None:
        return ""
    return shifted(first.formula, cell.at[0] - first.at[0], cell.at[1] - first.at[1])


def _shared_number(attributes: bytes) -> str:
    found = _SHARED_NUMBER.search(attributes) if attributes else None
    return found[1].decode() if found else ""


def _take_styled(facts: SheetFacts, part: bytes, styles: CellStyles) -> None:
    """Cells with a value whose style shows a percentage, a day, or struck-out text; the first two only where the value is a number."""
    if not styles.telling:
        return
    numbers = "|".join(str(style) for style in sorted(styles.telling)).encode()
    between = any(name in part for name in (b' cm="', b' vm="', b' ph="'))
    if b't="n" s="' in part or between or ((styles.struck or styles.symbols) and _TYPE_FIRST.search(part)):
        pattern = re.compile(rb'<c r="([A-Z]+)([0-9]+)"([^>]*?) s="(%s)"([^>]*)(?<!/)>' % numbers)
    else:  # as nearly all programs write it
        pattern = re.compile(rb'<c r="([A-Z]+)([0-9]+)"() s="(%s)"([^>/]*)>' % numbers)
    for match in pattern.finditer(part):
        at, style = _at(match[1], match[2]), int(match[4])
        if style in styles.struck:
            facts.struck.add(at)
        if style in styles.symbols:
            facts.symbols[at] = styles.symbols[style]
        kind = match[3] + match[5]
        if b"t=" in kind and b't="n"' not in kind:
            continue
        if style in styles.percent:
            facts.percent.append(at)
        elif style in styles.dates:
            facts.dates.append(at)
        elif style in styles.disguised:
            facts.disguised[at] = styles.disguised[style]


def _shared(part: bytes, texts: frozenset[int]) -> list[_Cell]:
    pattern = re.compile(rb'<c r="([A-Z]+)([0-9]+)"[^>]*\bt="s"[^>]*><v>([0-9]+)</v>')
    return [_at(m[1], m[2]) for m in pattern.finditer(part) if int(m[3]) in texts]


def texts(part: bytes) -> Texts:
    """Return the shared strings whose letters do not all look alike."""
    if b"strike" not in part and b"vertAlign" not in part:
        return Texts()
    struck: set[int] = set()
    mixed: set[int] = set()
    number = 0
    for _, element, name in events(part, ("end",)):
        if name == "si":
            if _is_struck(element):
                struck.add(number)
            if _is_mixed(element):
                mixed.add(number)
            number += 1
            element.clear()
    return Texts(frozenset(struck), frozenset(mixed))


def _is_struck(element: Any) -> bool:
    return any(node.get("val", "1") not in ("0", "false") for node in element.iter("{*}strike"))


def _is_mixed(element: Any) -> bool:
    """Whether some of a text's runs are struck out or raised and others are not."""
    runs = [run for run in element.iterfind("{*}r") if (run.findtext("{*}t") or "").strip()]
    marked = [_is_struck(run) or run.find("{*}rPr/{*}vertAlign") is not None for run in runs]
    return any(marked) and not all(marked)


_KNOWN = {"#REF!", "#DIV/0!", "#N/A", "#VALUE!", "#NAME?", "#NULL!", "#NUM!"}


def known_errors(part: bytes, errors: dict[_Cell, str]) -> bytes:
    """Return the part with the errors of newer Excels (#SPILL!, #CALC!) written as #N/A: calamine refuses a file over them."""
    for text in {text for text in errors.values() if text not in _KNOWN}:
        written = html.escape(text, quote=False).encode()
        part = re.sub(rb"(<(?:\w+:)?v(?:\s[^>]*)?>)%s(?=</)" % re.escape(written), rb"\1#N/A", part)
    return part


def _hidden_columns(columns: Any) -> frozenset[int]:
    try:
        return frozenset(
            column
            for attributes in columns
            if attributes.get(b"hidden") in (b"1", b"true")
            for column in range(int(attributes[b"min"]) - 1, min(int(attributes[b"max"]), 16_384))
        )
    except (KeyError, ValueError):
        raise Unreadable("file-damaged") from None


def _text(escaped: bytes | None) -> str:
    return html.unescape(escaped.decode("utf-8", "replace")) if escaped else ""


def _at(letters: bytes, row: bytes) -> _Cell:
    return int(row) - 1, _column(letters)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _walked(part: bytes, styles: CellStyles, recalculated: bool, texts: Texts) -> SheetFacts:
    """The same by elements, for parts with a namespace prefix, without cell references, or with another attribute order."""
    facts = SheetFacts()
    formulas: list[_Formula] = []
    hidden: set[int] = set()
    columns: list[dict[bytes, bytes]] = []
    row = column = -1
    try:
        for event, element, name in events(part):
            if event == "start" and name == "row":
                row, column = int(element.get("r", row + 2)) - 1, -1
                if element.get("hidden") in ("1", "true"):
                    hidden.add(row)
            elif event == "end" and name == "col":
                columns.append({key.encode(): value.encode() for key, value in element.attrib.items()})
            elif event == "end" and name == "c":
                column = _reference(element.get("r"), column)
                _take_cell(element, (row, column), facts, formulas, styles, texts)
            elif event == "end" and name == "row":
                element.clear()
    except ValueError:
        raise Unreadable("file-damaged") from None
    _take_formulas(facts, formulas, recalculated)
    facts.hidden_rows = frozenset(hidden)
    facts.hidden_columns = _hidden_columns(columns)
    return facts


def _take_cell(
    element: Any,
    at: _Cell,
    facts: SheetFacts,
    formulas: list[_Formula],
    styles: CellStyles,
    texts: Texts,
) -> None:
    formula = value = inline = None
    for child in element:
        match local(child):
            case "f":
                formula = child
            case "v":
                value = child.text
            case "is":
                inline = child
    kind, style = element.get("t", "n"), int(element.get("s", "0"))
    if value or inline is not None:
        facts.rows, facts.columns = max(facts.rows, at[0] + 1), max(facts.columns, at[1] + 1)
        if (
            style in styles.struck
            or (inline is not None and _is_struck(inline))
            or (kind == "s" and value and int(value) in texts.struck)
        ):
            facts.struck.add(at)
        if (inline is not None and _is_mixed(inline)) or (
            kind == "s" and value and int(value) in texts.mixed
        ):
            facts.disguised[at] = PARTS
    if value and style in styles.symbols:
        facts.symbols[at] = styles.symbols[style]
    if kind == "e":
        facts.errors[at] = value or "#ERR"
    if formula is not None:
        formulas.append(_Formula(at, formula.text or "", kind == "str", value, formula.get("si", "")))
    if kind == "n" and value and style in styles.percent:
        facts.percent.append(at)
    if kind == "n" and value and style in styles.dates:
        facts.dates.append(at)
    if kind == "n" and value and style in styles.disguised:
        facts.disguised[at] = styles.disguised[style]


def _reference(text: str | None, previous: int) -> int:
    """0-based column of a cell reference; a cell without one stands right of the previous."""
    letters = re.match(r"[A-Z]+", text) if text else None
    return _column(letters[0].encode()) if letters else previous + 1
