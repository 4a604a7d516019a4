"""Witnesses: what was appended to the journal, a second time, in the archive beside the originals.

A file for each append, written after the journal has it: `<first>-<last>-<hash>.jsonl`, the numbers of its lines and the first 16 digits of the
last one's hash. The names alone tell whether a journal was cut off, emptied, deleted, rewritten or exchanged for an older one; the
contents make it again. A witness that could not be written is made up for by the next append, so a project from before there were any
gets one for all its lines then.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ruralpb.core.problems import Location, Problem
from ruralpb.store.disk import write_whole

_NAME = re.compile(r"(\d{8,})-(\d{8,})-([0-9a-f]{16})\.jsonl")
_DIGITS = 16


@dataclass(frozen=True, slots=True, order=True)
class Witness:
    """One file of witnesses: the numbers of its first and last line, the beginning of the last one's hash."""

    first: int
    last: int
    hash: str
    path: Path


@dataclass(frozen=True, slots=True)
class Witnesses:
    """The folder of all witnesses of a project."""

    folder: Path

    def all(self) -> list[Witness]:
        """Return the witnesses there are, in the order of their lines."""
        try:
            names = [path for path in self.folder.iterdir() if _NAME.fullmatch(path.name)]
        except FileNotFoundError:
            return []
        parts = [(path, _NAME.fullmatch(path.name)) for path in names]
        return sorted(Witness(int(m[1]), int(m[2]), m[3], path) for path, m in parts if m is not None)

    def compared(self, journal: Path, hashes: Sequence[str]) -> Problem | None:
        """Return the problem that the journal, whose lines have these hashes, is not what was witnessed; None when it is, or goes further."""
        witnessed = self.all()
        where = Location(str(journal))
        last = max((witness.last for witness in witnessed), default=0)
        for witness in witnessed:
            if witness.last <= len(hashes) and not hashes[witness.last - 1].startswith(witness.hash):
                return Problem("journal-differs", where, found=str(witness.last))
        if last > len(hashes):
            return Problem("journal-cut", where, found=str(len(hashes)), expected=str(last))
        return None

    def lacking(self, last: int) -> Iterator[tuple[int, int]]:
        """Yield the first and last number of each run of lines, up to `last`, that no witness has."""
        following = 1
        for witness in self.all():
            if witness.first > following:
                yield following, witness.first - 1
            following = max(following, witness.last + 1)
        if following <= last:
            yield following, last

    def keep(self, first: int, lines: Sequence[bytes], head: str) -> None:
        """Keep the journal's lines from number `first` on, the last of which has the hash `head`. Raises OSError."""
        name = f"{first:08d}-{first + len(lines) - 1:08d}-{head[:_DIGITS]}.jsonl"
        write_whole(self.folder / name, b"".join(line + b"\n" for line in lines))
