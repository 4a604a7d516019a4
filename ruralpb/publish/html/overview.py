"""What a page that ranks units shows besides its text: the heat map of units and indicators, the distribution by band, trends.

They are blocks like those of a template, so their numbers are facts, can be clicked and stand in the trace.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ruralpb.model import Indicator
from ruralpb.publish.blocks import Box, DocumentBlock, walk
from ruralpb.publish.markup.parsing import parse
from ruralpb.publish.text import Context, annexes
from ruralpb.publish.text.figures import Table, Words, marked, phrase
from ruralpb.publish.text.report_data import ReportData

MOST_COLUMNS = 16
"""At most so many indicators stand side by side in the heat map: what a page's width carries in legible digits."""

MOST_TRENDS = 6
"""At most so many figures are followed through time."""

_RANKS = "排名"
"""A template that says who is first and last has a table of this name; a page without it compares nobody."""


def overview(context: Context, blocks: Sequence[DocumentBlock]) -> tuple[DocumentBlock, ...]:
    """Return the drawings to stand between the text and the annexes of a page of these blocks; none where nobody is ranked."""
    if not any(isinstance(b, Box) and b.name == "表" and _RANKS in b.words for b in walk(blocks)):
        return ()
    data = context.shown
    drawn = [text for text in (_heat(data), *_bands(data), *_trends(context)) if text]
    parts = ["## 图解", *drawn] if drawn else []
    for title, table in _appended(data):
        parts += ["::::::参考", f"## {title}", marked(table), "::::::"] if table else []
    return parse("\n\n".join(parts))


def _appended(data: ReportData) -> Iterator[tuple[str, Table]]:
    """What the paper leaves to the page: every figure of the unit, and how each is defined."""
    yield data.say.text("annexes.situation"), annexes.situation_table(data)
    yield data.say.text("annexes.definitions"), annexes.definitions_table(data)
    yield data.say.text("annexes.standards"), annexes.standards_table(data)


def _heat(data: ReportData) -> str:
    chosen = _columns(data)
    if len(chosen) < 2 or len(data.children) < 2:
        return ""
    heads = [phrase(data.wording.short(i), f"（{i.measure}）" if i.measure else None) for i in chosen]
    rows: list[list[Words]] = [
        [unit.name, *(data.wording.cell(i, data.value_of(i.id, unit.code)) for i in chosen)]
        for unit in data.children
    ]
    title = data.say("pages.heat_map", children=data.children_word)
    return _drawing("heat", title, [data.children_word, *heads], rows)


def _columns(data: ReportData) -> list[Indicator]:
    """The rates and averages that are ranked, those with a target first, in library order."""
    ranked = [
        i
        for i in data.indicators
        if i.better != "neither" and i.denominator is not None and len(data.ranking(i).ranked) > 1
    ]
    wanted = sorted(ranked, key=lambda i: i.target is None)[:MOST_COLUMNS]
    return [i for i in ranked if i in wanted]


def _bands(data: ReportData) -> Iterator[str]:
    """A bar a band, in the order of the bands, for every indicator that is cut by the bands of a standard."""
    for indicator in data.indicators:
        cuts = data.slices(indicator.id, data.settings.unit)
        by_band = [cut for cut in cuts if cut.slice[0][0].startswith("band(")]
        if len(by_band) > 1:
            rows: list[list[Words]] = [
                [
                    data.facts.name(f"class:{cut.slice[0][1]}", cut.slice[0][1]),
                    data.wording.cell(indicator, cut),
                ]
                for cut in by_band
            ]
            title = data.say("pages.bands", scope=data.scope, indicator=data.heading(indicator))
            yield _drawing("bar", title, data.say.list("pages.band_heads"), rows)


def _trends(context: Context) -> Iterator[str]:
    """The way of what weighs most, problems before advances, through the periods at hand; nothing of what was counted only twice."""
    data, assessment = context.shown, context.assessment
    matters = (*assessment.problems, *assessment.advances)
    followed = list(dict.fromkeys(m.indicator.id for m in matters if m.indicator is not None))[:MOST_TRENDS]
    data.look_back(followed)
    charts = (annexes.trend_chart(data, id) for id in followed)
    yield from (marked(chart) for chart in charts if chart)


def _drawing(kind: str, title: Words, heads: Sequence[Words], rows: Sequence[Sequence[Words]]) -> str:
    lines = [heads, *rows]
    table = ["| " + " | ".join(marked(cell) for cell in line) + " |" for line in lines]
    table.insert(1, "|" + ":--|" + "--:|" * (len(heads) - 1))
    return "\n".join([f":::图 {kind}", marked(title), "", *table, ":::"])
