"""Formulas of binary workbooks (.xls, .xlsb): written out, calculated again, and a stored result that was never calculated told as such."""

from __future__ import annotations

import io
import struct

import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st
from xlwt.ExcelFormula import Formula

from ruralpb.intake import readers
from ruralpb.intake.readers import parsed_formulas
from ruralpb.intake.readers.parsed_formulas import BIFF8, BIFF12
from ruralpb.model import Grid, Uncached

WRITTEN_OUT = [
    "A1+A2",
    "SUM(A1:A3)",
    "ROUND(A3*2/3,1)",
    "IF(A1>=A2,1,A3)",
    "SUBTOTAL(9,B1:B20)",
    "(A1+A2)*A3-2^2",
    "AVERAGE(A1:A3)%",
    "-A1+0.5",
    "MAX(A1:A3)-MIN(A1,A2,4)",
]
LEFT_ALONE = ["VLOOKUP(1,A1:B3,2)", 'A1&"x"', "NOW()", "COUNT(A1:A3)"]


@pytest.mark.parametrize("formula", WRITTEN_OUT)
def test_a_parsed_formula_is_written_as_it_was_typed(formula: str) -> None:
    assert parsed_formulas.text(tokens(formula), BIFF8) == formula


@pytest.mark.parametrize("formula", LEFT_ALONE)
def test_a_formula_with_anything_else_has_no_text(formula: str) -> None:
    assert parsed_formulas.text(tokens(formula), BIFF8) == ""


@given(data=st.binary(max_size=40))
def test_damaged_tokens_raise_nothing(data: bytes) -> None:
    for shape in (BIFF8, BIFF12):
        assert isinstance(parsed_formulas.text(data, shape), str)


def test_rows_of_xlsb_are_wider_and_shared_references_count_from_their_cell() -> None:
    area = bytes([0x25]) + struct.pack("<IIHH", 0, 99_999, 2, 2)
    assert parsed_formulas.text(area + bytes([0x22, 1, 4, 0]), BIFF12) == "SUM(C1:C100000)"
    left = bytes([0x2C]) + struct.pack("<HH", 0, 0xC000 | 0x00FF)
    assert parsed_formulas.text(left + bytes([0x1E, 2, 0, 5]), BIFF8, (6, 1)) == "A7*2"


def tokens(formula: str) -> bytes:
    rpn: bytes = Formula(formula).rpn()
    return rpn[2 : 2 + struct.unpack_from("<H", rpn)[0]]


def xls(formula: str, stored: float) -> Grid:
    """A sheet with 1, 2 and 3.5 in column A and a formula in B1 whose stored result is `stored`."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("1")
    for row, value in enumerate((1, 2, 3.5)):
        sheet.write(row, 0, value)
    sheet.write(0, 1, Formula(formula))
    sheet.set_header_str(b"&LUnit: x &RPage &P")
    out = io.BytesIO()
    book.save(out)
    content = out.getvalue()
    at = content.index(tokens(formula)) - 16  # in front: result, flags, length
    content = content[:at] + struct.pack("<d", stored) + content[at + 8 :]
    grids, problems = readers.read(content, "1.xls")
    assert [problem for problem in problems if problem.refused] == []
    return grids[0]


def test_a_result_of_an_xls_that_was_never_calculated_is_no_zero() -> None:
    assert isinstance(xls("SUM(A1:A3)", 0.0).cell(0, 1), Uncached)
    assert xls("A1-A1", 0.0).cell(0, 1) == 0


def test_a_stale_result_of_an_xls_is_read_with_what_it_should_be() -> None:
    grid = xls("SUM(A1:A3)", 9.0)
    assert (grid.cell(0, 1), grid.evidence[0, 1].due) == (9.0, "6.5")
    assert xls("SUM(A1:A3)", 6.5).evidence[0, 1].due == ""


def test_the_header_of_the_page_of_an_xls_is_among_the_texts_around_its_cells() -> None:
    assert ("header", "Unit: x  Page") in xls("A1+A2", 3.0).surroundings
