"""A returned 核实清单 → the answers in it.

Any spreadsheet program may have saved it, in any format; its lines may be sorted, filtered, deleted or copied, columns and rows
inserted. A line is known by its 编号, and the hidden sheet says what was asked under it. What is not ours is refused with a sentence.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ruralpb.core.ooxml.limits import ZIP, Unreadable
from ruralpb.core.ooxml.zipped import Zip
from ruralpb.core.problems import Location, Problem
from ruralpb.model import CellError, Grid, Uncached
from ruralpb.publish.feedback.questions import EXPLANATION, FINDING, IDENTITY, PERSON, TITLE, VERSION

_OLE = b"\xd0\xcf\x11\xe0"
_FINDING = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class ReturnedAnswer:
    """What a township says about one query. `fingerprint` and `submission` are those of the time it was asked; `cell` is where
    the explanation stands in the list."""

    finding: str
    fingerprint: str
    explanation: str
    person: str
    period: str
    reporter_code: str
    submission: str
    cell: str = ""


@dataclass(frozen=True, slots=True)
class _Asked:
    fingerprint: str
    submission: str
    severity: str
    offered: str
    """What stood in the answer's place when it was asked."""


@dataclass(frozen=True, slots=True)
class _Identity:
    """The hidden sheet."""

    version: str
    period: str
    reporter: str
    asked: Mapping[str, _Asked]


def is_question_list(content: bytes) -> bool:
    """Whether the file is a 核实清单, filled in or not, by its sheets' names: cheap enough to ask of every file that arrives. Never raises."""
    names = IDENTITY.encode(), f'"{TITLE}"'.encode()
    if content.startswith(_OLE):
        return names[0] in content or IDENTITY.encode("utf-16-le") in content
    if not content.startswith(ZIP):
        return False
    try:
        container = Zip(content)
        for part in ("xl/workbook.xml", "content.xml"):
            if any(name in container.xml(part) for name in names):
                return True
    except Unreadable:
        return False
    return False


def read_answers(
    grids: Sequence[Grid], name: str = "核实清单.xlsx"
) -> tuple[tuple[ReturnedAnswer, ...], tuple[Problem, ...]]:
    """Return the answers in the sheets of a returned 核实清单 in the order of its lines, and what could not be taken. `name` is the file's.

    Lines without an explanation are no answers, nor are those where what was offered stands and no person. Refused with a problem, never raised: a file that is no list
    of ours, an explanation without a person, one for a finding that cannot be explained or was not asked about here, and two
    different ones for the same finding (neither is taken).
    """
    identity = next(filter(None, map(_identity, grids)), None)
    if identity is None:
        return (), (Problem("answers-without-identity", Location(name), refused="file"),)
    if identity.version != VERSION:
        where = Location(name, IDENTITY)
        found = Problem("answers-version", where, identity.version, VERSION, refused="file")
        return (), (found,)
    sheets = [(grid, head) for grid in grids if (head := _head(grid)) is not None]
    if not sheets:
        return (), (Problem("answers-without-columns", Location(name), expected=_HEADINGS, refused="file"),)
    answers, refused = _taken(identity, name, sheets)
    return tuple(answers), tuple(refused)


_HEADINGS = "、".join((EXPLANATION, PERSON, FINDING))


def _identity(grid: Grid) -> _Identity | None:
    """The sheet as the identity of a list, None when it is another sheet."""
    if _text(grid.cell(0, 0)) != IDENTITY:
        return None
    about = {_text(grid.cell(row, 0)): _text(grid.cell(row, 1)) for row in range(4)}
    asked = {}
    for row in range(4, len(grid.values)):
        finding, *rest = (_text(grid.cell(row, column)) for column in range(5))
        if finding:
            asked[finding] = _Asked(*rest)
    return _Identity(about[IDENTITY], about.get("period", ""), about.get("reporter", ""), asked)


def _head(grid: Grid) -> tuple[int, dict[str, int]] | None:
    """The row of the headings and where 说明, 说明人 and 编号 stand; None for a sheet without them."""
    for row, cells in enumerate(grid.values):
        named = {re.sub(r"\s", "", cell): place for place, cell in enumerate(cells) if isinstance(cell, str)}
        found = {title: named[title] for title in (EXPLANATION, PERSON, FINDING) if title in named}
        if len(found) == 3:
            return row, found
    return None


def _taken(
    identity: _Identity, name: str, sheets: Sequence[tuple[Grid, tuple[int, dict[str, int]]]]
) -> tuple[list[ReturnedAnswer], list[Problem]]:
    by_finding: dict[str, list[ReturnedAnswer]] = defaultdict(list)
    places: dict[str, Location] = {}
    problems: list[Problem] = []
    for grid, (head, columns) in sheets:
        for row in range(head + 1, len(grid.values)):
            explanation = _text(grid.cell(row, columns[EXPLANATION]))
            if not explanation:
                continue
            where = Location(name, grid.sheet, grid.address(row, columns[EXPLANATION]))
            finding = _text(grid.cell(row, columns[FINDING]))
            person = _text(grid.cell(row, columns[PERSON]))
            if _only_offered(identity, finding, explanation, person):
                continue
            if problem := _refused(identity, finding, person, where):
                problems.append(problem)
                continue
            asked = identity.asked[finding]
            places.setdefault(finding, where)
            by_finding[finding].append(
                ReturnedAnswer(
                    finding, asked.fingerprint, explanation, person, identity.period, identity.reporter,
                    asked.submission, where.cell,
                )
            )  # fmt: skip
    problems += _contradictions(by_finding, places)
    return [answers[0] for answers in by_finding.values() if _agree(answers)], problems


def _only_offered(identity: _Identity, finding: str, explanation: str, person: str) -> bool:
    """Whether a line is as it was asked: nobody has made the earlier explanation, written there as a suggestion, their own."""
    asked = identity.asked.get(finding)
    return not person and asked is not None and "".join(explanation.split()) == "".join(asked.offered.split())


def _refused(identity: _Identity, finding: str, person: str, where: Location) -> Problem | None:
    """Why the explanation in a line cannot be taken."""
    if not finding:
        return Problem("answer-without-finding", where, refused="row")
    if finding not in identity.asked:
        slug = "answer-not-asked" if _FINDING.fullmatch(finding) else "answer-without-finding"
        return Problem(slug, where, found=finding, refused="row")
    severity = identity.asked[finding].severity
    if severity == "error":
        return Problem("answer-to-error", where, found=finding, refused="row")
    if severity != "query":
        return Problem("answer-to-note", where, found=finding, severity="note", refused="row")
    if not person:
        return Problem("answer-without-person", where, found=finding, refused="row")
    return None


def _agree(answers: Sequence[ReturnedAnswer]) -> bool:
    return len({(answer.explanation, answer.person) for answer in answers}) == 1


def _contradictions(
    by_finding: Mapping[str, Sequence[ReturnedAnswer]], places: Mapping[str, Location]
) -> Iterator[Problem]:
    for finding, answers in by_finding.items():
        if not _agree(answers):
            cells = "、".join(answer.cell for answer in answers)
            yield Problem(
                "answers-differ", places[finding], found=finding, data={"cells": cells}, refused="row"
            )


def _text(value: Any) -> str:
    """A cell as it was typed: a number without .0, errors and formulas that were never calculated as nothing."""
    if value is None or isinstance(value, CellError | Uncached):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
