"""One SELECT for many indicators over the same rows: every row is judged once, then added up for all levels at once.

Three steps that read from the inside out. `judged`: for each row the units it counts for, and for each indicator its
condition, its terms' arguments and conditions. `counted`: which rows an indicator takes and which are unknown to it (S4), and
the arguments of the rows it takes. The last step aggregates over GROUPING SETS, one a level, so that distinct
persons are counted anew at each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from ruralpb.core.periods import Period
from ruralpb.model import Level
from ruralpb.rules.indicators.formula import Part, Side, SideName, Term

UNIT = "_unit"
"""Alias of the row's unit in the register."""

SIDES: tuple[SideName, ...] = ("numerator", "denominator")


@dataclass(frozen=True)
class Source:
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
    unknown; `blind` when every row was, so that the sums say nothing."""

    numerator: Decimal | None
    denominator: Decimal | None
    unknown: int
    blind: bool


def source(
    part: Part,
    rows: Sequence[Period],
    by_village: bool,
    outside: Iterable[str],
    absent: Iterable[str] = (),
) -> Source:
    """Return the rows of `part` in the periods `rows`, without the leaves `outside` (villages or reporters) and the rows about
    no village of the reporters `absent`."""
    return Source(
        part.relation,
        tuple(p.label for p in rows) if part.of_period else (),
        "village_code" if by_village else "reporter_code",
        tuple(sorted(outside)),
        tuple(sorted(absent)),
        part.classes.get(part.by, ""),
    )


def statement(rows: Source, parts: Sequence[Part], levels: Sequence[Level]) -> str:
    """Return the SELECT that adds up `parts`, which all are over `rows`, for every unit of `levels`.

    Its columns are what `read` expects.
    """
    judged = _Columns("j")
    counted: list[str] = []
    summed: list[str] = []
    for number, part in enumerate(parts):
        _count(number, part, judged, counted)
        summed += _aggregate(number, part)
    units = [f"{UNIT}.{level}_code AS {level}" for level in levels]
    by = [f"{rows.by} AS slice"] if rows.by else []
    keys = [*levels, *(["slice"] if rows.by else [])]
    sets = ", ".join(f"({', '.join([level, 'slice'] if rows.by else [level])})" for level in levels)
    condition = " AND ".join(_conditions(rows)) or "TRUE"
    return "\n".join(
        [
            "WITH judged AS (",
            f"  SELECT {', '.join([*units, *by, *judged.columns])}",
            f"  FROM {_name(rows.relation)} LEFT JOIN ref_unit AS {UNIT} ON {UNIT}.code = {_name(rows.relation)}.unit_code",
            f"  WHERE {condition}",
            "), counted AS (",
            f"  SELECT {', '.join([*keys, *counted])}",
            "  FROM judged",
            ")",
            f"SELECT {', '.join([*keys, *summed])}",
            "FROM counted",
            f"GROUP BY GROUPING SETS ({sets})",
        ]
    )


def read(
    found: Iterable[tuple[Any, ...]], rows: Source, parts: Sequence[Part], levels: Sequence[Level]
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
            for side in SIDES:
                if side in part.sides:
                    values[side] = _exact(row[at])
                    at += 1
            unknown, known = int(row[at]), int(row[at + 1])
            at += 2
            sums[number][unit, cut] = Sums(
                values.get("numerator"), values.get("denominator"), unknown, unknown > 0 and known == 0
            )
    return [_spread(one) for one in sums] if rows.by else sums


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


def row_states(rows: Source, part: Part, level: Level, unit: str) -> str:
    """Return the SELECT of the rows behind one figure: period, submission, block, position (NULL for a register view), unit,
    slice, then for each side of `part` whether the row counts in it, then whether it is unknown."""
    judged = _Columns("j")
    counted: list[str] = []
    _count(0, part, judged, counted)
    places = ("period", "submission", "block", "position") if part.of_period else ()
    name = _name(rows.relation)
    sides = [
        "("
        + " OR ".join(f"{_value(0, side, n)} IS NOT NULL" for n in range(len(part.sides[side].terms)))
        + ")"
        for side in SIDES
        if side in part.sides
    ]
    shown = places or ("NULL",) * 4
    kept = ["unit_code", *places]
    columns = ", ".join([*(f"{name}.{c} AS {c}" for c in kept), *judged.columns])
    conditions = [*_conditions(rows), f"{UNIT}.{level}_code = {_text(unit)}"]
    if rows.by:
        columns += f", {rows.by} AS slice"
        kept.append("slice")
    return "\n".join(
        [
            f"WITH judged AS (SELECT {columns}",
            f"  FROM {name} LEFT JOIN ref_unit AS {UNIT} ON {UNIT}.code = {name}.unit_code",
            f"  WHERE {' AND '.join(conditions)}",
            f"), counted AS (SELECT {', '.join([*kept, *counted])} FROM judged)",
            f"SELECT {', '.join([*shown, 'unit_code', 'slice' if rows.by else 'NULL', *sides, 'p0_unknown'])}",
            "FROM counted WHERE p0_unknown OR p0_taken",
            f"ORDER BY {', '.join(['unit_code', *places])}",
        ]
    )


ROW_COLUMNS = 10
"""How many columns `row_amounts` gives before the keys: period, submission, block, position, unit, leaf, slice, inside, taken,
unknown."""


def row_amounts(rows: Source, part: Part, level: Level, unit: str, keys: Sequence[str]) -> str:
    """Return the SELECT of every row of `part` below a unit, those outside its coverage too: period, submission, block, position
    (NULL for a register view), unit, leaf, slice (NULL for one that is not known, and without a breakdown), whether the row is within
    the coverage, taken, unknown; then `keys` (its columns) and what each term of each side takes of it."""
    judged = _Columns("j")
    counted: list[str] = []
    _count(0, part, judged, counted)
    name = _name(rows.relation)
    places = ("period", "submission", "block", "position") if part.of_period else ()
    kept = ["unit_code", *places, *(f"k{n}" for n in range(len(keys))), "leaf", "slice", "inside"]
    inside = " AND ".join(_conditions(replace(rows, rows=()))) or "TRUE"
    columns = [
        *(f"{name}.{column} AS {column}" for column in ("unit_code", *places)),
        *(f"CAST({name}.{_name(key)} AS VARCHAR) AS k{n}" for n, key in enumerate(keys)),
        f"{name}.{rows.leaf} AS leaf",
        f"{rows.by or 'NULL'} AS slice",
        f"({inside}) AS inside",
        *judged.columns,
    ]
    values = [
        _value(0, side, n) for side in SIDES if side in part.sides for n in range(len(part.sides[side].terms))
    ]
    conditions = [
        *_conditions(Source(rows.relation, rows.rows, rows.leaf, ())),
        f"{UNIT}.{level}_code = {_text(unit)}",
    ]
    order = ", ".join(["unit_code", *places[2:]])
    shown = ", ".join([*(places or ("NULL",) * 4), "unit_code", "leaf", "slice", "inside", "p0_taken", "p0_unknown",
                       *(f"k{n}" for n in range(len(keys))), *values])  # fmt: skip
    return "\n".join(
        [
            f"WITH judged AS (SELECT {', '.join(columns)}",
            f"  FROM {name} LEFT JOIN ref_unit AS {UNIT} ON {UNIT}.code = {name}.unit_code",
            f"  WHERE {' AND '.join(conditions)}",
            f"), counted AS (SELECT {', '.join([*kept, *counted])} FROM judged)",
            f"SELECT {shown} FROM counted ORDER BY {order}",
        ]
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


def _count(number: int, part: Part, judged: _Columns, counted: list[str]) -> None:
    """Append the columns of one part: taken, unknown, and each term's argument for the rows it takes."""
    where = judged.add(part.where) if part.where else "TRUE"
    unsure = {f"{judged.add(text)} IS NULL": None for text in part.classes.values()}
    values: list[str] = []
    for side in SIDES:
        for n, term in enumerate(part.sides[side].terms if side in part.sides else ()):
            condition = judged.add(term.condition) if term.condition else ""
            argument = judged.add(term.argument) if term.argument else ""
            unsure |= dict.fromkeys(_unsure(condition, argument))
            takes = f"p{number}_taken AND {condition}" if condition else f"p{number}_taken"
            values.append(f"CASE WHEN {takes} THEN {argument or '1'} END AS {_value(number, side, n)}")
    bad = " OR ".join(unsure)
    counted.append(f"coalesce({where}{f' AND NOT ({bad})' if bad else ''}, FALSE) AS p{number}_taken")
    counted.append(
        f"({where} IS NOT FALSE AND ({where} IS NULL{f' OR {bad}' if bad else ''})) AS p{number}_unknown"
    )
    counted += values


def _unsure(condition: str, argument: str) -> Iterable[str]:
    if condition:
        yield f"{condition} IS NULL"
    if argument:
        yield f"coalesce({condition} AND {argument} IS NULL, FALSE)" if condition else f"{argument} IS NULL"


def _aggregate(number: int, part: Part) -> list[str]:
    """The aggregates of one part: its sides, then its unknown rows, then the rows it can judge."""
    sides = [_arithmetic(number, side, part.sides[side]) for side in SIDES if side in part.sides]
    unknown = f"count(*) FILTER (WHERE p{number}_unknown)"
    return [*sides, unknown, f"count(*) - {unknown}"]


def _arithmetic(number: int, name: SideName, side: Side) -> str:
    return side.filled({n: _call(term, _value(number, name, n)) for n, term in enumerate(side.terms)})


def _call(term: Term, value: str) -> str:
    if term.function == "sum":
        return f"coalesce(sum({'DISTINCT ' if term.distinct else ''}{value}), 0)"
    return f"{term.function}({'DISTINCT ' if term.distinct else ''}{value})"


def _value(number: int, side: SideName, n: int) -> str:
    return f"p{number}_{side[0]}{n}"


def _conditions(rows: Source) -> list[str]:
    name = _name(rows.relation)
    found = []
    if rows.rows:
        found.append(f"{name}.period IN ({', '.join(map(_text, rows.rows))})")
    if rows.outside:
        found.append(f"coalesce({name}.{rows.leaf}, '') NOT IN ({', '.join(map(_text, rows.outside))})")
    if rows.within:
        found.append(f"({rows.within})")
    if rows.absent:
        absent = ", ".join(map(_text, rows.absent))
        found.append(f"({name}.village_code IS NOT NULL OR {name}.reporter_code NOT IN ({absent}))")
    return found


def _exact(value: Any) -> Decimal | None:
    if value is None:
        return None
    if isinstance(value, float):
        raise TypeError(f"an inexact number came from the engine: {value!r} (semantics S8)")
    return Decimal(value)


def _name(relation: str) -> str:
    return f'"{relation}"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
