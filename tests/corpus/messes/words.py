"""Numbers of persons, names, marks and lists (D67, D76–D82, D91–D96, D104–D109)."""

from __future__ import annotations

import itertools
from random import Random

from ..model import Book
from .registry import cells, mess, some

FULL = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


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
                text.translate(FULL),
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
                f"{text} 13900000000",
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
