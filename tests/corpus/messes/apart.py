"""Tables of one sheet that do not begin in one row, and what their headers leave behind (D40, D41, D44)."""

from __future__ import annotations

from random import Random

from ..model import Book, Cell, Line, Sheet
from .registry import mess


def _plain(sheet: Sheet) -> bool:
    return (
        not (sheet.merges or sheet.of_kind("total") or sheet.of_kind("other"))
        and len(sheet.of_kind("head")) == 1
    )


@mess("sheets", "左右两张表，表头不在同一行", "D41", group="tables")
def beside_at_another_height(book: Book, random: Random) -> bool:
    """The second half of the rows beside the first, under a header of its own one to three rows further down."""
    sheet = book.main
    lines = sheet.of_kind("data")
    if len(lines) < 4 or not _plain(sheet) or any(fact.rule == "D53" for fact in sheet.facts()):
        return False
    book.told.discard("D24")
    head = sheet.of_kind("head")[0]
    width = len(head.cells)
    moved = lines[len(lines) // 2 :]
    beside = [Line("head", [Cell(cell.value) for cell in head.cells]), *moved]
    for line in moved:
        sheet.lines.remove(line)
    first = sheet.first("head") + random.randint(1, 3)
    for number, line in enumerate(beside, first):
        while number >= len(sheet.lines) or sheet.lines[number].kind == "below":
            sheet.lines.insert(number, Line("data", [Cell() for _ in range(width)]))
        own = sheet.lines[number]
        own.cells += [Cell() for _ in range(width + 1 - len(own.cells))] + line.cells
    sheet.pad()
    sheet.doubt()
    return True


@mess("sheets", "续页表头改了字，认不出", "D41", group="tables")
def retyped_header(book: Book, random: Random) -> bool:
    """The page below bears a header that half its words make a header, and that is none of a form: its rows must not be lost in silence."""
    sheet = book.main
    lines = sheet.of_kind("data")
    if len(lines) < 4 or not _plain(sheet):
        return False
    book.told.clear()
    head = sheet.of_kind("head")[0]
    named = [cell for cell in head.cells if cell.heads]
    if len(named) < 6:
        return False
    kept = set(random.sample(range(len(named)), (len(named) + 1) // 2))
    words = {cell: cell.value if n in kept else f"栏目{n}" for n, cell in enumerate(named)}
    second = lines[len(lines) // 2 :]
    cells = [Cell(words.get(cell)) for cell in head.cells]
    sheet.lines.insert(sheet.lines.index(second[0]), Line("other", cells))
    for line in second:
        if line.record:
            line.record.doubt()
    sheet.doubt()
    return True


@mess("header", "一栏占两列：表头和各行都横向合并", "D44", needs="merges", group="header-twice")
def drawn_over_two(book: Book, random: Random) -> bool:
    """Forms laid out for print draw one column over two of the sheet's."""
    sheet = book.main
    if not _plain(sheet):
        return False
    head = sheet.of_kind("head")[0]
    named = [cell for cell in head.cells if cell.heads]
    chosen = random.choice(named)
    at = head.cells.index(chosen)
    for line in sheet.lines:
        if line.kind not in ("head", "data") or len(line.cells) <= at:
            continue
        beside = Cell()
        line.cells.insert(at + 1, beside)
        if line is head or random.random() < 0.8:
            sheet.merges.append((line.cells[at], beside))
    return True


@mess("sheets", "签名行下面的草稿", "D39", "D40")
def scratch_below_signatures(book: Book, random: Random) -> bool:
    """Figures below who filled in the sheet, in whatever columns."""
    sheet = book.main
    if not sheet.of_kind("below"):
        return False
    row = [Cell() for _ in range(sheet.width)]
    for place in random.sample(range(sheet.width), min(3, sheet.width // 3)):
        row[place].value = random.choice((123, 45.6, "核对"))
    sheet.lines += [Line("below", [Cell()]), Line("below", row)]
    return True
