"""What applies to which kind of period."""

from __future__ import annotations

from collections.abc import Collection

from ruralpb.core.periods import Period
from ruralpb.model import Form, PeriodKind


def returned(form: Form, period: Period) -> bool:
    """True when the form has returns for such a period: a monthly form's quarter-end return is the quarter's."""
    if period.kind == "month":
        return form.frequency == "month"
    return form.frequency == period.kind or (form.frequency == "month" and period.kind == "quarter")


def applies(kinds: Collection[PeriodKind], period: Period) -> bool:
    """True when a check or field for these kinds of period (none: all) applies to `period`."""
    is_q4 = period.kind == "quarter" and period.quarter_number == 4
    return not kinds or period.kind in kinds or ("q4" in kinds and is_q4)
