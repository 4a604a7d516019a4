"""The engine knows no subject: a library of clinics and wards, with nothing of villages or cadres in it, goes through
the whole program, from workbooks to a briefing whose figures lead back to their cells."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from workbooks import workbook

from ruralpb.app import computing, define, figures, ingest, report, trace, validate
from ruralpb.app.ingest_request import IngestRequest
from ruralpb.app.opening import open_project
from ruralpb.app.project import Project
from ruralpb.app.report_plan import ReportRequest
from ruralpb.core import periods

TOY = Path(__file__).parents[1] / "toy"
TODAY = date(2026, 7, 20)
COUNTY, SHIQIAO, LIUSHU, WANGHU = "990208", "990208101", "990208102", "990208103"

RETURNS = {
    "2026-04-03/石桥镇.xlsx": {
        "基本情况": """
          石桥镇卫生院基本情况表（2026年第一季度）
          卫生院所在乡镇 | 卫生技术人员 | <    | 卫生技术人员合计 | 编制床位 | 本年门诊人次 | 药品支出（万元） | 等级
          ^              | 医师         | 护士 | ^                | ^        | ^            | ^                | ^
          石桥镇         | 8            | 12   | 20               | 40       | 5200         | 31.5             | 一甲
        """,
        "病区": """
          石桥镇病区登记册（2026年第一季度）
          病区编号 | 病区类别 | 实有床位 | 启用日期    | 是否单人间
          '01      | 内科     | 24       | @2019-05-01 | 否
          '02      | 中医     | 16       | @2021-09-10 | 是
          合计     |          | 40       |             |
        """,
    },
    "2026-04-07/柳树乡.xlsx": {
        "基本情况": """
          卫生院基本情况表
          填报单位：柳树乡 | 报告期：2026年第一季度
          人员合计 | 医师 | 护士 | 门诊累计 | 编制床位 | 等级
          9        | 4    | 5    | 2100     | 20       | 未定级
        """,
        "病区": """
          病区登记册
          填报单位：柳树乡 | 报告期：2026年第一季度
          病区编号 | 病区类别 | 床位 | 启用日期
          '01      | 内科     | 18   | 2018年3月1日
        """,
    },
    "2026-07-03/石桥镇.xlsx": {
        "基本情况": """
          石桥镇卫生院基本情况表（2026年第二季度）
          卫生院所在乡镇 | 医师 | 护士 | 卫生技术人员合计 | 编制床位 | 本年门诊人次 | 等级
          石桥镇         | 8    | 13   | 20               | 40       | 4900         | 一甲
        """,
        "病区": """
          石桥镇病区登记册（2026年第二季度）
          病区编号 | 病区类别 | 实有床位
          '01      | 内科     | 24
          '02      | 中医     | 16
        """,
    },
}
"""Two townships in the first quarter, one in the second; 望湖镇 never returns. 石桥镇's second return has two mistakes."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("toy") / "project"
    shutil.copytree(TOY, folder)
    for name, sheets in RETURNS.items():
        file = folder / "returns" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(workbook(sheets))
    made = open_project(folder)
    taken = ingest.ingest(made, [made.inbox], IngestRequest(), TODAY, lambda _: None)
    assert [(f.path, f.status) for f in taken.files] == [
        (f"returns/{name}", "taken") for name in sorted(RETURNS)
    ]
    return made


def quarter(label: str) -> periods.Period:
    return periods.parse(label, TODAY)


def values(project: Project, label: str) -> dict[tuple[str, str], Decimal | None]:
    computed = figures.indicators(project, quarter(label), TODAY, computing.ValuesRequest())
    return {(v.indicator, v.unit_code): v.value for v in computed.values if not v.slice}


def test_the_definitions_are_sound_and_their_cases_hold() -> None:
    assert define.check(TOY, date(2026, 11, 22)).problems == ()
    assert [result.case.name for result in define.test(TOY, ()) if result.misses] == []


def test_rows_are_stored_by_the_forms_own_words(project: Project) -> None:
    with project.session(quarter("2026Q1")) as session:
        clinics = session.query(
            "select township, doctors, nurses, visits, drug_cost, grade from clinic where period = '2026Q1' order by 1"
        )
        wards = session.query(
            "select township, ward_code, kind, beds, single from ward where period = '2026Q1' order by 1, 2"
        )
    assert clinics == [
        ("柳树乡", 4, 5, 2100, None, "未定级"),
        ("石桥镇", 8, 12, 5200, Decimal("31.5"), "一级甲等"),
    ]
    assert wards == [
        ("柳树乡", "01", "内科", 18, None),
        ("石桥镇", "01", "内科", 24, False),
        ("石桥镇", "02", "中医科", 16, True),
    ]


def test_a_check_across_forms_and_who_has_not_returned_are_found(project: Project) -> None:
    checked = validate.validate(project, quarter("2026Q1"), TODAY)
    found = {(f.check, f.unit_code, f.message) for f in checked.failed() if f.severity != "note"}
    assert found == {
        ("K03", LIUSHU, "柳树乡：编制床位20张，病区登记册合计18张，请核实"),
        ("C01", WANGHU, "望湖镇：缺报《卫生院基本情况表》"),
        ("C01", WANGHU, "望湖镇：缺报《病区登记册》"),
    }
    assert {(s.reporter_code, s.form, s.status) for s in checked.states} == {
        (SHIQIAO, "clinic", "accepted"),
        (SHIQIAO, "ward", "accepted"),
        (LIUSHU, "clinic", "blocked"),
        (LIUSHU, "ward", "accepted"),
        (WANGHU, "clinic", "missing"),
        (WANGHU, "ward", "missing"),
    }


def test_a_cumulative_figure_that_falls_is_found_in_the_next_quarter(project: Project) -> None:
    checked = validate.validate(project, quarter("2026Q2"), TODAY)
    found = {
        f.check: (f.message, [a.cell for a in f.cells]) for f in checked.failed() if f.unit_code == SHIQIAO
    }
    assert found["K01"] == ("石桥镇：卫生技术人员合计20人，医师与护士之和21人", ["D3"])
    assert found["K02"] == ("石桥镇：门诊累计4900人次，少于上季的5200人次", ["F3"])
    unknown = {f.check for f in checked.findings if f.outcome == "unknown" and f.unit_code == SHIQIAO}
    assert unknown == set()


def test_figures_are_divided_once_and_use_the_standard_in_force(project: Project) -> None:
    found = values(project, "2026Q1")
    assert found["bed_n", COUNTY] == 58
    assert found["visits_per_doctor", COUNTY] is not None
    assert round(found["visits_per_doctor", COUNTY] or 0, 4) == Decimal("608.3333")
    assert found["visits_per_doctor", LIUSHU] == 525
    assert (found["short_clinic_n", SHIQIAO], found["short_clinic_n", LIUSHU]) == (0, 1)


def test_a_township_that_did_not_return_has_no_figure_not_zero(project: Project) -> None:
    assert values(project, "2026Q1")["bed_n", WANGHU] is None
    assert values(project, "2026Q2")["bed_n", LIUSHU] is None


def test_the_briefing_speaks_of_clinics(project: Project) -> None:
    written = report.report(project, quarter("2026Q1"), TODAY, ReportRequest(formats=("md",)), lambda _: None)
    text = written.files[0].read_text("utf-8")
    assert "医疗服务" in text
    assert "医师人均门诊人次" in text
    assert "望湖镇" in text
    assert written.draft


def test_a_figure_leads_back_to_its_cells(project: Project) -> None:
    told = trace.trace(project, "bed_n", quarter("2026Q1"), "", TODAY)
    cells = {(c.file, c.sheet, c.cell, c.raw) for c in told.cells if c.field == "beds"}
    assert cells == {
        ("returns/2026-04-03/石桥镇.xlsx", "病区", "C3", "24"),
        ("returns/2026-04-03/石桥镇.xlsx", "病区", "C4", "16"),
        ("returns/2026-04-07/柳树乡.xlsx", "病区", "C4", "18"),
    }
