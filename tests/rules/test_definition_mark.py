"""What a sealed quarter keeps of an indicator's meaning: it changes with the meaning, never with the place in a file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from ruralpb.core import periods
from ruralpb.core.problems import Location
from ruralpb.model import Aggregate, Band, Indicator, Library, Standard, StandardValue
from ruralpb.rules.indicators.sealed import definition_mark

BANDS = (Band("5万元以下", None, Decimal(5)), Band("5万元以上", Decimal(5), None))
BY_BAND = Indicator(
    id="villages",
    title="村数",
    domain="economy",
    form="economy",
    measure="个",
    decimals=0,
    numerator=Aggregate("economy", "count(*) filter (where band('bands', income) = '5万元以下')"),
    by=("band('bands', income)",),
)


def mark(*bands: Band) -> str:
    standard = Standard("bands", "分档", "万元", (StandardValue(date(2020, 1, 1), bands, "某文件"),))
    library = Library(
        forms={},
        checks={},
        domains={},
        hash="",
        standards={"bands": standard},
        indicators={BY_BAND.id: BY_BAND},
    )
    return definition_mark(library, BY_BAND, periods.parse("2026Q1", date(2026, 4, 1)))


def test_where_a_band_is_written_is_no_part_of_the_mark() -> None:
    moved = (
        replace(band, defined_at=Location("library/indicators/x.yaml", line=n))
        for n, band in enumerate(BANDS)
    )
    assert mark(*moved) == mark(*BANDS)


def test_another_bound_is_another_mark() -> None:
    assert mark(replace(BANDS[0], high=Decimal(10)), BANDS[1]) != mark(*BANDS)
