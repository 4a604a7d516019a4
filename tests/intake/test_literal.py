"""Texts that are picked out of a column at once are the very texts that the reader of one cell leaves as they are."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruralpb.intake.values import fast_path, words
from ruralpb.intake.values.cells import CellWords, ColumnSpec
from ruralpb.model import Field
from ruralpb.model.vocabulary import builtin

END = date(2026, 3, 31)
WORDS = CellWords.of(builtin())
COLUMNS = {
    "remark": Field("note", "备注", "text"),
    "name": Field("name", "姓名", "text"),
    "village": Field("village", "村", "village"),
    "phone": Field("phone", "电话", "phone"),
    "card": Field("card", "身份证号", "id_card"),
}

_odd = st.sampled_from(
    [
        *WORDS.nothing,
        *WORDS.ditto,
        "张三\n李四",
        "张三和李四王",
        "李四同志",
        "张三1",
        "1张三",
        "Ａ１",
        "e\u0301",
        "\u200b",
    ]
)
_letters = st.text(
    '张三李四和书记主任无没有空12xX/-.()%，·？□Ａ１―〃"\u200b\u00ad\t\n\u3000\xa0é\u0301ﬁ㍿½Ⅳ', max_size=9
)
_card = st.tuples(
    st.sampled_from(["430102"]),
    st.dates(date(1890, 1, 1), date(2027, 1, 1)).map(lambda day: f"{day:%Y%m%d}"),
    st.from_regex("[0-9]{3}[0-9X]", fullmatch=True),
).map("".join)
_mobile = st.from_regex("1[0-9]{10}", fullmatch=True)


@pytest.mark.parametrize("item", COLUMNS.values(), ids=COLUMNS)
@given(texts=st.sets(_odd | _letters | _card | _mobile | st.text(max_size=12), max_size=30))
def test_only_what_is_read_as_it_stands(item: Field, texts: set[str]) -> None:
    picked = fast_path.pick(ColumnSpec(item, END))
    assert picked is not None
    read = words.parser(ColumnSpec(item, END))
    found: dict[str, Any] = {text: read(text, False) for text in picked(texts)}
    assert found.keys() <= texts
    assert found == {text: text for text in found}
    every = fast_path.every(ColumnSpec(item, END))
    assert every is not None
    assert not every(sorted(texts)) or found.keys() == texts


@pytest.mark.parametrize(
    ("column", "texts"),
    [
        ("remark", ["帮助村里修路，共二十户受益", "已办结", "2026.3"]),
        ("name", ["张三", "欧阳明", "王芳2"]),
        ("phone", ["13800000000"]),
        ("card", ["11010519491231002X"]),
    ],
)
def test_ordinary_contents_are_picked(column: str, texts: list[str]) -> None:
    picked = fast_path.pick(ColumnSpec(COLUMNS[column], END))
    assert picked is not None
    assert picked(texts) == set(texts)
    every = fast_path.every(ColumnSpec(COLUMNS[column], END))
    assert every is not None
    assert every(texts)
    assert not every([*texts, "张三\n李四"])


def test_numbers_days_and_choices_are_read_one_by_one() -> None:
    for kind in ("int", "number", "money", "percent", "date", "month", "enum", "bool"):
        assert fast_path.pick(ColumnSpec(Field("it", "某项", kind), END)) is None
        assert fast_path.every(ColumnSpec(Field("it", "某项", kind), END)) is None
