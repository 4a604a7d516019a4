"""What nobody may read in a number cell, or only somebody who asks (D53–D59, D67, D74)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from random import Random

from ..model import Book, number, plain
from .numbers import NUMBERS
from .registry import add, cells, mess, some


def _unreadable(
    name: str,
    title: str,
    texts: Callable[[str, Random], object],
    *rules: str,
    types: tuple[str, ...] = NUMBERS,
) -> None:
    """A mess whose cells must be refused."""

    def make(book: Book, random: Random) -> bool:
        found = [entry for entry in cells(book, *types) if entry[3].value]
        for sheet, _, cell, fact in some(random, found):
            cell.value, cell.look = texts(plain(sheet.shown(fact)), random), ""  # type: ignore[assignment]
            fact.refuse(rules[0] if len(rules) == 1 and not book.container.startswith("csv") else "")
        return bool(found)

    add(name, title, rules, "cells", make)


_unreadable(
    "about",
    "概数：约50、近百、50余、30左右",
    lambda t, r: r.choice(
        (
            f"约{t}",
            f"近{t}",
            f"{t}余",
            f"{t}多",
            f"{t}左右",
            f"{t}以上",
            "近百",
            "几十",
            f"≈{t}",
            f">{t}",
            f"{t}+",
            f"不足{t}",
        )
    ),
    "D54",
    "D57",
)
_unreadable(
    "range_of",
    "范围：3—5",
    lambda t, r: r.choice((f"{t}—{t}9", f"{t}-{t}5", f"{t}~{t}1", f"{t}至{t}0", f"{t}到{t}2")),
    "D55",
)
_unreadable(
    "expression",
    "算式：10+5",
    lambda t, r: r.choice((f"{t}+5", f"{t}*2", f"={t}+1=", f"3×{t}", f"{t}/2", f"{t}-")),
    "D57",
    "D55",
)
_unreadable(
    "remark_inside",
    "数字带说明：10(含2名兼职)",
    lambda t, r: r.choice(
        (f"{t}(含2名兼职)", f"{t}（其中集体2）", f"{t}，已到账3", f"共{t}", f"{t}（预计）", f"{t}元/年左右")
    ),
    "D57",
    "D54",
)
_unreadable(
    "colloquial",
    "三万五、1.5w",
    lambda t, r: r.choice(("三万五", f"{t}w", f"{t}W", "两千三", "一百二", "万把块", f"{t}k")),
    "D59",
    "D58",
    "D57",
)
_unreadable(
    "blank_inside",
    "一格两个数：12 5",
    lambda t, r: r.choice((f"{t} 5", f"{t}\n3", f"{t}  {t[:2]}", f"{t}、3", f"{t};3")),
    "D57",
    "D46",
)
_unreadable(
    "letters_for_digits",
    "字母当数字：1O5、l2",
    lambda t, r: r.choice((f"{t}O", f"l{t}", f"{t}I", f"O{t}")),
    "D57",
)
_unreadable(
    "bad_grouping",
    "千分位不成组：1,23",
    lambda t, r: r.choice(("1,23", "12,3456", "1,2345", "1,23,456", "1，23")),
    "D48",
)
_unreadable(
    "two_dots", "两个小数点", lambda t, r: r.choice(("12..5", "1.2.3", "12.5.", ".", "1.234.567,8")), "D57"
)
_unreadable("powers", "上标、圈码", lambda t, r: r.choice((f"{t}²", "①", f"{t}½", "⑫")), "D57")
_unreadable(
    "ditto_number", "数字栏填同上", lambda t, r: r.choice(("同上", "〃", "″", "同上行")), "D67", "D57"
)
_unreadable(
    "foreign_measure",
    "另一种单位",
    lambda t, r: r.choice((f"{t}公里", f"{t}吨", f"{t}个百分点", f"{t}美元", f"{t}岁")),
    "D57",
    "D49",
)
_unreadable(
    "words",
    "文字",
    lambda t, r: r.choice(
        ("待核实", "见附件", "已上报", "未统计", "?", "？", "NaN", "inf", "1e5", "0x1F", "1_000", "TRUE")
    ),
    "D57",
)
_unreadable("truth_value", "数值栏是逻辑值", lambda t, r: True, "D57")


@mess("cells", "整数栏出现小数", "D74")
def fraction(book: Book, random: Random) -> bool:
    found = cells(book, "int")
    for sheet, _, cell, fact in some(random, found):
        cell.value = random.choice((3.5, "3.5", 4.6, "12.25", 0.5))
        if not sheet.scale.get(fact.field.id):
            fact.refuse("D74")
    return bool(found)


@mess("cells", "3-5变成日期", "D56", needs="types")
def turned_date(book: Book, random: Random) -> bool:
    found = cells(book, *NUMBERS)
    for _, _, cell, fact in some(random, found):
        cell.value, cell.look = random.choice(
            (
                (date(2026, 3, 5), 'm"月"d"日"'),
                (datetime(2026, 1, 2), "m-d"),
                (date(2026, 3, 5), "d-mmm"),
                (time(3, 30), "h:mm"),
            )
        )
        fact.refuse("D56")
    return bool(found)


@mess("cells", "¥12.5于万元栏", "D50")
def currency_sign(book: Book, random: Random) -> bool:
    """元 or 万元: a sign does not say. Read as the column's measure it is right, as 元 it would be ten thousand times too small."""
    found = [entry for entry in cells(book, "money") if entry[3].field.measure == "万元" and entry[3].value]
    for sheet, _, cell, fact in some(random, found):
        cell.value = f"{random.choice('¥￥')}{plain(sheet.shown(fact))}"
        fact.read_or_refuse(fact.value)
    return bool(found)


def _either(name: str, title: str, write: Callable[[str, Random], str | None], *rules: str) -> None:
    """A mess that a careful clerk may read or send back; any other number is wrong."""

    def make(book: Book, random: Random) -> bool:
        found = cells(book, *NUMBERS)
        for sheet, _, cell, fact in some(random, found):
            written = write(plain(sheet.shown(fact)), random)
            if written is not None:
                cell.value, cell.look = written, ""
                fact.read_or_refuse(fact.value)
        return bool(found)

    add(name, title, rules, "cells", make)


_either("leading_zeros", "前面多写的零", lambda text, r: f"00{text}" if text.isdigit() else None, "D47")
_either(
    "bare_dot",
    "小数点在头尾",
    lambda text, r: f"{text}." if "." not in text else text.removeprefix("0"),
    "D47",
)
_either(
    "wide_groups",
    "空格分千分位",
    lambda text, r: f"{int(text):,}".replace(",", r.choice((" ", "\u00a0"))) if text.isdigit() else None,
    "D48",
)
_either("ends_with_stop", "数字后有句号、逗号", lambda text, r: f"{text}{r.choice('。，、；')}", "D57")
_either("quoted", "数字在引号里", lambda text, r: f"“{text}”", "D57")


@mess("cells", "量词不同：12名", "D49")
def measure_words(book: Book, random: Random) -> bool:
    same = {"人": ("名", "位"), "天": ("日",), "个": ("支", "家")}
    found = [e for e in cells(book, "int", "number") if e[3].field.measure in same]
    for sheet, _, cell, fact in some(random, found):
        cell.value = f"{plain(sheet.shown(fact))}{random.choice(same[fact.field.measure])}"
        fact.read_or_refuse(fact.value)
    return bool(found)


@mess("cells", "千元、百元", "D50")
def thousands(book: Book, random: Random) -> bool:
    found = [e for e in cells(book, "money") if e[3].field.measure in ("元", "万元") and e[3].value > 0]
    for _, _, cell, fact in some(random, found):
        power = 4 if fact.field.measure == "万元" else 0
        cell.value = f"{plain(Decimal(fact.value).scaleb(power - 3))}千元"
        fact.read_or_refuse(fact.value)
    return bool(found)


@mess("cells", "负数写成文字：亏12.5", "D60")
def loss_in_words(book: Book, random: Random) -> bool:
    found = [e for e in cells(book, "money") if e[3].value]
    for sheet, _, cell, fact in some(random, found):
        cell.value = f"{random.choice(('负', '亏', '亏损', '减'))}{plain(abs(sheet.shown(fact)))}"
        fact.read_or_refuse(-abs(Decimal(fact.value)))
    return bool(found)


_unreadable(
    "odd_units",
    "‰、成、半、比",
    lambda t, r: r.choice((f"{t}‰", "九成", "一半", "3:2", f"{t}倍", "1/3", "二分之一", "三点五个")),
    "D57",
    "D61",
    "D55",
    types=(*NUMBERS, "percent"),
)
_unreadable(
    "two_signs",
    "两个符号",
    lambda t, r: r.choice((f"--{t}", f"+-{t}", f"-({t})", f"{t}-", f"({t}", f"{t})", f"△-{t}")),
    "D57",
    "D60",
)
_unreadable(
    "typed_errors",
    "文字的错误值",
    lambda t, r: r.choice(("#REF!", "#DIV/0!", "#####", "#N/A", "错误", "=SUM(B2:B9)", "Err:502")),
    "D70",
    "D57",
)


@mess("cells", "同一列元、万元混填，没有单位", "D53")
def money_mixed(book: Book, random: Random) -> bool:
    """One village counts in 元, the others in 万元: ten thousand times its neighbours is refused, never converted."""
    found = [
        e for e in cells(book, "money") if e[3].field.measure == "万元" and e[3].value and e[3].value >= 10
    ]
    for sheet, _, cell, fact in random.sample(found, len(found)):
        column = [f.value for f in sheet.facts() if f.field is fact.field and f.value and not f.touched]
        if len(column) > 4 and max(column) * 500 < fact.value * 10000 and not sheet.scale.get(fact.field.id):
            cell.value = number(Decimal(fact.value).scaleb(4))
            fact.refuse("D53")
            return True
    return False
