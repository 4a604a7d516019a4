"""What is required: of a matter, who must do what until when and who leads; the same put to a leader as a decision; what follows.

What is to be done comes from a phrase bank by indicator, domain or kind; who leads from `lead_offices` of the project's settings; the
date is so many working days from the paper's own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ruralpb.core.calendar import Calendar
from ruralpb.model.assessment import AssessmentRules
from ruralpb.publish.text.assessment import Matter
from ruralpb.publish.text.figures import Phrase, Words, listed, phrase
from ruralpb.publish.text.report_data import ReportData
from ruralpb.publish.text.sections import numeral
from ruralpb.publish.text.wording import MANY

_PLACE = re.compile(r"\{(\w+)\}")
_OBLIGED = re.compile(r"(\{units\}|各\{children\}(?:\{secretaries\})?)要")
"""Who must do something, in a paragraph of the phrase bank."""

USUAL_DAYS = 20
"""Working days where the rules say nothing of a kind."""

NAMED = 3
"""So many units are named where they are more than `MANY`: the annex has all."""

OF_KIND = {"missing": "returns", "fall": "worse"}
"""Kind of matter → the key of the bank that has words for it, where neither indicator nor domain has."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """`text`: the paragraph; `decision`: the same, put to a leader; both with the office that leads and the date."""

    text: Phrase
    decision: Phrase
    lead: str
    deadline: Words


@dataclass(frozen=True)
class Requirements:
    """Requirements in the words of `bank`. With `urge` (督促) a paragraph says what those above will have them do."""

    data: ReportData
    rules: AssessmentRules
    bank: Mapping[str, str]
    urge: str = ""

    def of(self, matter: Matter) -> Requirement:
        """Return what is required for a matter."""
        key = next(
            (k for k in (matter.id, matter.domain, OF_KIND.get(matter.kind, "")) if k in self.bank), ""
        )
        text = self.bank.get(key, "")
        lead, deadline = self._lead(matter), self._deadline(matter)
        action = filled(self.data, f"requirement.{matter.id}", self._urged(text), matter.codes)
        said = self.data.say("requirements.text", action=action, lead=lead, deadline=deadline)
        what = filled(self.data, f"requirement.{matter.id}", text.partition("。")[0], matter.codes)
        decision = self._decision(matter, what, lead, deadline)
        return Requirement(said, decision, lead, deadline)

    def words(self, matter: Matter) -> str:
        """What the bank says of a matter: of its indicator, else its domain, else its kind."""
        keys = (matter.id, matter.domain, OF_KIND.get(matter.kind, ""))
        return next((self.bank[key] for key in keys if key in self.bank), "")

    def follow_up(self, told: Sequence[Matter]) -> Phrase:
        """Who answers for all of it, and what follows for who does not do it: said once, at the end."""
        severe = sum(matter.severe for matter in told)
        data = self.data
        more = data.say("requirements.follow_up_severe", number=numeral(severe)) if severe else None
        more = data.say("requirements.follow_up_first") if severe == 1 else more
        if severe == len(told):
            more = data.say("requirements.follow_up_single")
        text = self._urged(
            data.say.text(
                "requirements.follow_up", children="{children}", secretaries="{secretaries}", scope="{scope}"
            )
        )
        return phrase(filled(data, "requirement.follow_up", text, ()), more if told else None, "。")

    def _urged(self, text: str) -> str:
        return _OBLIGED.sub(rf"{self.urge}\1", text, count=1) if self.urge else text

    def _lead(self, matter: Matter) -> str:
        offices = self.data.settings.lead_offices
        issuer = self.data.settings.report.get("issuer", "")
        other = offices.get("other") or issuer or self.data.say.text("requirements.lead_other")
        return offices.get(matter.id) or offices.get(matter.domain, other)

    def _deadline(self, matter: Matter) -> Words:
        """4月29日前: so many working days from the paper's own date; 印发之日起10个工作日内 where that is not known yet."""
        usual = self.rules.workdays.get(matter.kind, USUAL_DAYS)
        severe = matter.severe and matter.kind != "missing"
        days = self.rules.workdays.get("severe", usual) if severe else usual
        data = self.data
        signed = data.settings.document(data.period).signed_on
        if signed is None:
            says = data.say.text("requirements.days_says")
            count = data.facts.count(data.fact_id(f"days.{days}"), days, says)
            return data.say("requirements.within", days=count)
        calendar = Calendar.of(data.settings.holidays, data.settings.workdays)
        until = calendar.nth_workday_after(signed, days)
        day = data.facts.name(data.fact_id(f"deadline.{days}"), _day(until, signed), "period")
        return data.say("requirements.before", day=day)

    def _decision(self, matter: Matter, what: Phrase, lead: str, deadline: Words) -> Phrase:
        everybody = not matter.codes or len(matter.codes) > MANY
        key = "missing" if matter.kind == "missing" else "severe" if matter.severe else "other"
        return self.data.say(
            f"requirements.decision.{'all' if everybody and key == 'other' else key}",
            units=addressed(self.data, f"requirement.{matter.id}", matter.codes),
            what=what,
            lead=lead,
            deadline=deadline,
            scope=self.data.scope,
        )


def addressed(data: ReportData, id: str, codes: Sequence[str]) -> Words:
    """Who is asked, worst first: five by name, of more three and 等N个; all are 各乡镇; a paper about one unit need not name it in each sentence."""
    everyone = {unit.code for unit in data.children}
    if set(codes) == {data.settings.unit}:
        return None
    if not codes or (len(codes) > MANY and everyone <= set(codes)):
        return data.say.text("requirements.all_units", children=data.children_word)
    inside = everyone >= set(codes)
    word = (
        data.say.text("requirements.more_units", children=data.children_word)
        if inside
        else data.say.text("requirements.more_of_units")
    )
    names = [data.name(code) for code in codes]
    if len(names) <= MANY:
        return listed(names)
    count = data.facts.count(f"{data.fact_id(id)}.n", len(names), data.say.text("wording.how_many_says"))
    return data.say("wording.shortened", names=listed(names[:NAMED]), count=count, what=word)


def filled(data: ReportData, id: str, text: str, codes: Sequence[str]) -> Phrase:
    """A paragraph of the phrase bank with its places filled. `id` names the count of units, where there are many."""
    level = "village" if data.child_level == "village" else "township"
    fill: Mapping[str, Words] = {
        "units": addressed(data, id, codes),
        "secretaries": data.say.text(f"requirements.secretaries.{level}"),
        "period": data.facts.name(f"period:{data.period.label}", data.period.title, "period"),
        "scope": data.scope,
        "children": data.children_word,
    }
    pieces = _PLACE.split(text)
    return phrase(*(fill.get(p, f"{{{p}}}") if n % 2 else p for n, p in enumerate(pieces)))


def _day(day: date, signed: date) -> str:
    """4月29日; with its year where that is not the paper's."""
    year = f"{day.year}年" if day.year != signed.year else ""
    return f"{year}{day.month}月{day.day}日"
