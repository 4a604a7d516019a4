"""The targets of the home unit: which are reached, which not, as a sentence and a table."""

from __future__ import annotations

from dataclasses import dataclass

from ruralpb.model import Indicator, Value
from ruralpb.publish.text.figures import Phrase, Table, columns, listed, phrase
from ruralpb.publish.text.report_data import ReportData

SHOWN = 6
"""More figures that missed their target are counted; the table has all."""


@dataclass(frozen=True)
class Aims:
    """What became of each target. A target that is not due yet (年末) has no status and counts as neither."""

    data: ReportData
    quarter: str = ""
    """Said before a figure of one quarter (flow), where the report is of a longer time: 四季度."""

    def _with(self, *statuses: str) -> list[tuple[Indicator, Value]]:
        pairs = ((i, self.data.home_value(i.id)) for i in self.data.indicators)
        return [(i, v) for i, v in pairs if v is not None and v.value is not None and v.status in statuses]

    @property
    def sentence(self) -> Phrase:
        """已到期的28项目标中，达到15项，未达到13项，主要是：…，低于100%的目标1.0个百分点；…: empty without targets. Six at most are told,
        the table has all."""
        met, unmet = self._with("met"), self._with("failed", "behind")
        if not met and not unmet:
            return Phrase()
        count = self.data.count
        opening = self.data.say(
            "targets.opening",
            count=count("aims", len(met) + len(unmet), self.data.say.text("targets.due_says")),
        )
        if not unmet:
            return self.data.say("targets.all_met", opening=opening)
        reached = (
            self.data.say(
                "targets.met", count=count("aims.met", len(met), self.data.say.text("targets.met_says"))
            )
            if met
            else None
        )
        more = self.data.say.text("targets.mainly") if len(unmet) > SHOWN else "："
        missed = self.data.say(
            "targets.unmet",
            count=count("aims.unmet", len(unmet), self.data.say.text("targets.unmet_says")),
            more=more,
        )
        shown = listed((self._missed(i, v) for i, v in unmet[:SHOWN]), "；")
        return phrase(opening, reached, missed, shown)

    def _missed(self, indicator: Indicator, value: Value) -> Phrase:
        """“两委”成员县级联审合格率为98.9%，低于100%的目标1.1个百分点."""
        wording = self.data.wording
        when = self.quarter if indicator.time == "flow" else ""
        return listed((phrase(when, wording.named(indicator, value)), wording.target(indicator, value)), "，")

    def _when(self, indicator: Indicator) -> str | None:
        return f"（{self.quarter}）" if self.quarter and indicator.time == "flow" else None

    @property
    def table(self) -> Table:
        """One line a target: the year's figure, the target, reached or not, and how many units below missed it."""
        rows = []
        for indicator, value in self._with("met", "failed", "behind"):
            goal = self.data.wording.amount(indicator, f"{value.id}#target", value.target, value.id)
            below = self.data.failed(indicator)
            says = self.data.say.text(
                "targets.units_below_says", indicator=indicator.title, children=self.data.children_word
            )
            rows.append(
                (
                    phrase(self.data.wording.short(indicator), self._when(indicator)),
                    goal,
                    self.data.wording.value(indicator, value),
                    self.data.say.text(
                        "targets.result.met" if value.status == "met" else "targets.result.unmet"
                    ),
                    self.data.count(f"{indicator.id}.failed", len(below), says),
                )
            )
        heads = self.data.say.list("targets.heads", children=self.data.children_word)
        return Table(self.data.say.text("targets.table"), columns(heads, center=range(1, 5)), tuple(rows))
