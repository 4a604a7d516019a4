"""Cases of definitions: `*.cases.yaml` beside each library file, and among a project's own definitions. A definition file may
also have its cases within.

A case reads as a sentence: what townships returned → which checks pass, fail or stay unknown, which values come out.
Rows are about the small county below, unless the file adds to it under `units:`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from typing import Any, Literal, get_args

from ruralpb.core import periods
from ruralpb.core.periods import Kind, Period
from ruralpb.core.problems import NOWHERE, Location, Problem
from ruralpb.model import DueRule, Field, FieldType, Form, Library, Register, Settings, Unit
from ruralpb.model.keys import written
from ruralpb.model.loader import kinds, marked, tables
from ruralpb.model.loader.marked import MarkedDict
from ruralpb.model.loader.merge import CASE_KEYS, CASES
from ruralpb.model.loader.shapes import read
from ruralpb.model.loader.shipped import case_county
from ruralpb.model.loader.suggest import unknown

COUNTY = "990101"
"""The county of the cases. Its codes begin with 99, which no real unit's do."""
EAST = "990101101"
FIRST_VILLAGE = "990101101201"
"""The village that a short case is about."""


@cache
def case_register() -> Register:
    """Return the small county that cases are about (`library/case_county.csv`)."""
    register, problems = tables.register(case_county())
    assert not problems
    return register


def _case_unit(code: str) -> Unit:
    return next(unit for unit in case_register().units if unit.code == code)


_WITHIN = re.compile(rb"^cases\s*:", re.MULTILINE)
"""A definition file without this at its left margin need not be read again to know that it has no cases."""

_DUE_KINDS: Mapping[Kind, tuple[Kind, ...]] = {
    "month": ("month", "quarter"),
    "quarter": ("quarter",),
    "year": ("year",),
}


@dataclass(frozen=True, slots=True)
class Returned:
    """What one reporter returned in a case: rows of field id → exact value, with `unit_code`, `township_code` and
    `village_code` of the unit each row is about. No rows: a nil return."""

    reporter_code: str
    form: str
    period: Period
    rows: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One case. A form is returned by the reporters in `given`; every other return is missing.

    `expect`: check id → pass · fail · unknown, of all rows or by unit name. `values`: indicator id → printed value,
    number or None, of the county or by unit name. `message`: check id → the exact text of its one finding.
    """

    name: str
    where: Location
    period: Period
    register: Register
    settings: Settings
    given: tuple[Returned, ...]
    expect: Mapping[str, str | Mapping[str, str]]
    values: Mapping[str, Any]
    message: Mapping[str, str]


def cases(sources: Mapping[str, bytes], library: Library) -> tuple[tuple[Case, ...], list[Problem]]:
    """Every case of the `*.cases.yaml` among `sources`, in order of files, and what is wrong with them."""
    read_cases: list[Case] = []
    problems: list[Problem] = []
    for file in sorted(sources):
        raw, refused = _cases_of(sources[file], file)
        problems += refused
        if raw is None:
            continue
        top = read(CasesFile, raw, raw.where, problems)
        if top:
            reader = _Reader(library, top, file, problems)
            read_cases += [case for each in top.cases if (case := reader.case(each))]
    return tuple(read_cases), problems


def _cases_of(content: bytes, file: str) -> tuple[MarkedDict | None, list[Problem]]:
    """What the file says about cases; None when there are none. What is wrong with the rest of a definition file is said where
    definitions are read."""
    if file.endswith(CASES):
        return marked.read(content, file)
    if not file.endswith(".yaml") or not _WITHIN.search(content):
        return None, []
    top, _ = marked.read(content, file)
    return (top.only("form", *CASE_KEYS) if "cases" in top else None), []


def case_settings(library: Library, base_period: str = "") -> Settings:
    """The settings of the cases: every township owes every form."""
    due = tuple(
        DueRule((form.id,), "township", periods=_DUE_KINDS[form.frequency]) for form in library.forms.values()
    )
    return Settings(_case_unit(COUNTY).name, COUNTY, due=due, base_period=base_period)


def figure_of(key: str) -> str:
    """The indicator that a key of `values` is about: `id`, `id{field=value}` for a slice, `id.quarter`."""
    return key.partition("{")[0].removesuffix(".quarter")


# ------------------------------------------------------------------------------------------------ as written


ExpectedOutcome = Literal["pass", "fail", "unknown"]


@written("case")
@dataclass(frozen=True, slots=True)
class WrittenCase:
    """One case as its file says it: `given` and `values` are free mappings, to be read by the forms they name."""

    name: str
    given: MarkedDict
    period: Period | None = None
    expect: Mapping[str, ExpectedOutcome | Mapping[str, ExpectedOutcome]] = field(default_factory=MarkedDict)
    values: MarkedDict = field(default_factory=MarkedDict)
    message: Mapping[str, str] = field(default_factory=MarkedDict)
    defined_at: Location = NOWHERE


@written("cases")
@dataclass(frozen=True, slots=True)
class CasesFile:
    """A file of cases, or what a definition file says of its own."""

    form: str = ""
    period: Period = field(kw_only=True)
    base: MarkedDict = field(default_factory=MarkedDict)
    base_period: str = ""
    units: tuple[Unit, ...] = ()
    cases: tuple[WrittenCase, ...] = field(kw_only=True)


# ------------------------------------------------------------------------------------------------ as meant


class _Reader:
    """Reads the cases of one file: names become codes, values the types of their fields."""

    def __init__(self, library: Library, top: CasesFile, file: str, problems: list[Problem]) -> None:
        self.library, self.top, self.problems = library, top, problems
        self.form = top.form or file.rsplit("/", 1)[-1].removesuffix(CASES)
        own = {unit.code for unit in top.units}
        kept = tuple(unit for unit in case_register().units if unit.code not in own)
        self.register = Register((*kept, *top.units))
        self.codes = {unit.name: unit.code for unit in self.register.units}
        self.settings = case_settings(library, top.base_period)

    def case(self, raw: WrittenCase) -> Case | None:
        """The case, or None when something in it is wrong."""
        before = len(self.problems)
        period = raw.period or self.top.period
        for named in (raw.expect, raw.message):
            assert isinstance(named, MarkedDict)
            strange = [check for check in named if check not in self.library.checks]
            self.problems += [
                unknown("definition-id-unknown", named.at(check), check, self.library.checks)
                for check in strange
            ]
        strange = [key for key in raw.values if figure_of(str(key)) not in self.library.indicators]
        self.problems += [
            unknown("definition-indicator-unknown", raw.values.at(key), key, self.library.indicators)
            for key in strange
        ]
        given = tuple(self._given(raw.given, period))
        if len(self.problems) > before:
            return None
        return Case(
            raw.name,
            raw.defined_at,
            period,
            self.register,
            self.settings,
            given,
            raw.expect,
            raw.values,
            raw.message,
        )

    def _given(self, raw: MarkedDict, period: Period) -> list[Returned]:
        """The returns that `given:` lists by form, or the one row of the file's form that its short form is."""
        keys = [str(key).partition("@")[0] for key in raw]
        if not any(key in self.library.forms for key in keys):
            return self._returns(self.form, period, [raw], raw.where, village=_case_unit(FIRST_VILLAGE).name)
        returned: list[Returned] = []
        for key, rows in raw.items():
            form, _, label = str(key).partition("@")
            at = periods.find(label) if label else period
            if at is None:
                data = {"key": str(key)}
                self.problems.append(Problem("definition-wants-period", raw.at(key), label, data=data))
            elif not isinstance(rows, list):
                data = {"key": str(key)}
                self.problems.append(Problem("definition-wants-list", raw.at(key), str(rows), data=data))
            else:
                returned += self._returns(form, at, rows, raw.at(key))
        return returned

    def _returns(
        self, form_id: str, period: Period, rows: list[Any], where: Location, village: str = ""
    ) -> list[Returned]:
        form = self.library.forms.get(form_id)
        if form is None:
            self.problems.append(unknown("definition-form-unknown", where, form_id, self.library.forms))
            return []
        if not rows:
            return [Returned(EAST, form_id, period)]
        typed = [self._row(form, row, where, village) for row in rows]
        typed.sort(key=lambda pair: pair[0])
        return [
            Returned(reporter, form_id, period, tuple(row for _, row in pairs))
            for reporter, pairs in groupby(typed, key=lambda pair: pair[0])
        ]

    def _row(
        self, form: Form, raw: object, where: Location, village_meant: str
    ) -> tuple[str, dict[str, Any]]:
        """Who reports the row, and the row with the codes of whom it is about. The reporter is `reporter` when given,
        else its village's township, else its township, else the first one. `village_meant`: the village of a row that
        names no unit."""
        if not isinstance(raw, MarkedDict):
            data = {"key": form.id}
            self.problems.append(
                Problem("definition-wants-mapping", where, str(raw), "village: …", data=data)
            )
            return EAST, {}
        base = self.top.base.get(form.id)
        whole = raw.over(base) if isinstance(base, MarkedDict) else raw
        units = {key: self._code(whole, key) for key in ("village", "township", "reporter")}
        village = units["village"] or ("" if any(units.values()) else self.codes.get(village_meant, ""))
        above = self.register.path(village, self.top.period.end)[1:2] if village else ()
        township = units["township"] or "".join(above)
        reporter = units["reporter"] or township or EAST
        is_township = any(unit.level == "township" for unit in self.register.by_code.get(reporter, ()))
        township = township or (reporter if is_township else "")
        values = {key: self._value(form, key, whole) for key in whole if key not in units}
        codes = {
            "village_code": village,
            "township_code": township,
            "unit_code": village or township or reporter,
        }
        return reporter, values | codes

    def _code(self, raw: MarkedDict, key: str) -> str:
        name = raw.get(key)
        if not name:
            return ""
        if name not in self.codes:
            self.problems.append(unknown("case-unit-unknown", raw.at(key), name, self.codes))
        return self.codes.get(str(name), "")

    def _value(self, form: Form, key: str, raw: MarkedDict) -> Any:
        value, where = raw[key], raw.at(key)
        field_ = form.by_id.get(key)
        if field_ is None:
            self.problems.append(
                unknown("definition-field-unknown", where, key, form.by_id, form=form.id, key="given")
            )
            return None
        if value is None:
            return None
        try:
            typed = _READ_AS[field_.type](value, where, self.problems)
        except kinds.Wrong as wrong:
            self.problems.append(wrong.problem(key, where))
            return None
        self._known_word(field_, typed, where)
        return typed

    def _known_word(self, field_: Field, value: Any, where: Location) -> None:
        words = [v.value for v in field_.values]
        if field_.type == "enum" and not field_.multi and value not in words:
            slug, data = "definition-wants-choice", {"key": field_.id}
            self.problems.append(Problem(slug, where, str(value), " | ".join(words), data=data))


def _integer(value: Any, _where: Location, _problems: list[Problem]) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise kinds.Wrong("integer", value)


_READ_AS: Mapping[FieldType, kinds.Read] = {
    **dict.fromkeys(get_args(FieldType), kinds.text),
    "int": _integer,
    "number": kinds.number,
    "money": kinds.number,
    "percent": kinds.number,
    "date": kinds.day,
    "month": kinds.day,
    "bool": kinds.flag,
}
"""How the value of a field stands in a case."""
