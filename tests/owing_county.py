"""A small county for the tests of what is owed: two townships with two villages each and a bureau of the county, two forms.

The first quarter of 2026 is due on 8 April (the bureau's on 10 April): 清明, 4–6 April, lies in between.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from workbooks import workbook

from ruralpb.app import ingest as ingesting
from ruralpb.app.ingest_request import IngestRequest
from ruralpb.app.opening import open_project
from ruralpb.app.project import Project
from ruralpb.core import periods

D = date
Q1 = periods.of("quarter", D(2026, 3, 31))
DUE = D(2026, 4, 8)

FILES = {
    "ruralpb.yaml": """\
title: 云岭县季报
unit: "990101"
library: lib
due:
  - {forms: [farm], level: township, workday: 5, periods: [month, quarter]}
  - {forms: [visit], level: township, workday: 5}
  - {forms: [visit], level: office, workday: 7}
""",
    "units.csv": """\
code,name,level,parent_code,kind,aliases,valid_from,valid_to,successor,class,key_class,in_demo_zone,sort_no
9901,示例市,city,,,,,,,,,,1
990101,云岭县,county,9901,,,,,,,,,2
990101101,东镇,township,990101,镇,,,,,,,,3
990101102,西街道,township,990101,街道,,,,,,,,4
990101101201,甲村,village,990101101,行政村,,,,,,,,5
990101101202,乙村,village,990101101,行政村,,,,,,,,6
990101102201,丙村,village,990101102,行政村,,,,,,,,7
990101102202,丁村,village,990101102,行政村,,,,,,,,8
990101A01,县农业局,office,990101,,,,,,,,,9
""",
    "lib/forms/farm.yaml": """\
form: farm
title: 农情表
code: 示农02表
row: village
frequency: month
time: year_to_date
key: [village]
village_row: true
fields:
  - {id: village, title: 村名, type: village, required: true}
  - {id: income, title: 经营收入, type: money, measure: 万元, required: true}
  - {id: cost, title: 经营支出, type: money, measure: 万元}
checks:
  - {id: G01, severity: error, expr: cost <= income, at: cost, message: "{village}：支出大于收入"}
""",
    "lib/forms/visit.yaml": """\
form: visit
title: 走访记录
code: 示农01表
row: visit
frequency: quarter
time: flow
key: [visit_no]
fields:
  - {id: visit_no, title: 走访编号, type: text, required: true}
  - {id: days, title: 走访天数, type: int, measure: 天}
""",
    "lib/checks.yaml": """\
form: all
checks:
  - {id: C01, stage: completeness, severity: error, title: 应报未报, message: "{unit}：缺报《{form}》"}
  - {id: C02, stage: completeness, severity: error, title: 漏报村, message: "《{form}》：漏报{village}"}
  - {id: C04, stage: completeness, severity: error, title: 必填项未填, message: "《{form}》第{row}行：“{header}”必填"}
""",
}


def farm(sender: str, *villages: str) -> bytes:
    """农情表: a village, its income and its cost, as in "甲村 3 1"."""
    rows = "\n".join(" | ".join(village.split()) for village in villages)
    return workbook(
        {"农情": f"农情表\n填报单位：{sender} | 报告期：2026年第一季度\n村名 | 经营收入 | 经营支出\n{rows}"}
    )


def visit(sender: str) -> bytes:
    """走访记录 with one visit."""
    return workbook(
        {"走访": f"走访记录\n填报单位：{sender} | 报告期：2026年第一季度\n走访编号 | 走访天数\n'01 | 3"}
    )


def county(folder: Path, returns_: dict[str, bytes]) -> Project:
    """The county with these returns taken in, a batch a received day."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    project = open_project(folder)
    for path, content in sorted(returns_.items()):
        file = project.inbox / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        ingesting.ingest(
            project, [file], IngestRequest(jobs=1, mode="replace"), D(2026, 4, 30), lambda _: None
        )
    return open_project(folder)
