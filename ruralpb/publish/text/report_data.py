"""What a briefing is about: the values by indicator and unit, the names of units, the words for the level it reports on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from ruralpb.core import numbers
from ruralpb.core.periods import Period
from ruralpb.model import (
    Finding,
    Indicator,
    Level,
    Library,
    Method,
    Register,
    ReturnState,
    Settings,
    Unit,
    Value,
)
from ruralpb.publish.text.audience import Audience
from ruralpb.publish.text.figures import Facts, Figure, Phrase, Words, listed, phrase
from ruralpb.publish.text.ranking import Ranking, by_class, ranking
from ruralpb.publish.text.saying import Sayings
from ruralpb.publish.text.unit_context import UnitContext
from ruralpb.publish.text.wording import COVERED, Wording

CHILD_LEVEL: Mapping[Level, Level] = {
    "province": "city",
    "city": "county",
    "county": "township",
    "township": "village",
}
SINGLE = ".quarter"
"""What the id of a cumulative indicator bears where its single quarter is meant (semantics S5)."""

_SPAN = {"month": "月", "quarter": "季度", "year": "年"}
_WHOLE = "省市县区旗州盟镇乡"


@dataclass(frozen=True, slots=True)
class Closing:
    """How a period is closed. `reason` and `by`: why and by whose decision returns that are not accepted count as they stand
    (按现状定稿); "" where all are accepted."""

    reason: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class AmendedValue:
    """A value that counts in place of the reported one, both as they may be shown, and on what basis. `id` is the decision's."""

    id: str
    unit_code: str
    form: str
    field: str
    was: str
    now: str
    basis: str


@dataclass(frozen=True)
class ReportData:
    """Everything the sections read. `values` are of one period, all levels; `history` may hold earlier ones for trends."""

    values: tuple[Value, ...]
    returns: tuple[ReturnState, ...]
    findings: tuple[Finding, ...]
    library: Library
    register: Register
    settings: Settings
    period: Period
    facts: Facts = field(default_factory=Facts)
    history: tuple[Value, ...] = ()
    unit_context: UnitContext | None = None
    """What lies beside the unit and its figures: its peers, registers, lists. None where nobody can ask."""
    closing: Closing | None = None
    """The period is being closed with this briefing: it is no draft."""
    amended: tuple[AmendedValue, ...] = ()
    """Values of the period's returns that were amended: figures rest on them."""
    audience: Audience | None = None
    """For whom the document is, where that is said."""

    say_method: Callable[[Indicator], Method] | None = None
    """How an indicator is computed, in words. None where nobody can say."""

    # ------------------------------------------------------------------------------------------ earlier periods

    def past(self, id: str) -> tuple[Value, ...]:
        """The home unit's values of an indicator in earlier periods, as far as they are at hand."""
        self.look_back((id,))
        return self._past[id]

    def look_back(self, ids: Sequence[str]) -> None:
        """Fetch the earlier values of several indicators at once: what `past` then gives."""
        home = self.settings.unit
        wanted = [id for id in ids if id not in self._past]
        for id in wanted:
            self._past[id] = tuple(
                v for v in self.history if v.indicator == id and v.unit_code == home and not v.slice
            )
        lacking = [id for id in wanted if not self._past[id]]
        if lacking and self.unit_context is not None:
            asked = self.unit_context.past(lacking)
            self._past.update({id: tuple(v for v in asked if v.indicator == id) for id in lacking})

    @property
    def looked_back(self) -> tuple[Value, ...]:
        """The values of earlier periods that were asked for so far."""
        return tuple(value for values in self._past.values() for value in values)

    @cached_property
    def _past(self) -> dict[str, tuple[Value, ...]]:
        return {}

    # ------------------------------------------------------------------------------------------ units and their words

    @cached_property
    def home(self) -> Unit | None:
        """The reporting unit (本级) as it stands on the period's last day."""
        return self.register.get(self.settings.unit, self.period.end)

    @property
    def home_level(self) -> Level:
        """The level reported on; county when the register does not know the unit."""
        return self.home.level if self.home else "county"

    @property
    def child_level(self) -> Level:
        """The level that is ranked and named: townships in a county's briefing."""
        return CHILD_LEVEL.get(self.home_level, "village")

    @cached_property
    def children(self) -> tuple[Unit, ...]:
        """The units of the level below, in register order."""
        units = self.register.on(self.period.end, self.child_level, self.settings.unit)
        return tuple(sorted(units, key=lambda unit: (unit.sort_no, unit.code)))

    @cached_property
    def children_word(self) -> str:
        """乡镇（街道）, 县（市、区） … as the units at hand are called."""
        if self.child_level == "township":
            kinds = {unit.kind for unit in self.children}
            if kinds == {"街道"}:
                return self.say.text("report_data.children.subdistricts")
            return self.say.text(
                "report_data.children.mixed" if "街道" in kinds else "report_data.children.townships"
            )
        return {
            "city": self.say.text("report_data.children.cities"),
            "county": self.say.text("report_data.children.counties"),
            "village": self.say.text("report_data.children.villages"),
        }[self.child_level]

    @property
    def scope(self) -> str:
        """全市, 全县, 全镇 …"""
        name = self.home.name if self.home else ""
        return (
            self.say.text("report_data.scope", kind=name[-1])
            if name and name[-1] in _WHOLE
            else self.say.text("report_data.scope_of_area")
        )

    @property
    def span(self) -> str:
        """季度, 月 or 年."""
        return _SPAN[self.period.kind]

    @cached_property
    def say(self) -> Sayings:
        """What the report can say, in the project's words."""
        return Sayings(self.library.phrases)

    @cached_property
    def wording(self) -> Wording:
        """The wording for this report."""
        return Wording(self.facts, self.span, self.scope, say=self.say)

    @cached_property
    def order(self) -> dict[str, int]:
        """Unit code → place in the register, sort numbers first."""
        units = sorted(self.register.on(self.period.end), key=lambda unit: (unit.sort_no, unit.code))
        return {unit.code: place for place, unit in enumerate(units)}

    def child(self, code: str) -> str:
        """The unit of the level below that `code` belongs to (a village's township, in a county's briefing), else itself."""
        for above in self.register.path(code, self.period.end):
            unit = self.register.get(above, self.period.end)
            if unit is not None and unit.level == self.child_level:
                return above
        return code

    def name(self, code: str) -> str:
        """A unit's name on the period's last day, else the last it had, else its code."""
        unit = self.register.get(code, self.period.end) or next(
            iter(self.register.by_code.get(code, ())), None
        )
        return unit.name if unit else code

    def names(self, codes: Iterable[str]) -> list[str]:
        """Names in register order, each once."""
        return [
            self.name(code) for code in sorted(set(codes), key=lambda code: (self.order.get(code, 0), code))
        ]

    # ------------------------------------------------------------------------------------------ values

    @cached_property
    def _by_key(self) -> Mapping[tuple[str, str, tuple[tuple[str, str], ...]], Value]:
        return {(v.indicator, v.unit_code, v.slice): v for v in self.values if v.period == self.period.label}

    @cached_property
    def _by_level(self) -> Mapping[tuple[str, Level], list[Value]]:
        found: dict[tuple[str, Level], list[Value]] = {}
        for value in self._by_key.values():
            if not value.slice:
                found.setdefault((value.indicator, value.level), []).append(value)
        return found

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """The indicators that have a value for the home unit, in library order, domain by domain."""
        known = [
            i for i in self.library.indicators.values() if (i.id, self.settings.unit, ()) in self._by_key
        ]
        domains = list(self.library.domains)
        place = {domain: number for number, domain in enumerate(domains)}
        return tuple(sorted(known, key=lambda i: place.get(i.domain, len(place))))

    def indicator(self, value: Value) -> Indicator:
        """The definition behind a value, the cumulative one's for a single quarter."""
        return self.library.indicators[value.indicator.removesuffix(SINGLE)]

    @cached_property
    def _owed(self) -> frozenset[str]:
        return frozenset(state.form for state in self.returns)

    def owed(self, indicator: Indicator) -> bool:
        """False where a form the indicator reads was owed by nobody for the period: then nobody failed to return it either."""
        return not self._owed or self.method(indicator).forms <= self._owed

    def method(self, indicator: Indicator) -> Method:
        """How an indicator is computed, asked once."""
        if indicator.id not in self._methods:
            forms = frozenset(part.of for part in indicator.aggregates) & set(self.library.forms)
            unsaid = Method("", (), forms)
            self._methods[indicator.id] = self.say_method(indicator) if self.say_method else unsaid
        return self._methods[indicator.id]

    @cached_property
    def _methods(self) -> dict[str, Method]:
        return {}

    def home_value(self, indicator: str) -> Value | None:
        """The home unit's value."""
        return self._by_key.get((indicator, self.settings.unit, ()))

    def value_of(self, indicator: str, unit_code: str) -> Value | None:
        """One unit's value."""
        return self._by_key.get((indicator, unit_code, ()))

    def values_at(self, indicator: str, level: Level) -> Sequence[Value]:
        """The values of one level, in register order."""
        values = self._by_level.get((indicator, level), ())
        return sorted(values, key=lambda v: (self.order.get(v.unit_code, len(self.order)), v.unit_code))

    def failed(self, indicator: Indicator) -> list[Value]:
        """The values of the level below that miss their target, the worst first. Of a whole that is covered in full nobody lacks
        anything: where a village shows less, another covers for it (its households are in a neighbour's project)."""
        whole = self.home_value(indicator.id)
        if whole is not None and self.wording.full(indicator, whole) == COVERED:
            return []
        failed = [
            v
            for v in self.values_at(indicator.id, self.child_level)
            if v.status in ("failed", "behind") and not self._prints_as_target(indicator, v)
        ]
        return sorted(failed, key=lambda v: v.value or Decimal(0), reverse=indicator.better == "lower")

    @staticmethod
    def _prints_as_target(indicator: Indicator, value: Value) -> bool:
        """74.98% of 75% prints as 75.0%: a reader who redoes the subtraction finds nothing to blame (domain 7.3, rule 3)."""
        if value.value is None or value.target is None:
            return False
        away = numbers.point_difference(value.value, value.target, indicator.decimals, indicator.measure)
        return away.is_zero()

    def slices(self, indicator: str, unit_code: str) -> list[Value]:
        """The breakdown of one unit's value, in the order the values came."""
        return [
            v for (id, unit, cut), v in self._by_key.items() if id == indicator and unit == unit_code and cut
        ]

    def ranking(self, indicator: Indicator) -> Ranking:
        """The ranking of the level below."""
        return ranking(indicator, self.values_at(indicator.id, self.child_level), self.order)

    def rankings(self, indicator: Indicator) -> list[Ranking]:
        """The ranking of the level below, one for each class where classes are ranked apart."""
        found = self.ranking(indicator)
        if not self.settings.ranking.classes:
            return [found]
        return by_class(found, {unit.code: unit.unit_class for unit in self.children})

    # ------------------------------------------------------------------------------------------ facts of the briefing

    def fact_id(self, what: str) -> str:
        """The id of a fact about the home unit and the period that is no indicator."""
        return f"{what}@{self.settings.unit}@{self.period.label}"

    def count(self, what: str, number: int, says: str) -> Figure:
        """A count of returns, findings or units as a fact."""
        return self.facts.count(self.fact_id(what), number, says)

    @property
    def waiting(self) -> list[ReturnState]:
        """The returns that are owed or have come and are not accepted."""
        return [state for state in self.returns if state.status != "accepted"]

    @property
    def as_is(self) -> Phrase:
        """按现状定稿, where the period is closed with returns that are not accepted; else empty. The reason is for the journal."""
        return self.say("report_data.as_is") if self.closing is not None and self.closing.reason else phrase()

    def title(self, indicator: Indicator) -> Words:
        """The indicator's title; a fact where it has digits."""
        return self.wording.name(indicator)

    def heading(self, indicator: Indicator) -> Phrase:
        """The title with its measure, for the head of a column."""
        measure = f"（{indicator.measure}）" if indicator.measure else ""
        return phrase(self.title(indicator), measure)

    def missing(self, value: Value) -> Phrase:
        """自四季度起统计，不含未报的××镇: what of the year a sum covers, where its form began later, and the reporters it lacks."""
        return listed((self._since(value), self.wording.missing(value, self.names(value.missing))), "，")

    def _since(self, value: Value) -> Phrase:
        indicator = self.library.indicators.get(value.indicator)
        first = self.library.since(indicator, self.period) if indicator else None
        if first is None:
            return Phrase()
        if first == self.period:
            return self.say("wording.since_period", span=self.span)
        names = self.say.list("wording.quarters" if first.kind == "quarter" else "wording.months")
        number = first.quarter_number if first.kind == "quarter" else first.end.month
        return self.say("wording.since", period=self.facts.name(f"{value.id}#since", names[number - 1]))
