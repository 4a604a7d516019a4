"""Files with a password: the workbook that it opens is archived beside the file, so that nothing later asks for the password again."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import replace

from ruralpb.app.project import Project
from ruralpb.app.replay import job
from ruralpb.core.problems import Location, Problem
from ruralpb.intake.processes.pool import read_all
from ruralpb.intake.receive import KnownFile, NewFile, ReceivedFiles
from ruralpb.model import StoredReceipt
from ruralpb.returns.outcomes import FileResult


def unlocked(
    project: Project, files: ReceivedFiles, known: Collection[StoredReceipt], password: str, processes: int
) -> ReceivedFiles:
    """Return `files`, where `password` opens one with the workbook in it. One that was refused for its password before, and stays
    shut, is known: it is not received a second time.

    A stranger's file is opened where it is read: in a process that may die.
    """
    locked = [file for file in files.new if password and file.is_encrypted]
    jobs = [job(file.receipt, file.file, password, unlock=True) for file in locked]
    definitions = {file.receipt.definitions: project.definitions for file in locked}
    opened = {
        file.receipt.path: reading.opened
        for file, reading in zip(locked, read_all(jobs, definitions, processes), strict=True)
    }
    before = {stored.receipt.sha256 for stored in known if stored.locked}
    shut = [file for file in files.new if file.receipt.sha256 in before and not opened.get(file.receipt.path)]
    return ReceivedFiles(
        [_with(file, opened.get(file.receipt.path, b"")) for file in files.new if file not in shut],
        [*files.known, *map(_still_shut, shut)],
    )


def _with(file: NewFile, workbook: bytes) -> NewFile:
    if not workbook:
        return file
    digest = hashlib.sha256(workbook).hexdigest()
    return replace(file, receipt=replace(file.receipt, opened=digest), opened=workbook)


def _still_shut(file: NewFile) -> KnownFile:
    problem = Problem("file-password-wrong", Location(file.receipt.path), rule="D07", refused="file")
    return KnownFile(file.receipt.path, file.receipt.received, problem)


def with_password_tried(results: Iterable[FileResult]) -> list[FileResult]:
    """Return the results of a call that gave a password: a file that is still shut was not opened by it."""
    return [replace(one, problems=tuple(map(_tried, one.problems))) for one in results]


def _tried(problem: Problem) -> Problem:
    return replace(problem, slug="file-password-wrong") if problem.slug == "file-password" else problem
