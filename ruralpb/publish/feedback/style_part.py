"""The style part of a workbook: cell styles that differ from existing ones in the fill alone, appended at the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ruralpb.publish.feedback.tags import Edit, Tag, Unmarkable, edited, tag, walk, walker

_MOST = 64_000
"""Cell styles an .xlsx may have: Excel's limit."""


@dataclass(slots=True)
class _List:
    """An element that holds a list: its tag, where its content ends, its children as (start, end)."""

    tag: Tag | None = None
    end: int = 0
    children: list[tuple[int, int]] = field(default_factory=list)


class MarkStyles:
    """`of(style, colour)` gives the number of the cell style that is `style` with a solid fill; `part()` the part with those asked for."""

    def __init__(self, part: bytes) -> None:
        """Raises Unmarkable for a part without lists of fills and of cell styles."""
        self._part = part
        self._fills, self._styles = _List(), _List()
        _StyleReader(part, {"fills": self._fills, "cellXfs": self._styles}).run()
        if self._fills.tag is None or self._styles.tag is None or not self._styles.children:
            raise Unmarkable("feedback-without-styles")
        self._colours: dict[str, int] = {}
        self._made: dict[tuple[int, str], int] = {}

    def of(self, style: int, colour: str) -> int:
        """Return the number of the style; made on first use."""
        known = len(self._styles.children)
        key = (style if 0 <= style < known else 0, colour)
        if key not in self._made:
            self._colours.setdefault(colour, len(self._fills.children) + len(self._colours))
            self._made[key] = known + len(self._made)
            if self._made[key] >= _MOST:
                raise Unmarkable("feedback-without-styles")
        return self._made[key]

    def part(self) -> bytes:
        """Return the style part with what was asked for appended."""
        if not self._made:
            return self._part
        fills = b"".join(self._fill(colour) for colour in self._colours)
        styles = b"".join(self._style(style, colour) for style, colour in self._made)
        return edited(
            self._part,
            [
                *self._appended(self._fills, fills, len(self._colours)),
                *self._appended(self._styles, styles, len(self._made)),
            ],
        )

    def _fill(self, colour: str) -> bytes:
        assert self._fills.tag is not None
        p = self._fills.tag.prefix
        return (
            f'<{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="FF{colour}"/><{p}bgColor indexed="64"/>'
            f"</{p}patternFill></{p}fill>"
        ).encode()

    def _style(self, style: int, colour: str) -> bytes:
        start, end = self._styles.children[style]
        own = tag(self._part, start)
        return (
            own.having({"fillId": str(self._colours[colour]), "applyFill": "1"}) + self._part[own.end : end]
        )

    def _appended(self, listed: _List, content: bytes, more: int) -> list[Edit]:
        own = listed.tag
        assert own is not None
        text = own.text
        if b"count" in text:
            text = own.having({"count": str(len(listed.children) + more)})
        if own.empty:
            return [Edit(own.start, own.end, own.opened(content, text))]
        return [Edit(own.start, own.end, text), Edit(listed.end, listed.end, content)]


class _StyleReader:
    """Finds the lists and their children."""

    def __init__(self, part: bytes, lists: dict[str, _List]) -> None:
        self._part, self._lists = part, lists
        self._parser: Any = walker(part)
        self._open: list[tuple[str, int]] = []

    def run(self) -> None:
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        walk(self._parser, self._part)

    def _start(self, name: str, _: object) -> None:
        local, at = name.rpartition(":")[2], self._parser.CurrentByteIndex
        self._open.append((local, at))
        if len(self._open) == 2 and local in self._lists:
            self._lists[local].tag = tag(self._part, at)

    def _end(self, _: str) -> None:
        local, start = self._open.pop()
        at = self._parser.CurrentByteIndex
        if len(self._open) == 1 and local in self._lists:
            self._lists[local].end = at
        elif len(self._open) == 2 and self._open[1][0] in self._lists:
            own = tag(self._part, start)
            end = own.end if own.empty else self._part.index(b">", at) + 1
            self._lists[self._open[1][0]].children.append((start, end))
