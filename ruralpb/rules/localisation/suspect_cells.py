"""The cells to ask about first, as findings carry them: where rows fail several checks, those that explain the failures best."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ruralpb.model import Address, Finding
from ruralpb.model.records import CellKey
from ruralpb.rules.checks import Verdict
from ruralpb.rules.localisation import NotLocalised, RowAddress, RowCell


@dataclass(frozen=True, slots=True)
class RowLocation:
    """What explains the failures of a row: the findings it answers are those of `checks` on `rows`."""

    form: str
    rows: frozenset[RowAddress]
    checks: frozenset[str]
    cells: tuple[RowCell, ...]
    instead: tuple[RowCell, ...]
    """Where there is one cell to ask about: those that would explain as much."""


@dataclass(frozen=True, slots=True)
class ErrorLocations:
    """The rows of a period with what explains their failures, and form and row of those that were given up."""

    locations: tuple[RowLocation, ...]
    given_up: Mapping[tuple[str, RowAddress], NotLocalised]

    def cells(self) -> Iterator[CellKey]:
        """Return every cell that is named."""
        for location in self.locations:
            for row, field in (*location.cells, *location.instead):
                yield (*row[1:], field)


def with_suspect_cells(
    findings: Sequence[Finding],
    verdicts: Sequence[Verdict],
    located: ErrorLocations,
    addresses: Mapping[CellKey, Address],
) -> list[Finding]:
    """Return the findings (one for each of `verdicts`), those of a row that fails several checks with the cells to ask about first, or with
    the reason why it was given up."""
    by_row = {(location.form, row): location for location in located.locations for row in location.rows}

    def places(cells: Iterable[RowCell]) -> tuple[Address, ...]:
        return tuple(addresses[(*row[1:], name)] for row, name in cells if (*row[1:], name) in addresses)

    result = []
    for finding, verdict in zip(findings, verdicts, strict=True):
        if verdict.outcome == "fail":
            row = verdict.cells[0][:3] if verdict.cells else ("", 0, 0)
            location = by_row.get((verdict.form, row))
            if location is not None and verdict.check in location.checks:
                finding = replace(finding, ask_first=places(location.cells), or_else=places(location.instead))
            given_up = located.given_up.get((verdict.form, row))
            if given_up is not None:
                finding = replace(finding, not_localised=given_up)
        result.append(finding)
    return result
