"""S7 through the whole program: two counties in one project, names that occur twice, what cannot be decided is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from semantics_world import (
    EAST,
    HONGQI,
    QINGSHAN,
    WEST,
    WEST_HONGQI,
    drop,
    farm,
    make_project,
    rows,
    statuses,
    take,
    told,
    values,
)

Q1 = "2026年第一季度"


def test_a_township_of_which_there_are_two_is_decided_by_title_block_folder_or_option_else_refused(
    tmp_path: Path,
) -> None:
    project = make_project(tmp_path / "p")
    drop(project, "2026-04-03/甲.xlsx", farm("东县红旗镇", Q1, "新建村 10"))
    drop(project, "2026-04-03/西县/乙.xlsx", farm("红旗镇", Q1, "新建村 20"))
    drop(project, "2026-04-03/丙.xlsx", farm("红旗镇", Q1, "新建村 30"))
    result = take(project)
    assert statuses(result) == {"甲.xlsx": "taken", "乙.xlsx": "taken", "丙.xlsx": "refused"}
    assert "填报单位" in told(result)[0]
    taken = rows(project, "select reporter_code, village_code, income from farm order by 1")
    assert taken == [(HONGQI, "990101101201", 10), (WEST_HONGQI, "990102101201", 20)]
    found = values(project)
    assert (found["income", EAST].value, found["income", WEST].value) == (10, 20)


@pytest.mark.parametrize(("unit", "village"), [(HONGQI, "990101101201"), (QINGSHAN, "990101102201")])
def test_a_village_of_which_there_are_three_is_the_senders_own(
    tmp_path: Path, unit: str, village: str
) -> None:
    project = make_project(tmp_path / "p")
    drop(project, "2026-04-03/甲.xlsx", farm("", Q1, "新建村 10"))
    take(project, unit=unit)
    assert rows(project, "select village_code, income from farm") == [(village, 10)]


def test_a_county_in_the_sheet_and_another_in_the_folder_contradict_each_other(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p")
    drop(project, "2026-04-03/西县/甲.xlsx", farm("东县红旗镇", Q1, "新建村 10"))
    result = take(project)
    assert statuses(result) == {"甲.xlsx": "refused"}
    assert [p.check for f in result.files for p in f.problems if p.severity != "note"] == ["C05"]
    assert "东县" in told(result)[0]
    assert "西县" in told(result)[0]


def test_a_village_of_the_other_county_is_never_taken_by_name(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p")
    drop(project, "2026-04-03/甲.xlsx", farm("石桥镇", Q1, "石桥村 5\n白水村 7"))
    take(project)
    assert rows(project, "select village from farm") == [("石桥村",)]


def test_a_township_that_was_renamed_is_known_by_both_names(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p")
    drop(project, "2026-04-03/甲.xlsx", farm("青山乡", Q1, "柳树村 5"))
    take(project)
    assert rows(project, "select reporter_code, township from farm") == [(QINGSHAN, "青山镇")]
