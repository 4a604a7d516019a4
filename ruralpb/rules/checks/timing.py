"""What applies to which kind of period."""

from __future__ import annotations

from ruralpb.core.periods import Period
from ruralpb.model import Form


def returned(form: Form, period: Period) -> bool:
    """True when the form has returns for such a period: a monthly form's quarter-end return is the quarter's."""
    if period.kind == "month":
        return form.frequency == "month"
    return form.frequency == period.kind or (form.frequency == "month" and period.kind == "quarter")
