"""A report that tells (工作报告): the template's own sentences, with figures put into them; what has no figure is left out.

A sentence is text with `{indicator}` in it, cut at its commas: a piece whose figure is missing goes, a sentence without any
of its figures goes, and a point or a focus of which nothing is left goes too. So a county that lacks a form gets a shorter
report, not a report with holes.

    {team_n}                      144支            {fund_alloc/阵地建设}   3180.0万元, one class of a breakdown
    {team_n:moved}                ，较上季度增加3支  {team_n:full}          ，实现全覆盖, or nothing
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ruralpb.model import Indicator, Value
from ruralpb.publish.text.figures import Phrase, Words, listed, phrase
from ruralpb.publish.text.report_data import ReportData
from ruralpb.publish.text.sections import numeral

_FIGURE = re.compile(r"\{(\w+)(?:/([^{}:]+))?(?::(\w+))?\}")
_PIECE = re.compile(r"(?<=[，；])")


@dataclass(frozen=True, slots=True)
class Point:
    """一是…: what it is called and its sentences, as one paragraph."""

    ordinal: str
    text: Phrase


@dataclass(frozen=True, slots=True)
class Focus:
    """One part of the report: 一、聚焦领导力，…"""

    ordinal: str
    title: str
    lead: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Narrative:
    """Fills a template's sentences with the figures of a data."""

    data: ReportData

    def foci(self, wanted: Sequence[Mapping[str, object]]) -> list[Focus]:
        """Return the parts with something to tell, numbered without gaps. Each has `title`, `lead` and `points`: lists of a
        name and sentences."""
        found: list[Focus] = []
        for part in wanted:
            points = self.points(part["points"])  # type: ignore[arg-type]  # a template's list of lists
            if points:
                found.append(
                    Focus(numeral(len(found) + 1), str(part["title"]), str(part["lead"]), tuple(points))
                )
        return found

    def points(self, wanted: Sequence[Sequence[str]]) -> list[Point]:
        """Return the points with a figure in them, numbered without gaps: a name first, then sentences."""
        found: list[Point] = []
        for name, *sentences in wanted:
            told = [self._sentence(text) for text in sentences]
            if any(phrase.figures for phrase in told):
                found.append(Point(numeral(len(found) + 1), phrase(f"{name}。", *told)))
        return found

    def _sentence(self, text: str) -> Phrase:
        """The sentence with its full stop; empty when all its figures are missing. Who is not in a figure is said at its end."""
        pieces, values = [], dict[str, Value]()
        asked = bool(_FIGURE.search(text))
        for piece in _PIECE.split(text.removesuffix("。")):
            filled = self._piece(piece, values)
            if filled is not None:
                pieces.append(filled)
        if not pieces or (asked and not values):
            return Phrase()
        said = _without_last_comma(phrase(*pieces))
        missing = listed(dict.fromkeys(m for v in values.values() if (m := self.data.missing(v))), "，")
        return phrase(said, "，" if missing else None, missing, "。")

    def _piece(self, piece: str, values: dict[str, Value]) -> Phrase | None:
        """A piece between commas with its figures, or None when one is missing; `values` gains those that were put in."""
        parts: list[Words] = []
        put: dict[str, Value] = {}
        end = 0
        for match in _FIGURE.finditer(piece):
            id, cut, how = match.groups()
            indicator, value = self.data.library.indicators.get(id), self._value(id, cut)
            if indicator is None or value is None or not _worth_telling(indicator, value):
                return None
            put[value.id] = value
            parts += [piece[end : match.start()], self._said(indicator, value, how)]
            end = match.end()
        values |= put
        return phrase(*parts, piece[end:])

    def _value(self, id: str, cut: str | None) -> Value | None:
        if cut is None:
            return self.data.home_value(id)
        cuts = self.data.slices(id, self.data.settings.unit)
        return next((v for v in cuts if cut in (value for _, value in v.slice)), None)

    def _said(self, indicator: Indicator, value: Value, how: str | None) -> Phrase:
        wording = self.data.wording
        if how == "moved":
            if value.value == 0 and value.previous is not None and value.previous.base == 0:
                return Phrase()  # 0个 has been said
            change = wording.change(indicator, value, "previous") or wording.change(
                indicator, value, "last_year"
            )
            return phrase("，", change) if change else Phrase()
        if how == "full":
            full = wording.full(indicator, value)
            return phrase("，", full) if full else Phrase()
        return wording.value(indicator, value)


def _worth_telling(indicator: Indicator, value: Value) -> bool:
    """A result of nothing is no result; of what should come down 0 is the best there is."""
    return value.value is not None and (bool(value.value) or indicator.better == "lower")


def _without_last_comma(said: Phrase) -> Phrase:
    *before, last = said.parts
    return phrase(*before, last.rstrip("，；") if isinstance(last, str) else last)
