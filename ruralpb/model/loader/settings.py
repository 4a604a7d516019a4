"""ruralpb.yaml → Settings, checked against the register and the library it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from ruralpb.core import periods
from ruralpb.core.problems import Problem
from ruralpb.model import DueRule, Form, Register, Settings
from ruralpb.model.loader import marked
from ruralpb.model.loader.marked import MarkedDict
from ruralpb.model.loader.shapes import read
from ruralpb.model.loader.suggest import renamed, unknown

FILE = "ruralpb.yaml"


def settings(content: bytes) -> tuple[Settings | None, MarkedDict, list[Problem]]:
    """What ruralpb.yaml says, its text with line marks, and what is wrong with it by itself."""
    raw, problems = marked.read(content, FILE)
    found = read(Settings, raw, raw.where, problems)
    words = raw.get("report")
    if isinstance(words, MarkedDict) and "return_days" in words:
        problems.append(renamed(words.at("return_days"), "report: return_days", "answer_workdays"))
    if found and found.base_period:
        period = periods.find(found.base_period)
        if period is None:
            problems.append(
                Problem(
                    "table-period", raw.at("base_period"), found.base_period, data={"column": "base_period"}
                )
            )
        found = replace(found, base_period=period.label if period else "")
    if found:
        problems += _documents(found, raw)
    return found, raw, problems


def _documents(found: Settings, raw: MarkedDict) -> Iterator[Problem]:
    """Numbers and dates of documents that cannot be: of no period, signed before its end, of another year than the date, used twice."""
    places = raw.get("documents")
    used: dict[str, str] = {}
    for label, stamp in found.documents.items():
        where = places.at(label) if isinstance(places, MarkedDict) else raw.at("documents")
        period = periods.find(label)
        if period is None or period.label != label:
            yield Problem("table-period", where, label, data={"column": "documents"})
            continue
        if stamp.signed_on is not None and stamp.signed_on <= period.end:
            yield Problem("document-date", where, stamp.signed_on.isoformat(), period.end.isoformat())
        year = _YEAR.search(stamp.number)
        if year and stamp.signed_on is not None and int(year[1]) != stamp.signed_on.year:
            yield Problem("document-year", where, stamp.number, str(stamp.signed_on.year))
        if stamp.number in used:
            yield Problem("document-number-twice", where, stamp.number, used[stamp.number])
        if stamp.number:
            used[stamp.number] = label


_YEAR = re.compile(r"〔(\d{4})〕")
"""The year in a document's number: 沅组通〔2026〕5号."""


def settled(
    found: Settings, raw: MarkedDict, forms: Mapping[str, Form], register: Register
) -> tuple[Settings, list[Problem]]:
    """The settings with `forms: all` spelled out, and the units and forms they name that do not exist."""
    problems: list[Problem] = []
    if found.unit not in register.by_code:
        problems.append(
            unknown("unit-code-unknown", raw.at("unit"), found.unit, register.by_code, column="unit")
        )
    if not found.due:
        problems.append(Problem("settings-no-due", raw.at("due"), severity="query"))
    rules = raw.get("due")
    places = [r for r in rules if isinstance(r, MarkedDict)] if isinstance(rules, list) else []
    for rule, place in zip(found.due, places, strict=False):
        problems += _unknown_in(rule, place, forms, register)
    due = tuple(replace(r, forms=tuple(forms)) if r.forms == ("all",) else r for r in found.due)
    return replace(found, due=due), problems


def _unknown_in(
    rule: DueRule, place: MarkedDict, forms: Mapping[str, Form], register: Register
) -> Iterator[Problem]:
    for form in rule.forms:
        if form not in forms and rule.forms != ("all",):
            yield unknown("definition-form-unknown", place.at("forms"), form, forms)
    for key in ("codes", "excused"):
        for code in getattr(rule, key):
            if code not in register.by_code:
                yield unknown("unit-code-unknown", place.at(key), code, register.by_code, column=key)
