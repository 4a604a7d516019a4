"""The workbook of a briefing: numbers that are the printed ones, sums that add up, links that arrive, charts that draw the facts."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from briefing_values import COUNTY, context
from openpyxl.utils.cell import range_boundaries

from ruralpb.model import Address
from ruralpb.model.loader import shipped_path
from ruralpb.publish.documents import Rendered, render, stamp
from ruralpb.publish.xlsx import sheets
from ruralpb.publish.xlsx.sheets import CellPlace, Linked, SheetColumn, Sum

WHEN = stamp(context().data.period.end, {})
FIGURE = f"one_shoulder_rate@{COUNTY}@2026Q1"
WHOLE = next(v for v in context().data.values if v.id == FIGURE)
NAMES = [f"C{row}" for row in range(7, 12)] + [f"C{row}" for row in range(20, 40)] + ["F3"]
CELLS = [Address("草尾镇.xlsx", "两委名册", name, raw=f"书记{name}") for name in NAMES]


def cells(ids: Sequence[str]) -> Mapping[str, Sequence[Address]]:
    return {id: CELLS for id in ids if id == FIGURE}


@pytest.fixture(scope="module")
def made() -> Rendered:
    return render(context(), "quarterly", [shipped_path("templates")], ["xlsx"], WHEN, cells)


@pytest.fixture(scope="module")
def formulas(made: Rendered) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(made.files["xlsx"]))


@pytest.fixture(scope="module")
def cached(made: Rendered) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(made.files["xlsx"]), data_only=True)


def column(sheet: Any, number: int, first: int = 3) -> list[Any]:
    return [sheet.cell(row, number).value for row in range(first, sheet.max_row + 1)]


# -------------------------------------------------------------------------------------------------- sums


def summed(values: Sequence[sheets.SheetCell], total: int | Decimal) -> Any:
    """What a row of sums becomes under a column of `values`."""
    book = sheets.Book(WHEN)
    rows: list[list[sheets.SheetCell]] = [[f"第{n}行", cell] for n, cell in enumerate(values)]
    book.sheet("表", [SheetColumn("名称"), SheetColumn("数", "right")], [*rows, ["合计", Sum(total)]])
    loaded = openpyxl.load_workbook(io.BytesIO(book.close()))["表"]
    return loaded.cell(2 + len(values), 2).value


def test_a_sum_is_a_formula_where_the_numbers_shown_come_to_it() -> None:
    assert summed([Decimal("1.5"), Decimal("2.5")], Decimal("4.0")) == "=SUM(B2:B3)"
    assert summed([3, None, 4], 7) == "=SUM(B2:B4)"
    assert summed([Linked(3, CellPlace("表", 0, 0)), 4], 7) == "=SUM(B2:B3)"


def test_a_sum_of_rounded_numbers_that_comes_to_another_is_the_printed_number() -> None:
    assert summed([Decimal("0.3"), Decimal("0.3"), Decimal("0.3")], Decimal("1.0")) == 1
    assert summed([Decimal("98.0"), Decimal("50.0")], Decimal("74.0")) == 74
    assert summed([None, "—"], 0) == 0


def test_totals_of_counts_are_formulas_with_their_results(
    formulas: openpyxl.Workbook, cached: openpyxl.Workbook
) -> None:
    sheet = formulas["报送情况"]
    row = next(n for n in range(3, sheet.max_row + 1) if sheet.cell(n, 1).value == "合计")
    for number in range(2, 10):
        assert (
            sheet.cell(row, number).value
            == f"=SUM({sheet.cell(3, number).coordinate}:{sheet.cell(row - 1, number).coordinate})"
        )
        above = [cached["报送情况"].cell(n, number).value for n in range(3, row)]
        assert cached["报送情况"].cell(row, number).value == sum(above)


def test_recalculated_nothing_changes(made: Rendered, cached: openpyxl.Workbook, tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("no LibreOffice on this machine")
    # Without the cached results: whatever comes back was calculated.
    stripped = tmp_path / "in" / "report.xlsx"
    stripped.parent.mkdir()
    with zipfile.ZipFile(io.BytesIO(made.files["xlsx"])) as old, zipfile.ZipFile(stripped, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                content = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", content)
            new.writestr(name, content)
    profile = (tmp_path / "profile").as_uri()
    subprocess.run(
        [office, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xlsx", "--outdir", tmp_path, stripped],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    again = openpyxl.load_workbook(tmp_path / "report.xlsx", data_only=True)
    compared = 0
    for sheet in cached:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, int | float):
                    assert again[sheet.title][cell.coordinate].value == pytest.approx(cell.value, abs=1e-9), (
                        cell
                    )
                    compared += 1
    assert compared > 500


# -------------------------------------------------------------------------------------------------- links


def test_every_link_arrives_at_a_cell_that_says_something(formulas: openpyxl.Workbook) -> None:
    arrived = 0
    linked = (cell for sheet in formulas for row in sheet.iter_rows() for cell in row if cell.hyperlink)
    for cell in linked:
        name, _, at = cell.hyperlink.location.rpartition("!")
        assert formulas[name.strip("'")][at].value is not None, (cell, cell.hyperlink.location)
        arrived += 1
    assert arrived > 1000


def test_a_number_leads_to_its_line_and_the_line_to_its_cells_and_back(formulas: openpyxl.Workbook) -> None:
    def follow(sheet: str, at: str) -> tuple[str, str]:
        name, _, cell = formulas[sheet][at].hyperlink.location.rpartition("!")
        return name.strip("'"), cell

    assert formulas["排名"]["B3"].value == pytest.approx(float(WHOLE.value or 0), abs=0.06)
    sheet, at = follow("排名", "B3")
    row = formulas[sheet][at].row
    assert (sheet, formulas[sheet].cell(row, 13).value) == ("反查", FIGURE)
    assert formulas["反查"].cell(row, 12).value == len(CELLS)
    sheet, at = follow("反查", formulas["反查"].cell(row, 12).coordinate)
    assert (sheet, formulas[sheet][at].value) == ("来源单元格", FIGURE)
    assert follow("来源单元格", at) == ("反查", f"A{row}")
    assert follow("反查", f"A{row}")[0] == "主要指标"


def test_every_number_of_a_table_leads_to_the_line_that_says_it(
    formulas: openpyxl.Workbook, cached: openpyxl.Workbook
) -> None:
    printed = {
        row[0]: str(cached["反查"].cell(row[0], 1).value).split("、")
        for row in enumerate_rows(cached["反查"])
    }
    checked = 0
    for sheet in cached:
        if sheet.title in ("反查", "来源单元格", "要览", "图表"):
            continue
        for row in sheet.iter_rows(min_row=3):
            for cell in row:
                link = formulas[sheet.title][cell.coordinate].hyperlink
                if isinstance(cell.value, int | float) and link is not None:
                    line = int(re.search(r"\d+$", link.location).group())  # type: ignore[union-attr]
                    places = cell.number_format.partition(".")[2]
                    text = f"{Decimal(str(cell.value)):.{len(places)}f}"
                    assert text in [t.removesuffix("%") for t in printed[line]], (
                        sheet.title,
                        cell.coordinate,
                    )
                    checked += 1
    assert checked > 500


def enumerate_rows(sheet: Any) -> list[tuple[int, Any]]:
    return [(number, None) for number in range(3, sheet.max_row + 1)]


def test_neighbouring_cells_are_one_line(cached: openpyxl.Workbook) -> None:
    rows = list(cached["来源单元格"].iter_rows(min_row=3, values_only=True))
    assert [row[3:5] for row in rows] == [("C7:C11", 5), ("C20:C39", 20), ("F3", 1)]
    assert rows[0][5] == "书记C7、书记C8、书记C9、书记C10、书记C11"
    assert rows[1][5].endswith("书记C31……")


# -------------------------------------------------------------------------------------------------- cards, bars, charts


def test_cards_show_printed_numbers_with_their_measure(formulas: openpyxl.Workbook) -> None:
    sheet = formulas["要览"]
    found = [cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, int | float)]
    assert len(found) == 12
    facts = {row[12]: row[0] for row in formulas["反查"].iter_rows(min_row=3, values_only=True)}
    for cell in found:
        line = formulas["反查"][cell.hyperlink.location.rpartition("!")[2]]
        fact = formulas["反查"].cell(line.row, 13).value
        decimals = len(re.match(r"0\.?(0*)", cell.number_format).group(1))  # type: ignore[union-attr]
        assert f"{Decimal(str(cell.value)):.{decimals}f}" in [
            t.removesuffix("%") for t in facts[fact].split("、")
        ]
        assert re.fullmatch(r'0(\.0+)?"[^"]*"', cell.number_format)


def test_rates_in_the_ranking_have_bars_from_zero(made: Rendered) -> None:
    with zipfile.ZipFile(io.BytesIO(made.files["xlsx"])) as archive:
        names = re.findall(r'<sheet name="([^"]+)"', archive.read("xl/workbook.xml").decode())
        ranking = archive.read(f"xl/worksheets/sheet{names.index('排名') + 1}.xml").decode()
    bars = re.findall(r'<conditionalFormatting sqref="([A-Z]+)3:\1\d+"><cfRule type="dataBar"', ranking)
    assert bars == ["B", "D", "F", "H", "J", "L", "N", "P"]
    assert re.findall(r'<cfvo type="num" val="0"/>', ranking)


def test_charts_draw_the_numbers_beside_them(made: Rendered, cached: openpyxl.Workbook) -> None:
    with zipfile.ZipFile(io.BytesIO(made.files["xlsx"])) as archive:
        charts = [
            archive.read(n).decode()
            for n in archive.namelist()
            if re.fullmatch(r"xl/charts/chart\d+\.xml", n)
        ]
    assert len(charts) == sum(1 for row in cached["图表"].iter_rows() if row[1].value == "数值")
    for chart in charts:
        for values in re.findall(r"<c:val><c:numRef><c:f>'?图表'?!([^<]+)</c:f>", chart):
            left, top, right, bottom = range_boundaries(values.replace("$", ""))
            drawn = [cached["图表"].cell(row, left).value for row in range(top, bottom + 1)]
            assert left == right
            assert len(drawn) == 14
            assert all(isinstance(number, int | float) for number in drawn)
        assert '<c:dispBlanksAs val="gap"/>' in chart


def test_the_workbook_opens_with_the_key_figures(formulas: openpyxl.Workbook) -> None:
    assert formulas.sheetnames[:2] == ["要览", "主要指标"]
    assert formulas.active.title == "要览"
    assert formulas["排名"].freeze_panes == "B3"
    assert "&P" in formulas["排名"].oddFooter.center.text


def test_the_workbook_is_a_valid_document(made: Rendered, tmp_path: Path) -> None:
    pytest.importorskip("openxml_audit", reason="the validator is not installed")
    (tmp_path / "report.xlsx").write_bytes(made.files["xlsx"])
    said = subprocess.run(
        [sys.executable, "-m", "openxml_audit", str(tmp_path / "report.xlsx")], capture_output=True, text=True
    )
    assert said.returncode == 0, said.stdout
    assert "Errors: 0" in said.stdout
