"""What a quarter's papers cost: the circular and the one-page profile of every township, in four formats, as whole commands, over opening
the same quarter (project, session, findings) in the same run.

validated  findings are known, nothing has been computed yet
again      figures and registers are kept from the run before, as when a word of the template was changed

Usage: python benchmarks/reports.py [runs]   (default: 3 runs, on the sample county of 14 townships)
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter

from ruralpb.app.ingest import ingest
from ruralpb.app.ingest_request import IngestRequest
from ruralpb.app.opening import open_project
from ruralpb.app.period_context import opened
from ruralpb.app.validate import Selection, validate
from ruralpb.core.periods import Period, parse

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "samples"
TODAY = date(2026, 4, 20)
LABEL, FORMATS = "2026Q1", "docx,html,xlsx,md"
BUDGET = 20
"""Seconds that circular and profiles may take together on two cores."""


def prepared(folder: Path) -> Period:
    """Make the sample county's project in `folder`, all returns ingested, the quarter validated."""
    shutil.copytree(
        SAMPLES, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("expected", "generator")
    )
    (folder / ".ruralpb").mkdir()
    project, period = open_project(folder), parse(LABEL, TODAY)
    ingest(project, [folder / "returns"], IngestRequest(), TODAY, lambda _: None)
    validate(project, period, TODAY, Selection())
    return period


def command(folder: Path, *words: str) -> None:
    words = ("-C", str(folder), "report", "--quarter", LABEL, "--format", FORMATS, *words)
    subprocess.run([sys.executable, "-m", "ruralpb", *words], check=True, capture_output=True)


def timed(work: Callable[[], None]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def main(runs: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "county"
        period = prepared(folder)

        def open_it() -> None:
            with opened(open_project(folder), period, TODAY) as whole:
                assert whole.checked.findings

        stages: dict[str, Callable[[], None]] = {
            "opening the quarter": open_it,
            "circular": lambda: command(folder),
            "14 profiles": lambda: command(folder, "--template", "profile", "--unit", "all"),
        }
        taken: dict[tuple[str, str], list[float]] = {}
        for _ in range(runs):
            # In the order of the work: the circular's figures serve the profiles.
            for state in ("validated", "again"):
                for stage, work in stages.items():
                    taken.setdefault((state, stage), []).append(timed(work))
            with closing(sqlite3.connect(folder / ".ruralpb" / "results.sqlite")) as results, results:
                results.execute("PRAGMA foreign_keys = ON")
                results.execute("DELETE FROM results WHERE kind <> 'findings'")
    floor = median(taken["validated", "opening the quarter"])
    print(f"{os.cpu_count()} processors, {runs} runs, medians")
    for (state, stage), seconds in taken.items():
        print(f"{state:<10} {stage:<20} {median(seconds):6.1f} s  ×{median(seconds) / floor:5.1f}")
    both = sum(median(taken["validated", stage]) for stage in ("circular", "14 profiles"))
    print(f"circular and profiles: {both:.1f} s (budget {BUDGET})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
