"""Why figures are not what they were: figures before and after, and the steps between, down to cells."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class FigureState:
    """A figure before or after: exact amounts (exported text) and what is printed."""

    numerator: str
    denominator: str
    printed: str


@dataclass(frozen=True, slots=True)
class ChangedCell:
    """One cell before and after; "" where there was, or is, none. Personal values are ***."""

    field: str
    before: str
    after: str
    before_at: str
    after_at: str


@dataclass(frozen=True, slots=True)
class Step:
    """One reason: on which side, what happened (a kind of `ruralpb.rules.lineage.attribution`, or `amended`, `looked_up`), in which unit, by
    how much, in which cells."""

    side: str
    kind: str
    unit_code: str
    unit: str
    by: Decimal
    cells: tuple[ChangedCell, ...]


@dataclass(frozen=True, slots=True)
class ChangedStandard:
    """A standard with another value than before; "" where it has none, 分档 for bands."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class MovedFigure:
    """One figure: before, after, and the steps between, whose sums by side are the differences. `slice`: the class, where it is one of
    a breakdown. `reason`: why it has no value before or after. `rests_on`: the titles of the indicators a derived one is made of; it has
    no steps of its own."""

    indicator: str
    title: str
    measure: str
    before: FigureState
    after: FigureState
    steps: tuple[Step, ...]
    reason: str = ""
    slice: tuple[tuple[str, str], ...] = ()
    rests_on: tuple[str, ...] = ()
    standards: tuple[ChangedStandard, ...] = ()
    """Those it uses that have another value now, where that is a reason."""

    @property
    def changed(self) -> bool:
        """False where the rows behind it are others and it comes to the same."""
        return self.before != self.after

    def total(self, side: str) -> Decimal:
        """How much the steps of one side come to."""
        return sum((step.by for step in self.steps if step.side == side), Decimal(0))


@dataclass(frozen=True, slots=True)
class Diff:
    """The figures of `unit` that moved from `before` to `after` (labels of periods); `since`: the earlier state of one period, a day
    or `seal`. Breakdowns follow the figure they are of."""

    unit: str
    before: str
    after: str
    moved: tuple[MovedFigure, ...]
    since: str = ""
