"""Seals: what a quarter rested on when it was closed, a folder each: `<period>-<n>` (semantics S10).

    definitions.zip      the definition files in use (`unpack` gives them back)
    facts/<form>.parquet the rows that counted, form by form
    tables.json          the versions that counted and their blocks: receipt, sheet, columns, what was noted and refused
    values.json          every figure, exact
    manifest.json        hashes of all these, of inputs, template and outputs; the journal has its own
    outputs/…            the documents themselves

A folder is there wholly or not at all. One that the journal knows nothing of is what a crash left: the next seal of that
number takes its place.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from ruralpb.core.periods import Period
from ruralpb.core.problems import CannotRun, Location, Problem
from ruralpb.model import Seal, SealedPeriod, Value
from ruralpb.store.archive.manifests import read_manifest, sha256_of
from ruralpb.store.disk import sync_folder

DEFINITIONS, TABLES, VALUES, MANIFEST = "definitions.zip", "tables.json", "values.json", "manifest.json"
FACTS = "facts"
_BEGUN = ".sealing-"
_VALUES_VERSION = 1


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

    def read(self, seal: Seal, name: str) -> bytes:
        """Return a file of a seal as it was sealed. Raises CannotRun (exit 3) when it is not there or is another one: the journal has the
        hash of the manifest, the manifest those of the other files (but for seals of before it had `parts`)."""
        path = self.path(seal.period, seal.number) / name
        expected = seal.manifest if name == MANIFEST else self._hashes(seal).get(name, "")
        try:
            content = path.read_bytes()
        except OSError:
            content = None
        if content is None or (expected and sha256_of(content) != expected):
            label = f"{seal.period}-{seal.number}"
            raise CannotRun(Problem("seal-damaged", Location(str(path)), found=label), 3)
        return content

    def facts(self, seal: Seal) -> dict[str, Path]:
        """Return form id → the Parquet file of its sealed rows. Raises CannotRun (exit 3) as `read` does."""
        folder = self.path(seal.period, seal.number)
        stated = [name for name in self._hashes(seal) if name.startswith(f"{FACTS}/")]
        for name in stated:
            self.read(seal, name)
        paths = map(folder.joinpath, stated) if stated else (folder / FACTS).glob("*.parquet")
        return {path.stem: path for path in sorted(paths)}

    def damage(self, seal: Seal) -> tuple[int, list[Problem]]:
        """Return how many files the seal has, and a problem for each that is not there or is another one."""
        problems: list[Problem] = []
        try:
            names = [MANIFEST, *self._hashes(seal)]
        except CannotRun as stop:
            return 1, list(stop.problems)
        for name in names:
            try:
                self.read(seal, name)
            except CannotRun as stop:
                problems += stop.problems
        return len(names), problems

    def _hashes(self, seal: Seal) -> dict[str, str]:
        """The hashes that the manifest states, file name → sha256."""
        content = self.read(seal, MANIFEST)
        about = read_manifest(self.path(seal.period, seal.number) / MANIFEST, content)
        documents = {f"outputs/{name}": sha256 for name, sha256 in about["outputs"].items()}
        return {**about.get("parts", {}), **documents}


def write_values(values: Iterable[Value], marks: Mapping[str, str], period: Period) -> bytes:
    """Return `values.json`: figures exact, one line each. `marks`: indicator → the mark of its definition."""
    head = json.dumps({"v": _VALUES_VERSION, "period": period.label, "marks": marks}, ensure_ascii=False)
    lines = [json.dumps(_line(value), ensure_ascii=False) for value in values]
    return ("[" + ",\n".join([head, *lines]) + "]\n").encode()


def _line(value: Value) -> dict[str, object]:
    return {
        "indicator": value.indicator,
        "unit_code": value.unit_code,
        "slice": [list(part) for part in value.slice],
        "numerator": _text(value.numerator),
        "denominator": _text(value.denominator),
        "value": _text(value.value),
        "printed": value.printed,
        "covered": value.covered,
        "expected": value.expected,
    }


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def read_values(content: bytes) -> SealedPeriod:
    """Return what `values.json` holds."""
    head, *lines = json.loads(content)
    return SealedPeriod(dict(_figures(lines)), head["marks"])


def _figures(
    lines: Iterable[dict[str, Any]],
) -> Iterator[tuple[tuple[str, str, tuple[tuple[str, str], ...]], Decimal | None]]:
    for line in lines:
        cut = tuple((str(key), str(word)) for key, word in line["slice"])
        number = line["value"]
        yield (line["indicator"], line["unit_code"], cut), None if number is None else Decimal(number)
