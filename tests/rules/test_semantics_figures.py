"""S3 to S6 and S8 through the whole program: what is not reported is unknown, coverage, time, standards, exact numbers."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from semantics_world import (
    BAISHUI,
    CITY,
    EAST,
    FARM,
    HONGQI,
    QINGSHAN,
    SHIQIAO,
    WEST,
    check,
    drop,
    farm,
    make_project,
    money,
    outcomes,
    quarter,
    roster,
    rows,
    sheet,
    statuses,
    table,
    take,
    told,
    values,
    visit,
)
from workbooks import workbook

from ruralpb.app.project import Project

Q1 = "2026年第一季度"
Q2 = "2026年第二季度"
Q4 = "2025年第四季度"


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A year of returns with holes: 石桥镇 is missing in 2025Q1 and 2025Q4, 白水镇 from 2026Q2 on, 青山镇 leaves out a
    village in 2026Q1; the townships called 红旗镇 never return. Months lie between the quarters."""
    project = make_project(tmp_path_factory.mktemp("year") / "project")
    drop(
        project,
        "2025-04-03/青山.xlsx",
        farm("青山乡", "2025年第一季度", "新建村 5 1\n柳树村 3 1\n大湾村 2 1"),
    )
    drop(project, "2025-04-03/白水.xlsx", farm("白水镇", "2025年第一季度", "白水村 4 1"))
    drop(project, "2026-01-05/青山.xlsx", farm("青山乡", Q4, "新建村 30 9\n柳树村 12 4\n大湾村 8 2"))
    drop(project, "2026-01-05/白水.xlsx", farm("白水镇", Q4, "白水村 40 9"))
    drop(project, "2026-02-03/石桥.xlsx", farm("石桥镇", "2026年1月", "石桥村 2 1"))
    drop(project, "2026-03-03/石桥.xlsx", farm("石桥镇", "2026年2月", "石桥村 5 1"))
    drop(project, "2026-04-03/石桥.xlsx", farm("石桥镇", Q1, "石桥村 9 3"))
    drop(project, "2026-04-03/青山.xlsx", farm("青山镇", Q1, "柳树村 7 2"))
    drop(project, "2026-04-03/白水.xlsx", farm("白水镇", Q1, "白水村 6 2"))
    drop(project, "2026-04-04/走访.xlsx", visit("石桥镇", Q1, "石桥村 V1 张三 - 2\n石桥村 V2 李四 - -"))
    drop(project, "2026-04-28/石桥.xlsx", farm("石桥镇", "2026年4月", "石桥村 1 1"))
    drop(project, "2026-04-29/石桥.xlsx", farm("石桥镇", Q2, "石桥村 8 3"))
    drop(project, "2026-04-29/青山.xlsx", farm("青山镇", Q2, "新建村 11 2\n柳树村 15 2"))
    assert set(statuses(take(project)).values()) == {"taken"}
    return project


# ------------------------------------------------------------------------------------------------ S3


def test_a_form_that_was_not_returned_makes_checks_across_forms_unknown_for_that_township_only(
    year: Project,
) -> None:
    """青山镇 and 白水镇 have no visits returned; 石桥镇 has, and passes."""
    assert outcomes(year, "G03") == {"990101102202": "unknown", "990102102201": "unknown"}


def test_unknown_results_are_exported_and_are_nobodys_findings(year: Project) -> None:
    exported = [f for f in table(year, "findings") if f["check"] == "G03"]
    assert {f["outcome"] for f in exported} == {"unknown"}
    assert [f for f in check(year).failed() if f.check == "G03"] == []


def test_in_the_first_period_ever_every_comparison_is_unknown(year: Project) -> None:
    assert set(outcomes(year, "G04", "2025Q1").values()) == {"unknown"}
    assert set(outcomes(year, "G02", "2025Q1").values()) == {"unknown"}


def test_a_figure_of_a_form_nobody_of_the_county_returned_is_no_figure(year: Project) -> None:
    found = values(year)["visit_n", WEST]
    assert (found.value, found.printed, found.covered, found.expected) == (None, "—", 0, 2)
    assert values(year)["person_n", CITY].value is None


# ------------------------------------------------------------------------------------------------ S4


def test_a_figure_says_how_many_villages_it_rests_on_and_who_is_missing(year: Project) -> None:
    figure = values(year)["income", EAST]
    assert (figure.value, figure.covered, figure.expected) == (16, 2, 5)
    assert set(figure.missing) == {HONGQI, "990101102201"}


def test_an_omitted_village_is_a_finding_and_not_zero(year: Project) -> None:
    figure = values(year)["income", QINGSHAN]
    assert (figure.value, figure.covered, figure.expected) == (7, 1, 2)


def test_a_row_without_the_value_leaves_numerator_and_denominator_and_is_counted(year: Project) -> None:
    found = values(year)["visit_days", SHIQIAO]
    assert (found.value, found.unknown_rows) == (2, 1)


def test_a_row_without_the_cost_is_left_out_of_the_rates_denominator_too(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p")
    drop(project, "2026-04-03/青山.xlsx", farm("青山镇", Q1, "新建村 100 -\n柳树村 10 4"))
    take(project)
    rate = values(project)["cost_rate", QINGSHAN]
    assert (rate.value, rate.numerator, rate.denominator, rate.unknown_rows) == (40, 4, 10, 1)


def test_last_years_comparison_counts_only_villages_that_are_in_both_years(year: Project) -> None:
    """2026Q1: 柳树村 7, 白水村 6, 石桥村 9. 2025Q1 had 柳树村 (with 大湾村, since merged) 5 and 白水村 4, no 石桥村."""
    figure = values(year)["income", CITY]
    assert figure.value == 22
    compared = figure.last_year
    assert compared is not None
    assert (compared.base, compared.current, compared.units, compared.all_units) == (9, 13, 2, False)
    assert compared.change is not None
    assert round(compared.change, 4) == Decimal("44.4444")
    alone = values(year)["income", SHIQIAO].last_year
    assert alone is None or (alone.base is None and alone.change is None)


# ------------------------------------------------------------------------------------------------ S5


def test_months_never_add_up_to_a_quarter(year: Project) -> None:
    assert values(year)["income", SHIQIAO].value == 9
    assert values(year, "2026-02")["income", SHIQIAO].value == 5
    with_april = values(year, "2026Q2")["income", SHIQIAO]
    assert with_april.value == 8


def test_the_quarter_before_the_second_is_the_first_whatever_month_came_between(year: Project) -> None:
    """石桥村: 9 in Q1, 1 in April (a cumulative figure that fell), 8 in Q2. 柳树村: 7, then 15."""
    assert outcomes(year, "G02", "2026Q2")["990101103201"] == "fail"
    (finding,) = [f for f in check(year, "2026Q2").failed() if f.check == "G02"]
    assert finding.message == "石桥村：累计收入8万元，小于上期9万元"
    assert "990101102202" not in outcomes(year, "G02", "2026Q2")


def test_a_month_is_compared_with_the_month_before_and_april_with_the_quarter(year: Project) -> None:
    assert outcomes(year, "G02", "2026-02") == {}
    (finding,) = [f for f in check(year, "2026-04").failed() if f.check == "G02"]
    assert finding.message == "石桥村：累计收入1万元，小于上期9万元"


def test_in_the_first_period_of_a_year_a_cumulative_figure_has_no_previous(year: Project) -> None:
    """柳树村: 12 at the end of 2025, 7 in 2026Q1; that is a new year and no fall."""
    assert set(outcomes(year, "G02").values()) == {"unknown"}
    assert set(outcomes(year, "G02", "2026-01").values()) == {"unknown"}


def test_a_single_quarter_is_the_difference_on_villages_that_are_in_both(year: Project) -> None:
    """Q2 less Q1: 柳树村 15 - 7, 石桥村 8 - 9; 新建村 was not there in Q1."""
    single = values(year, "2026Q2")["income.quarter", EAST]
    assert single.value == 7
    assert values(year)["income.quarter", EAST].value == 16


# ------------------------------------------------------------------------------------------------ S6


def test_when_a_standard_has_ended_the_figure_is_not_computable_and_not_zero(year: Project) -> None:
    before, after = values(year, "2025Q4")["big_n", EAST], values(year)["big_n", EAST]
    assert before.value == 2  # 30 and 12; 大湾村 had 8
    assert (after.value, after.printed, after.reason) == (None, "—", "value-standard")


# ------------------------------------------------------------------------------------------------ S7 in time


def test_a_merged_villages_rows_count_for_its_successor_and_last_year_is_the_sum(year: Project) -> None:
    """柳树村 3 + 大湾村 2 in 2025Q1 against 柳树村 7 now: no fall. 白水村 4 then, 6 now."""
    assert "990101102202" not in outcomes(year, "G04")
    compared = values(year)["income", QINGSHAN].last_year
    assert compared is not None
    assert compared.base == 5
    before = rows(
        year,
        "select village, sum(income) from farm where period = '2025Q1' group by all order by 1",
        "2026Q1",
    )
    assert ("柳树村", 5) in before
    then = rows(year, "select village, income from farm where period = '2025Q1' order by 2", "2025Q1")
    assert ("大湾村", 2) in then


def test_the_year_of_the_merger_itself_keeps_both_villages(year: Project) -> None:
    figure = values(year, "2025Q4")["income", QINGSHAN]
    assert (figure.unit, figure.value, figure.covered, figure.expected) == ("青山乡", 50, 3, 3)
    assert values(year)["income", QINGSHAN].unit == "青山镇"


# ------------------------------------------------------------------------------------------------ S8


def test_ten_times_a_tenth_is_one(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p")
    lines = "\n".join(f"石桥村 V{n} 张三 - 1" for n in range(10))
    drop(project, "2026-04-03/走访.xlsx", visit("石桥镇", Q1, lines))
    pay = "\n".join(f"石桥村 张{c} - 0.1" for c in "一二三四五六七八九十")
    drop(project, "2026-04-03/名册.xlsx", roster("石桥镇", Q1, pay))
    take(project)
    assert rows(project, "select sum(pay) from roster") == [(Decimal(1),)]


@pytest.mark.parametrize(
    ("measure", "cell", "stored", "noted"),
    [
        ("万元", "0.1", "0.1", False),
        ("元", "123456.78", "12.345678", True),
        ("元", "0.01", "0.000001", True),
        ("万元", "1.2345675", "1.234568", True),
        ("万元", "-1.2345675", "-1.234568", True),
        ("万元", "0.0000004", "0", True),
        ("万元", "'１２．５万元", "12.5", True),
        ("亿元", "0.3", "3000", True),
    ],
)
def test_amounts_are_exact_in_ten_thousands_and_rounded_half_up_with_a_note(
    tmp_path: Path, measure: str, cell: str, stored: str, noted: bool
) -> None:
    project = make_project(tmp_path / "p")
    drop(project, "2026-04-03/石桥.xlsx", farm("石桥镇", Q1, f"石桥村 {cell}", measure))
    result = take(project)
    assert set(statuses(result).values()) == {"taken"}, told(result)
    assert rows(project, "select income from farm") == [(money(stored),)]
    notes = [n for n in table(project, "notes") if n["field"] == "income"]
    assert bool(notes) == noted
    assert all((n["cell"], n["sheet"]) == ("B4", "农情") for n in notes)


def test_a_percent_is_points_however_it_was_typed(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p")
    drop(project, "2026-04-03/a.xlsx", farm("青山镇", Q1, "新建村 1 1 98.5%\n柳树村 1 1 98.5"))
    drop(project, "2026-04-03/b.xlsx", farm("石桥镇", Q1, "石桥村 1 1 '98.5％"))
    take(project)
    assert rows(project, "select distinct share from farm") == [(Decimal("98.5"),)]


def test_exports_carry_exact_text_and_the_printed_figure(year: Project) -> None:
    line = next(
        r for r in table(year, "indicators") if (r["indicator"], r["unit_code"]) == ("cost_rate", CITY)
    )
    assert (line["numerator"], line["denominator"], line["printed"]) == ("7", "22", "31.8")
    assert line["value"] == "31.8181818182"


def test_a_month_that_ends_a_quarter_is_the_quarter(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p")
    drop(project, "2026-04-03/石桥.xlsx", farm("石桥镇", "2026年3月", "石桥村 5"))
    take(project)
    assert values(project)["income", SHIQIAO].value == 5


def test_a_return_of_the_future_is_not_read_by_an_earlier_quarter(year: Project) -> None:
    assert values(year, "2025Q4")["income", BAISHUI].value == 40
    assert values(year, "2026Q2")["income", BAISHUI].value is None
    assert quarter("2026Q2").previous().label == "2026Q1"


def test_the_header_may_state_the_measure_of_a_column(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p")
    columns = tuple(c + "（元）" if c.startswith("经营") else c for c in FARM)
    drop(
        project,
        "2026-04-03/石桥.xlsx",
        workbook({"农情": sheet("农情表", columns, "石桥镇", Q1, "石桥村 12345 1")}),
    )
    take(project)
    assert rows(project, "select income, cost from farm") == [(money("1.2345"), money("0.0001"))]


def test_measures_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p")
    columns = tuple(c + "（元）" if c.startswith("经营") else c for c in FARM)
    drop(
        project,
        "2026-04-03/石桥.xlsx",
        workbook({"农情": sheet("农情表", columns, "石桥镇", Q1, "石桥村 12345 1", "万元")}),
    )
    result = take(project)
    assert "经营收入、经营支出" in told(result)[0]
    assert rows(project, "select income from farm") == []
