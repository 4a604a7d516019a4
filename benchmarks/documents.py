"""Writing a .docx, its figures known, over python-docx writing the same paragraphs bare; and checking it over opening it.

python benchmarks/documents.py [runs]
"""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from statistics import median
from time import perf_counter

import docx

from ruralpb.publish.blocks import Box, DocumentBlock, Heading, Paragraph, TableBlock, TextRun
from ruralpb.publish.docx import write
from ruralpb.publish.docx.check import check

WHEN = datetime(2026, 4, 8, tzinfo=UTC)
SENTENCE = "各乡镇（街道）党组织书记和村民委员会主任一肩挑比例为96.4%，较上季度提高2.9个百分点，同比提高9.4个百分点。"
PARAGRAPHS, ROWS, CHARTS = 64, 40, 2
"""About ten pages: seven of text, two charts, a table."""


def text(words: str) -> tuple[TextRun, ...]:
    return (TextRun(words),)


def blocks() -> list[DocumentBlock]:
    table = TableBlock(
        tuple(map(text, ("单位", "甲", "乙", "丙"))),
        tuple(tuple(map(text, (f"单位{n}", "96.4", "98.0", "12"))) for n in range(ROWS)),
        ("left", "right", "right", "right"),
    )
    points = TableBlock(table.head[:2], tuple(row[:2] for row in table.rows[:14]), ("left", "right"))
    chart = Box("图", ("bar", "%"), (Paragraph(text("各乡镇比例")), points))
    body = [Paragraph(text(SENTENCE * 2)) for _ in range(PARAGRAPHS)]
    return [Heading(1, text("关于某事的通报")), *body, *[chart] * CHARTS, table]


def bare(parts: list[DocumentBlock]) -> bytes:
    """The same words through python-docx, with no look at all."""
    document = docx.Document()
    for part in parts:
        if isinstance(part, Heading | Paragraph):
            document.add_paragraph("".join(run.text for run in part.runs))
        elif isinstance(part, TableBlock):
            table = document.add_table(1 + len(part.rows), len(part.head))
            for line, row in zip(table.rows, (part.head, *part.rows), strict=True):
                for cell, runs in zip(line.cells, row, strict=True):
                    cell.text = "".join(run.text for run in runs)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def main(runs: int) -> None:
    parts = blocks()
    start = perf_counter()
    made = write(parts, {}, WHEN)
    first = perf_counter() - start
    times: dict[str, list[float]] = {"write": [], "bare": [], "check": [], "open": []}
    for _ in range(runs):
        for name, work in (
            ("write", lambda: write(parts, {}, WHEN)),
            ("bare", lambda: bare(parts)),
            ("check", lambda: check(made, "made.docx")),
            ("open", lambda: docx.Document(io.BytesIO(made))),
        ):
            start = perf_counter()
            work()
            times[name].append(perf_counter() - start)
    by = {name: median(found) for name, found in times.items()}
    print(f"first document, with imports  {first * 1000:6.0f} ms   (budget 1000)")
    print(
        f"write                         {by['write'] * 1000:6.0f} ms   {by['write'] / by['bare']:.2f} × python-docx bare"
    )
    print(
        f"check                         {by['check'] * 1000:6.0f} ms   {by['check'] / by['open']:.2f} × opening it with python-docx"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
