"""What findings cost: those of a big delivery in which most rows fail checks, without the cells to ask about first and with them, and how both
grow with the townships. Processor time; the ratio is between the two in the same run.

Usage: python benchmarks/findings.py [townships ...]   (default: 14 56; at most 255)
"""

from __future__ import annotations

import sys
import tempfile
from datetime import date
from pathlib import Path
from time import process_time

import delivery

from ruralpb.app import error_localisation
from ruralpb.app.findings import FindingsRequest, Judged, judge
from ruralpb.app.ingest import IngestRequest, ingest
from ruralpb.app.opening import open_project
from ruralpb.app.project import Project
from ruralpb.core.periods import Period, parse

TODAY = date(2026, 4, 20)


def prepared(folder: Path, townships: int) -> tuple[Project, Period]:
    """Make the project in `folder` with all returns ingested."""
    for name, content in (*delivery.project(townships).items(), *delivery.returns(townships)):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    (folder / ".ruralpb").mkdir()
    project = open_project(folder)
    ingest(project, [folder / "returns"], IngestRequest(), TODAY, lambda _: None)
    return project, parse("2026Q1", TODAY)


def seconds(project: Project, period: Period, request: FindingsRequest) -> tuple[float, Judged]:
    """Return how long the findings take when none are known, and the findings."""
    project.results.path.unlink(missing_ok=True)
    with project.reading() as store:
        start = process_time()
        found = judge(project, store, period, None, request)
        return process_time() - start, found


def main(sizes: list[int]) -> None:
    for townships in sizes:
        with tempfile.TemporaryDirectory() as place:
            project, period = prepared(Path(place) / "county", townships)
            seconds(project, period, FindingsRequest(localised=True))  # whatever is imported once
            plain, _ = seconds(project, period, FindingsRequest())
            localised, found = seconds(project, period, FindingsRequest(localised=True))
        located = {(f.form, f.cells[0].file, f.cells[0].cell) for f in found.findings if f.ask_first}
        given_up = sum(bool(f.not_localised) for f in found.findings)
        print(
            f"{townships} townships: {len(found.findings):,} findings {plain:.1f} s, with the cells to ask about first {localised:.1f} s "
            f"({localised / plain:.2f}); {len(located):,} cells marked that have one, {given_up:,} findings beyond "
            f"{error_localisation.MOST_ROWS:,} rows"
        )


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [14, 56])
