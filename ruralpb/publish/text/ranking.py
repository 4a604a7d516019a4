"""Who leads and who lags, in words and as a table (domain 7.2, 7.3 rule 10).

Ranks come with the values (competition ranking, classes apart); here they are only put in order and said. Order inside a tie
is the register's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ruralpb.core import numbers
from ruralpb.model import Indicator, Value
from ruralpb.publish.text.figures import Phrase, listed, phrase
from ruralpb.publish.text.trends import complete, is_ratio
from ruralpb.publish.text.wording import MANY, Wording

NAMED = 3
"""How many leaders and laggards are named."""

FEW = 2
"""So few that lack what all others have are told as the exception."""

_ALL = 100
"""A rate that leaves nothing out."""

SMALL_FIELD = 5
"""With fewer units ranked nobody is called last."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The ranked values of one indicator at one level, best first, and those who take no part; of one class where classes are
    ranked apart ("" for all)."""

    indicator: Indicator
    ranked: tuple[Value, ...]
    apart: tuple[Value, ...]
    group: str = ""


def ranking(indicator: Indicator, values: Sequence[Value], order: dict[str, int]) -> Ranking:
    """Return the values in rank order; `order` gives each unit's place in the register, for ties."""
    by_register = sorted(values, key=lambda value: order.get(value.unit_code, len(order)))
    ranked = sorted((v for v in by_register if v.rank is not None), key=lambda value: value.rank or 0)
    return Ranking(indicator, tuple(ranked), tuple(v for v in by_register if v.rank is None))


def by_class(found: Ranking, groups: Mapping[str, str]) -> list[Ranking]:
    """Return one ranking for each class, in the order of `groups`: the class of each unit."""
    ranked = {groups.get(value.unit_code, "") for value in found.ranked}
    return [
        Ranking(
            found.indicator,
            tuple(v for v in found.ranked if groups.get(v.unit_code, "") == name),
            tuple(v for v in found.apart if groups.get(v.unit_code, "") == name),
            name,
        )
        for name in dict.fromkeys(groups.values())
        if name in ranked
    ]


def leaders_and_laggards(found: Ranking, wording: Wording, children: str, lagging: bool = True) -> Phrase:
    """居前三位的是A（98.6%）、B（…）、C（…）；靠后的是X（…）、Y（…）、Z（…）.

    A crowd that shares the first place is counted, not listed; where all are equal nobody leads, and three or fewer are
    told one by one, best first. Who has reached all there is (100%) does not lag. Of totals only the leaders are named, for units
    differ in size; of faults (a count that should be 0) those who have them. Without `lagging` who lags is left to another
    paragraph.
    """
    indicator, values = found.indicator, found.ranked
    if indicator.better == "neither" or len(values) < 2:
        return Phrase()
    if not is_ratio(indicator, values[0]):
        return (
            _spread(found, wording, children)
            if indicator.better == "lower"
            else _front(found, wording, children)
        )
    printed = [numbers.printed(v.value, indicator.decimals, indicator.measure) for v in values]
    if len(set(printed)) == 1:
        return wording.say(
            "ranking.all_equal",
            units=_everybody(found, wording, children),
            value=wording.value(indicator, values[0]),
        )
    if len(values) <= NAMED:
        each = listed(
            (wording.say("ranking.unit_is", unit=v.unit, value=wording.value(indicator, v)) for v in values),
            "，",
        )
        return phrase(None if found.group else wording.say.text("ranking.of_which"), each)
    back = _back(found, wording, children) if lagging else None
    return _all_but_few(found, wording, children) or listed((_front(found, wording, children), back), "；")


def _all_but_few(found: Ranking, wording: Wording, children: str) -> Phrase:
    """除A（92.9%）外，其余13个乡镇均为100%: where one or two lack what all others have."""
    lacking = [v for v in found.ranked if not _is_full(found, v)]
    full = len(found.ranked) - len(lacking)
    if found.apart or found.indicator.better != "higher" or len(lacking) > FEW or full <= NAMED:
        return Phrase()
    if any(not complete(v) or (v.value or 0) > _ALL for v in found.ranked):
        return Phrase()
    first = found.ranked[0]
    id = f"{found.indicator.id}.rank{first.rank}.n{_of(found)}@{first.level}@{first.period}"
    count = wording.facts.count(id, full, wording.say.text("ranking.shared_says", place=first.rank))
    names = listed(_named(found, v, wording) for v in reversed(lacking))
    return wording.say(
        "ranking.all_but",
        units=names,
        count=count,
        children=children,
        value=wording.value(found.indicator, first),
    )


def _everybody(found: Ranking, wording: Wording, children: str) -> Phrase:
    """各乡镇, when each is ranked; else only those that are (semantics S4: 全部 needs full coverage)."""
    if not found.apart and all(map(complete, found.ranked)):
        return wording.say("ranking.all_units", children=children)
    first = found.ranked[0]
    id = f"{found.indicator.id}.ranked.n{_of(found)}@{first.level}@{first.period}"
    return wording.say(
        "ranking.ranked_units",
        count=wording.facts.count(id, len(found.ranked), wording.say.text("ranking.ranked_says")),
        children=children,
    )


def _spread(found: Ranking, wording: Wording, children: str) -> Phrase:
    """涉及A（2个）、B（1个） · 涉及A、B，各1个 · 均在A: who has faults, the most first."""
    having = sorted((v for v in found.ranked if v.value), key=lambda v: -(v.value or Decimal(0)))
    if not having or len(having) == len(found.ranked):
        return Phrase()
    if len(having) == 1:
        return phrase(
            wording.say.text("ranking.all_in" if (having[0].value or 0) > 1 else "ranking.concerning"),
            having[0].unit,
        )
    if len(having) <= MANY and having[0].value == having[-1].value:
        return wording.say(
            "ranking.each_of",
            units=listed(v.unit for v in having),
            value=wording.value(found.indicator, having[0]),
        )
    names = listed(_named(found, v, wording) for v in having[:MANY])
    if len(having) <= MANY:
        return wording.say("ranking.units_concerned", units=names)
    id = f"{found.indicator.id}.having.n@{having[0].level}@{having[0].period}"
    return wording.say(
        "ranking.mainly",
        units=names,
        count=wording.facts.count(id, len(having), wording.say.text("ranking.having_says")),
        children=children,
    )


def _front(found: Ranking, wording: Wording, children: str) -> Phrase:
    first = [v for v in found.ranked if v.rank == 1]
    if len(first) > NAMED or (len(first) > 1 and _is_full(found, first[0])):
        return _crowd(
            found,
            first,
            wording,
            children,
            wording.say.text("ranking.reaching" if _is_full(found, first[0]) else "ranking.shared_first"),
        )
    shown = _cut(found.ranked)
    word = (
        wording.say.text("ranking.lower" if found.indicator.better == "lower" else "ranking.first_three")
        if len(shown) == NAMED
        else wording.say.text("ranking.first")
    )
    return phrase(word, listed(_named(found, v, wording) for v in shown))


def _back(found: Ranking, wording: Wording, children: str) -> Phrase:
    values = found.ranked
    if len(values) < SMALL_FIELD:
        return Phrase()
    word = wording.say.text("ranking.back" if found.indicator.better == "higher" else "ranking.higher")
    last = [v for v in values if v.rank == values[-1].rank]
    if _has_all(found, last[0]):
        return (
            _crowd(found, last, wording, children, wording.say.text("ranking.reaching"))
            if len(last) > NAMED
            else Phrase()
        )
    if len(last) > NAMED:
        return _crowd(found, last, wording, children, wording.say.text("ranking.back_equal", word=word))
    shown = {v.unit_code for v in _cut(values)}
    tail = [v for v in values if v.unit_code not in shown and v.rank != 1][-NAMED:]
    tail = [v for v in tail if not _has_all(found, v)]
    # A tie that the cut would split stays whole or out: naming one of two equals as lagging would be unfair.
    while tail and _rank_before(values, tail[0]) == tail[0].rank:
        tail = tail[1:]
    return (
        wording.say("ranking.are", word=word, units=listed(_named(found, v, wording) for v in tail))
        if tail
        else Phrase()
    )


def _of(found: Ranking) -> str:
    return f".{found.group}" if found.group else ""


def _is_full(found: Ranking, value: Value) -> bool:
    return found.indicator.is_rate and value.value is not None and value.value == _ALL


def _has_all(found: Ranking, value: Value) -> bool:
    wanted = found.indicator.is_rate and found.indicator.better == "higher"
    return wanted and value.value is not None and value.value >= _ALL


def _cut(values: Sequence[Value]) -> list[Value]:
    """The first three, and those who share the third place."""
    bar = values[min(NAMED, len(values)) - 1].rank or 0
    head = [v for v in values if (v.rank or 0) <= bar]
    return head if len(head) <= NAMED + 2 else [v for v in values if (v.rank or 0) < bar]


def _rank_before(values: Sequence[Value], value: Value) -> int | None:
    place = values.index(value)
    return values[place - 1].rank if place else None


def _named(found: Ranking, value: Value, wording: Wording) -> Phrase:
    return wording.say("ranking.unit_value", unit=value.unit, value=wording.value(found.indicator, value))


def _crowd(found: Ranking, crowd: Sequence[Value], wording: Wording, children: str, word: str) -> Phrase:
    rank = crowd[0].rank
    id = f"{found.indicator.id}.rank{rank}.n{_of(found)}@{crowd[0].level}@{crowd[0].period}"
    count = wording.facts.figure(
        id,
        str(len(crowd)),
        "count",
        Decimal(len(crowd)),
        says=wording.say.text("ranking.shared_says", place=rank),
    )
    names = phrase("、".join(v.unit for v in crowd[:NAMED]))
    return wording.say(
        "ranking.crowd",
        names=names,
        more=wording.say.text("ranking.more") if len(crowd) > NAMED else None,
        count=count,
        children=children,
        word=word,
        value=wording.value(found.indicator, crowd[0]),
    )
