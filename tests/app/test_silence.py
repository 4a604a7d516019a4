"""Lists and registers over what was not returned: unknown, never none."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import ruralpb

from ruralpb.model import ListedRow, Lists
from ruralpb.model.register_results import Silent
from ruralpb.publish.text.register_pages import register_pages


@pytest.mark.parametrize(
    ("rows", "silent", "title", "complete"),
    [
        (0, Silent((), 14), "名单（0）", True),
        (2, Silent((), 14), "名单（2）", True),
        (0, Silent(("甲镇", "乙镇"), 2), "名单（不知道：应报的2个单位均未报）", False),
        (0, Silent(("甲镇",), 14), "名单（0；另有1个单位未报，情况不知道：甲镇）", False),
        (3, Silent(("甲镇",), 14), "名单（3；另有1个单位未报，情况不知道：甲镇）", False),
        (0, None, "名单（0）", True),
    ],
)
def test_a_title_says_what_is_not_known(rows: int, silent: Silent | None, title: str, complete: bool) -> None:
    lines = tuple(ListedRow("1", "1", ("甲",), None) for _ in range(rows))
    lists = Lists(
        "2026Q1", {"x": "名单"}, {"x": ("村",)}, {"x": lines}, silent={"x": silent} if silent else {}
    )
    (page,) = register_pages(lists)
    assert (page.title, page.complete, page.brief().complete) == (title, complete, complete)


@pytest.mark.parametrize(
    ("command", "id"),
    [("lists", "new_debt_villages"), ("lists", "unpaired_villages"), ("lists", "villages_without_secretary"),
     ("lists", "untrained_cadres"), ("watch", "weak_villages"), ("watch", "problems")],
)  # fmt: skip
def test_of_a_quarter_without_returns_nothing_is_known(command: str, id: str, county: Path) -> None:
    told = ruralpb(command, id, "--quarter", "2026Q3", project=county)
    assert "不知道" in told.out
    assert "（0）" not in told.out
    assert "（无）" not in told.out
    silent = ruralpb(command, id, "--quarter", "2026Q3", "--json", project=county).json["silent"][id]
    assert len(silent["names"]) == silent["owing"] > 0
