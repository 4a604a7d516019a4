"""Dates and months (D83–D90)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from random import Random

from ..model import Book
from .registry import add, cells, mess, some
from .words import FULL


def _dates(
    name: str,
    title: str,
    kind: str,
    write: Callable[[date, Random], object],
    *rules: str,
    told: str = "",
    look: str = "",
    needs: str = "",
) -> None:
    def make(book: Book, random: Random) -> bool:
        found = cells(book, kind)
        for _, _, cell, fact in some(random, found, 5):
            written = write(fact.value, random)
            if written is not None:
                cell.value, cell.look = written, look
                fact.read_as(fact.value, told)
        return bool(found)

    add(name, title, rules, "cells", make, needs=needs)


_dates(
    "month_spelled",
    "年月写法不一",
    "month",
    lambda d, r: r.choice(
        (
            f"{d:%Y.%m}",
            f"{d.year}-{d.month}",
            f"{d:%Y/%m}",
            f"{d.year}年{d.month}月",
            f"{d:%Y%m}",
            f"{d:%Y年%m月}",
            f"{d:%Y}．{d:%m}",
            f"{d.year} 年 {d.month} 月",
        )
    ),
    "D83",
)
_dates(
    "month_with_day",
    "年月栏写到日",
    "month",
    lambda d, r: r.choice((f"{d:%Y%m}12", f"{d.year}.{d.month}.12", f"{d:%Y-%m}-15")),
    "D86",
    told="D86",
)
_dates("month_as_date", "年月是日期", "month", lambda d, r: d, "D87", look='yyyy"年"m"月"', needs="types")
_dates("month_number", "年月存数值202605", "month", lambda d, r: float(f"{d:%Y%m}"), "D83", needs="types")
_dates(
    "month_decimal",
    "年月存数值1976.05",
    "month",
    lambda d, r: float(f"{d:%Y.%m}") if d.month != 10 else None,
    "D83",
    needs="types",
    look="0.00",
)
_dates(
    "day_spelled",
    "日期写法不一",
    "date",
    lambda d, r: r.choice(
        (
            f"{d:%Y.%m.%d}",
            f"{d.year}.{d.month}.{d.day}",
            f"{d:%Y/%m/%d}",
            f"{d.year}年{d.month}月{d.day}日",
            f"{d:%Y%m%d}",
            f"{d.year}-{d.month}-{d.day}",
            f"{d.year}年{d.month}月{d.day}号",
            f"{d:%Y-%m-%d} 00:00:00",
        )
    ),
    "D83",
)
_dates(
    "day_packed_number", "日期存数值20260305", "date", lambda d, r: float(f"{d:%Y%m%d}"), "D83", needs="types"
)
_dates(
    "day_serial",
    "日期序列，没有日期格式",
    "date",
    lambda d, r: float((d - date(1899, 12, 30)).days),
    "D88",
    told="D88",
    needs="types",
)
_dates(
    "day_format",
    "日期格式的各种写法",
    "date",
    lambda d, r: d,
    "D87",
    look='[$-804]yyyy"年"m"月"d"日";@',
    needs="types",
)
_dates("day_format_short", "日期格式只显示月日", "date", lambda d, r: d, "D87", look="m/d", needs="types")
_dates(
    "day_time",
    "日期带时间",
    "date",
    lambda d, r: datetime(d.year, d.month, d.day, 15, 30),
    "D87",
    look="yyyy/m/d h:mm",
    needs="types",
)


@mess("cells", "1976.1：1月还是10月", "D84", needs="types")
def month_ambiguous(book: Book, random: Random) -> bool:
    found = cells(book, "month")
    for _, _, cell, fact in some(random, found):
        true = fact.value.replace(month=random.choice((1, 10)))
        if true <= fact.record.owner.period.end:
            cell.value, fact.touched = float(f"{fact.value.year}.1"), True
            if "id_card" in fact.record.facts and fact.field.id == "birth":
                fact.refuse()
            else:
                fact.refuse("D84")
    return bool(found)


@mess("cells", "76年5月", "D85")
def short_year(book: Book, random: Random) -> bool:
    found = cells(book, "month", "date")
    for _, _, cell, fact in some(random, found):
        day = f"{fact.value.day}日" if fact.field.type == "date" else ""
        cell.value = f"{fact.value:%y}年{fact.value.month}月{day}"
        fact.read_or_refuse(fact.value)
    return bool(found)


def _no_date(name: str, title: str, texts: tuple[str, ...], *rules: str) -> None:
    def make(book: Book, random: Random) -> bool:
        found = cells(book, "date", "month")
        for _, _, cell, fact in some(random, found):
            cell.value = random.choice(texts)
            fact.refuse()
        return bool(found)

    add(name, title, rules, "cells", make)


_no_date(
    "no_such_day",
    "不存在的日期",
    ("2023年2月30日", "2023-13", "2023-13-01", "2025.4.31", "20230230", "2026/0/1"),
    "D89",
)
_no_date(
    "vague_day",
    "日期不明",
    (
        "2021年换届时",
        "不详",
        "2021年底",
        "去年3月",
        "2021年左右",
        "3月5日",
        "上半年",
        "2021",
        "5/3/2026",
        "2021年至今",
        "2021.3—2022.4",
        "2021.3-4",
        "2021年3-4",
    ),
    "D90",
)


@mess("cells", "日期栏只写年月", "D90")
def day_missing(book: Book, random: Random) -> bool:
    found = cells(book, "date")
    for _, _, cell, fact in some(random, found):
        cell.value = random.choice((f"{fact.value:%Y年%m月}", f"{fact.value:%Y.%m}", f"{fact.value:%Y-%m}"))
        fact.refuse()
    return bool(found)


@mess("file", "1904日期系统", "D87", needs="types", group="epoch")
def epoch_1904(book: Book, random: Random) -> bool:
    if book.container not in ("xlsx", "xls") or any(
        f.touched and f.field.type == "date" for f in book.facts()
    ):
        return False
    if not any(isinstance(c.value, date) for s in book.sheets for line in s.lines for c in line.cells):
        return False
    book.traits.add("1904")
    return True


def _dated_either(
    name: str, title: str, kind: str, write: Callable[[date, Random], object], *rules: str
) -> None:
    """Written so that a careful clerk may read it or send it back."""

    def make(book: Book, random: Random) -> bool:
        found = cells(book, kind)
        for _, _, cell, fact in some(random, found):
            cell.value, cell.look = write(fact.value, random), ""
            fact.read_or_refuse(fact.value)
        return bool(found)

    add(name, title, rules, "cells", make)


_HAN = "〇一二三四五六七八九"


def _han(number: int) -> str:
    return str(number) if number > 10 else "〇一二三四五六七八九十"[number]


_dated_either(
    "day_odd",
    "日期的怪写法",
    "date",
    lambda d, r: r.choice(
        (
            f"{''.join(_HAN[int(c)] for c in str(d.year))}年{_han(d.month)}月{_han(d.day)}日",
            f"{d.year}年{d.month}月{d.day}",
            f"{d.year}.{d.month}.{d.day}日",
            f"{d.year}-{d.month}-{d.day}。",
            f"{d:%Y-%m-%dT00:00:00}",
            f"{d:%y}.{d.month}.{d.day}",
            f"{d:%d/%m/%Y}",
            f"{d.year}年{d.month}月{d.day}日上午",
            f"'{d:%Y-%m-%d}",
        )
    ),
    "D83",
    "D90",
)
_dated_either(
    "month_odd",
    "年月的怪写法",
    "month",
    lambda d, r: r.choice(
        (
            f"{d:%y}.{d:%m}",
            f"{d.year}年{d.month}月份",
            f"{d.month}月{d.year}年",
            f"{d.year}、{d.month}",
            f"{d.year},{d.month}",
            f"{d.year}.{d.month}月",
            f"{d:%Y%m}月",
        )
    ),
    "D83",
    "D85",
)
_dates(
    "day_wide",
    "日期全角、有空格",
    "date",
    lambda d, r: r.choice(
        (
            f"{d:%Y．%m．%d}".translate(FULL),
            f"{d.year} 年 {d.month} 月 {d.day} 日",
            f"{d.year}年\n{d.month}月{d.day}日",
            f" {d:%Y-%m-%d}\u00a0",
        )
    ),
    "D83",
)
