"""The project's own tables: units.csv and targets.csv."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from generator import register
from generator.register import COUNTY

_TARGETS = [
    ("one_shoulder_rate", COUNTY, "2025Q4", "97"),
    ("one_shoulder_rate", COUNTY, "2026Q1", "98"),
    ("weak_village_n", COUNTY, "2026Q1", "0"),
    ("resident_train_cover", COUNTY, "2026Q1", "100"),
    ("trained_cadre_n", COUNTY, "2026Q1", "4500"),
]


def table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a CSV table, UTF-8 with a mark so that Excel and WPS open it as it is."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue().encode("utf-8-sig")


def tables() -> dict[str, bytes]:
    """Return units.csv and targets.csv."""
    units = register.rows()
    return {
        "units.csv": table(units[0], units[1:]),
        "targets.csv": table(("indicator", "unit_code", "period", "value"), _TARGETS),
    }
