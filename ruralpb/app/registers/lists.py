"""Lists: names for a purpose, the sample for supervision among them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ruralpb.app.examination import Selection, examine
from ruralpb.app.project import Project
from ruralpb.app.registers.selection import codes_below, definitions_asked, rows_inside
from ruralpb.app.registers.silence import silent
from ruralpb.core.periods import Period
from ruralpb.core.problems import Problem
from ruralpb.model import ListedRow, Lists
from ruralpb.model.register_results import Silent
from ruralpb.rules import registers as rules


def lists(project: Project, period: Period, today: date, ids: Sequence[str] = (), unit: str = "") -> Lists:
    """Return the lists of `period`, the sample for supervision among them. Raises CannotRun (exit 2) for an unknown list or unit."""
    library, register = project.definitions.worded(period.end), project.definitions.register
    wanted = definitions_asked(
        project, "list", ids, {**library.lists, rules.SAMPLE: rules.sample_definition()}
    )
    below = codes_below(project, unit, period)
    lines: dict[str, tuple[ListedRow, ...]] = {}
    unknown: dict[str, Silent] = {}
    problems: list[Problem] = []
    with project.session(period) as session, project.reading() as store:
        for definition in wanted.values():
            if definition.id == rules.SAMPLE:
                failed = examine(project, session, store, period, today, Selection()).failed()
                inside = (finding for finding in failed if below is None or finding.unit_code in below)
                rows, refused = rules.sampled(inside, register, period), list[Problem]()
            else:
                rows, refused = rules.listed(definition, library, register, period, session.query)
                forms = rules.forms_read(definition, library, register, period)
                unknown[definition.id] = silent(project, session, period, forms, below)
            problems += refused
            lines[definition.id] = rows_inside(rows, below)
    titles = {d.id: d.title for d in wanted.values()}
    columns = {d.id: tuple(d.columns) for d in wanted.values()}
    return Lists(period.label, titles, columns, lines, tuple(problems), unknown)
