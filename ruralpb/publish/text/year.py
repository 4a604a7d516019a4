"""年度总结: the whole year from its last quarter — cumulative figures are the year's, others stand at its end — and how the year
went, quarter by quarter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ruralpb.core import numbers
from ruralpb.core.periods import Period
from ruralpb.model import Indicator, Value
from ruralpb.publish.text.figures import Phrase, Table, TableCell, TableColumn, Words, listed, phrase
from ruralpb.publish.text.report_data import ReportData
from ruralpb.publish.text.saying import BUILTIN
from ruralpb.publish.text.sections import Section, numeral
from ruralpb.publish.text.sentences import Clause, sentences
from ruralpb.publish.text.targets import Aims
from ruralpb.publish.text.trends import is_ratio, tone, trend

_QUARTERS = "一二三四"
_SO_FAR = ("一季度", "上半年", "前三季度", "")


@dataclass(frozen=True)
class Year:
    """What the template of a year's summary says; empty parts are false."""

    data: ReportData

    @property
    def whole(self) -> bool:
        """True when the period ends the year; before that the report is of a part of it."""
        return self.data.period.end.month == 12

    @property
    def title(self) -> Words:
        """2025年度 · 2026年上半年: the time the summary is about."""
        return self._name(self.data.say.text("year.title_of_year"))

    @property
    def time(self) -> Words:
        """2025年 · 2026年上半年: the same in a sentence."""
        return self._name(self.data.say.text("year.time_of_year"))

    def _name(self, of_year: str) -> Words:
        period = self.data.period
        name = (
            f"{period.year}{of_year}"
            if self.whole
            else self.data.say.text(
                "year.time_so_far", year=period.year, part=_SO_FAR[period.quarter_number - 1]
            )
        )
        return self.data.facts.name(f"year:{period.label}{of_year}", name, "period")

    @property
    def aims(self) -> Aims:
        """The year's targets: `aims.sentence`, `aims.table`."""
        return Aims(self.data, _name(self.data.period))

    # ------------------------------------------------------------------------------------------ the year's figures

    def sections(self) -> list[Section]:
        """Each domain with a value: figures in library order, each against the year before and its target. What was counted in the
        last quarter only (flow) says so."""
        found: list[Section] = []
        for domain, title in self.data.library.domains.items():
            kinds: tuple[list[Clause], ...] = ([], [], [])
            for indicator in self.data.indicators:
                if indicator.domain == domain and (said := self._sentence(indicator)):
                    kinds[self._kind(indicator)].append(said)
            if any(kinds):
                text = phrase(*map(sentences, kinds))
                found.append(Section(domain, numeral(len(found) + 1), title, (text,)))
        return found

    def _kind(self, indicator: Indicator) -> int:
        """Totals come first, then rates, then what has a target or should be nothing."""
        value = self.data.home_value(indicator.id)
        assert value is not None  # it has a sentence
        if value.target is not None or (indicator.better == "lower" and not is_ratio(indicator, value)):
            return 2
        return 1 if is_ratio(indicator, value) else 0

    def _sentence(self, indicator: Indicator) -> Clause:
        value = self.data.home_value(indicator.id)
        if value is None or value.value is None or not _worth_telling(indicator, value):
            return Clause(Phrase())
        wording = self.data.wording
        full = wording.full(indicator, value)
        said = (
            phrase(
                _name(self.data.period) if indicator.time == "flow" else None, wording.named(indicator, value)
            ),
            wording.change(indicator, value, "last_year"),
            full or wording.target(indicator, value),
            wording.unknown(value),
        )
        return Clause(listed(said, "，"), self.data.missing(value))

    # ------------------------------------------------------------------------------------------ quarter by quarter

    def trends(self, ids: Iterable[str]) -> Phrase:
        """由一季度的95.3%提高到四季度的97.3%: for figures at a date or of a quarter, from the first quarter in which every
        unit has them. The cumulative ones always grow: they are left to the table."""
        found = []
        for indicator, quarters in self._series(ids):
            known = [v for v in quarters if v is not None and v.value is not None and v.covered == v.expected]
            if indicator.time != "year_to_date" and len(known) > 1 and known[-1] is quarters[-1]:
                found.append(self._trend(indicator, known[0], known[-1]))
        return listed(found, "；")

    def _trend(self, indicator: Indicator, first: Value, last: Value) -> Phrase:
        assert first.value is not None
        assert last.value is not None
        wording = self.data.wording
        away = numbers.point_difference(last.value, first.value, indicator.decimals, indicator.measure)
        periods = {period.label: period for period in self.data.period.year_to_date()}
        start, end = _name(periods[first.period]), _name(periods[last.period])
        if away.is_zero():
            return self.data.say(
                "year.same_throughout",
                indicator=wording.short(indicator),
                start=start,
                end=end,
                value=wording.value(indicator, last),
            )
        verb, better = trend(away, indicator).verb, tone(away, indicator.better)
        full = wording.full(indicator, last) if better == "better" else ""
        return self.data.say("year.moved", indicator=wording.short(indicator), start=start, from_value=wording.value(indicator, first), verb=verb, end=end, to_value=wording.value(indicator, last), full=f"，{full}" if full else None)  # fmt: skip

    def quarters_table(self, ids: Iterable[str]) -> Table:
        """The chosen figures down, the quarters of the year across; cumulative figures at each quarter's end."""
        names = (_name(period) for period in self.data.period.year_to_date())
        heads = (
            *map(TableColumn, self.data.say.list("year.heads")),
            *(TableColumn(name, "right") for name in names),
        )
        rows: list[tuple[TableCell, ...]] = []
        for indicator, quarters in self._series(ids):
            if not any(value is not None and value.value is not None for value in quarters):
                continue
            mark = self.data.say.text("year.cumulative") if indicator.time == "year_to_date" else None
            cells = (self.data.wording.cell(indicator, value) for value in quarters)
            rows.append((phrase(self.data.wording.short(indicator), mark), indicator.measure or None, *cells))
        lacking = listed(self._lacking(self._series(ids)), "；")
        note = self.data.say("year.note", comma="；" if lacking else None, lacking=lacking)
        return Table(self.data.say.text("year.table"), heads, tuple(rows), notes=(note,))

    def _lacking(self, series: list[tuple[Indicator, list[Value | None]]]) -> list[Phrase]:
        """二季度部分指标不含未报的茶盘洲镇: who is not in a quarter's figures."""
        found = []
        for place, period in enumerate(self.data.period.year_to_date()):
            values = [quarters[place] for _, quarters in series]
            codes = {code for v in values if v is not None and v.value is not None for code in v.missing}
            if codes:
                names = self.data.wording.names(
                    self.data.fact_id(f"missing.{period.label}"), self.data.names(codes)
                )
                found.append(self.data.say("year.lacking", quarter=_name(period), units=names))
        return found

    def _series(self, ids: Iterable[str]) -> list[tuple[Indicator, list[Value | None]]]:
        """The home unit's value of each quarter so far, by chosen indicator; nothing where the period is no quarter."""
        known = {i.id: i for i in self.data.indicators}
        chosen = [known[id] for id in dict.fromkeys(ids) if id in known]
        if self.data.period.kind != "quarter":
            return []
        beside = self.data.unit_context
        earlier = beside.earlier(tuple(i.id for i in chosen)) if beside is not None and chosen else ()
        home = self.data.settings.unit
        at = {(v.indicator, v.period): v for v in earlier if v.unit_code == home and not v.slice}
        *before, _ = self.data.period.year_to_date()
        return [(i, [*(at.get((i.id, p.label)) for p in before), self.data.home_value(i.id)]) for i in chosen]


def _name(period: Period) -> str:
    return BUILTIN.text("year.quarter", number=_QUARTERS[period.quarter_number - 1])


def _worth_telling(indicator: Indicator, value: Value) -> bool:
    """A total of nothing is left out; a rate of 0 and a fault that is 0 are told."""
    return (
        bool(value.value)
        or indicator.better == "lower"
        or is_ratio(indicator, value)
        or bool(indicator.derived)
    )
