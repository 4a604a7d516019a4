"""Rows as columns: what goes to the store is what was read, value for value."""

from __future__ import annotations

import pickle
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruralpb.model import Note, Row, Rows

ANY_VALUES = (
    st.text(max_size=5),
    st.integers(),
    st.booleans(),
    st.dates(),
    st.decimals(allow_nan=False, allow_infinity=False),
)


@st.composite
def tables(draw: st.DrawFn) -> list[Row]:
    columns = draw(st.lists(st.sampled_from(ANY_VALUES), max_size=6))
    texts = st.text(max_size=3)
    one = st.builds(
        Row,
        st.integers(0, 99),
        texts,
        texts,
        texts,
        st.tuples(*(st.none() | values for values in columns)),
        st.lists(texts, max_size=2).map(tuple),
    )
    return draw(st.lists(one, max_size=8))


@given(tables())
def test_rows_come_out_of_their_columns_as_they_went_in_also_from_another_process(rows: list[Row]) -> None:
    again = pickle.loads(pickle.dumps(Rows.of(rows)))
    assert list(again) == rows
    assert again == rows
    assert len(again) == len(rows)
    assert [type(v) for r in again for v in r.values] == [type(v) for r in rows for v in r.values]


def test_rows_differ_when_a_value_a_code_or_a_refusal_does() -> None:
    row = Row(4, "u", "t", "v", (Decimal("1.0"), date(2026, 1, 1)), ("x",))
    rows = Rows.of([row])
    for other in (
        [],
        [row, row],
        [Row(4, "u", "t", "v", (Decimal("1.1"), date(2026, 1, 1)), ("x",))],
        [Row(4, "u", "t", "v", (Decimal("1.0"), date(2026, 1, 1)))],
        [Row(4, "u", "t", "w", (Decimal("1.0"), date(2026, 1, 1)), ("x",))],
    ):
        assert rows != other
    assert rows == [row]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([Decimal("1E+3"), Decimal("-0.10")], ("decimal", ("1000", "-0.10"))),
        ([Decimal(2), 3, None], ("decimal", ("2", "3", None))),
        ([date(2026, 3, 1), None], ("date", ("2026-03-01", None))),
        (["x", None], ("plain", ("x", None))),
        ([None, None], ("plain", (None, None))),
    ],
)
def test_a_column_is_plain_text_that_nothing_can_round(values: list[Any], expected: object) -> None:
    (column,) = Rows.of([Row(n, "", "", "", (value,)) for n, value in enumerate(values)]).columns
    assert column == expected


def test_values_that_do_not_belong_together_are_a_fault_of_the_reader_not_a_guess_of_the_store() -> None:
    with pytest.raises(TypeError, match="Decimal and str"):
        Rows.of([Row(0, "", "", "", ("12",)), Row(1, "", "", "", (Decimal(12),))])
    with pytest.raises(TypeError, match="float"):
        Rows.of([Row(0, "", "", "", (0.1,))])


def test_a_note_is_the_same_after_the_way_from_its_process() -> None:
    note = Note("clinic", "表1", 4, "money", "B2", "12元", "0.0012", "D43", "元换算为万元")
    assert pickle.loads(pickle.dumps(note)) == note


@given(tables(), st.data())
def test_rows_made_of_columns_are_the_same_and_part_of_them_too(rows: list[Row], data: st.DataObject) -> None:
    codes = tuple(zip(*[(r.unit_code, r.township_code, r.village_code) for r in rows], strict=True))
    made = Rows.of_columns(
        [row.position for row in rows],
        codes or ((), (), ()),  # type: ignore[arg-type]
        zip(*[row.values for row in rows], strict=True),
        {number: row.refused for number, row in enumerate(rows) if row.refused},
    )
    assert made == rows
    numbers = data.draw(st.lists(st.integers(0, len(rows) - 1), unique=True) if rows else st.just([]))
    assert made.part(numbers) == [rows[number] for number in numbers]
