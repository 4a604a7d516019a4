"""The circular for quarters as they come and as nobody wishes them: one page for the leader, five for the text, few numbers, every
requirement with units, an office and a date, and no sentence to correct."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from briefing_values import COUNTY, LIBRARY, SETTINGS, context, returns, value, values

from ruralpb.model import DocumentStamp, ReturnState, Value
from ruralpb.model.loader import shipped_path
from ruralpb.publish.documents import pdfs, render, stamp
from ruralpb.publish.text import Context
from ruralpb.publish.text.unit_context import ListLine, MovingUnit, RegisterState, ScorePlace, UnitPlace

WHEN = stamp(date(2026, 4, 8), {})
TEMPLATES = shipped_path("templates")
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
LETTERED = replace(
    SETTINGS,
    report={**SETTINGS.report, "letterhead": "中共沅江市委组织部", "cc": "市委办公室"},
    documents={"2026Q1": DocumentStamp("沅组通〔2026〕5号", date(2026, 4, 15))},
    lead_offices={"collective_economy": "市农业农村局", "other": "市委组织部"},
)


class Beside:
    """What lies beside the county: places in the score, and nobody who is the cause of anything."""

    def places(self, score: str) -> list[UnitPlace]:
        codes = [f"{COUNTY}{100 + n}" for n in range(1, 15)]
        return [
            UnitPlace(c, Decimal(99 - n), n, 15 - n, ("驻村天数达标", "问题整改销号"))
            for n, c in enumerate(codes, 1)
        ]

    def movers(self, id: str, against: str) -> list[MovingUnit]:
        return []

    def lacking(self, id: str, wanted: Decimal) -> list[MovingUnit]:
        return []

    def peers(self) -> list[Value]:
        return []

    def standings(self) -> list[ScorePlace]:
        return []

    def registers(self) -> list[RegisterState]:
        return []

    def earlier(self, ids: object) -> list[Value]:
        return []

    def past(self, ids: Sequence[str]) -> list[Value]:
        return []

    def listed(self, id: str) -> list[ListLine] | None:
        return None


def nothing(made: Value) -> Value:
    return replace(made, value=None, numerator=None, denominator=None, covered=0, status="", rank=None,
                   previous=None, last_year=None, reason="value-not-covered")  # fmt: skip


def worst(made: Value) -> Value:
    indicator = LIBRARY.indicators[made.indicator]
    number = Decimal(5) if indicator.better == "lower" else Decimal(0)
    return replace(
        made, value=number, numerator=number, status=made.status and "failed", previous=None, last_year=None
    )


def best(made: Value) -> Value:
    indicator = LIBRARY.indicators[made.indicator]
    number = Decimal(0) if indicator.better == "lower" else Decimal(100) if indicator.is_rate else made.value
    return replace(
        made, value=number, numerator=number, denominator=Decimal(100), status=made.status and "met"
    )


def suspect(made: Value) -> Value:
    return replace(
        made,
        suspect_rows=1,
        value_without_suspect=made.value and made.value * 9 / 10,
        printed_without_suspect="?",
    )


def missing(codes: tuple[str, ...]) -> list[ReturnState]:
    return [
        replace(s, status="missing", timeliness="late", received=None) if s.reporter_code in codes else s
        for s in returns()
    ]


ALL = tuple(f"{COUNTY}{100 + n}" for n in range(1, 15))
THREE = ALL[3:6]

Distorted = Callable[[], dict[str, Any]]
QUARTERS: dict[str, Distorted] = {
    "as it comes": lambda: {"values": values(3)},
    "another": lambda: {"values": values(11)},
    "nothing returned": lambda: {"values": [nothing(v) for v in values()], "returns": missing(ALL)},
    "three missing": lambda: {
        "values": [replace(v, covered=11, missing=THREE) if v.level == "county" else nothing(v) if v.unit_code in THREE else v for v in values()],
        "returns": missing(THREE),
    },
    "one township": lambda: {
        "values": [v for v in values() if v.level == "county" or v.unit_code == ALL[0]],
        "returns": [s for s in returns() if s.reporter_code == ALL[0]],
    },
    "all perfect": lambda: {"values": [best(v) for v in values()], "returns": [replace(s, status="accepted", timeliness="on_time", days_late=0, errors=0, queries=0) for s in returns()]},
    "all failing": lambda: {"values": [worst(v) for v in values()]},
    "ties": lambda: {"values": [replace(v, value=Decimal(50), rank=1 if v.rank else None, status=v.status and "failed") if LIBRARY.indicators[v.indicator].is_rate else v for v in values()]},
    "zero denominators": lambda: {"values": [replace(nothing(v), denominator=Decimal(0), covered=14, reason="value-zero-denominator") if LIBRARY.indicators[v.indicator].is_rate else v for v in values()]},
    "huge values": lambda: {"values": [replace(v, value=v.value and v.value * 10**9) if LIBRARY.indicators[v.indicator].measure == "万元" else v for v in values()]},
    "suspect all over": lambda: {"values": [suspect(v) if v.level == "county" else v for v in values()]},
    "the first quarter ever": lambda: {"values": [replace(v, previous=None, last_year=None) for v in values()]},
}  # fmt: skip


def composed(quarter: str) -> Context:
    return context(settings=LETTERED, unit_context=Beside(), audience="internal", **QUARTERS[quarter]())


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return {
        q: render(composed(q), "quarterly", [TEMPLATES], ["md"], WHEN).files["md"].decode() for q in QUARTERS
    }


def body(text: str) -> str:
    return text[text.index("\n# ") :].partition("附件：")[0]


def numbers(text: str) -> list[str]:
    """What a reader takes for a number: not dates, and not that of the document."""
    return re.findall(r"\d+(?:\.\d+)?(?![\d.]*[年月日号〕])", text)


@pytest.mark.parametrize("quarter", QUARTERS)
def test_the_text_has_at_most_seventy_numbers_and_four_in_a_hundred_characters(
    texts: dict[str, str], quarter: str
) -> None:
    text = body(texts[quarter])
    assert len(numbers(text)) <= 70
    assert 100 * len(numbers(text)) <= 4.5 * len(re.sub(r"\s", "", text))


@pytest.mark.parametrize("quarter", QUARTERS)
def test_no_pattern_is_said_again_and_again(texts: dict[str, str], quarter: str) -> None:
    text = body(texts[quarter])
    for words in ("与上季度持平", "按两期均有数据", "未达到100%目标的有", "为空", "不含未报的"):
        assert text.count(words) <= 2, words


@pytest.mark.parametrize("quarter", QUARTERS)
def test_every_problem_has_a_requirement_with_units_an_office_and_a_date(quarter: str) -> None:
    paper = composed(quarter).variables()["circular"](
        dict.fromkeys(("returns", "worse", *LIBRARY.domains), "抓好工作。{units}要抓紧。")
    )
    assert len(paper.problems) <= LIBRARY.assessments["circular"].problems
    for problem in paper.problems:
        said = str(problem.requirement.text)
        assert re.fullmatch(r"抓好工作。.+要抓紧。.+牵头，\d+月\d+日前完成。", said), said
        assert str(problem.requirement.deadline) in str(problem.requirement.decision)


def test_three_townships_that_are_missing_are_asked_to_return_first_of_all(texts: dict[str, str]) -> None:
    text = texts["three missing"]
    first = re.search(r"## 三、存在问题\n\n一是(.*)", text)
    asked = re.search(r"## 四、下步要求\n\n（一）(.*)", text)
    assert first is not None
    assert asked is not None
    assert first[1].startswith("泗湖山镇、南嘴镇、新湾镇缺报42份报表")
    assert "泗湖山镇、南嘴镇、新湾镇" in asked[1]
    assert body(text).count("不含未报的") == 1, "coverage is said once"


def test_of_a_perfect_quarter_nothing_is_asked(texts: dict[str, str]) -> None:
    text = texts["all perfect"]
    assert "工作总体较好" in text
    assert "本期未发现需要通报的问题" in text
    assert "没有需要提请研究的事项" in text
    assert "整改" not in body(text).partition("## 三、存在问题")[2]


def test_a_first_quarter_tells_how_things_stand(texts: dict[str, str]) -> None:
    text = body(texts["the first quarter ever"])
    assert "（一）组织建设。" in text
    assert "同比" not in text
    assert "较上季度" not in text


def test_where_suspect_rows_move_a_figure_both_values_stand_in_the_text(texts: dict[str, str]) -> None:
    assert "剔除待核实数据后为" in texts["suspect all over"]
    assert "剔除" not in texts["as it comes"]


def test_a_reason_for_closing_is_never_printed() -> None:
    from ruralpb.publish.text import Closing

    closed = context(closing=Closing("领导要求", "张三"), values=[value("team_n", 3)])
    text = render(closed, "quarterly", [TEMPLATES], ["md"], WHEN).files["md"].decode()
    assert "领导要求" not in text
    assert "张三" not in text


def test_number_and_date_belong_to_one_quarter() -> None:
    """Neither a later paper's number nor its date on an earlier quarter."""
    from ruralpb.core.periods import parse

    old = replace(SETTINGS, report={"number": "沅组通〔2026〕5号", "signed_on": "2026-04-15"})
    assert old.document(parse("2026Q1", date(2026, 4, 20))).number == "沅组通〔2026〕5号"
    assert old.document(parse("2025Q3", date(2026, 4, 20))) == DocumentStamp()
    assert LETTERED.document(parse("2026Q1", date(2026, 4, 20))).signed_on == date(2026, 4, 15)


def test_without_a_date_a_requirement_counts_from_the_day_it_is_issued() -> None:
    undated = replace(LETTERED, documents={}, report={"issuer": "中共沅江市委组织部"})
    made = context(settings=undated, values=[value("resident_absent_n", 2)], returns=())
    (problem,) = made.variables()["circular"]({"resident_support": "从严管理。{units}要查明原因。"}).problems
    assert "印发之日起10个工作日内完成" in str(problem.requirement.text)


@pytest.mark.skipif(
    OFFICE is None or shutil.which("pdftotext") is None, reason="no LibreOffice on this machine"
)
def test_the_summary_is_one_page_and_the_text_five(tmp_path: Path) -> None:
    made = [render(composed(q), "quarterly", [TEMPLATES], ["docx"], WHEN).files["docx"] for q in QUARTERS]
    alone = [render(composed(q), "summary", [TEMPLATES], ["docx"], WHEN).files["docx"] for q in QUARTERS]
    printed, problems = pdfs([*made, *alone], {})
    assert problems == []
    for place, quarter in enumerate(QUARTERS):
        pages = _pages(tmp_path, printed[place])
        assert "工作摘要" in pages[0], quarter
        title = next(n for n, page in enumerate(pages) if "通报" in page and "工作摘要" not in page)
        end = next(
            (n for n, page in enumerate(pages) if re.search(r"^\s*附件\s*1\s*$", page, re.M)), len(pages)
        )
        assert (title, end - title) <= (1, 5), quarter
        assert len(_pages(tmp_path, printed[len(QUARTERS) + place])) == 1, quarter


def _pages(folder: Path, content: bytes) -> list[str]:
    (folder / "one.pdf").write_bytes(content)
    command = ["pdftotext", "-layout", str(folder / "one.pdf"), "-"]
    text = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    return text.removesuffix("\f").split("\f")
