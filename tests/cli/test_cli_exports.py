"""What leaves the project: exports with the columns of docs/cli.md, queries, traces, personal data, the Python door."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from command_line import SAMPLES, expected_finding, ruralpb

import ruralpb as package
from ruralpb.app import export
from ruralpb.app.opening import open_project
from ruralpb.core.periods import Period, parse

Q = ("--quarter", "2026Q1")
PAGE = (Path(__file__).resolve().parents[2] / "docs/cli.md").read_text("utf-8")
TABLES = ("facts", "indicators", "findings", "notes", "accounts", "submissions", "units")
ORDERS = {
    "facts": ("facts", "--form", "village_economy"),
    **{what: (what,) for what in TABLES[1:]},
}
FORMATS = ("csv", "parquet", "xlsx", "json")
ID_NUMBER = re.compile(r"(?<!\d)\d{6}(19|20)\d{9}[\dX](?!\d)")


def documented(what: str) -> list[str]:
    """The columns that docs/cli.md promises."""
    (columns,) = re.findall(rf"^\| `{what}(?: --form F)?` \|[^|]*\| `([^`]*)` \|$", PAGE, re.M)
    return [name.strip() for name in columns.split(",")]


def fields(form: str) -> list[str]:
    found = open_project(SAMPLES).definitions.library.forms[form].fields
    return [field.id for field in found if field.type not in ("village", "township")]


def columns_of(content: bytes, format: str, tmp_path: Path) -> list[str]:
    if format == "csv":
        assert content.startswith(b"\xef\xbb\xbf")
        return next(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    if format == "json":
        return list(json.loads(content)[0])
    file = tmp_path / f"table.{format}"
    file.write_bytes(content)
    if format == "parquet":
        return [name for name, *_ in duckdb.sql(f"describe select * from '{file}'").fetchall()]
    import openpyxl

    sheet = openpyxl.load_workbook(file, read_only=True).active
    assert sheet is not None
    return [str(cell.value) for cell in next(iter(sheet.iter_rows()))]


# ---------------------------------------------------------------------------------------- columns


@pytest.fixture(scope="module")
def exported(county: Path) -> dict[str, bytes]:
    """Every table in every format, by file name."""
    return exports(county)


def exports(project: Path) -> dict[str, bytes]:
    opened = open_project(project)
    period, now = parse("2026Q1", date(2026, 4, 20)), datetime.now().astimezone()
    content = {}
    for what in TABLES:
        order = export.ExportRequest(what, "village_economy" if what == "facts" else "", period)
        made = export.export(opened, order, now)
        content[f"{what}.csv"] = made.content
        for format in FORMATS[1:]:
            content[f"{what}.{format}"] = export.encoded(made.table, format, stamp(period))
    return content


def stamp(period: Period) -> datetime:
    return datetime.combine(period.end, time())


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("what", TABLES)
def test_an_export_has_the_documented_columns_in_every_format(
    exported: dict[str, bytes], tmp_path: Path, what: str, format: str
) -> None:
    expected = [
        name
        for column in documented(what)
        for name in (fields("village_economy") if column.startswith("<fields") else [column])
    ]
    assert columns_of(exported[f"{what}.{format}"], format, tmp_path) == expected


@pytest.mark.parametrize("format", FORMATS)
def test_out_writes_the_file_whole_and_says_so(county: Path, tmp_path: Path, format: str) -> None:
    file = tmp_path / "new" / f"units.{format}"
    said = ruralpb("export", "units", *Q, "--format", format, "--out", file, "--json", project=county)
    assert said.json == {"file": str(file), "rows": len(ruralpb("export", "units", project=county).rows)}
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_csv_goes_to_standard_output_without_out_and_json_when_asked_for(county: Path) -> None:
    rows = ruralpb("export", *ORDERS["submissions"], *Q, project=county).rows
    assert (
        ruralpb("export", *ORDERS["submissions"], *Q, "--json", project=county).json[0]["sha256"]
        == rows[0]["sha256"]
    )


# ------------------------------------------------------------------------------------------ facts


def test_facts_are_what_the_cells_say(county: Path) -> None:
    rows = ruralpb(
        "export", "facts", "--form", "village_economy", *Q, "--unit", "南嘴镇", project=county
    ).rows
    code = rows[0]["township_code"]
    with (SAMPLES / "expected/facts/village_economy.csv").open(encoding="utf-8-sig", newline="") as file:
        expected = {
            r["unit_code"]: r
            for r in csv.DictReader(file)
            if r["period"] == "2026Q1" and r["reporter_code"] == code
        }
    assert {row["unit_code"] for row in rows} == set(expected)
    for row in rows:
        for field in ("operating_income", "net_profit", "debt_total", "weak_status"):
            said, meant = row[field], expected[row["unit_code"]][field]
            assert said == meant or Decimal(said) == Decimal(meant), (row["unit"], field)
        assert row["file"].endswith("南嘴镇.xlsx")
        assert int(row["row"]) > 4


def test_a_refused_cell_is_empty_in_facts_and_a_row_of_findings(county: Path) -> None:
    planted = expected_finding("D106", "泗湖山镇")
    found = ruralpb("export", "findings", *Q, "--form", "committee", project=county).rows
    (refusal,) = [row for row in found if row["check"] == "D106"]
    assert refusal["outcome"] == "refused"
    assert (refusal["file"], refusal["sheet"], refusal["cell"]) == (
        planted["file"],
        planted["sheet"],
        planted["cell"],
    )
    (fact,) = [
        row
        for row in ruralpb("export", "facts", "--form", "committee", *Q, project=county).rows
        if (row["file"], row["row"]) == (planted["file"], re.sub(r"\D", "", planted["cell"]))
    ]
    assert fact["source_kind"] == ""


def test_the_account_of_a_sheet_counts_its_cells_by_role(county: Path) -> None:
    rows = ruralpb("export", "accounts", *Q, project=county).rows
    assert {row["role"] for row in rows} >= {"header", "value", "title"}
    assert all(
        int(row["cells"]) > 0 and not row["unaccounted"] for row in rows if row["role"] != "unaccounted"
    )


def test_notes_lead_from_the_value_to_the_cell_that_was_read_otherwise(county: Path) -> None:
    rows = ruralpb("export", "notes", *Q, project=county).rows
    assert rows
    assert all(
        row["file"] and row["sheet"] and re.fullmatch(r"[A-Z]+\d+", row["cell"]) and row["rule"]
        for row in rows
    )


def test_text_that_a_spreadsheet_would_run_is_quoted_in_csv_only(own_county: Path, tmp_path: Path) -> None:
    units = own_county / "units.csv"
    lines = units.read_text("utf-8-sig").splitlines()
    place = next(i for i, line in enumerate(lines) if line.split(",")[1] == "南嘴镇")
    cells = lines[place].split(",")
    cells[lines[0].split(",").index("aliases")] = "=cmd()"
    lines[place] = ",".join(cells)
    units.write_text("\n".join(lines) + "\n", "utf-8-sig")
    (row,) = [r for r in ruralpb("export", "units", project=own_county).rows if r["name"] == "南嘴镇"]
    assert row["aliases"] == "'=cmd()"
    (plain,) = [
        r for r in ruralpb("export", "units", "--json", project=own_county).json if r["name"] == "南嘴镇"
    ]
    assert plain["aliases"] == "=cmd()"
    file = tmp_path / "units.xlsx"
    ruralpb("export", "units", "--format", "xlsx", "--out", file, project=own_county)
    with zipfile.ZipFile(file) as book:
        assert "<f>" not in "".join(book.read(name).decode() for name in book.namelist() if "sheet" in name)


# ----------------------------------------------------------------------------------- personal data


@pytest.mark.parametrize(
    "what",
    [("facts", "--form", "committee"), ("facts", "--form", "training_attend"), ("notes",), ("findings",)],
    ids=str,
)
def test_no_export_shows_an_id_number(county: Path, what: tuple[str, ...]) -> None:
    assert ID_NUMBER.search(ruralpb("export", *what, *Q, project=county).out) is None


def test_personal_data_are_shown_for_a_reason_which_is_journaled(own_county: Path) -> None:
    order = ("export", "facts", "--form", "committee", *Q)
    masked = ruralpb(*order, project=own_county).rows
    assert {row["id_card"] for row in masked} <= {"***", ""}
    refused = ruralpb(*order, "--with-personal-data", project=own_county)
    assert (refused.code, refused.out) == (2, "")
    assert "--reason" in refused.err
    shown = ruralpb(*order, "--with-personal-data", "--reason", "核对重名人员", project=own_county).rows
    assert sum(bool(ID_NUMBER.fullmatch(row["id_card"])) for row in shown) > 20
    queried = ruralpb(
        "sql",
        "select id_card from committee",
        "--with-personal-data",
        "--reason",
        "核对",
        *Q,
        project=own_county,
    )
    assert ID_NUMBER.search(queried.out)
    journal = [
        json.loads(line) for line in (own_county / ".ruralpb/journal.jsonl").read_text("utf-8").splitlines()
    ]
    told = [line for line in journal if "核对" in json.dumps(line, ensure_ascii=False)]
    assert len(told) == 2
    assert ID_NUMBER.search(json.dumps(told)) is None


def test_the_journal_keeps_reasons_without_numbers_of_persons(own_county: Path) -> None:
    query = next(
        row
        for row in ruralpb("export", "findings", *Q, project=own_county).rows
        if (row["severity"], row["outcome"]) == ("query", "fail")
    )
    order = ("explain", query["finding"], "--reason", "已问村支书 13812345678", "--by", "王五", *Q)
    assert ruralpb(*order, project=own_county).code == 0
    journal = (own_county / ".ruralpb/journal.jsonl").read_text("utf-8")
    assert "已问村支书 ****5678" in journal
    assert "13812345678" not in journal
    assert ruralpb(*order, project=own_county).code == 0
    assert (own_county / ".ruralpb/journal.jsonl").read_text("utf-8") == journal


# ------------------------------------------------------------------------------------------- sql


@pytest.mark.parametrize(
    "query",
    [
        "select * from read_csv('/etc/passwd')",
        "select * from '/etc/passwd'",
        "select * from read_text('ruralpb.yaml')",
        "select * from glob('/*')",
        "copy committee to 'x.csv'",
        "copy (select 1) to 'x.csv'",
        "attach 'x.duckdb'",
        "install httpfs",
        "pragma database_list",
        "set memory_limit='99GB'",
        "create table x as select 1",
        "drop table committee",
        "delete from committee",
        "update committee set name = 'x'",
        "insert into committee select * from committee",
        "select 1; select 2",
        "select 1; drop table committee",
        "select * from query('select 1')",
        "select * from query_table('committee')",
        "select repeat('a', 1000000000)",
        "select * from range(1000000000)",
        "select getenv('HOME')",
        "select current_setting('memory_limit')",
        "select * from duckdb_settings()",
        "select * from information_schema.tables",
        "select * from sqlite_master",
        "select * from comittee",
        "select nextval('x')",
        "with x as (select * from read_csv('/etc/passwd')) select * from x",
        "select (select content from read_text('ruralpb.yaml') limit 1)",
        "selec * from committee",
        "",
    ],
)
def test_a_query_is_one_select_over_known_relations_or_nothing(county: Path, query: str) -> None:
    said = ruralpb("sql", query, *Q, project=county)
    assert (said.code, said.out) == (2, "")
    assert said.err.strip()
    assert "Traceback" not in said.err


def test_a_query_that_cannot_run_says_why(county: Path) -> None:
    said = ruralpb("sql", "select no_such_column from committee", *Q, project=county)
    assert said.code == 2
    assert "no_such_column" in said.err


def test_queries_see_the_rows_in_force_and_the_register_with_persons_masked(county: Path) -> None:
    query = (
        "with t as (select township, count(*) n, count(distinct person_key) p, min(id_card) id from committee "
        "where period = '2026Q1' group by 1) select * from t join ref_township r using (township) order by n"
    )
    rows = ruralpb("sql", query, *Q, "--json", project=county).json
    assert [row["township"] for row in rows] == ["南嘴镇", "泗湖山镇"]
    assert {row["id"] for row in rows} == {"***"}
    keys = ruralpb("sql", "select person_key, person_doubt from committee", *Q, project=county).out
    assert ID_NUMBER.search(keys) is None


# ----------------------------------------------------------------------------------------- trace


def test_trace_leads_from_the_figure_to_file_sheet_cell_and_raw_text(county: Path) -> None:
    traced = ruralpb("trace", "econ_income", *Q, "--unit", "南嘴镇", "--json", project=county).json
    (figure,) = [
        row
        for row in ruralpb("export", "indicators", *Q, "--unit", "南嘴镇", project=county).rows
        if (row["indicator"], row["unit"]) == ("econ_income", "南嘴镇")
    ]
    assert traced["value"]["printed"] == figure["printed"]
    cells = [cell for cell in traced["cells"] if cell["side"] == "numerator"]
    import openpyxl

    total = Decimal(0)
    for cell in cells:
        (file,) = (county / "returns/2026Q1").rglob("南嘴镇.xlsx")
        assert cell["file"] == file.relative_to(county).as_posix()
        raw = openpyxl.load_workbook(file, data_only=True)[cell["sheet"]][cell["cell"]].value
        assert Decimal(str(raw)) == Decimal(cell["raw"]), cell
        total += Decimal(cell["value"])
    assert total == Decimal(figure["numerator"])


def test_trace_names_the_formula_and_the_dated_standard(county: Path) -> None:
    said = ruralpb("trace", "resident_days_rate", *Q, project=county)
    assert said.code == 0, said.err
    assert "公式" in said.out
    assert "标准" in said.out


# ---------------------------------------------------------------------------------------- rebuild


def test_rebuilt_from_archive_and_journal_every_export_is_the_same_to_the_byte(
    own_county: Path, exported: dict[str, bytes]
) -> None:
    (own_county / ".ruralpb/ruralpb.duckdb").unlink()
    said = ruralpb("rebuild", project=own_county)
    assert said.code == 0, said.err
    assert "4 个文件" in said.out
    after = exports(own_county)
    assert [name for name in exported if exported[name] != after[name]] == []
    assert len(exported) == len(TABLES) * len(FORMATS)


# ------------------------------------------------------------------------------------ Python door


def test_the_python_door_gives_the_same_tables_as_frames(county: Path) -> None:
    project = package.open(str(county))
    facts = project.facts("village_economy", "2026Q1")
    rows = ruralpb("export", *ORDERS["facts"], *Q, project=county).rows
    assert list(facts.columns) == list(rows[0])
    assert [Decimal(row["operating_income"]) for row in rows] == list(facts.operating_income)
    assert sum(facts.operating_income) == sum(Decimal(row["operating_income"]) for row in rows)
    for what, frame in {
        "indicators": project.indicators("2026Q1"),
        "findings": project.findings("2026Q1"),
        "notes": project.notes("2026Q1"),
        "submissions": project.submissions("2026Q1"),
        "units": project.units(),
    }.items():
        assert list(frame.columns) == documented(what)
        assert len(frame) == len(ruralpb("export", what, *Q, project=county).rows)


def test_the_python_door_says_what_is_no_project(tmp_path: Path) -> None:
    with pytest.raises(package.CannotRun, match=re.escape(str(tmp_path))):
        package.open(str(tmp_path))


def test_the_parts_of_the_county_are_exported_beside_the_whole_and_add_up_to_it(county: Path) -> None:
    asked = ("--by", "key_class", "--level", "county,township,village")
    rows = ruralpb("export", "indicators", *Q, *asked, project=county).rows
    income = [row for row in rows if row["indicator"].partition("{")[0] == "econ_income"]
    (whole,) = (row for row in income if row["level"] == "county" and row["indicator"] == "econ_income")
    parts = [row for row in income if row["level"] == "county" and row is not whole]
    filled = [Decimal(row["value"]) for row in parts if row["value"]]
    assert sum(filled) == Decimal(whole["value"])
    assert len(filled) >= 2
    assert sum(int(row["covered"]) for row in parts) == int(whole["covered"])
    assert {row["level"] for row in rows} == {"county", "township", "village"}
