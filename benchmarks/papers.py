"""How papers read: numbers in a hundred characters, pages, and patterns that come again, for the quarters of the sample county.

Published circulars of the kind have 0.2 to 1.8 numbers in a hundred characters where they tell, up to 4 where they compare, and half a page
to seven pages. Dates and document numbers are not counted.

Usage: python benchmarks/papers.py FOLDER   (a project with returns, e.g. what `ruralpb demo` makes; pages need LibreOffice)
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from datetime import date
from pathlib import Path

from ruralpb.app.opening import open_project
from ruralpb.app.report import report
from ruralpb.app.report_plan import ReportRequest
from ruralpb.core.periods import parse

TODAY = date(2026, 4, 20)
LABELS = ("2025Q1", "2025Q2", "2025Q3", "2025Q4", "2026Q1")
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?![\d.]*[年月日号〕])")
_CLAUSE = re.compile(r"[，；。\n]")


def body(text: str) -> str:
    """The text of the paper: from its title to the list of annexes."""
    return text[text.index("\n# ") :].partition("附件：")[0]


def patterns(text: str) -> tuple[str, int]:
    """The clause that comes most often, its numbers and names of units left out, and how often."""
    bare = (re.sub(r"\d+(?:\.\d+)?|[一-龥]{2,4}(?:镇|乡|街道|村|社区)", "", c) for c in _CLAUSE.split(text))
    times = Counter(clause for clause in bare if len(clause) > 3 and not clause.startswith(("（", "市")))
    return times.most_common(1)[0] if times else ("", 0)


def main(folder: Path) -> None:
    project = open_project(folder)
    print(
        "| quarter | numbers | in 100 characters | body, pages of all | most repeated clause |\n|---|---|---|---|---|"
    )
    for label in LABELS:
        request = ReportRequest(formats=("md", "pdf"), out=folder / "out" / "papers")
        made = report(project, parse(label, TODAY), TODAY, request, lambda _: None)
        text = body(next(f for f in made.files if f.suffix == ".md").read_text("utf-8"))
        printed = next((f for f in made.files if f.suffix == ".pdf"), None)
        pages = (
            printed.read_bytes().count(b"/Type/Page") - printed.read_bytes().count(b"/Type/Pages")
            if printed
            else 0
        )
        numbers, length = len(_NUMBER.findall(text)), len(re.sub(r"\s", "", text))
        clause, times = patterns(text)
        print(
            f"| {label} | {numbers} | {100 * numbers / length:.1f} | {length} characters, {pages} | {clause} × {times} |"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
