"""一月一调度: the monthly forms on one page. Income against the schedule of the year, new debt, problems due, overdue and closed, ledgers
that were not updated, township by township."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ruralpb.core import numbers
from ruralpb.model import Value
from ruralpb.publish.text.figures import Cell, Column, Figure, Phrase, Table, Words, listed, phrase
from ruralpb.publish.text.report_data import ReportData
from ruralpb.publish.text.sections import has_come
from ruralpb.publish.text.unit_context import ListLine

_MONTHS = Decimal(12)


@dataclass(frozen=True, slots=True)
class _Progress:
    """How much of the year's goal is done, in %, and how far that is from the schedule, in points."""

    done: Figure
    gap: Decimal


@dataclass(frozen=True)
class Dispatch:
    """What the template of a monthly dispatch says. The template names indicators and lists; empty parts are false."""

    data: ReportData

    @property
    def schedule(self) -> Figure:
        """The part of the year that has passed at the period's end, in % with one decimal."""
        share = numbers.quotient(Decimal(self.data.period.end.month), _MONTHS, 100) or Decimal(0)
        text = numbers.printed(share, 1, "%") + "%"
        return self.data.facts.figure(self.data.fact_id("schedule"), text, "count", share, says="时序进度")

    @property
    def came(self) -> bool:
        """True when there is a return to speak of."""
        return any(map(has_come, self.data.returns))

    @property
    def returns(self) -> Phrase:
        """本月应报单位N个、报表N份，实报N份；未报的有…"""
        states = self.data.returns
        open_codes = [s.reporter_code for s in states if not has_come(s)]
        count = self.data.count
        names = self.data.wording.names(self.data.fact_id("returns.open"), self.data.names(open_codes))
        return phrase(
            f"本{self.data.span}应报单位",
            count("returns.reporters", len({s.reporter_code for s in states}), "应报单位数"),
            "个、报表",
            count("returns.due", len(states), "应报报表份数"),
            "份，实报",
            count("returns.received", sum(map(has_come, states)), "实报报表份数"),
            "份",
            phrase("，未报的有", names) if open_codes else None,
        )

    # ------------------------------------------------------------------------------------------ income

    def income(self, amount: str) -> Phrase:
        """The home unit's amount with its change since the month before and the year before, and who is not in it."""
        indicator, value = self.data.library.indicators.get(amount), self.data.home_value(amount)
        if indicator is None or value is None or value.value is None:
            return Phrase()
        say = self.data.wording
        parts = (
            say.named(indicator, value),
            say.change(indicator, value, "last_year"),
            self._against(value),
            self.data.missing(value),
            say.unknown(value),
        )
        return listed(parts, "，")

    def _against(self, value: Value) -> Phrase:
        done = self._progress(value)
        if done is None:
            return Phrase()
        return phrase("完成年度目标的", done.done, "，", self._distance(value, done))

    def _distance(self, value: Value, done: _Progress) -> Phrase:
        if done.gap.is_zero():
            return phrase("与时序进度一致")
        return phrase(
            "快于" if done.gap > 0 else "慢于",
            "时序进度",
            self.data.wording.points(value, "schedule.gap", done.gap, 1),
        )

    def _progress(self, value: Value | None) -> _Progress | None:
        """Of the year's goal in targets.csv; without one, and for a unit that is not wholly covered, there is no progress to tell."""
        if value is None or value.value is None or not value.target or value.covered < value.expected:
            return None
        share = numbers.quotient(value.value, value.target, 100)
        if share is None:
            return None
        text = numbers.printed(share, 1, "%") + "%"
        done = self.data.facts.figure(
            f"{value.id}#progress", text, "part", share, value.id, "完成年度目标的比例"
        )
        return _Progress(done, numbers.point_difference(share, self.schedule.value or Decimal(0), 1, "%"))

    def behind(self, amount: str) -> Phrase:
        """慢于时序进度的有A（8.3%）、B（…）: the townships behind the schedule, the slowest first."""
        found = []
        for value in self.data.values_at(amount, self.data.child_level):
            done = self._progress(value)
            if done is not None and done.gap < 0:
                found.append((done.gap, phrase(value.unit, "（", done.done, "）")))
        return listed((name for _, name in sorted(found, key=lambda one: one[0])), "、")

    # ------------------------------------------------------------------------------------------ lists

    def count(self, list_id: str) -> Figure | None:
        """How many lines a list has below the home unit; — where nobody returned the form it reads or there is no such list."""
        return self._count(list_id, self.data.settings.unit)

    def _count(self, list_id: str, unit: str) -> Figure | None:
        lines = self._lines(list_id)
        if lines is None or not self._came(list_id, unit):
            return None
        within = [line for line in lines if unit in self.data.register.path(_of(line), self.data.period.end)]
        id = f"list:{list_id}@{unit}@{self.data.period.label}"
        title = self.data.library.lists[list_id].title
        return self.data.facts.figure(
            id, str(len(within)), "count", Decimal(len(within)), id, f"{self.data.name(unit)}：{title}"
        )

    def _lines(self, list_id: str) -> Sequence[ListLine] | None:
        return self.data.unit_context.listed(list_id) if self.data.unit_context is not None else None

    def _came(self, list_id: str, unit: str) -> bool:
        """Nothing of a form that was not returned is not zero, but unknown (semantics S3)."""
        form = self.data.library.lists[list_id].relation
        states = [
            s for s in self.data.returns
            if s.form == form and unit in self.data.register.path(s.reporter_code, self.data.period.end)
        ]  # fmt: skip
        return any(map(has_come, states))

    def named(self, list_id: str) -> Phrase:
        """The units a list is about, by name: five, then 等N个."""
        lines = self._lines(list_id) or ()
        names = self.data.names(_of(line) for line in lines)
        return (
            self.data.wording.names(self.data.fact_id(f"list.{list_id}.units"), names) if names else Phrase()
        )

    # ------------------------------------------------------------------------------------------ the table

    def table(self, amount: str, *lists: str) -> Table:
        """A line a township: the amount so far, the year's goal, how much of it is done, how far from the schedule, the number of lines
        of each list. `lists` are ids with a heading each: "id:heading"."""
        indicator = self.data.library.indicators.get(amount)
        if indicator is None:
            return Table("调度", (), ())
        pairs = [
            (id, heading)
            for id, _, heading in (text.partition(":") for text in lists)
            if self._lines(id) is not None
        ]
        heads: list[Words] = [
            phrase("累计（", indicator.measure, "）"),
            phrase("年度目标（", indicator.measure, "）"),
            "完成",
            "与时序差",
        ]
        columns = (
            Column(self.data.children_word),
            *(Column(head, "right") for head in heads),
            *(Column(heading or self.data.library.lists[id].title, "right") for id, heading in pairs),
        )
        # Where the short cycle is for some only, the others are not shown as if they owed something.
        owing = {self.data.child(s.reporter_code) for s in self.data.returns}
        everybody = not owing or self.data.settings.unit in owing  # a township owes for its villages
        below = [u for u in self.data.children if everybody or u.code in owing]
        whole = self.data.scope if len(below) == len(self.data.children) else "合计"
        units = [(self.data.settings.unit, whole), *((u.code, u.name) for u in below)]
        rows = tuple(self._row(amount, code, name, [id for id, _ in pairs]) for code, name in units)
        note = phrase(
            "注：累计、年度目标指",
            self.data.wording.short(indicator),
            "；时序进度",
            self.schedule,
            "，与时序差以百分点计；“—”为未报、无目标或报送不全。",
        )
        return Table("调度", columns, rows, notes=(note,))

    def _row(self, amount: str, code: str, name: str, lists: Sequence[str]) -> tuple[Cell, ...]:
        indicator, value = self.data.library.indicators[amount], self.data.value_of(amount, code)
        done = self._progress(value)
        goal = gap = None
        if value is not None and value.target:
            text = numbers.printed(value.target, indicator.decimals, indicator.measure)
            goal = self.data.facts.figure(
                f"{value.id}#target", text, "part", value.target, value.id, "年度目标"
            )
        if value is not None and done is not None:
            text = numbers.printed(done.gap, 1)
            gap = self.data.facts.figure(
                f"{value.id}#schedule.signed", text, "part", done.gap, value.id, "与时序进度之差"
            )
        cells = (self.data.wording.cell(indicator, value), goal, done.done if done else None, gap)
        return (name, *cells, *(self._count(id, code) for id in lists))


def _of(line: ListLine) -> str:
    return line.unit_code or line.township_code
