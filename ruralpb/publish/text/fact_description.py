"""What a printed number is, in words: for the panel of the page and the 反查 sheet of the workbook."""

from __future__ import annotations

from collections.abc import Iterator

from ruralpb.core import numbers
from ruralpb.model import Comparison, Value
from ruralpb.publish.text.figures import Fact

_PARTS = {
    "previous.change": "与上期相比的增减",
    "last_year.change": "与上年同期相比的增减",
    "previous.base": "上期数",
    "last_year.base": "上年同期数",
    "previous.current": "可比的本期数",
    "last_year.current": "可比的本期数",
    "previous.base-size": "上期数（绝对值）",
    "last_year.base-size": "上年同期数（绝对值）",
    "previous.current-size": "本期数（绝对值）",
    "last_year.current-size": "本期数（绝对值）",
    "target": "目标",
    "target.gap": "与目标（时序进度）的差距",
    "target.done": "完成时序目标的比例",
    "schedule.gap": "与时序进度的差距",
    "schedule.signed": "与时序进度的差距",
    "progress": "完成全年目标的比例",
    "average.gap": "与平均水平的差距",
    "ranked": "参加排名的单位数",
    "rank": "位次",
    "villages": "涉及的村（社区）",
    "missing": "未报的单位",
}


def part(fact: Fact) -> str:
    """Return which part of its value a number is (与上期相比的增减, 分子 …); "" for the value itself and for what has none."""
    name = fact.id.partition("#")[2]
    return fact.says or _PARTS.get(name, name)


def compared(value: Value) -> Iterator[tuple[str, str]]:
    """Yield what the value is compared with, as name and text: 上期（2025Q4） 97.3."""
    for word, comparison in (("上期", value.previous), ("上年同期", value.last_year)):
        if comparison is not None and comparison.base is not None and comparison.current is not None:
            yield f"{word}（{comparison.base_period}）", _beside(value, comparison)


def _beside(value: Value, comparison: Comparison) -> str:
    notes = []
    if comparison.comparable_base:
        notes.append("按可比口径")
    if not comparison.all_units:
        notes.append(f"按两期均有数据的{comparison.units}个单位")
    if comparison.current != value.value:
        notes.append(f"同口径的本期数为{numbers.exported(comparison.current)}")
    base = numbers.exported(comparison.base)
    return f"{base}（{'，'.join(notes)}）" if notes else base
