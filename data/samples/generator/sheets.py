"""Lays one return out as its office does: titles, merged headers, typed cells, totals, signature."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from generator.forms import FORMS, SUMMED, Column, FormSheet
from generator.quarters import Quarter
from generator.register import OFFICES
from generator.returns import Return, Row, World
from generator.styles import MONTH_HEADERS, Style

_QUARTER_WORDS = "一二三四"
_TOTALLED = ("village_economy", "training_class", "party_org", "village_gov", "project")
_TEN_THOUSAND = Decimal(10000)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `look` names its format; `formula` is written with `value` as its cached result."""

    value: Any
    look: str = "text"
    formula: str = ""


@dataclass
class Sheet:
    """A sheet to be written: cells by 0-based (row, column) and merged ranges (top, left, bottom, right)."""

    name: str
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    widths: dict[int, float] = field(default_factory=dict)
    header: tuple[int, int] = (0, 0)

    def put(self, row: int, column: int, value: Any, look: str = "text", formula: str = "") -> None:
        """Set a cell; None is left blank."""
        self.cells[row, column] = Cell(value, look, formula)


def column_name(index: int) -> str:
    """A, B … Z, AA … for a 0-based column."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def wording(style: Style, quarter: Quarter) -> str:
    """The quarter or month as the office writes it."""
    if quarter.is_month:
        return f"{quarter.year}年{quarter.start.month}月"
    return style.period.format(
        y=quarter.year, q=quarter.number, Q=_QUARTER_WORDS[quarter.number - 1], m=quarter.number * 3
    )


class Layout:
    """One return on one sheet."""

    def __init__(self, world: World, of: Return, style: Style, flat: bool = False) -> None:
        self.world = world
        self.of = of
        self.style = style
        self.form: FormSheet = FORMS[of.form]
        self.levels = 1 if flat else style.levels
        self.sheet = Sheet(style.sheet_name(of.form))
        self.columns = self._columns()
        self.factor = _TEN_THOUSAND if style.money == "元" else Decimal(1)

    def lay(self) -> Sheet:
        """Return the sheet and note in the return where its rows and columns stand."""
        row = self._head()
        row = self._header(row)
        self.of.sheet = self.sheet.name
        self.of.columns = {c.id: i for i, c in enumerate(self.columns) if c.id}
        first = row + (self.style.totals == "top" and self._has_totals())
        last = self._body(first)
        if self._has_totals():
            at = row if self.style.totals == "top" else last
            self._total(at, "合计", self.of.rows, (first, last), "total")
            self.of.total_row = at + 1
            last = max(last, at + 1)
        self._sign(last + 1)
        return self.sheet

    # ------------------------------------------------------------------------------------------ columns

    def _columns(self) -> list[Column]:
        style, found = self.style, []
        if style.serial:
            found.append(Column("", "序号", "serial"))
        office = self.of.reporter in OFFICES
        if style.township_column and (self.form.has_village or not office):
            found.append(Column("township", "乡镇(街道)", "place"))
        if self.form.has_village:
            found.append(Column("village", "村(社区)", "place"))
        fields = [c for c in self.form.columns if c.id not in style.omit]
        if style.moved:
            cut = 4 if self.of.form in ("committee", "resident") else len(fields) // 2
            fields = [*fields[cut : cut + 3], *fields[:cut], *fields[cut + 3 :]]
        found += fields
        if style.extra and self.of.form in ("village_economy", "committee"):
            found.append(Column("", style.extra, "extra"))
        found.append(Column("note", "备注", "text"))
        return found

    def _title_of(self, column: Column) -> str:
        style = self.style
        if style.month_headers and column.id in MONTH_HEADERS:
            return f"{self.of.quarter.start.month + int(column.id[-1]) - 1}月驻村天数"
        title = style.headers.get(self.of.form, {}).get(column.id, column.title)
        if column.type == "yuan" and (column.id != "pay_month" or style.measure_in_header):
            return f"{title}（元）"
        if column.type == "money" and not self.form.measure:
            return f"{title}（万元）"
        if column.id == "tourists":
            return f"{title}（万人次）"
        if style.measure_in_header and column.type == "money":
            return f"{title}（万元）"
        return title

    # ------------------------------------------------------------------------------------------ above the table

    def _head(self) -> int:
        """Title and corner lines; returns the row after them."""
        style, of, sheet = self.style, self.of, self.sheet
        name, when = self.world.names[of.reporter], wording(style, of.quarter)
        last = len(self.columns) - 1
        title = f"{name}{self.form.title}（{when}）" if style.where == "title" else self.form.title
        sheet.put(0, 0, title, "title")
        sheet.merged.append((0, 0, 0, last))
        sheet.put(1, 0, f"表号：{self.form.code}", "meta")
        if style.where == "corner":
            sheet.put(2, 0, f"填报单位：{name}", "meta")
            sheet.put(2, last // 2, f"报告期：{when}", "meta")
        elif style.where == "title":
            sheet.put(2, 0, f"填报单位：{name}", "meta")
        if self.form.measure:
            sheet.put(2, max(last - 1, 2), f"计量单位：{style.money}", "meta")
        return 3

    def _header(self, top: int) -> int:
        """Merged headers; returns the first row below them."""
        paths = []
        for column in self.columns:
            groups = column.groups[-(self.levels - 1) :] if self.levels > 1 else ()
            paths.append((*groups, self._title_of(column)))
        depth = max(len(p) for p in paths)
        for i, path in enumerate(paths):
            self.sheet.put(top + len(path) - 1, i, path[-1], "header")
            if len(path) < depth:
                self.sheet.merged.append((top + len(path) - 1, i, top + depth - 1, i))
            self.sheet.widths[i] = min(22, max(7.5, 2.1 * max(len(x) for x in path[-1].split("\n")) + 1))
        for level in range(depth - 1):
            self._groups(top + level, level, paths)
        self.sheet.header = (top, top + depth)
        return top + depth

    def _groups(self, row: int, level: int, paths: list[tuple[str, ...]]) -> None:
        start = 0
        while start < len(paths):
            path = paths[start]
            end = start
            if level < len(path) - 1:
                while end + 1 < len(paths) and paths[end + 1][: level + 1] == path[: level + 1]:
                    if level >= len(paths[end + 1]) - 1:
                        break
                    end += 1
                self.sheet.put(row, start, path[level], "header")
                if end > start:
                    self.sheet.merged.append((row, start, row, end))
            start = end + 1

    # ------------------------------------------------------------------------------------------ rows

    def _has_totals(self) -> bool:
        return self.style.totals != "none" and self.of.form in _TOTALLED and bool(self.of.rows)

    def _body(self, top: int) -> int:
        """The data rows; returns the row after them."""
        row = top
        if self.of.nil:
            self.sheet.put(row, 0, "零报告" if self.of.form == "training_class" else None)
            return row + (self.of.form == "training_class")
        blocks = self._blocks()
        number = 0
        for title, rows in blocks:
            first = row
            for fact in rows:
                number += 1
                fact["_row"] = row + 1
                for i, column in enumerate(self.columns):
                    value, look = self._cell(column, fact, number)
                    if value is not None or look:
                        self.sheet.put(row, i, value, look or "text")
                row += 1
            if title:
                self._total(row, title, rows, (first, row), "total")
                row += 1
        self._merge_places(top, row)
        return row

    def _blocks(self) -> list[tuple[str, list[Row]]]:
        n = self.style.subtotals
        if not n or self.of.form != "village_economy":
            return [("", self.of.rows)]
        size = -(-len(self.of.rows) // n)
        names = ("东片小计", "中片小计", "西片小计")
        return [(names[i], self.of.rows[i * size : (i + 1) * size]) for i in range(n)]

    def _merge_places(self, top: int, bottom: int) -> None:
        merge = {"township"} if self.style.township_column == "merged" else set()
        if self.style.merge_villages and self.of.form == "committee":
            merge.add("village")
        for i, column in enumerate(self.columns):
            if column.id not in merge:
                continue
            start = top
            for row in range(top + 1, bottom + 1):
                here = self.sheet.cells.get((row, i)) if row < bottom else None
                if here is None or here.value != self.sheet.cells[start, i].value:
                    if row - 1 > start:
                        self.sheet.merged.append((start, i, row - 1, i))
                        for hidden in range(start + 1, row):
                            del self.sheet.cells[hidden, i]
                    start = row

    def _total(self, row: int, title: str, rows: list[Row], span: tuple[int, int], look: str) -> None:
        label = next(i for i, c in enumerate(self.columns) if c.id == "village" or c.type != "serial")
        for i, column in enumerate(self.columns):
            self.sheet.put(row, i, title if i == label else None, look)
            if column.type not in SUMMED or column.id in ("income_target", "hours"):
                continue
            typed = [r[column.id] for r in rows if r.get(column.id) is not None]
            if not typed:
                continue
            value = self.of.stated.get(column.id) if look == "total" and title == "合计" else None
            stated = sum(typed, Decimal(0)) if value is None else value
            shown, kind = self._number(column, stated)
            formula = ""
            if self.style.totals == "formula" and not self.style.subtotals:
                letter = column_name(i)
                formula = f"=SUM({letter}{span[0] + 1}:{letter}{span[1]})"
            self.sheet.put(row, i, shown, f"total_{kind}", formula)

    # ------------------------------------------------------------------------------------------ cells

    def _cell(self, column: Column, fact: Row, number: int) -> tuple[Any, str]:
        typed = fact.get("_typed", {}).get(column.id)
        if typed is not None:
            return typed, "text"
        if column.type == "serial":
            return number, "int"
        if column.type == "extra":
            return ("张干事", "李干事", "王干事")[number % 3], "text"
        if column.type == "place":
            return self._place(column.id, fact), "text"
        value = fact.get(column.id)
        if value is None:
            return None, "text"
        return self._typed(column, value)

    def _typed(self, column: Column, value: Any) -> tuple[Any, str]:
        style = self.style
        if column.type in ("money", "yuan", "int", "number"):
            if value == 0 and style.zero_word and column.id in ("talks_n", "accountable_n"):
                return style.zero_word, "text"
            return self._number(column, value)
        writers: dict[str, Callable[[Any], tuple[Any, str]]] = {
            "bool": lambda v: (style.yes[0] if v else style.yes[1], "center"),
            "enum": lambda v: (style.enums.get(column.id, {}).get(v, v), "center"),
            "month": lambda v: _month(style.months, v),
            "date": lambda v: _date(style.dates, v),
            "percent": lambda v: _percent(style.percent, v),
        }
        return writers.get(column.type, lambda v: (v, "text"))(value)

    def _number(self, column: Column, value: Decimal | int) -> tuple[Any, str]:
        if column.type == "money":
            scaled = Decimal(value)
            if self.form.measure:
                scaled *= self.factor
            return _plain(scaled), "yuan" if self.form.measure and self.factor != 1 else "money"
        return _plain(Decimal(value)), {"int": "int", "yuan": "int"}.get(column.type, "number")

    def _place(self, kind: str, fact: Row) -> str | None:
        names = self.world.names
        code = fact.get("village_code")
        village = self.world.by_code[code] if code else None
        if kind == "township":
            own = village.township.code if village else fact.get("township_code") or self.of.reporter
            return names[own] if own not in OFFICES else None
        if village is None:
            return None
        style = self.style.village
        if style == "prefix":
            return village.township.name + village.name
        if style == "committee":
            return village.name + {"行政村": "委会", "社区": "居委会"}.get(village.kind, "")
        if style == "stem" and village.rural:
            return village.name[:-1]
        return village.name

    # ------------------------------------------------------------------------------------------ below the table

    def _sign(self, row: int) -> None:
        name = self.world.names[self.of.reporter]
        number = int(self.of.reporter[-3:], 16) % 90 + 10
        day = self.of.received
        parts = [
            f"单位负责人：{'刘陈杨周'[number % 4]}{['建国', '立新', '志强', '秀云'][number % 3]}",
            f"填表人：{'何胡曹袁'[number % 4]}{['小梅', '晓军', '一鸣', '雅琴'][number % 4]}",
            f"联系电话：0737-00000{number}",
            f"报出日期：{day.year}年{day.month}月{day.day}日",
        ]
        if self.style.sign == "line":
            self.sheet.put(row, 0, "    ".join(parts), "meta")
        else:
            step = max(1, min(4, len(self.columns) // 4))
            for i, part in enumerate(parts):
                self.sheet.put(row, i * step, part, "meta")
        if self.of.form == "village_economy":
            self.sheet.put(row + 1, 0, f"说明：本表由{name}填报，金额为1月至报告期末累计数。", "meta")


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _month(style: str, value: date) -> tuple[Any, str]:
    if style == "date":
        return value, "month"
    text = {"dot": "{0.year}.{0.month:02d}", "zh": "{0.year}年{0.month}月", "dash": "{0.year}-{0.month:02d}"}
    return text[style].format(value), "center"


def _date(style: str, value: date) -> tuple[Any, str]:
    if style == "date":
        return value, "date"
    text = {
        "iso": "{0.year}-{0.month:02d}-{0.day:02d}",
        "dot": "{0.year}.{0.month}.{0.day}",
        "zh": "{0.year}年{0.month}月{0.day}日",
    }
    return text[style].format(value), "center"


def _percent(style: str, value: Decimal) -> tuple[Any, str]:
    if style == "format":
        return float(value / 100), "percent"
    if style == "text":
        return f"{value}%", "center"
    return float(value), "number"
