"""The day of receipt in the names of folders, as offices write it: read, or not taken for a day at all."""

from __future__ import annotations

from datetime import date

import pytest

from ruralpb.intake.folder_dates import received_day

TODAY = date(2026, 12, 1)


@pytest.mark.parametrize(
    "name",
    [
        "2026-07-09", "2026-7-9", "2026.7.9", "2026.07.09", "2026_07_09", "20260709", "2026年7月9日", "2026年07月09号", "2026年7月9",
        "26年7月9日", "２０２６．７．９", "2026-07-09 微信", "第二批 2026.7.9", "20260709补报", "微信2026年7月9日上午", "2026 年 7 月 9 日",
        "7月9日", "7月9号", "7月9日 邮箱",
    ],
)  # fmt: skip
def test_a_folder_named_by_a_day_says_when_its_returns_came(name: str) -> None:
    assert received_day(["returns", "2026Q2", name], TODAY) == date(2026, 7, 9)


@pytest.mark.parametrize(
    "name",
    [
        "2026Q2", "2026年二季度", "2026年7月", "2026-07", "202607", "7.9", "0709", "第7批", "9日", "v2.7.9", "13800138000", "432302197607091234",
        "2026-02-30", "2026-13-01", "20261345", "2026-07-09至2026-07-12", "截至2026年6月30日", "2026年7月9日前", "会议 2026-07-09",
        "430981-2026", "2026年7月9日、10日到2026年7月11日",
    ],
)  # fmt: skip
def test_what_may_mean_something_else_is_no_day_of_receipt(name: str) -> None:
    assert received_day(["returns", name], TODAY) is None


@pytest.mark.parametrize(
    ("folders", "day"),
    [
        (["2025Q4", "1月9日"], date(2026, 1, 9)),
        (["2025年第四季度", "12月30日"], date(2025, 12, 30)),
        (["2026年3月", "4月2日"], date(2026, 4, 2)),
        (["2025", "1月12日"], date(2026, 1, 12)),
        (["1月9日"], date(2026, 1, 9)),
        (["12月30日"], date(2025, 12, 30)),
        (["12月1日"], date(2026, 12, 1)),
        (["2月29日"], date(2024, 2, 29)),
        (["2023Q4", "2月29日"], date(2024, 2, 29)),
        (["2025Q4", "2月29日"], None),
    ],
)
def test_a_day_without_a_year_follows_the_period_of_its_folder_else_it_is_past(
    folders: list[str], day: date | None
) -> None:
    assert received_day(folders, TODAY) == day


def test_the_nearest_folder_with_a_day_counts() -> None:
    assert received_day(["2026-07-09", "7月12日", "草尾镇"], TODAY) == date(2026, 7, 12)
