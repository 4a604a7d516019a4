"""What is typed into a blank is what is read from it: for every form of the library and every type of field."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from blank_forms import (
    FORMS,
    LIBRARY,
    Q2,
    VILLAGES,
    blank,
    fields,
    fill,
    fill_sheet,
    known_rows,
    load,
    only,
    prepared,
    read,
    said,
    save,
    slugs,
)
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ruralpb.intake.values.cells import CellWords
from ruralpb.model import Field
from ruralpb.model.unit_names import fold
from ruralpb.model.vocabulary import builtin

HAN = "甲乙丙丁戊己庚辛金木水火土东南西北春夏秋冬江河湖海山川田园"
PROSE = HAN + "，。；（）“”、—ABCxyz0123456789 "
NAMES = st.text(HAN, min_size=2, max_size=4)


def id_number(serial: int) -> str:
    """A valid number of somebody who does not exist; one in eleven ends in X."""
    body = f"99010119{60 + serial % 40:02d}{serial % 12 + 1:02d}{serial % 28 + 1:02d}{serial % 1000:03d}"
    return body + "10X98765432"[sum(int(d) * (2 ** (17 - i) % 11) for i, d in enumerate(body)) % 11]


def prose(text: str) -> bool:
    # Several blanks in a text are read as one, so the round trip starts from texts that have single ones.
    return (
        bool(fold(text))
        and text == " ".join(text.split())
        and fold(text) not in CellWords.of(builtin()).nothing
    )


def decimals(item: Field, places: int, least: Decimal | None = None) -> st.SearchStrategy[Decimal]:
    low = max(x for x in (item.min, least, Decimal(-99_999)) if x is not None)
    high = min(x for x in (item.max, Decimal(99_999)) if x is not None)
    return st.decimals(low, high, places=places)


def values(item: Field) -> st.SearchStrategy[Any]:
    """What may be typed into the cells of a field."""
    match item.type:
        case "int":
            return decimals(item, 0).map(int)
        case "money":  # of one size: an amount of 500 times its column's median is asked about
            least = max(Decimal(100), item.min or Decimal(0))
            return st.decimals(least, least * Decimal("1.4"), places=6)
        case "number":
            return decimals(item, 6)
        case "percent":
            return decimals(item, 4, Decimal(2))  # a column of shares below 1 is asked about
        case "date":
            return st.dates(date(2015, 1, 1), Q2.end)
        case "month":
            return st.dates(date(1950, 1, 1), Q2.end).map(lambda day: day.replace(day=1))
        case "bool":
            return st.booleans()
        case "enum":
            return st.sampled_from([value.value for value in item.values])
        case "id_card":
            return st.integers(0, 10**6).map(id_number)
        case "phone":
            return st.integers(13_000_000_000, 19_999_999_999).map(str) | st.just("0737-2600000")
        case "village":
            return st.sampled_from(VILLAGES)
    return (
        NAMES
        if item.sensitive
        else (st.text(PROSE, min_size=1, max_size=20) | st.just(HAN * 12)).filter(prose)
    )


@st.composite
def returns(draw: st.DrawFn, form: str) -> list[dict[str, Any]]:
    """Rows as a township fills them in: some cells blank, those that say whom a row is about never; sums as they are."""
    known = known_rows(form)
    most = 1 if LIBRARY.forms[form].key == ("reporter",) else 3
    rows = []
    for number in range(len(known) or draw(st.integers(1, most))):
        row: dict[str, Any] = {}
        for item in fields(form):
            blank_too = (
                item.type != "village" and not item.required and item.id not in LIBRARY.forms[form].key
            )
            value = draw(values(item) | st.none() if blank_too else values(item))
            if (
                item.type in ("text", "id_card")
                and item.id in (*LIBRARY.forms[form].key, "name", "id_card")
                and value
            ):
                value = (
                    id_number(draw(st.integers(0, 10**5)) * 10 + number)
                    if item.type == "id_card"
                    else f"{number}号{value}"
                )
            if value is not None:
                row[item.id] = value
        rows.append(with_sums(form, row | (known[number] if known else {})))
    return rows


def with_sums(form: str, row: dict[str, Any]) -> dict[str, Any]:
    """The row with the columns that are sums of others."""
    for column in prepared()[form].layout.columns:
        if column.parts:
            signed = [(part.sign, row.get(part.field)) for part in column.parts]
            row[column.field.id] = sum(
                value if sign == "+" else -value for sign, value in signed if value is not None
            )
    return row


@pytest.mark.parametrize("form", FORMS)
@given(data=st.data())
@settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_what_is_typed_is_what_is_read(form: str, data: st.DataObject) -> None:
    typed = data.draw(returns(form))
    reading = read(fill(blank(form, rows=known_rows(form)), form, typed))
    block = only(reading)
    assert said(block) == typed
    assert (block.reporter_code, block.period, block.nil) == ("990101101", Q2, False)
    assert [note for note in reading.notes if note.raw != note.value] == []


@pytest.mark.parametrize("form", FORMS)
def test_a_blank_that_nobody_filled_in_is_no_return(form: str) -> None:
    reading = read(blank(form, rows=known_rows(form)))
    assert reading.blocks == ()
    assert "issued-untouched" in slugs(reading)
    (said_of_it,) = [p.text() for p in reading.problems if p.slug == "issued-untouched"]
    assert [sheet.reason for sheet in reading.sheets if sheet.form == form] == [said_of_it]


@pytest.fixture(scope="module")
def calculated(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Every form in one workbook, filled in but for the formulas, opened and saved by an office program."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no office program here")
    folder = tmp_path_factory.mktemp("office")
    book = load(blank(*FORMS, rows=[{"village": name} for name in VILLAGES]))
    typed = {form: [with_sums(form, row(form, number)) for number in range(3)] for form in FORMS}
    for form in FORMS:
        typed[form] = typed[form][:1] if LIBRARY.forms[form].key == ("reporter",) else typed[form]
        fill_sheet(book, form, typed[form], formulas=True)
    (folder / "in").mkdir()
    (folder / "in" / "报表.xlsx").write_bytes(save(book))
    command = [office, "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--convert-to", "xlsx",
               "--outdir", str(folder), str(folder / "in" / "报表.xlsx")]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return read((folder / "报表.xlsx").read_bytes()), typed


def row(form: str, number: int) -> dict[str, Any]:
    """A row with every cell filled in."""
    found: dict[str, Any] = {}
    for item in fields(form):
        amount = max(Decimal(2), item.min or Decimal(0))
        found[item.id] = {
            "int": int(amount) + number, "money": amount + Decimal("0.123456") * (number + 1), "number": amount + Decimal("0.5"),
            "percent": Decimal("97.5") + number, "date": date(2026, 5, 10 + number), "month": date(1985, 10, 1), "bool": number == 0,
            "enum": item.values[number % len(item.values)].value if item.values else None, "id_card": id_number(7 * number + 1),
            "phone": f"1380000000{number}", "village": VILLAGES[number], "text": f"{HAN[number]}{HAN[number + 3]}",
        }[item.type]  # fmt: skip
    return found


@pytest.mark.parametrize("form", FORMS)
def test_an_office_program_keeps_what_was_typed_and_works_out_the_sums(form: str, calculated: Any) -> None:
    reading, typed = calculated
    assert said(only(reading, form)) == typed[form]
    assert not slugs(reading)
