"""From values, returns and findings to everything a briefing says: each phrase that depends on a number, each table.

Pure. `compose` gives a `Context`; a template only arranges what the context says. Every number it says is a fact
(`Context.facts`) with the value it belongs to. The plan: figures (numbers that know what they are) → trends and wording
(one value in words) → ranking → sections, issues, aims, annexes (what stands where); profile, dispatch, narrative, public and
year are documents of their own kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from ruralpb.core.periods import Period
from ruralpb.model import Register
from ruralpb.model.assessment import AssessmentRules
from ruralpb.publish.text import annexes, dispatch, narrative, profile, public, sections, targets, year
from ruralpb.publish.text.assessment import CIRCULAR, Assessment
from ruralpb.publish.text.audience import (
    AUDIENCES,
    PUBLIC_NAMES,
    Audience,
    closing_note,
    heading_mark,
    not_public,
    usual,
)
from ruralpb.publish.text.circular import Circular
from ruralpb.publish.text.figures import Chart, Facts, Phrase, Table, Words, phrase
from ruralpb.publish.text.report_data import AmendedValue, Closing, ReportData
from ruralpb.publish.text.sections import Section

__all__ = [
    "AUDIENCES",
    "OF_THE_UNIT",
    "AmendedValue",
    "Audience",
    "Closing",
    "Context",
    "ReportData",
    "Section",
    "compose",
    "not_public",
    "usual",
]


OF_THE_UNIT = frozenset(
    {
        "audience",
        "period",
        "unit",
        "scope",
        "children",
        "span",
        "draft",
        "as_is",
        "own",
        "setting",
        "ordinal",
        "profile",
    }
)
"""Names that say nothing of the figures of the units below: a page of these alone needs only the unit's own."""


@dataclass(frozen=True)
class Context:
    """What a template may say. `variables()` are the names it sees; `facts` grows as the template asks."""

    data: ReportData

    @property
    def facts(self) -> Facts:
        """All facts said so far, by id."""
        return self.data.facts

    @property
    def draft(self) -> bool:
        """True when a figure rests on a return that is not accepted: the page bears 草稿, until the period is closed."""
        return self.data.closing is None and any(value.unaccepted for value in self.data.values)

    @cached_property
    def shown(self) -> ReportData:
        """The data as its readers may see it: what a page or a workbook adds to the text, and what it tells of a figure."""
        data = self.data
        return public.PublicNotice(data).open if data.audience == "public" else data

    @property
    def exact(self) -> bool:
        """False for the public: no numerator, denominator, base or unrounded value stands beside a printed one, for a small count
        could be found from them."""
        return self.data.audience != "public"

    @cached_property
    def assessment(self) -> Assessment:
        """The period judged by the rules of the library."""
        rules = self.data.library.assessments.get(CIRCULAR, AssessmentRules(CIRCULAR, (), {}))
        return Assessment(self.data, rules)

    def variables(self) -> Mapping[str, Any]:
        """The names a template sees: words, phrases, lists of sections and issues, and functions that make tables. Each is computed when
        it is asked for."""
        said = self._said()
        if self.data.audience == "public":
            said = {name: value for name, value in said.items() if name in PUBLIC_NAMES}
        return _WhenAsked(said)

    @property
    def mark(self) -> str:
        """内部资料　注意保存 at the head of an internal document; else empty."""
        return heading_mark(self.data.audience)

    @property
    def note(self) -> str:
        """（此件公开发布） and the like, below the date; else empty."""
        return closing_note(self.data.audience, self.data.children_word)

    def _said(self) -> dict[str, Callable[[], Any]]:
        data = self.data
        return {
            "audience": lambda: self.mark or self.note,
            "internal": lambda: data.audience in (None, "internal"),
            "period": lambda: data.facts.name(f"period:{data.period.label}", data.period.title, "period"),
            "unit": lambda: data.home.name if data.home else data.settings.unit,
            "scope": lambda: data.scope,
            "children": lambda: data.children_word,
            "span": lambda: data.span,
            "draft": lambda: self.draft,
            "as_is": lambda: data.as_is,
            "own": lambda: not data.settings.seen_from,
            "setting": lambda: self._setting,
            "introduction": lambda: sections.introduction(data),
            "accepted": lambda: sections.accepted(data),
            "overview": lambda: self._overview,
            "sections": lambda: sections.sections(data),
            "circular": lambda: self._circular,
            "ranking_table": lambda: self._ranking_table,
            "unit_table": lambda: self._unit_table,
            "key_units_table": lambda: annexes.key_units_table(data),
            "breakdown_table": lambda: self._breakdown_table,
            "returns_table": lambda: annexes.returns_table(data),
            "situation_table": lambda: annexes.situation_table(data),
            "shortfalls_table": lambda: annexes.shortfalls_table(data),
            "definitions_table": lambda: annexes.definitions_table(data),
            "standards_table": lambda: annexes.standards_table(data),
            "ranking_chart": lambda: self._ranking_chart,
            "trend_chart": lambda: self._trend_chart,
            "annexes": lambda: self._annexes,
            "ordinal": lambda: sections.numeral,
            "profile": lambda: lambda: profile.Profile(data),
            "dispatch": lambda: lambda: dispatch.Dispatch(data),
            "narrative": lambda: lambda: narrative.Narrative(data),
            "aims": lambda: targets.Aims(data),
            "public_notice": lambda: lambda: public.PublicNotice(data),
            "year": lambda: lambda: year.Year(data),
        }

    # What templates call. Public names without underscores are in `variables`; the sandbox sees only those.

    def _setting(self, key: str, otherwise: str = "") -> Words:
        """A word of the project's `report:` settings; a date of it (2026-04-15) is written 2026年4月15日."""
        stamp = self.data.settings.document(self.data.period)
        own = {"number": stamp.number, "signed_on": stamp.signed_on.isoformat() if stamp.signed_on else ""}
        text = own.get(key, self.data.settings.report.get(key, "")) or otherwise
        return self.facts.name(f"setting:{key}", chinese_date(text), "setting")

    def _circular(self, bank: Mapping[str, str], urge: str = "") -> Circular:
        """The same for the same words: what a circular tells is worked out once."""
        key = (urge, *bank.items())
        if key not in self._circulars:
            self._circulars[key] = Circular(self.data, self.assessment, bank, urge)
        return self._circulars[key]

    @cached_property
    def _circulars(self) -> dict[tuple[object, ...], Circular]:
        return {}

    def _overview(self, keys: Iterable[str] = ()) -> list[Phrase]:
        return sections.overview(self.data, keys)

    def _ranking_table(self, keys: Iterable[str] = ()) -> Table:
        return annexes.ranking_table(self.data, keys)

    def _unit_table(self, indicator: str) -> Table:
        return annexes.unit_table(self.data, indicator)

    def _breakdown_table(self, *indicators: str) -> Table:
        return annexes.breakdown_table(self.data, indicators)

    def _ranking_chart(self, indicator: str) -> Chart | None:
        return annexes.ranking_chart(self.data, indicator)

    def _trend_chart(self, indicator: str) -> Chart | None:
        return annexes.trend_chart(self.data, indicator)

    def _annexes(self, *pairs: tuple[str, Table]) -> list[Annex]:
        """Number the annexes that have something in them: 附件1, 附件2 …"""
        tables: dict[str, list[Table]] = {}
        for title, table in pairs:
            if table:
                tables.setdefault(title, []).append(table)
        return [
            Annex(self.facts.order(n), title, _captioned(tables[title])) for n, title in enumerate(tables, 1)
        ]


@dataclass(frozen=True, slots=True)
class Annex:
    """One 附件: its number, title and tables."""

    number: Words
    title: str
    tables: tuple[Table, ...]

    @property
    def named(self) -> Phrase:
        """1. 乡镇主要指标排名表, as the list of annexes below the text says it."""
        return phrase(self.number, ". ", self.title)


class _WhenAsked(Mapping[str, Any]):
    """Names with what gives their values: computed once, when asked for."""

    def __init__(self, given: Mapping[str, Callable[[], Any]]) -> None:
        self._given, self._values = given, dict[str, Any]()

    def __getitem__(self, name: str) -> Any:
        if name not in self._values:
            self._values[name] = self._given[name]()
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._given)

    def __len__(self) -> int:
        return len(self._given)


def compose(data: ReportData) -> Context:
    """Return the context of one report of `data.settings.unit`. Of returns, findings and amendments it speaks of what lies below the unit;
    amended values are told one by one only within the office."""
    below = _below(data.register, data.settings.unit, data.period)
    within = data.audience in (None, "internal")
    return Context(
        replace(
            data,
            returns=tuple(s for s in data.returns if below(s.reporter_code)),
            findings=tuple(
                f for f in data.findings if below(f.unit_code or f.reporter_code) or below(f.reporter_code)
            ),
            amended=tuple(one for one in data.amended if below(one.unit_code)) if within else (),
        )
    )


def _below(register: Register, unit: str, period: Period) -> Callable[[str], bool]:
    """True for the codes of the unit's own: a township's briefing speaks of no other township's returns."""
    return lambda code: unit in register.path(code, period.end)


def _captioned(tables: list[Table]) -> tuple[Table, ...]:
    """Several tables of one annex each say what they are; a single one has the annex's title."""
    return tuple(replace(table, caption=table.name) for table in tables) if len(tables) > 1 else tuple(tables)


def chinese_date(text: str) -> str:
    """Return 2026-04-15 as 2026年4月15日 (no leading zeros); any other text as it is."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day.year}年{day.month}月{day.day}日"
