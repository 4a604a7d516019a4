"""The project: its folder and what lies where in it, its definitions, its store and sessions, its lock."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ruralpb.app import definition_files
from ruralpb.app.sessions import session_basis
from ruralpb.core.messages import listing
from ruralpb.core.nearest import TITLE, nearest
from ruralpb.core.periods import Period
from ruralpb.core.problems import Problem
from ruralpb.model import Decision, ResolvedAmendment, Settings
from ruralpb.model.loader import Definitions
from ruralpb.returns.versions import decide, states
from ruralpb.store import ReturnRules, Session, Store, open_session, open_store
from ruralpb.store.locking import locked
from ruralpb.store.project_folder import ProjectFolder

if TYPE_CHECKING:
    from ruralpb.rules.indicators.compiled import Formulas

RETURN_RULES = ReturnRules(states, decide)
"""What the room `returns` decides about versions, as the store is told it."""


@dataclass(frozen=True)
class Project(ProjectFolder):
    """One project folder with its definitions as they are now."""

    sources: Mapping[str, bytes]
    """The definition files, relative name → content."""
    definitions: Definitions
    settings: Settings
    """Those of the definitions; a project always has them."""
    warnings: tuple[Problem, ...] = ()
    """What is not an error in the definitions."""

    @property
    def inbox(self) -> Path:
        """Where returns are dropped."""
        return self.folder / self.settings.inbox

    @cached_property
    def formulas(self) -> Formulas:
        """The formulas of the project's indicators, each compiled once."""
        # What compiles them is loaded by the commands that compute: most never ask for it.
        from ruralpb.rules.indicators.compiled import Formulas

        return Formulas(self.definitions.library, self.definitions.register)

    @contextmanager
    def reading(
        self, wait: float = 60.0, decisions: Sequence[Decision] | None = None, behind: bool = False
    ) -> Iterator[Store]:
        """Open the store as the journal's decisions make it, or those given. Raises CannotRun (exit 3): locked, unreadable, ahead, behind."""
        journal = self.journal
        deciding = journal.decisions() if decisions is None else decisions
        with open_store(self.store_path, RETURN_RULES, deciding, wait) as store:
            store.require(journal, behind)
            yield store

    @contextmanager
    def session(
        self, period: Period, counting: Iterable[str] | None = None, *, reported: bool = False
    ) -> Iterator[Session]:
        """Open a compute session for `period` over the current submissions, or over those of `counting` alone: their effective values, or,
        when asked, the `reported` ones that amendments have left alone."""
        with self.reading() as store:
            current = store.current() if counting is None else tuple(counting)
            amended = () if reported else store.amended(self.definitions.library.forms)
        with self.session_over(period, current, amended) as session:
            yield session

    def session_over(
        self, period: Period, current: tuple[str, ...], amended: tuple[ResolvedAmendment, ...]
    ) -> Session:
        """Return a compute session for `period` over these submissions and amendments. It is the caller's to close."""
        definitions = self.definitions
        basis = session_basis(definitions.library, definitions.register, self.settings, period)
        return open_session(self.store_path, replace(basis, current=current, amended=amended))

    def state(self, store: Store) -> list[str]:
        """Return what findings and values of this project depend on besides the period: definitions, the unit they are seen from,
        the store, what counts in it, and the project's key."""
        file = self.store_path.stat() if self.store_path.is_file() else None
        content = f"{file.st_mtime_ns} {file.st_size}" if file else ""
        changes = [d.id for d in store.decisions if d.kind == "amend"]
        seen_from = self.settings.unit
        return [self.definitions.hash, seen_from, content, *store.current(), *changes, self.key.hmac("state")]

    def unknown(self, kind: str, text: str, known: Iterable[str]) -> Problem:
        """Return the problem that `text` is no `kind` (indicator, form, check …) of this project, with the nearest names."""
        near = listing(nearest(text, sorted(known), TITLE)) or "—"
        return Problem("definition-unknown", found=text, expected=near, data={"kind": kind})

    @contextmanager
    def lock(self, command: str, wait: float, now: datetime) -> Iterator[None]:
        """Hold the project for writing: one writer at a time; `command` and `now` are what another is told meanwhile. Raises CannotRun (exit
        3) when it is not free within `wait` seconds."""
        with locked(self.private, command, wait, now):
            if not self.warnings and not self.results.path.is_file():
                # The first that is written in this project: later commands need not read and verify the definitions again.
                self.results.put_definitions(
                    definition_files.stamp(self.sources), definition_files.kept(self.definitions)
                )
            yield


def command_line() -> str:
    """Return the running command as others are told it: the program's name and its first word, no paths."""
    return " ".join([Path(sys.argv[0]).stem, *sys.argv[1:2]])
