"""Exact values survive the way to JSON text and back; a text that somebody has changed makes nothing else."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruralpb.core.periods import parse
from ruralpb.core.problems import Location, Problem
from ruralpb.model import Address, Check, exact_json

PLAIN = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.dates()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.builds(Address, st.text(), st.text(), st.text())
)
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner).map(tuple) | st.dictionaries(st.text(), inner) | st.lists(inner).map(tuple),
    max_leaves=20,
)


@given(VALUES)
def test_what_is_written_is_what_is_read(value: object) -> None:
    again = exact_json.loads(exact_json.dumps(value))
    assert (again, _types(again)) == (value, _types(value))


@given(st.lists(VALUES))
def test_many_texts_are_read_as_each_would_be(values: list[object]) -> None:
    texts = [exact_json.dumps(value) for value in values]
    assert exact_json.loads_all(texts) == tuple(values)


def test_records_in_records_keep_their_classes() -> None:
    period = parse("2026Q1", date(2026, 4, 1))
    problem = Problem("file-known", Location("a.xlsx", "表1", "B7"), data={"n": "1"})
    value = (period, problem, frozenset({"a"}), {("x", 1): Decimal("1.50")})
    assert exact_json.loads(exact_json.dumps(value)) == value


def test_records_with_fields_by_keyword_only_are_read() -> None:
    check = Check("F02.1", "F02", severity="warn", message={"zh": "户数应大于零。"})
    assert exact_json.loads(exact_json.dumps(check)) == check
    with pytest.raises(ValueError, match="shorter"):
        exact_json.loads('{"model.definitions.Check": ["F02.1", "F02"]}')


@pytest.mark.parametrize("value", [1.5, object(), [1], b"bytes", complex(1)])
def test_other_values_are_refused(value: object) -> None:
    with pytest.raises(TypeError):
        exact_json.dumps(value)


@pytest.mark.parametrize(
    "text",
    [
        '{"Path": ["/etc"]}',
        '{"os.system": ["true"]}',
        "{}",
        '{"model.records.Decision.of": ["1"]}',
        '{"model.records.date": [2026, 1, 1]}',
        '{"date": "x", "Decimal": "1"}',
        "[1",
        "",
    ],
)
def test_texts_that_were_never_written_make_nothing(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        exact_json.loads(text)


def _types(value: object) -> Hashable:
    if isinstance(value, tuple):
        return tuple(_types(item) for item in value)
    if isinstance(value, dict):
        return tuple((key, _types(item)) for key, item in value.items())
    return type(value)
