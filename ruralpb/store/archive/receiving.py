"""Files on their way in: originals and definitions are archived, then the receipts journaled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import chain, groupby
from typing import Protocol

from ruralpb.model import Receipt
from ruralpb.store.archive.journal import Journal
from ruralpb.store.archive.originals import Archive


class ReceivedFile(Protocol):
    """A file with the receipt it will be journaled with; its bytes are read when they are asked for."""

    @property
    def receipt(self) -> Receipt:
        """What is journaled of it; the ids are the journal's to give."""
        ...

    @property
    def content(self) -> bytes:
        """Its bytes."""
        ...

    @property
    def opened(self) -> bytes:
        """The workbook in it that a password opened, b"" where none was needed."""
        ...


def journal_files(
    archive: Archive, journal: Journal, definitions: bytes, files: Sequence[ReceivedFile], now: datetime
) -> list[Receipt]:
    """Archive the files, what a password opened of them, and the definitions they are read with, then journal the receipts: one batch a received date, earliest first.
    Returns them with their ids, in that order."""
    if not files:
        return []
    opened = (file.opened for file in files if file.opened)
    archive.put_all(chain([definitions], (file.content for file in files), opened))
    by_day = groupby(sorted(files, key=arrival), key=lambda file: file.receipt.received)
    batches = [[file.receipt for file in batch] for _, batch in by_day]
    return [receipt for batch in journal.append_receipts(batches, now) for receipt in batch]


def arrival(file: ReceivedFile) -> tuple[date, str]:
    """Return what files are taken in the order of: the day, then the path."""
    return file.receipt.received, file.receipt.path
