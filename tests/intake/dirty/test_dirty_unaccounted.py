"""What stands on a sheet without a role, or cannot be what it seems, is asked about or refused (D113 to D117; D118 is shown by workbooks from the field)."""

from __future__ import annotations

import io

import xlsxwriter
from dirty_returns import CLINIC_ROW, read, said, shows, values

HEAD = f"| {' | '.join(CLINIC_ROW)} |"
ROW = f"| {' | '.join(CLINIC_ROW.values())} |"


@shows("D113")
def test_a_number_beside_a_table_that_belongs_to_nothing_is_asked_about() -> None:
    reading = read(f"{HEAD}\n{ROW}\n| | | | | | | 4711 |")
    assert "D113 G3 query" in said(reading)
    assert len(values(reading, "beds")) == 1


@shows("D114")
def test_a_note_that_speaks_of_another_measure_is_asked_about() -> None:
    reading = read(f"{HEAD}\n{ROW}\n| 注：外方捐助按美元统计，未折算 |")
    assert [about for about in said(reading) if about.startswith("D114")] != []


@shows("D115")
def test_a_formula_whose_stored_result_is_not_its_result_is_asked_about() -> None:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, list(CLINIC_ROW))
    sheet.write_row(1, 0, ["甲村", 1, 1, 1, 1])
    sheet.write_formula(1, 1, "=C2+D2", value=5)
    book.close()
    assert "D115 B2 query" in said(read(content.getvalue()))


@shows("D116")
def test_a_sheet_that_calls_itself_an_example_is_no_return() -> None:
    reading = read({"2026Q1": f"{HEAD}\n{ROW}", "填报样表": f"{HEAD}\n{ROW}"})
    assert "D116 query" in said(reading)
    assert len(reading.blocks) == 1


@shows("D117")
def test_a_line_of_text_with_a_cell_less_than_its_heading_is_refused() -> None:
    lines = [",".join(CLINIC_ROW), ",".join(CLINIC_ROW.values()), "先锋村,1,1,1"]
    reading = read("\n".join(lines).encode(), "东镇2026Q1.csv")
    assert [about for about in said(reading) if about.startswith("D117")] != []
    assert len(values(reading, "beds")) == 1
