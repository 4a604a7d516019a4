"""Run the program as a person does, without starting another interpreter, and look at what it says."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruralpb.__main__ import main

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "samples"
TOWNSHIPS = ("泗湖山镇", "南嘴镇")
"""泗湖山镇 made the honest mistakes of the sample quarter, 南嘴镇 none."""
QUARTERS = ("2025Q4", "2026Q1")


@dataclass(frozen=True)
class Said:
    """Exit code, standard output and error of one command."""

    code: int
    bytes: bytes
    err: str
    encoding: str = "utf-8"

    @property
    def out(self) -> str:
        return self.bytes.decode(self.encoding)

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def rows(self) -> list[dict[str, str]]:
        """The rows of an export in CSV."""
        return list(csv.DictReader(io.StringIO(self.bytes.decode("utf-8-sig"))))


def ruralpb(*words: object, project: Path | None = None, encoding: str = "utf-8") -> Said:
    """Run `ruralpb words…` (in `project`, when given) on a terminal of the given encoding that is none."""
    argv = [str(word) for word in words]
    if project is not None:
        argv = ["-C", str(project), *argv]
    with _streams(encoding) as (out, err):
        code = main(argv)
        sys.stdout.flush()
        sys.stderr.flush()
    return Said(code, out.getvalue(), err.getvalue().decode(encoding), encoding)


@contextmanager
def _streams(encoding: str) -> Iterator[tuple[io.BytesIO, io.BytesIO]]:
    before = sys.stdout, sys.stderr
    out, err = io.BytesIO(), io.BytesIO()
    sys.stdout = io.TextIOWrapper(out, encoding)
    sys.stderr = io.TextIOWrapper(err, encoding)
    try:
        yield out, err
    finally:
        # Detached, so that the bytes outlive the wrappers.
        for stream in (sys.stdout, sys.stderr):
            stream.detach() if isinstance(stream, io.TextIOWrapper) else None
        sys.stdout, sys.stderr = before


@dataclass(frozen=True)
class Demonstrated:
    """Where `ruralpb demo` has run, how it ended and what it said."""

    folder: Path
    code: int
    said: str


def demonstrate(folder: Path) -> tuple[int, str]:
    """Run `ruralpb demo` in `folder` as README says; return its exit code and what it said."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("RURALPB")} | {
        "RURALPB_LANG": "en",
        "PYTHONIOENCODING": "utf-8",
    }
    done = subprocess.run(
        [sys.executable, "-m", "ruralpb", "demo"],
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    return done.returncode, done.stdout


def expected_finding(check: str, reporter: str, period: str = "2026Q1") -> dict[str, str]:
    """The mistake that was planted in the samples for `check` in a township's return."""
    with (SAMPLES / "expected/findings.csv").open(encoding="utf-8-sig", newline="") as file:
        found = [
            r
            for r in csv.DictReader(file)
            if (r["check"], r["reporter"], r["period"]) == (check, reporter, period)
        ]
    (planted,) = found
    return planted


def small_county(folder: Path) -> Path:
    """Make the sample project with the returns of two townships for two quarters, nothing ingested."""
    folder.mkdir(parents=True)
    for name in ("ruralpb.yaml", "units.csv", "targets.csv"):
        shutil.copyfile(SAMPLES / name, folder / name)
    shutil.copytree(SAMPLES / "definitions", folder / "definitions")
    for quarter in QUARTERS:
        for township in TOWNSHIPS:
            (file,) = (SAMPLES / "returns" / quarter).rglob(f"{township}.xlsx")
            target = folder / file.relative_to(SAMPLES)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
    return folder
