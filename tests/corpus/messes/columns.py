"""Messes of columns and their headers (D25–D33, D51)."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from random import Random

from ..model import Book, Cell, Line, Sheet, number
from .registry import add, mess


def titled(sheet: Sheet, name: str) -> Cell | None:
    """The header cell that bears a field's title: of a merged one the upper."""
    leaf = sheet.head(name)
    if leaf is None or leaf.value is not None:
        return leaf
    places = sheet.positions()
    return next(
        (first for first, last in sheet.merges if last is leaf and places[first][1] == places[leaf][1]), None
    )


def mapped(sheet: Sheet) -> list[str]:
    """The fields that have a column in the sheet."""
    return [cell.heads for line in sheet.of_kind("head") for cell in line.cells if cell.heads]


def column_of(sheet: Sheet, name: str) -> int:
    leaf = sheet.head(name)
    assert leaf is not None
    return sheet.positions()[leaf][1]


def inside(sheet: Sheet, line: Line) -> bool:
    return line.kind in ("head", "data", "total", "other")


def insert(sheet: Sheet, at: int, cells: dict[Line, Cell]) -> None:
    """A new column at `at`, in every row (titles and rows below the table keep their shape)."""
    for line in sheet.lines:
        line.cells.insert(at, cells.get(line, Cell()))


# ---------------------------------------------------------------------------------------------- header texts


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


@mess("columns", "少一必填列", "D31", group="header-lost")
def required_missing(book: Book, random: Random) -> bool:
    sheet = book.main
    required = [
        n
        for n in mapped(sheet)
        if sheet.returns[0].form.by_id[n].required
        and sheet.returns[0].form.by_id[n].type not in ("township", "village")
    ]
    if not required or any(i.group for i in sheet.returns[0].fields):
        return False
    _drop(sheet, column_of(sheet, random.choice(required)))
    sheet.refuse()
    return True


@mess("columns", "少一选填列", "D31")
def optional_missing(book: Book, random: Random) -> bool:
    sheet = book.main
    form = sheet.returns[0].form
    optional = [
        n
        for n in mapped(sheet)
        if not form.by_id[n].required
        and form.by_id[n].type not in ("township", "village")
        and n not in form.key
    ]
    if not optional or any(i.group for i in sheet.returns[0].fields):
        return False
    name = random.choice(optional)
    _drop(sheet, column_of(sheet, name))
    return True


def _drop(sheet: Sheet, at: int) -> None:
    gone = {line.cells[at] for line in sheet.lines if len(line.cells) > at and inside(sheet, line)}
    for line in sheet.lines:
        if inside(sheet, line) and len(line.cells) > at:
            cell = line.cells.pop(at)
            if cell.fact:
                cell.fact.record.facts.pop(cell.fact.field.id, None)
    sheet.merges = [(a, b) for a, b in sheet.merges if a not in gone and b not in gone]
    sheet.pad()


@mess("columns", "列顺序调整", "D32", group="order")
def reordered(book: Book, random: Random) -> bool:
    sheet = book.main
    if any(item.group for item in sheet.returns[0].fields) or sheet.merges:
        return False
    columns = [sheet.positions()[c][1] for line in sheet.of_kind("head") for c in line.cells if c.heads]
    shuffled = random.sample(columns, len(columns))
    for line in sheet.lines:
        if inside(sheet, line):
            before = list(line.cells)
            for source, target in zip(columns, shuffled, strict=True):
                line.cells[target] = before[source]
    return True


@mess("columns", "自加列", "D30")
def own_columns(book: Book, random: Random) -> bool:
    """Columns of one's own between the form's, with numbers in them."""
    sheet = book.main
    leaf = sheet.of_kind("head")[-1]
    for title in random.sample(
        ("联系领导", "核对数", "比上年增长(%)", "镇内编号", "去年同期数", "备查", "完成比例", "排名"),
        random.randint(1, 2),
    ):
        at = random.randint(1, sheet.width)
        cells = {
            line: Cell(round(random.uniform(1, 99), 2))
            for line in sheet.lines
            if line.kind in ("data", "total")
        }
        insert(sheet, at, cells | {leaf: Cell(title)})
    return True


@mess("columns", "同期数列：上年同期、增减", "D30")
def comparison_columns(book: Book, random: Random) -> bool:
    """A field's figure of last year beside this year's: 经营收入 and 经营收入(上年同期)."""
    sheet = book.main
    numeric = [n for n in mapped(sheet) if sheet.returns[0].form.by_id[n].numeric]
    if not numeric:
        return False
    leaf = sheet.of_kind("head")[-1]
    name = random.choice(numeric)
    title = sheet.returns[0].form.by_id[name].title
    for word in random.choice((("上年同期", "增减%"), ("上季数",), ("年度计划",))):
        cells = {line: Cell(round(random.uniform(1, 99), 2)) for line in sheet.lines if line.kind == "data"}
        text = random.choice((f"{title}({word})", f"{word}{title}", f"{title}{word}", word))
        insert(sheet, column_of(sheet, name) + 1, cells | {leaf: Cell(text)})
    return True


@mess("columns", "隐藏列", "D25", needs="hidden")
def hidden_columns(book: Book, random: Random) -> bool:
    sheet = book.main
    leaf = sheet.head(random.choice(mapped(sheet)))
    assert leaf is not None
    sheet.hidden_columns.add(leaf)
    book.told.add("D25")
    return True


@mess("columns", "隐藏的旧数列", "D25", "D30", "D41", needs="hidden")
def hidden_old_column(book: Book, random: Random) -> bool:
    """Last quarter's figures under the same title in a hidden column: the visible one is meant, or nobody can tell."""
    sheet = book.main
    numeric = [n for n in mapped(sheet) if sheet.returns[0].form.by_id[n].numeric]
    if not numeric or any(i.group for i in sheet.returns[0].fields):
        return False
    name = random.choice(numeric)
    old = titled(sheet, name)
    if old is None:
        return False
    head = Cell(str(old.value))
    cells = {line: Cell(round(random.uniform(1, 99), 1)) for line in sheet.lines if line.kind == "data"}
    leaf = sheet.of_kind("head")[-1]
    at = column_of(sheet, name)
    insert(sheet, random.choice((at, at + 1)), cells | {leaf: head})
    sheet.hidden_columns.add(head)
    sheet.doubt()
    return True


@mess("columns", "空列夹杂", "D40")
def blank_columns(book: Book, random: Random) -> bool:
    for _ in range(random.randint(1, 2)):
        insert(book.main, random.randint(0, book.main.width), {})
    return True


@mess("columns", "表右边有草稿", "D40")
def scratch_right(book: Book, random: Random) -> bool:
    """Sums and notes beyond the last column, without a header."""
    sheet = book.main
    for line in sheet.lines:
        if line.kind in ("data", "total") and random.random() < 0.6:
            line.cells += [Cell(), Cell(random.choice((12.5, 88, "核", 1024, "差0.3")))]
    sheet.pad()
    return True


@mess("columns", "没有序号列、序号乱", "D28", group="serial")
def serial(book: Book, random: Random) -> bool:
    """A 序号 column of formulas, of blanks, of texts; or another one at the end."""
    sheet = book.main
    leaf = sheet.of_kind("head")[-1]
    lines = sheet.of_kind("data")
    cells = {line: Cell(random.choice((n, f"{n}.", f"({n})", None))) for n, line in enumerate(lines, 1)}
    insert(
        sheet,
        random.choice((0, sheet.width)),
        cells | {leaf: Cell(random.choice(("序号", "序 号", "NO.", "行次", "")))},
    )
    return True


# ---------------------------------------------------------------------------------------------- header blocks


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
    style = random.choice(("1", "(1)", "甲"))
    cells = [Cell(n if style == "1" else f"({n})") for n in range(1, sheet.width + 1)]
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


# ---------------------------------------------------------------------------------------------- measures


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
    _corner(sheet, random.choice(("单位：元", "金额单位：元", "计量单位：元、人", "单位:元")))
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


@mess("columns", "同一项目两列，数不同", "D41", group="header-text")
def column_twice(book: Book, random: Random) -> bool:
    """Two visible columns of one title with other numbers: nobody can tell which counts."""
    sheet = book.main
    numeric = [n for n in mapped(sheet) if sheet.returns[0].form.by_id[n].numeric]
    if not numeric or any(i.group for i in sheet.returns[0].fields):
        return False
    name = random.choice(numeric)
    title = titled(sheet, name)
    if title is None:
        return False
    cells = {line: Cell(round(random.uniform(1, 99), 1)) for line in sheet.lines if line.kind == "data"}
    at = column_of(sheet, name) + random.choice((0, 1))
    insert(sheet, at, cells | {sheet.of_kind("head")[-1]: Cell(title.value)})
    sheet.refuse()
    return True
