"""Native charts of Word: a 图 container → the chart's XML and the workbook its numbers are edited in.

openpyxl serialises what is drawn; the caches Word draws from, the Chinese font and the link to the workbook are filled in here.
The numbers are the figures' own texts, nothing is computed. A missing number is a gap: its point is left out of the cache.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from html import escape
from typing import Any

from lxml import etree

from ruralpb.publish.blocks import Box, Paragraph, TableBlock, text_of
from ruralpb.publish.xlsx import sheets

GOAL = "目标"
"""The label of the row that holds the target, not a unit."""

BAR, WEAK = "2F6F8F", "C8102E"

EMU = 36_000
"""To a millimetre: the lengths of a drawing are whole numbers of these."""

WIDTH, TALLEST = 150, 205
"""Millimetres: as wide as the text allows, no taller than a page that also holds a heading."""

RELATED = "rId1"
"""The relation from a chart to its workbook: the only one it has."""

_LABEL_ROOM = Decimal("0.12")
"""Of the longest bar: what its number needs beyond its end."""

_MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"
_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET = "数据"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart ready to be put into a document: its XML, its workbook, what it says in words, its height in millimetres."""

    xml: bytes
    workbook: bytes
    says: str
    height: int


@dataclass(frozen=True, slots=True)
class _Data:
    caption: str
    measure: str
    labels: tuple[str, ...]
    texts: tuple[str, ...]
    numbers: tuple[Decimal | None, ...]
    goal: Decimal | None

    @property
    def places(self) -> int:
        """Most decimals any of the numbers is printed with."""
        return max((-int(n.as_tuple().exponent) for n in self.numbers if n is not None), default=0)

    @property
    def format(self) -> str:
        plain = f"0.{'0' * self.places}" if self.places > 0 else "0"
        return f'{plain}"%"' if self.measure == "%" else plain


def draw(box: Box, font: str, when: datetime) -> Drawn | None:
    """Return the chart of a 图 container `kind measure` (line: through periods; bar: across, best first; column: upright), or
    None when it has no number. `font` sets Chinese text; `when` dates the workbook."""
    grid = next((b for b in box.blocks if isinstance(b, TableBlock)), None)
    kind, measure = (*box.words, "", "")[:2]
    data = _data(box, grid, measure) if grid is not None else None
    if data is None or all(number is None for number in data.numbers):
        return None
    chart = _line(data) if kind == "line" else _columns(data) if kind == "column" else _bars(data)
    said = "；".join(f"{label} {text}" for label, text in zip(data.labels, data.texts, strict=True))
    height = 75 if kind in ("line", "column") else min(20 + 5 * len(data.labels), TALLEST)
    return Drawn(
        _serialise(chart, font, data.numbers), _workbook(data, when), f"{data.caption}：{said}", height
    )


def inline(drawn: Drawn, relation: str, number: int) -> str:
    """The w:r that places a chart in the text; `relation` leads from the document to the chart, `number` is its own."""
    wide, high = WIDTH * EMU, drawn.height * EMU
    return (
        f'<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
        f'distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{wide}" cy="{high}"/>'
        f'<wp:docPr id="{number}" name="图{number}" descr="{escape(drawn.says)}"/><wp:cNvGraphicFramePr/>'
        f'<a:graphic xmlns:a="{_MAIN}"><a:graphicData uri="{_CHART}"><c:chart xmlns:c="{_CHART}" '
        f'xmlns:r="{_RELATIONS}" r:id="{relation}"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
    )


def _data(box: Box, grid: TableBlock, measure: str) -> _Data:
    caption = "".join(text_of(b.runs) for b in box.blocks if isinstance(b, Paragraph))
    rows = [(text_of(row[0]), text_of(row[1])) for row in grid.rows]
    goal = next((text for label, text in rows if label == GOAL), "")
    rows = [row for row in rows if row[0] != GOAL]
    if goal:
        caption = f"{caption}（{GOAL}{goal}）"
    labels, texts = zip(*rows, strict=True) if rows else ((), ())
    return _Data(caption, measure, labels, texts, tuple(map(_number, texts)), _number(goal))


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.removesuffix("%"))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _workbook(data: _Data, when: datetime) -> bytes:
    head = [f"{data.caption}（{data.measure}）" if data.measure not in ("", "%") else data.caption]
    rows = list(zip(data.labels, data.numbers, strict=True))
    return sheets.workbook(_SHEET, ["名称", *head], rows, when)


# -------------------------------------------------------------------------------------------------- what is drawn


def _bars(data: _Data) -> Any:
    """Bars across, the first on top; those that miss the target in red. The order tells which side of it is the good one."""
    from openpyxl.chart import BarChart

    chart = _framed(BarChart(), data)
    chart.type, chart.gapWidth = "bar", 45
    chart.x_axis.scaling.orientation = "maxMin"
    series = _series(data)
    known = [n for n in data.numbers if n is not None]
    rising = known[0] < known[-1]
    for place, number in enumerate(data.numbers):
        if data.goal is None or number is None or number == data.goal:
            continue
        if (number > data.goal) == rising:
            series.dPt.append(_red(place))
    chart.series.append(series)
    return chart


def _columns(data: _Data) -> Any:
    from openpyxl.chart import BarChart

    chart = _framed(BarChart(), data)
    chart.type, chart.gapWidth = "col", 60
    chart.series.append(_series(data))
    return chart


def _line(data: _Data) -> Any:
    from openpyxl.chart import LineChart
    from openpyxl.chart.marker import Marker

    chart = _framed(LineChart(), data)
    series = _series(data)
    series.smooth = False
    series.graphicalProperties.line.solidFill = BAR
    series.graphicalProperties.line.width = 22_225
    series.marker = Marker(symbol="circle", size=6)
    series.marker.graphicalProperties = _filled(BAR)
    series.dLbls.position = "t"
    chart.series.append(series)
    return chart


def _framed(chart: Any, data: _Data) -> Any:
    """What all kinds share. Left to itself openpyxl hides axes, rounds corners, and Word then draws a gap as zero."""
    chart.title = _title(data.caption)
    chart.legend, chart.roundedCorners, chart.display_blanks, chart.style = None, False, "gap", None
    for axis in (chart.x_axis, chart.y_axis):
        axis.delete = False
        axis.title = None
    chart.x_axis.number_format, chart.y_axis.number_format = "General", data.format
    chart.y_axis.majorGridlines = None
    chart.x_axis.tickLblPos = "low"
    numbers = [n for n in data.numbers if n is not None]
    # Bars are compared by length and so begin at zero; a line is read by its slope.
    if chart.tagname == "barChart":
        low, high = min([*numbers, Decimal(0)]), max([*numbers, Decimal(0)])
        room = (high - low) * _LABEL_ROOM or Decimal(1)
        chart.y_axis.scaling.min = float(low - room if low < 0 else low)
        chart.y_axis.scaling.max = float(high + room)
        chart.y_axis.delete = True
    chart.graphical_properties = _unframed()
    return chart


def _title(text: str) -> Any:
    from openpyxl.chart.text import RichText, Text
    from openpyxl.chart.title import Title
    from openpyxl.drawing.text import CharacterProperties as Look
    from openpyxl.drawing.text import Paragraph as Line
    from openpyxl.drawing.text import ParagraphProperties, RegularTextRun

    look = Look(sz=1100, b=False)
    line = Line(pPr=ParagraphProperties(defRPr=look), r=[RegularTextRun(rPr=look, t=text)])
    return Title(tx=Text(rich=RichText(p=[line])), overlay=False)


def _series(data: _Data) -> Any:
    """The one series, with the caches Word draws from and the ranges of the workbook it edits."""
    from openpyxl.chart.data_source import (
        AxDataSource,
        NumData,
        NumDataSource,
        NumRef,
        NumVal,
        StrData,
        StrRef,
        StrVal,
    )
    from openpyxl.chart.label import DataLabelList
    from openpyxl.chart.series import Series, SeriesLabel

    last = len(data.labels) + 1
    labels = StrData(ptCount=len(data.labels), pt=[StrVal(i, v=text) for i, text in enumerate(data.labels)])
    points = [NumVal(i, v=str(n)) for i, n in enumerate(data.numbers) if n is not None]
    numbers = NumData(formatCode=data.format, ptCount=len(data.numbers), pt=points)
    head = StrRef(f"{_SHEET}!$B$1", StrData(ptCount=1, pt=[StrVal(0, v=data.caption)]))
    series = Series(
        idx=0,
        order=0,
        tx=SeriesLabel(strRef=head),
        cat=AxDataSource(strRef=StrRef(f"{_SHEET}!$A$2:$A${last}", labels)),
        val=NumDataSource(numRef=NumRef(f"{_SHEET}!$B$2:$B${last}", numbers)),
        spPr=_filled(BAR),
    )
    shown = DataLabelList(showVal=True, showLegendKey=False, showCatName=False, showSerName=False)
    shown.showPercent = shown.showBubbleSize = False
    series.dLbls = shown
    return series


def _filled(colour: str) -> Any:
    from openpyxl.chart.shapes import GraphicalProperties

    return GraphicalProperties(solidFill=colour)


def _unframed() -> Any:
    from openpyxl.chart.shapes import GraphicalProperties
    from openpyxl.drawing.line import LineProperties

    return GraphicalProperties(noFill=True, ln=LineProperties(noFill=True))


def _red(place: int) -> Any:
    from openpyxl.chart.marker import DataPoint

    return DataPoint(idx=place, invertIfNegative=False, spPr=_filled(WEAK))


# -------------------------------------------------------------------------------------------------- XML


def _serialise(chart: Any, font: str, numbers: Sequence[Decimal | None]) -> bytes:
    """The chart's part. openpyxl knows no font for a whole chart and leaves the workbook to its own files: both go in at the
    end of c:chartSpace, in the order of the schema."""
    from openpyxl.xml.functions import tostring

    space = etree.fromstring(tostring(chart._write()))
    for node in _tail(font):
        space.append(copy.deepcopy(node))
    # openpyxl writes a binary fraction's digits (98.59999999999999).
    for point in space.iterfind(f".//{{{_CHART}}}val//{{{_CHART}}}pt"):
        point.find(f"{{{_CHART}}}v").text = str(numbers[int(point.get("idx"))])
    return bytes(etree.tostring(space, xml_declaration=True, encoding="UTF-8", standalone=True))


def _tail(font: str) -> Sequence[Any]:
    name = escape(font)
    text = (
        f'<x xmlns:c="{_CHART}" xmlns:a="{_MAIN}" xmlns:r="{_RELATIONS}"><c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr>'
        f'<a:defRPr sz="900"><a:latin typeface="{name}"/><a:ea typeface="{name}"/></a:defRPr></a:pPr>'
        f'<a:endParaRPr lang="zh-CN"/></a:p></c:txPr><c:externalData r:id="{RELATED}"><c:autoUpdate val="0"/>'
        f"</c:externalData></x>"
    )
    return list(etree.fromstring(text))
