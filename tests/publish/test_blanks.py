"""Blank forms: what stands in them, what is let through when somebody has changed them, and who they are for."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from blank_forms import (
    FORMS,
    LIBRARY,
    MAY,
    OFFICE,
    OTHER,
    Q2,
    REGISTER,
    TOWN,
    VILLAGES,
    blank,
    column_of,
    fields,
    fill,
    first_row,
    known_rows,
    load,
    only,
    prepared,
    read,
    said,
    save,
    sheet_of,
    slugs,
)  # fmt: skip
from command_line import ruralpb
from semantics_world import drop, id_number, make_project, quarter, roster, take

from ruralpb.app import blanks as stage
from ruralpb.app.project import Project
from ruralpb.intake import readers
from ruralpb.model import EnumValue, cell_name
from ruralpb.publish.forms import Blank, BlankForm
from ruralpb.publish.forms import workbook as workbook_of
from ruralpb.publish.forms.instructions import SHEET
from ruralpb.publish.forms.sheet import sheet_name

ECONOMY = "village_economy"


def economy_row(village: str, number: int = 0) -> dict[str, Any]:
    """Enough of a village's books."""
    amounts = ("inc_operate", "inc_contract", "inc_invest", "inc_other_op", "inc_subsidy", "inc_other", "operating_cost",
               "manage_cost", "other_cost", "debt_begin", "debt_new", "debt_repaid")  # fmt: skip
    row: dict[str, Any] = {name: Decimal(n + 10 + number) for n, name in enumerate(amounts)}
    income = sum(row[name] for name in amounts[:4])
    profit = income - row["operating_cost"] - row["manage_cost"]
    return row | {
        "village": village, "operating_income": income, "income_total": income + row["inc_subsidy"] + row["inc_other"],
        "operating_profit": profit, "net_profit": profit + row["inc_subsidy"] + row["inc_other"] - row["other_cost"],
        "debt_total": row["debt_begin"] + row["debt_new"] - row["debt_repaid"], "weak_status": "非薄弱村",
        "ledger_updated": date(2026, 6, 20),
    }  # fmt: skip


ECONOMY_ROWS = [economy_row(name, n) for n, name in enumerate(VILLAGES)]


@pytest.fixture(scope="module")
def filled() -> bytes:
    return fill(blank(ECONOMY, rows=known_rows(ECONOMY)), ECONOMY, ECONOMY_ROWS)


class TestTheSheet:
    def test_it_has_the_title_block_of_an_official_form(self) -> None:
        sheet = sheet_of(load(blank(ECONOMY)), ECONOMY)
        texts = {cell.value for row in sheet.iter_rows(max_row=4) for cell in row if cell.value}
        assert texts == {
            "村级集体经济“一村一本账”", "表    号：县农季08表", "制表机关：示例县委组织部", "填报单位（盖章）：青山镇",
            "报告期：2026年第二季度", "计量单位：万元",
        }  # fmt: skip

    @pytest.mark.parametrize("form", FORMS)
    def test_it_prints_on_a4_across_with_its_headings_on_every_page(self, form: str) -> None:
        sheet = sheet_of(load(blank(form)), form)
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        assert sheet.print_title_rows == f"$5:${first_row(sheet) - 1}"
        assert int(sheet.page_setup.fitToHeight) == 0
        assert "&P" in sheet.oddFooter.center.text

    @pytest.mark.parametrize("form", FORMS)
    def test_inputs_are_free_and_everything_else_is_locked_without_a_password(self, form: str) -> None:
        sheet = sheet_of(load(blank(form)), form)
        top = first_row(sheet)
        assert sheet.protection.sheet
        assert sheet.protection.password is None
        for place, column in enumerate(prepared()[form].layout.columns, 2):
            assert sheet.cell(top, place).protection.locked is bool(column.parts), column.field.id
            assert sheet.cell(top - 2, place).protection.locked

    def test_a_column_that_a_check_says_is_a_sum_has_its_formula(self) -> None:
        sheet = sheet_of(load(blank(ECONOMY, rows=known_rows(ECONOMY))), ECONOMY)
        row = first_row(sheet)
        formula = sheet.cell(row, column_of(ECONOMY, "operating_income")).value
        c, d, e, f = (cell_name(row - 1, column_of(ECONOMY, n) - 1) for n in ("inc_operate", "inc_contract", "inc_invest", "inc_other_op"))  # fmt: skip
        assert formula == f'=IF(COUNT({c},{e})<2,"",ROUND({c}+N({d})+{e}+N({f}),6))'

    def test_headings_of_a_group_stand_below_one_merged_over_them(self) -> None:
        group = {"times": "参与情况", "participants": "参与情况", "party_n": "参与情况"}
        form = LIBRARY.forms["service"]
        grouped = replace(form, fields=tuple(replace(f, group=group.get(f.id, "")) for f in form.fields))
        library = replace(LIBRARY, forms={"service": grouped})
        unit = REGISTER.get(TOWN, Q2.end)
        assert unit is not None
        made = Blank(
            unit, Q2, "县委组织部", VILLAGES, (BlankForm("service", date(2026, 7, 7), (service(1),)),)
        )
        content = workbook_of(made, stage.prepared_forms(library, ["service"], Q2, "township"))
        sheet = sheet_of(load(content), "service")
        (cell,) = [c for c in sheet[5] if c.value == "参与情况"]
        across = next(r for r in sheet.merged_cells.ranges if cell.coordinate in r)
        assert (across.size["columns"], across.size["rows"]) == (3, 1)
        assert said(only(read(of_ones_own(content), library=library))) == [service(1)]

    def test_required_cells_are_tinted(self) -> None:
        sheet = sheet_of(load(blank("committee")), "committee")
        top = first_row(sheet)
        tinted = {
            f.id
            for n, f in enumerate(fields("committee"), 2)
            if sheet.cell(top, n).fill.fgColor.rgb == "FFFFF8DC"
        }
        assert tinted == {f.id for f in fields("committee") if f.required}

    def test_choices_stand_behind_names_on_a_hidden_sheet_however_long_they_are(self) -> None:
        book = load(blank("talent"))
        sheet = sheet_of(book, "talent")
        cell = sheet.cell(first_row(sheet), column_of("talent", "category")).coordinate
        (rule,) = [r for r in sheet.data_validations.dataValidation if cell in r]
        where = book.defined_names[rule.formula1].attr_text
        hidden, span = re.fullmatch(r"'(.+)'!(.+)", where).groups()  # type: ignore[union-attr]
        values = [c.value for (c,) in book[hidden][span.replace("$", "")]]
        assert values == [v.value for v in LIBRARY.forms["talent"].by_id["category"].values]
        assert book[hidden].sheet_state == "veryHidden"

    @pytest.mark.parametrize("form", FORMS)
    def test_every_cell_that_is_not_free_text_is_checked_while_typing_and_says_how(self, form: str) -> None:
        sheet = sheet_of(load(blank(form)), form)
        row = first_row(sheet)
        for place, column in enumerate(prepared()[form].layout.columns, 2):
            if column.parts or (LIBRARY.forms[form].village_row and column.field.id == "village"):
                continue
            rules = [
                r for r in sheet.data_validations.dataValidation if sheet.cell(row, place).coordinate in r
            ]
            assert len(rules) == 1, column.field.id
            assert rules[0].prompt
            assert rules[0].error

    def test_a_field_of_other_periods_has_no_column(self) -> None:
        assert "weak_status" in {f.id for f in fields(ECONOMY)}
        assert "weak_status" not in {f.id for f in fields(ECONOMY, MAY)}
        for period, asked in ((Q2, True), (MAY, False)):
            sheet = sheet_of(load(blank(ECONOMY, rows=known_rows(ECONOMY), period=period)), ECONOMY)
            titles = {c.value for row in sheet.iter_rows() for c in row if isinstance(c.value, str)}
            assert (LIBRARY.forms[ECONOMY].by_id["weak_status"].title in titles) is asked

    def test_the_instructions_tell_every_column_and_what_will_be_checked(self) -> None:
        sheet = load(blank(ECONOMY))[SHEET]
        texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
        for item in fields(ECONOMY):
            assert f"【{item.title}】" in texts
        assert any("经营性收入合计 = 经营收入 + 发包及上交收入" in text for text in texts)
        assert "2026-07-07" in texts

    def test_the_same_blank_gives_the_same_bytes(self) -> None:
        assert blank(*FORMS) == blank(*FORMS)

    def test_what_a_township_reported_is_never_a_formula(self) -> None:
        content = blank("service", rows=[{"event_no": "=1+1", "title": "http://x"}])
        (row,) = said(only(read(of_ones_own(content))))
        assert row["event_no"] == "=1+1"

    @pytest.mark.parametrize("form", FORMS)
    def test_no_formula_waits_to_be_worked_out(self, form: str) -> None:
        """Its result is there, blank where nothing is filled in: a reader would take it for a sum nobody calculated."""
        grids, _ = readers.read(blank(form, rows=known_rows(form)), "报表.xlsx")
        assert not [v for grid in grids for row in grid.values for v in row if type(v).__name__ == "Uncached"]


class TestWhatSomebodyChanged:
    def test_a_heading_written_otherwise_is_read_by_its_other_names(self, filled: bytes) -> None:
        book = load(filled)
        sheet = sheet_of(book, ECONOMY)
        sheet.cell(first_row(sheet) - 2, column_of(ECONOMY, "inc_operate")).value = "1.经营收入"
        assert said(only(read(save(book)))) == ECONOMY_ROWS

    def test_a_heading_that_means_nothing_is_refused_by_name(self, filled: bytes) -> None:
        book = load(filled)
        sheet = sheet_of(book, ECONOMY)
        sheet.cell(first_row(sheet) - 2, column_of(ECONOMY, "inc_operate")).value = "咱村挣的"
        reading = read(save(book))
        (problem,) = [p for p in reading.problems if p.refused == "sheet"]
        assert (problem.slug, problem.found, reading.blocks) == ("columns-missing", "经营收入", ())

    def test_a_word_pasted_over_a_drop_down_is_read_if_known_and_refused_if_not(self, filled: bytes) -> None:
        book = load(filled)
        sheet = sheet_of(book, ECONOMY)
        top, column = first_row(sheet), column_of(ECONOMY, "weak_status")
        sheet.cell(top, column).value, sheet.cell(top + 1, column).value = "监测中", "还行吧"
        reading = read(save(book))
        assert [row.get("weak_status") for row in said(reading.blocks[0])] == ["薄弱村", None, "非薄弱村"]
        (refused,) = [p for p in reading.problems if p.refused]
        assert (refused.found, refused.refused) == ("还行吧", "cell")

    def test_an_inserted_column_of_ones_own_is_left_aside(self, filled: bytes) -> None:
        book = load(filled)
        sheet = sheet_of(book, ECONOMY)
        for merged in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(merged))
        sheet.insert_cols(5)
        top = first_row(sheet)
        sheet.cell(top - 2, 5).value = "镇里自己用"
        for row in range(top, top + 3):
            sheet.cell(row, 5).value = 7
        assert said(only(read(save(book)))) == ECONOMY_ROWS

    def test_inserted_rows_are_read_and_blank_ones_passed_over(self) -> None:
        content = fill(blank("service"), "service", [service(1), service(2)])
        book = load(content)
        sheet = sheet_of(book, "service")
        for merged in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(merged))
        sheet.insert_rows(first_row(sheet) + 1, 2)
        for number, (name, value) in enumerate(service(3).items(), 2):
            assert fields("service")[number - 2].id == name
            sheet.cell(first_row(sheet) + 1, number).value = "是" if value is True else value
        assert [row["event_no"] for row in said(only(read(save(book))))] == ["1号", "3号", "2号"]

    def test_a_wrong_total_is_told(self, filled: bytes) -> None:
        book = load(filled)
        sheet = sheet_of(book, ECONOMY)
        total = first_row(sheet) + len(VILLAGES)
        assert sheet.cell(total, 2).value == "合计"
        sheet.cell(total, column_of(ECONOMY, "inc_operate")).value = 99
        assert "total-differs" in slugs(read(save(book)))


def service(number: int) -> dict[str, Any]:
    """One event with all its cells."""
    found: dict[str, Any] = {}
    for item in fields("service"):
        found[item.id] = {
            "int": 3, "date": date(2026, 5, number), "enum": item.values[0].value if item.values else "", "bool": True,
            "village": VILLAGES[0], "text": f"{number}号", "money": Decimal(3), "number": Decimal(3),
        }[item.type]  # fmt: skip
    return found


class TestWhomItIsFor:
    def test_without_any_title_it_still_says_whose_and_when(self, filled: bytes) -> None:
        book = load(filled)
        sheet = sheet_of(book, ECONOMY)
        for row in sheet.iter_rows(max_row=4):
            for cell in row:
                if cell.value is not None:
                    cell.value = None
        block = only(read(save(book)))
        assert (block.reporter_code, block.period) == (TOWN, Q2)

    def test_a_sender_other_than_the_one_it_was_issued_to_is_refused(self, filled: bytes) -> None:
        reading = read(retitled(filled, "填报单位（盖章）：红旗乡", "填报单位"))
        (problem,) = [p for p in reading.problems if p.refused]
        assert (problem.slug, problem.expected, reading.blocks) == ("issued-other-reporter", "青山镇", ())
        assert "红旗乡" in problem.text("zh")

    def test_a_period_other_than_the_one_it_was_issued_for_is_refused(self, filled: bytes) -> None:
        reading = read(retitled(filled, "报告期：2026年第三季度", "报告期"))
        (problem,) = [p for p in reading.problems if p.refused]
        assert (problem.slug, problem.expected, reading.blocks) == (
            "issued-other-period",
            "2026年第二季度",
            (),
        )

    def test_a_unit_that_is_not_in_the_register_is_refused(self, filled: bytes) -> None:
        book = load(filled)
        book["_标识"]["B2"].value = "999999999"
        (problem,) = [p for p in read(save(book)).problems if p.refused]
        assert problem.slug == "issued-unknown-unit"

    def test_without_its_identity_it_reads_as_any_other(self, filled: bytes) -> None:
        book = load(filled)
        del book["_标识"]
        assert said(only(read(save(book)))) == ECONOMY_ROWS
        assert read(save(book)).problems != ()

    def test_what_agrees_is_not_talked_about(self, filled: bytes) -> None:
        assert slugs(read(filled)) == set()

    def test_the_blank_of_an_older_form_is_read_with_a_note(self, filled: bytes) -> None:
        form = LIBRARY.forms[ECONOMY]
        status = form.by_id["weak_status"]
        more = replace(status, values=(*status.values, EnumValue("观察村")))
        newer = replace(form, fields=tuple(more if f.id == "weak_status" else f for f in form.fields))
        library = replace(LIBRARY, forms={**LIBRARY.forms, ECONOMY: newer})
        reading = read(filled, library=library)
        assert said(only(reading)) == ECONOMY_ROWS
        (problem,) = [p for p in reading.problems if p.slug == "issued-older-form"]
        assert problem.severity == "note"

    def test_a_roster_as_it_was_issued_is_no_return_until_somebody_signs_it(self) -> None:
        rows = [{"village": VILLAGES[0], "name": "周五", "sex": "男"}]
        content = blank("committee", rows=rows)
        reading = read(content)
        assert reading.blocks == ()
        assert "issued-untouched" in slugs(reading)
        book = load(content)
        sheet = sheet_of(book, "committee")
        (label,) = [c for row in sheet.iter_rows() for c in row if c.value == "填表人："]
        beside = next(c for c in sheet[label.row] if c.column > label.column and not c.protection.locked)
        beside.value = "周五"
        reading = read(save(book))
        assert "issued-untouched" not in slugs(reading)
        assert said(only(reading)) == rows

    @pytest.mark.parametrize(
        ("form", "typed", "returned"),
        [
            ("village_economy", {}, False),
            ("village_economy", {"填表人：": "周五"}, False),  # nobody confirms amounts that are not there
            ("village_economy", {"经营收入": 0}, True),  # a zero that somebody wrote
            ("service", {}, False),
            ("service", {"填表人：": "周五"}, True),  # nothing to report, signed
            ("service", {"first": "零报告"}, True),
        ],
    )
    def test_what_was_written_makes_a_return_and_what_was_issued_does_not(
        self, form: str, typed: dict[str, Any], returned: bool
    ) -> None:
        rows = [{"village": name} for name in VILLAGES] if form == "village_economy" else []
        book = load(blank(form, rows=rows))
        sheet = sheet_of(book, form)
        cells = {c.value: c for row in sheet.iter_rows() for c in row if isinstance(c.value, str)}
        for label, value in typed.items():
            if label == "first":
                head = next(c for text, c in cells.items() if text.startswith(("序号", "村")))
                target = sheet.cell(_below_heads(sheet, head), head.column)
            elif label.endswith("："):
                label_cell = cells[label]
                target = next(
                    c
                    for c in sheet[label_cell.row]
                    if c.column > label_cell.column and not c.protection.locked
                )
            else:
                head = next(c for text, c in cells.items() if text.startswith(label))
                target = sheet.cell(_below_heads(sheet, head), head.column)
            target.value = value
        reading = read(save(book))
        assert bool(reading.blocks) is returned, reading.problems
        assert ("issued-untouched" in slugs(reading)) is not returned
        if typed.get("first") or (form == "service" and returned):
            assert only(reading).nil

    def test_villages_without_amounts_are_no_return_in_a_workbook_of_ones_own_either(self) -> None:
        book = load(blank("village_economy", rows=[{"village": name} for name in VILLAGES]))
        del book["_标识"]
        reading = read(save(book))
        assert reading.blocks == ()
        assert "issued-untouched" in slugs(reading)

    def test_an_office_says_which_township_each_row_is_about(self) -> None:
        assert fields("service", Q2, "office")[0].id == "township"
        content = blank(
            "service", reporter=OFFICE, rows=[{"township": "红旗乡", "village": "白水村", "event_no": "1"}]
        )
        block = only(read(of_ones_own(content)))
        assert block.rows[0].township_code == OTHER


def of_ones_own(content: bytes) -> bytes:
    """The workbook as if it had not been issued: what stands in it was written by whoever sends it."""
    book = load(content)
    del book["_标识"]
    return save(book)


def retitled(content: bytes, text: str, label: str) -> bytes:
    """The workbook with another text in the cell of the title block that begins with `label`."""
    book = load(content)
    sheet = sheet_of(book, ECONOMY)
    (cell,) = [c for row in sheet.iter_rows(max_row=4) for c in row if str(c.value).startswith(label)]
    cell.value = text
    return save(book)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A roster of 红旗镇 for the first quarter; a county more has a 红旗镇 too."""
    made = make_project(tmp_path_factory.mktemp("p"))
    people = f"团结村 张甲乙 {id_number(1)} 3000\n新建村 李丙丁 {id_number(2)} 2500"
    drop(made, "2026-04-03/名册.xlsx", roster("红旗镇", "2026年第一季度", people))
    take(made, unit="990101101")
    return made


class TestIssuing:
    def test_each_reporter_gets_what_it_owes(self, project: Project, tmp_path: Path) -> None:
        issued = stage.issue(project, stage.BlankRequest(quarter("2026Q2"), out=tmp_path), lambda _: None)
        assert [(f.reporter, f.forms) for f in issued.files] == [
            (name, ("farm", "visit", "roster")) for name in ("红旗镇", "青山镇", "石桥镇", "红旗镇", "白水镇")
        ]
        assert len({f.path for f in issued.files}) == 5
        assert all(f.path.stat().st_mode & 0o077 == 0 for f in issued.files)

    def test_villages_are_those_of_the_register_at_the_period_s_end(
        self, project: Project, tmp_path: Path
    ) -> None:
        assert villages_of(project, "2025Q4", tmp_path / "a") == ["新建村", "柳树村", "大湾村"]
        assert villages_of(project, "2026Q2", tmp_path / "b") == ["新建村", "柳树村"]

    def test_who_stood_on_the_last_roster_stands_on_the_blank(self, project: Project, tmp_path: Path) -> None:
        lib = project.folder / "lib/forms/roster.yaml"
        lib.write_text(
            lib.read_text("utf-8").replace("key: [person_key]", "key: [person_key]\ncarried: pay >= 3000"),
            "utf-8",
        )
        said_ = ruralpb("-C", str(project.folder), "blanks", "--quarter", "2026Q2", "--unit", "990101101", "--form", "roster",
                        "--out", str(tmp_path), "--json")  # fmt: skip
        (file,) = said_.json["files"]
        assert (said_.code, file["rows"]) == (0, 1)
        sheet = load(Path(file["path"]).read_bytes())["干部名册"]
        row = first_row(sheet)
        assert [sheet.cell(row, n).value for n in range(2, 6)] == [
            "团结村",
            "张甲乙",
            id_number(1).removeprefix("'"),
            3000,
        ]

    def test_nothing_owed_is_said(self, project: Project) -> None:
        said_ = ruralpb("-C", str(project.folder), "blanks", "--quarter", "2026-05", "--lang", "en")
        assert said_.code == 2
        assert "Nothing is owed" in said_.err


def villages_of(project: Project, period: str, out: Path) -> list[str]:
    order = stage.BlankRequest(quarter(period), "990101102", "farm", out)
    (file,) = stage.issue(project, order, lambda _: None).files
    sheet = load(file.path.read_bytes())["农情表"]
    top = first_row(sheet)
    return [sheet.cell(row, 2).value for row in range(top, top + file.rows)]


def test_sheet_names_are_legal() -> None:
    for form in LIBRARY.forms.values():
        assert len(sheet_name(form)) <= 31
        assert not set(sheet_name(form)) & set("[]:*?/\\'")


def test_no_part_of_a_blank_names_a_time_of_day() -> None:
    with zipfile.ZipFile(io.BytesIO(blank("service"))) as package:
        assert b"2026-06-30T00:00:00Z" in package.read("docProps/core.xml")


def _below_heads(sheet: Any, head: Any) -> int:
    """The first row below a heading whose cell may be written to."""
    return next(
        n for n in range(head.row + 1, sheet.max_row + 1) if not sheet.cell(n, head.column).protection.locked
    )
