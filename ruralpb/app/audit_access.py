"""Personal data leave the toolkit only with a reason, and the journal says who asked, when and why."""

from __future__ import annotations

import getpass
from datetime import datetime

from ruralpb.app.project import Project
from ruralpb.core.problems import CannotRun, Problem


def disclose(project: Project, what: str, reason: str, now: datetime) -> None:
    """Write the disclosure of `what` ("sql", "export facts") into the journal.

    Raises CannotRun: exit 2 without a reason, exit 3 while another run holds the project.
    """
    if not reason.strip():
        raise CannotRun(Problem("disclosure-reason"))
    with project.lock(what, 60.0, now):
        project.journal.decide("disclose", getpass.getuser(), reason, {"what": what}, now)
