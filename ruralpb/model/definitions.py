"""Definitions as stages see them: forms, checks, indicators, standards, all by id."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal

from ruralpb.core.periods import Kind, Period
from ruralpb.core.problems import NOWHERE, Location, Severity
from ruralpb.model.keys import Key, KeyTrait, MessageTemplate, Name, OneOrMany, written
from ruralpb.model.standards import Threshold

FieldType = Literal[
    "int",
    "number",
    "money",
    "percent",
    "date",
    "month",
    "text",
    "enum",
    "bool",
    "id_card",
    "phone",
    "village",
    "township",
    "unit",
]
Time = Literal["point", "flow", "year_to_date"]
Better = Literal["higher", "lower", "neither"]
PeriodKind = Literal["month", "quarter", "q4", "year"]


def applies(kinds: Collection[PeriodKind], period: Period) -> bool:
    """True when a check or field for these kinds of period (none: all) applies to `period`."""
    is_q4 = period.kind == "quarter" and period.quarter_number == 4
    return not kinds or period.kind in kinds or ("q4" in kinds and is_q4)


@dataclass(frozen=True, slots=True)
class Dated:
    """A value that holds from `start` to `end` (inclusive; None is open)."""

    start: date | None = None
    end: date | None = None

    def holds(self, day: date) -> bool:
        """True when `day` lies in the span."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


ALWAYS = Dated()


@written(short="text")
@dataclass(frozen=True, slots=True)
class Alias:
    """Another spelling of a field's header, in use during `dated`."""

    text: str
    dated: Dated = ALWAYS


@written("value", short="value")
@dataclass(frozen=True, slots=True)
class EnumValue:
    """One value of an enum field, with the synonyms townships write."""

    value: str
    synonyms: tuple[str, ...] = ()
    dated: Dated = ALWAYS


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a form. `measure` is what the store holds (万元, 元, 人 …). `required_when` is an expression
    over the form's row. `min`/`max` are inclusive. `group` is the parent header, when the form prints one. `weight` says how
    sure its values are as a rule: of the cells that could explain failed checks the lightest are asked about first."""

    id: Name
    title: str
    type: FieldType
    aliases: tuple[Alias, ...] = ()
    group: str = ""
    measure: str = ""
    required: bool = False
    required_when: str = ""
    min: Decimal | None = None
    max: Decimal | None = None
    min_date: date | None = None
    max_date: date | Literal["end"] | None = None
    values: tuple[EnumValue, ...] = ()
    time: Time = "point"
    none_means_zero: bool = False
    over_100: bool = False
    sensitive: Literal["", "personal", "sensitive"] = ""
    multi: bool = False
    periods: OneOrMany[PeriodKind] = ()
    weight: Decimal = Decimal(1)
    dated: Dated = ALWAYS
    defined_at: Location = NOWHERE

    @property
    def numeric(self) -> bool:
        """True for the types that add up."""
        return self.type in ("int", "number", "money", "percent")


@dataclass(frozen=True, slots=True)
class Summand:
    """A part of a column that is the sum of others: its sign (+ or -), its field id, whether a blank counts as nothing."""

    sign: str
    field: str
    optional: bool


@written("mapping")
@dataclass(frozen=True, slots=True)
class HeaderMapping:
    """A header that a person has confirmed to be a field of a form (`definitions/mappings.yaml`): who, why and when. `header` is
    the path from the top, levels joined by "/". `reporter` (a code) and `sheet` narrow it to whose sheets it was confirmed for."""

    form: str
    header: str
    field: str
    by: str
    reason: str
    date: date
    reporter: str = ""
    sheet: str = ""
    defined_at: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class Check:
    """One relation that must hold. `over` is `("row",)` or the fields of a group key. `expr` is boolean: true
    passes, false fails, NULL is unknown. `where` restricts the rows. `outlier`: a value for which it fails is out of the ordinary,
    so that figures are suspect while nobody has explained it; an error makes them suspect anyway. `rows` says whose rows are walked: this
    period's, or those of the previous one (for "was there and is gone"). `show` names values for the message.
    `stage` is "sql" for an expression; otherwise the name of the stage that implements it (intake, store …)."""

    id: Name
    form: str
    title: str = ""
    severity: Severity = field(kw_only=True)
    over: OneOrMany[str] = ("row",)
    rows: Literal["current", "previous"] = "current"
    where: str = ""
    expr: str = ""
    at: str = ""
    show: Mapping[str, str] = field(default_factory=dict)
    message: MessageTemplate = field(kw_only=True)
    stage: str = "sql"
    outlier: bool = False
    periods: OneOrMany[PeriodKind] = ()
    dated: Dated = ALWAYS
    enabled: bool = True
    defined_at: Location = NOWHERE


@dataclass(frozen=True)
class Form:
    """A return form. `key` holds field ids (or `person_key`, `village`, `township`, `reporter`). `row` says what one
    row is; `village_row` is true when every village of the register owes one row, `every_village` when it owes at least one
    (a roster). `village_kinds` narrows either to villages of these kinds. `carried` is an expression over the row: the rows of the period before
    for which it is true stand in the next blank already."""

    id: Annotated[Name, Key("form")]
    title: str
    code: str
    row: str
    frequency: Kind
    time: Time
    key: OneOrMany[str]
    fields: Annotated[tuple[Field, ...], KeyTrait.UNWRITTEN] = ()
    """From three places: the common fields, the form's own, a project's."""
    checks: Annotated[tuple[Check, ...], KeyTrait.UNWRITTEN] = ()
    unique: Literal["reporter", "project"] = "reporter"
    village_row: bool = False
    every_village: bool = False
    village_kinds: OneOrMany[str] = ()
    transposable: bool = False
    carried: str = ""
    filled_by: str = ""
    instructions: str = ""
    dated: Dated = ALWAYS
    defined_at: Location = NOWHERE

    @cached_property
    def number(self) -> tuple[int, str]:
        """Forms stand in the order of the numbers in their codes: 县组季02表 before 县农季08表."""
        digits = "".join(filter(str.isdecimal, self.code))
        return int(digits or 0), self.id

    @cached_property
    def by_id(self) -> Mapping[str, Field]:
        """Field id → field."""
        return {f.id: f for f in self.fields}

    @cached_property
    def by_title(self) -> Mapping[str, Field]:
        """Chinese title → field."""
        return {f.title: f for f in self.fields}

    def fields_on(self, day: date) -> tuple[Field, ...]:
        """The fields in force on `day`."""
        return tuple(f for f in self.fields if f.dated.holds(day))

    def fields_in(self, period: Period) -> tuple[Field, ...]:
        """The fields that a return for `period` asks for: in force on its last day and meant for its kind."""
        return tuple(f for f in self.fields_on(period.end) if applies(f.periods, period))


@written(short="expr")
@dataclass(frozen=True, slots=True)
class Aggregate:
    """An aggregate expression over the rows of `of` (a form, ref_village or ref_township) that satisfy `where`. As written, `of`
    may be left out for the indicator's form; read, it always says one."""

    expr: str
    of: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """What an indicator should reach: a number or the value of a standard (`standard('id')`), dated and by unit as that is; `period` every
    period, `year_end` in Q4 only, `schedule` pro rata (25/50/75/100 % of the year's value)."""

    value: Threshold
    per: Literal["period", "year_end", "schedule"] = "period"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure. With a denominator the value is numerator ÷ denominator (× 100 for %), each summed per unit before
    division. `plus` are further summands of the numerator, from other forms (`parts` of a definition). `scope`: rows of the period, of the year to date, or `none` (the expression fixes its own).
    `periods` are the kinds of period it is computed for (none: all).
    `derived` is a boolean expression over other indicators' values and `base(id)`; then there is no numerator. `part_of` names the indicator
    of which this one is a part and which it never exceeds; `over_100`: a rate that may exceed 100 or fall below 0; `register_state`: a column
    of the register of units → the state in it that a village has where this count is not zero."""

    id: Name
    title: str
    domain: str
    form: str = ""
    scope: Literal["period", "year_to_date", "none"] = "period"
    numerator: Aggregate | None = None
    denominator: Aggregate | None = None
    plus: Annotated[tuple[Aggregate, ...], Key("parts")] = ()
    where: str = ""
    derived: str = ""
    by: OneOrMany[str] = ()
    measure: str = field(kw_only=True)
    decimals: int = 0
    better: Better = "neither"
    time: Time = "point"
    periods: OneOrMany[PeriodKind] = ()
    target: Target | None = None
    part_of: str = ""
    over_100: bool = False
    register_state: Mapping[str, str] = field(default_factory=dict)
    public: bool = True
    source: str = ""
    dated: Dated = ALWAYS
    enabled: bool = True
    defined_at: Location = NOWHERE

    @property
    def aggregates(self) -> tuple[Aggregate, ...]:
        """Everything it adds up: numerator, its further summands, denominator. None for a derived one."""
        return tuple(a for a in (self.numerator, *self.plus, self.denominator) if a is not None)

    def is_for(self, period: Period) -> bool:
        """True when it is computed for `period`: switched on, in force on its last day and meant for its kind."""
        return self.enabled and self.dated.holds(period.end) and applies(self.periods, period)

    @property
    def is_rate(self) -> bool:
        """True when it compares by percentage points."""
        return self.measure == "%"


@dataclass(frozen=True, slots=True)
class Method:
    """How an indicator is computed: in words, the titles of what it is taken from, and the ids of all forms that are read for it."""

    sentence: str
    sources: tuple[str, ...]
    forms: frozenset[str]


@written("domain")
@dataclass(frozen=True, slots=True)
class IndicatorDomain:
    """A part of the briefing that indicators belong to. Domains stand in `order`, then by file name."""

    id: Name
    title: str
    order: int = 1000
