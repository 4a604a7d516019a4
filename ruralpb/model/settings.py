"""A project's settings: who owes what and when, targets, how the briefing is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ruralpb.core.periods import Kind
from ruralpb.model.register import Level

REPORT_FORMATS = ("docx", "html", "xlsx", "pdf", "md")
"""The formats a report can be written in, the usual three first; a module of `publish.documents.formats` writes each."""


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
class RunRule:
    """What `ruralpb run` does after it has taken the inbox in and checked: send returns back, write reports. `templates`: the
    reports; empty: that of `template`."""

    feedback: bool = False
    report: bool = True
    templates: tuple[str, ...] = ()


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
    answer_workdays: int = 2
    """Working days within which a reporter answers: after the day a return was sent back, and after that of a reminder (修改重报: two)."""
    inbox: str = "returns"
    out: str = "out"
    formats: tuple[str, ...] = REPORT_FORMATS[:3]
    template: str = "quarterly"
    base_period: str = ""
    min_coverage: Decimal = Decimal(80)
    ranking_classes: bool = False
    report: Mapping[str, str] = field(default_factory=dict)
    """issuer, number, to, cc, contact, signed_on … as the templates use them."""
    seen_from: str = ""
    """Code of the project's own unit where `unit` is another, for whom a paper is written (--unit); "" where it is its own."""
    fonts: Mapping[str, str] = field(default_factory=dict)
    run: RunRule = RunRule()
