"""评分评星: points by criterion, the total, the grade it earns, what is lacking to the next one, and the rank.

Sums and shares are exact fractions, rounded half up once, when the rating is made (semantics S8). A criterion whose value is unknown
earns neither points nor zero: the rating is incomplete, has no total and no rank.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from types import MappingProxyType

from ruralpb.core.periods import Period
from ruralpb.core.problems import Problem
from ruralpb.model import Criterion, Library, Points, Rating, Register, Score, Unit, Value
from ruralpb.rules.expressions import Scope
from ruralpb.rules.registers.selected import Query, RowsWanted, Selected, select

Rated = Mapping[tuple[str, str], Decimal | None]
"""What units are rated by: (indicator, unit) → its value, or its target."""


def values_to_rate(values: Iterable[Value], least: Decimal | int) -> tuple[Rated, Rated]:
    """Return the values and the targets of whole figures (no slices) of which at least `least` percent was reported and that are not
    suspect; else a unit has no value, and so no rank (semantics S4)."""
    covered = {
        (v.indicator, v.unit_code): v
        for v in values
        if not v.slice and not v.is_suspect and v.expected and Decimal(100 * v.covered) >= least * v.expected
    }
    return {key: v.value for key, v in covered.items()}, {key: v.target for key, v in covered.items()}


def set_aside(score: Score, values: Iterable[Value]) -> list[Problem]:
    """Return the note that names the units which are not rated because a value of theirs is suspect; none where no unit is."""
    names = dict.fromkeys(v.unit for v in values if v.is_suspect and not v.slice and v.level == score.level)
    if not names:
        return []
    about = {"count": str(len(names))}
    return [Problem("score-suspect", score.defined_at, "、".join(names), score.title, "note", data=about)]


def rated_rows(
    score: Score, library: Library, register: Register | None, period: Period, query: Query
) -> tuple[list[Rating], list[Problem]]:
    """Return the ratings of the rows of `score.form` in `period`, best first."""
    form = library.forms[score.form]
    expressions = {f"_{i}": c.expr for i, c in enumerate(score.criteria)}
    expressions |= {
        "_subject": score.subject or form.key[0],
        "_total": score.total,
        "_deduction": score.deduction,
        "_veto": score.veto,
    }
    scope = Scope(library, score.form, period, register=register, where=score.defined_at)
    rows, problems = select(RowsWanted(expressions, score.where), scope, query)
    if problems:
        return [], problems
    grades, ended = _grades(score, library, period)
    return _ranked([_graded(_row_rating(score, row), grades) for row in rows]), ended


def rated_units(
    score: Score,
    library: Library,
    units: Sequence[Unit],
    values: Mapping[tuple[str, str], Decimal | None],
    period: Period,
    targets: Mapping[tuple[str, str], Decimal | None] = MappingProxyType({}),
) -> tuple[list[Rating], list[Problem]]:
    """Return the ratings of register units by their indicators, best first. `values`: (indicator, unit code) → value, None or lacking
    where it is unknown or too little was reported for it; `targets` likewise: what the value should be in this period."""
    grades, ended = _grades(score, library, period)
    ratings = []
    for unit in units:
        points = []
        for criterion in score.criteria:
            key = (criterion.indicator, unit.code)
            value = values.get(key)
            earned = _earned(criterion, value, targets.get(key))
            points.append(Points(criterion.title, _rounded(earned, score.decimals), criterion.weight, value))
        total = _total([p.earned for p in points])
        rating = Rating(
            unit.name,
            unit.code,
            unit.code if unit.level == "township" else unit.parent_code,
            tuple(points),
            Decimal(0),
            total,
            group=unit.unit_class if score.within == "class" else "",
        )
        ratings.append(_graded(rating, grades))
    return _ranked(ratings), ended


def _row_rating(score: Score, row: Selected) -> Rating:
    points = tuple(
        Points(c.title, _decimal(row.values.get(f"_{i}")), c.weight) for i, c in enumerate(score.criteria)
    )
    deduction = _decimal(row.values.get("_deduction")) or Decimal(0)
    total = _total([p.earned for p in points])
    # The total as reported stands in where single points were not: schemes differ in what they report.
    total = _decimal(row.values.get("_total")) if total is None else total - deduction
    return Rating(
        str(row.values.get("_subject") or ""),
        row.unit_code,
        row.township_code,
        points,
        deduction,
        None if total is None else _rounded(Fraction(total), score.decimals),
        vetoed=bool(row.values.get("_veto")),
        cell=row.cell,
    )


def _earned(criterion: Criterion, value: Decimal | None, target: Decimal | None) -> Fraction | None:
    """The points for a value; none when it is unknown, or is measured by a target that there is not."""
    if value is None or (criterion.of_target and not target):
        return None
    scored = Fraction(value) * 100 / Fraction(target or 1) if criterion.of_target else Fraction(value)
    return _share(scored, criterion.zero, criterion.full) * Fraction(criterion.weight)


def _share(value: Fraction, zero: Decimal | None, full: Decimal | None) -> Fraction:
    """How much of the way from `zero` to `full` a value has gone, between 0 and 1; `full` may be the smaller."""
    low, high = Fraction(zero or 0), Fraction(full or 0)
    return min(Fraction(1), max(Fraction(0), (Fraction(value) - low) / (high - low)))


def _total(parts: Sequence[Decimal | None]) -> Decimal | None:
    return None if None in parts or not parts else sum((p for p in parts if p is not None), Decimal(0))


def _rounded(value: Fraction | None, decimals: int) -> Decimal | None:
    if value is None:
        return None
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _decimal(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _grades(
    score: Score, library: Library, period: Period
) -> tuple[list[tuple[str, Decimal]], list[Problem]]:
    """The grades and their least totals, highest first; a standard that has ended leaves its grade out and is told."""
    found, problems = [], []
    for line in score.lines:
        in_force = library.standards[line.standard].on(period.end)
        if in_force is None or not isinstance(in_force.value, Decimal):
            title = library.standards[line.standard].title
            problems.append(Problem("check-standard-ended", score.defined_at, score.id, title, "note"))
        else:
            found.append((line.title, in_force.value))
    return sorted(found, key=lambda grade: -grade[1]), problems


def _graded(rating: Rating, grades: Sequence[tuple[str, Decimal]]) -> Rating:
    if rating.total is None or rating.vetoed or not grades:
        return rating
    reached = [title for title, least in grades if rating.total >= least]
    missed = [(title, least) for title, least in grades if rating.total < least]
    if not missed:
        return replace(rating, grade=reached[0])
    title, least = missed[-1]
    return replace(rating, grade=next(iter(reached), ""), gap=least - rating.total, next_grade=title)


def _ranked(ratings: Sequence[Rating]) -> list[Rating]:
    """Best first, within each group; what has no total or is ruled out comes last and has no rank."""
    ranked: list[Rating] = []
    for group in dict.fromkeys(sorted(r.group for r in ratings)):
        group_ratings = [r for r in ratings if r.group == group]
        counted = sorted(
            (r for r in group_ratings if r.total is not None and not r.vetoed),
            key=lambda r: (-(r.total or 0), r.unit_code),
        )
        for rating in counted:
            ahead = sum((other.total or 0) > (rating.total or 0) for other in counted)
            ranked.append(replace(rating, rank=ahead + 1, ranked=len(counted)))
        ranked += [r for r in group_ratings if r.total is None or r.vetoed]
    return ranked
