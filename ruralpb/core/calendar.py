"""Working days and due dates.

The project's own calendar wins; below it the State Council's arrangement as published in the
chinesecalendar package. For a year that neither knows, weekdays count as working days and `known` says so.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Calendar:
    """A project's exceptions: `holidays` are not worked, `workdays` are (adjusted weekends)."""

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()

    @classmethod
    def of(cls, holidays: Collection[date] = (), workdays: Collection[date] = ()) -> Calendar:
        """Return a calendar with these exceptions."""
        return cls(frozenset(holidays), frozenset(workdays))

    def is_workday(self, day: date) -> bool:
        """True when offices work on `day`."""
        if day in self.holidays:
            return False
        if day in self.workdays:
            return True
        published = _published(day)
        return day.weekday() < 5 if published is None else published

    def known(self, year: int) -> bool:
        """True when the statutory holidays of `year` are known, published or by the project."""
        return _published(date(year, 1, 1)) is not None or any(d.year == year for d in self.holidays)

    def nth_workday_after(self, day: date, n: int) -> date:
        """Return the n-th working day after `day` (n ≥ 1): the 5th working day after a quarter's end."""
        found = day
        while n > 0:
            found += timedelta(days=1)
            if self.is_workday(found):
                n -= 1
        return found

    def workdays_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; 0 when `end` is not later."""
        days = (end - start).days
        return sum(self.is_workday(start + timedelta(days=i)) for i in range(1, days + 1))


def _published(day: date) -> bool | None:
    import chinese_calendar

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None
