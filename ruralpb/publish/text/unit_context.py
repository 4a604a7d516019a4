"""What lies beside a unit and its figures: its peers, the registers it stands in, lists of rows. Asked for only by pages that need it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from ruralpb.model import Value


@dataclass(frozen=True, slots=True)
class ScorePlace:
    """A unit's points in a score, and its place in the group it is ranked in ("" for all)."""

    score: str
    title: str
    total: Decimal | None
    rank: int | None
    ranked: int
    group: str


@dataclass(frozen=True, slots=True)
class RegisterState:
    """How a register stands for the unit: subjects by state, and how many of those not cleared are overdue or have relapsed. `villages`
    are the units that are watched."""

    id: str
    title: str
    watched: int
    awaiting: int
    cleared: int
    overdue: int
    relapsed: int
    villages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListLine:
    """One line of a list: whom it is about, and the value it belongs to in the trace."""

    unit_code: str
    township_code: str


@dataclass(frozen=True, slots=True)
class MovingUnit:
    """A unit of the level below that moved a figure, or keeps it from its target, and the villages in it that account for that."""

    unit_code: str
    villages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnitPlace:
    """A unit's points in a score, its place among all that are rated (1 is best), and the place it had the period before; `weakest` are
    the criteria that lose most."""

    unit_code: str
    total: Decimal
    rank: int
    before: int | None
    weakest: tuple[str, ...]


class UnitContext(Protocol):
    """Answers questions of a page; each is computed when it is asked."""

    def places(self, score: str) -> Sequence[UnitPlace]:
        """The places in a score of the units of the level below, best first; nothing where the score rates another level."""

    def movers(self, id: str, against: str) -> Sequence[MovingUnit]:
        """Who moved the figure `id` since the period it is compared with (`previous`, `last_year`), the heaviest first."""

    def lacking(self, id: str, wanted: Decimal) -> Sequence[MovingUnit]:
        """Who keeps the figure `id` from `wanted`, as a share (1 for 100%); of a count, who has it."""

    def peers(self) -> Sequence[Value]:
        """The values of the unit and of the units of its level it is ranked among."""

    def standings(self) -> Sequence[ScorePlace]:
        """Its places in the scores of its level."""

    def registers(self) -> Sequence[RegisterState]:
        """The registers with something of it in them."""

    def earlier(self, ids: Sequence[str]) -> Sequence[Value]:
        """The unit's values of some indicators in the earlier periods of the year that have returns, sealed ones as sealed."""

    def past(self, ids: Sequence[str]) -> Sequence[Value]:
        """The unit's values of some indicators in the last periods of the same kind before this one that have returns, sealed ones as
        sealed."""

    def listed(self, id: str) -> Sequence[ListLine] | None:
        """The lines of a list below the unit; None where the project has no such list. The cells of its lines can be traced under
        `list:<id>@<unit>@<period>`, where the unit is the project's own or a township of it."""
