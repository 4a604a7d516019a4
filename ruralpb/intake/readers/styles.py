"""The style part of an OOXML workbook → which cell styles show a percentage, a date, another number than is stored, or struck-out text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from ruralpb.core.ooxml.xml import parsed
from ruralpb.intake.readers.symbols import is_symbols
from ruralpb.model import Evidence
from ruralpb.model.vocabulary import builtin

_BUILTIN_PERCENT = {9, 10}
_BUILTIN_DATES = {*range(14, 18), 22, *range(27, 32), 36, *range(50, 55), 57, 58}
"""14-17, 22 everywhere; 27-31, 36, 50-54, 57, 58 are dates in the Chinese Excel, often without a format code in the file."""
_TOLD = {*range(14, 18), 22}
_FIRST_CUSTOM = 164
"""Numbers of formats from here on are the workbook's own."""
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_SCALED = re.compile(r"[0#?],+(?![0#?,])|[0#?](?:[!\\]\.|\"\.\")[0#?]")
"""A comma behind the last digit cuts thousands off; a literal point among the digits (0!.0000) puts one where none is stored."""
_WORDS = builtin()
_GENERAL = _WORDS["numerals.format_general"][0]
_MEASURE = re.compile(rf"(?:[0#?]|General|{_GENERAL})[^0#?;]*?({_WORDS.either('numerals.format_money')})")
_POWERS = "".join("".join(words) for words in _WORDS.below("measures.powers.").values())
_COUNTED = re.compile(
    rf"^[^\u4e00-\u9fff]*(?:[0#?]|General|{_GENERAL})\s*([{_POWERS}]*(?:{_WORDS.either('measures.units')}))(?:;|$)"
)
"""What a format says is counted: 0户."""
_YUAN = _WORDS["numerals.yuan"][0]
_QUOTED = re.compile(r'"(?!\.")[^"]*"|\[[^\]]*\]')
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|(?P<condition>\[[<>=][^\]]*\])|\[[^\]]*\]|_.|\*.|[Ee][+-]'
    rf"|(?P<number>[0#?@]|General|{_GENERAL})|(?P<end>;)|(?P<letter>[A-Za-z])|[,./%: ]|(?P<bare>.)",
    re.DOTALL | re.IGNORECASE,
)
_FOREIGN = _WORDS.pattern("numerals.format_foreign")
"""A currency of another country, as a literal or in [$…]."""
_CODED = re.compile(r'(?=.*0)(?!0$)(?:"[^"]*"|\\.|[-A-Za-z/])*0*(?:(?:"[^"]*"|\\.|-)+0+)*$')
"""A format of zeros and letters alone, as codes have: 0000, "2026-"00."""
_BEFORE = _WORDS.pattern("numerals.format_before")
_BEHIND = _WORDS.pattern("numerals.format_behind")
"""Words around a number that make another number of it: 约12, 12余, -12, 12千, 120."""


@dataclass(frozen=True, slots=True)
class CellStyles:
    """Numbers of cell styles. `dates` are those that show a day and of which the reader of the values (calamine) does not say so itself."""

    percent: frozenset[int] = frozenset()
    dates: frozenset[int] = frozenset()
    struck: frozenset[int] = frozenset()
    disguised: Mapping[int, Evidence] = field(default_factory=dict)
    """CellStyles that show another number than is stored, or write a measure behind it: what is to be said of their cells."""

    symbols: Mapping[int, str] = field(default_factory=dict)
    """Styles in a font of symbols: its name."""

    @property
    def telling(self) -> frozenset[int]:
        """The styles that say anything of a cell at all."""
        return self.percent | self.dates | self.struck | self.disguised.keys() | self.symbols.keys()


def is_percent(number: int, code: str) -> bool:
    """Whether a number format, by its number and code, shows a percentage."""
    return number in _BUILTIN_PERCENT or "%" in _LITERAL.sub("", code)


def is_date(number: int, code: str) -> bool:
    """Whether a number format, by its number and code, shows a day (hours alone are none)."""
    plain = _LITERAL.sub("", code).lower()
    return (number in _BUILTIN_DATES and not code) or ("y" in plain and ("m" in plain or "d" in plain))


def _is_told(number: int, code: str) -> bool:
    """Whether calamine gives days for a date format: the built-in ones that are dates everywhere, and codes that begin with the year."""
    return number >= _FIRST_CUSTOM and code[:1] in ("y", "Y") if code else number in _TOLD


def disguise(code: str) -> Evidence | None:
    """What is to be said of numbers in a format that shows another number (12.5 for 125000, 约12, a word) or writes a money measure
    behind them; None for the formats that only decorate."""
    scaled = bool(_SCALED.search(_QUOTED.sub('""', code))) or _shows_another(code)
    bare = re.sub(r'\[[^\]]*\]|["\\\\]', "", code)
    found = _MEASURE.search(bare)
    measure = found[1] if found else ""
    if foreign := _FOREIGN.search(code):
        return Evidence("scaled" if scaled else "", measure=foreign[0])
    coded = code if _CODED.match(code) else ""
    if not (measure or coded) and (counted := _COUNTED.search(bare)):
        return Evidence("scaled" if scaled else "", measure=counted[1])
    unsigned = not scaled and ";" in code and _hides_sign(code)
    if not (scaled or unsigned or measure or coded):
        return None
    return Evidence(
        "scaled" if scaled else "unsigned" if unsigned else "",
        code=coded,
        measure=measure if measure.endswith(_YUAN) or not measure else f"{measure}{_YUAN}",
    )


@dataclass(slots=True)
class _Section:
    """One of the parts of a number format that semicolons divide: what it writes before, between and behind a number's digits."""

    words: list[str] = field(default_factory=lambda: [""])
    """One more than the section has placeholders of digits."""
    letters: bool = False
    """It has those of dates or of named formats."""
    conditional: bool = False
    coloured: bool = False

    def shows_another(self) -> bool:
        """Whether a number looks like another one in it, or like none."""
        if len(self.words) == 1:
            return not self.letters
        before, *between, behind = self.words
        return bool(_BEFORE.search(before) or _BEHIND.search(behind) or "".join(between).strip(" -"))


def _shows_another(code: str) -> bool:
    """Whether the format of positive numbers, or one that depends on the value, makes other numbers of them."""
    sections = _sections(code)
    if any(section.conditional for section in sections):
        return any(section.shows_another() for section in sections)
    return sections[0].shows_another()


def _hides_sign(code: str) -> bool:
    """Whether negative numbers look like positive ones: their section writes neither a sign nor brackets and gives no colour."""
    positive, negative, *_ = _sections(code)
    if positive.conditional or negative.conditional or negative.coloured:
        return False
    return len(negative.words) > 1 and not _SIGN.search("".join(negative.words))


_SIGN = _WORDS.pattern("numerals.format_sign")


def _sections(code: str) -> list[_Section]:
    sections = [_Section()]
    for token in _TOKEN.finditer(code):
        section = sections[-1]
        if token["end"]:
            sections.append(_Section())
        elif token["number"]:
            section.words.append("")
        elif token["letter"]:
            section.letters = True
        section.conditional |= bool(token["condition"])
        section.coloured |= token[0].startswith("[") and not token["condition"] and "$" not in token[0]
        section.words[-1] += unicodedata.normalize(
            "NFKC", token["quoted"] or token["escaped"] or token["bare"] or ""
        )
    return sections


@lru_cache(maxsize=32)
def styles(part: bytes) -> CellStyles:
    """Return the styles of a style part. Kept for a while: the files of one program have the same. Raises Unreadable when damaged."""
    if not part:
        return CellStyles()
    root = parsed(part)
    codes = {
        _number(element.get("numFmtId")): element.get("formatCode", "") for element in root.iter("{*}numFmt")
    }
    struck_fonts = {
        index
        for index, font in enumerate(root.iterfind("{*}fonts/{*}font"))
        if any(strike.get("val", "1") not in ("0", "false") for strike in font.iterfind("{*}strike"))
    }
    symbol_fonts = {
        index: name
        for index, font in enumerate(root.iterfind("{*}fonts/{*}font"))
        for name in (element.get("val", "") for element in font.iterfind("{*}name"))
        if is_symbols(name)
    }
    percent, dates, struck = set(), set(), set()
    symbols: dict[int, str] = {}
    disguised: dict[int, Evidence] = {}
    for index, style in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
        number = _number(style.get("numFmtId"))
        code = codes.get(number, "")
        if is_percent(number, code):
            percent.add(index)
        elif is_date(number, code):
            if not _is_told(number, code):
                dates.add(index)
        elif code and (said := disguise(code)):
            disguised[index] = said
        font = _number(style.get("fontId"))
        if font in struck_fonts:
            struck.add(index)
        if font in symbol_fonts:
            symbols[index] = symbol_fonts[font]
    return CellStyles(frozenset(percent), frozenset(dates), frozenset(struck), disguised, symbols)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
