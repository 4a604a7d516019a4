"""What each row adds to figures: the one relation that totals, the way back to cells and decompositions read.

Two steps that read from the inside out (`rules/sql/contribution.sql`). `judged`: for each row the units it counts for, and for each indicator its
condition, its terms' arguments and conditions. `counted`: which rows an indicator takes and which are unknown to it (S4), and
the arguments of the rows it takes. On it stand `sums_statement`, over GROUPING SETS, one a level, so that distinct persons are counted
anew at each, for many indicators over the same rows at once, and `rows_statement`, the rows of one figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from ruralpb.core.periods import Period
from ruralpb.core.sql import identifier, literal
from ruralpb.model import Level
from ruralpb.rules import engine
from ruralpb.rules.indicators.formula import FormulaPart, SideName, Term

UNIT = "_unit"
"""Alias of the row's unit in the register."""


@dataclass(frozen=True)
class RowsOf:
    """The rows a statement is about: a form's rows of `rows` (no periods for a register view), without those of the leaves
    `outside`, found in the column `leaf`, and without the rows about no village of the reporters `absent`. `by` is the SQL of
    the breakdown; a statement has one at most. `within` is a condition on the row's unit: a cut (`cuts`)."""

    relation: str
    rows: tuple[str, ...]
    leaf: str
    outside: tuple[str, ...]
    absent: tuple[str, ...] = ()
    by: str = ""
    within: str = ""


@dataclass(frozen=True)
class Sums:
    """What one part comes to for one unit (and slice): exact sums, None for an extreme over no rows; how many rows were
    unknown; `blind` when every row was, so that the sums say nothing; how many suspect rows were left out."""

    numerator: Decimal | None
    denominator: Decimal | None
    unknown: int
    blind: bool
    suspect: int = 0


def source(
    part: FormulaPart,
    rows: Sequence[Period],
    by_village: bool,
    outside: Iterable[str],
    absent: Iterable[str] = (),
) -> RowsOf:
    """Return the rows of `part` in the periods `rows`, without the leaves `outside` (villages or reporters) and the rows about
    no village of the reporters `absent`."""
    return RowsOf(
        part.relation,
        tuple(p.label for p in rows) if part.of_period else (),
        "village_code" if by_village else "reporter_code",
        tuple(sorted(outside)),
        tuple(sorted(absent)),
        part.classes.get(part.by, ""),
    )


def sums_statement(rows: RowsOf, parts: Sequence[FormulaPart], levels: Sequence[Level]) -> str:
    """Return the statement that adds up `parts`, which all are over `rows`, for every unit of `levels`.

    Its columns are what `read_sums` expects.
    """
    carried = {str(level): f"{UNIT}.{level}_code" for level in levels}
    if rows.by:
        carried["slice"] = rows.by
    sets = (f"({level}, slice)" if rows.by else f"({level})" for level in levels)
    sums = [text for number, part in enumerate(parts) for text in _aggregates(number, part)]
    return engine.statement(
        "contribution_sums",
        contribution=_contribution(rows, parts, carried, _conditions(rows)),
        columns=", ".join([*carried, *sums]),
        sets=", ".join(sets),
    )


def read_sums(
    found: Iterable[tuple[Any, ...]], rows: RowsOf, parts: Sequence[FormulaPart], levels: Sequence[Level]
) -> list[dict[tuple[str, str | None], Sums]]:
    """Return, for each part, (unit code, slice or None) → its sums. Rows that belong to no unit of a level are dropped;
    those of a unit whose class is unknown are under None and count as unknown in each of its slices."""
    sums: list[dict[tuple[str, str | None], Sums]] = [{} for _ in parts]
    width = len(levels) + (1 if rows.by else 0)
    for row in found:
        unit = next((code for code in row[: len(levels)] if code is not None), None)
        if unit is None:
            continue
        cut = str(row[len(levels)]) if rows.by and row[len(levels)] is not None else None
        at = width
        for number, part in enumerate(parts):
            values = {}
            for side in part.sides:
                values[side] = _exact(row[at])
                at += 1
            unknown, known_rows = int(row[at]), int(row[at + 1])
            at += 2
            suspect = int(row[at]) if part.suspect else 0
            at += bool(part.suspect)
            blind = unknown > 0 and known_rows == 0
            sums[number][unit, cut] = Sums(
                values.get("numerator"), values.get("denominator"), unknown, blind, suspect
            )
    return [_spread(sums_of_part) for sums_of_part in sums] if rows.by else sums


def _spread(sums: dict[tuple[str, str | None], Sums]) -> dict[tuple[str, str | None], Sums]:
    """Rows without a class (all of them unknown) may belong to any: add them to the unknown rows of each. What is left
    under None stands for the classes a unit has no rows of, blind when it has rows of none."""
    homeless = {unit: one.unknown for (unit, cut), one in sums.items() if cut is None}
    classed = {unit for unit, cut in sums if cut is not None}
    return {
        (unit, cut): replace(
            one,
            unknown=homeless.get(unit, 0) + (0 if cut is None else one.unknown),
            blind=one.blind if cut is not None else one.blind and unit not in classed,
        )
        for (unit, cut), one in sums.items()
    }


ROW_COLUMNS = 10
"""How many columns `rows_statement` gives before the keys: period, submission, block, position, unit, leaf, slice, inside, taken,
unknown."""


@dataclass(frozen=True, slots=True)
class RowsBelow:
    """Which rows of a part are asked for: those below a unit. `everywhere`: also those outside the figure's coverage and those that
    its condition leaves out; then with `keys` (columns of the row) and the amount of each term, else with whether each side counts
    the row."""

    level: Level
    unit_code: str
    everywhere: bool = False
    keys: tuple[str, ...] = ()


def rows_statement(rows: RowsOf, part: FormulaPart, asked: RowsBelow) -> str:
    """Return the statement of the rows behind one figure: period, submission, block, position (NULL for a register view), unit, leaf,
    slice (NULL for one that is not known, and without a breakdown), whether the row is within the coverage, taken, unknown; then
    what `asked` says: keys and amounts, or one truth a side."""
    name = identifier(rows.relation)
    places = ("period", "submission", "block", "position") if part.of_period else ()
    keys = {f"k{n}": f"CAST({name}.{identifier(key)} AS VARCHAR)" for n, key in enumerate(asked.keys)}
    carried = {column: f"{name}.{column}" for column in ("unit_code", *places)} | keys
    carried["slice"] = rows.by or "NULL"
    below = f"{UNIT}.{asked.level}_code = {literal(asked.unit_code)}"
    if asked.everywhere:
        inside = " AND ".join(_conditions(replace(rows, rows=()))) or "TRUE"
        carried |= {"leaf": f"{name}.{rows.leaf}", "inside": f"({inside})"}
        conditions = [*_conditions(RowsOf(rows.relation, rows.rows, rows.leaf, ())), below]
        shown = ["leaf", "slice", "inside", "p0_taken", "p0_unknown", *keys, *_amounts(part)]
    else:
        conditions = [*_conditions(rows), below]
        shown = ["NULL", "slice", "TRUE", "p0_taken", "p0_unknown", *_counting(part)]
    return engine.statement(
        "contribution_rows",
        contribution=_contribution(rows, [part], carried, conditions),
        columns=", ".join([*(places or ("NULL",) * 4), "unit_code", *shown]),
        condition="TRUE" if asked.everywhere else "p0_unknown OR p0_taken",
        order=", ".join(["unit_code", *(places[2:] if asked.everywhere else places)]),
    )


def _amounts(part: FormulaPart) -> list[str]:
    return [_value(0, side, n) for side in part.sides for n in range(len(part.sides[side].terms))]


def _counting(part: FormulaPart) -> list[str]:
    """For each side, whether it counts the row."""
    terms = ((side, range(len(part.sides[side].terms))) for side in part.sides)
    return [f"({' OR '.join(f'{_value(0, side, n)} IS NOT NULL' for n in ns)})" for side, ns in terms]


def _contribution(
    rows: RowsOf, parts: Sequence[FormulaPart], carried: Mapping[str, str], conditions: Sequence[str]
) -> str:
    """Return the relation every figure rests on, as the head of a statement: what each row of `rows` adds to each side of each of
    `parts` (`p<part>_<n|d><term>`), whether the part takes it (`p<part>_taken`), would but for a doubt (`p<part>_suspect`) or it is
    unknown to it (`p<part>_unknown`), beside the columns `carried` (name → SQL over the row)."""
    judged = _Columns("j")
    counted = [column for number, part in enumerate(parts) for column in _counted(number, part, judged)]
    return engine.statement(
        "contribution",
        judged=", ".join([*(f"{text} AS {name}" for name, text in carried.items()), *judged.columns]),
        relation=identifier(rows.relation),
        conditions=" AND ".join(conditions) or "TRUE",
        counted=", ".join([*carried, *counted]),
    )


class _Columns:
    """Expressions to select, each once: two indicators with one condition share its column."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._names: dict[str, str] = {}

    def add(self, text: str) -> str:
        return self._names.setdefault(text, f"{self._prefix}{len(self._names)}")

    @property
    def columns(self) -> list[str]:
        return [f"{text} AS {name}" for text, name in self._names.items()]


def _counted(number: int, part: FormulaPart, judged: _Columns) -> list[str]:
    """The columns of one part: taken, unknown, and each term's argument for the rows it takes."""
    where = judged.add(part.where) if part.where else "TRUE"
    unsure = {f"{judged.add(text)} IS NULL": None for text in part.classes.values()}
    values: list[str] = []
    for name, side in part.sides.items():
        for n, term in enumerate(side.terms):
            condition = judged.add(term.condition) if term.condition else ""
            argument = judged.add(term.argument) if term.argument else ""
            unsure |= dict.fromkeys(_unsure(condition, argument))
            takes = f"p{number}_taken AND {condition}" if condition else f"p{number}_taken"
            values.append(f"CASE WHEN {takes} THEN {argument or '1'} END AS {_value(number, name, n)}")
    bad = " OR ".join(unsure)
    taken = f"{where}{f' AND NOT ({bad})' if bad else ''}"
    unknown = f"{where} IS NOT FALSE AND ({where} IS NULL{f' OR {bad}' if bad else ''})"
    doubts = []
    if part.suspect:
        doubts = [f"coalesce({taken} AND {judged.add(part.suspect)}, FALSE) AS p{number}_suspect"]
    if part.left_out:
        taken = f"{taken} AND NOT {judged.add(part.left_out)}"
    return [
        f"coalesce({taken}, FALSE) AS p{number}_taken",
        f"({unknown}) AS p{number}_unknown",
        *doubts,
        *values,
    ]


def _unsure(condition: str, argument: str) -> Iterable[str]:
    if condition:
        yield f"{condition} IS NULL"
    if argument:
        yield f"coalesce({condition} AND {argument} IS NULL, FALSE)" if condition else f"{argument} IS NULL"


def _aggregates(number: int, part: FormulaPart) -> list[str]:
    """The aggregates of one part: its sides, its unknown rows, the rows it can judge, its suspect rows where it leaves any out."""
    sides = [
        side.filled({n: _call(term, _value(number, name, n)) for n, term in enumerate(side.terms)})
        for name, side in part.sides.items()
    ]
    unknown = f"count(*) FILTER (WHERE p{number}_unknown)"
    suspect = [f"count(*) FILTER (WHERE p{number}_suspect)"] if part.suspect else []
    return [*sides, unknown, f"count(*) - {unknown}", *suspect]


def _call(term: Term, value: str) -> str:
    if term.function == "sum":
        return f"coalesce(sum({'DISTINCT ' if term.distinct else ''}{value}), 0)"
    return f"{term.function}({'DISTINCT ' if term.distinct else ''}{value})"


def _value(number: int, side: SideName, n: int) -> str:
    return f"p{number}_{side[0]}{n}"


def _conditions(rows: RowsOf) -> list[str]:
    name = identifier(rows.relation)
    conditions = []
    if rows.rows:
        conditions.append(f"{name}.period IN ({', '.join(map(literal, rows.rows))})")
    if rows.outside:
        conditions.append(
            f"coalesce({name}.{rows.leaf}, '') NOT IN ({', '.join(map(literal, rows.outside))})"
        )
    if rows.within:
        conditions.append(f"({rows.within})")
    if rows.absent:
        absent = ", ".join(map(literal, rows.absent))
        conditions.append(f"({name}.village_code IS NOT NULL OR {name}.reporter_code NOT IN ({absent}))")
    return conditions


def _exact(value: Any) -> Decimal | None:
    if value is None:
        return None
    if isinstance(value, float):
        raise TypeError(f"an inexact number came from the engine: {value!r} (semantics S8)")
    return Decimal(value)
