"""What a printed number is, in words: for the panel of the page and the 反查 sheet of the workbook."""

from __future__ import annotations

from collections.abc import Iterator

from ruralpb.core import numbers
from ruralpb.model import Comparison, Value
from ruralpb.publish.text.figures import Fact
from ruralpb.publish.text.saying import BUILTIN


def part(fact: Fact) -> str:
    """Return which part of its value a number is (与上期相比的增减, 分子 …); "" for the value itself and for what has none."""
    name = fact.id.partition("#")[2]
    return fact.says or BUILTIN.phrases.get(f"facts.part.{name}", name)


def compared(value: Value) -> Iterator[tuple[str, str]]:
    """Yield what the value is compared with, as name and text: 上期（2025Q4） 97.3."""
    for word, comparison in (
        (BUILTIN.text("facts.previous"), value.previous),
        (BUILTIN.text("facts.last_year"), value.last_year),
    ):
        if comparison is not None and comparison.base is not None and comparison.current is not None:
            yield f"{word}（{comparison.base_period}）", _beside(value, comparison)


def _beside(value: Value, comparison: Comparison) -> str:
    notes = []
    if comparison.comparable_base:
        notes.append(BUILTIN.text("facts.comparable"))
    if not comparison.all_units:
        notes.append(BUILTIN.text("facts.over_units", count=comparison.units))
    if comparison.current != value.value:
        notes.append(BUILTIN.text("facts.current", number=numbers.exported(comparison.current)))
    base = numbers.exported(comparison.base)
    return f"{base}（{'，'.join(notes)}）" if notes else base
