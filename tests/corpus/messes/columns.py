"""Which columns there are (D25, D30–D32, D40, D41)."""

from __future__ import annotations

from random import Random

from ..model import Book, Cell, Line, Sheet
from .registry import mess


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


@mess("columns", "同一项目两列，数不同", "D41", group="header-text header-twice")
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
