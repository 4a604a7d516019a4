"""The types that pass between stages: frozen, picklable, without behaviour beyond looking things up.

Layer 3. Definitions (Form, Check, Indicator, Standard …) come from YAML; Unit and Register from units.csv; Grid,
Match and Reading from one file; Submission, Finding and Value from the store. Codes are text, amounts Decimal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from ruralpb.periods import Kind, Period
from ruralpb.problems import NOWHERE, Location, Problem, Severity

# ---------------------------------------------------------------------------------------------- definitions

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
]
Time = Literal["point", "flow", "year_to_date"]
Better = Literal["higher", "lower", "neither"]
Level = Literal["province", "city", "county", "township", "village", "office"]
PeriodKind = Literal["month", "quarter", "q4", "year"]

LEVELS: tuple[Level, ...] = ("province", "city", "county", "township", "village")
"""The roll-up, high to low. Offices hang beside townships and own no roll-up level."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A value that holds from `start` to `end` (inclusive; None is open)."""

    start: date | None = None
    end: date | None = None

    def holds(self, day: date) -> bool:
        """True when `day` lies in the span."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


ALWAYS = Dated()


@dataclass(frozen=True, slots=True)
class Alias:
    """Another spelling of a field's header, in use during `dated`."""

    text: str
    dated: Dated = ALWAYS


@dataclass(frozen=True, slots=True)
class EnumValue:
    """One value of an enum field, with the synonyms townships write."""

    value: str
    synonyms: tuple[str, ...] = ()
    dated: Dated = ALWAYS


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a form. `measure` is what the store holds (万元, 元, 人 …). `required_when` is an expression
    over the form's row. `min`/`max` are inclusive. `group` is the parent header, when the form prints one."""

    id: str
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
    periods: tuple[PeriodKind, ...] = ()
    dated: Dated = ALWAYS
    defined_at: Location = NOWHERE

    @property
    def numeric(self) -> bool:
        """True for the types that add up."""
        return self.type in ("int", "number", "money", "percent")


@dataclass(frozen=True, slots=True)
class Check:
    """One relation that must hold. `over` is `("row",)` or the fields of a group key. `expr` is boolean: true
    passes, false fails, NULL is unknown. `where` restricts the rows. `rows` says whose rows are walked: this
    period's, or those of the previous one (for "was there and is gone"). `show` names values for the message.
    `stage` is "sql" for an expression; otherwise the name of the stage that implements it (intake, store …)."""

    id: str
    form: str
    severity: Severity
    message: str
    expr: str = ""
    over: tuple[str, ...] = ("row",)
    where: str = ""
    rows: Literal["current", "previous"] = "current"
    at: str = ""
    show: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    stage: str = "sql"
    periods: tuple[PeriodKind, ...] = ()
    dated: Dated = ALWAYS
    enabled: bool = True
    defined_at: Location = NOWHERE


@dataclass(frozen=True)
class Form:
    """A return form. `key` holds field ids (or `person_key`, `village`, `township`, `reporter`). `row` says what one
    row is; `village_row` is true when every village of the register owes one row."""

    id: str
    title: str
    code: str
    row: str
    frequency: Kind
    time: Time
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    checks: tuple[Check, ...] = ()
    unique: Literal["reporter", "project"] = "reporter"
    village_row: bool = False
    village_kinds: tuple[str, ...] = ()
    transposable: bool = False
    filled_by: str = ""
    instructions: str = ""
    dated: Dated = ALWAYS
    defined_at: Location = NOWHERE

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


@dataclass(frozen=True, slots=True)
class Band:
    """One class of an ordered list: `low` ≤ x < `high` (None is open)."""

    title: str
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True, slots=True)
class StandardValue:
    """The value of a standard from `start` on; `value` None ends it."""

    start: date
    value: Decimal | tuple[Band, ...] | None
    source: str
    checked_on: date | None = None


@dataclass(frozen=True, slots=True)
class Standard:
    """A threshold that comes from a document, by effective date (semantics S6)."""

    id: str
    title: str
    measure: str
    values: tuple[StandardValue, ...]
    defined_at: Location = NOWHERE

    def on(self, day: date) -> StandardValue | None:
        """The value in force on `day`, or None before the first and after an end."""
        found = None
        for value in self.values:
            if value.start <= day:
                found = value
        return found if found and found.value is not None else None

    def ended(self, day: date) -> date | None:
        """The last day it was in force, when it was once and is no longer on `day`."""
        past = [v for v in self.values if v.start <= day]
        if len(past) < 2 or past[-1].value is not None:
            return None
        return past[-1].start - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Aggregate:
    """An aggregate expression over the rows of `of` (a form, ref_village or ref_township) that satisfy `where`."""

    of: str
    expr: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """What an indicator should reach: `period` every period, `year_end` in Q4 only, `schedule` pro rata
    (25/50/75/100 % of the year's value)."""

    value: Decimal
    per: Literal["period", "year_end", "schedule"] = "period"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure. With a denominator the value is numerator ÷ denominator (× 100 for %), each summed per unit before
    division. `scope`: rows of the period, of the year to date, or `none` (the expression fixes its own).
    `derived` is a boolean expression over other indicators' values and `base(id)`; then there is no numerator."""

    id: str
    title: str
    domain: str
    form: str
    measure: str
    decimals: int
    better: Better
    time: Time
    numerator: Aggregate | None = None
    denominator: Aggregate | None = None
    where: str = ""
    scope: Literal["period", "year_to_date", "none"] = "period"
    by: tuple[str, ...] = ()
    target: Target | None = None
    derived: str = ""
    public: bool = True
    source: str = ""
    dated: Dated = ALWAYS
    enabled: bool = True
    defined_at: Location = NOWHERE

    @property
    def is_rate(self) -> bool:
        """True when it compares by percentage points."""
        return self.measure == "%"


@dataclass(frozen=True)
class Library:
    """All definitions in force for a project, built-in ones overridden by the project's own."""

    forms: Mapping[str, Form]
    indicators: Mapping[str, Indicator]
    standards: Mapping[str, Standard]
    checks: Mapping[str, Check]
    """Every check by id, those of the forms and those that hold for all forms (form = "all")."""
    domains: Mapping[str, str]
    """Indicator domain id → Chinese title, in the order of the briefing."""
    hash: str
    """sha256 over the definition files' contents (semantics S6)."""


# ---------------------------------------------------------------------------------------------- register of units


@dataclass(frozen=True, slots=True)
class Unit:
    """One dated row of units.csv. A changed attribute is a new row; dates are inclusive."""

    code: str
    name: str
    level: Level
    parent_code: str
    kind: str = ""
    aliases: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str = ""
    unit_class: str = ""
    key_class: str = ""
    in_demo_zone: bool = False
    sort_no: int = 0

    def holds(self, day: date) -> bool:
        """True when the row is valid on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True)
class Register:
    """The dated register of units."""

    units: tuple[Unit, ...]

    @cached_property
    def by_code(self) -> Mapping[str, tuple[Unit, ...]]:
        """Code → its dated rows."""
        rows: dict[str, list[Unit]] = {}
        for unit in self.units:
            rows.setdefault(unit.code, []).append(unit)
        return {code: tuple(found) for code, found in rows.items()}

    def get(self, code: str, day: date) -> Unit | None:
        """The unit's row valid on `day`."""
        return next((u for u in self.by_code.get(code, ()) if u.holds(day)), None)

    def on(self, day: date, level: Level | None = None, below: str = "") -> tuple[Unit, ...]:
        """The units valid on `day`, of one level, and below one unit (itself included), in register order."""
        return tuple(
            u
            for u in self.units
            if u.holds(day)
            and (level is None or u.level == level)
            and (not below or below in self.path(u.code, day))
        )

    @cached_property
    def _paths(self) -> dict[tuple[str, date], tuple[str, ...]]:
        return {}

    def path(self, code: str, day: date) -> tuple[str, ...]:
        """Codes from the unit up to the root, the unit first."""
        known = self._paths.get((code, day))
        if known is None:
            known = self._paths[code, day] = self._path(code, day)
        return known

    def _path(self, code: str, day: date) -> tuple[str, ...]:
        found: list[str] = []
        while code and code not in found:
            found.append(code)
            unit = self.get(code, day) or next(iter(self.by_code.get(code, ())), None)
            code = unit.parent_code if unit else ""
        return tuple(found)

    def successor(self, code: str, day: date) -> str:
        """Who counts for `code` on `day`: itself while valid, else its successor's successor … ("" when it ended
        without one)."""
        seen: set[str] = set()
        while code and code not in seen:
            seen.add(code)
            if self.get(code, day):
                return code
            ended = [u for u in self.by_code.get(code, ()) if u.valid_to is not None and u.valid_to < day]
            code = ended[-1].successor if ended else ""
        return ""


# ---------------------------------------------------------------------------------------------- the project's settings


@dataclass(frozen=True, slots=True)
class DueRule:
    """Who owes which forms and when. `workday` counts working days after the period's end. `kinds` and `codes` narrow the
    units of `level`; `excused` names codes that owe nothing."""

    forms: tuple[str, ...]
    level: Level = "township"
    workday: int = 5
    kinds: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    excused: tuple[str, ...] = ()
    periods: tuple[Kind, ...] = ("quarter",)


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One row of targets.csv: overrides the definition's target."""

    indicator: str
    unit_code: str
    period: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Settings:
    """ruralpb.yaml, read and checked."""

    title: str
    unit: str
    """Code of the reporting unit (本级)."""
    library: str = "builtin"
    due: tuple[DueRule, ...] = ()
    holidays: tuple[date, ...] = ()
    workdays: tuple[date, ...] = ()
    inbox: str = "returns"
    out: str = "out"
    formats: tuple[str, ...] = ("docx", "html", "xlsx")
    template: str = "quarterly"
    base_period: str = ""
    min_coverage: Decimal = Decimal(80)
    ranking_classes: bool = False
    report: Mapping[str, str] = field(default_factory=dict)
    """issuer, number, to, cc, contact, signed_on … as the templates use them."""
    fonts: Mapping[str, str] = field(default_factory=dict)


# ---------------------------------------------------------------------------------------------- reading one file


@dataclass(frozen=True, slots=True)
class CellError:
    """What a Grid holds where the workbook shows #REF!, #DIV/0! …: never a blank, never a number."""

    text: str


@dataclass(frozen=True, slots=True)
class Uncached:
    """What a Grid holds for a formula that was never calculated."""

    formula: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a cell's value alone does not tell. `format` is the number format's class."""

    format: Literal["", "percent", "date", "text"] = ""
    formula: str = ""
    struck: bool = False
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Range:
    """A rectangle of cells, 0-based, inclusive."""

    top: int
    left: int
    bottom: int
    right: int


def cell_name(row: int, column: int) -> str:
    """0-based row and column → A1 notation (13, 3 → D14)."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def cell_position(name: str) -> tuple[int, int] | None:
    """A1 notation → 0-based row and column (D14 → (13, 3)); None for anything else."""
    letters = name.rstrip("0123456789")
    digits = name[len(letters) :]
    if not digits or not (letters.isascii() and letters.isalpha() and letters.isupper()):
        return None
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(digits) - 1, column - 1


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet as plain values from A1 on (0-based rows and columns, ragged rows padded with None). A value is None, str, int,
    float, bool, date, datetime, time, CellError or Uncached. Trailing blank rows and columns are stripped."""

    sheet: str
    values: tuple[tuple[Any, ...], ...]
    evidence: Mapping[tuple[int, int], Evidence] = field(default_factory=dict)
    merged: tuple[Range, ...] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    epoch_1904: bool = False
    """True when the workbook counts days from 1904, which matters for serial numbers without a date format."""

    def cell(self, row: int, column: int) -> Any:
        """The value at (row, column), None outside the grid."""
        if 0 <= row < len(self.values) and 0 <= column < len(self.values[row]):
            return self.values[row][column]
        return None


RowClass = Literal[
    "title", "header", "data", "total", "subtotal", "note", "signature", "repeated_header", "blank", "other"
]


@dataclass(frozen=True, slots=True)
class Match:
    """One recognised block of a sheet: which form, where its header is, what each column means, what each row is.
    `columns`: field id → 0-based column. `measures`: field id → the measure its header or corner note states.
    `preamble`: title-block facts (reporter, period, measure, signer …) → (text, cell address)."""

    form: str
    sheet: str
    header: tuple[int, int]
    """First and last header row, 0-based."""
    columns: Mapping[str, int]
    rows: Mapping[int, RowClass]
    measures: Mapping[str, str] = field(default_factory=dict)
    preamble: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    unmapped: Mapping[int, str] = field(default_factory=dict)
    """Column → header text of columns the form does not know."""
    nil: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A cell that was not taken literally (or a value that stood elsewhere): what stood there, what it was taken for,
    by which rule. `position` is the 0-based sheet row of the fact."""

    form: str
    sheet: str
    position: int
    field: str
    cell: str
    raw: str
    value: str
    rule: str
    message: str


@dataclass(frozen=True, slots=True)
class Row:
    """One fact row. `position` is the 0-based row of the sheet. `values` align with `Block.fields`; exact types: int, Decimal,
    date (months are day 1), bool, str or None. `refused` names fields whose cell was refused (their value is None)."""

    position: int
    unit_code: str
    township_code: str
    village_code: str
    values: tuple[Any, ...]
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """One recognised table of one file, typed: what one reporter says about one form and period. `columns` maps each field
    to its 0-based column; a field without a column was not in the sheet."""

    form: str
    sheet: str
    reporter_code: str
    period: Period
    fields: tuple[str, ...]
    columns: Mapping[str, int]
    rows: tuple[Row, ...]
    nil: bool = False
    header: tuple[int, int] = (0, 0)
    preamble: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def villages(self) -> frozenset[str]:
        """Codes of the villages its rows are about."""
        return frozenset(r.village_code for r in self.rows if r.village_code)


@dataclass(frozen=True, slots=True)
class SheetReading:
    """What one sheet was understood as, in words for the one-line report: a form id, or why not."""

    sheet: str
    form: str
    rows: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything one file says. Picklable, so that a worker can return it."""

    blocks: tuple[Block, ...] = ()
    notes: tuple[Note, ...] = ()
    problems: tuple[Problem, ...] = ()
    sheets: tuple[SheetReading, ...] = ()


@dataclass(frozen=True, slots=True)
class IntakeOptions:
    """What the person who calls ingest says about the files. Anything the file itself says must agree."""

    period: Period | None = None
    unit_code: str = ""
    form: str = ""
    password: str = ""


# ---------------------------------------------------------------------------------------------- archive, journal, store


@dataclass(frozen=True, slots=True)
class Receipt:
    """One file that arrived. `id` is its journal sequence number as text; `path` is relative to the folder that was
    ingested, `received` the date that decides lateness (semantics S1)."""

    id: str
    sha256: str
    name: str
    path: str
    received: date
    batch: str
    definitions: str
    size: int
    period: str = ""
    unit_code: str = ""
    form: str = ""
    mode: Literal["", "replace", "part"] = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of a person: explain, amend, withdraw, return, seal, unlock … with who, when, why."""

    id: str
    kind: str
    at: str
    by: str
    reason: str
    data: Mapping[str, str] = field(default_factory=dict)


SubmissionState = Literal["current", "superseded", "held", "withdrawn", "after_seal"]


@dataclass(frozen=True, slots=True)
class Submission:
    """One version of a return: `<reporter>-<form>-<period>-v<n>`."""

    id: str
    reporter_code: str
    form: str
    period: Period
    version: int
    batch: str
    received: date
    receipts: tuple[str, ...]
    state: SubmissionState
    rows: int
    nil: bool = False


Outcome = Literal["pass", "fail", "unknown", "refused"]
ReturnStatus = Literal["missing", "held", "blocked", "returned", "accepted"]
Timeliness = Literal["on_time", "late", "not_due"]


@dataclass(frozen=True, slots=True)
class Address:
    """The cell a stored value came from. `raw` is the text re-read from the archive, when asked for."""

    file: str
    sheet: str
    cell: str
    submission: str = ""
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A check that failed (or is unknown) on a row or group, or a refusal of intake."""

    id: str
    check: str
    severity: Severity
    outcome: Outcome
    form: str
    period: str
    reporter_code: str
    unit_code: str
    township_code: str
    field: str
    found: str
    expected: str
    message: str
    fingerprint: str = ""
    status: Literal["open", "explained", "amended"] = "open"
    submission: str = ""
    cells: tuple[Address, ...] = ()
    """The first is the one to look at first."""


@dataclass(frozen=True, slots=True)
class ReturnState:
    """One owed return: status and timeliness."""

    reporter_code: str
    form: str
    period: str
    status: ReturnStatus
    timeliness: Timeliness
    due: date
    received: date | None = None
    days_late: int = 0
    submission: str = ""
    version: int = 0
    rows: int = 0
    errors: int = 0
    queries: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """A value beside its base. `base` and `current` are recomputed on the units covered in both periods, `units` how many.
    `reason` (a catalogue slug) says why there is no comparison."""

    base_period: str
    current: Decimal | None = None
    base: Decimal | None = None
    change: Decimal | None = None
    """Point difference of printed values for rates, relative change in % of unrounded values for amounts and counts
    (None when the base is zero, negative or missing)."""
    units: int = 0
    all_units: bool = True
    comparable_base: bool = False
    """True: the base was recomputed under the later definition (可比口径)."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """One indicator of one unit and period, with everything that must travel with it (semantics S4)."""

    indicator: str
    unit_code: str
    unit: str
    level: Level
    period: str
    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    printed: str
    covered: int
    expected: int
    unknown_rows: int
    unaccepted: int = 0
    slice: tuple[tuple[str, str], ...] = ()
    """Breakdown: ((field, value), …); empty for the whole."""
    target: Decimal | None = None
    status: Literal["", "met", "behind", "failed"] = ""
    rank: int | None = None
    ranked: int = 0
    """How many units take part in the ranking; 0: not ranked."""
    previous: Comparison | None = None
    last_year: Comparison | None = None
    missing: tuple[str, ...] = ()
    """Reporters (codes) expected but not covered."""
    reason: str = ""
    """Why there is no value (a catalogue slug): not covered, standard ended, denominator zero."""

    @property
    def id(self) -> str:
        """Figure id: indicator, unit, period and slice, stable for deep links and the trace."""
        cut = "".join(f"{{{k}={v}}}" for k, v in self.slice)
        return f"{self.indicator}{cut}@{self.unit_code}@{self.period}"


Rows = Sequence[Sequence[Any]]
