"""一季一点评: one township on one page. Its place, what it does best and worst among its class, what is open, what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from ruralpb.core import numbers
from ruralpb.core.problems import Severity
from ruralpb.model import Indicator, Value
from ruralpb.publish.text.figures import Phrase, Table, TableCell, columns, listed, phrase
from ruralpb.publish.text.ranking import SMALL_FIELD
from ruralpb.publish.text.report_data import ReportData
from ruralpb.publish.text.requirements import filled
from ruralpb.publish.text.sections import has_come
from ruralpb.publish.text.trends import is_ratio
from ruralpb.publish.text.unit_context import RegisterState, ScorePlace

NAMED = 3
"""So many indicators are called best, and worst."""
ASKED = 2
"""So many of the worst have a paragraph of what to do: the page has no room for more."""


@dataclass(frozen=True)
class Profile:
    """What the template of a profile says; empty parts are false."""

    data: ReportData

    # ------------------------------------------------------------------------------------------ indicators

    @cached_property
    def _mine(self) -> list[tuple[Indicator, Value, int]]:
        """The home unit's ranked rates, averages and faults, with how many share its place. Totals only tell who is large, and where all
        are equal nobody is better; a unit below the least coverage has no rank (semantics S4)."""
        if self.data.unit_context is None:
            return []
        home = self.data.settings.unit
        same: Counter[tuple[str, int | None, int]] = Counter()
        last: dict[tuple[str, int], int] = {}
        values = [v for v in self.data.unit_context.peers() if not v.slice and v.rank is not None]
        group = self._group
        for value in values:
            if group(value.unit_code) == group(home):
                same[value.indicator, value.rank, value.ranked] += 1
                last[value.indicator, value.ranked] = max(
                    last.get((value.indicator, value.ranked), 0), value.rank or 0
                )
        found = []
        for value in values:
            indicator = self.data.library.indicators.get(value.indicator)
            if (
                indicator is None
                or value.unit_code != home
                or indicator.better == "neither"
                or indicator.derived
            ):
                continue
            counts = is_ratio(indicator, value) or indicator.better == "lower"
            if counts and value.ranked > 1 and last[value.indicator, value.ranked] > 1:
                found.append((indicator, value, same[value.indicator, value.rank, value.ranked]))
        return found

    def _group(self, code: str) -> str:
        unit = self.data.register.get(code, self.data.period.end)
        return unit.unit_class if unit and self.data.settings.ranking.classes else ""

    @cached_property
    def best(self) -> tuple[tuple[Indicator, Value, int], ...]:
        """The three with the best place in the upper half; a place of one's own comes before a shared one."""
        upper = [m for m in self._mine if 2 * self._after(m) <= m[1].ranked]
        return tuple(sorted(upper, key=lambda m: (Decimal(self._after(m)) / m[1].ranked, m[1].rank))[:NAMED])

    @cached_property
    def worst(self) -> tuple[tuple[Indicator, Value, int], ...]:
        """The three with the worst place in the lower half, the worst first; of a small field nobody is called last."""
        lower = [
            m for m in self._mine if 2 * (m[1].rank or 0) > m[1].ranked + 1 and m[1].ranked >= SMALL_FIELD
        ]
        return tuple(sorted(lower, key=lambda m: -Decimal(self._after(m)) / m[1].ranked)[:NAMED])

    @staticmethod
    def _after(mine: tuple[Indicator, Value, int]) -> int:
        """The last place of those that share the unit's."""
        return (mine[1].rank or 0) + mine[2] - 1

    @property
    def indicators_table(self) -> Table:
        """Best and worst: value, place, and how each moved."""
        heads = self.data.say.list("profile.indicators_heads", span=self.data.span)
        rows = [self._row(self.data.say.text("profile.leading"), mine) for mine in self.best] + [
            self._row(self.data.say.text("profile.lagging"), mine) for mine in self.worst
        ]
        return Table(self.data.say.text("profile.places"), columns(heads, center=range(2, 6)), tuple(rows))

    def _row(self, word: str, mine: tuple[Indicator, Value, int]) -> tuple[TableCell, ...]:
        indicator, value, _ = mine
        wording = self.data.wording.bare
        return (
            word,
            wording.short(indicator),
            wording.value(indicator, value),
            self._place(mine),
            wording.change(indicator, value, "previous") or None,
            wording.change(indicator, value, "last_year") or None,
        )

    def _place(self, mine: tuple[Indicator, Value, int]) -> Phrase:
        """第3位（共13个） · 并列第3位（共13个）."""
        _, value, sharing = mine
        facts = self.data.facts
        rank = facts.figure(
            f"{value.id}#rank",
            str(value.rank),
            "part",
            Decimal(value.rank or 0),
            value.id,
            self.data.say.text("profile.place"),
        )
        of = facts.figure(
            f"{value.id}#ranked",
            str(value.ranked),
            "part",
            Decimal(value.ranked),
            value.id,
            self.data.say.text("profile.ranked_says"),
        )
        return self.data.say(
            "profile.place_of",
            shared=self.data.say.text("profile.shared") if sharing > 1 else None,
            place=rank,
            ranked=of,
        )

    # ------------------------------------------------------------------------------------------ place and returns

    @property
    def standing(self) -> Phrase:
        """季度考核排名得82.35分，在B类6个乡镇（街道）中居第2位: for each score of the level."""
        if self.data.unit_context is None:
            return Phrase()
        return listed((self._stands(s) for s in self.data.unit_context.standings()), "；")

    def _stands(self, s: ScorePlace) -> Phrase:
        title = s.title.removesuffix("排名")
        if s.total is None or s.rank is None:
            return self.data.say("profile.unranked", score=title)
        at = self.data.fact_id(f"score.{s.score}")
        facts = self.data.facts
        total = facts.figure(
            f"{at}.total",
            numbers.printed(s.total, 2),
            "count",
            s.total,
            says=self.data.say.text("profile.score_total", score=s.title),
        )
        rank = facts.figure(
            f"{at}.rank",
            str(s.rank),
            "count",
            Decimal(s.rank),
            says=self.data.say.text("profile.score_place", score=s.title),
        )
        of = facts.figure(
            f"{at}.of",
            str(s.ranked),
            "count",
            Decimal(s.ranked),
            says=self.data.say.text("profile.score_ranked", score=s.title),
        )
        among = self.data.say.text("profile.class", class_=s.group) if s.group else ""
        return self.data.say("profile.score", score=title, total=total, among=among, ranked=of, place=rank)

    @property
    def returns(self) -> Phrase:
        """应报报表N份，实报N份，迟报N份，未通过审核N份."""
        states = self.data.returns
        late = sum(s.timeliness == "late" and has_come(s) for s in states)
        waiting = sum(s.status in ("blocked", "returned") for s in states)
        count = self.data.count
        return self.data.say("profile.returns", due=count("returns.due", len(states), self.data.say.text("profile.due_says")), received=count("returns.received", sum(map(has_come, states)), self.data.say.text("profile.received_says")), late=self.data.say("profile.late", count=count("returns.late", late, self.data.say.text("profile.late_says"))) if late else None, waiting=self.data.say("profile.waiting", count=count("returns.waiting", waiting, self.data.say.text("profile.waiting_says"))) if waiting else None)  # fmt: skip

    # ------------------------------------------------------------------------------------------ what is open

    @property
    def problems(self) -> tuple[Phrase, ...]:
        """What lags, as far as something is asked for it; findings by severity with the checks that failed most; each register with
        something in it."""
        registers = self.data.unit_context.registers() if self.data.unit_context is not None else ()
        return tuple(p for p in (self._lags(), self._findings(), *map(self._register, registers)) if p)

    def _lags(self) -> Phrase:
        """组织生活达标率低于100%的目标4.4个百分点，一村一品覆盖率位次靠后: the worst, so that 下步要求 answers a problem."""
        found = []
        for indicator, value, _ in self.worst[:ASKED]:
            short = value.status != "met" and self.data.wording.target(indicator, value)
            found.append(
                phrase(self.data.wording.short(indicator), short or self.data.say.text("profile.lags"))
            )
        return self.data.say("profile.sentence", clauses=listed(found, "，")) if found else Phrase()

    def _findings(self) -> Phrase:
        """What must be corrected or explained; a note is for information and no problem."""
        standing = [
            f
            for f in self.data.findings
            if f.status == "open" and f.outcome in ("fail", "refused") and f.severity != "note"
        ]
        if not standing:
            return Phrase()
        words: Mapping[Severity, str] = {
            "error": self.data.say.text("profile.severity.error"),
            "query": self.data.say.text("profile.severity.query"),
        }
        by = Counter(f.severity for f in standing)
        counts = listed(
            self.data.say(
                "profile.findings_of_severity",
                word=word,
                count=self.data.count(
                    f"findings.{severity}",
                    by[severity],
                    self.data.say.text("profile.findings_says", word=word),
                ),
            )
            for severity, word in words.items()
            if by[severity]
        )
        checks = self.data.library.checks
        most = [
            id
            for id, _ in Counter(f.check for f in standing).most_common()
            if id in checks and checks[id].title
        ]
        named = listed(self.data.facts.name(f"check:{id}", checks[id].title) for id in most[:NAMED])
        mainly = (
            None
            if not named
            else phrase(
                self.data.say.text("profile.mainly" if len(most) > NAMED else "profile.being"),
                named,
            )
        )
        return self.data.say("profile.findings", counts=counts, mainly=mainly)

    def _register(self, register: RegisterState) -> Phrase:
        """集体经济薄弱村：监测中2个（甲村、乙村），待验收1个，超期1个，反弹1个."""
        if not (register.watched or register.awaiting):
            return Phrase()
        at = f"watch.{register.id}"
        names = self.data.wording.names(
            self.data.fact_id(f"{at}.villages"),
            register.villages,
            self.data.say.text("profile.villages_unit"),
        )
        parts = [
            (self.data.say.text("profile.register_state.watched"), register.watched),
            (self.data.say.text("profile.register_state.awaiting"), register.awaiting),
            (self.data.say.text("profile.register_state.overdue"), register.overdue),
            (self.data.say.text("profile.register_state.relapsed"), register.relapsed),
        ]
        said = listed(
            (
                self.data.say(
                    "profile.register_count",
                    word=word,
                    count=self.data.count(f"{at}.{word}", number, f"{register.title}：{word}"),
                )
                for word, number in parts
                if number
            ),
            "、",
        )
        return self.data.say(
            "profile.register",
            register=register.title,
            counts=said,
            villages=self.data.say("profile.register_villages", villages=names)
            if register.villages
            else None,
        )

    # ------------------------------------------------------------------------------------------ what to do

    def requirements(self, bank: Mapping[str, str]) -> Sequence[Phrase]:
        """The bank's paragraphs for the two worst indicators, and for open findings or returns that are late or missing."""
        keys = [next((k for k in (i.id, i.domain) if k in bank), "") for i, _, _ in self.worst[:ASKED]]
        late = any(not has_come(s) or s.timeliness == "late" for s in self.data.returns)
        keys.append("findings" if self._findings() else "returns" if late else "")
        home = (self.data.settings.unit,)
        asked = [key for key in bank if key in keys]
        return [filled(self.data, f"requirement.{key}", bank[key], home) for key in asked]
