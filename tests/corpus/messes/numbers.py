"""Messes of number cells (D45–D74)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from random import Random

from ..model import Book, Cell, ErrorValue, Fact, Formula, Sheet, number, plain
from .registry import add, cells, mess, some

NUMBERS = ("int", "number", "money")
_FULL = str.maketrans("0123456789.-,", "０１２３４５６７８９．－，")

# ---------------------------------------------------------------------------------------------- the number said otherwise


def _said(name: str, title: str, write: Callable[[str, Random], str], *rules: str, told: str = "") -> None:
    """A mess that writes the same number in another way, in a few cells or a whole column."""

    def make(book: Book, random: Random) -> bool:
        found = cells(book, *NUMBERS, "percent")
        for sheet, _, cell, fact in some(random, found, 6):
            cell.value = write(plain(sheet.shown(fact)), random)
            fact.read_as(fact.value, told)
        return bool(found)

    add(name, title, rules, "cells", make)


_said("full_width", "全角数字", lambda text, _: text.translate(_FULL), "D45")
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
        cell.value = random.choice((text, text.replace(",", "，"), text.translate(_FULL)))
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


@mess("cells", "数字格式：货币、千分位、自带量词", "D72", needs="looks")
def number_format(book: Book, random: Random) -> bool:
    """The format decorates; the number is the number."""
    found = [entry for entry in cells(book, *NUMBERS) if isinstance(entry[2].value, int | float)]
    for _, _, cell, _fact in some(random, found, 6):
        cell.look = random.choice(
            (
                "#,##0.00",
                '"¥"#,##0.00',
                "0.00_ ",
                "#,##0.00;[Red]-#,##0.00",
                '0.####"（截至3月底）"',
                "@",
                "0.00E+00",
                "[DBNum1]General",
            )
        )
    return bool(found)


@mess("cells", "公式，有缓存值", "D68", needs="formulas", group="formulas")
def formula(book: Book, random: Random) -> bool:
    found = [entry for entry in cells(book, *NUMBERS) if isinstance(entry[2].value, int | float)]
    for _, _, cell, _fact in some(random, found, 8):
        cell.value = Formula("SUM(A1:B1)*1", cell.value)
    return bool(found)


@mess("cells", "公式得空串", "D65", needs="formulas", group="formulas")
def formula_blank(book: Book, random: Random) -> bool:
    found = cells(book, *NUMBERS)
    for _, _, cell, fact in some(random, found):
        cell.value = Formula('IF(A1="","",A1)', "")
        fact.read_as(None)
    return bool(found)


@mess("cells", "外部链接公式", "D71", needs="formulas", group="formulas")
def linked(book: Book, random: Random) -> bool:
    found = [entry for entry in cells(book, *NUMBERS) if isinstance(entry[2].value, int | float)]
    for _, _, cell, fact in some(random, found):
        cell.value = Formula("[1]Sheet1!$B$3", cell.value)
        fact.read_as(fact.value, "D71")
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


# ---------------------------------------------------------------------------------------------- what nobody may read


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


@mess("cells", "公式没有计算", "D69", needs="formulas")
def uncached(book: Book, random: Random) -> bool:
    found = cells(book, *NUMBERS)
    for _, _, cell, fact in random.sample(found, min(len(found), 2)):
        cell.value = Formula("SUM(C4:D4)")
        fact.refuse("D69")
    return bool(found)


@mess("cells", "大量公式没有计算", "D69", needs="formulas", group="uncached")
def uncached_sheet(book: Book, random: Random) -> bool:
    main = book.main
    filled = [
        c
        for line in main.of_kind("data")
        for c in line.cells
        if c.fact and c.fact.field.type not in ("village", "township")
    ]
    for cell in filled:
        cell.value = Formula("Sheet9!A1")
    main.refuse()
    return True


@mess("cells", "错误值", "D70", needs="errors", group="formulas")
def error_values(book: Book, random: Random) -> bool:
    found = cells(book, *NUMBERS, "date", "text", "enum", "percent")
    for _, _, cell, fact in some(
        random, [f for f in found if f[3].field.id not in f[3].record.owner.form.key], 4
    ):
        cell.value = ErrorValue(
            random.choice(("#REF!", "#DIV/0!", "#N/A", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"))
        )
        fact.refuse("D70")
    return bool(found)


@mess("cells", "¥12.5于万元栏", "D50")
def currency_sign(book: Book, random: Random) -> bool:
    """元 or 万元: a sign does not say. Read as the column's measure it is right, as 元 it would be ten thousand times too small."""
    found = [entry for entry in cells(book, "money") if entry[3].field.measure == "万元" and entry[3].value]
    for sheet, _, cell, fact in some(random, found):
        cell.value = f"{random.choice('¥￥')}{plain(sheet.shown(fact))}"
        fact.read_or_refuse(fact.value)
    return bool(found)


@mess("cells", "格式改变量级：存125000，显示12.5", "D72", needs="looks")
def scaling_format(book: Book, random: Random) -> bool:
    """What the clerk sees and what is stored are different numbers: refused, or the one the clerk sees."""
    found = [
        entry
        for entry in cells(book, "money", "number")
        if isinstance(entry[2].value, int | float) and entry[3].value
    ]
    for _, _, cell, fact in some(random, found):
        if random.random() < 0.6:
            cell.value, cell.look = (
                number(Decimal(str(cell.value)) * 10000),
                random.choice(("0!.0000", '0"."0000', '0!.0,"万"')),
            )
        else:
            cell.value, cell.look = (
                number(Decimal(str(cell.value)) * 1000),
                random.choice(("#,##0.00,", "0.0000,")),
            )
        fact.read_or_refuse(fact.value)
    return bool(found)


@mess("cells", "格式自带另一单位：50000显示为50000元", "D72", needs="looks")
def measure_in_format(book: Book, random: Random) -> bool:
    found = [
        entry
        for entry in cells(book, "money")
        if entry[3].field.measure == "万元" and entry[3].value and not entry[0].scale.get(entry[3].field.id)
    ]
    for _, _, cell, fact in some(random, found):
        cell.value, cell.look = (
            number(Decimal(fact.value).scaleb(4)),
            random.choice(('0"元"', '#,##0.00"元"', "0.00元")),
        )
        fact.read_or_refuse(fact.value)
    return bool(found)


@mess("cells", "删除线、批注“作废”", "D75", needs="struck")
def struck(book: Book, random: Random) -> bool:
    found = cells(book, *NUMBERS)
    for _, _, cell, fact in some(random, found):
        cell.struck = True
        fact.read_as(fact.value, "D75")
    return bool(found)


@mess("cells", "批注“作废，以新表为准”", "D75", needs="comments")
def commented(book: Book, random: Random) -> bool:
    found = cells(book, *NUMBERS)
    for _, _, cell, fact in some(random, found):
        cell.comment = random.choice(("作废，以新表为准", "此数待核", "张三：含2万元利息"))
        fact.read_as(fact.value, "D75")
    return bool(found)


# ---------------------------------------------------------------------------------------------- percentages


def _column(book: Book, random: Random) -> list[tuple[Sheet, Cell, Fact]]:
    """One whole percent column."""
    found = cells(book, "percent")
    if not found:
        return []
    chosen = random.choice(found)
    return [(s, c, f) for s, _, c, f in found if f.field is chosen[3].field and s is chosen[0]]


@mess("cells", "98%文本", "D61", group="percent")
def percent_text(book: Book, random: Random) -> bool:
    column = _column(book, random)
    for _, cell, fact in random.sample(column, len(column) // 2 + len(column) % 2):
        cell.value = random.choice(("{}%", "{}％", "{} %")).format(plain(Decimal(fact.value)))
        fact.read_as(fact.value, "D61")
    return bool(column)


@mess("cells", "百分比格式0.98", "D61", needs="looks", group="percent")
def percent_format(book: Book, random: Random) -> bool:
    column = _column(book, random)
    for _, cell, fact in random.sample(column, random.randint(1, len(column)) if column else 0):
        cell.value, cell.look = float(Decimal(fact.value).scaleb(-2)), random.choice(("0%", "0.0%", "0.00%"))
        fact.read_as(fact.value)
    return bool(column)


@mess("cells", "整列都是小数，没有%", "D62", group="percent")
def percent_shares(book: Book, random: Random) -> bool:
    column = _column(book, random)
    touched = [
        c
        for line in book.main.lines
        for c in line.cells
        if column and c.fact and c.fact.field is column[0][2].field and c.fact.value is not None
    ]
    if not column or len(touched) != len(column) or len(column) < 2:
        return False
    for _, cell, fact in column:
        cell.value = float(Decimal(fact.value).scaleb(-2))
        fact.refuse("D62")
    return True


@mess("cells", "小数与百分点混填", "D63", group="percent")
def percent_mixed(book: Book, random: Random) -> bool:
    column = _column(book, random)
    if len(column) < 3:
        return False
    for _, cell, fact in random.sample(column, len(column) // 3):
        cell.value = float(Decimal(fact.value).scaleb(-2))
        fact.refuse("D63")
    return True


@mess("cells", "百分比大于100", "D64", group="percent")
def percent_over(book: Book, random: Random) -> bool:
    column = [entry for entry in _column(book, random) if not entry[2].field.over_100]
    for _, cell, fact in column[:2]:
        cell.value = random.choice((105, 980, "120%", 100.5))
        fact.refuse("D64")
    return bool(column)


@mess("cells", "数值栏填百分数", "D61", needs="looks")
def percent_in_number(book: Book, random: Random) -> bool:
    found = [e for e in cells(book, *NUMBERS) if isinstance(e[2].value, int | float) and e[3].value]
    for _, _, cell, fact in some(random, found):
        if random.random() < 0.5:
            cell.look = "0.0%"
        else:
            cell.value = "12.5%"
        fact.refuse()
    return bool(found)


# ---------------------------------------------------------------------------------------------- further spellings


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


_said("signed", "正号", lambda text, r: f"{r.choice('+＋')}{text}" if text[0] != "-" else text, "D47")
_said(
    "mixed_width",
    "全角半角混写",
    lambda text, r: "".join(c.translate(_FULL) if r.random() < 0.5 else c for c in text),
    "D45",
)
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


@mess("cells", "新的错误值#SPILL!、#CALC!", "D70", needs="errors", group="formulas")
def new_errors(book: Book, random: Random) -> bool:
    found = cells(book, *NUMBERS)
    for _, _, cell, fact in some(random, found):
        cell.value = ErrorValue(random.choice(("#SPILL!", "#CALC!", "#GETTING_DATA", "#FIELD!")))
        fact.refuse()
    return bool(found)


@mess("cells", "公式的缓存值是文字", "D68", needs="formulas", group="formulas")
def formula_text(book: Book, random: Random) -> bool:
    found = cells(book, *NUMBERS)
    for sheet, _, cell, fact in some(random, found):
        cell.value = Formula('TEXT(A1,"0.00")', plain(sheet.shown(fact)))
        fact.read_as(fact.value)
    return bool(found)


@mess("cells", "程序写的公式，缓存值为0", "D69", needs="formulas", group="container formulas")
def uncached_zero(book: Book, random: Random) -> bool:
    """Libraries write 0 for what they never calculated, and ask for a calculation when the book is opened."""
    found = [entry for entry in cells(book, *NUMBERS) if entry[3].value]
    for _, _, cell, fact in random.sample(found, min(len(found), 2)):
        cell.value = Formula("SUM(C4:D4)", 0)
        fact.refuse("D69")
    book.traits.add("recalculated")
    return bool(found)


@mess("cells", "公式没有计算，缓存值写成空", "D69", needs="formulas")
def uncached_empty(book: Book, random: Random) -> bool:
    found = cells(book, *NUMBERS)
    for _, _, cell, fact in random.sample(found, min(len(found), 2)):
        cell.value = Formula("SUM(C4:D4)", random.choice((Formula("<v></v>"), Formula("<v/>"))))
        fact.refuse("D69")
    return bool(found)


@mess("cells", "百分比格式的单元格里填98", "D61", "D64", needs="looks", group="percent")
def percent_format_points(book: Book, random: Random) -> bool:
    """It shows 9800%: more than 100, or the points that were meant."""
    column = _column(book, random)
    for _, cell, fact in column[:2]:
        cell.look = "0%"
        fact.read_or_refuse(fact.value)
    return bool(column)


@mess("cells", "百分比写成文字：百分之九十八", "D61", group="percent")
def percent_in_words(book: Book, random: Random) -> bool:
    column = _column(book, random)
    for _, cell, fact in column[:2]:
        cell.value = random.choice(("百分之九十八", "98个百分点", "98（%）"))
        fact.read_or_refuse(Decimal(98))
    return bool(column)


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
