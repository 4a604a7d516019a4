"""The keys of every kind of definition (architecture 5, semantics "Definitions (YAML)"): one line a key.

A new key is one line here and one attribute of the type in `ruralpb.model`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any, get_args

from ruralpb import model
from ruralpb.core.periods import Kind
from ruralpb.core.problems import Location, Problem, Severity
from ruralpb.model.loader.marked import MarkedDict
from ruralpb.model.loader.schema import (
    Key,
    Shape,
    Wrong,
    between,
    choice,
    day,
    day_or_end,
    flag,
    many,
    mapping_of,
    name,
    nested,
    number,
    one_or_many,
    read,
    template,
    text,
    whole,
)

_TYPE = choice(*get_args(model.FieldType))
_TIME = choice(*get_args(model.Time))
_KINDS = one_or_many(choice(*get_args(Kind)))
_PERIOD_KINDS = one_or_many(choice(*get_args(model.PeriodKind)))
_WORDS = many(text)

ALIAS = Shape("alias", model.Alias, {"text": Key(text, required=True)}, short="text", dated=True)

ENUM_VALUE = Shape(
    "value",
    model.EnumValue,
    {"value": Key(text, required=True), "synonyms": Key(_WORDS)},
    short="value",
    dated=True,
)

FIELD = Shape(
    "field",
    model.Field,
    {
        "id": Key(name, required=True),
        "title": Key(text, required=True),
        "type": Key(_TYPE, required=True),
        "aliases": Key(many(nested(ALIAS))),
        "group": Key(text),
        "measure": Key(text),
        "required": Key(flag),
        "required_when": Key(text),
        "min": Key(number),
        "max": Key(number),
        "min_date": Key(day),
        "max_date": Key(day_or_end),
        "values": Key(many(nested(ENUM_VALUE))),
        "time": Key(_TIME),
        "none_means_zero": Key(flag),
        "over_100": Key(flag),
        "sensitive": Key(choice("personal", "sensitive")),
        "multi": Key(flag),
        "periods": Key(_PERIOD_KINDS),
        "weight": Key(number),
    },
    dated=True,
    located=True,
)

CHECK = Shape(
    "check",
    model.Check,
    {
        "id": Key(name, required=True),
        "form": Key(text, required=True),
        "title": Key(text),
        "severity": Key(choice(*get_args(Severity)), required=True),
        "over": Key(one_or_many(text)),
        "rows": Key(choice("current", "previous")),
        "where": Key(text),
        "expr": Key(text),
        "at": Key(text),
        "show": Key(mapping_of(text)),
        "message": Key(template, required=True),
        "stage": Key(text),
        "periods": Key(_PERIOD_KINDS),
        "enabled": Key(flag),
    },
    dated=True,
    located=True,
)

FORM = Shape(
    "form",
    model.Form,
    {
        "form": Key(name, required=True, into="id"),
        "title": Key(text, required=True),
        "code": Key(text, required=True),
        "row": Key(text, required=True),
        "frequency": Key(choice(*get_args(Kind)), required=True),
        "time": Key(_TIME, required=True),
        "key": Key(one_or_many(text), required=True),
        "unique": Key(choice("reporter", "project")),
        "village_row": Key(flag),
        "every_village": Key(flag),
        "village_kinds": Key(one_or_many(text)),
        "transposable": Key(flag),
        "carried": Key(text),
        "filled_by": Key(text),
        "instructions": Key(text),
    },
    dated=True,
    located=True,
)
"""`fields` and `checks` stand beside these keys; they are merged by id before anything is read."""


@dataclass(frozen=True, slots=True)
class RawAggregate:
    """An aggregate as written: a bare expression stands for `expr`; `of` is the indicator's form unless given."""

    expr: str
    of: str = ""
    where: str = ""


AGGREGATE = Shape(
    "aggregate",
    RawAggregate,
    {"expr": Key(text, required=True), "of": Key(text), "where": Key(text)},
    short="expr",
)

TARGET = Shape(
    "target",
    model.Target,
    {"value": Key(number, required=True), "per": Key(choice("period", "year_end", "schedule"))},
)


def _indicator(
    form: str = "",
    where: str = "",
    numerator: RawAggregate | None = None,
    denominator: RawAggregate | None = None,
    plus: tuple[RawAggregate, ...] = (),
    **values: Any,
) -> model.Indicator:
    """The indicator's `where` holds for its numerator and for a denominator of the same form; a denominator of
    another form is restricted by its own `where` only. `plus` are the summands of a numerator over several forms."""

    def whole_aggregate(raw: RawAggregate | None) -> model.Aggregate | None:
        if raw is None:
            return None
        of = raw.of or form
        conditions = [c for c in (where if of == form else "", raw.where) if c]
        both = conditions[0] if len(conditions) == 1 else " and ".join(f"({c})" for c in conditions)
        return model.Aggregate(of, raw.expr, both)

    above = (*([numerator] if numerator else ()), *plus)
    summands = [found for raw in above if (found := whole_aggregate(raw))]
    return model.Indicator(
        form=form,
        where=where,
        numerator=summands[0] if summands else None,
        plus=tuple(summands[1:]),
        denominator=whole_aggregate(denominator),
        **{"decimals": 0, "better": "neither", "time": "point", **values},
    )


INDICATOR = Shape(
    "indicator",
    _indicator,
    {
        "id": Key(name, required=True),
        "title": Key(text, required=True),
        "domain": Key(text, required=True),
        "form": Key(text),
        "scope": Key(choice("period", "year_to_date", "none")),
        "numerator": Key(nested(AGGREGATE)),
        "denominator": Key(nested(AGGREGATE)),
        "parts": Key(many(nested(AGGREGATE)), into="plus"),
        "where": Key(text),
        "derived": Key(text),
        "by": Key(one_or_many(text)),
        "measure": Key(text, required=True),
        "decimals": Key(whole),
        "better": Key(choice(*get_args(model.Better))),
        "time": Key(_TIME),
        "target": Key(nested(TARGET)),
        "public": Key(flag),
        "source": Key(text),
        "enabled": Key(flag),
    },
    dated=True,
    located=True,
)

BAND = Shape(
    "band",
    lambda title, low=None, high=None: model.Band(title, low, high),
    {"title": Key(text, required=True), "low": Key(number), "high": Key(number)},
)


def _number_or_bands(
    value: Any, where: Location, problems: list[Problem]
) -> Decimal | tuple[model.Band, ...]:
    if not isinstance(value, list):
        return number(value, where, problems)
    bands: tuple[model.Band, ...] = many(nested(BAND))(value, where, problems)
    for before, after in pairwise(bands):
        if before.high is None or before.high != after.low:
            found = f"{before.title}–{after.title}"
            problems.append(Problem("standard-bands-gap", where, found, str(before.high)))
    return bands


@dataclass(frozen=True, slots=True)
class _StandardEntry:
    source: str = ""
    value: Decimal | tuple[model.Band, ...] | None = None
    checked_on: date | None = None
    to: date | None = None


STANDARD_VALUE = Shape(
    "standard value",
    _StandardEntry,
    {"value": Key(_number_or_bands), "source": Key(text), "checked_on": Key(day), "to": Key(day)},
)


def _standard_values(raw: Any, _where: Location, problems: list[Problem]) -> tuple[model.StandardValue, ...]:
    """`values:` of a standard, start date → value, in order of start. A value ends when the next one starts, on the
    day after its `to`, or where a start has no value (null)."""
    if not isinstance(raw, MarkedDict):
        raise Wrong("mapping", raw, "2018-01-01: {value: …, source: …, checked_on: …}")
    entries: list[tuple[date, _StandardEntry, Location]] = []
    for start, value in raw.items():
        where = raw.at(start)
        if not isinstance(start, date):
            raise Wrong("day", start)
        entry = _StandardEntry() if value is None else read(STANDARD_VALUE, value, where, problems)
        if entry is None:
            continue
        if entry.value is not None:
            problems.extend(
                Problem(f"standard-no-{key}", where, start.isoformat(), severity=severity)
                for key, severity in _EVIDENCE.items()
                if not getattr(entry, key)
            )
        entries.append((start, entry, where))
    entries.sort(key=lambda entry: entry[0])
    return _spans(entries, problems)


_EVIDENCE: Mapping[str, Severity] = {"source": "error", "checked_on": "query"}
"""What a value of a standard must rest on, and how bad it is when that is missing."""


def _spans(
    entries: list[tuple[date, _StandardEntry, Location]], problems: list[Problem]
) -> tuple[model.StandardValue, ...]:
    """The dated values, an end put in where one stops before the next starts."""
    found: list[model.StandardValue] = []
    for i, (start, entry, where) in enumerate(entries):
        following = entries[i + 1] if i + 1 < len(entries) else None
        found.append(model.StandardValue(start, entry.value, entry.source, entry.checked_on))
        if entry.value is None and following:
            problems.append(
                Problem("standard-gap", where, start.isoformat(), following[0].isoformat(), severity="query")
            )
        if entry.to is None:
            continue
        ends = entry.to + timedelta(days=1)
        if following and following[0] < ends:
            problems.append(
                Problem("standard-overlap", where, entry.to.isoformat(), following[0].isoformat())
            )
        elif following is None or following[0] > ends:
            found.append(model.StandardValue(ends, None, entry.source))
            if following and following[1].value is not None:
                problems.append(
                    Problem(
                        "standard-gap", where, ends.isoformat(), following[0].isoformat(), severity="query"
                    )
                )
    return tuple(found)


STANDARD = Shape(
    "standard",
    model.Standard,
    {
        "id": Key(name, required=True),
        "title": Key(text, required=True),
        "measure": Key(text, required=True),
        "values": Key(_standard_values, required=True),
    },
    located=True,
)


MAPPING = Shape(
    "mapping",
    model.HeaderMapping,
    {
        "form": Key(text, required=True),
        "header": Key(text, required=True),
        "field": Key(text, required=True),
        "reporter": Key(text),
        "sheet": Key(text),
        "by": Key(text, required=True),
        "reason": Key(text, required=True),
        "date": Key(day, required=True),
    },
    located=True,
)


@dataclass(frozen=True, slots=True)
class Domain:
    """A part of the briefing that indicators belong to. Domains are told in `order`, then by file name."""

    id: str
    title: str
    order: int = 1000


DOMAIN = Shape(
    "domain",
    Domain,
    {"id": Key(name, required=True), "title": Key(text, required=True), "order": Key(whole)},
)

UNIT = Shape(
    "unit",
    model.Unit,
    {
        "code": Key(text, required=True),
        "name": Key(text, required=True),
        "level": Key(choice(*get_args(model.Level)), required=True),
        "parent_code": Key(text, required=True),
        "kind": Key(text),
        "aliases": Key(_WORDS),
        "valid_from": Key(day),
        "valid_to": Key(day),
        "successor": Key(text),
        "class": Key(text, into="unit_class"),
        "key_class": Key(text),
        "in_demo_zone": Key(flag),
        "sort_no": Key(whole),
    },
)
"""A unit in a cases file: the columns of units.csv."""

# ------------------------------------------------------------------------------------------------ ruralpb.yaml

DUE = Shape(
    "due rule",
    model.DueRule,
    {
        "forms": Key(one_or_many(text), required=True),
        "level": Key(choice(*get_args(model.Level))),
        "kinds": Key(one_or_many(text)),
        "codes": Key(one_or_many(text)),
        "excused": Key(one_or_many(text)),
        "workday": Key(whole),
        "periods": Key(_KINDS),
    },
)


@dataclass(frozen=True, slots=True)
class _Ranking:
    min_coverage: Decimal = Decimal(80)
    classes: bool = False


RANKING = Shape("ranking", _Ranking, {"min_coverage": Key(number), "classes": Key(flag)})


RUN = Shape(
    "run", model.RunRule, {"feedback": Key(flag), "report": Key(flag), "templates": Key(one_or_many(text))}
)


def _settings(ranking: _Ranking | None = None, **values: Any) -> model.Settings:
    ranking = ranking or _Ranking()
    return model.Settings(min_coverage=ranking.min_coverage, ranking_classes=ranking.classes, **values)


SETTINGS = Shape(
    "settings",
    _settings,
    {
        "title": Key(text, required=True),
        "unit": Key(text, required=True),
        "library": Key(text),
        "due": Key(many(nested(DUE))),
        "holidays": Key(many(day)),
        "workdays": Key(many(day)),
        "answer_workdays": Key(between(1, 60)),
        "inbox": Key(text),
        "out": Key(text),
        "formats": Key(one_or_many(choice(*model.REPORT_FORMATS))),
        "template": Key(text),
        "base_period": Key(text),
        "ranking": Key(nested(RANKING)),
        "report": Key(mapping_of(text)),
        "fonts": Key(mapping_of(text)),
        "run": Key(nested(RUN)),
    },
    renamed={"reminder_workdays": "answer_workdays"},
)
