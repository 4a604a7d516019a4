"""Watch: the registers of matters until they are settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ruralpb.app.project import Project
from ruralpb.app.registers.selection import codes_below, definitions_asked
from ruralpb.app.registers.silence import silent
from ruralpb.app.stamps import stamp
from ruralpb.core.periods import Period
from ruralpb.core.problems import Problem
from ruralpb.model import Entry, Registers
from ruralpb.rules import registers as rules
from ruralpb.store import Session, Store
from ruralpb.store.results import ResultKey


def watch(project: Project, period: Period, ids: Sequence[str] = (), unit: str = "") -> Registers:
    """Return the registers at the end of `period`. Raises CannotRun (exit 2) for an unknown watch or unit."""
    wanted = definitions_asked(project, "watch", ids, project.definitions.library.watches)
    below = codes_below(project, unit, period)
    with project.session(period) as session, project.reading() as store:
        found = registers(project, session, store, period, ids).of(below)
        unknown = {id: silent(project, session, period, (one.form,), below) for id, one in wanted.items()}
        return replace(found, silent=unknown)


def registers(
    project: Project, session: Session, store: Store, period: Period, ids: Sequence[str] = ()
) -> Registers:
    """As `watch`, on a session and store that are open already. The registers of a period are kept among the project's results."""
    library, register = project.definitions.library, project.definitions.register
    wanted = definitions_asked(project, "watch", ids, library.watches)

    def walk() -> tuple[list[Entry], list[Problem]]:
        entries: list[Entry] = []
        problems: list[Problem] = []
        series = rules.periods_watched(store.periods(), period)
        for definition in wanted.values():
            returned = rules.reporters_of(definition.form, session.returned())
            watched, refused = rules.register_of(
                definition, library, register, series, returned, session.queries
            )
            entries += watched
            problems += refused
        return entries, problems

    key = ResultKey(
        "entries",
        f"{period.label}-{project.settings.unit}",
        stamp([*project.state(store), period.label]),
        " ".join(wanted),
    )
    kept = project.results.get(key)
    if kept is None:
        kept = walk()
        project.results.put(key, *kept)
    entries, problems = tuple(kept[0]), tuple(kept[1])
    names = register.names({code for entry in entries for code in entry.codes}, period.end)
    return Registers(period.label, wanted, entries, names, problems)
