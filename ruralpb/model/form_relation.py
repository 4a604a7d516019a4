"""The columns that the relation of every form has beside its fields."""

from __future__ import annotations

CELL_COLUMNS = ("submission", "block", "position", "reporter_code", "unit_code", "township_code")
"""Where a row stands and whom it is about."""

SYSTEM_COLUMNS = (
    "submission", "block", "position", "ordinal", "reporter_code", "unit_code", "township_code", "village_code", "county_code",
    "township", "village", "period", "period_kind", "period_start", "period_end", "year", "person_key", "person_doubt",
)  # fmt: skip
"""All of them, in the order of the relation. No field of another type than village or township may take such a name."""
