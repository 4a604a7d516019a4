"""domain.md 6.4, where (D97-D103): what a written name of a village or township stands for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from dirty_returns import BUREAU, COUNTY, EAST, WEST, read, said, shows
from intake_toy import DOCTOR

HEAD = "| 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 |\n"

PLACES: list[tuple[str, str, str, list[str], list[str]]] = [
    # entry, what stands there, who sends it, which unit the row is about, what is said
    ("D97", "上码头村", WEST, ["990101102201"], []),
    ("D97", "上码头村委会", WEST, ["990101102201"], ["D97 A2 note"]),
    ("D97", "上码头村村民委员会", WEST, ["990101102201"], ["D97 A2 note"]),
    ("D97", "西河镇上码头村", WEST, ["990101102201"], ["D97 A2 note"]),
    ("D97", "示例县西河镇上码头村", WEST, ["990101102201"], ["D97 A2 note"]),
    ("D97", "上码头", WEST, ["990101102201"], ["D97 A2 note"]),
    ("D97", "上 码 头 村", WEST, ["990101102201"], []),
    ("D97", "1.上码头村", WEST, ["990101102201"], ["D97 A2 note"]),
    ("D97", "（二）上码头村", WEST, ["990101102201"], ["D97 A2 note"]),
    ("D97", "３、上码头村委会", WEST, ["990101102201"], ["D97 A2 note"]),
    ("D97", "新建", EAST, [], ["D98 A2 refused row"]),  # 新建村 or 新建社区
    ("D98", "先锋村", WEST, ["990101102202"], []),
    ("D98", "先锋村", BUREAU, [], ["D98 A2 refused row"]),
    ("D98", "东镇先锋村", BUREAU, ["990101101202"], ["D97 A2 note"]),
    ("D99", "下码头村", WEST, ["990101102201"], ["D99 A2 note"]),
    ("D100", "上马头村", WEST, [], ["C03 A2 refused row"]),
    ("D100", "先烽村", EAST, [], ["C03 A2 refused row"]),
    ("D100", "申村", EAST, [], ["C03 A2 refused row"]),
    ("D101", "新建居委会", EAST, ["990101101001"], ["D97 A2 note"]),
    ("D102", "旧名村", WEST, ["990101102204"], ["D102 A2 note"]),
    ("D103", "甲村、先锋村", EAST, [], ["D103 A2 refused row"]),
    ("D103", "甲村和新建村", EAST, [], ["D103 A2 refused row"]),
    ("D103", "甲村/先锋", EAST, [], ["D103 A2 refused row"]),
]


@shows(*{entry for entry, *_ in PLACES})
@pytest.mark.parametrize(("entry", "village", "sender", "units", "about"), PLACES)
def test_which_village_a_row_is_about(
    entry: str, village: str, sender: str, units: list[str], about: list[str]
) -> None:
    reading = read(HEAD + f"| {village} | 1 | 1 | 1 | 1 |", "诊所2026Q1.xlsx", unit_code=sender)
    assert [row.unit_code for block in reading.blocks for row in block.rows] == units
    assert said(reading) == about


@shows("D42")
@pytest.mark.parametrize(
    ("villages", "about"),
    [
        (
            ["甲村", "", "", "先锋村", "", "新建村", ""],
            ["D42 A3 query"],
        ),  # a name for each group, as if merged: asked, never filled down
        (["", "", "甲村", "先锋村", ""], []),
        (
            ["甲村", "甲村", "", "", "先锋村", "", "新建村", "", ""],
            [],
        ),  # names are repeated: a blank is the township's own
        (["甲村", "", "先锋村", "", ""], ["D42 A3 query"]),
    ],
)
def test_blanks_below_names_are_the_township_s_and_told_where_the_list_looks_grouped(
    villages: list[str], about: list[str]
) -> None:
    fields = tuple(replace(f, required=f.required and f.id != "village") for f in DOCTOR.fields)
    rows = "\n".join(f"| {village} | 张{n} | '{card(n)} | 初级 |" for n, village in enumerate(villages))
    reading = read(
        f"| 村名 | 姓名 | 身份证号 | 职称 |\n{rows}", "东镇2026Q1.xlsx", replace(DOCTOR, fields=fields)
    )
    assert [bool(row.village_code) for block in reading.blocks for row in block.rows] == list(
        map(bool, villages)
    )
    assert said(reading) == about


def card(number: int) -> str:
    """A valid number of an identity card."""
    body = f"99010119800101{number:03}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(w * int(d) for w, d in zip(weights, body, strict=True)) % 11]


@shows("D98")
def test_the_township_of_the_row_decides_between_villages_of_one_name() -> None:
    head = "| 所属乡镇 | 村名 | 床位数 | 医生男 | 医生女 | 诊疗收入 |\n"
    reading = read(
        head + "| 东镇 | 先锋村 | 1 | 1 | 1 | 1 |\n| 西河镇 | 先锋村 | 1 | 1 | 1 | 1 |",
        "2026Q1.xlsx",
        unit_code=COUNTY,
    )
    assert [(b.reporter_code, row.unit_code) for b in reading.blocks for row in b.rows] == [
        (EAST, "990101101202"),
        (WEST, "990101102202"),
    ]
    assert said(reading) == []


@shows("D99")
def test_the_old_name_beside_the_new_one_refuses_both() -> None:
    reading = read(
        HEAD + "| 上码头村 | 1 | 1 | 1 | 1 |\n| 下码头村 | 2 | 1 | 1 | 1 |\n| 新名村 | 3 | 1 | 1 | 1 |",
        unit_code=WEST,
        name="2026Q1.xlsx",
    )
    assert [row.values[1] for block in reading.blocks for row in block.rows] == [3]
    assert said(reading) == ["D99 A2 refused row", "D99 A3 refused row"]


@shows("D100")
def test_the_nearest_name_is_offered_and_never_applied() -> None:
    reading = read(HEAD + "| 上马头村 | 1 | 1 | 1 | 1 |", "2026Q1.xlsx", unit_code=WEST)
    (problem,) = [problem for problem in reading.problems if problem.check == "C03"]
    assert (problem.found, problem.expected) == ("上马头村", "上码头村")
    assert all(not block.rows for block in reading.blocks)


@shows("D101")
def test_a_community_in_the_column_of_villages_is_kept_as_what_it_is() -> None:
    reading = read(
        HEAD.replace("村名", "行政村") + "| 新建社区 | 1 | 1 | 1 | 1 |\n| 甲村 | 1 | 1 | 1 | 1 |",
        "2026Q1.xlsx",
        unit_code=EAST,
    )
    assert [row.unit_code for block in reading.blocks for row in block.rows] == [
        "990101101001",
        "990101101201",
    ]
    assert said(reading) == ["D101 A2 note"]


@shows("D102")
@pytest.mark.parametrize(("period", "about"), [("2025Q1", []), ("2025Q3", ["D102 A2 note"])])
def test_a_former_name_is_the_name_while_it_was_in_force(period: str, about: list[str]) -> None:
    reading = read(HEAD + "| 旧名村 | 1 | 1 | 1 | 1 |", f"{period}.xlsx", unit_code=WEST)
    assert [row.unit_code for block in reading.blocks for row in block.rows] == ["990101102204"]
    assert said(reading) == about


@shows("D67", "D70")
@pytest.mark.parametrize(("village", "rule"), [("#REF!", "D70"), ("同上", "D67")])
def test_a_row_whose_village_cannot_be_read_is_nobodys(village: str, rule: str) -> None:
    """A refused key takes the row with it: its figures would be counted for the township."""
    reading = read(
        HEAD + f"| {village} | 1 | 1 | 1 | 1 |\n| 甲村 | 2 | 1 | 1 | 1 |", "2026Q1.xlsx", unit_code=EAST
    )
    assert [row.unit_code for block in reading.blocks for row in block.rows] == ["990101101201"]
    assert said(reading) == [f"{rule} A2 refused row"]


@pytest.mark.parametrize(
    ("written", "sender", "taken"),
    [
        ("全县", BUREAU, True),
        ("全县各乡镇", BUREAU, True),
        ("县直", BUREAU, True),
        ("全县", EAST, False),
        ("全村", BUREAU, False),
    ],
)
def test_the_whole_county_in_the_place_of_a_township_is_an_office_s_own_row(
    written: str, sender: str, taken: bool
) -> None:
    township = replace(DOCTOR.by_id["township"], required=False)
    village = replace(DOCTOR.by_id["village"], required=False)
    others = [item for item in DOCTOR.fields if item.id not in ("township", "village")]
    form = replace(DOCTOR, fields=(township, village, *others))
    table = f"| 乡镇(街道) | 姓名 | 身份证号 | 职称 |\n| {written} | 张三 | '990101198001010014 | 初级 |"
    reading = read(table, "2026Q1.xlsx", form, unit_code=sender)
    assert [row.unit_code for block in reading.blocks for row in block.rows] == ([sender] if taken else [])
    assert ("D97 A2 note" in said(reading)) == taken
