"""The circular and the leader's summary: verdict, sections, problems each with what is required of whom until when, praise and blame.

Reads an `Assessment`; every sentence is a phrase of figures. Templates arrange what stands here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from ruralpb.model import Indicator
from ruralpb.publish.text import annexes
from ruralpb.publish.text.assessment import Assessment, Matter
from ruralpb.publish.text.figures import (
    Chart,
    Phrase,
    Table,
    TableCell,
    Words,
    columns,
    listed,
    phrase,
)
from ruralpb.publish.text.matters import Telling
from ruralpb.publish.text.report_data import ReportData
from ruralpb.publish.text.requirements import Requirement, Requirements
from ruralpb.publish.text.sections import Section, numeral
from ruralpb.publish.text.unit_context import UnitPlace
from ruralpb.publish.text.wording import MANY

PLACED = 3
"""So many units are named first, last, risen and fallen."""

IN_SECTION = 2
"""So many things are told of a domain."""

CRITERIA = 2
"""So many criteria are named in which those behind lose most."""

MOVED = 2
"""From so many places on a unit has risen or fallen."""


LEAST_BESIDE = Decimal("0.1")
"""An advance of so small a part of the heaviest is not told for the sake of its domain."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem as the circular tells it, and what is required: `decision` is the same, put to a leader."""

    matter: Matter
    text: Phrase
    requirement: Requirement


@dataclass(frozen=True)
class Circular:
    """What the templates of the circular and of the summary ask for. `bank`: what is to be done, by indicator, domain or kind of matter."""

    data: ReportData
    assessment: Assessment
    bank: Mapping[str, str] = field(default_factory=dict)
    urge: str = ""

    @cached_property
    def _telling(self) -> Telling:
        return Telling(self.data)

    @cached_property
    def _requirements(self) -> Requirements:
        return Requirements(self.data, self.assessment.rules, self.bank, self.urge)

    # ------------------------------------------------------------------------------------------ 总体情况

    @cached_property
    def verdict(self) -> Phrase:
        """总的看，…工作总体平稳，但仍有突出问题。到期的28项目标中，达到或接近19项; empty without a target that is due."""
        verdict, data = self.assessment.verdict, self.data
        period = data.facts.name(f"period:{data.period.label}", data.period.title, "period")
        if not self.has_data:
            return data.say("circular.no_data", period=period)
        if verdict is None:
            return Phrase()
        due, reached = self.assessment.due, self.assessment.reached
        if not reached:
            return data.say(
                "circular.verdict_none",
                period=period,
                scope=data.scope,
                verdict=verdict.title,
                due=data.count("aims", len(due), data.say.text("circular.due_says")),
            )
        return data.say(
            "circular.verdict",
            period=period,
            scope=data.scope,
            verdict=verdict.title,
            due=data.count("aims", len(due), data.say.text("circular.due_says")),
            reached=data.count("aims.reached", len(reached), data.say.text("circular.reached_says")),
        )

    @property
    def has_data(self) -> bool:
        """False where nothing was returned of which a figure could be made."""
        return any((v := self.data.home_value(i.id)) and v.value is not None for i in self.data.indicators)

    @cached_property
    def standing(self) -> Phrase:
        """教育培训工作较好；驻村帮扶、治理服务工作滞后."""
        found: dict[str, list[str]] = {"good": [], "behind": []}
        for domain, title in self.data.library.domains.items():
            how = self.assessment.standing(domain)
            if how in found:
                found[how].append(title)
        return listed(
            (
                self.data.say(f"circular.domains.{how}", domains="、".join(titles))
                for how, titles in found.items()
                if titles
            ),
            "；",
        )

    @cached_property
    def places(self) -> Phrase:
        """按季度考核，综合排名居前的是A、B、C；位次上升较多的是…；靠后的是…，主要失分在…: nothing in a group of fewer than the rules say."""
        ranked, say = self._ranked, self.data.say
        if not self.has_data or len(ranked) < max(self.assessment.rules.fewest, 2 * PLACED):
            return Phrase()
        score = self.data.library.scores[self.assessment.rules.score].title
        first = [p for p in ranked if p.rank <= ranked[PLACED - 1].rank][: PLACED + 1]
        last = [p for p in ranked if p.rank >= ranked[-PLACED].rank][-PLACED - 1 :]
        risen = [
            p
            for p in sorted(ranked, key=lambda p: -_rise(p))
            if _rise(p) >= MOVED and p not in (*first, *last)
        ]
        fallen = [p for p in sorted(ranked, key=_rise) if _rise(p) <= -MOVED and p not in (*first, *last)]
        weak = [title for p in last for title in p.weakest[:CRITERIA]]
        criteria = sorted(dict.fromkeys(weak), key=lambda title: (-weak.count(title), weak.index(title)))
        return listed(
            (
                say("circular.places.first", score=score, units=self._units(first)),
                say("circular.places.risen", units=self._moved(risen[:CRITERIA])) if risen else None,
                phrase(
                    say("circular.places.last", units=self._units(last)),
                    say("circular.places.weak", criteria="、".join(criteria[:CRITERIA]))
                    if criteria
                    else None,
                ),
                say("circular.places.fallen", units=self._moved(fallen[:CRITERIA])) if fallen else None,
            ),
            "；",
        )

    @cached_property
    def _ranked(self) -> Sequence[UnitPlace]:
        context = self.data.unit_context
        return () if context is None else context.places(self.assessment.rules.score)

    def _units(self, places: Sequence[UnitPlace]) -> Phrase:
        return listed(self.data.name(place.unit_code) for place in places)

    def _moved(self, places: Sequence[UnitPlace]) -> Phrase:
        return listed(
            self.data.say(
                "circular.places.moved",
                unit=self.data.name(place.unit_code),
                verb=self.data.say.text("circular.places.up" if _rise(place) > 0 else "circular.places.down"),
                number=self._change(place),
            )
            for place in places
        )

    def _change(self, place: UnitPlace) -> Words:
        says = self.data.say.text("circular.places.moved_says", unit=self.data.name(place.unit_code))
        id = f"place.moved@{place.unit_code}@{self.data.period.label}"
        return self.data.facts.count(id, abs(_rise(place)), says)

    @cached_property
    def coverage(self) -> Phrase:
        """以下数据不含未报的新湾镇: who is missing from most figures, said once; the others say it themselves."""
        return self._telling.without(self._telling.usual_missing)

    @cached_property
    def quality(self) -> Phrase:
        """数据质量方面，27份…尚未通过审核: the one sentence on data; empty when all are accepted."""
        blocked = [s for s in self.data.returns if s.status in ("blocked", "returned")]
        if not blocked:
            return Phrase()
        says = self.data.say.text("sections.blocked_says")
        return self.data.say(
            "circular.quality_final" if self.data.closing else "circular.quality",
            blocked=self.data.count("returns.blocked", len(blocked), says),
        )

    # ------------------------------------------------------------------------------------------ 分项情况

    @cached_property
    def sections(self) -> list[Section]:
        """What changed in each domain and by whom; a domain in which nothing did is left out, and what the problems tell."""
        told = {problem.matter.id for problem in self.problems}
        found: list[Section] = []
        for domain, title in self.data.library.domains.items():
            advances = _apart([m for m in self.assessment.advances if m.domain == domain])[:IN_SECTION]
            others = [m for m in self._weighty if m.domain == domain and m.id not in told]
            clauses = [
                *self._shifted(domain),
                *map(self._telling.told, others[:1]),
                *map(self._telling.advanced, advances),
            ][:IN_SECTION] or self._telling.states(domain)[:IN_SECTION]
            if clauses:
                text = phrase(listed(clauses, "；"), "。")
                found.append(Section(domain, numeral(len(found) + 1), title, (text,)))
        return found

    def _shifted(self, domain: str) -> list[Phrase]:
        """The most important amount that suspect rows move."""
        found, concerns = self._telling.shifted(domain), self.assessment.rules.concerns
        heaviest = sorted(found, key=lambda id: -concerns.get(id, Decimal(0)))
        return [found[id] for id in heaviest[:1]]

    # ------------------------------------------------------------------------------------------ problems

    @cached_property
    def problems(self) -> list[Problem]:
        """The problems that are told, each with its requirement: the first of the assessment, as many as the rules say; the annex has all."""
        told: dict[tuple[str, tuple[str, ...]], Problem] = {}
        for matter in self._weighty:
            # Two figures of one matter (how many are weak, how many were put right) ask for the same: the heavier is told.
            key = self._requirements.words(matter), tuple(sorted(matter.codes))
            if len(told) < self.assessment.rules.problems:
                told.setdefault(key, self._problem(matter))
        return list(told.values())

    @cached_property
    def _weighty(self) -> Sequence[Matter]:
        least = self.assessment.rules.least_told
        return [m for m in self.assessment.problems if m.severe or m.weight.total >= least]

    def _problem(self, matter: Matter) -> Problem:
        text = phrase(self._telling.told(matter), "。")
        return Problem(matter, text, self._requirements.of(matter))

    @cached_property
    def follow_up(self) -> Phrase:
        """Who answers for it, and what follows: said once, for all requirements."""
        return self._requirements.follow_up([problem.matter for problem in self.problems])

    # ------------------------------------------------------------------------------------------ the summary

    @cached_property
    def advances(self) -> list[Phrase]:
        """The heaviest advances, of different domains as far as these weigh anything beside the heaviest."""
        weighty = _apart(self.assessment.advances)
        least = weighty[0].weight.total * LEAST_BESIDE if weighty else Decimal(0)
        of_domain: dict[str, Matter] = {}
        for matter in weighty:
            of_domain.setdefault(matter.domain, matter)
        first = [m for m in of_domain.values() if m.weight.total >= least]
        chosen = [*first, *(m for m in weighty if m not in first)]
        return [self._telling.advanced(m) for m in chosen[: self.assessment.rules.advances]]

    @cached_property
    def gravest(self) -> list[Problem]:
        """The heaviest problems, as many as advances are told."""
        return self.problems[: self.assessment.rules.advances]

    # ------------------------------------------------------------------------------------------ annexes

    def ranking_table(self, otherwise: Sequence[str] = ()) -> Table:
        """Units by their place in the score: points, place, places gained; beside them the figures they are rated by. Where no score rates
        them: their places in the indicators `otherwise`."""
        data, rules = self.data, self.assessment.rules
        score = data.library.scores.get(rules.score)
        if score is None or len(self._ranked) < 2:
            return annexes.ranking_table(data, otherwise)
        rated = [
            data.library.indicators[c.indicator]
            for c in score.criteria
            if c.indicator in data.library.indicators
        ]
        rated = [i for i in rated if data.home_value(i.id) is not None]
        heads = data.say.list("circular.ranking.heads")
        titles: list[Words] = [data.children_word, *heads, *(data.heading(i) for i in rated)]
        rows = [self._ranking_row(place, heads, rated) for place in self._ranked]
        apart = [u.name for u in data.children if u.code not in {p.unit_code for p in self._ranked}]
        note = data.say(
            "circular.ranking.note",
            score=score.title,
            children=data.children_word,
            apart=data.say("circular.ranking.apart", units=listed(apart)) if apart else None,
        )
        return Table(
            data.say.text("circular.ranking.table"),
            columns(titles, right=range(1, len(titles))),
            tuple(rows),
            wide=True,
            notes=(note,),
        )

    def _ranking_row(
        self, place: UnitPlace, heads: Sequence[str], rated: Sequence[Indicator]
    ) -> tuple[TableCell, ...]:
        data, name = self.data, self.data.name(place.unit_code)
        at = f"@{place.unit_code}@{data.period.label}"
        says = [data.say.text("circular.ranking.says", unit=name, head=head) for head in heads]
        total = data.facts.figure(f"score.total{at}", f"{place.total}", "count", place.total, says=says[0])
        rank = data.facts.figure(
            f"score.rank{at}", str(place.rank), "count", Decimal(place.rank), says=says[1]
        )
        moved: TableCell = None
        if place.before is not None:
            verb = "circular.places.up" if _rise(place) > 0 else "circular.places.down"
            moved = (
                phrase(data.say.text(verb), self._change(place))
                if _rise(place)
                else data.say("circular.ranking.same")
            )
        return (name, total, rank, moved, *(data.wording.cell(i, data.value_of(i.id, place.unit_code)) for i in rated))  # fmt: skip

    @cached_property
    def chart(self) -> Chart | None:
        """The ranking in the heaviest problem that can be drawn: a rate in which units differ, with its target; None where there is none."""
        drawable = (
            annexes.ranking_chart(self.data, matter.indicator.id)
            for matter in self.assessment.problems
            if matter.indicator is not None and matter.indicator.is_rate and len(matter.units) > MANY
        )
        return next((chart for chart in drawable if chart), None)

    @cached_property
    def problems_table(self) -> Table:
        """Every problem with all its units, the worst first: the figure of each, who leads, until when."""
        data = self.data
        rows: list[tuple[TableCell, ...]] = []
        for number, matter in enumerate((m for m in self.assessment.problems if m.indicator), 1):
            assert matter.indicator is not None
            assert matter.value is not None
            requirement = self._requirements.of(matter)
            name, lead, until = (
                self._telling.name(matter.indicator),
                requirement.lead,
                requirement.deadline,
            )
            units = matter.units or (matter.value,)
            for place, value in enumerate(units):
                first = place == 0
                head = data.facts.order(number) if first else ""
                shown = data.wording.value(matter.indicator, value)
                named = value.unit if matter.units else data.scope
                rows.append(
                    (head, name if first else "", named, shown, lead if first else "", until if first else "")
                )
        return Table(
            data.say.text("circular.problems.table"),
            (*columns(data.say.list("circular.problems.heads"), right=(0, 3)),),
            tuple(rows),
            notes=(data.say("circular.problems.note"),) if rows else (),
        )


def _rise(place: UnitPlace) -> int:
    return 0 if place.before is None else place.before - place.rank


def _apart(matters: Sequence[Matter]) -> list[Matter]:
    """Matters without those that are about the same amount as one before: a total, and the average made of it."""
    found: list[Matter] = []
    for matter in matters:
        of = {m.indicator.numerator for m in found if m.indicator is not None}
        if matter.indicator is not None and matter.indicator.numerator not in of:
            found.append(matter)
    return found
