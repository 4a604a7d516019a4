"""Markdown → blocks, once, for all formats.

markdown-it-py (CommonMark plus pipe tables) does the parsing; two rules are ours: `:::名 words` … `:::` containers (more
colons hold fewer), and marked figures (`ruralpb.publish.text.figures`) as inline tokens.
"""

from __future__ import annotations

from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from ruralpb.publish.blocks import Align, Box, DocumentBlock, Heading, Paragraph, Runs, TableBlock, TextRun
from ruralpb.publish.text.figures import BAR, CLOSE, OPEN, PIPE


def parse(markdown: str) -> tuple[DocumentBlock, ...]:
    """Return the blocks of a Markdown text."""
    return tuple(_blocks(iter(_parser().parse(markdown))))


# -------------------------------------------------------------------------------------------------- the two rules


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    # Pages are printed, not linked: data may hold brackets, and a URL in it stays text.
    parser.disable(["html_block", "html_inline", "link", "image", "autolink", "code", "reference"])
    parser.block.ruler.before("fence", "box", _box_rule, {"alt": ["paragraph", "list", "table"]})
    parser.inline.ruler.before("text", "figure", _figure_rule)
    return parser


def _box_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    line = _line(state, start)
    colons = len(line) - len(line.lstrip(":"))
    if colons < 3 or not line[colons:].strip():
        return False
    if silent:
        return True
    close = next((n for n in range(start + 1, end) if _closes(_line(state, n), colons)), end)
    name, *words = line[colons:].split()
    opening = state.push("box_open", "", 1)
    opening.info = name
    opening.meta = {"words": tuple(words)}
    was, state.lineMax = state.lineMax, close
    state.md.block.tokenize(state, start + 1, close)
    state.lineMax = was
    state.push("box_close", "", -1)
    state.line = close + 1
    return True


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]].rstrip()


def _closes(line: str, colons: int) -> bool:
    return len(line) == colons and line == ":" * colons


def _figure_rule(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith(OPEN, state.pos):
        return False
    bar = state.src.find(BAR, state.pos)
    close = state.src.find(CLOSE, bar)
    if bar < 0 or close < 0:
        return False
    if not silent:
        token = state.push("figure", "", 0)
        token.content = state.src[state.pos + len(OPEN) : bar].replace(PIPE, "|")
        token.meta = {"id": state.src[bar + 1 : close]}
    state.pos = close + 1
    return True


# -------------------------------------------------------------------------------------------------- tokens → blocks


def _blocks(tokens: Iterator[Token]) -> Iterator[DocumentBlock]:
    """Turn tokens into blocks until the stream, or the container it is called for, ends."""
    bullets: list[str] = []
    for token in tokens:
        if token.type == "box_close":
            return
        if token.type == "box_open":
            yield Box(token.info, tuple(token.meta["words"]), tuple(_blocks(tokens)))
        elif token.type == "heading_open":
            yield Heading(int(token.tag[1]), _runs(next(tokens)))
        elif token.type == "paragraph_open":
            yield Paragraph(_runs(next(tokens)), bullets.pop() if bullets else "")
        elif token.type == "list_item_open":
            bullets.append(f"{token.info}{token.markup}" if token.info else "·")
        elif token.type == "table_open":
            yield _grid(tokens)


def _runs(inline: Token) -> Runs:
    runs: list[TextRun] = []
    bold = False
    for child in inline.children or ():
        if child.type in ("strong_open", "strong_close"):
            bold = child.type == "strong_open"
        elif child.type == "figure":
            runs.append(TextRun(child.content, child.meta["id"], bold))
        elif child.type == "hardbreak":
            runs.append(TextRun("\n"))
        elif child.type == "softbreak":
            continue  # Chinese text has no space at a line's end
        elif child.content:
            runs.append(TextRun(child.content, "", bold))
    return tuple(runs)


def _grid(tokens: Iterator[Token]) -> TableBlock:
    rows: list[list[Runs]] = []
    aligns: list[Align] = []
    for token in tokens:
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            rows.append([])
        elif token.type in ("th_open", "td_open"):
            rows[-1].append(_runs(next(tokens)))
            if token.type == "th_open":
                aligns.append(_align(str(token.attrs.get("style", ""))))
    head, *body = (tuple(row) for row in rows)
    return TableBlock(head, tuple(body), tuple(aligns))


def _align(style: str) -> Align:
    if "right" in style:
        return "right"
    return "center" if "center" in style else "left"
