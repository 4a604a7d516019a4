"""What a page of one unit asks beside its own figures: peers, scores, registers, lists. Each is computed when it is first asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property

from ruralpb import mechanisms
from ruralpb.briefing.beside import Line, RegisterState, Standing
from ruralpb.mechanisms import Entry, Listed
from ruralpb.model import Address, ReturnState, Value
from ruralpb.periods import Period
from ruralpb.pipeline import mechanisms as registers
from ruralpb.pipeline.figures import Question, computed
from ruralpb.pipeline.project import Project
from ruralpb.store import Session, Store


class Surroundings(Mapping[str, tuple[Address, ...]]):
    """`ruralpb.briefing.beside.Beside` over an open session; as a mapping it gives the cells behind the lists that were asked.

    `whole` is the project with its own unit, `unit` the code of the unit the page is about.
    """

    def __init__(
        self,
        whole: Project,
        unit: str,
        session: Session,
        store: Store,
        period: Period,
        states: Sequence[ReturnState],
    ) -> None:
        self._whole, self._unit, self._session, self._store, self._period = (
            whole,
            unit,
            session,
            store,
            period,
        )
        self._states = states
        self._lists: dict[str, list[Listed]] = {}

    def peers(self) -> Sequence[Value]:
        """The values of the unit's level in the whole project, ranked."""
        return self._peers

    @cached_property
    def _peers(self) -> list[Value]:
        register = self._whole.definitions.register
        unit = register.get(self._unit, self._period.end)
        if unit is None or unit.level == "office":
            return []
        # A session of the whole project: that of one unit does not know what the others owe.
        with self._whole.session(self._period) as session:
            return computed(self._whole, session, self._period, (unit.level,), Question(), self._states)[0]

    def standings(self) -> Sequence[Standing]:
        """Its places in the scores of units of its level, by the values of its peers."""
        definitions = self._whole.definitions
        library, register = definitions.library, definitions.register
        unit = register.get(self._unit, self._period.end)
        found = []
        for score in library.scores.values():
            if unit is None or not score.enabled or not score.level or score.level != unit.level:
                continue
            units = [
                u
                for u in register.on(self._period.end, below=self._whole.settings.unit)
                if u.level == score.level
            ]
            enough = self._enough()
            values = {key: v.value for key, v in enough.items()}
            targets = {key: v.target for key, v in enough.items()}
            ratings, _ = mechanisms.rated_units(score, library, units, values, self._period, targets)
            found += [
                Standing(score.id, score.title, r.total, r.rank, r.ranked, r.group)
                for r in ratings
                if r.unit_code == self._unit
            ]
        return found

    def _enough(self) -> dict[tuple[str, str], Value]:
        """The peers' values by indicator and unit; one below the least coverage is none (semantics S4)."""
        least = self._whole.settings.min_coverage
        return {
            (v.indicator, v.unit_code): v
            for v in self.peers()
            if not v.slice and v.expected and Decimal(100 * v.covered) >= least * v.expected
        }

    def registers(self) -> Sequence[RegisterState]:
        """The registers at the period's end, of the unit and what lies below it."""
        found = registers.watch(self._whole, self._period, (), self._unit)
        return [
            _state(id, watch.title, [e for e in found.entries if e.watch == id], found.names)
            for id, watch in found.watches.items()
        ]

    def listed(self, id: str) -> Sequence[Line] | None:
        """The lines of a list below the unit."""
        definitions = self._whole.definitions
        definition = definitions.library.lists.get(id)
        if definition is None or not definition.enabled:
            return None
        if id not in self._lists:
            lines, _ = mechanisms.listed(
                definition, definitions.library, definitions.register, self._period, self._session.query
            )
            self._lists[id] = [line for line in lines if self._unit in self._path(line)]
        return [Line(line.unit_code, line.township_code) for line in self._lists[id]]

    def _path(self, line: Listed) -> tuple[str, ...]:
        return self._whole.definitions.register.path(line.unit_code or line.township_code, self._period.end)

    # ------------------------------------------------------------------------------------------ cells behind lists

    def __getitem__(self, key: str) -> tuple[Address, ...]:
        """The cells of the lines of `list:<id>@<unit>@<period>`: the head of each row."""
        kind, _, rest = key.partition(":")
        id, _, where = rest.partition("@")
        if kind != "list" or id not in self._lists:
            raise KeyError(key)
        unit = where.partition("@")[0]
        form = self._whole.definitions.library.forms.get(self._whole.definitions.library.lists[id].relation)
        if form is None:
            return ()
        head = next((name for name in form.key if name in form.by_id), form.fields[0].id)
        cells = [
            (line.cell[1], line.cell[2], head)
            for line in self._lists[id]
            if line.cell and unit in self._path(line)
        ]
        addresses = self._store.addresses(cells)
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
