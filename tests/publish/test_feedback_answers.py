"""核实清单.xlsx: what is asked stands in it, and the answers are read back whatever a township's program did to the file."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from rich_workbooks import converted
from workbooks import workbook

from ruralpb.core.problems import Problem
from ruralpb.intake import readers
from ruralpb.publish import feedback
from ruralpb.publish.feedback import FindingQuestion, Link, QuestionList, ReturnedAnswer

WHEN = datetime(2026, 4, 8, tzinfo=UTC)
T05, F03, P04 = "T05-0123456789ab", "F03-aaaaaaaaaaaa", "P04-bbbbbbbbbbbb"


def question(finding: str, severity: Any = "query", **others: Any) -> FindingQuestion:
    place = Link("东镇.xlsx", "村情", "C6")
    return FindingQuestion(
        finding, f"print-{finding}", "T1-village-2026Q1-v1", severity, "村级集体经济", "甲村", "收入为0，请核实",
        "收入 0", "收入大于0", "核对后改正或说明", place=place, **others,
    )  # fmt: skip


def asked(*questions: FindingQuestion) -> QuestionList:
    return QuestionList(
        "2026Q1", "T1", "东镇", "X", "东镇2026年一季度核实清单", ("请于4月10日前报回。",), questions
    )


LIST = asked(question(T05), question(F03, "error"), question(P04, "note"), question("T06-cccccccccccc"))


def read_answers(
    content: bytes, name: str = "核实清单.xlsx"
) -> tuple[tuple[ReturnedAnswer, ...], tuple[Problem, ...]]:
    """The answers in a file, as the program takes them: read by intake, understood by feedback."""
    grids, unread = readers.read(content, name)
    return feedback.read_answers(grids, name) if grids else ((), tuple(unread))


def filled(
    lines: dict[str, tuple[str, str]],
    change: Callable[[Any], None] | None = None,
    asked_in: QuestionList = LIST,
) -> bytes:
    """The list with 说明 and 说明人 filled in, as openpyxl saves it again."""
    book = openpyxl.load_workbook(io.BytesIO(feedback.write(asked_in, WHEN)))
    sheet = book["核实清单"]
    heads = {cell.value: cell.column for cell in sheet[3]}
    for row in range(4, sheet.max_row + 1):
        said = lines.get(sheet.cell(row, heads["编号"]).value)
        if said:
            sheet.cell(row, heads["说明"]).value, sheet.cell(row, heads["说明人"]).value = said
    if change:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class TestTheList:
    def test_every_finding_is_one_line_linked_to_its_cell_in_the_marked_copy(self) -> None:
        sheet = openpyxl.load_workbook(io.BytesIO(feedback.write(LIST, WHEN)))["核实清单"]
        heads = [cell.value for cell in sheet[3]]
        assert heads == ["序号", "表", "村/对象", "单元格", "问题", "填报值", "应为", "差额", "怎么改", "先核对", "性质",
                         "说明", "说明人", "编号"]  # fmt: skip
        assert [sheet.cell(row, 14).value for row in range(4, sheet.max_row + 1)] == [
            q.finding for q in LIST.questions
        ]
        link = sheet["D4"].hyperlink
        assert (sheet["D4"].value, link.target, link.location) == ("C6", "东镇.xlsx", "'村情'!C6")
        assert sheet["B4"].value == "村级集体经济（工作表：村情）"

    def test_a_finding_without_a_cell_says_why(self) -> None:
        nowhere = replace(question(T05), place=None, nowhere="整表未报")
        sheet = openpyxl.load_workbook(io.BytesIO(feedback.write(asked(nowhere), WHEN)))["核实清单"]
        assert sheet["D4"].value == "整表未报"
        assert sheet["D4"].hyperlink is None

    def test_text_stays_text_and_a_difference_is_a_number(self) -> None:
        odd = replace(
            question(T05, difference=Decimal("-1.50")), message="=1+1", found="http://x/", expected="007"
        )
        sheet = openpyxl.load_workbook(io.BytesIO(feedback.write(asked(odd), WHEN)))["核实清单"]
        assert [sheet[cell].value for cell in ("E4", "F4", "G4", "H4")] == ["=1+1", "http://x/", "007", -1.5]
        assert sheet["E4"].data_type == "s"

    def test_the_same_questions_give_the_same_bytes(self) -> None:
        assert feedback.write(LIST, WHEN) == feedback.write(LIST, WHEN)

    def test_it_prints_on_a4_across_with_its_headings_on_every_page(self) -> None:
        sheet = openpyxl.load_workbook(io.BytesIO(feedback.write(LIST, WHEN)))["核实清单"]
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        assert sheet.page_setup.fitToHeight == 0  # as many pages as it takes; one across is the default
        assert sheet.print_title_rows == "$3:$3"


class TestAnswers:
    def test_an_explanation_is_tied_to_the_finding_and_the_fingerprint_it_was_asked_under(self) -> None:
        answers, problems = read_answers(filled({T05: ("茶厂停产", "张三")}))
        assert answers == (
            ReturnedAnswer(
                T05, f"print-{T05}", "茶厂停产", "张三", "2026Q1", "T1", "T1-village-2026Q1-v1", "L4"
            ),
        )
        assert problems == ()

    def test_a_list_that_nobody_filled_in_has_no_answers(self) -> None:
        assert read_answers(feedback.write(LIST, WHEN)) == ((), ())

    def test_an_earlier_explanation_is_a_suggestion_until_a_person_signs_it(self) -> None:
        again = asked(question(T05, offered="茶厂停产"))
        unread = feedback.write(again, WHEN)
        sheet = openpyxl.load_workbook(io.BytesIO(unread))["核实清单"]
        assert (sheet["L4"].value, sheet["M4"].value) == ("茶厂停产", None)
        assert sheet["L4"].font.italic
        assert read_answers(unread) == ((), ())

        def answers(said: tuple[str, str]) -> tuple[list[tuple[str, str]], list[str]]:
            taken, problems = read_answers(filled({T05: said}, asked_in=again))
            return [(a.explanation, a.person) for a in taken], [p.slug for p in problems]

        assert answers(("茶厂停产", "张三")) == ([("茶厂停产", "张三")], [])
        assert answers(("茶厂复产，价格下降", "张三")) == ([("茶厂复产，价格下降", "张三")], [])
        assert answers(("茶厂复产，价格下降", "")) == ([], ["answer-without-person"])

    def test_lines_may_be_sorted_deleted_and_moved_by_inserted_rows_and_columns(self) -> None:
        def change(book: Any) -> None:
            sheet = book["核实清单"]
            lines = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
            for at, line in enumerate(reversed(lines[:1] + lines[2:]), 4):
                for column, value in enumerate(line, 1):
                    sheet.cell(at, column).value = value
            sheet.delete_rows(7)
            sheet.insert_rows(3, 2)
            sheet.insert_cols(5)

        answers, problems = read_answers(
            filled({T05: ("茶厂停产", "张三"), "T06-cccccccccccc": ("停工", "李四")}, change)
        )
        assert [(a.finding, a.explanation, a.person) for a in answers] == [
            ("T06-cccccccccccc", "停工", "李四"),
            (T05, "茶厂停产", "张三"),
        ]
        assert problems == ()

    def test_a_filtered_list_keeps_the_answers_in_hidden_rows(self) -> None:
        def change(book: Any) -> None:
            book["核实清单"].row_dimensions[4].hidden = True

        answers, _ = read_answers(filled({T05: ("茶厂停产", "张三")}, change))
        assert [a.finding for a in answers] == [T05]

    def test_what_is_typed_as_a_number_is_the_text_it_looks_like(self) -> None:
        def change(book: Any) -> None:
            book["核实清单"]["L4"].value = 2026

        answers, _ = read_answers(filled({T05: ("x", "张三")}, change))
        assert answers[0].explanation == "2026"

    @pytest.mark.parametrize(
        ("lines", "slug"),
        [
            ({T05: ("茶厂停产", "")}, "answer-without-person"),
            ({F03: ("就是这样", "张三")}, "answer-to-error"),
            ({P04: ("知道了", "张三")}, "answer-to-note"),
        ],
    )
    def test_what_cannot_be_taken_is_refused_with_its_cell(
        self, lines: dict[str, tuple[str, str]], slug: str
    ) -> None:
        answers, problems = read_answers(filled(lines), "回复.xlsx")
        assert answers == ()
        assert [problem.slug for problem in problems] == [slug]
        assert problems[0].where.file == "回复.xlsx"
        assert problems[0].where.cell.startswith("L")

    @pytest.mark.parametrize(("id", "slug"), [("", "answer-without-finding"), ("X01-ffffffffffff", "answer-not-asked"), ("改了", "answer-without-finding")])  # fmt: skip
    def test_a_line_whose_number_was_changed_is_refused(self, id: str, slug: str) -> None:
        def change(book: Any) -> None:
            book["核实清单"]["N4"].value = id or None

        answers, problems = read_answers(filled({T05: ("茶厂停产", "张三")}, change))
        assert (answers, [p.slug for p in problems]) == ((), [slug])

    def test_a_copied_line_with_another_explanation_takes_neither(self) -> None:
        def change(book: Any) -> None:
            sheet = book["核实清单"]
            sheet["N8"], sheet["L8"], sheet["M8"] = T05, "另一个说法", "张三"

        answers, problems = read_answers(filled({T05: ("茶厂停产", "张三")}, change))
        assert (answers, [p.slug for p in problems]) == ((), ["answers-differ"])

    def test_the_same_explanation_twice_is_one_answer(self) -> None:
        def change(book: Any) -> None:
            sheet = book["核实清单"]
            sheet["N8"], sheet["L8"], sheet["M8"] = T05, "茶厂停产", "张三"

        answers, problems = read_answers(filled({T05: ("茶厂停产", "张三")}, change))
        assert ([a.finding for a in answers], problems) == ([T05], ())


class TestWhatIsNoList:
    def test_a_return_is_none(self) -> None:
        assert not feedback.is_question_list(workbook("| 村名 | 收入 |\n| 甲村 | 1 |"))

    @pytest.mark.parametrize(
        "content", [b"", b"a,b\n1,2\n", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]
    )
    def test_other_files_are_none(self, content: bytes) -> None:
        assert not feedback.is_question_list(content)

    def test_a_list_is_one_also_when_another_program_saved_it(self) -> None:
        assert feedback.is_question_list(feedback.write(LIST, WHEN))
        assert feedback.is_question_list(filled({}))

    def test_without_its_identity_sheet_it_is_refused(self) -> None:
        def change(book: Any) -> None:
            del book["_ruralpb_questions"]

        content = filled({T05: ("茶厂停产", "张三")}, change)
        assert feedback.is_question_list(content)
        answers, problems = read_answers(content)
        assert (answers, [p.slug for p in problems]) == ((), ["answers-without-identity"])

    def test_without_its_headings_it_is_refused(self) -> None:
        def change(book: Any) -> None:
            book["核实清单"].delete_rows(3)

        answers, problems = read_answers(filled({T05: ("茶厂停产", "张三")}, change))
        assert (answers, [p.slug for p in problems]) == ((), ["answers-without-columns"])

    def test_of_another_version_it_is_refused(self) -> None:
        def change(book: Any) -> None:
            book["_ruralpb_questions"]["B1"] = "99"

        answers, problems = read_answers(filled({}, change))
        assert (answers, [p.slug for p in problems]) == ((), ["answers-version"])


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("to", ["ods", "xls"])
def test_answers_survive_another_program_and_another_format(to: str, tmp_path: Path) -> None:
    content = filled({T05: ("茶厂停产", "张三")})
    saved = converted(content, tmp_path, "xlsx", to)
    assert feedback.is_question_list(saved)
    assert read_answers(saved, f"回复.{to}") == read_answers(content)
