"""Blocks → .xlsx: the key figures, then every table of the briefing as a sheet, then 反查: each printed number with its fact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation

from ruralpb import numbers, sheets
from ruralpb.briefing import Context, annexes, formulas
from ruralpb.briefing.figures import Fact, marked
from ruralpb.model import Address, Value
from ruralpb.render.blocks import Block, Box, Grid, Heading, Paragraph, Runs, all_runs, parse, text_of
from ruralpb.render.zipped import reproducible


def summary(context: Context) -> tuple[Block, ...]:
    """Return the sheet a workbook opens with: every indicator of the unit, with comparisons, target and coverage."""
    return parse(marked(annexes.figures_table(context.matter)))


def write(
    blocks: Sequence[Block],
    first: Sequence[Block],
    context: Context,
    cells: Mapping[str, Sequence[Address]],
    when: datetime,
) -> bytes:
    """Return the workbook, `first` (`summary`) before the tables of `blocks`. `cells` are the cells behind values, by `Value.id`."""
    title = next((text_of(b.runs) for b in blocks if isinstance(b, Heading)), "")
    book = sheets.Book(when, title)
    for name, heading, grid, notes in _tables((*first, *blocks), title):
        columns = [sheets.Column(text_of(h), a) for h, a in zip(grid.head, grid.aligns, strict=True)]
        book.sheet(
            name, columns, [[_cell(context, runs) for runs in row] for row in grid.rows], heading, notes
        )
    _trace(book, context, (*first, *blocks))
    _sources(book, context, cells)
    return reproducible(book.close(), when)


def _tables(blocks: Sequence[Block], title: str) -> Iterator[tuple[str, str, Grid, list[str]]]:
    """Every table with the name of its sheet, what stands over it (its annex, else the title) and the notes below."""
    found: list[tuple[str, str, Grid, list[str]]] = []
    heading = f"{title}：主要指标"
    for block in _opened(blocks):
        if block.name == "附件":
            number, *words = (text_of(b.runs) for b in block.blocks if isinstance(b, Paragraph))
            heading = f"{number} {''.join(words)}"
        elif block.name == "表":
            grid = next(b for b in block.blocks if isinstance(b, Grid))
            found.append((" ".join(block.words), heading, grid, []))
        elif block.name == "注" and found:
            found[-1][3].extend(text_of(b.runs) for b in block.blocks if isinstance(b, Paragraph))
    yield from found


def _opened(blocks: Sequence[Block]) -> Iterator[Box]:
    for block in blocks:
        if isinstance(block, Box):
            yield block
            if block.name not in ("附件", "表", "图"):
                yield from _opened(block.blocks)


def _cell(context: Context, runs: Runs) -> sheets.Cell:
    """A cell that is one figure becomes a number with the decimals it is printed with; — becomes an empty cell."""
    text = text_of(runs)
    if text == numbers.NONE:
        return None
    if len(runs) == 1 and runs[0].figure and context.facts.by_id[runs[0].figure].value is not None:
        try:
            return Decimal(text)
        except InvalidOperation:
            return text
    return text


def _trace(book: sheets.Book, context: Context, blocks: Sequence[Block]) -> None:
    """反查: one line a printed fact, in reading order."""
    values = {value.id: value for value in (*context.matter.history, *context.matter.values)}
    used = dict.fromkeys(run.figure for run in all_runs(blocks) if run.figure)
    facts = [context.facts.by_id[id] for id in used]
    heads = (
        "印出的数",
        "含义",
        "单位",
        "报告期",
        "分子",
        "分母",
        "指标值（未取舍）",
        "有数据",
        "应有",
        "目标",
        "计算方法",
        "编号",
    )
    right = {"印出的数", "分子", "分母", "指标值（未取舍）", "有数据", "应有", "目标"}
    columns = [sheets.Column(head, "right" if head in right else "left") for head in heads]
    rows = [_line(context, fact, values.get(fact.of)) for fact in facts if fact.of or fact.says]
    book.sheet("反查", columns, rows, "数据反查")


def _line(context: Context, fact: Fact, value: Value | None) -> list[sheets.Cell]:
    texts = "、".join(fact.texts)
    if value is None:
        return [texts, fact.says, None, None, *[None] * 7, fact.id]
    indicator = context.matter.indicator(value)
    part = fact.says or fact.id.partition("#")[2]
    return [
        texts,
        f"{indicator.title}：{part}" if part else indicator.title,
        value.unit,
        value.period,
        numbers.exported(value.numerator) or None,
        numbers.exported(value.denominator) or None,
        numbers.exported(value.value) or None,
        value.covered,
        value.expected,
        numbers.exported(value.target) or None,
        formulas.words(indicator, context.matter.library),
        fact.id,
    ]


def _sources(book: sheets.Book, context: Context, cells: Mapping[str, Sequence[Address]]) -> None:
    """来源单元格: the cells behind the values, when they were given."""
    used = dict.fromkeys(fact.of for fact in context.facts.by_id.values() if fact.of)
    rows: list[list[sheets.Cell]] = [
        [id, address.file, address.sheet, address.cell, address.raw]
        for id in used
        for address in cells.get(id, ())
    ]
    if rows:
        columns = [sheets.Column(head) for head in ("编号", "文件", "工作表", "单元格", "原文")]
        book.sheet("来源单元格", columns, rows, "来源单元格")
