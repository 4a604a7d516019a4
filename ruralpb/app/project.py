"""The project folder: what is in it, its definitions, and who may write to it."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path

from ruralpb import __version__
from ruralpb.app import definition_files
from ruralpb.app.stamps import stamp as stamp_of
from ruralpb.core.nearest import TITLE, nearest
from ruralpb.core.periods import Period
from ruralpb.core.problems import CannotRun, Location, Problem
from ruralpb.model import Decision, Library, Register, ResolvedAmendment, Settings
from ruralpb.model import loader as defining
from ruralpb.model.loader import Definitions
from ruralpb.returns import owed
from ruralpb.returns.versions import decide, states
from ruralpb.store import STORE_FILE, ReturnRules, Session, SessionBasis, Store, open_session, open_store
from ruralpb.store.archive import Archive, Journal, Seals
from ruralpb.store.disk import write_whole
from ruralpb.store.locking import locked
from ruralpb.store.results import FILE as RESULTS_FILE
from ruralpb.store.results import Results

SETTINGS_FILE = "ruralpb.yaml"
_KEY_BYTES = 32

RETURN_RULES = ReturnRules(states, decide)
"""What the room `returns` decides about versions, as the store is told it."""


@dataclass(frozen=True)
class Project:
    """One project folder with its definitions as they are now."""

    folder: Path
    sources: Mapping[str, bytes]
    """The definition files, relative name → content."""
    definitions: Definitions
    settings: Settings
    """Those of the definitions; a project always has them."""
    warnings: tuple[Problem, ...] = ()
    """What is not an error in the definitions."""

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
        return Journal(self.private / "journal.jsonl")

    @property
    def store_path(self) -> Path:
        """The DuckDB file."""
        return self.private / STORE_FILE

    @property
    def results(self) -> Results:
        """Definitions read, findings and values computed: what can be made again at any time."""
        return Results(self.private / RESULTS_FILE)

    @property
    def inbox(self) -> Path:
        """Where returns are dropped."""
        return self.folder / self.settings.inbox

    @contextmanager
    def reading(self, wait: float = 60.0, decisions: Sequence[Decision] | None = None) -> Iterator[Store]:
        """Open the store for reading, as the journal's decisions make it, or those given in their place. Raises CannotRun (exit 3) when it
        stays locked or cannot be read."""
        deciding = self.journal.decisions() if decisions is None else decisions
        with open_store(self.store_path, RETURN_RULES, deciding, wait) as store:
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
        return [self.definitions.hash, seen_from, content, *store.current(), *changes, self.hmac("state")]

    @cached_property
    def _key(self) -> bytes:
        path = self.private / "key"
        try:
            return bytes.fromhex(path.read_text("ascii"))
        except FileNotFoundError:
            key = secrets.token_bytes(_KEY_BYTES)
            write_whole(path, key.hex().encode())
            return key

    def hmac(self, *parts: str) -> str:
        """Return the 64 hex digits by which a personal key may leave the store (semantics S9): HMAC-SHA256 of `parts`
        under the project's key, which is made on first use and readable by its owner only."""
        return hmac.new(self._key, "\0".join(parts).encode(), hashlib.sha256).hexdigest()

    def unknown(self, kind: str, text: str, known: Iterable[str]) -> Problem:
        """Return the problem that `text` is no `kind` (indicator, form, check …) of this project, with the nearest names."""
        near = "、".join(nearest(text, sorted(known), TITLE)) or "—"
        return Problem("definition-unknown", found=text, expected=near, data={"kind": kind})

    @contextmanager
    def lock(self, command: str, wait: float, now: datetime) -> Iterator[None]:
        """Hold the project for writing: one writer at a time.

        `command` and `now` are what another run is told while this one works. Raises CannotRun (exit 3) naming the
        holder when it is not free within `wait` seconds.
        """
        with locked(self.private, command, wait, now):
            if not self.warnings and not self.results.path.is_file():
                # The first that is written in this project: later commands need not read and verify the definitions again.
                self.results.put_definitions(_stamp(self.sources), _kept(self.definitions))
            yield


def session_basis(library: Library, register: Register, settings: Settings, period: Period) -> SessionBasis:
    """Return what a compute session for `period` rests on, nothing being current yet."""
    from ruralpb.rules.expressions.functions import valid_id_sql

    return SessionBasis(
        library.forms, register, period, partial(owed, settings, library, register), valid_id_sql
    )


def find(folder: Path | None = None) -> Path:
    """Return the project folder: `folder` when it is given (by -C or RURALPB_PROJECT), else the nearest one upwards from
    the working folder that holds ruralpb.yaml.

    Raises CannotRun (exit 2) when there is none.
    """
    named = folder or (Path(os.environ["RURALPB_PROJECT"]) if os.environ.get("RURALPB_PROJECT") else None)
    start = (named or Path.cwd()).resolve()
    for candidate in [start] if named else [start, *start.parents]:
        if (candidate / SETTINGS_FILE).is_file():
            return candidate
    raise CannotRun(Problem("no-project", Location(str(start))))


def open_project(folder: Path | str | None = None) -> Project:
    """Return the project in `folder` (see `find`) with its definitions read and checked.

    Raises CannotRun (exit 2) with every error in the definitions.
    """
    found = find(Path(folder) if folder else None)
    sources = defining.sources(found)
    private = found / ".ruralpb"
    kept, stamp = Results(private / RESULTS_FILE), _stamp(sources)
    before = kept.definitions(stamp)
    warnings: tuple[Problem, ...] = ()
    if before is not None:
        definitions = Definitions(*before)
    else:
        expressions = f"{__version__} {defining.digest(defining.expressed(sources))}"
        verified = kept.is_verified(expressions)
        definitions, warnings = load(sources, verified)
        if not warnings and private.is_dir():
            if not verified:
                kept.put_verified(expressions)
            kept.put_definitions(stamp, _kept(definitions))
    if definitions.settings is None:
        raise CannotRun(Problem("no-project", Location(str(found))))
    return Project(found, sources, definitions, definitions.settings, warnings)


def load(sources: Mapping[str, bytes], verified: bool = False) -> tuple[Definitions, tuple[Problem, ...]]:
    """Return the definitions in `sources`, and warnings. Raises CannotRun (exit 2) when they have errors. `verified`: their
    expressions need not be checked again."""
    definitions, problems = definition_files.read(sources, verified)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise CannotRun(errors)
    return definitions, tuple(problems)


_DEFINING = ("model/*.py", "model/loader/*.py", "rules/expressions/*.py")
"""The modules that decide what definition files mean."""


def _stamp(sources: Mapping[str, bytes]) -> str:
    return stamp_of([defining.digest(sources)], _DEFINING)


def _kept(read: Definitions) -> tuple[object, ...]:
    return (read.library, read.register, read.settings, read.targets, read.hash)


def command_line() -> str:
    """Return the running command as others are told it: the program's name and its first word, no paths."""
    return " ".join([Path(sys.argv[0]).stem, *sys.argv[1:2]])
