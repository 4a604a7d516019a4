"""A city of two counties, with what makes a register hard: townships of one name in both counties, villages of one name in
two townships, a village merged into its neighbour, a township renamed. Its library is three small forms of its own.

    project = make_project(folder)
    drop(project, "2026-04-03/红旗镇.xlsx", farm("红旗镇", "2026年第一季度", "新建村 10 4"))
    take(project)
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from workbooks import workbook

from ruralpb.app import export, figures, validate
from ruralpb.app import ingest as ingesting
from ruralpb.app.ingest_request import IngestRequest
from ruralpb.app.opening import open_project
from ruralpb.app.project import Project
from ruralpb.app.validate import Validation
from ruralpb.core import periods
from ruralpb.model import ReturnState, Value
from ruralpb.returns.outcomes import IngestResult

TODAY = date(2026, 4, 30)
NOW = datetime(2026, 4, 30, 9)
CITY, EAST, WEST = "9901", "990101", "990102"
HONGQI, QINGSHAN, SHIQIAO = "990101101", "990101102", "990101103"
WEST_HONGQI, BAISHUI = "990102101", "990102102"

_FILES = {
    "ruralpb.yaml": """\
title: 农情季报
unit: "9901"
library: lib
due:
  - {forms: [farm, visit, roster], level: township, workday: 5, periods: [quarter]}
""",
    "units.csv": """\
code,name,level,parent_code,kind,aliases,valid_from,valid_to,successor,class,key_class,in_demo_zone,sort_no
99,示例省,province,,,,,,,,,,1
9901,示例市,city,99,,,,,,,,,2
990101,东县,county,9901,,,,,,,,,3
990102,西县,county,9901,,,,,,,,,4
990101101,红旗镇,township,990101,镇,,,,,,,,5
990101102,青山乡,township,990101,乡,,,2025-12-31,990101102,,,,6
990101102,青山镇,township,990101,镇,,2026-01-01,,,,,,6
990101103,石桥镇,township,990101,镇,,,,,,,,7
990102101,红旗镇,township,990102,镇,,,,,,,,8
990102102,白水镇,township,990102,镇,,,,,,,,9
990101101201,新建村,village,990101101,行政村,,,,,,,,10
990101101202,团结村,village,990101101,行政村,,,,,,,,11
990101102201,新建村,village,990101102,行政村,,,,,,,,12
990101102202,柳树村,village,990101102,行政村,,,,,,,,13
990101102203,大湾村,village,990101102,行政村,,,2025-12-31,990101102202,,,,14
990101103201,石桥村,village,990101103,行政村,,,,,,,,15
990102101201,新建村,village,990102101,行政村,,,,,,,,16
990102102201,白水村,village,990102102,行政村,,,,,,,,17
""",
    "lib/forms/farm.yaml": """\
form: farm
title: 农情表
code: 示农01表
row: village
frequency: month
time: year_to_date
key: [village]
village_row: true
village_kinds: [行政村]
fields:
  - {id: village, title: 村名, type: village, required: true}
  - {id: income, title: 经营收入, type: money, measure: 万元, required: true}
  - {id: cost, title: 经营支出, type: money, measure: 万元}
  - {id: share, title: 参保率, type: percent, measure: "%", time: point}
checks:
  - id: G01
    severity: error
    expr: cost <= income
    at: cost
    message: "{village}：支出{cost}万元，大于收入{income}万元"
  - id: G02
    severity: error
    expr: income >= previous(income)
    at: income
    show: {before: previous(income)}
    message: "{village}：累计收入{income}万元，小于上期{before}万元"
  - id: G03
    severity: query
    expr: exists (select 1 from visit v where v.village_code = farm.village_code)
    at: village
    message: "{village}：没有走访记录，请核实"
  - id: G04
    severity: note
    expr: income >= last_year(income)
    at: income
    show: {before: last_year(income)}
    message: "{village}：收入{income}万元，上年同期{before}万元"
""",
    "lib/forms/visit.yaml": """\
form: visit
title: 走访记录
code: 示农02表
row: visit
frequency: quarter
time: flow
key: [visit_no]
fields:
  - {id: village, title: 村名, type: village}
  - {id: visit_no, title: 走访编号, type: text, required: true}
  - {id: name, title: 走访人姓名, type: text, sensitive: personal}
  - {id: id_card, title: 身份证号, type: id_card, sensitive: sensitive}
  - {id: days, title: 走访天数, type: int, measure: 天}
""",
    "lib/forms/roster.yaml": """\
form: roster
title: 干部名册
code: 示农03表
row: person
frequency: quarter
time: point
key: [person_key]
fields:
  - {id: village, title: 村名, type: village, required: true}
  - {id: name, title: 干部姓名, type: text, required: true, sensitive: personal}
  - {id: id_card, title: 公民身份号码, type: id_card, sensitive: sensitive}
  - {id: pay, title: 月报酬, type: money, measure: 元}
checks:
  - id: G05
    severity: query
    expr: exists (select 1 from visit v where v.person_key = roster.person_key)
    at: name
    message: "{village}：名册中有人没有走访记录"
""",
    "lib/checks.yaml": """\
form: all
checks:
  - {id: F01, stage: completeness, severity: error, title: 重复登记, message: "《{form}》：{key}重复{n}行（第{rows}行）"}
  - {id: C01, stage: completeness, severity: error, title: 应报未报, message: "{unit}：缺报《{form}》"}
  - {id: C04, stage: completeness, severity: error, title: 必填项未填, message: "《{form}》第{row}行：“{header}”必填"}
""",
    "lib/indicators/farm.yaml": """\
domain: {id: farm, title: 农情, order: 10}
standards:
  - id: big
    title: 大村标准
    measure: 万元
    values:
      2020-01-01: {value: 10, source: 示例文件, checked_on: 2026-01-01, to: 2025-12-31}
indicators:
  - {id: income, title: 经营收入, form: farm, numerator: sum(income), measure: 万元, decimals: 2, better: higher, time: year_to_date}
  - {id: cost_rate, title: 支出占比, form: farm, numerator: sum(cost), denominator: sum(income), measure: "%", decimals: 1, better: lower}
  - {id: big_n, title: 大村数, form: farm, numerator: count(*), where: "income >= standard('big')", measure: 个, decimals: 0, better: higher}
  - {id: visit_n, title: 走访次数, form: visit, numerator: count(*), measure: 次, decimals: 0, better: higher}
  - {id: visit_days, title: 走访天数, form: visit, numerator: sum(days), measure: 天, decimals: 0, better: higher}
  - {id: person_n, title: 干部人数, form: roster, numerator: count(distinct person_key), measure: 人, decimals: 0, better: higher}
""",
}

FARM = ("村名", "经营收入", "经营支出", "参保率")
VISIT = ("村名", "走访编号", "走访人姓名", "身份证号", "走访天数")
ROSTER = ("村名", "干部姓名", "公民身份号码", "月报酬")


def make_project(folder: Path) -> Project:
    """Write the project and open it."""
    for name, text in _FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return open_project(folder)


def sheet(
    title: str, columns: tuple[str, ...], sender: str, period: str, rows: str, measure: str = ""
) -> str:
    """A drawn sheet: title, a line that says who and when, the header, one line a row (cells apart by blanks, - is blank)."""
    about = [
        f"填报单位：{sender}" if sender else "",
        f"报告期：{period}" if period else "",
        measure and f"单位：{measure}",
    ]
    lines = [title, " | ".join(filter(None, about)) or " ", " | ".join(columns)]
    for row in filter(None, (line.strip() for line in rows.splitlines())):
        lines.append(" | ".join("" if cell == "-" else cell for cell in row.split()))
    return "\n".join(lines)


def farm(sender: str, period: str, rows: str, measure: str = "万元", title: str = "农情表") -> bytes:
    """A workbook with one sheet of villages: name, income, cost, share."""
    return workbook({"农情": sheet(title, FARM, sender, period, rows, measure)})


def visit(sender: str, period: str, rows: str) -> bytes:
    """A workbook with one sheet of visits: village, number, name, ID, days."""
    return workbook({"走访": sheet("走访记录", VISIT, sender, period, rows)})


def roster(sender: str, period: str, rows: str) -> bytes:
    """A workbook with one roster: village, name, ID, pay."""
    return workbook({"名册": sheet("干部名册", ROSTER, sender, period, rows)})


def id_number(serial: int) -> str:
    """A valid ID number of somebody who does not exist, as text in a drawn sheet."""
    body = f"99010119800101{serial:03d}"
    return "'" + body + "10X98765432"[sum(int(d) * (2 ** (17 - i) % 11) for i, d in enumerate(body)) % 11]


class Counted:
    """How often a function was called."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str) -> None:
        self.times = 0
        called = getattr(module, name)

        def counting(*given: Any, **more: Any) -> Any:
            self.times += 1
            return called(*given, **more)

        monkeypatch.setattr(module, name, counting)


def drop(project: Project, path: str, content: bytes) -> Path:
    """Put a file into the inbox."""
    file = project.inbox / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def take(project: Project, *paths: Path, **options: Any) -> IngestResult:
    """Ingest the inbox, or `paths`, with one reading process."""
    asked = IngestRequest(**{"jobs": 1, **options})
    return ingesting.ingest(project, list(paths) or [project.inbox], asked, TODAY, lambda _: None)


def statuses(result: IngestResult) -> dict[str, str]:
    """File name → status."""
    return {file.path.rpartition("/")[2]: file.status for file in result.files}


def told(result: IngestResult) -> list[str]:
    """What is said of the files, in Chinese, without the notes."""
    return [f"{p.where}: {p.text('zh')}" for f in result.files for p in f.problems if p.severity != "note"]


def quarter(label: str) -> periods.Period:
    """A period by its label."""
    return periods.parse(label, TODAY)


def rows(project: Project, sql: str, period: str = "2026Q1") -> list[tuple[Any, ...]]:
    """What a query of the compute session gives."""
    with project.session(quarter(period)) as session:
        return session.query(sql)


def states(project: Project) -> dict[str, str]:
    """Submission → state."""
    with project.reading() as store:
        return {s.id: s.state for s in store.submissions()}


def check(project: Project, period: str = "2026Q1", today: date = TODAY) -> Validation:
    """The findings of a period."""
    return validate.validate(project, quarter(period), today)


def outcomes(project: Project, check_id: str, period: str = "2026Q1") -> dict[str, str]:
    """Unit → outcome of the rows on which a check failed or is unknown."""
    return {f.unit_code: f.outcome for f in check(project, period).findings if f.check == check_id}


def returns(
    project: Project, form: str, period: str = "2026Q1", today: date = TODAY
) -> dict[str, ReturnState]:
    """Reporter → state of its return."""
    return {s.reporter_code: s for s in check(project, period, today).states if s.form == form}


def values(project: Project, period: str = "2026Q1", **question: Any) -> dict[tuple[str, str], Value]:
    """(indicator, unit) → figure, at every level that has one."""
    found: dict[tuple[str, str], Value] = {}
    for level in ("city", "county", "township"):
        asked = figures.ValuesRequest(**{"level": level, **question})
        computed = figures.indicators(project, quarter(period), TODAY, asked)
        found |= {(v.indicator, v.unit_code): v for v in computed.values if not v.slice}
    return found


def table(project: Project, what: str, period: str = "2026Q1", form: str = "") -> list[dict[str, Any]]:
    """An exported table as dicts."""
    made = export.table(project, export.ExportRequest(what, form, quarter(period)), NOW)
    names = [name for name, _ in made.columns]
    return [dict(zip(names, row, strict=True)) for row in made.rows]


def money(text: str) -> Decimal:
    """An amount as the store holds it."""
    return Decimal(text).quantize(Decimal("0.000001"))
