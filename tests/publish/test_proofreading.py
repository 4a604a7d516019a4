"""A whole circular read through, for quarters of every kind: what no reader should have to correct, whatever the figures are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from briefing_values import LIBRARY, TOWNSHIPS, context, values

from ruralpb.model import Comparison, Value
from ruralpb.publish.text import Context
from ruralpb.publish.text.annexes import shortfalls_table, situation_table
from ruralpb.publish.text.public import PublicNotice
from ruralpb.publish.text.targets import Aims
from ruralpb.publish.text.year import Year

Change = Callable[[Value], Value]


def known(value: Value) -> bool:
    return value.value is not None


def compared(value: Value, change: Callable[[Comparison], Comparison]) -> Value:
    def one(base: Comparison | None) -> Comparison | None:
        return base if base is None or base.base is None else change(base)

    return replace(value, previous=one(value.previous), last_year=one(value.last_year))


def turned(value: Value) -> Value:
    """What rose fell, and the other way."""
    made = compared(value, lambda c: replace(c, current=c.base, base=c.current))
    was = value.previous.base if value.previous is not None else None
    return replace(made, value=was) if was is not None and not value.slice else made


def nothing(value: Value) -> Value:
    lower = LIBRARY.indicators[value.indicator].better == "lower"
    made = compared(value, lambda c: replace(c, current=Decimal(0)))
    status = value.status and ("met" if lower else "failed")
    return replace(made, value=Decimal(0), numerator=Decimal(0), status=status)


def everything(value: Value) -> Value:
    indicator = LIBRARY.indicators[value.indicator]
    if not indicator.is_rate:
        return nothing(value) if indicator.better == "lower" else value
    made = compared(value, lambda c: replace(c, current=Decimal(100)))
    return replace(made, value=Decimal(100), numerator=value.denominator, status=value.status and "met")


QUARTERS: dict[str, Change] = {
    "as it comes": lambda value: value,
    "turned round": turned,
    "the first ever": lambda value: replace(value, previous=None, last_year=None),
    "nothing of anything": nothing,
    "all there is": everything,
    "from zero": lambda value: compared(value, lambda c: replace(c, base=Decimal(0))),
    "no change": lambda value: compared(value, lambda c: replace(c, base=c.current)),
    "one township missing": lambda value: replace(value, covered=13, missing=("430981106",)),
    "some rows unknown": lambda value: replace(value, unknown_rows=2),
    "not all units in both": lambda value: compared(value, lambda c: replace(c, all_units=False, units=13)),
}


def paragraphs(made: Context) -> Iterator[tuple[str, str]]:
    """Every paragraph of running text, with where it stands."""
    report_data, said = made.data, made.variables()
    bank = dict.fromkeys(("returns", "worse", *LIBRARY.domains), "抓好{units}工作。{units}要抓紧落实。")
    paper = said["circular"](bank)
    yield from (("introduction", f"{said[name]}。") for name in ("introduction", "accepted") if said[name])
    for name, sections in (
        ("circular", paper.sections),
        ("sections", said["sections"]),
        ("year", Year(report_data).sections()),
    ):
        yield from ((f"{name} {section.id}", str(p)) for section in sections for p in section.paragraphs)
    yield from (("overview", str(p)) for p in said["overview"]())
    told = (paper.verdict, paper.standing, paper.places, paper.quality)
    yield from (("whole", f"{phrase}。") for phrase in told if phrase)
    yield from (("advance", f"{phrase}。") for phrase in paper.advances)
    for problem in paper.problems:
        yield "problem", str(problem.text)
        yield "requirement", str(problem.requirement.text)
        yield "decision", f"{problem.requirement.decision}。"
    yield "follow-up", str(paper.follow_up)
    yield from (("public", str(p)) for p in PublicNotice(report_data).paragraphs())
    yield from ((("aims", f"{Aims(report_data).sentence}。"),) if Aims(report_data).sentence else ())


WRONG = {
    "marks of punctuation in a row": r"[，；：、。][，；：、。]|（）|（[，；、]|[，；、]）",
    "a half-width mark between words": r"(?<=[^\d\s])[,;:()](?=\D)",
    "a % of points": r"%个?百分点",
    "a change of nothing": r"(增加|减少|提高|上升|下降|增长)0(?![.\d])|(增加|减少|提高|上升|下降|增长)0\.0+(?!\d)",
    "a fall by a multiple": r"下降[\d.]+倍",
    "占比较, which reads as 比较": r"占比较|例较|率较上",
    "what is no word": r"None|nan|Decimal|\{|\}",
    "a word said twice": r"(较上季度|同比|环比|分别|主要|其中|涉及)\1|的的|了了|均均",
    "more than all that fell": r"下降1[0-9]{2}\.[1-9]%",
    "full coverage of less": r"(?<!100)%[^。；]*实现全覆盖",
}


@pytest.fixture(scope="module", params=QUARTERS)
def read(request: pytest.FixtureRequest) -> list[tuple[str, str]]:
    change = QUARTERS[request.param]
    made = [change(v) if known(v) else v for seed in (3,) for v in values(seed)]
    return list(paragraphs(context(values=made)))


@pytest.mark.parametrize("what", WRONG)
def test_nothing_needs_correction(read: list[tuple[str, str]], what: str) -> None:
    wrong = [(where, text) for where, text in read if re.search(WRONG[what], text)]
    assert wrong == []


def test_each_paragraph_ends_as_a_sentence_and_closes_what_it_opens(read: list[tuple[str, str]]) -> None:
    assert [text for _, text in read if not text.endswith("。")] == []
    for opening, closing in ("（）", "“”", "《》"):
        assert [text for _, text in read if text.count(opening) != text.count(closing)] == []


def test_no_sentence_is_said_twice_in_a_document(read: list[tuple[str, str]]) -> None:
    """Two figures may have the same townships in front, or classes of the same size; what is said of a figure itself names it."""
    for document in ("circular", "sections", "year", "public"):
        texts = [text for where, text in read if where.split()[0] == document]
        sentences = [s for text in texts for s in text.split("。")]
        said = [
            s
            for s in sentences
            if len(s) > 12 and not s.startswith(("其中", "分类看", "居前", "除", *TOWNSHIPS))
        ]
        assert [s for s, times in Counter(said).items() if times > 1] == []


def test_nobody_leads_and_lags_in_one_breath(read: list[tuple[str, str]]) -> None:
    for _, text in read:
        for front, back in re.findall(
            r"(?:居前三位的是|居前的是|较低的是)([^；。]*)；(?:靠后的是|较高的是)([^；。]*)", text
        ):
            names = [re.sub(r"（.*?）", "", part).split("、") for part in (front, back)]
            assert not set(names[0]) & set(names[1]), text


def test_the_annexes_have_no_empty_words() -> None:
    report_data = context().data
    cells = [
        str(c)
        for t in (situation_table(report_data), shortfalls_table(report_data))
        for row in t.rows
        for c in row
        if c is not None
    ]
    assert [cell for cell in cells if not cell.strip() or re.search(WRONG["a change of nothing"], cell)] == []
