"""All definitions in force, by id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from ruralpb.core.periods import Period
from ruralpb.model.assessment import AssessmentRules
from ruralpb.model.definitions import Check, Form, HeaderMapping, Indicator
from ruralpb.model.phrases import Phrases
from ruralpb.model.registers import ListDefinition, Score, Watch
from ruralpb.model.standards import Standard, StandardsOn, said
from ruralpb.model.unit_register import Register
from ruralpb.model.vocabulary import Vocabulary, builtin

KINDS = ("forms", "checks", "indicators", "standards", "watches", "scores", "lists")
"""The attributes of a library that hold definitions, by id."""


@dataclass(frozen=True)
class Library:
    """All definitions in force for a project, built-in ones overridden by the project's own."""

    forms: Mapping[str, Form]
    indicators: Mapping[str, Indicator]
    standards: Mapping[str, Standard]
    checks: Mapping[str, Check]
    """Every check by id, those of the forms and those that hold for all forms (form = "all")."""
    domains: Mapping[str, str]
    """Indicator domain id → Chinese title, in the order of the briefing."""
    hash: str
    """sha256 over the definition files' contents (semantics S6)."""
    watches: Mapping[str, Watch] = field(default_factory=dict)
    scores: Mapping[str, Score] = field(default_factory=dict)
    lists: Mapping[str, ListDefinition] = field(default_factory=dict)
    assessments: Mapping[str, AssessmentRules] = field(default_factory=dict)
    """How papers judge a period."""
    mappings: tuple[HeaderMapping, ...] = ()
    vocabulary: Vocabulary = field(default_factory=builtin)
    """The words the reader goes by, those that the project adds among them."""
    phrases: Phrases = field(default_factory=Phrases)
    """What documents say, the project's own ways among it."""

    def since(self, indicator: Indicator, period: Period) -> Period | None:
        """Return the first period that a sum over the year to `period` covers, where that is not the year's first: its form began later."""
        form = self.forms.get(indicator.form)
        if indicator.scope != "year_to_date" or form is None:
            return None
        first, *later = period.year_to_date()
        return (
            None if form.dated.holds(first.end) else next((p for p in later if form.dated.holds(p.end)), None)
        )

    def worded(self, day: date, register: Register | None = None, unit: str = "") -> Library:
        """Return the library with the values of standards filled in where titles of indicators and lists say them: those of `day`, for
        the units below `unit` (itself included)."""
        standards = StandardsOn(self.standards, register, day)
        return replace(
            self,
            indicators={
                id_: replace(one, title=standards.worded(one.title, unit)) if said(one.title) else one
                for id_, one in self.indicators.items()
            },
            lists={
                id_: replace(one, title=standards.worded(one.title, unit)) if said(one.title) else one
                for id_, one in self.lists.items()
            },
        )
