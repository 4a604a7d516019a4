"""What the program makes of a book, cell by cell against the truth."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from ruralpb.core.problems import Problem
from ruralpb.intake import one_file
from ruralpb.intake.reading_basis import ReadingBasis
from ruralpb.model import Block, IntakeOptions, Reading, cell_name, cell_position

from .drawing import finished
from .model import Book, Fact
from .world import world
from .writers import write

GOOD = ("exact", "blank", "refused")
"""exact: a readable value read · blank: nothing there, nothing read · refused: refused as it must be, at the right place."""
BAD = ("wrong", "lost", "extra", "over-refused", "misplaced", "untold")
"""wrong: another value than the truth, or a value where none is right · lost: gone without a word that names cell, row, column or sheet ·
extra: a row nobody reported · over-refused: refused though readable · misplaced: refused, but not at that cell (row, sheet) ·
untold: read, but the note or problem that its dirty-return id asks for is missing."""
SILENT = ("wrong", "lost", "extra")


@dataclass(frozen=True)
class Failure:
    """One cell that did not come out as it must."""

    kind: str
    sheet: str
    cell: str
    field: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.kind:12} {self.sheet}!{self.cell} {self.field}: found {self.found}, expected {self.expected}"


@dataclass
class Score:
    """Counts by kind, and every failure."""

    counts: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)

    def add(self, other: Score) -> None:
        self.counts += other.counts
        self.failures += other.failures

    @property
    def readable(self) -> int:
        return self.counts["exact"] + sum(
            failure.kind in ("over-refused", "lost", "wrong") for failure in self.failures
        )

    @property
    def silent(self) -> list[Failure]:
        return [failure for failure in self.failures if failure.kind in SILENT]


@cache
def basis() -> ReadingBasis:
    """What all the books are read by."""
    return ReadingBasis(world())


def score(book: Book) -> tuple[Score, Reading, bytes]:
    """Write the book, have it read, and compare."""
    content = write(finished(book))
    options = IntakeOptions(period=book.period_option, password=book.password)
    reading = one_file.read(content, book.name, book.path or book.name, basis(), options)
    return compared(book, reading), reading, content


def compared(book: Book, reading: Reading) -> Score:
    """Every fact of the book against the reading, and every row of the reading against the book."""
    return _Comparison(book, reading).score()


class _Comparison:
    def __init__(self, book: Book, reading: Reading) -> None:
        self.book, self.reading = book, reading
        self.result = Score()
        csv = book.container.startswith(("csv", "html"))
        self.at: dict[tuple[str, int, int], Fact] = {}
        self.header: dict[tuple[str, int], str] = {}
        for sheet in book.sheets:
            name = "" if csv else sheet.name
            for cell, (row, column) in sheet.positions().items():
                if cell.fact:
                    self.at[name, row, column] = cell.fact
        self.found: dict[Fact, tuple[Any, Block]] = {}
        self.csv = csv
        self.notes = {(self._sheet(note.sheet), note.cell): note.rule for note in reading.notes}
        self.rules = {(self._sheet(note.sheet), note.cell, note.rule) for note in reading.notes}
        self.problems = list(reading.problems)

    def _sheet(self, name: str) -> str:
        """A text file has one sheet, whatever it is called."""
        return "" if self.csv else name

    def score(self) -> Score:
        for block in self.reading.blocks:
            self._collect(block)
        for (sheet, row, column), fact in self.at.items():
            self._judge(fact, sheet, row, column)
        if any(problem.refused in ("sheet", "file") for problem in self.problems):
            self.book.told -= {
                "D24",
                "D25",
                "D30",
                "D35",
                "D112",
                "F02",
            }  # what is said of the parts of a sheet that is read
        told = {note.rule for note in self.reading.notes} | {problem.rule for problem in self.problems}
        for rule in sorted(self.book.told - told):
            self._fail("untold", "", "", "", f"{sorted(told)}", rule)
        return self.result

    def _collect(self, block: Block) -> None:
        sheet = self._sheet(block.sheet)
        for row in block.rows:
            placed = False
            for name, value in zip(block.fields, row.values, strict=True):
                fact = self._fact(block, sheet, row.position, name)
                if fact is None:
                    if value is not None and name not in ("township",):
                        self._fail(
                            "extra",
                            sheet,
                            cell_name(row.position, block.columns[name]),
                            name,
                            repr(value),
                            "no fact",
                        )
                    continue
                placed = True
                self.found[fact] = value, block
                record = fact.record
                owed = record.owner
                said = (block.form, block.period, block.reporter_code)
                if said != (owed.form.id, owed.period, owed.sender.code):
                    self._fail(
                        "wrong",
                        sheet,
                        cell_name(row.position, block.columns[name]),
                        name,
                        str(said),
                        str((owed.form.id, owed.period.label, owed.sender.code)),
                    )
                village = record.facts.get("village")
                unit = (
                    record.village.code
                    if record.village and village and village.value is not None
                    else owed.sender.code
                )
                if name == "village" and row.unit_code != unit:
                    self._fail(
                        "wrong",
                        sheet,
                        cell_name(row.position, block.columns[name]),
                        "unit",
                        row.unit_code,
                        unit,
                    )
            if not placed:
                self._fail("extra", sheet, cell_name(row.position, 0), "row", repr(row.values)[:80], "no row")

    def _fact(self, block: Block, sheet: str, position: int, name: str) -> Fact | None:
        """The fact that stands where the block says it read the field from; tables on their side have rows for columns."""
        line = block.columns[name]
        for row, column in ((position, line), (line, position)):
            fact = self.at.get((sheet, row, column))
            if fact is not None and fact.field.id == name and fact.record.owner.form.id == block.form:
                return fact
        return None

    def _judge(self, fact: Fact, sheet: str, row: int, column: int) -> None:
        cell = cell_name(row, column)
        value, _ = self.found.get(fact, (None, None))
        wanted = fact.value
        if fact.wanted in ("cell", "row", "sheet"):
            if value is not None and not (
                fact.wanted == "row" and fact.field.type in ("township", "village")
            ):
                self._fail(
                    "wrong", sheet, cell, fact.field.id, repr(value), f"refused ({fact.rule or fact.wanted})"
                )
            elif fact in self.found and fact.wanted in ("row", "sheet"):
                self._fail("wrong", sheet, cell, fact.field.id, "the row was read", f"{fact.wanted} refused")
            else:
                self._refusal(fact, sheet, row, column)
            return
        if value is None and wanted is None:
            self._told(fact, sheet, row, column, "blank")
        elif value is None:
            named = self._named(sheet, row, column, fact)
            if not named:
                self._fail("lost", sheet, cell, fact.field.id, "nothing, unsaid", repr(wanted))
            elif fact.wanted == "free":
                self.result.counts["refused"] += 1
            else:
                self._fail("over-refused", sheet, cell, fact.field.id, named, repr(wanted))
        elif equal(value, wanted) or (fact.also is not None and equal(value, fact.also)):
            self._told(fact, sheet, row, column, "exact")
        else:
            self._fail("wrong", sheet, cell, fact.field.id, repr(value), repr(wanted))

    def _told(self, fact: Fact, sheet: str, row: int, column: int, kind: str) -> None:
        cell = cell_name(row, column)
        if (
            fact.rule
            and (sheet, cell, fact.rule) not in self.rules
            and not any(problem.rule == fact.rule for problem in self._about(sheet, row, column, fact))
        ):
            self._fail(
                "untold", sheet, cell, fact.field.id, self.notes.get((sheet, cell), "no note"), fact.rule
            )
        else:
            self.result.counts[kind] += 1

    def _refusal(self, fact: Fact, sheet: str, row: int, column: int) -> None:
        """A fact that must be refused, and was not read: is it said, and at the right place?"""
        about = self._about(sheet, row, column, fact)
        reach = [_reach(problem) for problem in about if problem.refused or problem.rule in ("D30", "D31")]
        cell = cell_name(row, column)
        if not reach:
            if fact.value is None and fact.wanted in ("row", "sheet"):
                return
            self._fail(
                "lost", sheet, cell, fact.field.id, "nothing, unsaid", f"refused ({fact.rule or fact.wanted})"
            )
        elif fact.wanted == "cell" and not {"cell", "column"} & set(reach) and not fact.widely:
            self._fail("misplaced", sheet, cell, fact.field.id, "/".join(reach), "refused at the cell")
        else:
            self.result.counts["refused"] += 1

    def _named(self, sheet: str, row: int, column: int, fact: Fact) -> str:
        """What names the cell, its row, column or sheet; "" when nothing does."""
        about = self._about(sheet, row, column, fact)
        if about:
            return f"{about[0].slug} [{about[0].rule}] {about[0].found[:40]}"
        return self.notes.get((sheet, cell_name(row, column)), "")

    def _about(self, sheet: str, row: int, column: int, fact: Fact) -> list[Problem]:
        return [problem for problem in self.problems if self._is_about(problem, sheet, row, column, fact)]

    def _is_about(self, problem: Problem, sheet: str, row: int, column: int, fact: Fact) -> bool:
        if problem.refused == "file":
            return True
        if self._sheet(problem.where.sheet) != sheet:
            return False
        if problem.refused == "sheet":
            return True
        at = cell_position(problem.where.cell) if problem.where.cell else None
        if at == (row, column):
            return True
        if problem.refused == "row":
            return at is not None and at[0] == row
        if problem.rule == "D62":
            return at is not None and at[1] == column
        if problem.rule in ("D30", "D31"):
            return (
                problem.rule == "D30" and at is not None and at[1] == column
            ) or fact.field.title in problem.found.split("、")
        return False

    def _fail(self, kind: str, sheet: str, cell: str, name: str, found: str, expected: str) -> None:
        self.result.counts[kind] += 1
        self.result.failures.append(Failure(kind, sheet, cell, name, found, expected))


def _reach(problem: Problem) -> str:
    """What a problem speaks of; a column that is not read at all is named once, at its header."""
    if not problem.refused:
        return "column"
    if problem.refused in ("row", "sheet", "file"):
        return problem.refused
    return "cell"


def equal(found: Any, wanted: Any) -> bool:
    """Exactly the same value of the same kind; numbers by value."""
    if isinstance(wanted, bool) or isinstance(found, bool):
        return found is wanted
    if isinstance(wanted, int | Decimal) and isinstance(found, int | Decimal):
        return Decimal(found) == Decimal(wanted)
    if isinstance(wanted, date):
        return isinstance(found, date) and found == wanted
    return bool(found == wanted)
