"""Registers, ratings and lists as tables that people read: one page a watch, score or list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ruralpb.core import numbers
from ruralpb.core.messages import Language, say
from ruralpb.core.phrases import phrases
from ruralpb.model import Entry, Lists, Rating, Ratings, Registers
from ruralpb.model.register_results import Silent

_MOST_WEAK = 3
_MOST_NAMES = 5


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """A titled table; `right` lists the columns of numbers, counted from 0, `details` those a narrow view leaves out."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    right: tuple[int, ...] = ()
    details: tuple[int, ...] = ()
    complete: bool = True
    """False when somebody has not returned what it rests on: without rows it is unknown, not empty."""

    def brief(self) -> RegisterPage:
        """The page without its details."""
        kept = [i for i in range(len(self.columns)) if i not in self.details]
        rows = tuple(tuple(row[i] for i in kept) for row in self.rows)
        right = tuple(kept.index(i) for i in self.right if i in kept)
        return RegisterPage(
            self.title, tuple(self.columns[i] for i in kept), rows, right, complete=self.complete
        )


def register_pages(result: Registers | Ratings | Lists, lang: Language = "zh") -> list[RegisterPage]:
    """Return the pages in the order of the definitions; what is empty has a page without rows."""
    if isinstance(result, Registers):
        return list(_watches(result, lang))
    return list(_scores(result, lang) if isinstance(result, Ratings) else _lists(result))


# ------------------------------------------------------------------------------------------- watches


@dataclass(frozen=True, slots=True)
class _EntryColumn:
    """A column of a watch's register: `key` names its heading (message column-KEY)."""

    key: str
    value: Callable[[Registers, Entry, Language], Any]
    number: bool = False
    detail: bool = False


def _township(registers: Registers, entry: Entry, _: Language) -> str:
    return registers.names.get(entry.township_code or entry.reporter_code, "")


def _village(registers: Registers, entry: Entry, _: Language) -> str:
    return registers.names.get(entry.unit_code, "") if entry.unit_code != entry.township_code else ""


def _state(_: Registers, entry: Entry, lang: Language) -> str:
    return say(f"watch-{entry.state}", lang)


def _faults(_: Registers, entry: Entry, lang: Language) -> str:
    return "；".join(say(f"fault-{fault}", lang) for fault in entry.faults)


_ENTRY = (
    _EntryColumn("township", _township),
    _EntryColumn("unit", _village),
    _EntryColumn("subject", lambda _, entry, __: entry.subject),
    _EntryColumn("state", _state),
    _EntryColumn("since", lambda _, entry, __: entry.since, detail=True),
    _EntryColumn("opened", lambda _, entry, __: entry.opened),
    _EntryColumn("due", lambda _, entry, __: entry.due),
    _EntryColumn("cleared", lambda _, entry, __: entry.cleared),
    _EntryColumn("evidence", lambda _, entry, __: entry.evidence, detail=True),
    _EntryColumn("relapses", lambda _, entry, __: entry.relapses, number=True),
    _EntryColumn("faults", _faults),
)
_UNIT, _SUBJECT = 1, 2


def _watches(registers: Registers, lang: Language) -> Iterator[RegisterPage]:
    right = tuple(i for i, column in enumerate(_ENTRY) if column.number)
    for watch in registers.watches.values():
        titles = (*(say(f"column-{column.key}", lang) for column in _ENTRY), *watch.show)
        rows = tuple(
            (*(column.value(registers, entry, lang) for column in _ENTRY), *map(_plain, entry.shown.values()))
            for entry in registers.entries
            if entry.watch == watch.id
        )
        details = [i for i, column in enumerate(_ENTRY) if column.detail]
        if all(row[_UNIT] == row[_SUBJECT] for row in rows):  # what is watched is the village itself
            details.append(_UNIT)
        silent = registers.silent.get(watch.id)
        heading = _heading(watch.title, len(rows), silent) if silent and silent.names else watch.title
        yield RegisterPage(heading, titles, rows, right, tuple(details), not (silent and silent.names))


# ------------------------------------------------------------------------------------------- scores, lists


def _scores(ratings: Ratings, lang: Language) -> Iterator[RegisterPage]:
    for score in ratings.scores.values():
        ranked = any(r.group for r in ratings.ratings[score.id])
        before = ("rank", *(("group",) if ranked else ()), "township", "subject")
        after = ("deduction", "total", "grade", "gap", "weakest")
        titles = (
            *(say(f"column-{key}", lang) for key in before),
            *(c.title for c in score.criteria),
            *(say(f"column-{key}", lang) for key in after),
        )
        rows = tuple(_rating(ratings, rating, ranked, lang) for rating in ratings.ratings[score.id])
        points = range(len(before), len(before) + len(score.criteria) + 2)
        yield RegisterPage(score.title, titles, rows, (0, *points), tuple(points[:-1]))


def _rating(ratings: Ratings, rating: Rating, ranked: bool, lang: Language) -> tuple[Any, ...]:
    township = ratings.names.get(rating.township_code, "") if rating.township_code != rating.unit_code else ""
    gap = "" if rating.gap is None else say("gap-to", lang, gap=_plain(rating.gap), grade=rating.next_grade)
    grade = say("rating-vetoed", lang) if rating.vetoed else rating.grade
    if rating.total is None:
        grade = say("rating-incomplete", lang)
    weakest = "、".join(p.title for p in rating.weakest[:_MOST_WEAK])
    place = (rating.rank, *((rating.group,) if ranked else ()), township, rating.subject)
    return (*place, *(p.earned for p in rating.points), rating.deduction, rating.total, grade, gap, weakest)


def _lists(lists: Lists) -> Iterator[RegisterPage]:
    for list_id, title in lists.titles.items():
        rows = tuple(tuple(_plain(value) for value in line.values) for line in lists.lines[list_id])
        silent = lists.silent.get(list_id)
        heading = _heading(title, len(rows), silent)
        yield RegisterPage(heading, lists.columns[list_id], rows, complete=not (silent and silent.names))


def _heading(title: str, count: int, silent: Silent | None) -> str:
    """The title with how many there are; who has not returned what it rests on is unknown, not without any."""
    words = phrases("registers")
    if silent is None or not silent.names:
        return words["list_title"].format(title=title, count=count)
    slug = "list_title_unknown" if silent.is_all else "list_title_in_part"
    shown = "、".join(silent.names[:_MOST_NAMES])
    return words[slug].format(title=title, count=count, units=len(silent.names), names=shown)


def _plain(value: Any) -> Any:
    """Numbers without trailing zeros, yes and no in words, the rest as it is."""
    if isinstance(value, bool):
        return numbers.yes_no(value)
    return numbers.plain(value) if isinstance(value, Decimal) else value
