"""What may be published (按季度公开): indicators not marked `public: false`, no names, no places in a ranking, and no cell so small
that a person could be told from it.

`published` is the one place that says which indicators are public; `Shown` decides cell by cell. Small cells are suppressed
together with a second one where the first could be found by subtraction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from ruralpb.model import Comparison, Indicator, Library, Value
from ruralpb.publish.text import sections
from ruralpb.publish.text.figures import Phrase, Table, TableCell, TableColumn, columns, listed
from ruralpb.publish.text.report_data import ReportData

LEAST = 5
"""A count of fewer persons (above 0) is not published, nor a rate of so few, nor a change from which it could be found."""

_PERSONS = ("人", "名", "人次")


def published(library: Library) -> Library:
    """Return the library without the indicators marked `public: false`."""
    shown = {id: indicator for id, indicator in library.indicators.items() if indicator.public}
    return replace(library, indicators=shown)


@dataclass(frozen=True)
class PublicNotice:
    """What the template of a public notice says. `data` is the briefing's; `open` the part of it the public sees."""

    data: ReportData

    @cached_property
    def open(self) -> ReportData:
        """The data with public indicators only, small cells without a value, and no returns or findings."""
        library = published(self.data.library)
        shown = tuple(_shown(library.indicators, v) for v in self.data.values if _id(v) in library.indicators)
        return replace(self.data, library=library, values=shown, returns=(), findings=(), history=())

    def paragraphs(self, ids: Iterable[str] = ()) -> list[Phrase]:
        """One paragraph a domain with the chosen figures, or all: value and change, no comparison of units."""
        wanted = set(ids)
        paragraphs = []
        for domain, title in self.open.library.domains.items():
            told = [i for i in self.open.indicators if i.domain == domain and (not wanted or i.id in wanted)]
            sentences = [s for i in told if (s := self._sentence(i))]
            if sentences:
                paragraphs.append(
                    self.data.say("public.domain", domain=title, sentences=listed(sentences, "；"))
                )
        return paragraphs

    def _sentence(self, indicator: Indicator) -> Phrase:
        value = self.open.home_value(indicator.id)
        said = sections.headline(self.open, indicator)
        return listed((said, self.open.missing(value)), "，") if value is not None and said else Phrase()

    def figures_table(self, ids: Iterable[str] = ()) -> Table:
        """Every public figure of the home unit with its change; the chosen ones, or all. Suppressed cells are —."""
        wanted = set(ids)
        indicators = [i for i in self.open.indicators if not wanted or i.id in wanted]
        heads = columns(self.data.say.list("public.figures_heads", span=self.open.span), right=(2,))
        rows = tuple(self._row(indicator) for indicator in indicators)
        return Table(self.data.say.text("public.figures"), heads, rows, notes=self._notes(rows))

    def _row(self, indicator: Indicator) -> tuple[TableCell, ...]:
        wording, value = self.open.wording, self.open.home_value(indicator.id)
        if value is None:
            return (wording.short(indicator), indicator.measure or None, None, None, None)
        return (
            wording.short(indicator),
            *wording.cells(indicator, value),
        )

    def units_table(self, ids: Sequence[str]) -> Table:
        """The units below, in register order and without places, by public indicator."""
        known = [i for id in ids if (i := self.open.library.indicators.get(id)) and self.open.home_value(id)]
        if not known:
            return Table(self.data.say.text("public.units"), (), ())
        heads = (
            TableColumn(self.open.children_word),
            *(TableColumn(self.open.heading(i), "right") for i in known),
        )
        hidden = {i.id: self._hidden(i) for i in known}
        rows: list[tuple[TableCell, ...]] = []
        for unit in self.open.children:
            cells = [
                None
                if unit.code in hidden[i.id]
                else self.open.wording.cell(i, self.open.value_of(i.id, unit.code))
                for i in known
            ]
            rows.append((unit.name, *cells))
        rows.append(
            (self.open.scope, *(self.open.wording.cell(i, self.open.home_value(i.id)) for i in known))
        )
        return Table(self.data.say.text("public.units"), heads, tuple(rows), notes=self._notes(rows))

    def _hidden(self, indicator: Indicator) -> set[str]:
        """The units whose cell is small, and the next smallest with them until the total no longer tells the small ones apart."""
        values = [
            v
            for u in self.open.children
            if (v := self.data.value_of(indicator.id, u.code)) and v.value is not None
        ]
        hidden = {v.unit_code: v.value or Decimal(0) for v in values if small(indicator, v)}
        if indicator.is_rate or not hidden:
            return set(hidden)
        others = [v for v in values if v.unit_code not in hidden]
        others.sort(key=lambda v: (not v.value, v.value))  # an empty cell hides nothing: it comes last
        while others and (len(hidden) < 2 or sum(hidden.values()) < LEAST):
            more = others.pop(0)
            hidden[more.unit_code] = more.value or Decimal(0)
        return set(hidden)

    def _notes(self, rows: Iterable[Sequence[TableCell]]) -> tuple[Phrase, ...]:
        if not any(cell is None for row in rows for cell in row):
            return ()
        least = self.data.facts.figure(
            "public.least", str(LEAST), "name", Decimal(LEAST), says=self.data.say.text("public.least_says")
        )
        return (self.data.say("public.note", least=least),)


def small(indicator: Indicator, value: Value) -> bool:
    """True for a count of persons above 0 and under the least, and for a rate of so few."""
    if indicator.is_rate:
        return value.denominator is not None and 0 < value.denominator < LEAST
    return _few(indicator, value.value)


def _few(indicator: Indicator, number: Decimal | None) -> bool:
    return indicator.measure in _PERSONS and number is not None and 0 < abs(number) < LEAST


def _shown(indicators: Mapping[str, Indicator], value: Value) -> Value:
    """The value as the public sees it: none where it is small, no place, no comparison with a small base."""
    known = indicators[_id(value)]
    bare = replace(value, rank=None, ranked=0)
    if small(known, value):
        return replace(
            bare, numerator=None, denominator=None, value=None, previous=None, last_year=None, status=""
        )
    return replace(
        bare, previous=_comparison(known, value.previous), last_year=_comparison(known, value.last_year)
    )


def _comparison(indicator: Indicator, compared: Comparison | None) -> Comparison | None:
    return None if compared is not None and _few(indicator, compared.base) else compared


def _id(value: Value) -> str:
    return value.indicator.removesuffix(".quarter")
