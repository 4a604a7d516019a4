"""Which files are new and which are known by their content (semantics S1): names and times never decide.

A file is known when its bytes were received before, except
* when a person now says that another unit sent it;
* when it is held and a person now says that it replaces, or adds to, what is in force;
* when something of it was refused, and definitions or options have changed since: then it is read again.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from ruralpb.app.collect import Found, Source
from ruralpb.core.ooxml.limits import Unreadable
from ruralpb.core.problems import CannotRun, Location, Problem
from ruralpb.model import Receipt, StoredReceipt


@dataclass(frozen=True, slots=True)
class New:
    """A file to take, with the receipt it will be journaled with (its ids are the journal's to give)."""

    file: Source
    receipt: Receipt

    @property
    def content(self) -> bytes:
        """Its bytes, read anew: those of all files of a call together may be more than the memory holds. Raises CannotRun (exit 3)
        when they are no longer what they were."""
        try:
            content = self.file.read_bytes()
        except (OSError, Unreadable):
            content = b""
        if hashlib.sha256(content).hexdigest() != self.receipt.sha256:
            raise CannotRun(Problem("file-changed", Location(self.receipt.path)), 3)
        return content


@dataclass(frozen=True, slots=True)
class Known:
    """A file that is not taken: its content is known, or its problem refuses it."""

    path: str
    received: date | None
    problem: Problem


@dataclass(slots=True)
class Sifted:
    """New and known files, each in the order of their paths."""

    new: list[New] = field(default_factory=list)
    known: list[Known] = field(default_factory=list)


def sift(
    found: Iterable[Found], asked: Receipt, received: date | None, before: Iterable[StoredReceipt]
) -> Sifted:
    """Read the files and part the new from the known. `asked` is a receipt with what the person said; `received` the date
    the person gave, if any; `before` what has been read already.

    A file read again keeps the day its content first came, unless a folder or the person gives another.
    """
    earlier: dict[str, list[StoredReceipt]] = defaultdict(list)
    for stored in before:
        earlier[stored.receipt.sha256].append(stored)
    sifted = Sifted()
    in_call: dict[str, str] = {}
    for file in found:
        if file.problem is not None:
            sifted.known.append(Known(file.path, file.received, file.problem))
            continue
        try:
            content = file.file.read_bytes()
        except (OSError, Unreadable) as error:
            sifted.known.append(Known(file.path, file.received, _unread(file.path, error)))
            continue
        sha256 = hashlib.sha256(content).hexdigest()
        same = earlier[sha256]
        same_as = in_call.get(sha256) or _known_as(same, asked)
        if same_as:
            sifted.known.append(Known(file.path, file.received, _same_content(file.path, same_as)))
            continue
        in_call[sha256] = file.path
        first = same[0].receipt.received if same and received is None else asked.received
        receipt = replace(
            asked,
            sha256=sha256,
            name=file.path.rpartition("/")[2],
            path=file.path,
            received=file.received or first,
            size=len(content),
        )
        sifted.new.append(New(file.file, receipt))
    return sifted


def _known_as(before: Iterable[StoredReceipt], asked: Receipt) -> str:
    """Return the path under which the content is known, "" when it is to be read (again)."""
    return next((stored.receipt.path for stored in before if _settles(stored, asked)), "")


def _settles(stored: StoredReceipt, asked: Receipt) -> bool:
    said, says = stored.receipt, asked
    if (said.definitions, said.period, said.unit_code, said.form, said.mode) == (
        says.definitions,
        says.period,
        says.unit_code,
        says.form,
        says.mode,
    ):
        return True
    if says.unit_code and stored.reporters and says.unit_code not in stored.reporters:
        return False
    return not stored.held and (bool(says.mode) or not stored.refused)


def _unread(path: str, error: OSError | Unreadable) -> Problem:
    if isinstance(error, Unreadable):
        return error.problem.located(path)
    return Problem("file-no-access", Location(path), found=type(error).__name__, refused="file")


def _same_content(path: str, other: str) -> Problem:
    return Problem("file-known", Location(path), expected=other, severity="note", rule="D14")
