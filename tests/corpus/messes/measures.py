"""Which measure the header and the corner state (D26, D51)."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from ..model import Book, Cell, Line, Sheet, number
from .columns import column_of, mapped, titled
from .registry import mess


def _wan(sheet: Sheet) -> list[str]:
    form = sheet.returns[0].form
    return [n for n in mapped(sheet) if form.by_id[n].type == "money" and form.by_id[n].measure == "万元"]


def _in_yuan(sheet: Sheet, names: list[str]) -> None:
    for name in names:
        sheet.scale[name] = 4
    for line in sheet.lines:
        for cell in line.cells:
            if cell.fact and cell.fact.field.id in names and isinstance(cell.value, int | float):
                cell.value = number(Decimal(cell.fact.value).scaleb(4))


def _corner(sheet: Sheet, text: str) -> None:
    sheet.lines[1].cells[-1].value = text


@mess("measures", "表角注明单位：元，整表为元", "D51", group="measure")
def corner_yuan(book: Book, random: Random) -> bool:
    sheet = book.main
    form = sheet.returns[0].form
    names = _wan(sheet)
    money = [i for i in form.fields if i.type == "money"]
    if not names or 2 * sum(i.measure == "万元" for i in money) <= len(money) or sheet.width < 4:
        return False
    for name in names:
        cell = titled(sheet, name)
        if cell:
            cell.value = str(cell.value).replace("(万元)", "")
    _in_yuan(sheet, names)
    _corner(
        sheet,
        random.choice(
            (
                "单位：元",
                "金额单位：元",
                "计量单位：元、人",
                "单位:元",
                "（单位：元）",
                "金额单位：人民币元",
                "单位：元（保留两位小数）",
                "计量单位（元）",
                "单位：￥元",
                "金额：元",
                "单位：元 、个",
                "单位：圆",
            )
        ),
    )
    return True


@mess("measures", "表角注明另一种货币", "D51", group="measure")
def corner_foreign(book: Book, random: Random) -> bool:
    sheet = book.main
    form = sheet.returns[0].form
    money = [i for i in form.fields if i.type == "money"]
    if not _wan(sheet) or 2 * sum(i.measure == "万元" for i in money) <= len(money) or sheet.width < 4:
        return False
    _corner(sheet, random.choice(("单位：美元", "金额单位：万美元", "货币单位：港元")))
    sheet.refuse()
    return True


@mess("measures", "表头注明(元)", "D51", group="measure")
def header_yuan(book: Book, random: Random) -> bool:
    sheet = book.main
    names = _wan(sheet)
    if not names:
        return False
    name = random.choice(names)
    cell = titled(sheet, name)
    if cell is None:
        return False
    cell.value = str(cell.value).replace("(万元)", "") + random.choice(("(元)", "（元）", "（单位：元）"))
    _in_yuan(sheet, [name])
    return True


@mess("measures", "表角与表头的单位矛盾", "D51", group="measure")
def measures_contradict(book: Book, random: Random) -> bool:
    sheet = book.main
    form = sheet.returns[0].form
    names = _wan(sheet)
    money = [i for i in form.fields if i.type == "money"]
    if not names or 2 * sum(i.measure == "万元" for i in money) <= len(money) or sheet.width < 4:
        return False
    cell = titled(sheet, names[0])
    if cell is None:
        return False
    cell.value = str(cell.value).replace("(万元)", "") + "(万元)"
    _corner(sheet, "单位：元")
    sheet.refuse()
    return True


@mess("measures", "表角注明单位：万元", "D26", group="measure")
def corner_wan(book: Book, random: Random) -> bool:
    sheet = book.main
    if not _wan(sheet) or sheet.width < 4:
        return False
    _corner(sheet, random.choice(("单位：万元", "金额单位：万元、人", "单 位：万元")))
    return True


@mess("measures", "表头合并行注明单位(元)", "D51", group="measure", needs="merges")
def grouped_yuan(book: Book, random: Random) -> bool:
    """A parent header says the measure for the columns below it."""
    sheet = book.main
    names = _wan(sheet)
    if len(names) < 2 or len(sheet.of_kind("head")) > 1:
        return False
    leaf = sheet.of_kind("head")[0]
    above = Line("head", [Cell() for _ in leaf.cells])
    at = sorted(column_of(sheet, n) for n in names)
    run = [c for n, c in enumerate(at) if c - at[0] == n]
    chosen = [leaf.cells[c].heads for c in run]
    if len(chosen) < 2:
        return False
    for column in run:
        leaf.cells[column].value = str(leaf.cells[column].value).replace("(万元)", "")
    above.cells[run[0]].value = random.choice(("收支情况(元)", "金额（单位：元）", "有关资金(元)"))
    sheet.merges.append((above.cells[run[0]], above.cells[run[-1]]))
    for column, cell in enumerate(leaf.cells):
        if column not in run and cell.value is not None:
            above.cells[column].value, cell.value = cell.value, None
            sheet.merges.append((above.cells[column], cell))
    sheet.lines.insert(sheet.first("head"), above)
    _in_yuan(sheet, chosen)
    return True
