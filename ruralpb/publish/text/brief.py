"""二、分项情况 as a circular tells it, in six to twelve pages: what is alike is said together, and townships are named where there is
a target or the template asks for it. What is left out here stands in the annex.

A domain's paragraphs: totals · rates without a target · what was kept (full, zero) · faults · each target and each figure the template asks for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from ruralpb.model import Indicator, Value
from ruralpb.publish.text.figures import Phrase, listed, phrase
from ruralpb.publish.text.report_data import ReportData
from ruralpb.publish.text.sections import Section, breakdown, no_data, numeral, single_quarter, standing
from ruralpb.publish.text.sentences import Clause, sentences
from ruralpb.publish.text.trends import complete, is_ratio
from ruralpb.publish.text.wording import KEPT_AT_ZERO

STILL = "持平"
"""How the comparison of a figure that did not move ends."""

FULL = 100
"""A rate that leaves nothing out."""

Told = tuple[Indicator, Value]


@dataclass(frozen=True)
class Brief:
    """The sections of a circular. `leading`: whose leaders and laggards are told though there is no target; `parted`: whose
    largest classes are told."""

    data: ReportData
    leading: Collection[str] = ()
    parted: Collection[str] = ()

    def sections(self) -> list[Section]:
        """Return a section for each domain that has something to tell."""
        found: list[Section] = []
        for domain, title in self.data.library.domains.items():
            indicators = [i for i in self.data.indicators if i.domain == domain]
            paragraphs = tuple(p for p in self._paragraphs(indicators) if p)
            if paragraphs:
                found.append(Section(domain, numeral(len(found) + 1), title, paragraphs))
        return found

    def _paragraphs(self, indicators: Sequence[Indicator]) -> Iterable[Phrase]:
        values = ((i, self.data.home_value(i.id)) for i in indicators)
        known = [(i, v) for i, v in values if v is not None and v.value is not None]
        kept = [t for t in known if self._is_kept(*t)]
        rest = [t for t in known if t not in kept]
        faults = [(i, v) for i, v in rest if i.better == "lower" and not is_ratio(i, v)]
        rest = [t for t in rest if t not in faults]
        totals = [(i, v) for i, v in rest if not is_ratio(i, v) and _worth_telling(i, v)]
        rates = [(i, v) for i, v in rest if is_ratio(i, v)]
        own = [(i, v) for i, v in rates if self._has_its_own(i, v)]
        yield self._totals(totals)
        others = [self._clause(i, v) for i, v in rates if (i, v) not in own]
        yield sentences([*others, *self._kept(kept)])
        yield phrase(*(phrase(self._fault(i, v), "。") for i, v in faults))
        alone = []
        for indicator, value in own:
            # Who is below target is told under 存在问题, with the number.
            if where := standing(self.data, indicator, lagging=not self.data.failed(indicator)):
                yield self.data.say(
                    "brief.clause_and_standing", clause=self._clause(indicator, value).whole, standing=where
                )
            else:
                alone.append(self._clause(indicator, value))
        yield sentences(alone)
        yield phrase(*(phrase(one, "。") for one in no_data(self.data, indicators)))

    def _has_its_own(self, indicator: Indicator, value: Value) -> bool:
        """A rate with a target, or one the template asks for, has a paragraph, unless all have reached all there is."""
        if indicator.is_rate and value.value == FULL and not standing(self.data, indicator):
            return False
        return value.target is not None or indicator.id in self.leading

    # ------------------------------------------------------------------------------------------ kinds of figures

    def _clause(self, indicator: Indicator, value: Value) -> Clause:
        """A figure, how it moved, where it stands to its target; who is missing."""
        wording = self.data.wording
        full = wording.full(indicator, value)
        said = (
            wording.named(indicator, value),
            wording.changes(indicator, value),
            single_quarter(self.data, indicator),
            full or wording.target(indicator, value),
            wording.unknown(value),
        )
        return Clause(listed(said, "，"), self.data.missing(value))

    def _totals(self, totals: Sequence[Told]) -> Phrase:
        """Totals in their order, those with classes to tell in a sentence of their own; those that stand still in one breath, last."""
        still: dict[str, list[Phrase]] = {}
        parts: list[Phrase] = []
        run: list[Clause] = []
        for indicator, value in totals:
            classes = breakdown(self.data, indicator) if indicator.id in self.parted else None
            clause = self._clause(indicator, value)
            named = self.data.wording.named(indicator, value)
            changes = str(self.data.wording.changes(indicator, value))
            if classes:
                parts += [
                    sentences(run),
                    self.data.say("brief.clause_and_classes", clause=clause.whole, classes=classes),
                ]
                run = []
            elif changes.endswith(STILL) and str(clause.whole) == f"{named}，{changes}":
                still.setdefault(changes, []).append(named)
            else:
                run.append(clause)
        for words, named_so in still.items():
            both = self.data.say.text("brief.both") if len(named_so) > 1 and "均" not in words else None
            run.append(
                Clause(self.data.say("brief.unmoved", figures=listed(named_so), both=both, words=words))
            )
        return phrase(*parts, sentences(run))

    def _fault(self, indicator: Indicator, value: Value) -> Phrase:
        clause = self._clause(indicator, value)
        return Clause(listed((clause.said, standing(self.data, indicator)), "，"), clause.without).whole

    # ------------------------------------------------------------------------------------------ what was kept

    def _is_kept(self, indicator: Indicator, value: Value) -> bool:
        """True for 100% and for zero that are complete and were so before: said in one breath with others of their kind."""
        compared = [c for c in (value.previous, value.last_year) if c is not None and c.base is not None]
        if not complete(value) or any(c.current != c.base for c in compared):
            return False
        return (indicator.is_rate and indicator.better == "higher" and value.value == FULL) or (
            self.data.wording.full(indicator, value) == KEPT_AT_ZERO
        )

    def _kept(self, kept: Sequence[Told]) -> list[Clause]:
        """A、B均为100%, C、D均保持清零."""
        wording = self.data.wording
        full = [(i, v) for i, v in kept if i.is_rate]
        zero = [i for i, _ in kept if not i.is_rate]
        found = []
        if full:
            both = self.data.say.text("brief.both_are" if len(full) > 1 else "brief.is")
            found.append(
                Clause(phrase(listed(wording.short(i) for i, _ in full), both, wording.value(*full[0])))
            )
        if zero:
            both = self.data.say.text("brief.both") if len(zero) > 1 else ""
            found.append(Clause(phrase(listed(wording.stem(i) for i in zero), both, KEPT_AT_ZERO)))
        return found


def _worth_telling(indicator: Indicator, value: Value) -> bool:
    """A total of nothing that was nothing before is left to the annex."""
    bases = (c.base for c in (value.previous, value.last_year) if c is not None)
    return bool(value.value) or bool(indicator.derived) or any(bases)
