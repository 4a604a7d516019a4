"""The environment a project lives in: program and libraries, access, disk, clock, calendar. Each look gives problems and what was seen."""

from __future__ import annotations

import shutil
import sys
from datetime import datetime, timedelta
from importlib import metadata

from ruralpb.app.project import Project
from ruralpb.core.calendar import Calendar
from ruralpb.core.problems import Location, Problem
from ruralpb.store import engine_version
from ruralpb.store.access import exposed_files, unwritable

Look = tuple[list[Problem], str]

_FREE = 2**30
"""Bytes that should be free: a rebuild writes the database anew beside the old one."""
_SLACK = timedelta(minutes=5)
_NEEDED = (
    "sqlglot",
    "python-calamine",
    "chinesecalendar",
    "typer",
    "lxml",
    "openpyxl",
    "python-docx",
)


def program(project: Project) -> Look:
    """Versions of Python, of the engine and of the libraries; a PDF needs an office program."""
    versions = {"python": sys.version.split()[0], **engine_version()}
    problems = []
    for name in _NEEDED:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            problems.append(Problem("doctor-library", found=name))
    if "pdf" in project.settings.formats and not (shutil.which("soffice") or shutil.which("libreoffice")):
        problems.append(Problem("doctor-office"))
    return problems, " ".join(f"{name} {version}" for name, version in versions.items())


def access(project: Project) -> Look:
    """Can the folders be written into, and is what is private readable by its owner only?"""
    folder = unwritable([project.private, project.folder / project.settings.out])
    problems = [Problem("doctor-unwritable", Location(str(folder)))] if folder else []
    exposed = exposed_files(project.private)
    if exposed:
        found = str(len(exposed))
        problems.append(Problem("doctor-exposed", Location(str(exposed[0])), found, severity="query"))
    return problems, ""


def disk(project: Project) -> Look:
    """Is there room on the disk?"""
    free = shutil.disk_usage(project.folder).free
    text = f"{free / 2**30:.1f} GiB"
    return ([Problem("doctor-disk", found=text, expected="1 GiB")] if free < _FREE else []), text


def clock(project: Project, now: datetime) -> Look:
    """A clock that goes behind the journal gives wrong received dates."""
    last = project.journal.lines[-1].at if project.journal.lines else ""
    seen = now.isoformat(timespec="minutes")
    late = bool(last) and datetime.fromisoformat(last).astimezone() > now.astimezone() + _SLACK
    return ([Problem("doctor-clock", found=seen, expected=last)] if late else []), seen


def calendar(project: Project, now: datetime) -> Look:
    """Are the statutory holidays of this year known, and in December those of the next?"""
    days = Calendar.of(project.settings.holidays, project.settings.workdays)
    unknown = [str(year) for year in (now.year, now.year + 1) if not days.known(year)]
    # Holidays of a year are published in the November before it.
    due = [year for year in unknown if year == str(now.year) or now.month == 12]
    return [Problem("doctor-calendar", found="、".join(due), severity="query")] if due else [], ""
