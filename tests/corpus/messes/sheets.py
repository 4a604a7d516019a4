"""Messes of sheets, of who reports and for when (D17–D23, D36, D41)."""

from __future__ import annotations

from random import Random

from .. import drawing, truth
from ..model import Book, Cell, Line, Sheet
from ..world import townships
from .registry import mess

# ---------------------------------------------------------------------------------------------- who and when


def _title(book: Book) -> Cell:
    return book.main.lines[book.main.first("title")].cells[0]


def _title_cells(sheet: Sheet) -> list[Cell]:
    return [cell for line in sheet.of_kind("title") for cell in line.cells if isinstance(cell.value, str)]


def _retitle(book: Book, text: str) -> None:
    for cell in _title_cells(book.main):
        if book.main.returns[0].form.title in str(cell.value):
            cell.value = text


def _drop_sender(sheet: Sheet) -> None:
    for cell in _title_cells(sheet):
        if str(cell.value).startswith("填报单位"):
            cell.value = None


def _single(book: Book) -> bool:
    return len(book.sheets) == 1 and len(book.main.returns) == 1


@mess("identity", "报告期的各种写法", "D19", group="period")
def period_spelled(book: Book, random: Random) -> bool:
    owner = book.main.returns[0]
    year, quarter = owner.period.year, owner.period.quarter_number
    han = "一二三四"[quarter - 1]
    texts = [
        f"{year}年{han}季度",
        f"{year}年第{quarter}季度",
        f"{year}年度第{han}季度",
        f"{year}Q{quarter}",
        f"{year}年{quarter * 3 - 2}-{quarter * 3}月",
        f"{year}年{quarter * 3}月",
    ]
    texts.append("".join("〇一二三四五六七八九"[int(d)] for d in str(year)) + f"年{han}季度")
    _retitle(book, f"{random.choice(texts)}{owner.form.title}")
    return True


@mess("identity", "报告期只写在文件名、表名或报告期栏", "D19", group="sender period")
def period_elsewhere(book: Book, random: Random) -> bool:
    if not _single(book):
        return False
    owner = book.main.returns[0]
    _retitle(book, owner.form.title)
    where = random.choice(("file", "sheet", "cell", "option"))
    stem = owner.sender.name
    if where == "file":
        stem += random.choice(
            (f"{owner.period.year}年第{'一二三四'[owner.period.quarter_number - 1]}季度", owner.period.label)
        )
    elif where == "sheet":
        book.main.name, book.named_by_sheet = owner.period.title, True
    elif where == "cell":
        book.main.lines.insert(1, Line("title", [Cell("报告期："), Cell(owner.period.title)]))
        book.main.pad()
    else:
        book.period_option = owner.period
    book.name = f"{stem}.{book.extension}"
    return True


@mess("identity", "报告期前后矛盾", "D19", "C05", group="sender period")
def period_contradicted(book: Book, random: Random) -> bool:
    if not _single(book):
        return False
    owner = book.main.returns[0]
    book.name = f"{owner.sender.name}{owner.period.previous().title}.{book.extension}"
    book.main.refuse()
    return True


@mess("identity", "哪里都没有报告期", "C05", group="sender period")
def period_nowhere(book: Book, random: Random) -> bool:
    if not _single(book):
        return False
    owner = book.main.returns[0]
    _retitle(book, owner.form.title)
    book.name = f"{owner.sender.name}.{book.extension}"
    book.main.refuse()
    return True


@mess("identity", "单位只写在文件夹、文件名、表名", "D17", group="sender period")
def sender_elsewhere(book: Book, random: Random) -> bool:
    if not _single(book):
        return False
    owner = book.main.returns[0]
    _drop_sender(book.main)
    name = owner.sender.name
    book.name = f"报表{owner.period.label}.{book.extension}"
    where = random.choice(("folder", "file", "sheet", "title"))
    if where == "folder":
        book.path = f"{name}/{book.name}"
    elif where == "file":
        book.name = f"{name}{owner.period.label}最终版2.{book.extension}"
    elif where == "sheet":
        book.main.name, book.named_by_sheet = name, True
    else:
        _retitle(book, f"{name}{owner.period.title}{owner.form.title}")
    return True


@mess("identity", "填报单位写成部门：草尾镇人民政府、经管站", "D97", group="sender")
def sender_office(book: Book, random: Random) -> bool:
    owner = book.main.returns[0]
    name = owner.sender.name
    suffix = (
        random.choice(("人民政府", "党委", "经管站", "党政办"))
        if not name.endswith("街道")
        else random.choice(("办事处", "党工委"))
    )
    for cell in _title_cells(book.main):
        if str(cell.value).startswith("填报单位"):
            cell.value = random.choice(
                (
                    f"填报单位：{name}{suffix}",
                    f"填报单位（盖章）：{name}{suffix}",
                    f"填 报 单 位：{name}",
                    f"填报单位:清溪县{name}",
                )
            )
    return True


@mess("identity", "更名前的单位名", "D102", group="sender period")
def sender_renamed(book: Book, random: Random) -> bool:
    owner = book.main.returns[0]
    if owner.sender.name != "临江街道" or not _single(book):
        return False
    for cell in _title_cells(book.main):
        if str(cell.value).startswith("填报单位"):
            cell.value = "填报单位：临江镇"
    book.name = f"报表{owner.period.label}.{book.extension}"
    return True


@mess("identity", "填报单位与文件名矛盾", "C05", group="sender period")
def sender_contradicted(book: Book, random: Random) -> bool:
    if not _single(book):
        return False
    owner = book.main.returns[0]
    other = random.choice([u for u in townships(owner.period) if u.code != owner.sender.code])
    book.name = f"{other.name}{owner.period.label}.{book.extension}"
    book.main.refuse()
    return True


@mess("identity", "哪里都没有单位", "C05", group="sender period")
def sender_nowhere(book: Book, random: Random) -> bool:
    if not _single(book) or book.main.head("township"):
        return False
    _drop_sender(book.main)
    book.name = f"报表{book.main.returns[0].period.label}.{book.extension}"
    book.main.refuse()
    return True


@mess("identity", "工作表改名：Sheet1、表8、新", "D21", group="sheet-name")
def sheet_renamed(book: Book, random: Random) -> bool:
    if book.named_by_sheet:
        return False
    book.main.name = random.choice(
        ("Sheet1", "表8", "新", "报表(2)", "Sheet1 (3)", "集体经济(新)", "_x0031_", "A&B")
    )
    return True


# ---------------------------------------------------------------------------------------------- more than one


def _add(book: Book, sheet: Sheet, first: bool = False) -> None:
    used = {one.name for one in book.sheets}
    while sheet.name in used:
        sheet.name += "1"
    book.sheets.insert(len(book.sheets) if not first else 0, sheet)


@mess("sheets", "说明页、字典页、空白页", "D22", needs="types")
def other_sheets(book: Book, random: Random) -> bool:
    form = book.main.returns[0].form
    lines = [
        Line("other", [Cell("填表说明")]),
        Line("other", [Cell(f"1.《{form.title}》由{form.filled_by}填报。")]),
    ]
    lines += [
        Line("other", [Cell(item.title), Cell(item.measure or "文字"), Cell(12)]) for item in form.fields[:6]
    ]
    _add(book, Sheet("填表说明", lines, []))
    listed = [
        Line("other", [Cell("学历"), Cell("政治面貌")]),
        Line("other", [Cell("大专"), Cell("中共党员")]),
    ]
    _add(book, Sheet("字典", listed, []))
    _add(book, Sheet("Sheet3", [], []))
    return True


@mess("sheets", "隐藏的旧表", "D23", needs="hidden types")
def hidden_sheet(book: Book, random: Random) -> bool:
    """Last time's copy in a hidden sheet: not read, and said."""
    owner = book.main.returns[0]
    old = drawing.sheet(random, truth.made(random, owner.form.id, owner.period, owner.sender))
    for line in old.lines:
        for cell in line.cells:
            cell.fact = None
    old.hidden, old.name = True, "旧"
    old.returns = []
    _add(book, old)
    book.told.add("D23")
    return True


@mess("sheets", "另一张表是上季的", "D18", needs="types", group="sender period")
def last_quarter_too(book: Book, random: Random) -> bool:
    """Its own title says so: it is the return of that quarter, never of this one."""
    owner = book.main.returns[0]
    old = drawing.sheet(random, truth.made(random, owner.form.id, owner.period.previous(), owner.sender))
    if old.returns[0].sender.name != owner.sender.name or owner.period.previous().label == "2025Q2":
        return False
    old.name = "上季"
    old.doubt()
    book.name = f"{owner.sender.name}.{book.extension}"
    _add(book, old)
    return True


@mess("sheets", "一个工作簿几张报表", "D21", needs="types")
def several_forms(book: Book, random: Random) -> bool:
    owner = book.main.returns[0]
    for form in random.sample([f for f in truth.form_ids() if f != owner.form.id], 2):
        _add(book, drawing.sheet(random, truth.made(random, form, owner.period, owner.sender)))
    return True


@mess("sheets", "一个工作簿几个乡镇，各一表", "D17", needs="types", group="sender period")
def several_townships(book: Book, random: Random) -> bool:
    owner = book.main.returns[0]
    others = [u for u in townships(owner.period) if u.code != owner.sender.code]
    for other in random.sample(others, 2):
        sheet = drawing.sheet(random, truth.made(random, owner.form.id, owner.period, other))
        sheet.name = other.name
        _add(book, sheet)
    book.name = f"全县{owner.period.label}.{book.extension}"
    return True


@mess("sheets", "一个工作表上下两张表", "D41", group="tables")
def stacked(book: Book, random: Random) -> bool:
    """Another form below: split when the headers say so, else refused."""
    owner = book.main.returns[0]
    form = random.choice([f for f in truth.form_ids() if f != owner.form.id])
    other = drawing.sheet(random, truth.made(random, form, owner.period, owner.sender))
    sheet = book.main
    sheet.lines.append(Line("other", [Cell() for _ in range(sheet.width)]))
    sheet.lines += other.lines
    sheet.merges += other.merges
    sheet.returns.append(other.returns[0])
    sheet.pad()
    sheet.doubt()
    return True


@mess("sheets", "同一张表上下两段（续）", "D41", group="tables")
def continued_below(book: Book, random: Random) -> bool:
    """The table goes on under a second header with its own title."""
    sheet = book.main
    lines = sheet.of_kind("data")
    if len(lines) < 4 or len(sheet.of_kind("head")) != 1 or sheet.merges:
        return False
    at = sheet.lines.index(lines[len(lines) // 2])
    again = [
        Line("other", [Cell() for _ in range(sheet.width)]),
        Line(
            "other", [Cell(f"{sheet.returns[0].form.title}（续）"), *(Cell() for _ in range(sheet.width - 1))]
        ),
        Line("other", [Cell(cell.value) for cell in sheet.of_kind("head")[0].cells]),
    ]
    sheet.lines[at:at] = again
    sheet.doubt()
    return True


@mess("sheets", "一个工作表左右两张表", "D41", group="tables")
def side_by_side(book: Book, random: Random) -> bool:
    """The second half of the rows beside the first, under the same header: split, or refused."""
    sheet = book.main
    if any(fact.rule == "D53" for fact in sheet.facts()):
        return False  # half a column has too few amounts to tell which one is odd
    lines = sheet.of_kind("data")
    if (
        len(lines) < 4
        or len(sheet.of_kind("head")) > 1
        or sheet.merges
        or sheet.of_kind("total")
        or sheet.of_kind("other")
    ):
        return False
    book.told.discard("D24")
    half = len(lines) // 2
    left, right = lines[:half], lines[half : 2 * half]
    rest = lines[2 * half :]
    head = sheet.of_kind("head")[0]
    gap = [Cell()] if random.random() < 0.5 else []
    width = sheet.width
    head.cells += [*gap, *(Cell(cell.value) for cell in head.cells[:width])]
    for a, b in zip(left, right, strict=True):
        a.cells += [*gap, *b.cells] if not gap else [Cell(), *b.cells]
        sheet.lines.remove(b)
    for line in rest:
        sheet.lines.remove(line)
        for cell in line.cells:
            if cell.fact:
                cell.fact.record.facts.pop(cell.fact.field.id)
    sheet.pad()
    sheet.doubt()
    return True


@mess("sheets", "转置表", "D36", group="tables")
def transposed(book: Book, random: Random) -> bool:
    """Fields in rows, records in columns: refused, unless the form allows it."""
    sheet = book.main
    if sheet.merges or len(sheet.of_kind("head")) > 1 or sheet.hidden_columns:
        return False
    table = [line for line in sheet.lines if line.kind in ("head", "data")]
    turned = [Line("other", [line.cells[n] for line in table]) for n in range(len(table[0].cells))]
    above = [line for line in sheet.lines if line.kind == "title"]
    sheet.lines = [*above, *turned]
    book.told.discard("D24")
    sheet.pad()
    if sheet.returns[0].form.transposable:
        sheet.doubt()
    else:
        sheet.refuse()
    return True


@mess("sheets", "县里汇总：一个表里几个乡镇的村", "D17", "D98", group="tables sender period header-twice")
def county_sheet(book: Book, random: Random) -> bool:
    """Each row says its township; same-named villages are told apart by it. Each township gets its own return."""
    sheet = book.main
    if any(sheet.scale.values()):
        return False
    owner = sheet.returns[0]
    if (
        "township" not in owner.form.by_id
        or len(sheet.of_kind("head")) != 1
        or not _single(book)
        or sheet.of_kind("total")
    ):
        return False
    if (
        not all(record.untouched for record in owner.records)
        or any(cell.heads == "township" for cell in sheet.of_kind("head")[0].cells) is False
    ):
        return False
    others = random.sample([u for u in townships(owner.period) if u.code != owner.sender.code], 2)
    at = sheet.last("data") + 1
    shape = [cell.fact.field if cell.fact else None for cell in sheet.of_kind("data")[0].cells]
    for other in others:
        more = truth.made(random, owner.form.id, owner.period, other)
        more.fields = owner.fields
        more.records.clear()
        for number, village in enumerate(truth.whose(random, owner.form, owner.period, other)):
            record = truth.add(random, more, village, number)
            cells = [drawing.shown(record.facts[item.id]) if item else Cell() for item in shape]
            sheet.lines.insert(at, Line("data", cells, record))
            at += 1
    _drop_sender(sheet)
    sheet.lines[sheet.first("title")].cells[0].value = f"清溪县{owner.period.title}{owner.form.title}"
    book.name = f"全县{owner.period.label}.{book.extension}"
    return True


@mess("identity", "文件名里有日期、版本", "D13", "D19", group="sender period")
def noisy_file_name(book: Book, random: Random) -> bool:
    if not _single(book):
        return False
    owner = book.main.returns[0]
    name = owner.sender.name
    book.name = (
        random.choice(
            (
                f"{name}（4.8改）最终版3",
                f"{name}20260408",
                f"0408{name}定稿",
                f"{name}报表(1)",
                f"{name} - 副本",
                f"【{name}】{owner.form.title[:6]}",
                "新建 Microsoft Excel 工作表",
            )
        )
        + f".{book.extension}"
    )
    return True


@mess("identity", "表上有填报日期", "D19", "D39", group="dates-above")
def reported_on(book: Book, random: Random) -> bool:
    """The day it was sent is no period."""
    sheet = book.main
    text = random.choice(
        (
            "填报时间：2026年4月8日",
            "填报日期：2026.4.8",
            "2026年4月8日",
            "报送日期：2026/4/8",
            "截至2026年3月31日",
        )
    )
    sheet.lines.insert(
        sheet.first("title") + 1,
        Line("title", [Cell(), Cell(text), *(Cell() for _ in range(sheet.width - 2))]),
    )
    return True


@mess("identity", "表上方提到另一个季度", "D19", group="dates-above")
def other_period_mentioned(book: Book, random: Random) -> bool:
    """A remark about last quarter: this quarter's return, or a question, never last quarter's."""
    sheet = book.main
    before = sheet.returns[0].period.previous().title
    text = random.choice((f"（{before}数据见附件）", f"注：与{before}口径一致", f"{before}已报，本季更新"))
    sheet.lines.insert(
        sheet.first("title") + 1, Line("title", [Cell(text), *(Cell() for _ in range(sheet.width - 1))])
    )
    sheet.doubt()
    return True
