"""Totals, subtotals and other figures below the rows (D37, D38)."""

from __future__ import annotations

from random import Random

from ..drawing import adds_up, total_line
from ..model import Book, Cell, Line, Sum
from .registry import mess
from .rows import below, first_place


@mess("rows", "合计行的各种写法和位置", "D37", "D111", group="total")
def totals(book: Book, random: Random) -> bool:
    sheet = book.main
    owner = sheet.returns[0]
    if not any(adds_up(item) for item in owner.fields) or len(sheet.returns) > 1 or len(owner.records) < 2:
        return False
    sheet.lines = [line for line in sheet.lines if line.kind != "total"]
    name = owner.sender.name
    word = random.choice(
        (
            "合计",
            "总计",
            "合 计",
            "合\u3000计",
            "全镇合计",
            "共计",
            f"{name}合计",
            "合计：",
            "总　计",
            "累计",
            "汇总",
            f"{name}",
            "小计",
        )
    )
    records = [line.record for line in sheet.of_kind("data") if line.record]
    formula = random.random() < 0.5 and "recalculated" not in book.traits
    line = total_line(sheet, records, word, formula)
    at = random.choice((sheet.last("data") + 1, sheet.first("data")))
    sheet.lines.insert(at, line)
    return True


@mess("rows", "片区小计行", "D38", group="total")
def subtotals(book: Book, random: Random) -> bool:
    sheet = book.main
    owner = sheet.returns[0]
    lines = sheet.of_kind("data")
    if not any(adds_up(item) for item in owner.fields) or len(lines) < 4:
        return False
    sheet.lines = [line for line in sheet.lines if line.kind != "total"]
    middle = len(lines) // 2
    for part, word in (
        (lines[middle:], "南片小计"),
        (lines[:middle], random.choice(("北片小计", "小计", "东片区小计"))),
    ):
        records = [line.record for line in part if line.record]
        sheet.lines.insert(sheet.lines.index(part[-1]) + 1, total_line(sheet, records, word))
    if random.random() < 0.6:
        everything = [line.record for line in lines if line.record]
        sheet.lines.insert(sheet.last("total") + 1, total_line(sheet, everything, "合计"))
    return True


@mess("rows", "其中行", "D38")
def of_which(book: Book, random: Random) -> bool:
    sheet = book.main
    model = random.choice(sheet.of_kind("data"))
    cells = [Cell(1 if isinstance(c.value, int | float) and c.fact else None) for c in model.cells]
    cells[first_place(sheet)].value = random.choice(("其中：脱贫村", "其中", "其中:一组", "#其中：易地搬迁"))
    sheet.lines.insert(sheet.lines.index(model) + 1, Line("other", cells))
    return True


@mess("rows", "合计之下还有平均、上年同期、增减行", "D37", "D38")
def rows_of_comparison(book: Book, random: Random) -> bool:
    sheet = book.main
    if not any(adds_up(item) for item in sheet.returns[0].fields):
        return False
    model = sheet.of_kind("data")[0]
    place = first_place(sheet) if random.random() < 0.5 else 0
    for word in random.sample(
        (
            "平均",
            "村均",
            "上年同期",
            "比上年增减",
            "增长%",
            "年度目标",
            "去年同期数",
            "同比增长",
            "完成率(%)",
        ),
        random.randint(1, 3),
    ):
        cells = [
            Cell(round(random.uniform(1, 99), 2)) if c.fact and adds_up(c.fact.field) else Cell()
            for c in model.cells
        ]
        cells[place].value = word
        sheet.lines.insert(below(sheet), Line("other", cells))
    return True


@mess("rows", "没有写“合计”的合计行", "D37", group="total")
def unlabelled_total(book: Book, random: Random) -> bool:
    """Sums below the last row and no word before them."""
    sheet = book.main
    if not any(adds_up(item) for item in sheet.returns[0].fields):
        return False
    if len(sheet.of_kind("data")) < 2:
        return False
    sheet.lines = [line for line in sheet.lines if line.kind != "total"]
    records = [line.record for line in sheet.of_kind("data") if line.record]
    line = total_line(sheet, records, "")
    for cell in line.cells:
        cell.value = None if cell.value == "" else cell.value
    sheet.lines.insert(sheet.last("data") + 1, line)
    return True


@mess("rows", "合计二字在序号栏、跨列合并", "D37", needs="merges", group="total")
def merged_total(book: Book, random: Random) -> bool:
    sheet = book.main
    if not any(adds_up(item) for item in sheet.returns[0].fields):
        return False
    sheet.lines = [line for line in sheet.lines if line.kind != "total"]
    records = [line.record for line in sheet.of_kind("data") if line.record]
    line = total_line(sheet, records, "合  计")
    if line.cells[0].value != "合  计" or line.cells[1].value is not None:
        return False
    sheet.merges.append((line.cells[0], line.cells[1]))
    sheet.lines.insert(sheet.last("data") + 1, line)
    return True


@mess("rows", "合计行错了一个数", "D37", group="total")
def wrong_total(book: Book, random: Random) -> bool:
    """The rows are read as they stand; that the total differs is said (F02)."""
    sheet = book.main
    whole = [item for item in sheet.returns[0].fields if item.type == "int" and adds_up(item)]
    if not whole or len(sheet.of_kind("data")) < 2 or sheet.returns[0].form.key == ("reporter",):
        return False
    item = random.choice(whole)
    facts = [record.facts[item.id] for record in sheet.returns[0].records if item.id in record.facts]
    if any(fact.touched for fact in facts):
        return False
    for fact in facts:
        fact.touched = True
    sheet.lines = [line for line in sheet.lines if line.kind != "total"]
    line = total_line(sheet, [one.record for one in sheet.of_kind("data") if one.record])
    for cell in line.cells:
        if isinstance(cell.value, Sum) and cell.value.field == item.id:
            cell.value = sum(int(fact.value) for fact in facts if fact.value is not None) + 7
    sheet.lines.insert(sheet.last("data") + 1, line)
    book.told.add("F02")
    return True
