"""How a paper judges a period: what weighs how much, and from where on a figure is called good, behind or a problem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from ruralpb.core.problems import NOWHERE, Location
from ruralpb.model.keys import Name, written

MatterKind = Literal["missing", "fault", "target", "pace", "fall", "rise"]
"""Returns that were not handed in · a count of what must not be · a target missed · one due at the year's end that comes too slowly ·
a figure that fell, that rose."""


@written("verdict")
@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of a period of whose due targets at least `met` percent are reached and that has at most `severe` severe problems."""

    title: str
    met: Decimal = Decimal(0)
    severe: int | None = None


@written("assessment")
@dataclass(frozen=True, slots=True)
class AssessmentRules:
    """The rules of one assessment. A matter weighs severity × reach × distance × age:

    severity  `concerns` by indicator, else `kinds` by the kind of matter
    reach     the share of the units below that are concerned, at least `least_reach`
    distance  how far the figure is from its target (from what it was), in parts of `full_distance` points; 1 at most
    age       1, and `age_step` more for each period before in which it was a problem already
    """

    id: Name
    verdicts: tuple[Verdict, ...]
    kinds: Mapping[str, Decimal]
    concerns: Mapping[str, Decimal] = field(default_factory=dict)
    severe: Decimal = Decimal(4)
    """From this severity on a problem is severe: it comes before all that are not."""
    leading: Decimal = Decimal(100)
    """A domain of whose due targets at least so many percent are reached, without a severe problem, is called good."""
    lagging: Decimal = Decimal("1.5")
    """A domain whose problems weigh so much together is called behind."""
    full_distance: Decimal = Decimal(20)
    least_reach: Decimal = Decimal("0.2")
    age_step: Decimal = Decimal("0.25")
    near: Decimal = Decimal(1)
    """A target missed by less than so many points is left to the annex."""
    fall: Decimal = Decimal(5)
    """A rate without a target that fell by so many points is a problem."""
    rise: Decimal = Decimal(2)
    """A rate that rose by so many points, an amount that grew by so many percent, is an advance."""
    least_base: Decimal = Decimal(20)
    """A base of less than so many percent of the figure gives no rate of change: the counting has only begun."""
    fewest: int = 5
    """In a group of fewer units nobody is named first or last."""
    least_told: Decimal = Decimal("0.3")
    """A problem that weighs less is left to the annex."""
    problems: int = 6
    advances: int = 3
    """How many of each are told; the annex has all problems."""
    workdays: Mapping[str, int] = field(default_factory=dict)
    """Kind of matter (or `severe`) → working days, from the paper's own date, within which it must be put right."""
    score: str = ""
    """The score whose places are praised and blamed."""
    defined_at: Location = NOWHERE
