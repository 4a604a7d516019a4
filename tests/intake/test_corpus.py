"""The reader on a corpus of messy returns: nothing wrong silently, nothing lost silently, nearly everything readable read."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pytest
from corpus import drawing, making, score
from corpus.deliveries import DELIVERIES, scored
from corpus.messes import MESSES
from corpus.score import Failure, Score

from ruralpb.intake import readers
from ruralpb.model import Reading

COMBINED = 240
EACH = 3

KNOWN: dict[str, str] = {}
"""Messes that the reader does not yet take as it must: id → reason. Strict: one that comes right must leave the list."""


def _marked(name: str) -> object:
    marks = [pytest.mark.xfail(reason=KNOWN[name], strict=True)] if name in KNOWN else []
    return pytest.param(name, marks=marks, id=name)


@pytest.mark.parametrize("name", [_marked(name) for name in MESSES])
def test_each_mess_by_itself_is_read_as_it_must_be(name: str) -> None:
    for seed in range(EACH):
        book = making.single(name, seed)
        result, reading, content = score.score(book)
        assert _listed(result.failures) == "", f"{book.name}, seed {seed}"
        if seed == 0:
            assert _roles(reading) == _cells(content, book.name, book.password, _roles(reading))


def _roles(reading: Reading) -> dict[str, int]:
    """How many cells of each sheet have a role."""
    return {account.sheet: sum(account.roles.values()) for account in reading.accounts}


def _cells(content: bytes, name: str, password: str, sheets: Collection[str]) -> dict[str, int]:
    """How many cells of these sheets are not empty."""
    grids, _ = readers.read(content, name, password)
    return {
        grid.sheet: sum(value is not None for row in grid.values for value in row)
        for grid in grids
        if grid.sheet in sheets
    }


def _listed(failures: list[Failure]) -> str:
    return "\n".join(map(str, failures[:10]))


def test_there_are_messes_for_every_part_of_the_catalogue() -> None:
    assert len(MESSES) >= 75
    named = {rule for mess in MESSES.values() for rule in mess.rules}
    assert {rule for rule in named if rule.startswith("D")} >= {
        f"D{number:02}" for number in (1, 20, 27, 37, 50, 70, 77, 90, 99, 106)
    }


@pytest.mark.parametrize("part", range(8))
def test_combined_messes_leave_nothing_wrong_and_nothing_lost(part: int) -> None:
    total = Score()
    silent: list[str] = []
    for seed in range(part, COMBINED, 8):
        book = making.combined(seed)
        if KNOWN.keys() & set(book.made_of):
            continue
        result, _, _ = score.score(book)
        total.add(result)
        silent += [f"seed {seed} ({' + '.join(book.made_of)}): {failure}" for failure in result.silent[:3]]
    assert silent == []
    assert total.counts["exact"] >= 0.99 * total.readable


def test_a_book_depends_on_its_seed_alone() -> None:
    first, second = (drawing.finished(making.combined(7)) for _ in range(2))
    assert first.made_of == second.made_of
    assert [[c.value for c in line.cells] for line in first.main.lines] == [
        [c.value for c in line.cells] for line in second.main.lines
    ]


@pytest.mark.parametrize("name", DELIVERIES)
def test_of_several_files_what_is_in_force_is_what_was_meant(name: str, tmp_path: Path) -> None:
    assert _listed(scored(name, tmp_path)) == "", DELIVERIES[name].__doc__


# ---------------------------------------------------------------------------------------------- the scorer itself


def test_the_scorer_sees_a_wrong_number_a_lost_one_and_an_extra_row() -> None:
    """Against a truth that was tampered with after the book was made, every kind of failure shows."""
    book = making.single("rows_above", 0)
    facts = [fact for fact in book.facts() if fact.field.numeric and fact.value is not None]
    facts[0].value += 1
    facts[1].refuse("D54")
    lines = book.main.of_kind("data")
    for cell in lines[-1].cells:
        cell.fact = None
    kinds = {failure.kind for failure in score.score(book)[0].failures}
    assert {"wrong", "extra"} <= kinds
    assert [f.kind for f in score.score(book)[0].failures].count("wrong") == 2


def test_the_scorer_sees_what_the_sheet_never_showed_as_lost() -> None:
    book = making.single("rows_above", 0)
    cell = next(
        c
        for line in book.main.of_kind("data")
        for c in line.cells
        if c.fact and c.fact.field.numeric and c.fact.value
    )
    cell.value = None
    assert [failure.kind for failure in score.score(book)[0].failures] == ["lost"]
