"""What a mess is, and the list of all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Literal

from ..model import Book, Cell, Fact, Line, Sheet

Stage = Literal["measures", "cells", "places", "columns", "rows", "header", "sheets", "identity", "file"]
STAGES: tuple[Stage, ...] = (
    "measures",
    "cells",
    "places",
    "columns",
    "rows",
    "header",
    "sheets",
    "identity",
    "file",
)
"""In this order messes are made, so that what moves cells moves messy cells too."""


@dataclass(frozen=True)
class Mess:
    """`make` changes a book and what is right to read of it; it returns False where the book gives no occasion. Two messes with
    a common word in `group` are never made together. `needs` is what the container must carry (writers.CARRIES)."""

    id: str
    title: str
    rules: tuple[str, ...]
    stage: Stage
    make: Callable[[Book, Random], bool]
    group: str = ""
    needs: frozenset[str] = frozenset()
    forms: tuple[str, ...] = ()


MESSES: dict[str, Mess] = {}


def mess(
    stage: Stage, title: str, *rules: str, group: str = "", needs: str = "", forms: str = "", name: str = ""
) -> Callable[[Callable[[Book, Random], bool]], Callable[[Book, Random], bool]]:
    """Register the function below it as a mess; its name is the id."""

    def register(make: Callable[[Book, Random], bool]) -> Callable[[Book, Random], bool]:
        add(name or make.__name__, title, rules, stage, make, group, needs, forms)
        return make

    return register


def add(
    name: str,
    title: str,
    rules: tuple[str, ...],
    stage: Stage,
    make: Callable[[Book, Random], bool],
    group: str = "",
    needs: str = "",
    forms: str = "",
) -> None:
    assert name not in MESSES, name
    MESSES[name] = Mess(
        name, title, rules, stage, make, group, frozenset(needs.split()), tuple(forms.split())
    )


# ---------------------------------------------------------------------------------------------- where to make one


def cells(book: Book, *types: str, blank: bool = False) -> list[tuple[Sheet, Line, Cell, Fact]]:
    """Data cells of fields of these types that no mess has touched yet."""
    return [
        (sheet, line, cell, cell.fact)
        for sheet in book.sheets
        if not sheet.hidden
        for line in sheet.lines
        for cell in line.cells
        if cell.fact
        and cell.fact.field.type in types
        and not cell.fact.touched
        and cell.fact.wanted == "read"
        and (blank or cell.fact.value is not None)
    ]


def some(
    random: Random, found: list[tuple[Sheet, Line, Cell, Fact]], most: int = 3
) -> list[tuple[Sheet, Line, Cell, Fact]]:
    """One to `most` of them, in no order."""
    return random.sample(found, min(len(found), random.randint(1, most)))
