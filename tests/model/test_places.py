"""How names of villages, townships and offices are matched against the dated register."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from intake_toy import COUNTY, REGISTER, unit

from ruralpb.model import Register, Unit
from ruralpb.model.loader import load, sources
from ruralpb.model.unit_names import UnitNames, fold

PLACES = UnitNames(REGISTER, date(2026, 3, 31), COUNTY)


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
    before = UnitNames(REGISTER, date(2025, 3, 31), COUNTY).village("下码头村")
    assert (before.unit.name, before.how) == ("下码头村", "exact")  # type: ignore[union-attr]


def test_an_old_name_is_the_unit_under_its_new_one_and_a_future_name_is_none() -> None:
    place = PLACES.village("旧名村")
    assert (place.unit.name, place.how) == ("新名村", "renamed")  # type: ignore[union-attr]
    assert UnitNames(REGISTER, date(2025, 3, 31), COUNTY).village("新名村").unit is None


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
    assert UnitNames(REGISTER, date(2026, 3, 31), "990102").village("上码头村").unit is None


def test_fold_takes_width_and_blanks_away() -> None:
    assert fold(" 村（社\u3000区）\n１\u200b") == "村(社区)1"


# ---------------------------------------------------------------------------------------------- harder spellings


def village(code: str, name: str, **other: object) -> Unit:
    return unit(code, name, "village", f"{COUNTY}101", **other)


def places(*villages: Unit) -> UnitNames:
    above = (
        unit(COUNTY, "示例县", "county", ""),
        unit(f"{COUNTY}101", "草尾镇", "township", COUNTY, aliases=("草尾",)),
    )
    return UnitNames(Register((*above, *villages)), date(2026, 3, 31), COUNTY)


@pytest.mark.parametrize("written", ["三〇八村", "三○八村", "三零八村", "三０八村", "三0八村"])
def test_the_ways_to_write_zero_are_one_where_one_village_has_it(written: str) -> None:
    found = places(village("1", "三〇八村")).village(written)
    assert found.unit is not None
    assert found.how == ("exact" if written == "三〇八村" else "variant")


def test_a_zero_that_would_fit_two_villages_fits_none() -> None:
    both = places(village("1", "三〇八村"), village("2", "三零八村"))
    assert both.village("三〇八村").unit == village("1", "三〇八村")
    assert (both.village("三0八村").unit, both.village("三0八村").how) == (None, "ambiguous")


def test_traditional_characters_are_read_and_look_alikes_only_suggested() -> None:
    found = places(village("1", "国庆村"), village("2", "土桥村"))
    assert found.village("國慶村").unit == village("1", "国庆村")
    assert (found.village("士桥村").unit, found.village("士桥村").suggestion) == (None, "土桥村")
    assert (found.village("囯庆村").unit, found.village("囯庆村").suggestion) == (None, "国庆村")


def test_a_body_that_village_and_community_both_have_does_not_say_which() -> None:
    both = places(village("1", "新建村"), village("2", "新建社区"))
    assert both.village("新建党支部").how == "ambiguous"
    assert both.village("新建村党支部").unit == village("1", "新建村")
    assert places(village("1", "新建村")).village("新建党支部").unit == village("1", "新建村")


def test_a_short_name_of_the_township_is_no_prefix() -> None:
    """草尾新村 is a village of its own, not the 新村 of 草尾."""
    found = places(village("1", "新村"))
    assert found.village("草尾新村").unit is None
    assert found.village("草尾镇新村").unit == village("1", "新村")


def test_a_name_that_one_village_had_and_another_has_is_decided_by_the_township() -> None:
    now = unit("990101102299", "下码头村", "village", "990101101")
    both = UnitNames(Register((*REGISTER.units, now)), date(2026, 3, 31), COUNTY)
    assert both.village("下码头村").how == "ambiguous"
    assert both.village("下码头村", "990101101").unit == now
    assert both.village("下码头村", "990101102").unit.name == "上码头村"  # type: ignore[union-attr]


# ---------------------------------------------------------------------------------------------- never another village

SAMPLE, _ = load(sources(Path(__file__).parents[2] / "data" / "samples"))
DAY = date(2026, 3, 31)
OURS = UnitNames(SAMPLE.register, DAY, "430981")
VILLAGES = SAMPLE.register.on(DAY, "village")
TOWNSHIPS = {t.code: t for t in SAMPLE.register.on(DAY, "township")}
OFFICES = {
    "村": (
        "村",
        "村委会",
        "村村委会",
        "村民委员会",
        "村村民委员会",
        "村民委员",
        "村委",
        "村党支部",
        "村党总支",
        "",
    ),
    "社区": ("社区", "居委会", "社区居委会", "社区居民委员会", "居民委员会", "居委", "社区党支部", ""),
}


def spellings(found: Unit) -> set[str]:
    """All that may be taken for a village: its names, with their own last word, an office's, or none; below its township or not."""
    names = {n for row in SAMPLE.register.by_code[found.code] for n in (row.name, *row.aliases)}
    for old in SAMPLE.register.units:
        if old.level == "village" and SAMPLE.register.successor(old.code, DAY) == found.code:
            names |= {old.name, *old.aliases}
    written = set(names)
    for name in names:
        kind = next((word for word in OFFICES if name.endswith(word)), "")
        stem = name.removesuffix(kind) if kind else name
        written |= {stem + office for office in OFFICES.get(kind, ("",))} | {stem + "党支部"}
    township = TOWNSHIPS[found.parent_code].name
    return {fold(prefix + name) for name in written for prefix in ("", township, "沅江市" + township)}


def never_another(text: str, meant: Unit, township: str) -> None:
    found = OURS.village(text, township)
    if found.unit is not None and found.unit.code != meant.code:
        assert fold(text) in spellings(found.unit), f"{text} was taken for {found.unit.name}"


def test_no_village_with_a_character_of_its_neighbour_is_the_neighbour() -> None:
    """Every pair of a township: one character of the one in the other, its last word, its office, a character less or more."""
    for one in VILLAGES:
        for other in VILLAGES:
            if one is other or one.parent_code != other.parent_code:
                continue
            for at, letter in enumerate(other.name[: len(one.name)]):
                never_another(one.name[:at] + letter + one.name[at + 1 :], one, one.parent_code)
                never_another(one.name[:at] + one.name[at + 1 :], one, one.parent_code)
                never_another(one.name[:at] + letter + one.name[at:], one, one.parent_code)
            never_another(one.name[:1] + other.name, one, one.parent_code)
            never_another(one.name.removesuffix("村") + other.name[-2:], one, one.parent_code)


@given(st.data())
def test_no_mutated_name_is_ever_another_village(data: st.DataObject) -> None:
    meant = data.draw(st.sampled_from(VILLAGES))
    letters = st.sampled_from("新胜民和红东西南北上下一二三四〇0８村社区镇会委大小土士末未己已" + meant.name)
    text = meant.name
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 1))
        text = text[:at] + data.draw(st.one_of(st.just(""), letters)) + text[at + cut :]
    text = data.draw(st.sampled_from(["", "沅江市", TOWNSHIPS[meant.parent_code].name])) + text
    text += data.draw(st.sampled_from(["", "村", "社区", "村委会", "居委会", "党支部"]))
    never_another(text, meant, data.draw(st.sampled_from(["", meant.parent_code])))


@pytest.mark.parametrize("office", ["村委会", "村民委员会", " 村 委 会", "村"])
def test_every_village_is_known_by_what_its_office_calls_it(office: str) -> None:
    for meant in VILLAGES:
        if meant.name.endswith("村"):
            found = OURS.village(meant.name.removesuffix("村") + office, meant.parent_code)
            assert found.unit is not None, meant.name
            assert found.unit.code == meant.code


def test_names_stand_in_the_order_of_their_codes() -> None:
    """A set of codes comes in another order in each process; what is printed from it must not."""
    day = date(2026, 3, 31)
    names = list(REGISTER.names([unit.code for unit in reversed(REGISTER.units)], day))
    assert names == sorted(names)
    assert len(names) > 2
