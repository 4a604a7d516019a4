"""一月一调度: the monthly forms on one page. Income against the schedule of the year, new debt, problems due, overdue and closed, ledgers
that were not updated, township by township."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ruralpb.core import numbers
from ruralpb.model import Value
from ruralpb.publish.text.figures import Figure, Phrase, Table, TableCell, TableColumn, Words, listed
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
        return self.data.facts.figure(
            self.data.fact_id("schedule"), text, "count", share, says=self.data.say.text("dispatch.schedule")
        )

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
        return self.data.say(
            "dispatch.returns",
            span=self.data.span,
            reporters=count(
                "returns.reporters",
                len({s.reporter_code for s in states}),
                self.data.say.text("dispatch.reporters_says"),
            ),
            due=count("returns.due", len(states), self.data.say.text("dispatch.due_says")),
            received=count(
                "returns.received", sum(map(has_come, states)), self.data.say.text("dispatch.received_says")
            ),
            open=self.data.say("dispatch.open", units=names) if open_codes else None,
        )

    # ------------------------------------------------------------------------------------------ income

    def income(self, amount: str) -> Phrase:
        """The home unit's amount with its change since the month before and the year before, and who is not in it."""
        indicator, value = self.data.library.indicators.get(amount), self.data.home_value(amount)
        if indicator is None or value is None or value.value is None:
            return Phrase()
        wording = self.data.wording
        parts = (
            wording.named(indicator, value),
            wording.change(indicator, value, "last_year"),
            self._against(value),
            self.data.missing(value),
            wording.unknown(value),
        )
        return listed(parts, "，")

    def _against(self, value: Value) -> Phrase:
        done = self._progress(value)
        if done is None:
            return Phrase()
        return self.data.say("dispatch.progress", done=done.done, distance=self._distance(value, done))

    def _distance(self, value: Value, done: _Progress) -> Phrase:
        if done.gap.is_zero():
            return self.data.say("dispatch.on_schedule")
        return self.data.say(
            "dispatch.off_schedule",
            direction=self.data.say.text("dispatch.faster" if done.gap > 0 else "dispatch.slower"),
            gap=self.data.wording.points(value, "schedule.gap", done.gap, 1),
        )

    def _progress(self, value: Value | None) -> _Progress | None:
        """Of the year's goal in targets.csv; without one, and for a unit that is not wholly covered, there is no progress to tell."""
        if value is None or value.value is None or not value.target or value.covered < value.expected:
            return None
        goal = self._goal(value)
        share = numbers.quotient(value.value, goal, 100) if goal else None
        if share is None:
            return None
        text = numbers.printed(share, 1, "%") + "%"
        done = self.data.facts.figure(
            f"{value.id}#progress",
            text,
            "part",
            share,
            value.id,
            self.data.say.text("dispatch.progress_says"),
        )
        return _Progress(done, numbers.point_difference(share, self.schedule.value or Decimal(0), 1, "%"))

    def _goal(self, value: Value) -> Decimal | None:
        """The year's goal: of a target that is due pro rata, what is due now is a part of it."""
        indicator = self.data.library.indicators.get(value.indicator)
        if (
            value.target is None
            or indicator is None
            or indicator.target is None
            or indicator.target.per != "schedule"
        ):
            return value.target
        return numbers.quotient(value.target * 12, Decimal(self.data.period.end.month))

    def behind(self, amount: str) -> Phrase:
        """慢于时序进度的有A（8.3%）、B（…）: the townships behind the schedule, the slowest first."""
        found = []
        for value in self.data.values_at(amount, self.data.child_level):
            done = self._progress(value)
            if done is not None and done.gap < 0:
                found.append(
                    (done.gap, self.data.say("dispatch.unit_progress", unit=value.unit, done=done.done))
                )
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
            return Table(self.data.say.text("dispatch.table"), (), ())
        pairs = [
            (id, heading)
            for id, _, heading in (text.partition(":") for text in lists)
            if self._lines(id) is not None
        ]
        heads: list[Words] = [
            self.data.say("dispatch.so_far_head", measure=indicator.measure),
            self.data.say("dispatch.goal_head", measure=indicator.measure),
            self.data.say.text("dispatch.done_head"),
            self.data.say.text("dispatch.gap_head"),
        ]
        columns = (
            TableColumn(self.data.children_word),
            *(TableColumn(head, "right") for head in heads),
            *(TableColumn(heading or self.data.library.lists[id].title, "right") for id, heading in pairs),
        )
        # Where the short cycle is for some only, the others are not shown as if they owed something.
        owing = {self.data.child(s.reporter_code) for s in self.data.returns}
        everybody = not owing or self.data.settings.unit in owing  # a township owes for its villages
        below = [u for u in self.data.children if everybody or u.code in owing]
        whole = (
            self.data.scope if len(below) == len(self.data.children) else self.data.say.text("dispatch.total")
        )
        units = [(self.data.settings.unit, whole), *((u.code, u.name) for u in below)]
        rows = tuple(self._row(amount, code, name, [id for id, _ in pairs]) for code, name in units)
        note = self.data.say(
            "dispatch.note", indicator=self.data.wording.short(indicator), schedule=self.schedule
        )
        return Table(self.data.say.text("dispatch.table"), columns, rows, notes=(note,))

    def _row(self, amount: str, code: str, name: str, lists: Sequence[str]) -> tuple[TableCell, ...]:
        indicator, value = self.data.library.indicators[amount], self.data.value_of(amount, code)
        done = self._progress(value)
        goal = gap = None
        year = self._goal(value) if value is not None else None
        if value is not None and year:
            text = numbers.printed(year, indicator.decimals, indicator.measure)
            goal = self.data.facts.figure(
                f"{value.id}#target",
                text,
                "part",
                year,
                value.id,
                self.data.say.text("dispatch.goal_says"),
            )
        if value is not None and done is not None:
            text = numbers.printed(done.gap, 1)
            gap = self.data.facts.figure(
                f"{value.id}#schedule.signed",
                text,
                "part",
                done.gap,
                value.id,
                self.data.say.text("dispatch.gap_says"),
            )
        cells = (self.data.wording.cell(indicator, value), goal, done.done if done else None, gap)
        return (name, *cells, *(self._count(id, code) for id in lists))


def _of(line: ListLine) -> str:
    return line.unit_code or line.township_code
