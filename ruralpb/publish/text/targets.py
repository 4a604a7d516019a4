"""The targets of the home unit: which are reached, which not, as a sentence and a table."""

from __future__ import annotations

from dataclasses import dataclass

from ruralpb.model import Indicator, Value
from ruralpb.publish.text.figures import Column, Phrase, Table, listed, phrase
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
        opening = phrase("已到期的", count("aims", len(met) + len(unmet), "有目标的指标数"), "项目标中，")
        if not unmet:
            return phrase(opening, "各项均已达到")
        reached = phrase("达到", count("aims.met", len(met), "达到目标的指标数"), "项，") if met else None
        more = "，主要是：" if len(unmet) > SHOWN else "："
        missed = phrase("未达到", count("aims.unmet", len(unmet), "未达到目标的指标数"), "项", more)
        shown = listed((self._missed(i, v) for i, v in unmet[:SHOWN]), "；")
        return phrase(opening, reached, missed, shown)

    def _missed(self, indicator: Indicator, value: Value) -> Phrase:
        """“两委”成员县级联审合格率为98.9%，低于100%的目标1.1个百分点."""
        say = self.data.wording
        when = self.quarter if indicator.time == "flow" else ""
        return listed((phrase(when, say.named(indicator, value)), say.target(indicator, value)), "，")

    def _when(self, indicator: Indicator) -> str | None:
        return f"（{self.quarter}）" if self.quarter and indicator.time == "flow" else None

    @property
    def table(self) -> Table:
        """One line a target: the year's figure, the target, reached or not, and how many units below missed it."""
        rows = []
        for indicator, value in self._with("met", "failed", "behind"):
            goal = self.data.wording.amount(indicator, f"{value.id}#target", value.target, value.id)
            below = self.data.failed(indicator)
            says = f"{indicator.title}未达目标的{self.data.children_word}数"
            rows.append(
                (
                    phrase(self.data.wording.short(indicator), self._when(indicator)),
                    goal,
                    self.data.wording.value(indicator, value),
                    "达到" if value.status == "met" else "未达到",
                    self.data.count(f"{indicator.id}.failed", len(below), says),
                )
            )
        heads = ("指标", "目标", "完成", "结果", f"未达到的{self.data.children_word}数")
        columns = tuple(Column(h, "left" if n == 0 else "center") for n, h in enumerate(heads))
        return Table("目标完成情况", columns, tuple(rows))
