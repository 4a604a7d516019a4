"""The five quarters of the sample, with the due dates an office would read off the published calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Quarter:
    """One quarter (or month): label, first and last day, and the fifth working day after it."""

    label: str
    start: date
    end: date
    due: date

    @property
    def year(self) -> int:
        """The calendar year."""
        return self.start.year

    @property
    def number(self) -> int:
        """1 to 4."""
        return (self.end.month + 2) // 3

    @property
    def is_month(self) -> bool:
        """Whether it is a month of a quarter."""
        return "-" in self.label

    @property
    def last_month(self) -> date:
        """First day of the last month."""
        return self.end.replace(day=1)

    def month_days(self, i: int) -> int:
        """Days in the i-th month (1 to 3)."""
        first = self.start.replace(month=self.start.month + i - 1)
        following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        return (following - first).days

    def day(self, offset: int) -> date:
        """The day `offset` days after the first."""
        return self.start + timedelta(days=offset)


QUARTERS = (
    Quarter("2025Q1", date(2025, 1, 1), date(2025, 3, 31), date(2025, 4, 8)),
    Quarter("2025Q2", date(2025, 4, 1), date(2025, 6, 30), date(2025, 7, 7)),
    Quarter("2025Q3", date(2025, 7, 1), date(2025, 9, 30), date(2025, 10, 14)),
    Quarter("2025Q4", date(2025, 10, 1), date(2025, 12, 31), date(2026, 1, 8)),
    Quarter("2026Q1", date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 8)),
)
BY_LABEL = {q.label: q for q in QUARTERS}
LAST = QUARTERS[-1]
EXTENDED = QUARTERS[-2:]
"""The quarters since the county asks for all fourteen forms; before, for six."""


def month(day: date) -> date:
    """The month a day lies in, as its first day."""
    return day.replace(day=1)


def months_between(first: date, second: date) -> int:
    """Full months from `first` to `second` at month precision."""
    return (second.year - first.year) * 12 + second.month - first.month


def age(birth: date, day: date) -> int:
    """Full years at month precision."""
    return months_between(birth, day) // 12


def back(day: date, months: int) -> date:
    """The first day of the month `months` before the month of `day`."""
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)
