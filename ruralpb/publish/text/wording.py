"""The phrases that depend on numbers (domain 7.2, number rules 7.3): value, comparison, target, coverage, in words.

Every function returns a `Phrase`, empty when there is nothing to say, without closing punctuation. Words follow the sign of
the *printed* change; the adjective follows the indicator's direction, never the sign alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, get_args

from ruralpb.core import numbers
from ruralpb.model import Comparison, Indicator, Value, measures
from ruralpb.publish.text import titles
from ruralpb.publish.text.figures import Facts, Figure, Phrase, TableCell, Words, listed, phrase
from ruralpb.publish.text.saying import BUILTIN, Sayings
from ruralpb.publish.text.trends import complete, is_amount, is_ratio, trend, was

ComparedWith = Literal["previous", "last_year"]
_AGAINST: tuple[ComparedWith, ...] = get_args(ComparedWith)

_REACHED = "达成"
"""How the title of a yes or no ends that can be said as a sentence."""

COVERED = "实现全覆盖"
"""Said of a coverage with nobody left out."""

KEPT_AT_ZERO = "保持清零"
"""Said of a fault that was 0 and still is."""

MANY = 5
"""More names than these are cut to 等N个; the annex has all."""

NOT_COMPARED = {"compare-definition": "因口径调整，不作比较"}
"""Reasons (slugs of `Comparison.reason`) that are said in the text; the others just leave the comparison out."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Turns values into phrases, and remembers every number it prints as a fact. `span` names the kind of the period: 季度,
    月, 年 in 较上季度, 较上月, 较上年."""

    facts: Facts
    span: str = "季度"
    scope: str = "全县"
    headed: bool = False
    """Comparisons stand below a heading that names the base: 提高0.6个百分点, not 较上季度提高0.6个百分点."""

    say: Sayings = BUILTIN

    @property
    def bare(self) -> Wording:
        """The same words for a column whose heading says what is compared with."""
        return replace(self, headed=True)

    # ------------------------------------------------------------------------------------------ single numbers

    def amount(self, indicator: Indicator, id: str, number: Decimal | None, of: str = "") -> Phrase:
        """A number of the indicator with its measure, as running text prints it: 98.0%, 147个, 12.5万元, 1.23亿元."""
        if number is None:
            return phrase(numbers.NONE)
        if indicator.derived:
            return phrase(self.facts.figure(id, numbers.yes_no(bool(number)), _kind(id), number, of))
        if (amount := measures.in_text(number, indicator.measure)) is not None:
            return phrase(self.facts.figure(id, amount[0], _kind(id), number, of), amount[1])
        text = numbers.printed(number, indicator.decimals, indicator.measure)
        if indicator.measure == "%":
            # An exact 100 or 0 is said without decimals: 达到100%. Tables keep 100.0.
            text = f"{number:.0f}" if number in (0, 100) else text
            return phrase(self.facts.figure(id, text + "%", _kind(id), number, of))
        return phrase(self.facts.figure(id, text, _kind(id), number, of), measures.bare(indicator.measure))

    def value(self, indicator: Indicator, value: Value) -> Phrase:
        """The value as running text prints it."""
        return self.amount(indicator, value.id, value.value, value.id)

    def named(self, indicator: Indicator, value: Value) -> Phrase:
        """The figure with its name, as a sentence begins: 驻村工作队144支, 培训285人次, 总收入12.5万元,
        “一肩挑”比例为98.0%."""
        if indicator.derived:
            return self._said(indicator, value)
        number = self.value(indicator, value)
        if is_amount(indicator) and "/" not in indicator.measure:
            return phrase(self.short(indicator), number)
        if indicator.is_rate or indicator.decimals:
            return self.say("wording.is", indicator=self.short(indicator), number=number)
        return phrase(self.stem(indicator), number)

    def stem(self, indicator: Indicator) -> Words:
        """What is counted, as it stands before the number: 驻村工作队数 → 驻村工作队, 约谈人数 → 约谈, 培训人次 → 培训."""
        return self.facts.name(f"def:{indicator.id}#spoken", titles.stem(indicator.title, indicator.measure))

    def _said(self, indicator: Indicator, value: Value) -> Phrase:
        """A yes or no: “两升一降”尚未达成 where the title ends in 达成, else title：是."""
        stem = indicator.title.removesuffix(_REACHED)
        if stem == indicator.title or value.value is None:
            return self.say(
                "wording.answer", indicator=self.name(indicator), value=self.value(indicator, value)
            )
        reached = self.say.text("wording.already" if value.value else "wording.not_yet")
        text = f"{reached}{_REACHED}"
        said = self.facts.figure(value.id, text, "value", value.value, value.id)
        return phrase(self.facts.name(f"def:{indicator.id}#stem", stem), said)

    def short(self, indicator: Indicator) -> Words:
        """The title as running text says it, without a remark in brackets at its end: the annex explains those."""
        return self.facts.name(f"def:{indicator.id}#short", titles.short(indicator.title))

    def name(self, indicator: Indicator) -> Words:
        """The indicator's title; a fact where it has digits."""
        return self.facts.name(f"def:{indicator.id}", indicator.title)

    def cell(self, indicator: Indicator, value: Value | None) -> Figure | None:
        """The value as a table prints it: digits only, the indicator's decimals, the measure being in the heading."""
        if value is None or value.value is None:
            return None
        if indicator.derived:
            return self.value(indicator, value).figures[0]
        text = numbers.printed(value.value, indicator.decimals, indicator.measure)
        return self.facts.figure(value.id, text, "value", value.value, value.id)

    def points(self, value: Value, part: str, difference: Decimal, decimals: int) -> Phrase:
        """A difference of two percentages, without sign: 0.6个百分点."""
        text = numbers.printed(abs(difference), decimals)
        return self.say("wording.points", number=self._part(value, part, text, difference))

    def _part(self, value: Value, part: str, text: str, number: Decimal, says: str = "") -> Figure:
        return self.facts.figure(f"{value.id}#{part}", text, "part", number, value.id, says)

    # ------------------------------------------------------------------------------------------ value and its parts

    def ratio(self, indicator: Indicator, value: Value) -> Phrase:
        """（147/150） behind a percentage of counts; nothing where the parts are amounts or the denominator small."""
        top, bottom = value.numerator, value.denominator
        if not indicator.is_rate or top is None or bottom is None or not (_whole(top) and _whole(bottom)):
            return Phrase()
        return self.say(
            "wording.parts",
            numerator=self._part(value, "numerator", f"{top:.0f}", top, self.say.text("wording.numerator")),
            denominator=self._part(
                value, "denominator", f"{bottom:.0f}", bottom, self.say.text("wording.denominator")
            ),
        )

    def full(self, indicator: Indicator, value: Value) -> str:
        """实现全覆盖 or 实现清零, when nothing is missing and nothing unknown (semantics S4); else nothing."""
        if not complete(value) or value.value is None:
            return ""
        if indicator.is_rate and value.value == 100 and value.numerator == value.denominator:
            return COVERED if "覆盖" in indicator.title else ""
        if not is_ratio(indicator, value) and indicator.better == "lower" and value.value == 0:
            return KEPT_AT_ZERO if was(value) == 0 else self.say.text("wording.cleared")
        return ""

    # ------------------------------------------------------------------------------------------ comparison

    def change(self, indicator: Indicator, value: Value, against: ComparedWith) -> Phrase:
        """较上季度提高0.6个百分点 · 同比增长12.3% · 较上季度减少3个 · 与上季度持平 · 上年同期为0 …"""
        compared = value.previous if against == "previous" else value.last_year
        if compared is None or indicator.derived:
            return Phrase()
        if compared.reason in NOT_COMPARED:
            return phrase(NOT_COMPARED[compared.reason])
        if compared.current is None or compared.base is None:
            return Phrase()
        words = self._moved(indicator, value, compared, against)
        return words + self._footing(value, compared, against) if words else words

    def cells(self, indicator: Indicator, value: Value) -> tuple[TableCell, ...]:
        """What a table's row says of a value: its measure, the value, how it moved against the last period and against last year."""
        return (
            indicator.measure or None,
            self.cell(indicator, value),
            self.change(indicator, value, "previous") or None,
            self.change(indicator, value, "last_year") or None,
        )

    def changes(self, indicator: Indicator, value: Value) -> Phrase:
        """环比 and 同比 in a row; what both say alike is said once. What is at zero and called so (清零) is not said to have been zero
        besides."""
        said = {against: self.change(indicator, value, against) for against in _AGAINST}
        bases = {against: self._base(value, against) for against in _AGAINST}
        if not value.value and self.full(indicator, value):
            return listed((said[against] for against in _AGAINST if bases[against]), "，")
        if all(str(said[against]) == str(self._level(against)) for against in _AGAINST):
            return self.say("wording.both_level", both=self._both)
        if all(said.values()) and not any(bases.values()) and not indicator.is_rate:
            zero = self._part(value, "last_year.base", "0", Decimal(0))
            return self.say(
                "wording.both_zero",
                with_now=None if value.value else self.say.text("wording.now_and"),
                both=self._both,
                zero=zero,
            )
        return listed(said.values(), "，")

    @staticmethod
    def _base(value: Value, against: ComparedWith) -> Decimal | None:
        compared = value.previous if against == "previous" else value.last_year
        return None if compared is None else compared.base

    @property
    def _both(self) -> str:
        return "、".join(map(self.level_word, _AGAINST))

    def _moved(
        self, indicator: Indicator, value: Value, compared: Comparison, against: ComparedWith
    ) -> Phrase:
        current, base = compared.current, compared.base
        assert current is not None
        assert base is not None
        if indicator.is_rate:
            return self._difference(indicator, value, against, current, base)
        reason = numbers.no_growth(current, base)
        if reason in ("both-zero", "base-zero") or (reason and is_amount(indicator)):
            return self._without_rate(indicator, value, against, current, base, reason)
        if not is_amount(indicator):
            # Counts know no less than nothing: a cumulative one that was corrected downwards has no quarter to compare with.
            return Phrase() if reason else self._difference(indicator, value, against, current, base)
        if abs(base) < numbers.SMALL_BASE and not is_ratio(indicator, value):
            return self._path(indicator, value, against, current, base)
        return self._growth(value, against, current, base)

    def _difference(
        self, indicator: Indicator, value: Value, against: ComparedWith, current: Decimal, base: Decimal
    ) -> Phrase:
        difference = numbers.point_difference(current, base, indicator.decimals, indicator.measure)
        if difference.is_zero():
            return self._level(against)
        prefix = self._than(against)
        part = f"{against}.change"
        verb = trend(difference, indicator).verb
        if indicator.is_rate:
            return phrase(prefix, verb, self.points(value, part, difference, indicator.decimals))
        text = numbers.printed(abs(difference), indicator.decimals)
        return phrase(
            prefix, verb, self._part(value, part, text, difference), measures.bare(indicator.measure)
        )

    def _growth(self, value: Value, against: ComparedWith, current: Decimal, base: Decimal) -> Phrase:
        rate = numbers.growth(current, base)
        assert rate is not None
        # What is left of an amount is a share of it: a fall prints 100.0% only when nothing is left (7.3, rule 4).
        shown = numbers.half_up(rate, 1)
        if shown == -100 and not current.is_zero():
            shown = numbers.rounded(rate + 100, 1, "%") - 100
        if shown.is_zero():
            return self._level(against)
        part = f"{against}.change"
        verb = self.say.text("wording.grew" if shown > 0 else "wording.fell")
        prefix = (
            None
            if self.headed
            else self.say.text("wording.to_previous" if against == "previous" else "wording.to_last_year")
        )
        if shown >= 100:
            times = numbers.printed(rate / 100, 1)
            return self.say(
                "wording.times",
                than=prefix,
                verb=verb,
                number=self._part(value, part, times, rate, self.say.text("wording.times_says")),
            )
        return phrase(prefix, verb, self._part(value, part, f"{abs(shown)}%", rate))

    def _path(
        self, indicator: Indicator, value: Value, against: ComparedWith, current: Decimal, base: Decimal
    ) -> Phrase:
        """由98.0%提高到98.6% · 由12个减少到5个: both levels, where a rate would mislead (a base under 10)."""
        verb = self.say.text("wording.increased" if current > base else "wording.decreased")
        was = self.amount(indicator, f"{value.id}#{against}.base", base, value.id)
        now = self.amount(indicator, f"{value.id}#{against}.current", current, value.id)
        if str(was) == str(now):
            return self._level(against)
        return self.say(
            "wording.from_to",
            of_period=None
            if self.headed
            else self.say.text("wording.of_period", period=self.level_word(against)),
            before=was,
            verb=verb,
            now=now,
        )

    def _without_rate(
        self,
        indicator: Indicator,
        value: Value,
        against: ComparedWith,
        current: Decimal,
        base: Decimal,
        reason: numbers.NoGrowth,
    ) -> Phrase:
        """Zero and negative bases have no growth rate (7.3, rule 5). What prints as 0 is 0 to a reader."""
        word = self.level_word(against)
        none_before, none_now = (
            numbers.half_up(n, min(indicator.decimals, 1)).is_zero() for n in (base, current)
        )
        if reason == "both-zero" or none_before:
            zero = self._part(value, f"{against}.base", "0", base)
            if self.headed:
                return (
                    self._level(against)
                    if none_now
                    else self.say("wording.from_zero", zero=zero, value=self.value(indicator, value))
                )
            return (
                self.say("wording.zero_as_before", period=word, zero=zero)
                if none_now
                else self.say("wording.was_zero", period=word, zero=zero)
            )
        was, now = (
            self.amount(indicator, f"{value.id}#{against}.{part}", abs(number), value.id)
            for part, number in (("base-size", base), ("current-size", current))
        )
        side = self.say.text("wording.loss" if base < 0 else "wording.gain")
        if none_now:
            return self.say(
                "wording.now_zero",
                period=word,
                side=side,
                before=was,
                zero=self._part(value, f"{against}.current", "0", current),
            )
        if reason == "sign-change":
            return self.say(
                "wording.turned",
                side=side,
                before=was,
                side_now=self.say.text("wording.gain" if current > 0 else "wording.loss"),
                now=now,
            )
        return self.say("wording.signs", period=word, side=side, before=was, side_now=side, now=now)

    def path(self, indicator: Indicator, value: Value, against: ComparedWith = "previous") -> Phrase:
        """The level path for a headline: 由12个减少到5个 · 由5个减少到0个（实现清零）; empty without a base."""
        compared = value.previous if against == "previous" else value.last_year
        if compared is None or compared.current is None or compared.base is None or not compared.all_units:
            return Phrase()
        if compared.current == compared.base:
            return Phrase()
        verb = trend(compared.current - compared.base, indicator).verb
        was = self.amount(indicator, f"{value.id}#{against}.base", compared.base, value.id)
        now = self.value(indicator, value)
        full = self.full(indicator, value)
        return self.say(
            "wording.path",
            period=self.level_word(against),
            before=was,
            verb=verb,
            now=now,
            full=f"（{full}）" if full else None,
        )

    def _footing(self, value: Value, compared: Comparison, against: ComparedWith) -> Phrase:
        """What a comparison rests on, where it is not simply the two published figures."""
        notes: list[str | Phrase] = []
        if compared.comparable_base:
            notes.append(self.say.text("wording.comparable"))
        if not compared.all_units:
            says = self.say.text("wording.units_says")
            units = self.facts.figure(
                f"{value.id}#{against}.units",
                str(compared.units),
                "part",
                Decimal(compared.units),
                value.id,
                says,
            )
            notes.append(self.say("wording.over_units", count=units))
        return phrase("（", *_with_commas(notes), "）") if notes else Phrase()

    def level_word(self, against: ComparedWith) -> str:
        """上季度 or 上年同期."""
        if against == "last_year":
            return self.say.text("wording.same_period_last_year")
        return self.say.text("wording.period_before", span=self.span)

    def _than(self, against: ComparedWith) -> str:
        if self.headed:
            return ""
        return (
            self.say.text("wording.than_period_before", span=self.span)
            if against == "previous"
            else self.say.text("wording.to_last_year")
        )

    def _level(self, against: ComparedWith) -> Phrase:
        return (
            self.say("wording.level")
            if self.headed
            else self.say("wording.level_with", period=self.level_word(against))
        )

    # ------------------------------------------------------------------------------------------ target and average

    def target(self, indicator: Indicator, value: Value) -> Phrase:
        """达到…的目标 · 低于目标2.0个百分点 · 快于时序进度2.3个百分点 · 未实现清零目标; empty without a target in force."""
        if value.target is None or value.value is None:
            return Phrase()
        # A row of targets.csv may set a goal where the definition has none; what is not judged yet is due at the year's end.
        per = indicator.target.per if indicator.target else "period" if value.status else "year_end"
        if per == "schedule":
            return self._schedule(indicator, value)
        goal = self.amount(indicator, f"{value.id}#target", value.target, value.id)
        if not value.target and indicator.better == "lower":
            return self._not_zero(value) if value.value and value.status else Phrase()
        difference = numbers.point_difference(
            value.value, value.target, indicator.decimals, indicator.measure
        )
        if per == "year_end" and not value.status:
            return self._year_end(indicator, value, goal, difference)
        if difference.is_zero():
            return self.say("wording.met", target=goal)
        side = self.say.text("wording.above" if difference > 0 else "wording.below")
        if indicator.is_rate:
            away = self.points(value, "target.gap", difference, indicator.decimals)
        else:
            text = numbers.printed(abs(difference), indicator.decimals)
            away = phrase(self._part(value, "target.gap", text, difference), measures.bare(indicator.measure))
        return self.say("wording.away_from_target", side=side, target=goal, away=away)

    def _not_zero(self, value: Value) -> Phrase:
        return self.say("wording.not_kept_at_zero" if was(value) == 0 else "wording.not_cleared")

    def _year_end(self, indicator: Indicator, value: Value, goal: Phrase, difference: Decimal) -> Phrase:
        """A target that is due only at the year's end: 距年末100%的目标还差2.2个百分点."""
        if difference.is_zero() or (difference > 0) == (indicator.better == "higher"):
            return self.say("wording.year_end_met", target=goal)
        if indicator.is_rate:
            away = self.points(value, "target.gap", difference, indicator.decimals)
        else:
            text = numbers.printed(abs(difference), indicator.decimals)
            away = phrase(self._part(value, "target.gap", text, difference), measures.bare(indicator.measure))
        return self.say("wording.year_end_gap", target=goal, away=away)

    def _schedule(self, indicator: Indicator, value: Value) -> Phrase:
        """A rate against the time that has passed: 快于时序进度2.3个百分点."""
        assert value.value is not None
        assert value.target is not None
        if not indicator.is_rate:
            done = numbers.quotient(value.value, value.target, 100)
            if done is None:
                return Phrase()
            text = numbers.printed(done, 1, "%") + "%"
            return self.say("wording.schedule_done", share=self._part(value, "target.done", text, done))
        difference = numbers.point_difference(value.value, value.target, indicator.decimals)
        if difference.is_zero():
            return self.say("wording.on_schedule")
        side = self.say.text("wording.faster" if difference > 0 else "wording.slower")
        return self.say(
            "wording.off_schedule",
            side=side,
            points=self.points(value, "target.gap", difference, indicator.decimals),
        )

    def against_average(self, indicator: Indicator, value: Value, whole: Value) -> Phrase:
        """低于全市平均水平1.2个百分点, for a rate of one unit beside the rate of all."""
        if not indicator.is_rate or value.value is None or whole.value is None:
            return Phrase()
        difference = numbers.point_difference(value.value, whole.value, indicator.decimals)
        if difference.is_zero():
            return self.say("wording.at_average", scope=self.scope)
        side = self.say.text("wording.above" if difference > 0 else "wording.below")
        return self.say(
            "wording.off_average",
            side=side,
            scope=self.scope,
            points=self.points(value, "average.gap", difference, indicator.decimals),
        )

    # ------------------------------------------------------------------------------------------ coverage

    def missing(self, value: Value, names: Sequence[str]) -> Phrase:
        """不含未报的新湾镇: who is not in the figure, by name; more than five are counted."""
        if value.covered >= value.expected and not names:
            return Phrase()
        if names:
            return self.say("wording.without_units", names=self.names(f"{value.id}#missing", names))
        covered = self._part(
            value,
            "covered",
            str(value.covered),
            Decimal(value.covered),
            self.say.text("wording.covered_says"),
        )
        expected = self._part(
            value,
            "expected",
            str(value.expected),
            Decimal(value.expected),
            self.say.text("wording.expected_says"),
        )
        return self.say("wording.coverage", expected=expected, covered=covered)

    def unknown(self, value: Value) -> Phrase:
        """另有3条数据不全、未计入: rows that could not be judged."""
        if not value.unknown_rows:
            return Phrase()
        count = Decimal(value.unknown_rows)
        return self.say(
            "wording.unknown",
            count=self._part(
                value, "unknown", str(value.unknown_rows), count, self.say.text("wording.unknown_says")
            ),
        )

    def names(self, id: str, names: Sequence[str], what: str = "") -> Phrase:
        """甲、乙、丙, or the first five and 等N个."""
        shown = listed(self.facts.name(f"unit:{name}", name) for name in names[:MANY])
        if len(names) <= MANY:
            return shown
        return self.say(
            "wording.shortened",
            names=shown,
            count=self.facts.count(f"{id}.n", len(names), self.say.text("wording.how_many_says")),
            what=what or self.say.text("wording.units_word"),
        )


def _kind(id: str) -> Literal["value", "part"]:
    return "part" if "#" in id else "value"


def _whole(number: Decimal) -> bool:
    return number == number.to_integral_value()


def _with_commas(notes: list[str | Phrase]) -> list[str | Phrase]:
    return [piece for note in notes for piece in ("，", note)][1:]
