"""Characters a font lacks. 仿宋_GB2312 and its kin hold the 6,763 characters of GB/T 2312; names of people and villages have
others (垚, 䶮). Word then takes whatever font it finds, so here each gets one that has it, and the office is told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from ruralpb.core.problems import Problem
from ruralpb.publish.blocks import DocumentBlock, Heading, Paragraph, text_of, walk
from ruralpb.publish.docx.reference import named, roles, stand_ins

_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_STYLE = re.compile(r'<w:pStyle w:val="(\w+)"/>')
_RUN = re.compile(r'<w:r>(<w:rPr>(?:(?!</w:rPr>).)*</w:rPr>)?<w:t xml:space="preserve">([^<]*)</w:t></w:r>')


class Rare:
    """Which styles of a document have a font of the small set, and how a character outside it is set. `names`: role → font."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._roles = {style: role for style, role in roles().items() if role in stand_ins(names)}

    def mark(self, paragraph: str) -> str:
        """Return the XML of a paragraph with each character its font lacks in a run of its own. Tables are set in other fonts."""
        style = _STYLE.search(paragraph)
        role = self._roles.get(style[1]) if style and not paragraph.startswith("<w:tbl") else None
        if role is None or not outside(paragraph):
            return paragraph

        def split(found: re.Match[str]) -> str:
            look, text = found[1] or "", found[2]
            lacking = set(outside(text))
            if not lacking:
                return found[0]
            parts = re.split(f"([{''.join(lacking)}]+)", text)
            return "".join(
                _run(part, look, f"Rare{role}" if part[0] in lacking else "") for part in parts if part
            )

        return _RUN.sub(split, paragraph)


def _run(text: str, look: str, style: str) -> str:
    chosen = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else look
    return f'<w:r>{chosen}<w:t xml:space="preserve">{text}</w:t></w:r>'


def outside(text: str) -> list[str]:
    """Return the Chinese characters of `text` that GB/T 2312 lacks, each once, in the order they come."""
    found = []
    for char in dict.fromkeys(_HAN.findall(text)):
        try:
            char.encode("gb2312")
        except UnicodeEncodeError:
            found.append(char)
    return found


def lacking(blocks: Sequence[DocumentBlock], fonts: Mapping[str, str]) -> Iterable[Problem]:
    """Yield a problem when the text has characters that the fonts of the project lack. `fonts`: role → name, as in ruralpb.yaml."""
    names = named(fonts)
    small = stand_ins(names)
    text = "".join(
        text_of(b.runs) for b in walk(blocks) if isinstance(b, Heading | Paragraph)
    )  # tables: 宋体
    characters = outside(text)
    if small and characters:
        own = "、".join(dict.fromkeys(names[role] for role in small))
        data = {"instead": "、".join(dict.fromkeys(small.values()))}
        yield Problem("font-lacks", found="、".join(characters), expected=own, severity="query", data=data)
