"""The doctor: is everything there that the work needs, and whole? Each thing looked at is told, with what to do where it is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ruralpb.app import environment, health
from ruralpb.app.environment import Look
from ruralpb.app.project import Project
from ruralpb.app.replay import missing
from ruralpb.core.problems import CannotRun, Location, Problem
from ruralpb.store.run_log import last_run


@dataclass(frozen=True, slots=True)
class Examined:
    """One thing that was looked at: what is wrong with it (nothing: it is well), and what was seen."""

    name: str
    problems: tuple[Problem, ...]
    seen: str = ""


def examine(project: Project, now: datetime) -> list[Examined]:
    """Return what was looked at, in the order in which to mend it. Nothing is changed."""
    looks: dict[str, Callable[[], Look]] = {
        "program": lambda: environment.program(project),
        "definitions": lambda: (list(project.warnings), project.definitions.hash[:12]),
        "access": lambda: environment.access(project),
        "disk": lambda: environment.disk(project),
        "clock": lambda: environment.clock(project, now),
        "calendar": lambda: environment.calendar(project, now),
        "journal": lambda: (health.journal_damage(project), str(project.journal.last)),
        "key": lambda: ([problem for problem in [project.key.damage()] if problem], ""),
        "archive": lambda: (health.archive_damage(project), str(len(project.archive.all()))),
        "seals": lambda: (health.seal_damage(project), ""),
        "store": lambda: _store(project),
        "schedule": lambda: _schedule(project),
    }
    return [_examined(name, look) for name, look in looks.items()]


def _examined(name: str, look: Callable[[], Look]) -> Examined:
    try:
        problems, seen = look()
    except CannotRun as stop:
        return Examined(name, stop.problems)
    return Examined(name, tuple(problems), seen)


def _store(project: Project) -> Look:
    """Is the database there, readable, and has it read everything the journal knows?"""
    if project.journal.receipts() and not project.store_path.is_file():
        return [Problem("doctor-no-store", Location(str(project.store_path)))], ""
    with project.reading() as store:
        unread = missing(project, store.receipts())
        seen = str(len(store.submissions()))
    return [Problem("doctor-unread", found=str(len(unread)))] if unread else [], seen


def _schedule(project: Project) -> Look:
    """When did `run` last run, and did it do its work?"""
    run = last_run(project.private)
    if run is None:
        return [Problem("doctor-never-run", severity="note")], ""
    about = f"{run.at} exit {run.code}"
    failed = [Problem("doctor-run-failed", found=run.at, expected=str(run.code), severity="query")]
    return (failed if run.code > 1 else []), about
