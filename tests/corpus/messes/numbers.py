"""Numbers said otherwise: what number cells may hold and still say exactly one number (D45–D66)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from random import Random

from ..model import Book, Fact, plain
from .registry import add, cells, mess, some

NUMBERS = ("int", "number", "money")
FULL = str.maketrans("0123456789.-,", "０１２３４５６７８９．－，")


def _said(name: str, title: str, write: Callable[[str, Random], str], *rules: str, told: str = "") -> None:
    """A mess that writes the same number in another way, in a few cells or a whole column."""

    def make(book: Book, random: Random) -> bool:
        found = cells(book, *NUMBERS, "percent")
        for sheet, _, cell, fact in some(random, found, 6):
            cell.value = write(plain(sheet.shown(fact)), random)
            fact.read_as(fact.value, told)
        return bool(found)

    add(name, title, rules, "cells", make)


_said("full_width", "全角数字", lambda text, _: text.translate(FULL), "D45")
_said("text_number", "文本型数字", lambda text, _: text, "D47")
_said("apostrophe", "数字前有撇号", lambda text, r: r.choice("'＇’")[:1].replace("’", "'") + text, "D47")
_said(
    "blanks_around",
    "数字前后有空格、换行、不间断空格、零宽字符",
    lambda text, r: r.choice(
        (f" {text} ", f"\u3000{text}", f"{text}\u00a0", f"\n{text}\n", f"\u200b{text}", f"\ufeff{text}\t")
    ),
    "D46",
)
_said("trailing_zeros", "多写的零", lambda text, r: f"{text}.00" if "." not in text else f"{text}00", "D47")


@mess("cells", "文本型数字，整列", "D47")
def text_column(book: Book, random: Random) -> bool:
    found = cells(book, *NUMBERS)
    if not found:
        return False
    chosen = random.choice(found)[3].field
    for sheet, _, cell, fact in found:
        if fact.field is chosen:
            cell.value = plain(sheet.shown(fact))
            fact.read_as(fact.value)
    return True


@mess("cells", "千分位", "D48")
def grouped(book: Book, random: Random) -> bool:
    found = [entry for entry in cells(book, "money", "int", "number") if _room(entry[3], 123456)]
    for sheet, _, cell, fact in some(random, found):
        big = Decimal(random.choice((1234, 12345, 123456) if fact.field.type == "int" else (1234, 2345)))
        beside = [
            Decimal(other.value) for other in sheet.facts() if other.field is fact.field and other.value
        ]
        if fact.field.type == "money" and min(beside) * 500 < big:
            continue
        scaled = sheet.scale.get(fact.field.id)  # then the note is of the measure
        fact.read_as(int(big) if fact.field.type == "int" else big, "" if scaled else "D48")
        text = f"{int(sheet.shown(fact)):,}"
        cell.value = random.choice((text, text.replace(",", "，"), text.translate(FULL)))
    return bool(found)


def _room(fact: Fact, most: int) -> bool:
    return fact.field.max is None or fact.field.max >= most


@mess("cells", "带计量单位：12人、5万元", "D49")
def with_measure(book: Book, random: Random) -> bool:
    found = [
        entry
        for entry in cells(book, *NUMBERS)
        if entry[3].field.measure and "/" not in entry[3].field.measure
    ]
    for sheet, _, cell, fact in some(random, found):
        if not sheet.scale.get(fact.field.id):
            cell.value = f"{plain(sheet.shown(fact))}{random.choice(('', ' '))}{fact.field.measure}"
            fact.read_as(fact.value, "D49")
    return bool(found)


@mess("cells", "带不同量级单位：50000元于万元列", "D50")
def other_magnitude(book: Book, random: Random) -> bool:
    found = [entry for entry in cells(book, "money") if entry[3].field.measure == "万元"]
    for _, _, cell, fact in some(random, found):
        if fact.value > 0:
            cell.value = random.choice(
                (f"{plain(Decimal(fact.value).scaleb(4))}元", f"{plain(Decimal(fact.value).scaleb(-4))}亿元")
            )
            fact.read_as(fact.value, "" if fact.value == 0 else "D50")
    return bool(found)


@mess("cells", "元栏里填万元：1.2万", "D50")
def wan_in_yuan(book: Book, random: Random) -> bool:
    found = [entry for entry in cells(book, "money") if entry[3].field.measure == "元" and entry[3].value > 0]
    for _, _, cell, fact in some(random, found):
        cell.value = f"{plain(Decimal(fact.value).scaleb(-4))}{random.choice(('万', '万元'))}"
        fact.read_as(fact.value, "D50")
    return bool(found)


@mess("cells", "中文数字", "D58")
def chinese(book: Book, random: Random) -> bool:
    found = cells(book, "int", "number")
    for _, _, cell, fact in some(random, found):
        written, value = random.choice(
            (("十二", 12), ("贰拾", 20), ("三", 3), ("零", 0), ("二十一", 21), ("拾伍", 15))
        )
        cell.value = written
        fact.read_as(value if fact.field.type == "int" else Decimal(value), "D58")
    return bool(found)


@mess("cells", "负数写法：(12.5)、△12.5、-12.5", "D60")
def negative(book: Book, random: Random) -> bool:
    found = [entry for entry in cells(book, "money") if entry[3].value]
    for sheet, _, cell, fact in some(random, found):
        value = abs(Decimal(fact.value))
        fact.read_as(-value)
        text = plain(abs(sheet.shown(fact)))
        form = random.choice(("({})", "（{}）", "△{}", "▲{}", "-{}", "－{}", "−{}"))
        cell.value = form.format(text)
        fact.rule = "D60" if form[0] in "(（△" else ""
        if form[0] == "▲" or (sheet.scale.get(fact.field.id) and fact.field.min is not None):
            fact.read_or_refuse(-value)
    return bool(found)


@mess("cells", "浮点尾差12.299999999", "D73")
def float_tail(book: Book, random: Random) -> bool:
    found = cells(book, "money", "number")
    for sheet, _, cell, fact in some(random, found):
        shown = float(sheet.shown(fact))
        cell.value = shown + 2e-16 * max(1.0, abs(shown))
    return bool(found)


@mess("cells", "空白：只有空格、全角空格", "D65")
def only_blanks(book: Book, random: Random) -> bool:
    found = cells(book, *NUMBERS, "text", "phone", "percent", blank=True)
    for _, _, cell, fact in some(
        random, [f for f in found if f[3].field.id not in f[3].record.owner.form.key], 5
    ):
        cell.value = random.choice((" ", "   ", "\u3000", "\u00a0", "\n", "\u200b"))
        fact.read_as(None)
    return bool(found)


@mess("cells", "—、/、×、不涉及", "D66")
def nothing_marks(book: Book, random: Random) -> bool:
    found = cells(book, *NUMBERS)
    for _, _, cell, fact in some(random, found, 5):
        cell.value = random.choice(("—", "/", "-", "×", "不涉及", "——", "无此项"))
        fact.read_as(None, "D66")
    return bool(found)


@mess("cells", "无、没有", "D66")
def none_said(book: Book, random: Random) -> bool:
    found = cells(book, *NUMBERS)
    for _, _, cell, fact in some(random, found, 5):
        cell.value = random.choice(("无", "没有", " 无 "))
        fact.read_as(
            (0 if fact.field.type == "int" else Decimal(0)) if fact.field.none_means_zero else None, "D66"
        )
    return bool(found)


_said("signed", "正号", lambda text, r: f"{r.choice('+＋')}{text}" if text[0] != "-" else text, "D47")
_said(
    "mixed_width",
    "全角半角混写",
    lambda text, r: "".join(c.translate(FULL) if r.random() < 0.5 else c for c in text),
    "D45",
)
