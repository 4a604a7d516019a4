"""The day on which returns were received, as the name of their folder says it (semantics, "received").

Offices write 2026-07-09, 20260709, 2026.7.9, 7月9日 or 2026-07-09 微信. A name is taken for a day only where nothing else can be meant: a
folder with two days, with a day that there is not, or with a day until which something counts (截至…) gives none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date

from ruralpb.core import periods
from ruralpb.core.periods import Period
from ruralpb.model.vocabulary import builtin

_WORDS = builtin()
_DAY = re.compile("|".join(_WORDS["folders.day"]), re.ASCII)
_DAY_OF_YEAR = re.compile(_WORDS["folders.day_of_year"][0], re.ASCII)


def received_day(folders: Sequence[str], today: date) -> date | None:
    """Return the day that the nearest of `folders` (outermost first) is named by, or None.

    A day without a year lies in the period that a folder is named by, or follows it: 2025Q4/1月9日 is in January 2026. Without such a
    folder it is the last such day up to `today`.
    """
    period = next((p for name in reversed(folders) if (p := periods.find(name))), None)
    for name in reversed(folders):
        if day := _day(name, period, today):
            return day
    return None


def _day(name: str, period: Period | None, today: date) -> date | None:
    text = unicodedata.normalize("NFKC", name)
    if _WORDS.pattern("folders.other_day").search(text):
        return None
    days = {_with_year(match) for match in _DAY.finditer(text)}
    if not days:
        days = {_without_year(match, period, today) for match in _DAY_OF_YEAR.finditer(text)}
    return days.pop() if len(days) == 1 else None


def _with_year(match: re.Match[str]) -> date | None:
    year, month, day = (next(match[part + n] for n in ("", "2", "3") if match[part + n]) for part in "ymd")
    return _valid(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))


def _without_year(match: re.Match[str], period: Period | None, today: date) -> date | None:
    month, day = int(match["m"]), int(match["d"])
    if period is None:
        # 29 February may be years ago.
        years: Iterable[int] = range(today.year, today.year - 5, -1)
        return next((at for year in years if (at := _valid(year, month, day)) and at <= today), None)
    # A return comes in the last month of its period at the earliest.
    first = period.last_month
    return next(
        (at for year in (first.year, first.year + 1) if (at := _valid(year, month, day)) and at >= first),
        None,
    )


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
