"""The journal: every receipt and every decision, one line each, chained by hash.

A line is a JSON object: `v` (schema version), `seq` (1, 2, 3 …), `kind` (`receipt` or the kind of a decision), `at` (when
it was written), `data`, `prev` (the hash of the line before) and `hash` (sha256 of all the rest). Lines are only ever
appended, with fsync, before anything acts on them; then the archive gets a witness of them (`witnesses`), by which every later
reading sees whether the journal is still all there.

The receipts of one batch are written by one call; each says how many the batch has. If the machine dies within that
write, some lines may be missing: then the batch counts as not received (its files are still where they were, and the next
ingest takes them), so that the outcome is that of an undisturbed run.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from ruralpb.core.personal_data import without_numbers
from ruralpb.core.problems import CannotRun, Location, Problem
from ruralpb.model import Decision, Receipt
from ruralpb.store.archive.witnesses import Witnesses
from ruralpb.store.disk import sync_folder, write_whole

SCHEMA_VERSION = 1
FIRST = "0" * 64
"""What the first line names as the hash of the one before."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the journal."""

    seq: int
    kind: str
    at: str
    data: Mapping[str, Any]
    hash: str


@dataclass(frozen=True)
class Journal:
    """The journal file at `path`, which need not exist yet. Reading it is cheap enough to do once per command;
    an object of this class sees the lines that stood when it first read them and those it appended."""

    path: Path
    witnesses: Witnesses

    def receipts(self) -> tuple[Receipt, ...]:
        """Return all receipts of whole batches in journal order. `Receipt.id` is the line's number as text."""
        lines = [line for line in self.lines if line.kind == "receipt"]
        written = Counter(line.data["batch"] for line in lines)
        return tuple(_receipt(line) for line in lines if written[line.data["batch"]] == line.data["files"])

    def decisions(self) -> tuple[Decision, ...]:
        """Return all decisions in journal order. `Decision.id` is the line's number as text."""
        return tuple(_decision(line) for line in self.lines if line.kind != "receipt")

    @property
    def last(self) -> int:
        """The number of the last line, 0 when there is none."""
        return self.lines[-1].seq if self.lines else 0

    def append_receipts(self, batches: Sequence[Sequence[Receipt]], now: datetime) -> list[list[Receipt]]:
        """Journal the batches and return them with their ids filled in: a receipt's is its line number, a batch's is
        `b` and the number of its first line."""
        journaled: list[list[Receipt]] = []
        entries: list[tuple[str, dict[str, Any]]] = []
        seq = self.last
        for batch in batches:
            batch_id = f"b{seq + 1}"
            journaled.append([])
            for receipt in batch:
                seq += 1
                data = asdict(receipt) | {
                    "received": receipt.received.isoformat(),
                    "batch": batch_id,
                    "files": len(batch),
                }
                del data["id"]
                if not receipt.opened:
                    del data["opened"]
                entries.append(("receipt", data))
                journaled[-1].append(_receipt(Line(seq, "receipt", "", data, "")))
        self._append(entries, now)
        return journaled

    def decide(self, kind: str, by: str, reason: str, data: Mapping[str, str], now: datetime) -> Decision:
        """Journal one decision of a person and return it with its id. Numbers of persons in the reason are masked."""
        self._append([(kind, {"by": by, "reason": without_numbers(reason), "data": dict(data)})], now)
        return _decision(self.lines[-1])

    @cached_property
    def lines(self) -> list[Line]:
        """All lines, checked: their numbers run from 1 and each holds the hash of the one before.

        Raises CannotRun (exit 3) where the chain is broken or is not what was witnessed. A last line without its end was never acted on
        and is left out; the next `_append` sets it aside.
        """
        lines = list(_parse(self.path, _whole(self.content())))
        lost = self.witnesses.compared(self.path, [line.hash for line in lines])
        if lost is not None:
            raise CannotRun(lost, 3)
        return lines

    def torn(self) -> Problem | None:
        """The problem that a crash left half a line at the end, or None."""
        rest = len(self.content()) - len(_whole(self.content()))
        return (
            Problem("journal-torn", Location(str(self.path)), found=str(rest), severity="note")
            if rest
            else None
        )

    def unwitnessed(self) -> Problem | None:
        """The problem that the journal is older than its witnesses: the next append makes them. None where there is nothing to say."""
        if not self.lines or self.witnesses.all():
            return None
        return Problem("journal-unwitnessed", Location(str(self.path)), found=str(self.last), severity="note")

    def content(self) -> bytes:
        """The bytes of the file; none where there is no file."""
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return b""

    def _append(self, entries: Iterable[tuple[str, Mapping[str, Any]]], now: datetime) -> None:
        known = self.lines
        self._set_torn_line_aside()
        previous, seq = (known[-1].hash, known[-1].seq) if known else (FIRST, 0)
        added, text = [], []
        for kind, data in entries:
            seq += 1
            body = {
                "v": SCHEMA_VERSION,
                "seq": seq,
                "kind": kind,
                "at": now.isoformat(timespec="seconds"),
                "data": data,
                "prev": previous,
            }
            previous = _digest(body)
            added.append(Line(seq, kind, str(body["at"]), data, previous))
            text.append(_dump(body | {"hash": previous}) + "\n")
        _append_whole(self.path, "".join(text).encode())
        known += added
        self._witness()

    def _witness(self) -> None:
        """Keep what has no witness yet. The lines stand in the journal already: a full disk is no reason to say they do not."""
        lines = self.content().split(b"\n")
        with suppress(OSError):
            for first, last in self.witnesses.lacking(self.last):
                self.witnesses.keep(first, lines[first - 1 : last], self.lines[last - 1].hash)

    def _set_torn_line_aside(self) -> None:
        content = self.content()
        whole = _whole(content)
        if len(whole) == len(content):
            return
        aside = self.path.with_name(f"{self.path.name}.torn-{hashlib.sha256(content).hexdigest()[:12]}")
        write_whole(aside, content[len(whole) :])
        with self.path.open("r+b") as file:
            file.truncate(len(whole))
            os.fsync(file.fileno())


def _append_whole(path: Path, content: bytes) -> None:
    # One write and one fsync for all lines of a call. A write that fails half way (disk full) is taken back, so that
    # what stands in the journal was always complete when the call returned.
    path.parent.mkdir(parents=True, exist_ok=True)
    made = not path.exists()
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
    try:
        size = os.fstat(handle).st_size
        try:
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(handle, rest) :]
            os.fsync(handle)
        except OSError:
            os.ftruncate(handle, size)
            raise
    finally:
        os.close(handle)
    if made:
        sync_folder(path.parent)


def _whole(content: bytes) -> bytes:
    return content[: content.rfind(b"\n") + 1]


def whole_line(text: bytes) -> Mapping[str, Any] | None:
    """Return what a line of a journal holds when its own hash says that it is whole, else None."""
    try:
        body: dict[str, Any] = json.loads(text)
        digest = body.pop("hash")
        return body | {"hash": digest} if digest == _digest(body) and isinstance(body["seq"], int) else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _parse(path: Path, content: bytes) -> Iterator[Line]:
    previous = FIRST
    for number, text in enumerate(content.split(b"\n")[:-1], 1):
        where = Location(str(path), line=number)
        try:
            body = json.loads(text)
            digest = body.pop("hash")
            version = body["v"]
            chained = body["prev"] == previous and body["seq"] == number and digest == _digest(body)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise CannotRun(Problem("journal-unreadable", where), 3) from None
        if version != SCHEMA_VERSION:
            raise CannotRun(
                Problem("journal-version", where, found=str(version), expected=str(SCHEMA_VERSION)), 3
            )
        if not chained:
            raise CannotRun(Problem("journal-broken", where), 3)
        previous = digest
        yield Line(body["seq"], body["kind"], body["at"], body["data"], digest)


def _dump(body: Mapping[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _digest(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(_dump(body).encode()).hexdigest()


def _receipt(line: Line) -> Receipt:
    fields = {name: value for name, value in line.data.items() if name != "files"}
    return Receipt(id=str(line.seq), **fields | {"received": date.fromisoformat(fields["received"])})


def _decision(line: Line) -> Decision:
    return Decision(
        str(line.seq), line.kind, line.at, line.data["by"], line.data["reason"], line.data["data"]
    )
