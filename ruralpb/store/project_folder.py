"""What the toolkit keeps in a project's folder, and where."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ruralpb.store.archive import Archive, Journal, Seals
from ruralpb.store.archive.witnesses import Witnesses
from ruralpb.store.database import STORE_FILE
from ruralpb.store.keys import ProjectKey
from ruralpb.store.results import FILE as RESULTS_FILE
from ruralpb.store.results import Results


@dataclass(frozen=True)
class ProjectFolder:
    """The folder of a project, the one that holds ruralpb.yaml."""

    folder: Path

    @property
    def private(self) -> Path:
        """The folder that the toolkit keeps for itself."""
        return self.folder / ".ruralpb"

    @property
    def archive(self) -> Archive:
        """Originals and definitions in use."""
        return Archive(self.private / "archive")

    @property
    def seals(self) -> Seals:
        """What sealed periods rested on when they were sealed."""
        return Seals(self.archive.folder / "seals")

    @property
    def journal(self) -> Journal:
        """Receipts and decisions as they stand on disk now."""
        return Journal(self.private / "journal.jsonl", Witnesses(self.archive.folder / "witnesses"))

    @property
    def store_path(self) -> Path:
        """The DuckDB file."""
        return self.private / STORE_FILE

    @property
    def results(self) -> Results:
        """Definitions read, findings and values computed: what can be made again at any time."""
        return Results(self.private / RESULTS_FILE)

    @cached_property
    def key(self) -> ProjectKey:
        """The key under which personal keys may leave the store (semantics S9)."""
        return ProjectKey(self.private / "key", self.archive.folder / "witnesses" / "key")
