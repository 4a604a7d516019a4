"""What stands beside a value: number formats, formulas, errors, struck-out text, comments (D68–D75)."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from ..model import Book, ErrorValue, Formula, Runs, number, plain
from .numbers import NUMBERS
from .registry import cells, mess, some


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


@mess("cells", "格式写上了别的字：约12、12余、12千、-12、120", "D72", needs="looks")
def words_in_format(book: Book, random: Random) -> bool:
    """What the clerk sees is 约12; what is stored is 12."""
    found = [
        entry for entry in cells(book, *NUMBERS) if isinstance(entry[2].value, int | float) and entry[3].value
    ]
    for _, _, cell, fact in some(random, found):
        cell.look = random.choice(
            (
                '"约"0',
                '0"余"',
                '0"多"',
                '"近"0',
                "-0",
                '"△"0.0',
                '0"千"',
                '0"0"',
                '"1"0',
                '"无"',
                ";;;",
                '[<9999]"少";0',
            )
        )
        fact.refuse("D72")
    return bool(found)


@mess("cells", "数字只有一部分加删除线或上标：旧数划掉写新数、5²", "D75", needs="comments")
def number_in_parts(book: Book, random: Random) -> bool:
    found = [entry for entry in cells(book, *NUMBERS) if entry[3].value]
    for sheet, _, cell, fact in some(random, found):
        text = plain(sheet.shown(fact))
        cell.value = random.choice(
            (
                Runs((("12", "struck"), (text, ""))),
                Runs(((text, ""), ("2", "raised"))),
                Runs(((text, ""), ("8", "struck"))),
            )
        )
        fact.refuse("D75")
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
