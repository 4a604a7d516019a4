"""domain.md 6.4, who and when (D76-D96): identity cards, telephones, dates, names."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from dirty_returns import cell, read, said, shows, values
from intake_toy import DOCTOR

VALID = "990101198001010014"
WITH_X = "99010119800101017X"

PEOPLE: list[tuple[str, str, str, Any, str]] = [
    # entry, column, what stands there, what it is, what is said
    ("D76", "doctor.id_card", "'4.30981E+17", None, "D76 refused cell"),
    ("D77", "doctor.id_card", "430981197605120000", None, "D77 refused cell"),
    ("D78", "doctor.id_card", f"'{WITH_X.lower()}", WITH_X, ""),
    ("D78", "doctor.id_card", "' 990101 19800101 017Ｘ", WITH_X, ""),
    ("D78", "doctor.id_card", f"''{VALID}", VALID, ""),
    ("D78", "doctor.id_card", "'９９０１０１１９８００１０１００１４", VALID, ""),
    ("D79", "doctor.id_card", "'990101800101001", None, "D79 refused cell"),
    ("D80", "doctor.id_card", "'990101198001010015", None, "D80 refused cell"),
    ("D80", "doctor.id_card", "'990101198013010017", None, "D80 refused cell"),
    ("D80", "doctor.id_card", "'990101208001010013", None, "D80 refused cell"),
    ("D80", "doctor.id_card", "'99010119800101", None, "D80 refused cell"),
    ("D81", "doctor.id_card", "990***********0011", None, "D81 note"),
    ("D81", "doctor.id_card", "'990101XXXXXXXX0011", None, "D81 note"),
    ("D82", "doctor.phone", "13800000000", "13800000000", ""),
    ("D82", "doctor.phone", "'138-0000-0000", "13800000000", "D82 note"),
    ("D82", "doctor.phone", "'13800000000/13900000000", "13800000000", "D82 note"),
    ("D82", "doctor.phone", "'13800000000 13900000000", "13800000000", "D82 note"),
    ("D82", "doctor.phone", "'138 0000 0000", "13800000000", ""),
    ("D82", "doctor.phone", "'+86 13800000000", "13800000000", "D82 note"),
    ("D82", "doctor.phone", "'1380000000", None, "D82 refused cell"),
    ("D90", "doctor.birth", "'1976.3-4", None, "D90 refused cell"),
    ("D83", "doctor.birth", "'1976.05", date(1976, 5, 1), "D83 note"),
    ("D83", "doctor.birth", "'1976-5", date(1976, 5, 1), "D83 note"),
    ("D83", "doctor.birth", "'1976/05", date(1976, 5, 1), "D83 note"),
    ("D83", "doctor.birth", "1976年5月", date(1976, 5, 1), "D83 note"),
    ("D83", "doctor.birth", "197605", date(1976, 5, 1), "D83 note"),
    ("D83", "doctor.birth", "1976.05", date(1976, 5, 1), "D83 note"),
    ("D84", "doctor.birth", "1976.1", None, "D84 refused cell"),
    ("D84", "doctor.birth", "'1976.1", None, "D84 refused cell"),
    ("D84", "doctor.birth", "'1976.10", date(1976, 10, 1), "D83 note"),
    ("D85", "doctor.birth", "76年5月", date(1976, 5, 1), "D85 note"),
    ("D85", "doctor.birth", "08年5月", date(2008, 5, 1), "D85 note"),
    ("D85", "doctor.birth", "15年5月", None, "D85 refused cell"),
    ("D86", "doctor.birth", "19760512", date(1976, 5, 1), "D86 note"),
    ("D86", "doctor.birth", "'1976.5.12", date(1976, 5, 1), "D86 note"),
    ("D86", "doctor.birth", "@1976-05-12", date(1976, 5, 1), "D86 note"),
    ("D87", "clinic.visited", "@2026-03-15", date(2026, 3, 15), ""),
    ("D88", "doctor.birth", "27881", date(1976, 5, 1), "D88 note"),
    ("D88", "doctor.birth", "'27881", date(1976, 5, 1), "D88 note"),
    ("D88", "clinic.visited", "46096", date(2026, 3, 15), "D88 note"),
    ("D88", "clinic.visited", "46200", None, "D88 refused cell"),  # after the period
    ("D88", "clinic.visited", "36000", None, "D88 refused cell"),  # before the field's first day
    ("D88", "doctor.birth", "1976", None, "D88 refused cell"),
    ("D89", "clinic.visited", "2025年2月30日", None, "D89 refused cell"),
    ("D89", "doctor.birth", "'2023-13", None, "D89 refused cell"),
    ("D90", "doctor.birth", "2021年换届时", None, "D90 refused cell"),
    ("D90", "doctor.birth", "不详", None, "D90 refused cell"),
    ("D91", "doctor.name", "张 三", "张三", ""),
    ("D91", "doctor.name", "张\u3000三", "张三", ""),
    ("D91", "doctor.name", "欧阳 明月", "欧阳明月", ""),
    ("D92", "doctor.name", "阿不都•买买提", "阿不都·买买提", "D92 note"),
    ("D92", "doctor.name", "阿不都．买买提", "阿不都·买买提", "D92 note"),
    ("D93", "doctor.name", "张三(书记)", "张三", "D93 note"),
    ("D93", "doctor.name", "1.张三", "张三", "D93 note"),
    ("D93", "doctor.name", "2、李四（副主任）", "李四", "D93 note"),
    ("D93", "doctor.name", "张三 书记", "张三", "D93 note"),
    ("D93", "doctor.name", "李四同志", "李四", "D93 note"),
    ("D95", "doctor.name", "张?", "张?", "D95 query"),
    ("D95", "doctor.name", "张□□", "张□□", "D95 query"),
    ("D95", "doctor.name", "张yan", "张yan", "D95 query"),
    ("D95", "doctor.name", "张\ue001", "张\ue001", "D95 query"),
]  # fmt: skip


@shows(*{entry for entry, *_ in PEOPLE})
@pytest.mark.parametrize(("entry", "place", "text", "value", "about"), PEOPLE)
def test_who_and_when(entry: str, place: str, text: str, value: Any, about: str) -> None:
    found = cell(place, text)
    assert (found.value, " ".join(found.said)) == (value, about)


@shows("D80")
@pytest.mark.parametrize("number", ["990101198001010015", "990101 19800101 0015", "990101-19800101-0015"])
def test_the_message_about_a_wrong_number_shows_little_of_it(number: str) -> None:
    reading = read(f"| 村名 | 姓名 | 身份证号 | 职称 |\n| 甲村 | 张三 | '{number} | 初级 |")
    (problem,) = [problem for problem in reading.problems if problem.check == "D80"]
    assert "990***************" in problem.text()
    assert "0015" not in problem.line()


@shows("D82")
def test_a_telephone_nobody_must_give_is_a_question_and_no_error() -> None:
    drawn = "| 村名 | 姓名 | 身份证号 | 职称 | 联系电话 |\n| 甲村 | 张三 | | 初级 | '12345 |"
    reading = read(drawn)
    (problem,) = [problem for problem in reading.problems if problem.check == "D82"]
    assert (problem.severity, problem.refused) == ("query", "cell")
    needed = tuple(replace(field, required=field.required or field.id == "phone") for field in DOCTOR.fields)
    reading = read(drawn, "东镇2026Q1.xlsx", replace(DOCTOR, fields=needed))
    assert [problem.severity for problem in reading.problems if problem.check == "D82"] == ["error"]


BY_CARD: list[tuple[str, str, Any, str]] = [
    # month of birth, identity card, what it is, what is said of the month
    ("1980.1", VALID, date(1980, 1, 1), "D84 D2 note"),
    ("1981.1", VALID, None, "D84 D2 refused cell"),  # another year than the card's
    ("1980.1", "", None, "D84 D2 refused cell"),
    ("1980.1", "990***********0011", None, "D84 D2 refused cell"),
]


@shows("D84")
@pytest.mark.parametrize(("written", "card", "month", "about"), BY_CARD)
def test_january_or_october_is_for_the_identity_card_of_the_row_to_say(
    written: str, card: str, month: Any, about: str
) -> None:
    reading = read(
        f"| 村名 | 姓名 | 身份证号 | 出生年月 | 职称 |\n| 甲村 | 张三 | '{card} | {written} | 初级 |"
    )
    assert values(reading, "birth") == [(month,)]
    assert [line for line in said(reading) if " D2 " in line] == [about]


@shows("D85")
def test_two_digits_with_two_solutions_are_refused() -> None:
    old = tuple(
        replace(f, id="founded", min_date=date(1900, 1, 1)) if f.id == "birth" else f for f in DOCTOR.fields
    )
    reading = read(
        "| 村名 | 姓名 | 身份证号 | 出生年月 | 职称 |\n| 甲村 | 张三 | | 08年5月 | 初级 |",
        "东镇2026Q1.xlsx",
        replace(DOCTOR, fields=old),
    )
    assert [line for line in said(reading) if " D2 " in line] == ["D85 D2 refused cell"]


@shows("D94")
@pytest.mark.parametrize("text", ["张三、李四", "张三，李四", "张三/李四", "张三和李四", "张三 李四"])
def test_two_people_in_one_cell_refuse_the_row(text: str) -> None:
    reading = read(f"| 村名 | 姓名 | 身份证号 | 职称 |\n| 甲村 | {text} | | 初级 |\n| 甲村 | 王五 | | 中级 |")
    assert values(reading, "name") == [("王五",)]
    assert said(reading) == ["D94 B2 refused row"]


ROSTER = "| 村(社区) | 姓名 | 身份证号 | 党内职务 | 性别 | 行政职务 |\n"


@shows("D96")
def test_two_of_one_name_in_a_village_are_told_apart_by_their_cards() -> None:
    reading = read(
        ROSTER + f"| 甲村 | 张三 | '{VALID} | 书记 | 男 | |\n| 甲村 | 张三 | '{WITH_X} | 委员 | 男 | |"
    )
    assert values(reading, "name") == [("张三",), ("张三",)]
    assert said(reading) == ["D96 B2 note", "D96 B3 note"]


@shows("D96")
def test_in_a_roster_without_cards_two_of_one_name_are_nobody() -> None:
    """Also a row pasted twice: nothing tells it from a namesake, and nobody is counted twice in silence."""
    reading = read(
        "| 村(社区) | 姓名 | 党内职务 | 性别 |\n| 甲村 | 张三 | 委员 | 男 |\n| 甲村 | 张三 | 委员 | 男 |"
    )
    assert values(reading, "name") == [(None,), (None,)]
    assert said(reading) == ["D96 B2 refused cell", "D96 B3 refused cell"]


@shows("D96")
def test_without_a_card_the_name_is_nobodys() -> None:
    reading = read(
        ROSTER
        + f"| 甲村 | 张三 | '{VALID} | 书记 | 男 | |\n| 甲村 | 张三 | | 委员 | 男 | |\n| 先锋村 | 张三 | | 委员 | 男 | |"
    )
    assert values(reading, "name") == [("张三",), (None,), ("张三",)]
    assert said(reading) == ["D96 B2 note", "D96 B3 refused cell"]
