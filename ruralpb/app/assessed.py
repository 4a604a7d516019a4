"""Assessed: why a paper says what it says — the verdict, and every matter with the factors of its weight."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ruralpb.app.page_context import PageContext
from ruralpb.app.period_context import opened
from ruralpb.app.project import Project
from ruralpb.app.report_plan import ReportRequest, planned
from ruralpb.core.periods import Period
from ruralpb.publish.text import compose
from ruralpb.publish.text.assessment import Matter


@dataclass(frozen=True, slots=True)
class WeighedMatter:
    """One matter: an advance or a problem, whether it is told and severe, its factors (`ruralpb.model.assessment`), how many units it concerns."""

    side: str
    kind: str
    id: str
    title: str
    told: bool
    severe: bool
    units: int
    severity: Decimal
    reach: Decimal
    distance: Decimal
    age: Decimal
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Assessed:
    """The verdict of a period, of how many due targets how many are reached or nearly so, and all matters, heaviest first."""

    period: str
    verdict: str
    due: int
    reached: int
    matters: tuple[WeighedMatter, ...]


def assessed(project: Project, period: Period, today: date, request: ReportRequest) -> Assessed:
    """Return how the paper of a period was judged. Raises CannotRun as `report` does."""
    with opened(project, period, today) as context:
        data = PageContext(context, planned(project, period, request)).report_data
        assessment = compose(data).assessment
        rules = assessment.rules
        problems = [_weighed("problem", m, n < rules.problems) for n, m in enumerate(assessment.problems)]
        advances = [_weighed("advance", m, n < rules.advances) for n, m in enumerate(assessment.advances)]
        verdict = assessment.verdict
        return Assessed(
            period.label,
            verdict.title if verdict else "",
            len(assessment.due),
            len(assessment.reached),
            (*problems, *advances),
        )


def _weighed(side: str, matter: Matter, told: bool) -> WeighedMatter:
    weight = matter.weight
    factors = (weight.severity, weight.reach, weight.distance, weight.age, weight.total)
    rounded = tuple(factor.quantize(Decimal("0.01")) for factor in factors)
    title = matter.indicator.title if matter.indicator else ""
    return WeighedMatter(
        side, matter.kind, matter.id, title, told, matter.severe, len(matter.codes), *rounded
    )
