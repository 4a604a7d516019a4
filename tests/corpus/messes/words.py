"""Messes of ids, dates, names, marks and lists (D67, D76–D96, D104–D109)."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date, datetime
from random import Random

from ..model import Book
from .registry import add, cells, mess, some

_FULL = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")

# ---------------------------------------------------------------------------------------------- persons


@mess("cells", "身份证号存成数值", "D77", needs="types")
def id_as_number(book: Book, random: Random) -> bool:
    found = cells(book, "id_card")
    for _, _, cell, fact in some(random, found):
        cell.value = float(int(fact.value[:15] + "000"))
        cell.look = random.choice(("", "0", "@"))
        fact.refuse("D77")
    return bool(found)


@mess("cells", "身份证号科学计数", "D76")
def id_scientific(book: Book, random: Random) -> bool:
    found = cells(book, "id_card")
    for _, _, cell, fact in some(random, found):
        cell.value = random.choice(("9.80101E+17", "9.80101198001E+17", "9.8E17"))
        fact.refuse("D76")
    return bool(found)


@mess("cells", "身份证号含空格、全角、小写x、撇号", "D78")
def id_spelled(book: Book, random: Random) -> bool:
    found = cells(book, "id_card")
    for _, _, cell, fact in some(random, found, 5):
        text = fact.value
        cell.value = random.choice(
            (
                f"{text[:6]} {text[6:14]} {text[14:]}",
                text.translate(_FULL),
                text.lower(),
                f"'{text}",
                f"\u200b{text}\u00a0",
                f"{text}\n",
            )
        )
        fact.read_as(fact.value)
    return bool(found)


@mess("cells", "15位、17位、19位身份证号", "D79", "D80")
def id_length(book: Book, random: Random) -> bool:
    found = cells(book, "id_card")
    for _, _, cell, fact in some(random, found):
        text = fact.value
        cell.value = random.choice((text[:6] + text[8:17], text[:17], text + "1", text[:17] + "A"))
        fact.refuse()
    return bool(found)


@mess("cells", "身份证号已打码", "D81")
def id_masked(book: Book, random: Random) -> bool:
    found = cells(book, "id_card")
    for _, _, cell, fact in some(random, found):
        text = fact.value
        cell.value = random.choice((f"{text[:3]}***********{text[14:]}", f"{text[:6]}********{text[14:]}"))
        fact.read_as(None, "D81")
    return bool(found)


@mess("cells", "手机号存数值、带-、两个号", "D82")
def phones(book: Book, random: Random) -> bool:
    found = cells(book, "phone")
    for _, _, cell, fact in some(random, found, 5):
        text = fact.value
        cell.value = random.choice(
            (
                float(int(text)),
                f"{text[:3]}-{text[3:7]}-{text[7:]}",
                f"{text}、13900000000",
                f"{text[:3]} {text[3:7]} {text[7:]}",
                f"+86{text}",
            )
        )
        fact.read_as(fact.value)
    return bool(found)


@mess("cells", "手机号位数不对", "D82")
def phone_wrong(book: Book, random: Random) -> bool:
    found = cells(book, "phone")
    for _, _, cell, fact in some(random, found):
        cell.value = random.choice((fact.value[:10], fact.value + "5", "略", "同身份证"))
        fact.refuse("D82")
    return bool(found)


@mess("cells", "姓名中有空格", "D91")
def name_spaced(book: Book, random: Random) -> bool:
    found = [e for e in cells(book, "text") if e[3].field.id == "name"]
    for _, _, cell, fact in some(random, found, 5):
        cell.value = random.choice((" ", "  ", "\u3000", "\u00a0", "\n")).join(fact.value)
        fact.read_as(fact.value)
    return bool(found)


@mess("cells", "间隔号不一", "D92")
def name_dotted(book: Book, random: Random) -> bool:
    found = [e for e in cells(book, "text") if e[3].field.id == "name"]
    for _, _, cell, fact in some(random, found):
        given = random.choice(("买买提", "热合曼", "卡德尔"))
        cell.value = f"{fact.value}{random.choice('·•．.・')}{given}"
        fact.read_as(f"{fact.value}·{given}")
    return bool(found)


@mess("cells", "姓名带职务或序号", "D93")
def name_with_post(book: Book, random: Random) -> bool:
    found = [e for e in cells(book, "text") if e[3].field.id == "name"]
    for _, _, cell, fact in some(random, found):
        cell.value = random.choice(
            (f"{fact.value}(书记)", f"{fact.value}（村主任）", f"1.{fact.value}", f"2、{fact.value}")
        )
        fact.read_as(fact.value, "D93")
    return bool(found)


@mess("cells", "一格两人", "D94")
def two_people(book: Book, random: Random) -> bool:
    found = [e for e in cells(book, "text") if e[3].field.id == "name" and e[3].record.untouched]
    for _, _, cell, fact in some(random, found, 2):
        cell.value = f"{fact.value}{random.choice('、，,；/')}李四清"
        fact.record.refuse()
    return bool(found)


# ---------------------------------------------------------------------------------------------- dates


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


# ---------------------------------------------------------------------------------------------- marks and lists


@mess("cells", "是否栏的各种写法", "D104")
def yes_no(book: Book, random: Random) -> bool:
    found = cells(book, "bool")
    for _, _, cell, fact in some(random, found, 8):
        cell.value = random.choice(
            ("是", "√", "有", "1", "Y", 1, " 是 ", "✓", "对")
            if fact.value
            else ("否", "×", "无", "0", "N", 0, "✗", "没有")
        )
        fact.read_as(fact.value)
    return bool(found)


@mess("cells", "是否栏的逻辑值", "D104", needs="types")
def yes_no_logical(book: Book, random: Random) -> bool:
    found = cells(book, "bool")
    for _, _, cell, fact in some(random, found, 5):
        cell.value = fact.value
    return bool(found)


@mess("cells", "是否栏填写不明", "D104")
def yes_no_unclear(book: Book, random: Random) -> bool:
    found = cells(book, "bool")
    for _, _, cell, fact in some(random, found):
        cell.value = random.choice(("部分", "正在办", "?", "2", "是/否", "是否", "基本是", "△"))
        fact.refuse("D104")
    return bool(found)


@mess("cells", "枚举用近义词", "D105")
def synonyms(book: Book, random: Random) -> bool:
    found = [e for e in cells(book, "enum") if e[3].field.values]
    for _, _, cell, fact in some(random, found, 5):
        value = next((v for v in fact.field.values if v.value == fact.value), None)
        plainly = [s for s in (value.synonyms if value else ()) if s not in ("—", "×", "√")]
        if plainly:
            cell.value = random.choice(plainly)
            fact.read_as(fact.value, "D105")
    return bool(found)


@mess("cells", "枚举外的值", "D106")
def not_listed(book: Book, random: Random) -> bool:
    found = [e for e in cells(book, "enum") if e[3].field.values]
    for _, _, cell, fact in some(random, found):
        cell.value = random.choice(
            ("其它情况", "待定", "甲乙", "不清楚", f"{fact.value}{fact.value}", f"非{fact.value}吧", 7)
        )
        fact.refuse("D106")
    return bool(found)


@mess("cells", "单选栏填多项", "D107")
def several(book: Book, random: Random) -> bool:
    found = [e for e in cells(book, "enum") if len(e[3].field.values) > 1 and not e[3].field.multi]
    for _, _, cell, fact in some(random, found):
        other = random.choice([v.value for v in fact.field.values if v.value != fact.value])
        text = f"{fact.value}{random.choice('、，,/;')}{other}"
        if text not in {synonym for value in fact.field.values for synonym in value.synonyms}:
            cell.value = text
            fact.refuse()
    return bool(found)


@mess("cells", "文字栏填同上", "D67")
def ditto_text(book: Book, random: Random) -> bool:
    lines = book.main.of_kind("data")
    done = False
    for above, line in itertools.pairwise(lines):
        for cell in line.cells:
            fact = cell.fact
            up = above.of(fact.field.id) if fact else None
            if (
                fact
                and up
                and up.fact
                and fact.field.type == "text"
                and not fact.touched
                and not up.fact.touched
                and fact.field.id not in fact.record.owner.form.key
                and up.fact.value is not None
                and random.random() < 0.3
            ):
                cell.value = random.choice(("同上", "〃"))
                fact.read_as(up.fact.value, "D67")
                up.fact.touched, done = True, True
    return done


@mess("cells", "长文本含换行、引号、公式样的文字", "D46")
def odd_text(book: Book, random: Random) -> bool:
    found = [
        e
        for e in cells(book, "text")
        if e[3].field.id != "name" and e[3].field.id not in e[3].record.owner.form.key
    ]
    for _, _, cell, fact in some(random, found):
        text = random.choice(
            (
                "整改措施：“三个到位”",
                "=1+1",
                "a,b;c",
                "<b>粗</b>&amp;",
                '"引号"',
                "䶮姓干部",
                "１２号楼",
                "1.召开会议；2.落实整改",
            )
        )
        cell.value = text
        fact.read_as(text)
    return bool(found)


@mess("cells", "数值当文字：编号存成数字", "D47", needs="types")
def number_as_text(book: Book, random: Random) -> bool:
    found = [
        e
        for e in cells(book, "text")
        if e[3].field.id not in ("name",) and e[3].field.id not in e[3].record.owner.form.key
    ]
    for _, _, cell, fact in some(random, found):
        cell.value = random.choice((12, 2026.0, 12.5))
        fact.read_as(f"{cell.value:g}")
    return bool(found)


@mess("cells", "书记兼主任写在一格", "D109", forms="committee")
def two_posts(book: Book, random: Random) -> bool:
    done = False
    for line in book.main.of_kind("data"):
        post, other = line.of("party_post"), line.of("village_post")
        if (
            post
            and other
            and post.fact
            and other.fact
            and not post.fact.touched
            and not other.fact.touched
            and random.random() < 0.4
        ):
            post.value, other.value = "书记兼主任", None
            post.fact.read_or_refuse("书记")
            other.fact.read_as(None)
            other.fact.also = "主任"
            done = True
    return done


# ---------------------------------------------------------------------------------------------- further dates and texts


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
            f"{d:%Y．%m．%d}".translate(_FULL),
            f"{d.year} 年 {d.month} 月 {d.day} 日",
            f"{d.year}年\n{d.month}月{d.day}日",
            f" {d:%Y-%m-%d}\u00a0",
        )
    ),
    "D83",
)


@mess("cells", "姓名里的字用?代替", "D95")
def rare_character(book: Book, random: Random) -> bool:
    found = [e for e in cells(book, "text") if e[3].field.id == "name"]
    for _, _, cell, fact in some(random, found, 2):
        cell.value = f"{fact.value[0]}{random.choice(('?', '𬱖', 'yan', '□'))}"
        fact.read_as(cell.value)
    return bool(found)


@mess("cells", "编号前后有空格、全角", "D46")
def spaced_codes(book: Book, random: Random) -> bool:
    found = [e for e in cells(book, "text") if e[3].field.id in e[3].record.owner.form.key]
    for _, _, cell, fact in some(random, found):
        cell.value = random.choice(
            (f" {fact.value}", f"{fact.value}\n", f"{fact.value}\u3000", f"\u200b{fact.value}")
        )
        fact.read_as(fact.value)
    return bool(found)
