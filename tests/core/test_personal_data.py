"""Numbers of persons are masked wherever they were written, and nothing else is."""

from __future__ import annotations

import pytest

from ruralpb.core.personal_data import without_numbers
from ruralpb.core.problems import Problem

NUMBERS = {
    "430981196802050014": "****0014",
    "43098119680205001X": "****001X",
    "43098119680205001x": "****001x",
    "430981196802050014、430981197001011234": "****0014、****1234",
    "身份证430981 19680205 0014": "身份证****0014",
    "430981-19680205-0014": "****0014",
    "430981680205001": "****5001",
    "４３０９８１１９６８０２０５００１４": "****００１４",
    "13812345678": "****5678",
    "电话：13812345678，13912345678": "电话：****5678，****5678",
    "tel13812345678": "tel****5678",
    "138 1234 5678": "****5678",
    "138-1234-5678": "****5678",
    "138－1234－5678": "****5678",
    "张三13812345678李四": "张三****5678李四",
}
NO_NUMBERS = (
    "12345.67",
    "13812345678.50",
    "43098111223842",
    "138123456789",
    "2026-04-07",
    "T12-14906047703d",
    "T12-a14906047703",
    "5f43098119680205001400ab",
    "2026年4月7日至2026年4月30日",
    "0737-2721234",
    "1,234,567.89",
)


@pytest.mark.parametrize("text", NUMBERS)
def test_numbers_of_persons_are_masked_but_for_their_last_digits(text: str) -> None:
    assert without_numbers(text) == NUMBERS[text]
    assert without_numbers(NUMBERS[text]) == NUMBERS[text]


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_amounts_codes_dates_and_hashes_are_left_alone(text: str) -> None:
    assert without_numbers(text) == text


def test_a_long_text_is_searched_in_linear_time() -> None:
    for worst in ("1" * 32_000, "1 " * 16_000, "430981 " * 4_500, "138-1234-" * 3_500):
        without_numbers(worst)


def test_a_problem_tells_no_number_whatever_was_found() -> None:
    problem = Problem("period-unreadable", found="找刘某13812345678")
    assert "****5678" in problem.text()
    assert "1381234" not in problem.line("en")
