"""domain.md 6.5, lists of values, marks, logic (D104-D112)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from dirty_returns import cell, read, said, shows, values

CHOICES: list[tuple[str, str, str, Any, str]] = [
    # entry, column, what stands there, what it is, what is said
    *(("D104", "doctor.on_duty", text, True, "") for text in ("是", "√", "有", "1", "'1", "Y", "☑", "TRUE")),
    *(("D104", "doctor.on_duty", text, False, "") for text in ("否", "×", "无", "0", "N", "FALSE")),
    # A crossed box is a tick on many forms and a no on others.
    ("D104", "doctor.on_duty", "☒", None, "D104 refused cell"),
    ("D104", "doctor.on_duty", "也许", None, "D104 refused cell"),
    ("D104", "doctor.on_duty", "2", None, "D104 refused cell"),
    ("D104", "doctor.on_duty", "△", None, "D104 refused cell"),
    ("D104", "doctor.on_duty", "—", None, "D66 note"),
    ("D105", "doctor.title_rank", "初级", "初级", ""),
    ("D105", "doctor.title_rank", "医士", "初级", "D105 note"),
    ("D105", "doctor.title_rank", "医 士", "初级", "D105 note"),
    ("D106", "doctor.title_rank", "主任", None, "D106 refused cell"),
    ("D106", "doctor.title_rank", "1", None, "D106 refused cell"),
    ("D106", "doctor.title_rank", "初级工", None, "D106 refused cell"),
    ("D107", "doctor.title_rank", "初级、中级", None, "D107 refused cell"),
    ("D107", "doctor.skills", "内科、外科", "内科、外科", ""),
    ("D107", "doctor.skills", "外科/内科", "外科、内科", ""),
    ("D107", "doctor.skills", "内科、皮肤科", None, "D106 refused cell"),
]


@shows(*{entry for entry, *_ in CHOICES})
@pytest.mark.parametrize(("entry", "place", "text", "value", "about"), CHOICES)
def test_a_choice_is_one_of_the_list_or_refused(
    entry: str, place: str, text: str, value: Any, about: str
) -> None:
    found = cell(place, text)
    assert (found.value, " ".join(found.said)) == (value, about)


@shows("D106")
def test_the_allowed_values_are_listed() -> None:
    reading = read("| 村名 | 姓名 | 身份证号 | 职称 |\n| 甲村 | 张三 | | 主任 |")
    (problem,) = [problem for problem in reading.problems if problem.check == "D106"]
    assert problem.expected == "初级、中级、无"


TICKS: list[tuple[str, str, str | None, list[str]]] = [
    # 男, 女, what it is, what is said
    ("√", "", "男", ["D108 D3 note"]),
    ("", "√", "女", ["D108 E3 note"]),
    ("×", "是", "女", ["D108 E3 note"]),
    ("", "", None, []),
    ("√", "√", None, ["D108 D3 refused cell"]),
    ("√", "约", None, ["D108 E3 refused cell"]),
]


@shows("D108")
@pytest.mark.parametrize(("male", "female", "value", "about"), TICKS)
def test_a_column_for_each_value_and_exactly_one_tick(
    male: str, female: str, value: str | None, about: list[str]
) -> None:
    reading = read(
        "| 村(社区) | 姓名 | 身份证号 | 性别 | < | 党内职务 | 行政职务 |\n| ^ | ^ | ^ | 男 | 女 | ^ | ^ |\n"
        f"| 甲村 | 张三 | | {male} | {female} | 书记 | 主任 |"
    )
    assert values(reading, "sex", "party_post") == [(value, "书记")]
    assert said(reading) == about


POSTS: list[tuple[str, str, tuple[str | None, str | None], list[str]]] = [
    # 党内职务, 行政职务, what they are, what is said
    ("书记兼主任", "", ("书记", "主任"), ["D109 D2 note", "D109 D2 note"]),
    ("支书、主任", "", ("书记", "主任"), ["D109 D2 note", "D109 D2 note"]),
    ("书记兼主任", "主任", ("书记", "主任"), ["D109 D2 note"]),
    ("书记兼委员", "", ("书记", "委员"), ["D109 D2 note", "D109 D2 note"]),
    ("", "书记兼主任", ("书记", "主任"), ["D109 E2 note", "D109 E2 note"]),
    ("书记兼主任", "委员", (None, "委员"), ["D106 D2 refused cell"]),
    ("书记兼会计", "", (None, None), ["D106 D2 refused cell"]),
    ("委员兼委员", "", (None, None), ["D106 D2 refused cell"]),
]


@shows("D109")
@pytest.mark.parametrize(("party", "village", "posts", "about"), POSTS)
def test_two_posts_in_one_cell_go_to_their_fields(
    party: str, village: str, posts: tuple[str | None, str | None], about: list[str]
) -> None:
    reading = read(
        f"| 村(社区) | 姓名 | 性别 | 党内职务 | 行政职务 |\n| 甲村 | 张三 | 男 | {party} | {village} |"
    )
    assert values(reading, "party_post", "village_post") == [posts]
    assert sorted(said(reading)) == about


@shows("D110")
def test_a_quarter_s_figure_in_a_cumulative_column_is_read_as_it_stands() -> None:
    """One file cannot tell. T01 (a year-to-date figure below the last one's) is what blocks the return."""
    assert cell("clinic.income", "3").value == Decimal(3)


@shows("D111")
@pytest.mark.parametrize("word", ["合计", "总计", "全镇合计", "东镇合计"])
def test_a_total_is_no_village(word: str) -> None:
    head = "| 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 |\n"
    reading = read(head + f"| 甲村 | 1 | 1 | 1 | 1 |\n| 先锋村 | 2 | 1 | 1 | 1 |\n| {word} | 3 | 2 | 2 | 2 |")
    assert values(reading, "village", "beds") == [("甲村", 1), ("先锋村", 2)]
    assert said(reading) == []


HEAD = "| 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 |\n"


@shows("D112")
def test_a_row_pasted_twice_is_kept_once_and_asked_about() -> None:
    reading = read(
        HEAD + "| 甲村 | 1 | 1 | 1 | 1 |\n| 先锋村 | 2 | 1 | 1 | 1 |\n| 甲村委会 | 1 | 1 | 1 | 1 |"
    )
    assert values(reading, "village") == [("甲村",), ("先锋村",)]
    assert said(reading) == ["D112 A4 refused row"]
    (problem,) = [problem for problem in reading.problems if problem.check == "D112"]
    assert (problem.severity, problem.expected) == ("query", "2")


@shows("D112")
def test_rows_of_one_village_that_differ_are_both_kept_for_f01_to_refuse() -> None:
    reading = read(HEAD + "| 甲村 | 1 | 1 | 1 | 1 |\n| 甲村 | 2 | 1 | 1 | 1 |")
    assert values(reading, "village", "beds") == [("甲村", 1), ("甲村", 2)]
    assert said(reading) == []


@shows("D112")
def test_people_without_a_number_are_never_taken_for_one_another() -> None:
    reading = read("| 村名 | 姓名 | 身份证号 | 职称 |\n| 甲村 | 张三 | | 初级 |\n| 甲村 | 张三 | | 初级 |")
    assert len(values(reading, "name")) == 2
