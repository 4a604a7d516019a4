"""What a report of one unit is made of: its figures, and what it asks beside them (peers, scores, registers, lists), each computed when
it is first asked; and the cells behind all of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cached_property, partial

from ruralpb.app.consistency import as_problems
from ruralpb.app.earlier import Earlier
from ruralpb.app.origins import Origins
from ruralpb.app.page_causes import PageCauses
from ruralpb.app.period_context import PeriodContext, seen_from
from ruralpb.app.report_plan import ReportPlan
from ruralpb.model import LEVELS, Address, Entry, Level, ListedRow, Register, Value
from ruralpb.publish.text import Closing, ReportData
from ruralpb.publish.text.unit_context import ListLine, MovingUnit, RegisterState, ScorePlace, UnitPlace
from ruralpb.rules.expressions import method

_FOLLOWED = 4
"""A trend goes back so many periods: with this quarter, a year and the quarter of last year."""


class PageContext:
    """The `ruralpb.publish.text.unit_context.UnitContext` of the unit a plan is about, out of an open period. `values` are those of its page,
    `problems` what of them could not be computed as defined."""

    def __init__(self, period: PeriodContext, plan: ReportPlan, closing: Closing | None = None) -> None:
        self._period, self._plan, self._closing = period, plan, closing
        values, problems = period.values(plan.unit, alone=plan.alone)
        # A page of one unit is not what the project says.
        told = as_problems(period.contradictions if plan.unit is None else ())
        self.values, self.problems = tuple(values), (*problems, *told)
        self._settings = seen_from(period.project, plan.unit).settings
        self._unit = self._settings.unit
        self._lists: dict[str, list[ListedRow]] = {}
        self._earlier: dict[str, Earlier] = {}
        self._followed: dict[str, Earlier] = {}

    @property
    def report_data(self) -> ReportData:
        """Everything the texts of the page read."""
        period, definitions = self._period, self._period.project.definitions
        library = definitions.worded(period.period.end, self._unit)
        return ReportData(
            self.values,
            period.checked.states,
            period.checked.failed(),
            library,
            definitions.register,
            self._settings,
            period.period,
            unit_context=self,
            closing=self._closing,
            amended=tuple(period.amended),
            audience=self._plan.audience,
            say_method=partial(method, library=library),
        )

    @property
    def _register(self) -> Register:
        return self._period.project.definitions.register

    @cached_property
    def _level(self) -> Level | None:
        unit = self._register.get(self._unit, self._period.period.end)
        return None if unit is None or unit.level == "office" else unit.level

    def peers(self) -> Sequence[Value]:
        """The values of the unit's level in the context project, ranked."""
        return self._period.peers(self._level) if self._level else ()

    def standings(self) -> Sequence[ScorePlace]:
        """Its places in the scores of units of its level, by the values of its peers."""
        scores = self._period.project.definitions.library.scores.values()
        return [
            ScorePlace(score.id, score.title, r.total, r.rank, r.ranked, r.group)
            for score in scores
            if self._level and score.enabled and score.level == self._level
            for r in self._period.ratings(score.id)
            if r.unit_code == self._unit
        ]

    def registers(self) -> Sequence[RegisterState]:
        """The registers at the period's end, of the unit and what lies below it."""
        below = {u.code for u in self._register.on(self._period.period.end, below=self._unit)}
        found = self._period.registers.of({self._unit, *below})
        return [
            _state(id, watch.title, [e for e in found.entries if e.watch == id], found.names)
            for id, watch in found.watches.items()
        ]

    def earlier(self, ids: Sequence[str]) -> Sequence[Value]:
        """The unit's values in the earlier periods of the year."""
        context = self._period
        stored = context.store.periods()
        found: list[Value] = []
        for period in context.period.year_to_date()[:-1]:
            if period.label in stored:
                before = Earlier(context.project, self._unit, context.store, period)
                found += self._earlier.setdefault(period.label, before).values(ids)
        return found

    def past(self, ids: Sequence[str]) -> Sequence[Value]:
        """The unit's values of some indicators in the last periods of the same kind that have returns."""
        context = self._period
        found: list[Value] = []
        for period in context.past(_FOLLOWED):
            before = Earlier(context.project, self._unit, context.store, period, context.session)
            found += self._followed.setdefault(period.label, before).values(ids)
        return found

    def places(self, score: str) -> Sequence[UnitPlace]:
        """The places in a score of the units below."""
        return self._causes.places(score)

    def movers(self, id: str, against: str) -> Sequence[MovingUnit]:
        """Who below the unit moved a figure."""
        return self._causes.movers(id, against)

    def lacking(self, id: str, wanted: Decimal) -> Sequence[MovingUnit]:
        """Who below the unit keeps a figure from what is wanted."""
        return self._causes.lacking(id, wanted)

    @cached_property
    def _causes(self) -> PageCauses:
        below = LEVELS[LEVELS.index(self._level) + 1 :] if self._level else ()
        return PageCauses(self._period, self._unit, below[0] if below else "village")

    def listed(self, id: str) -> Sequence[ListLine] | None:
        """The lines of a list below the unit."""
        lines = self._period.listed(id)
        if lines is None:
            return None
        self._lists[id] = [line for line in lines if self._unit in self._path(line)]
        return [ListLine(line.unit_code, line.township_code) for line in self._lists[id]]

    def _path(self, line: ListedRow) -> tuple[str, ...]:
        return self._register.path(line.unit_code or line.township_code, self._period.period.end)

    # ------------------------------------------------------------------------------------------ cells behind lists

    @cached_property
    def _origins(self) -> Origins:
        return self._period.origins(self.values, self._plan.unit)

    def cells(self, ids: Sequence[str]) -> Mapping[str, Sequence[Address]]:
        """The cells behind values and lists by id; ids it knows nothing of are passed over."""
        listed = ((id, self._looked_up(id)) for id in ids)
        return self._origins.cells(ids) | {id: cells for id, cells in listed if cells is not None}

    def _looked_up(self, id: str) -> tuple[Address, ...] | None:
        """The cells of the lines of `list:<id>@<unit>@<period>` (the head of each row), and those behind an earlier value."""
        label = id.rpartition("@")[2]
        kind, _, rest = id.partition(":")
        for earlier in (self._earlier, self._followed):
            if label in earlier and kind != "list" and earlier[label].has(id):
                return earlier[label].cells(id)
        name, _, where = rest.partition("@")
        if kind != "list" or name not in self._lists:
            return None
        unit = where.partition("@")[0]
        library = self._period.project.definitions.library
        form = library.forms.get(library.lists[name].relation)
        if form is None:
            return ()
        head = next((key for key in form.key if key in form.by_id), form.fields[0].id)
        cells = [
            (line.cell[1], line.cell[2], head)
            for line in self._lists[name]
            if line.cell and unit in self._path(line)
        ]
        addresses = self._period.store.addresses(cells)
        return tuple(addresses[cell] for cell in cells if cell in addresses)


def _state(id: str, title: str, entries: Sequence[Entry], names: Mapping[str, str]) -> RegisterState:
    open_ = [e for e in entries if e.state != "cleared"]
    return RegisterState(
        id=id,
        title=title,
        watched=sum(e.state == "watched" for e in entries),
        awaiting=sum(e.state == "awaiting" for e in entries),
        cleared=sum(e.state == "cleared" for e in entries),
        overdue=sum("overdue" in e.faults for e in open_),
        relapsed=sum("relapsed" in e.faults for e in open_),
        villages=tuple(
            dict.fromkeys(
                names[e.unit_code] for e in open_ if e.unit_code in names and e.unit_code != e.township_code
            )
        ),
    )
