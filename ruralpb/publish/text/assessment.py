"""A period judged: what has advanced, what is a problem, how heavy each is, and what is to be said of each domain and of the whole.

Pure: figures, returns and rules (`AssessmentRules` of the library) in; matters in the order of their weight out. Nothing here has
words: `circular` says them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Literal

from ruralpb.core import numbers
from ruralpb.model import Comparison, Indicator, ReturnState, Value
from ruralpb.model.assessment import AssessmentRules, MatterKind, Verdict
from ruralpb.publish.text.report_data import ReportData
from ruralpb.publish.text.sections import has_come
from ruralpb.publish.text.trends import complete, is_amount, is_ratio, tone

CIRCULAR = "circular"
"""The assessment a circular goes by."""

Standing = Literal["good", "fair", "behind"]

_ONE, _HUNDRED = Decimal(1), Decimal(100)
_SMALL = 10
"""A rate of fewer says nothing by how it moved: one of two is 50 points."""
_FAR = 5
"""So many times `near` a single unit must be short for a target that the whole nearly reaches to be a problem."""
_GROWTH = 3
"""So many times `rise` an amount or a count must have grown to be an advance: points weigh more than percent."""


@dataclass(frozen=True, slots=True)
class Weight:
    """How heavy a matter is, by its four factors."""

    severity: Decimal
    reach: Decimal
    distance: Decimal
    age: Decimal

    @property
    def total(self) -> Decimal:
        """Their product."""
        return self.severity * self.reach * self.distance * self.age


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing to tell. `units` are the values of the units below that are concerned, worst first (of an advance: none); `codes` the units
    themselves. Of `missing` there is no indicator."""

    kind: MatterKind
    weight: Weight
    severe: bool
    codes: tuple[str, ...]
    indicator: Indicator | None = None
    value: Value | None = None
    units: tuple[Value, ...] = ()
    against: Literal["", "previous", "last_year"] = ""
    """The comparison by which it fell or rose."""

    @property
    def id(self) -> str:
        """The indicator's id, or the kind."""
        return self.indicator.id if self.indicator else self.kind

    @property
    def domain(self) -> str:
        """The indicator's domain; "" where there is none."""
        return self.indicator.domain if self.indicator else ""


@dataclass(frozen=True)
class Assessment:
    """The figures of `data` judged by `rules`."""

    data: ReportData
    rules: AssessmentRules

    # ------------------------------------------------------------------------------------------ problems

    @cached_property
    def problems(self) -> tuple[Matter, ...]:
        """Returns that are missing first, then severe problems, then the others, the heaviest first."""
        found = [*self._missing(), *(m for i in self._told if (m := self._problem(i, self._value(i))))]
        return tuple(sorted(found, key=lambda m: (m.kind != "missing", not m.severe, -m.weight.total, m.id)))

    @cached_property
    def _told(self) -> tuple[Indicator, ...]:
        """The indicators of which something can be said: those with a value of which something is left without its suspect rows."""
        found = ((i, self.data.home_value(i.id)) for i in self.data.indicators)
        return tuple(i for i, v in found if v is not None and v.sound is not None and not i.derived)

    def _value(self, indicator: Indicator) -> Value:
        value = self.data.home_value(indicator.id)
        assert value is not None
        return value

    def _missing(self) -> Iterator[Matter]:
        owing = [s for s in self.data.returns if not has_come(s) and s.timeliness != "not_due"]
        if owing:
            count = _by_reporter(owing)
            codes = tuple(sorted(count, key=lambda code: (-count[code], self.data.order.get(code, 0))))
            everyone = len({state.reporter_code for state in self.data.returns})
            weight = self._weight("missing", "missing", len(codes), everyone, _ONE, 0)
            yield Matter("missing", weight, True, codes)

    def _problem(self, indicator: Indicator, value: Value) -> Matter | None:
        if indicator.better == "lower" and not is_ratio(indicator, value):
            return self._fault(indicator, value)
        if indicator.better == "neither":
            return None
        if value.status in ("failed", "behind"):
            return self._shortfall(indicator, value)
        return self._slow(indicator, value) or self._fallen(indicator, value)

    def _fault(self, indicator: Indicator, value: Value) -> Matter | None:
        """A count of what must not be: where a target says none, or the rules name it."""
        none_wanted = indicator.target is not None and not indicator.target.value
        if not value.value or not value.sound or not (none_wanted or indicator.id in self.rules.concerns):
            return None
        having = sorted(
            (v for v in self._below(indicator) if v.value), key=lambda v: (-(v.value or 0), self._place(v))
        )
        distance = _ONE - _ONE / (_ONE + value.value)
        return self._matter("fault", indicator, value, having, distance)

    def _shortfall(self, indicator: Indicator, value: Value) -> Matter | None:
        """A target that is due and missed: by the whole, or by some unit so far that it counts."""
        missed = [v for v in self.data.failed(indicator) if not v.is_suspect]
        gaps = [self._gap(indicator, v, v.target) for v in missed]
        # What only suspect rows bring below its target is a question of the data, not a problem of the work.
        as_reported = self._gap(indicator, replace(value, suspect_rows=0), value.target)
        gap, worst = (
            min(self._gap(indicator, value, value.target), as_reported),
            max(gaps, default=Decimal(0)),
        )
        near, share = self.rules.near, Decimal(len(missed)) / max(1, len(self._below(indicator)))
        if gap <= near and worst < _FAR * near:
            return None
        distance = max(gap, worst * share) / self.rules.full_distance
        return self._matter("target", indicator, value, missed, min(_ONE, distance))

    def _slow(self, indicator: Indicator, value: Value) -> Matter | None:
        """A target due at the year's end of which less is done than of the year has passed."""
        goal = value.target
        if indicator.target is None or indicator.target.per != "year_end" or goal is None or value.status:
            return None
        due = goal * self.elapsed
        gap = min(self._gap(indicator, value, due), self._gap(indicator, replace(value, suspect_rows=0), due))
        if indicator.better != "higher" or gap <= self.rules.near:
            return None
        slow = [v for v in self._below(indicator) if v.value is not None and self._gap(indicator, v, due) > 0]
        slow.sort(key=lambda v: (v.value or Decimal(0), self._place(v)))
        return self._matter("pace", indicator, value, slow, min(_ONE, gap / self.rules.full_distance))

    @property
    def elapsed(self) -> Decimal:
        """How much of the year has passed at the period's end, 0 to 1."""
        return Decimal(self.data.period.end.month) / 12

    def _fallen(self, indicator: Indicator, value: Value) -> Matter | None:
        """A rate that fell by `fall` points, an amount of money that fell by as many percent."""
        if indicator.better != "higher":
            return None
        against, moved = self._moved(indicator, value)
        if not against or moved > -self.rules.fall or shifted(value):
            return None
        moves = {v.unit_code: self._rise(indicator, getattr(v, against)) or 0 for v in self._below(indicator)}
        fell = [v for v in self._below(indicator) if moves[v.unit_code] < 0]
        fell.sort(key=lambda v: (moves[v.unit_code], self._place(v)))
        distance = min(_ONE, -moved / self.rules.full_distance)
        return self._matter("fall", indicator, value, fell, distance, against)

    def _matter(
        self,
        kind: MatterKind,
        indicator: Indicator,
        value: Value,
        units: Sequence[Value],
        distance: Decimal,
        against: Literal["", "previous", "last_year"] = "",
    ) -> Matter:
        age = self._age(indicator, value) if kind in ("fault", "target") else 0
        weight = self._weight(kind, indicator.id, len(units), len(self.data.children), distance, age)
        severe = kind != "rise" and weight.severity >= self.rules.severe
        codes = tuple(v.unit_code for v in units)
        return Matter(kind, weight, severe, codes, indicator, value, tuple(units), against)

    def _weight(
        self, kind: MatterKind, id: str, concerned: int, of: int, distance: Decimal, age: int
    ) -> Weight:
        rules = self.rules
        severity = rules.concerns.get(id, rules.kinds.get(kind, _ONE))
        reach = max(rules.least_reach, Decimal(concerned) / max(1, of))
        return Weight(severity, min(_ONE, reach), distance, _ONE + rules.age_step * age)

    def _age(self, indicator: Indicator, value: Value) -> int:
        """In how many periods without a break before this one it was a problem already, as far as comparisons tell: the period before,
        and the one of a year ago."""
        bases = [c.base for c in (value.previous, value.last_year) if c is not None]
        goal = value.target or Decimal(0)
        bad = (b is not None and (b > goal if indicator.better == "lower" else b < goal) for b in bases)
        return sum(bad)

    def _gap(self, indicator: Indicator, value: Value, goal: Decimal | None) -> Decimal:
        """By how many points (of what is no rate: percent of the goal) a value lies short of a goal; negative beyond it."""
        number = value.sound
        if number is None or goal is None:
            return Decimal(0)
        if indicator.is_rate:
            away = numbers.point_difference(number, goal, indicator.decimals, indicator.measure)
        else:
            away = numbers.quotient(number - goal, abs(goal) or _ONE, 100) or Decimal(0)
        return away if indicator.better == "lower" else -away

    # ------------------------------------------------------------------------------------------ advances

    @cached_property
    def advances(self) -> tuple[Matter, ...]:
        """What rose, or was cleared, the heaviest first; nothing that is a problem all the same."""
        problems = {matter.id for matter in self.problems}
        found = [m for i in self._told if i.id not in problems and (m := self._advance(i, self._value(i)))]
        return tuple(sorted(found, key=lambda m: (-m.weight.total, m.id)))

    def _advance(self, indicator: Indicator, value: Value) -> Matter | None:
        if indicator.better == "neither" or value.status in ("failed", "behind") or not complete(value):
            return None
        if shifted(value):
            return None
        against, moved = self._moved(indicator, value)
        cleared = indicator.better == "lower" and not is_ratio(indicator, value)
        if cleared:
            return self._cleared(indicator, value)
        least = self.rules.rise if indicator.is_rate else self.rules.rise * _GROWTH
        if not against or moved < least:
            return None
        rose = [v for v in self._below(indicator) if self._moved(indicator, v)[1] > 0]
        rose.sort(key=lambda v: (-self._moved(indicator, v)[1], self._place(v)))
        distance = min(_ONE, moved / self.rules.full_distance)
        return self._matter("rise", indicator, value, rose, distance, against)

    def _cleared(self, indicator: Indicator, value: Value) -> Matter | None:
        for against in ("previous", "last_year"):
            compared = value.previous if against == "previous" else value.last_year
            if not value.value and compared is not None and compared.base and compared.all_units:
                gone = _ONE - _ONE / (_ONE + compared.base)
                return self._matter("rise", indicator, value, (), gone, against)
        return None

    def _moved(
        self, indicator: Indicator, value: Value
    ) -> tuple[Literal["", "previous", "last_year"], Decimal]:
        """By how many points (percent) a value rose, in the direction that is better, and against what; nothing where it cannot be said:
        another coverage, a base near zero, a rate of a handful."""
        if indicator.is_rate and (value.denominator is None or value.denominator < _SMALL):
            return "", Decimal(0)
        if (moved := self._rise(indicator, value.previous)) is not None:
            return "previous", moved
        if (moved := self._rise(indicator, value.last_year)) is not None:
            return "last_year", moved
        return "", Decimal(0)

    def _rise(self, indicator: Indicator, compared: Comparison | None) -> Decimal | None:
        if compared is None:
            return None
        now, base = compared.current, compared.base
        if now is None or base is None or not compared.all_units:
            return None
        if base <= 0 or base * _HUNDRED < now * self.rules.least_base:
            return None
        if indicator.is_rate:
            moved = numbers.point_difference(now, base, indicator.decimals, indicator.measure)
        elif is_amount(indicator) or base >= _SMALL:
            moved = numbers.growth(now, base) or Decimal(0)
        else:
            return None
        return moved if tone(_ONE, indicator.better) == "better" else -moved

    def _below(self, indicator: Indicator) -> Sequence[Value]:
        """The units below, without those whose figure is suspect: nobody is named for one."""
        return [v for v in self.data.values_at(indicator.id, self.data.child_level) if not v.is_suspect]

    def _place(self, value: Value) -> int:
        return self.data.order.get(value.unit_code, 0)

    # ------------------------------------------------------------------------------------------ the whole

    @cached_property
    def due(self) -> tuple[Indicator, ...]:
        """The indicators whose target is due."""
        return tuple(i for i in self._told if self._value(i).status)

    @cached_property
    def reached(self) -> tuple[Indicator, ...]:
        """Those of them that reached it, as printed, or miss it by less than `near` points."""
        return tuple(i for i in self.due if self._reached(i))

    def _reached(self, indicator: Indicator) -> bool:
        value = self._value(indicator)
        if value.status == "met":
            return True
        zero = indicator.better == "lower" and not is_ratio(indicator, value)
        return not zero and self._gap(indicator, value, value.target) <= self.rules.near

    @property
    def verdict(self) -> Verdict | None:
        """The first verdict of the rules that holds; None without a target that is due."""
        if not self.due:
            return None
        met = Decimal(100 * len(self.reached)) / len(self.due)
        severe = sum(matter.severe for matter in self.problems)
        holds = (v for v in self.rules.verdicts if met >= v.met and (v.severe is None or severe <= v.severe))
        return next(holds, None)

    def standing(self, domain: str) -> Standing:
        """How a domain stands: by the weight of its problems, and by its targets."""
        problems = [m for m in self.problems if m.domain == domain]
        if sum((m.weight.total for m in problems), Decimal(0)) >= self.rules.lagging:
            return "behind"
        due = [i for i in self.due if i.domain == domain]
        if not due or any(m.severe for m in problems):
            return "fair"
        met = Decimal(100 * sum(map(self._reached, due))) / len(due)
        return "good" if met >= self.rules.leading else "fair"


def shifted(value: Value) -> bool:
    """True where suspect rows move a figure so far that it prints otherwise without them: it is no headline, and both are said."""
    return value.is_suspect and value.printed != value.printed_without_suspect


def _by_reporter(states: Sequence[ReturnState]) -> dict[str, int]:
    found: dict[str, int] = {}
    for state in states:
        found[state.reporter_code] = found.get(state.reporter_code, 0) + 1
    return found
