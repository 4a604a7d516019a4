"""Seals: what a quarter rested on when it was closed, a folder each: `<period>-<n>` (semantics S10).

    definitions.zip      the definition files in use (`unpack` gives them back)
    facts/<form>.parquet the rows that counted, form by form
    tables.json          the versions that counted and their blocks: receipt, sheet, columns, what was noted and refused
    values.json          every figure, exact
    manifest.json        hashes of inputs, definitions, template and outputs
    outputs/…            the documents themselves

A folder is there wholly or not at all. One that the journal knows nothing of is what a crash left: the next seal of that
number takes its place.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ruralpb.core.problems import CannotRun, Location, Problem
from ruralpb.store.disk import sync_folder

DEFINITIONS, TABLES, VALUES, MANIFEST = "definitions.zip", "tables.json", "values.json", "manifest.json"
_BEGUN = ".sealing-"


@dataclass(frozen=True, slots=True)
class Seals:
    """The folder of all seals of a project."""

    folder: Path

    def path(self, period: str, number: int) -> Path:
        """Return where the `number`-th seal (from 1) of a period is or would be."""
        return self.folder / f"{period}-{number}"

    def write(self, period: str, number: int, files: Mapping[str, bytes]) -> Path:
        """Write a seal (relative name → content), durably and whole, readable by its owner only; return its folder. What stood
        there and was never journaled is replaced."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for left in self.folder.glob(f"{_BEGUN}*"):
            shutil.rmtree(left)
        begun = Path(tempfile.mkdtemp(dir=self.folder, prefix=_BEGUN))
        try:
            for name, content in files.items():
                path = begun / name
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
            for inside in {path.parent for path in map(begun.joinpath, files)} | {begun}:
                sync_folder(inside)
            target = self.path(period, number)
            if target.exists():
                shutil.rmtree(target)
            begun.rename(target)
        except BaseException:
            shutil.rmtree(begun, ignore_errors=True)
            raise
        sync_folder(self.folder)
        return target

    def read(self, period: str, number: int, name: str) -> bytes:
        """Return a file of a seal. Raises CannotRun (exit 3) when it is not there."""
        path = self.path(period, number) / name
        try:
            return path.read_bytes()
        except FileNotFoundError:
            raise CannotRun(
                Problem("seal-damaged", Location(str(path)), found=f"{period}-{number}"), 3
            ) from None

    def facts(self, period: str, number: int) -> dict[str, Path]:
        """Return form id → the Parquet file of its sealed rows."""
        return {path.stem: path for path in sorted((self.path(period, number) / "facts").glob("*.parquet"))}
