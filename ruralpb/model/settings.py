"""A project's settings: who owes what and when, targets, how the briefing is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Literal, get_args

from ruralpb.core.periods import Kind, Period
from ruralpb.model.keys import Between, KeyTrait, OneOrMany, written
from ruralpb.model.unit_register import Level

ReportFormatName = Literal["docx", "html", "xlsx", "pdf", "md"]
REPORT_FORMATS: tuple[ReportFormatName, ...] = get_args(ReportFormatName)
"""The formats a report can be written in, the usual three first; a module of `publish.documents.formats` writes each."""


@dataclass(frozen=True, slots=True)
class DueRule:
    """Who owes which forms and when. `workday` counts working days after the period's end. `kinds` and `codes` narrow the
    units of `level`; `excused` names codes that owe nothing."""

    forms: OneOrMany[str]
    level: Level = "township"
    workday: int = 5
    kinds: OneOrMany[str] = ()
    codes: OneOrMany[str] = ()
    excused: OneOrMany[str] = ()
    periods: OneOrMany[Kind] = ("quarter",)


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One row of targets.csv: overrides the definition's target."""

    indicator: str
    unit_code: str
    period: str
    value: Decimal


@written("run")
@dataclass(frozen=True, slots=True)
class RunRule:
    """What `ruralpb run` does after it has taken the inbox in and checked: send returns back, write reports. `templates`: the
    reports; empty: that of `template`."""

    feedback: bool = False
    report: bool = True
    templates: OneOrMany[str] = ()


@written("ranking")
@dataclass(frozen=True, slots=True)
class RankingRule:
    """Who is ranked with whom: units below `min_coverage` percent of what is due are not ranked; with `classes` townships are
    ranked among those of their class."""

    min_coverage: Decimal = Decimal(80)
    classes: bool = False


@written("document")
@dataclass(frozen=True, slots=True)
class DocumentStamp:
    """The number (发文字号) and date of the paper of one period."""

    number: str = ""
    signed_on: date | None = None


@written(renamed={"reminder_workdays": "answer_workdays"})
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
    answer_workdays: Annotated[int, Between(1, 60)] = 2
    """Working days within which a reporter answers: after the day a return was sent back, and after that of a reminder (修改重报: two)."""
    inbox: str = "returns"
    ignore: OneOrMany[str] = ()
    """What in the inbox is no return: names of files and folders, or paths below the inbox, * and ? standing for anything."""
    out: str = "out"
    formats: OneOrMany[ReportFormatName] = REPORT_FORMATS[:3]
    template: str = "quarterly"
    base_period: str = ""
    ranking: RankingRule = RankingRule()
    report: Mapping[str, str] = field(default_factory=dict)
    """issuer, to, cc, contact … as the templates use them."""
    documents: Mapping[str, DocumentStamp] = field(default_factory=dict)
    """Period → number and date of its circular: they belong to one document, not to the project."""
    lead_offices: Mapping[str, str] = field(default_factory=dict)
    """Domain of indicators (or one indicator, or `missing` returns) → the office that takes the lead (牵头单位); `other` for all that are not named."""
    seen_from: Annotated[str, KeyTrait.UNWRITTEN] = ""
    """Code of the project's own unit where `unit` is another, for whom a paper is written (--unit); "" where it is its own."""
    fonts: Mapping[str, str] = field(default_factory=dict)
    run: RunRule = RunRule()

    def document(self, period: Period) -> DocumentStamp:
        """Return number and date of the paper of `period`: those given for it, else those of `report`, which hold for a paper that is
        signed in the three months after the period. An earlier quarter never bears a later paper's date."""
        if period.label in self.documents:
            return self.documents[period.label]
        try:
            signed = date.fromisoformat(self.report.get("signed_on", ""))
        except ValueError:
            return DocumentStamp()
        fits = period.end < signed <= period.end + timedelta(days=_SIGNED_WITHIN)
        return DocumentStamp(self.report.get("number", ""), signed) if fits else DocumentStamp()


_SIGNED_WITHIN = 92
"""Days after a period's end within which its paper is signed."""
