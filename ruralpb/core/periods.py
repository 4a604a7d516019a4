"""Reporting periods: month, quarter, year. Parse, print, previous, same period last year.

A period is its first day, its last day and its kind; order and ranges use dates, never labels
(semantics S5). Months 1 and 2 of a quarter are months; a monthly form's quarter-end return is the quarter.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from ruralpb.core.problems import CannotRun, Problem

Kind = Literal["month", "quarter", "year"]

_CHINESE_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_QUARTER_WORDS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_LENGTH: dict[Kind, int] = {"month": 1, "quarter": 3, "year": 12}

_QUARTER = re.compile(
    r"(?P<year>\d{4})(?:年度?)?[-/.\s]*(?:[Qq](?P<q>[1-4])|第?(?P<w>[一二三四1-4])季(?:度|报)?)"
)
_SPAN = re.compile(r"(?P<year>\d{4})年(?P<first>1[0-2]|[1-9])月?[-~—至到]+(?P<last>1[0-2]|[1-9])月")
_MONTH = re.compile(
    r"(?P<year>\d{4})(?:[-/.]|年)(?P<month>1[0-2]|0?[1-9])(?:月(?!\d)份?|(?![\d月季.\-~—至到]))"
)
_YEAR = re.compile(r"(?P<year>\d{4})(?:年度?|年报)?")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A reporting period. `end` is its last day, inclusive. Periods order by end, then start."""

    end: date
    start: date
    kind: Kind

    @property
    def label(self) -> str:
        """2026Q1 · 2026-02 · 2026: the spelling stored, exported and used in file names."""
        if self.kind == "quarter":
            return f"{self.year}Q{self.quarter_number}"
        if self.kind == "month":
            return f"{self.year}-{self.end.month:02d}"
        return str(self.year)

    @property
    def title(self) -> str:
        """2026年第一季度 · 2026年2月 · 2026年: as a circular writes it."""
        if self.kind == "quarter":
            return f"{self.year}年第{'一二三四'[self.quarter_number - 1]}季度"
        if self.kind == "month":
            return f"{self.year}年{self.end.month}月"
        return f"{self.year}年"

    @property
    def year(self) -> int:
        """The calendar year the period ends in."""
        return self.end.year

    @property
    def quarter_number(self) -> int:
        """1 to 4: the quarter the period ends in."""
        return (self.end.month + 2) // 3

    @property
    def last_month(self) -> date:
        """First day of the period's last month."""
        return self.end.replace(day=1)

    def days_in_month(self, i: int) -> int:
        """Days in the i-th month of the period (1-based); i = 0: days in the whole period."""
        if i == 0:
            return (self.end - self.start).days + 1
        month = self.start.month + i - 1
        return calendar.monthrange(self.start.year, month)[1]

    def previous(self) -> Period:
        """The period of the same kind that ends the day before this one starts."""
        end = self.start - timedelta(days=1)
        return of(self.kind, end)

    def last_year(self) -> Period:
        """Same label, one year back."""
        return of(self.kind, date(self.end.year - 1, self.end.month, 1))

    def last_year_end(self) -> Period:
        """The last period of the same kind of the year before (Q4, December)."""
        return of(self.kind, date(self.end.year - 1, 12, 31))

    def is_first_of_year(self) -> bool:
        """True where a year-to-date figure equals the period's own."""
        return self.start.month == 1

    def year_to_date(self) -> tuple[Period, ...]:
        """The periods of the same kind from January up to and including this one, in order."""
        series = [self]
        while not series[0].is_first_of_year():
            series.insert(0, series[0].previous())
        return tuple(series)

    def __str__(self) -> str:
        return self.label


def of(kind: Kind, day: date) -> Period:
    """Return the period of `kind` that `day` lies in."""
    length = _LENGTH[kind]
    first_month = (day.month - 1) // length * length + 1
    last_month = first_month + length - 1
    last_day = calendar.monthrange(day.year, last_month)[1]
    return Period(date(day.year, last_month, last_day), date(day.year, first_month, 1), kind)


@lru_cache(maxsize=4096)
def find(text: str) -> Period | None:
    """Return the period named anywhere in `text` (a title, a sheet name, a file name), or None.

    A quarter wins over a month and a month over a year, so that 2026年第一季度（3月） is the quarter. A bare year is
    taken only when it stands alone or with 年/年度, for other numbers also have four digits. 2026年1—3月 and 2026年1—6月 are
    the quarters they end with: an office writes its cumulative returns so. A day (2026年3月31日) is no period. Two
    different quarters (or months) in one text are no period: None.
    """
    folded = unicodedata.normalize("NFKC", text)
    if "〇" in folded or "○" in folded:
        folded = folded.replace("○", "〇").translate(_CHINESE_DIGITS)
    quarters = {
        of("quarter", date(int(m["year"]), 3 * _QUARTER_WORDS[m["q"] or m["w"]], 1))
        for m in _QUARTER.finditer(folded)
    } | {
        of("quarter", date(int(m["year"]), int(m["last"]), 1))
        for m in _SPAN.finditer(folded)
        if int(m["last"]) % 3 == 0 and int(m["first"]) in (1, int(m["last"]) - 2)
    }
    if quarters:
        return quarters.pop() if len(quarters) == 1 else None
    months = {of("month", date(int(m["year"]), int(m["month"]), 1)) for m in _MONTH.finditer(folded)}
    if months:
        return months.pop() if len(months) == 1 else None
    year = _YEAR.fullmatch(folded.strip())
    return of("year", date(int(year["year"]), 1, 1)) if year else None


def parse(text: str, today: date) -> Period:
    """Return the period an analyst means: 2026Q1, 2026-Q1, 2026q1, 2026年一季度, 2026-03, 2026年3月, 2026,
    `current` or `last` (quarters, counted from `today`).

    Raises CannotRun (exit code 2) when the text names no single period.
    """
    word = text.strip()
    if word in ("current", "last"):
        current = of("quarter", today)
        return current if word == "current" else current.previous()
    period = find(word)
    if period is None:
        raise CannotRun(Problem("period-unreadable", found=text))
    return period
