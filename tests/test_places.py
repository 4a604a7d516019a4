"""How names of villages, townships and offices are matched against the dated register."""

from __future__ import annotations

from datetime import date

import pytest
from intake_toy import COUNTY, REGISTER

from ruralpb.places import Places, fold

PLACES = Places(REGISTER, date(2026, 3, 31), COUNTY)


@pytest.mark.parametrize(
    "written",
    [
        "上码头村",
        "上码头村委会",
        "上码头村民委员会",
        "西河镇上码头村",
        "上码头村村民委员会",
        "上码头",
        "上 码 头 村",
        "示例县西河镇上码头村委会",
    ],
)
def test_the_ways_offices_write_a_village(written: str) -> None:
    assert PLACES.village(written).unit.name == "上码头村"  # type: ignore[union-attr]


@pytest.mark.parametrize("written", ["新建社区", "新建社区居委会", "新建居委会", "新建社区居民委员会"])
def test_a_community_is_never_the_village_of_the_same_stem(written: str) -> None:
    assert PLACES.village(written).unit.kind == "社区"  # type: ignore[union-attr]


def test_a_stem_that_fits_village_and_community_is_refused() -> None:
    place = PLACES.village("新建")
    assert place.unit is None
    assert place.how == "ambiguous"
    assert place.suggestion == "东镇新建村、东镇新建社区"


def test_the_same_name_in_two_townships_is_decided_by_the_row_s_township() -> None:
    assert PLACES.village("先锋村").how == "ambiguous"
    assert PLACES.village("先锋村", "990101102").unit.code == "990101102202"  # type: ignore[union-attr]
    assert PLACES.village("东镇先锋村").unit.code == "990101101202"  # type: ignore[union-attr]


def test_a_village_of_another_township_than_the_row_s_is_unknown() -> None:
    assert PLACES.village("西河镇上码头村", "990101101").unit is None
    assert PLACES.village("上码头村", "990101101").unit is None


def test_a_misspelt_name_is_refused_and_the_nearest_only_suggested() -> None:
    place = PLACES.village("上马头村")
    assert (place.unit, place.how, place.suggestion) == (None, "unknown", "上码头村")


def test_a_merged_village_counts_for_its_successor() -> None:
    place = PLACES.village("下码头村")
    assert (place.unit.name, place.how) == ("上码头村", "merged")  # type: ignore[union-attr]
    before = Places(REGISTER, date(2025, 3, 31), COUNTY).village("下码头村")
    assert (before.unit.name, before.how) == ("下码头村", "exact")  # type: ignore[union-attr]


def test_an_old_name_is_the_unit_under_its_new_one_and_a_future_name_is_none() -> None:
    place = PLACES.village("旧名村")
    assert (place.unit.name, place.how) == ("新名村", "renamed")  # type: ignore[union-attr]
    assert Places(REGISTER, date(2025, 3, 31), COUNTY).village("新名村").unit is None


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("西河镇", "西河镇"),
        ("西河", "西河镇"),
        ("示例县西河镇人民政府", "西河镇"),
        ("中共西河镇委员会", "西河镇"),
        ("西河镇经管站", "西河镇"),
        ("桥头街道办事处", "桥头街道"),
        ("桥头街道办", "桥头街道"),
        ("县卫生健康局", "县卫健局"),
        ("西河镇上码头村", "西河镇"),
        ("示例县", "示例县"),
    ],
)
def test_who_sent_a_return(written: str, name: str) -> None:
    assert PLACES.reporter(written).unit.name == name  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("示例县西河镇2026年第一季度诊所情况表", ["西河镇"]),
        ("西河-2026Q1（定稿）", ["西河镇"]),
        ("东镇、西河镇汇总", ["东镇", "西河镇"]),
        ("2026年第一季度诊所情况表", []),
    ],
)
def test_units_mentioned_in_a_title_or_file_name(text: str, names: list[str]) -> None:
    assert [unit.name for unit in PLACES.mentioned(text)] == names


def test_names_outside_the_sender_s_county_do_not_match() -> None:
    assert Places(REGISTER, date(2026, 3, 31), "990102").village("上码头村").unit is None


def test_fold_takes_width_and_blanks_away() -> None:
    assert fold(" 村（社\u3000区）\n１\u200b") == "村(社区)1"
