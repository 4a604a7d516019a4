"""Which part of an official document each paragraph is, by what it says and where it stands: styles have any name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ruralpb.publish.docx.read import TextLine

DocxPart = Literal[
    "mark", "number", "title", "to", "heading1", "heading2", "heading3", "heading4", "body", "annex-list", "signed", "date",
    "annex-number", "annex-title", "annex", "imprint", "note", "blank",
]  # fmt: skip

_NUMBER = re.compile(r"^\S{1,20}?[〔\[［【(（]?\d{4}[〕\]］】)）]?第?\d{1,4}号$")
_HEADINGS: tuple[tuple[DocxPart, re.Pattern[str]], ...] = (
    ("heading1", re.compile("^[一二三四五六七八九十]{1,3}、")),
    ("heading2", re.compile("^[（(][一二三四五六七八九十]{1,3}[)）]")),
    ("heading3", re.compile(r"^\d{1,2}[.．](?!\d)")),
    ("heading4", re.compile(r"^[（(]\d{1,2}[)）]")),
)
_DATE = re.compile(
    r"^[\d〇○零一二三四五六七八九十]{4}\s*年\s*[\d一二三四五六七八九十]{1,3}\s*月\s*[\d一二三四五六七八九十]{1,3}\s*日$"
)
_ANNEX = re.compile(r"^附\s*件\s*\d*[:：]?$")
_ANNEX_LIST = re.compile("^附\\s*件\\s*[:：].")
_IMPRINT = re.compile(r"^抄\s*送\s*[:：]|.*年.*月.*日\s*印发$")
_MARKING = re.compile(r"^(绝密|机密|秘密|内部|特急|加急|平急)")
"""密级, 紧急程度, 内部资料: flush left above the letterhead."""
_SUMMARY = "摘要"
_NOTE = re.compile("^(备?注|说明|(资料|数据)?来源)\\s*[:：]")
_CAPTION = 30
"""Characters of a table's caption."""
_BODY, _TITLED = 15.0, 18.0
"""Points: below the one a note is set, from the other on a title."""
_LETTER = 30
"""A name in red above this size, in points, is a letterhead even without 文件."""


@dataclass(frozen=True, slots=True)
class NamedPart:
    """A paragraph and what it is; `at`: its place among all paragraphs."""

    part: DocxPart
    line: TextLine
    at: int


def parts(lines: Sequence[TextLine], tables: Collection[int] = ()) -> tuple[NamedPart, ...]:
    """Return each paragraph with its part, in order. `tables`: how many paragraphs stand before each table."""
    return tuple(_parts(lines, tables))


def _parts(lines: Sequence[TextLine], tables: Collection[int]) -> Iterator[NamedPart]:
    stage: Literal["head", "title", "body", "annex"] = "head"
    last: DocxPart = "blank"
    cover = _cover(lines)
    for at, line in enumerate(lines):
        text = line.text.strip()
        if not text:
            yield NamedPart("blank", line, at)
            continue
        if line.section in cover:
            yield NamedPart("note", line, at)
            continue
        part = _always(text) or _of_table(lines, at, tables, last)
        if part is None and stage == "annex":
            part = "annex-title" if last == "annex-number" else "annex"
        elif part is None and stage in ("head", "title"):
            part = _head(line, text, stage == "title")
        elif part is None:
            part = _body(lines, at, text, last)
        if part == "annex-number":
            stage = "annex"
        elif part == "title":
            stage = "title"
        elif stage != "annex" and part not in ("mark", "number", "note", "imprint"):
            stage = "body"
        last = part
        yield NamedPart(part, line, at)


def _cover(lines: Sequence[TextLine]) -> Collection[int]:
    """The first section where it is a leader's summary (its title ends in 摘要) before the paper itself; nothing where there is none."""
    first = [line for line in lines if line.section == 0 and line.text.strip()]
    titled = any(line.text.strip().endswith(_SUMMARY) and line.main.size >= _TITLED for line in first)
    return (0,) if titled and len(first) < len([line for line in lines if line.text.strip()]) else ()


def _always(text: str) -> DocxPart | None:
    if _ANNEX.match(text):
        return "annex-number"
    if _IMPRINT.match(text):
        return "imprint"
    return None


def _of_table(lines: Sequence[TextLine], at: int, tables: Collection[int], last: DocxPart) -> DocxPart | None:
    """A note under a table, with what goes on in its look; a caption over one."""
    line = lines[at]
    if at in tables and _NOTE.match(line.text.strip()):
        return "note"
    if last == "note" and line.main.size < _BODY and line.main == lines[at - 1].main:
        return "note"
    if at + 1 in tables and line.setting.align == "center" and len(line.text) <= _CAPTION:
        return "note"
    return None


def _head(line: TextLine, text: str, titled: bool) -> DocxPart:
    if not titled:
        if _NUMBER.match(text.replace(" ", "")):
            return "number"
        if text.endswith("文件") or (is_red(line.main.colour) and line.main.size >= _LETTER):
            return "mark"
        if is_red(line.main.colour) or line.setting.align == "right":
            return "note"  # 草稿, 份号
        if _MARKING.match(text):
            return "note"
    if text.endswith((":", "：")):
        return "to" if titled else "title"
    if titled and line.main.size < _TITLED and _flush(line, text):
        return "to"
    if not titled or (line.setting.align == "center" and line.main.size >= 18):
        return "title"
    return _heading(text) or "body"


def _flush(line: TextLine, text: str) -> bool:
    """Set like an addressee whose colon was forgotten: flush left, no sentence, no heading."""
    set_in = any(line.setting.characters(side, line.main.size) for side in ("firstLine", "left"))
    typed = line.text[:1] in " \u3000"
    align = line.setting.align in ("left", "both", "distribute")
    return (
        align
        and not set_in
        and not typed
        and not text.endswith(("。", "；", "！"))
        and _heading(text) is None
    )


def _body(lines: Sequence[TextLine], at: int, text: str, last: DocxPart) -> DocxPart:
    if _DATE.match(text):
        return "date"
    if _ANNEX_LIST.match(text):
        return "annex-list"
    follows = next((line.text.strip() for line in lines[at + 1 :] if line.text.strip()), "")
    if _DATE.match(follows) and len(text) <= 30 and not text.endswith(("。", "；")):
        return "signed"
    if last == "annex-list" and re.match(r"^\d{1,2}[.．]", text):
        return "annex-list"
    return _heading(text) or "body"


def _heading(text: str) -> DocxPart | None:
    return next((part for part, pattern in _HEADINGS if pattern.match(text)), None)


def is_imprint(text: str) -> bool:
    """Whether a line is one of the 版记."""
    return _IMPRINT.match(text.strip()) is not None


def is_red(colour: str) -> bool:
    """Whether RRGGBB is a red."""
    if not re.fullmatch("[0-9A-F]{6}", colour):
        return colour == "RED"
    red, green, blue = (int(colour[i : i + 2], 16) for i in (0, 2, 4))
    return red > 150 and green < 90 and blue < 90
