"""One matter of an assessment in words: what it is, how it stands, where; without closing punctuation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from ruralpb.core import numbers
from ruralpb.model import Indicator, Value
from ruralpb.publish.text.assessment import Matter, shifted
from ruralpb.publish.text.figures import Phrase, Words, listed, phrase
from ruralpb.publish.text.report_data import ReportData
from ruralpb.publish.text.trends import is_amount
from ruralpb.publish.text.unit_context import MovingUnit
from ruralpb.publish.text.wording import MANY, ComparedWith

NAMED = 3
"""So many units are named for a matter; the annex has all."""

_AGAINST: tuple[ComparedWith, ...] = ("previous", "last_year")


@dataclass(frozen=True)
class Telling:
    """Says matters with the words and facts of a report."""

    data: ReportData

    @cached_property
    def usual_missing(self) -> tuple[str, ...]:
        """The reporters that are missing from most of the home unit's figures that miss any."""
        values = (self.data.home_value(indicator.id) for indicator in self.data.indicators)
        found = Counter(v.missing for v in values if v is not None and v.value is not None)
        return found.most_common(1)[0][0] if found else ()

    def without(self, codes: Sequence[str]) -> Phrase:
        """以下数据不含未报的新湾镇; empty for nobody."""
        if not codes:
            return Phrase()
        names = self.data.wording.names(self.data.fact_id("usual.missing"), self.data.names(codes))
        return self.data.say("circular.without", units=names)

    def _value(self, indicator: Indicator, value: Value) -> Phrase:
        """The value, and what it is without suspect rows where these move it."""
        return phrase(self.data.wording.value(indicator, value), self.doubt(indicator, value))

    def doubt(self, indicator: Indicator, value: Value) -> Phrase:
        """（剔除待核实数据后为24.5%）: where suspect rows move a figure, what it is without them."""
        number = value.value_without_suspect
        if not shifted(value) or number is None:
            return Phrase()
        sound = self.data.wording.amount(indicator, f"{value.id}#without-suspect", number, value.id)
        return self.data.say("circular.doubt", number=sound)

    def _coverage(self, matter: Matter) -> Phrase:
        """Who is missing from a figure, where these are not those that are missing from most."""
        value = matter.value
        if value is None or value.missing == self.usual_missing or not value.missing:
            return Phrase()
        return phrase("（", self.data.missing(value), "）")

    def told(self, matter: Matter) -> Phrase:
        """The matter as one clause: 查实脱岗5人次，较上季度增加1人次，涉及…."""
        say = {"missing": self._missing, "fault": self._fault, "target": self._target, "pace": self._pace}
        return phrase(say.get(matter.kind, self._fall)(matter), self._coverage(matter))

    def name(self, indicator: Indicator) -> Words:
        """What it is called: as the project's words have it, else its title as running text says it."""
        known = self.data.library.phrases.get(f"matters.{indicator.id}", "")
        if known:
            return self.data.facts.name(f"def:{indicator.id}#matter", known)
        counted = not indicator.is_rate and not indicator.decimals and not indicator.derived
        return self.data.wording.stem(indicator) if counted else self.data.wording.short(indicator)

    def names(self, codes: Sequence[str], id: str) -> Phrase:
        """甲、乙、丙, worst first; more than five are cut to 等N个乡镇."""
        return self.data.wording.names(
            self.data.fact_id(id), [self.data.name(code) for code in codes], f"个{self.data.children_word}"
        )

    # ------------------------------------------------------------------------------------------ problems

    def _missing(self, matter: Matter) -> Phrase:
        data = self.data
        owing = [s for s in data.returns if s.reporter_code in matter.codes]
        lacking = [s for s in owing if s.status in ("missing", "held") and s.timeliness != "not_due"]
        titles = [data.library.forms[form].title for form in dict.fromkeys(s.form for s in lacking)]
        forms = listed(data.facts.name(f"form:{title}", f"《{title}》") for title in titles)
        return data.say(
            "circular.missing",
            units=self.names(matter.codes, "missing.units"),
            count=data.count("returns.missing", len(lacking), data.say.text("circular.missing_says")),
            forms=data.say("circular.missing_forms", forms=forms) if len(titles) <= NAMED else None,
        )

    def _fault(self, matter: Matter) -> Phrase:
        indicator, value = _of(matter)
        change, name = self._change(indicator, value), self.name(indicator)
        if self._is_new(indicator, value):
            change, name = phrase(), self.data.say("circular.new", what=name)
        units = self._having(indicator, matter.units)
        return self.data.say(
            "circular.fault",
            what=name,
            value=self._value(indicator, value),
            change=phrase("，", change) if change else None,
            units=self.data.say("circular.concerning", units=units) if units else None,
        )

    @staticmethod
    def _is_new(indicator: Indicator, value: Value) -> bool:
        """True for a standing count of what was not there the period before: 新增超期未销号问题1个."""
        return indicator.time == "point" and value.previous is not None and value.previous.base == 0

    def _change(self, indicator: Indicator, value: Value) -> Phrase:
        """How a count moved; nothing of one that stands still."""
        for against in _AGAINST:
            compared = value.previous if against == "previous" else value.last_year
            if compared is not None and compared.base is not None:
                same = compared.base == compared.current
                return phrase() if same else self.data.wording.change(indicator, value, against)
        return phrase()

    def _having(self, indicator: Indicator, units: Sequence[Value]) -> Phrase:
        """琼湖街道（榨南湖村）、…, worst first; the count of the first where it is more than one."""
        if not units:
            return Phrase()
        shown = units if len(units) <= MANY else units[:NAMED]
        if len(shown) < len(units) and units[NAMED - 1].value == units[NAMED].value:
            # Of equals none is singled out: as many are named as are worse than the rest.
            shown = [v for v in shown if v.value != units[NAMED].value]
        names = listed(self._with_villages(indicator, v, first=v is shown[0]) for v in shown)
        if not shown:
            says = self.data.say.text("circular.failed_says")
            count = self.data.count(f"{indicator.id}.concerned", len(units), says)
            return self.data.say("circular.so_many", count=count, children=self.data.children_word)
        return phrase(names, self._more(indicator, len(units), len(shown)))

    def _with_villages(self, indicator: Indicator, value: Value, *, first: bool) -> Phrase:
        places = [
            v.unit_code
            for v in self.data.values_at(indicator.id, "village")
            if v.value
            and v.unit_code != value.unit_code
            and value.unit_code in self.data.register.path(v.unit_code, self.data.period.end)
        ]
        count = self.data.wording.value(indicator, value) if first and (value.value or 0) > 1 else None
        inside = listed(map(self.data.name, places)) if 0 < len(places) <= NAMED else None
        both = listed((count, inside), "：")
        return phrase(value.unit, "（", both, "）") if both else phrase(value.unit)

    def _more(self, indicator: Indicator, whole: int, shown: int) -> Words:
        if whole <= shown:
            return None
        says = self.data.say.text("circular.failed_says")
        count = self.data.count(f"{indicator.id}.concerned", whole, says)
        return self.data.say("circular.and_so_many", count=count, children=self.data.children_word)

    def _target(self, matter: Matter) -> Phrase:
        indicator, value = _of(matter)
        wording = self.data.wording
        assert value.value is not None
        assert value.target is not None
        goal = wording.amount(indicator, f"{value.id}#target", value.target, value.id)
        gap = numbers.point_difference(value.value, value.target, indicator.decimals, indicator.measure)
        name, number = self.name(indicator), self._value(indicator, value)
        share = value.target / 100 if indicator.is_rate else Decimal(1)
        units = self._units(matter, self._lacking(indicator, share))
        short = gap < 0 if indicator.better == "higher" else gap > 0
        if not short:
            return self.data.say(
                "circular.target_only_units", what=name, value=number, target=goal, units=units
            )
        key = "circular.target" if indicator.better == "higher" else "circular.target_at_most"
        return self.data.say(key, what=name, value=number, target=goal, units=units)

    def _pace(self, matter: Matter) -> Phrase:
        indicator, value = _of(matter)
        assert value.target is not None
        due = value.target * Decimal(self.data.period.end.month) / 12
        return self.data.say(
            "circular.pace",
            what=self.name(indicator),
            value=self._value(indicator, value),
            due=self.data.wording.amount(indicator, f"{value.id}#due", due, value.id),
            units=self._units(matter, ()),
        )

    def _fall(self, matter: Matter) -> Phrase:
        indicator, value = _of(matter)
        wording, against = self.data.wording, matter.against or "previous"
        compared = value.previous if against == "previous" else value.last_year
        units = self._units(matter, self._movers(matter))
        value_now = wording.value(indicator, value)
        if not indicator.is_rate or compared is None or compared.base is None:
            change = wording.change(indicator, value, against)
            return self.data.say(
                "circular.fall", what=self.name(indicator), value=value_now, change=change, units=units
            )
        return self.data.say(
            "circular.fall_from_to",
            what=self.name(indicator),
            period=wording.level_word(against),
            base=wording.amount(indicator, f"{value.id}#{against}.base", compared.base, value.id),
            value=value_now,
            units=units,
        )

    # ------------------------------------------------------------------------------------------ where

    def _units(self, matter: Matter, causes: Sequence[MovingUnit]) -> Phrase:
        """，主要是A（81.8%）、B、C: who makes the most of it, the worst first; else，较低的是 the worst."""
        indicator, _ = _of(matter)
        by_code = {v.unit_code: v for v in matter.units}
        order = {code: place for place, code in enumerate(matter.codes)}
        told = [cause for cause in causes if cause.unit_code in by_code]
        if told:
            told.sort(key=lambda cause: order[cause.unit_code])
            names = listed(
                self._named(
                    by_code[c.unit_code], indicator, c.villages if place == 0 else (), first=place == 0
                )
                for place, c in enumerate(told)
            )
            return self.data.say("circular.mainly", units=names)
        if causes:
            return self.data.say("circular.mainly", units=listed(self.data.name(c.unit_code) for c in causes))
        shown = self._worst(matter)
        if not shown:
            return Phrase()
        printed = {str(self.data.wording.value(indicator, v)) for v in shown}
        if len(shown) > 1 and len(printed) == 1:
            value = self.data.wording.value(indicator, shown[0])
            names = self.data.say("circular.all_equal", units=listed(v.unit for v in shown), value=value)
        else:
            names = listed(self._named(v, indicator, (), first=place == 0) for place, v in enumerate(shown))
        worse = "circular.highest" if indicator.better == "lower" else "circular.lowest"
        return self.data.say(worse, units=names)

    def _named(self, value: Value, indicator: Indicator, villages: Sequence[str], *, first: bool) -> Phrase:
        number = self.data.wording.value(indicator, value) if first else None
        inside = listed((number, listed(map(self.data.name, villages))), "：")
        return phrase(value.unit, "（", inside, "）") if inside else phrase(value.unit)

    def _worst(self, matter: Matter) -> Sequence[Value]:
        """The worst three, as far as none of equals is singled out; nothing in a group of fewer than the rules ask for."""
        indicator, _ = _of(matter)
        units = matter.units
        if matter.kind == "fall" or len(self.data.values_at(indicator.id, self.data.child_level)) < MANY:
            return ()
        printed = [str(self.data.wording.value(indicator, v)) for v in units]
        return next(
            (units[:n] for n in (NAMED, 2, 1) if len(units) == n or (len(units) > n and printed[n - 1] != printed[n])),
            (),
        )  # fmt: skip

    def _lacking(self, indicator: Indicator, wanted: Decimal) -> Sequence[MovingUnit]:
        context = self.data.unit_context
        if context is None or is_amount(indicator):
            return ()
        return self._sound(indicator, context.lacking(indicator.id, wanted))

    def _movers(self, matter: Matter) -> Sequence[MovingUnit]:
        context, (indicator, _) = self.data.unit_context, _of(matter)
        if context is None or not matter.against:
            return ()
        return self._sound(indicator, context.movers(indicator.id, matter.against))

    def _sound(self, indicator: Indicator, causes: Sequence[MovingUnit]) -> Sequence[MovingUnit]:
        """Causes without those whose own figure is suspect; none where the heaviest is one."""
        values = [self.data.value_of(indicator.id, cause.unit_code) for cause in causes]
        if values and values[0] is not None and values[0].is_suspect:
            return ()
        return [c for c, v in zip(causes, values, strict=True) if v is None or not v.is_suspect]

    def shifted(self, domain: str) -> dict[str, Phrase]:
        """The amounts of money of a domain that suspect rows move, by indicator, with both values."""
        found = ((i, self.data.home_value(i.id)) for i in self.data.indicators if i.domain == domain)
        return {
            i.id: phrase(self.data.wording.named(i, v), self.doubt(i, v))
            for i, v in found
            if v is not None and shifted(v) and is_amount(i)
        }

    def states(self, domain: str) -> list[Phrase]:
        """The figures of a domain as they stand, where nothing of the period can be compared: all there is to tell of a first one."""
        found = ((i, self.data.home_value(i.id)) for i in self.data.indicators)
        known = [(i, v) for i, v in found if v is not None and v.value is not None]
        bases = (c.base for _, v in known for c in (v.previous, v.last_year) if c is not None)
        if any(base is not None for base in bases):
            return []
        return [self.data.wording.named(i, v) for i, v in known if i.domain == domain]

    # ------------------------------------------------------------------------------------------ advances

    def advanced(self, matter: Matter) -> Phrase:
        """经营性收入1150.6万元，同比增长15.5%，主要是A、B、C · 薄弱村动态清零（上年同期10个）."""
        indicator, value = _of(matter)
        wording, against = self.data.wording, matter.against or "previous"
        compared = value.previous if against == "previous" else value.last_year
        if not value.value and indicator.better == "lower" and compared is not None:
            base = wording.amount(indicator, f"{value.id}#{against}.base", compared.base, value.id)
            return self.data.say(
                "circular.cleared",
                what=self.name(indicator),
                period=wording.level_word(against),
                base=base,
            )
        movers = [self.data.name(cause.unit_code) for cause in self._movers(matter)]
        caused = self.data.say("circular.caused", units=listed(movers)) if movers else None
        full = wording.full(indicator, value) or None
        said = (wording.named(indicator, value), wording.change(indicator, value, against), full)
        return phrase(listed(said, "，"), caused, self._coverage(matter))


def _of(matter: Matter) -> tuple[Indicator, Value]:
    assert matter.indicator is not None
    assert matter.value is not None
    return matter.indicator, matter.value
