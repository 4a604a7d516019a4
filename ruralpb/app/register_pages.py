"""Registers, ratings and lists as tables that people read, on a terminal and in a workbook: one page a watch, score or list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from ruralpb.app.registers import Lists, Ratings, Registers
from ruralpb.core import numbers
from ruralpb.core.messages import Language, say
from ruralpb.core.periods import Period
from ruralpb.model import Entry
from ruralpb.rules.registers import Rating

_MOST_WEAK = 3


@dataclass(frozen=True, slots=True)
class Page:
    """A titled table; `right` lists the columns of numbers, counted from 0, `details` those a narrow view leaves out."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    right: tuple[int, ...] = ()
    details: tuple[int, ...] = ()

    def brief(self) -> Page:
        """The page without its details."""
        kept = [i for i in range(len(self.columns)) if i not in self.details]
        rows = tuple(tuple(row[i] for i in kept) for row in self.rows)
        right = tuple(kept.index(i) for i in self.right if i in kept)
        return Page(self.title, tuple(self.columns[i] for i in kept), rows, right)


def pages(found: Registers | Ratings | Lists, lang: Language = "zh") -> list[Page]:
    """Return the pages in the order of the definitions; what is empty has a page without rows."""
    if isinstance(found, Registers):
        return list(_registers(found, lang))
    return list(_ratings(found, lang) if isinstance(found, Ratings) else _lists(found))


def workbook(found: Registers | Ratings | Lists, period: Period) -> bytes:
    """Return the pages as a workbook, a sheet a page. The same data give the same bytes."""
    from ruralpb.publish.xlsx.sheets import Book, SheetColumn

    book = Book(datetime.combine(period.end, time()))
    for page in pages(found):
        columns = [
            SheetColumn(title, "right" if i in page.right else "left") for i, title in enumerate(page.columns)
        ]
        book.sheet(page.title, columns, page.rows, f"{page.title}（{period.title}）")
    return book.close()


def _registers(found: Registers, lang: Language) -> Iterator[Page]:
    slugs = (
        "township",
        "unit",
        "subject",
        "state",
        "since",
        "opened",
        "due",
        "cleared",
        "evidence",
        "relapses",
        "faults",
    )
    for watch in found.watches.values():
        titles = (*(say(f"column-{slug}", lang) for slug in slugs), *watch.show)
        rows = tuple(
            (*_entry(found, entry, lang), *(_said(v) for v in entry.shown.values()))
            for entry in found.entries
            if entry.watch == watch.id
        )
        details = [slugs.index(s) for s in ("since", "evidence")]
        if all(row[1] == row[2] for row in rows):  # what is watched is the village itself
            details.append(1)
        yield Page(watch.title, titles, rows, (slugs.index("relapses"),), tuple(details))


def _entry(found: Registers, entry: Entry, lang: Language) -> tuple[Any, ...]:
    village = found.names.get(entry.unit_code, "") if entry.unit_code != entry.township_code else ""
    faults = "；".join(say(f"fault-{fault}", lang) for fault in entry.faults)
    return (
        found.names.get(entry.township_code or entry.reporter_code, ""), village, entry.subject,
        say(f"watch-{entry.state}", lang), entry.since, entry.opened, entry.due, entry.cleared, entry.evidence,
        entry.relapses, faults,
    )  # fmt: skip


def _ratings(found: Ratings, lang: Language) -> Iterator[Page]:
    for score in found.scores.values():
        ranked = any(r.group for r in found.ratings[score.id])
        slugs = ("rank", *(("group",) if ranked else ()), "township", "subject")
        after = ("deduction", "total", "grade", "gap", "weakest")
        titles = (
            *(say(f"column-{s}", lang) for s in slugs),
            *(c.title for c in score.criteria),
            *(say(f"column-{s}", lang) for s in after),
        )
        rows = tuple(_rating(found, rating, ranked, lang) for rating in found.ratings[score.id])
        numbers = range(len(slugs), len(slugs) + len(score.criteria) + 2)
        yield Page(score.title, titles, rows, (0, *numbers), tuple(numbers[:-1]))


def _rating(found: Ratings, rating: Rating, ranked: bool, lang: Language) -> tuple[Any, ...]:
    township = found.names.get(rating.township_code, "") if rating.township_code != rating.unit_code else ""
    gap = "" if rating.gap is None else say("gap-to", lang, gap=_said(rating.gap), grade=rating.next_grade)
    grade = say("rating-vetoed", lang) if rating.vetoed else rating.grade
    if rating.total is None:
        grade = say("rating-incomplete", lang)
    weakest = "、".join(p.title for p in rating.weakest[:_MOST_WEAK])
    place = (rating.rank, *((rating.group,) if ranked else ()), township, rating.subject)
    return (*place, *(p.earned for p in rating.points), rating.deduction, rating.total, grade, gap, weakest)


def _lists(found: Lists) -> Iterator[Page]:
    for id_, title in found.titles.items():
        rows = tuple(tuple(_said(v) for v in line.values) for line in found.lines[id_])
        yield Page(f"{title}（{len(rows)}）", found.columns[id_], rows)


def _said(value: Any) -> Any:
    """Numbers without trailing zeros, yes and no in words, the rest as it is."""
    if isinstance(value, bool):
        return numbers.yes_no(value)
    if isinstance(value, Decimal):
        return numbers.plain(value)
    return value
