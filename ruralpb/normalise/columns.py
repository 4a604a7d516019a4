"""The data rows of one match, column by column: raw cells → typed values, notes, refusals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ruralpb.model import CellError, Evidence, Field, Form, Grid, Match, Note, Uncached
from ruralpb.normalise import dates, numerals, words
from ruralpb.normalise.cells import DITTO, Column, Refused, Taken, show
from ruralpb.places import fold
from ruralpb.problems import Location, Problem, say

Merges = Mapping[tuple[int, int], tuple[int, int, bool]]
"""(row, column) of a merged cell among the data → its first row and column, and whether the range spans several columns."""


@dataclass(slots=True)
class Typed:
    """One column read: a value per data row (None where blank or refused), and the indexes of the refused."""

    values: list[Any]
    refused: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Reader:
    """Reads the columns of one match and collects what it has to say. `positions` are the sheet rows of the data."""

    grid: Grid
    match: Match
    form: Form
    positions: Sequence[int]
    merges: Merges
    notes: list[Note] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def raw(self, column: int) -> list[Any]:
        """The raw cells of one column, in data order."""
        values = self.grid.values
        return [values[row][column] for row in self.positions]

    def read(self, context: Column) -> Typed:
        """Return the typed column of one field."""
        item = context.field
        column = self.match.columns[item.id]
        raws = self._spread(item, column, self.raw(column))
        parse = _parser(context)
        evidence = self.grid.evidence
        memo: dict[Any, Any] = {}
        typed = Typed([None] * len(raws))
        for index, raw in enumerate(raws):
            if raw is None:
                continue
            if type(raw) is str:
                outcome = memo.get(raw, memo)
                if outcome is memo:
                    outcome = memo[raw] = parse(raw, False)
            else:
                outcome = parse(raw, bool(evidence) and _is_percent(evidence, self.positions[index], column))
            if type(outcome) is Taken:
                self.note(item, self.positions[index], raw, outcome)
                outcome = outcome.value
            elif type(outcome) is Refused:
                self.refuse(item, self.positions[index], raw, outcome)
                typed.refused.add(index)
                outcome = None
            typed.values[index] = outcome
        if item.numeric:
            self._refuse_merged(item, column, typed)
        if item.type == "percent":
            self._refuse_fractions(item, column, raws, typed)
        return typed

    def note(self, item: Field, row: int, raw: Any, taken: Taken) -> None:
        """Record one cell that was not taken literally."""
        column = self.match.columns[item.id]
        value = show(taken.value)
        data: dict[str, object] = {"title": item.title, "found": show(raw), "value": value, **taken.data}
        self.notes.append(
            Note(
                self.form.id,
                self.grid.sheet,
                row,
                item.id,
                self.grid.address(row, column),
                show(raw),
                value,
                taken.rule,
                say(taken.slug, "zh", **data),
            )
        )

    def refuse(self, item: Field, row: int, raw: Any, refused: Refused) -> None:
        """Report one refused cell."""
        self.problems.append(
            Problem(
                refused.slug,
                Location(sheet=self.grid.sheet, cell=self.grid.address(row, self.match.columns[item.id])),
                found=show(raw),
                expected=refused.expected,
                refused=refused.scope,
                rule=refused.rule,
                form=self.form.id,
                field=item.id,
                data={"title": item.title},
            )
        )

    def uncalculated(self) -> int:
        """How many mapped data cells are formulas that were never calculated."""
        return sum(
            isinstance(raw, Uncached) for column in self.match.columns.values() for raw in self.raw(column)
        )

    # ------------------------------------------------------------------------------------------ columns as a whole

    def _spread(self, item: Field, column: int, raws: list[Any]) -> list[Any]:
        """Fill merged cells down in text key columns (D42), and 同上 in text columns (D67), each with a note."""
        texts = item.type in ("village", "township", "text", "enum")
        keyed = item.type in ("village", "township") or (texts and item.id in self.form.key)
        filled = list(raws)
        for index, raw in enumerate(raws):
            row = self.positions[index]
            origin = self.merges.get((row, column)) if keyed and self.merges else None
            if raw is None and origin and not origin[2]:
                filled[index] = self.grid.cell(origin[0], origin[1])
                self.note(item, row, None, Taken(filled[index], "D42", "merged-filled"))
            elif (
                texts
                and index
                and isinstance(raw, str)
                and fold(raw) in DITTO
                and not isinstance(filled[index - 1], CellError)
            ):
                filled[index] = filled[index - 1]
                self.note(item, row, raw, Taken(filled[index], "D67", "ditto-filled"))
        return filled

    def _refuse_merged(self, item: Field, column: int, typed: Typed) -> None:
        """D43, D44: a number in a merged cell belongs to no single row or column."""
        if not self.merges:
            return
        for index, row in enumerate(self.positions):
            origin = self.merges.get((row, column))
            if origin and self.grid.cell(origin[0], origin[1]) is not None:
                typed.values[index] = None
                typed.refused.add(index)
                rule = "D44" if origin[2] else "D43"
                self.refuse(item, row, self.grid.cell(origin[0], origin[1]), Refused("number-merged", rule))

    def _refuse_fractions(self, item: Field, column: int, raws: list[Any], typed: Typed) -> None:
        """D62, D63: numbers up to 1 without a % are shares or points, and nobody can tell which."""
        bare = [
            index
            for index, raw in enumerate(raws)
            if isinstance(raw, float | int | str)
            and not (isinstance(raw, str) and "%" in fold(raw))
            and typed.values[index] is not None
            and not _is_percent(self.grid.evidence, self.positions[index], column)
        ]
        doubtful = [index for index in bare if 0 < typed.values[index] <= 1]
        if not doubtful:
            return
        whole = all(typed.values[index] <= 1 for index in bare)
        for index in doubtful if not whole else bare:
            typed.values[index] = None
            typed.refused.add(index)
        if not whole:
            for index in doubtful:
                self.refuse(
                    item, self.positions[index], raws[index], Refused("percent-or-share", "D63", "如98或98%")
                )
            return
        rows = f"{self.positions[bare[0]] + 1}—{self.positions[bare[-1]] + 1}"
        self.refuse(
            item,
            self.positions[doubtful[0]],
            raws[doubtful[0]],
            Refused("percent-column-shares", "D62", "如98或98%"),
        )
        self.problems[-1] = _with(self.problems[-1], rows=rows)


def merges(grid: Grid, match: Match, positions: Sequence[int]) -> Merges:
    """Return the merged ranges of more than one cell that touch the data rows."""
    if not grid.merged or not positions:
        return {}
    data = set(positions)
    return {
        (row, column): (area.top, area.left, area.right > area.left)
        for area in grid.merged
        if area.bottom >= positions[0]
        and area.top > match.header[1]
        and (area.bottom > area.top or area.right > area.left)
        for row in range(area.top, area.bottom + 1)
        if row in data
        for column in range(area.left, area.right + 1)
    }


def _with(problem: Problem, **data: str) -> Problem:
    return replace(problem, data={**problem.data, **data})


def _is_percent(evidence: Mapping[tuple[int, int], Evidence], row: int, column: int) -> bool:
    found = evidence.get((row, column))
    return found is not None and found.format == "percent"


def _parser(context: Column) -> Callable[[Any, bool], Any]:
    match context.field.type:
        case "int" | "number" | "money" | "percent":
            return numerals.parser(context)
        case "date" | "month":
            return dates.parser(context)
        case _:
            return words.parser(context)
