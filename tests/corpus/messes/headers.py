"""What the header says, and how it is built (D26–D29, D31, D33, D34)."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from ..model import Book, Cell, Line
from .columns import mapped, titled
from .registry import add, mess


def _spelled(name: str, title: str, write: Callable[[str, Random], str], *rules: str) -> None:
    def make(book: Book, random: Random) -> bool:
        cells = [
            cell
            for name in mapped(book.main)
            if (cell := titled(book.main, name)) and isinstance(cell.value, str)
        ]
        for cell in random.sample(cells, max(1, len(cells) // 2)):
            cell.value = write(str(cell.value), random)
        return bool(cells)

    add(name, title, rules, "header", make, group="header-text")


_spelled(
    "header_breaks",
    "表头含换行、空格",
    lambda t, r: t[:2] + r.choice(("\n", " ", "\u3000", "\r\n")) + t[2:],
    "D28",
)
_spelled("header_blanks", "表头字间有空格", lambda t, r: " ".join(t) if "(" not in t else t, "D28")
_spelled(
    "header_numbers",
    "表头带序号",
    lambda t, r: (
        f"{r.randint(1, 9)}{'、' if t[0].isdigit() else r.choice('.、．')}{t}" if "." not in t else t
    ),
    "D28",
)
_spelled(
    "header_footnotes",
    "表头带脚注号、星号",
    lambda t, r: f"{t}{r.choice(('*', '※', '①'))}" if r.random() < 0.7 else f"*{t}",
    "D28",
)
_spelled(
    "header_width",
    "表头全角半角混用",
    lambda t, r: t.translate(str.maketrans("()0123456789", "（）０１２３４５６７８９")),
    "D28",
)
_spelled("header_quotes", "引号不同", lambda t, r: t.replace("“", '"').replace("”", '"'), "D28")
_spelled("header_hints", "表头带填写提示", lambda t, r: f"{t}（必填）" if "(" not in t else t, "D28")


@mess("header", "表头用别名", "D29", group="header-text measure header-twice")
def aliases(book: Book, random: Random) -> bool:
    sheet = book.main
    form = sheet.returns[0].form
    claimed: dict[str, int] = {}
    for item in form.fields:
        for text in {item.title, *(alias.text for alias in item.aliases)}:
            claimed[text] = claimed.get(text, 0) + 1
    done = False
    for name in mapped(sheet):
        item, cell = form.by_id[name], titled(sheet, name)
        usable = [
            a.text
            for a in item.aliases
            if claimed[a.text] == 1 and a.dated.holds(sheet.returns[0].period.end)
        ]
        if usable and cell and not item.group and random.random() < 0.6:
            cell.value, done = random.choice(usable), True
    return done


@mess("header", "选填列表头错别字", "D29", "D30", group="header-twice")
def misspelled_header(book: Book, random: Random) -> bool:
    """Edit distance is only ever a suggestion: the column is not read, and that is said."""
    sheet = book.main
    optional = [
        n
        for n in mapped(sheet)
        if not sheet.returns[0].form.by_id[n].required
        and sheet.returns[0].form.by_id[n].type not in ("township", "village")
    ]
    if not optional or any(i.group for i in sheet.returns[0].fields):
        return False
    name = random.choice(optional)
    cell = titled(sheet, name)
    if cell is None:
        return False
    cell.value = str(cell.value)[0] + "吗" + str(cell.value)[2:]
    for fact in sheet.facts():
        if fact.field.id == name and fact.wanted == "read":
            fact.wanted, fact.rule = "free", ""
    book.told.add("D30")
    return True


@mess("header", "必填列表头认不出", "D31", group="header-lost header-twice")
def required_unknown(book: Book, random: Random) -> bool:
    sheet = book.main
    required = [
        n
        for n in mapped(sheet)
        if sheet.returns[0].form.by_id[n].required
        and sheet.returns[0].form.by_id[n].type not in ("township",)
    ]
    if not required:
        return False
    cell = titled(sheet, random.choice(required))
    if cell is None:
        return False
    cell.value = "栏目甲乙"
    sheet.refuse()
    return True


@mess("header", "两层合并表头", "D27", group="levels", needs="merges")
def two_levels(book: Book, random: Random) -> bool:
    """Some columns under a common word, the others merged over both rows."""
    sheet = book.main
    heads = sheet.of_kind("head")
    if len(heads) != 1 or sheet.width < 6:
        return False
    leaf = heads[0]
    above = Line("head", [Cell() for _ in leaf.cells])
    first = random.randint(2, sheet.width - 3)
    last = min(sheet.width - 1, first + random.randint(1, 3))
    for column, cell in enumerate(leaf.cells):
        if first <= column <= last:
            continue
        above.cells[column].value, cell.value = cell.value, None
        if above.cells[column].value is not None:
            sheet.merges.append((above.cells[column], cell))
    above.cells[first].value = random.choice(("基本情况", "有关数据", "本期情况", "其中"))
    sheet.merges.append((above.cells[first], above.cells[last]))
    sheet.lines.insert(sheet.first("head"), above)
    return True


@mess("header", "三层合并表头", "D27", group="levels", needs="merges")
def three_levels(book: Book, random: Random) -> bool:
    sheet = book.main
    if not two_levels(book, random):
        return False
    top = Line("head", [Cell() for _ in range(sheet.width)])
    top.cells[0].value = "主要指标"
    sheet.merges.append((top.cells[0], top.cells[-1]))
    sheet.lines.insert(sheet.first("head"), top)
    return True


@mess("header", "表头下有栏次行", "D28", group="row-under-header")
def column_numbers(book: Book, random: Random) -> bool:
    """甲 乙 1 2 3: the row of column numbers that every statistical form has."""
    sheet = book.main
    style = random.choice(("1", "(1)", "甲", "1栏", "第1栏"))
    cells = [Cell(n if style == "1" else style.replace("1", str(n))) for n in range(1, sheet.width + 1)]
    if style == "甲":
        cells = [Cell(w) for w in "甲乙"] + [Cell(n) for n in range(1, sheet.width - 1)]
    sheet.lines.insert(sheet.last("head") + 1, Line("other", cells))
    return True


@mess("header", "表头下有单位行", "D28", "D51", group="row-under-header")
def measure_row(book: Book, random: Random) -> bool:
    sheet = book.main
    form = sheet.returns[0].form
    leaf = sheet.of_kind("head")[-1]
    if (
        len(sheet.of_kind("head")) > 1
        or any(sheet.scale.values())
        or any(
            isinstance(c.value, str) and "(" in c.value and c.heads and form.by_id[c.heads].measure
            for c in leaf.cells
        )
    ):
        return False
    cells = [
        Cell(form.by_id[c.heads].measure or None) if c.heads and form.by_id[c.heads].numeric else Cell()
        for c in leaf.cells
    ]
    if sum(c.value is not None for c in cells) < 2:
        return False
    sheet.lines.insert(sheet.last("head") + 1, Line("other", cells))
    return True


@mess("header", "删去表头", "D33", group="header-lost header-twice")
def no_header(book: Book, random: Random) -> bool:
    sheet = book.main
    gone = {cell for line in sheet.of_kind("head") for cell in line.cells}
    sheet.lines = [line for line in sheet.lines if line.kind != "head"]
    sheet.merges = [(a, b) for a, b in sheet.merges if a not in gone and b not in gone]
    sheet.hidden_columns -= gone
    sheet.refuse()
    return True


@mess("header", "表头贴了两遍", "D34", group="header-twice row-under-header")
def header_twice(book: Book, random: Random) -> bool:
    sheet = book.main
    if len(sheet.of_kind("head")) > 1:
        return False
    copy = Line("other", [Cell(cell.value) for cell in sheet.of_kind("head")[0].cells])
    sheet.lines.insert(sheet.last("head") + 1, copy)
    return True


@mess("header", "两层表头没有合并单元格", "D27", group="levels")
def two_levels_unmerged(book: Book, random: Random) -> bool:
    """What is left of a merged header after it went through a text file: the common word over its first column only."""
    sheet = book.main
    heads = sheet.of_kind("head")
    if len(heads) != 1 or sheet.width < 7:
        return False
    leaf = heads[0]
    above = Line("head", [Cell() for _ in leaf.cells])
    first = random.randint(2, sheet.width - 4)
    last = first + random.randint(1, 2)
    for column, cell in enumerate(leaf.cells):
        if not first <= column <= last:
            above.cells[column].value, cell.value = cell.value, None
    above.cells[first].value = random.choice(("基本情况", "有关数据", "本期情况"))
    sheet.lines.insert(sheet.first("head"), above)
    return True


@mess("header", "表头占两行，上行为大类，下行齐全", "D27", group="levels", needs="merges")
def categories_above(book: Book, random: Random) -> bool:
    """A row of categories above a complete header row."""
    sheet = book.main
    if len(sheet.of_kind("head")) != 1 or sheet.width < 8:
        return False
    above = Line("head", [Cell() for _ in range(sheet.width)])
    at = 0
    for word in ("一、基本信息", "二、主要数据", "三、其他"):
        end = min(sheet.width - 1, at + random.randint(1, sheet.width // 3))
        above.cells[at].value = word
        if end > at:
            sheet.merges.append((above.cells[at], above.cells[end]))
        at = end + 1
        if at >= sheet.width:
            break
    sheet.lines.insert(sheet.first("head"), above)
    return True


@mess("header", "边界词不同：60岁以上、60岁及以上", "D29", group="header-text header-twice")
def other_bounds(book: Book, random: Random) -> bool:
    """61岁及以上 written as 60岁以上 is another set of people: a question, never a silent alias."""
    sheet = book.main
    found = [
        name
        for name in mapped(sheet)
        if re.search(r"\d+岁(?:及以上|及以下)|\d+—\d+岁", sheet.returns[0].form.by_id[name].title)
    ]
    if not found:
        return False
    name = random.choice(found)
    cell = titled(sheet, name)
    if cell is None:
        return False
    text = str(cell.value)
    changed = {
        "61岁及以上": random.choice(("60岁以上", "60岁及以上", "65岁及以上")),
        "35岁及以下": random.choice(("30岁及以下", "40岁以下")),
    }
    for old, new in changed.items():
        if old in text:
            cell.value = text.replace(old, new)
            break
    else:
        cell.value = re.sub(r"(\d+)—(\d+)岁", lambda m: f"{int(m[1]) - 1}—{int(m[2]) + 1}岁", text)
    for fact in list(sheet.facts()):
        fact.widely = True
        if fact.field.id == name:
            fact.refuse()
        elif fact.wanted == "read":
            fact.wanted, fact.rule = "free", ""
    return True
