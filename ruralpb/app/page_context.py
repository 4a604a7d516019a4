"""What a page of one unit asks beside its own figures: peers, scores, registers, lists. Each is computed when it is first asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from ruralpb.app.earlier import Earlier
from ruralpb.app.period_context import Whole
from ruralpb.model import Address, Entry, Level, Register, Value
from ruralpb.publish.text.peers import Line, RegisterState, Standing
from ruralpb.rules.registers import Listed

_FOLLOWED = 4
"""A trend goes back so many periods: with this quarter, a year and the quarter of last year."""


class Surroundings(Mapping[str, tuple[Address, ...]]):
    """`ruralpb.publish.text.peers.Beside` for the page of one unit, by its code, out of the whole of a period; as a mapping it gives the
    cells behind the lists that were asked."""

    def __init__(self, whole: Whole, unit: str) -> None:
        self._whole, self._unit = whole, unit
        self._lists: dict[str, list[Listed]] = {}
        self._earlier: dict[str, Earlier] = {}
        self._followed: dict[str, Earlier] = {}

    @property
    def _register(self) -> Register:
        return self._whole.project.definitions.register

    @cached_property
    def _level(self) -> Level | None:
        unit = self._register.get(self._unit, self._whole.period.end)
        return None if unit is None or unit.level == "office" else unit.level

    def peers(self) -> Sequence[Value]:
        """The values of the unit's level in the whole project, ranked."""
        return self._whole.peers(self._level) if self._level else ()

    def standings(self) -> Sequence[Standing]:
        """Its places in the scores of units of its level, by the values of its peers."""
        scores = self._whole.project.definitions.library.scores.values()
        return [
            Standing(score.id, score.title, r.total, r.rank, r.ranked, r.group)
            for score in scores
            if self._level and score.enabled and score.level == self._level
            for r in self._whole.ratings(score.id)
            if r.unit_code == self._unit
        ]

    def registers(self) -> Sequence[RegisterState]:
        """The registers at the period's end, of the unit and what lies below it."""
        below = {u.code for u in self._register.on(self._whole.period.end, below=self._unit)}
        found = self._whole.registers.of({self._unit, *below})
        return [
            _state(id, watch.title, [e for e in found.entries if e.watch == id], found.names)
            for id, watch in found.watches.items()
        ]

    def earlier(self, ids: Sequence[str]) -> Sequence[Value]:
        """The unit's values in the earlier periods of the year."""
        whole = self._whole
        stored = whole.store.periods()
        found: list[Value] = []
        for period in whole.period.year_to_date()[:-1]:
            if period.label in stored:
                before = Earlier(whole.project, self._unit, whole.store, period)
                found += self._earlier.setdefault(period.label, before).values(ids)
        return found

    def past(self, id: str) -> Sequence[Value]:
        """The unit's values of an indicator in the last periods of the same kind that have returns."""
        whole = self._whole
        found: list[Value] = []
        for period in whole.past(_FOLLOWED):
            before = Earlier(whole.project, self._unit, whole.store, period, whole.session)
            found += self._followed.setdefault(period.label, before).values((id,))
        return found

    def listed(self, id: str) -> Sequence[Line] | None:
        """The lines of a list below the unit."""
        lines = self._whole.listed(id)
        if lines is None:
            return None
        self._lists[id] = [line for line in lines if self._unit in self._path(line)]
        return [Line(line.unit_code, line.township_code) for line in self._lists[id]]

    def _path(self, line: Listed) -> tuple[str, ...]:
        return self._register.path(line.unit_code or line.township_code, self._whole.period.end)

    # ------------------------------------------------------------------------------------------ cells behind lists

    def __getitem__(self, key: str) -> tuple[Address, ...]:
        """The cells of the lines of `list:<id>@<unit>@<period>`: the head of each row; those behind an earlier value."""
        label = key.rpartition("@")[2]
        for looked_back in (self._earlier, self._followed):
            if label in looked_back and not key.startswith("list:") and looked_back[label].has(key):
                return looked_back[label].cells(key)
        kind, _, rest = key.partition(":")
        id, _, where = rest.partition("@")
        if kind != "list" or id not in self._lists:
            raise KeyError(key)
        unit = where.partition("@")[0]
        library = self._whole.project.definitions.library
        form = library.forms.get(library.lists[id].relation)
        if form is None:
            return ()
        head = next((name for name in form.key if name in form.by_id), form.fields[0].id)
        cells = [
            (line.cell[1], line.cell[2], head)
            for line in self._lists[id]
            if line.cell and unit in self._path(line)
        ]
        addresses = self._whole.store.addresses(cells)
        return tuple(addresses[cell] for cell in cells if cell in addresses)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


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
