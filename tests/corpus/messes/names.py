"""Messes of the names of villages and townships (D97–D103)."""

from __future__ import annotations

from random import Random

from ..model import Book, Cell, Fact, Line
from ..world import townships, villages, world
from .registry import mess


def _named(book: Book) -> list[tuple[Line, Cell, Fact]]:
    """Rows whose village nobody has touched."""
    return [
        (line, cell, cell.fact)
        for sheet in book.sheets
        if not sheet.hidden
        for line in sheet.of_kind("data")
        if (cell := line.of("village")) and cell.fact and cell.fact.record.untouched and cell.fact.value
    ]


def _write(cell: Cell, fact: Fact, text: str, rule: str = "") -> None:
    cell.value = text
    fact.read_as(fact.value, rule)


@mess("places", "村名变体：村委会、草尾镇上码头村、上码头", "D97")
def variants(book: Book, random: Random) -> bool:
    found = _named(book)
    for _, cell, fact in random.sample(found, min(len(found), random.randint(1, 4))):
        name, township = fact.value, fact.record.owner.sender.name
        offices = (
            (f"{name}民委员会", f"{name}委会", f"{name}民委员会")
            if name.endswith("村")
            else (f"{name}居委会", f"{name}居民委员会")
        )
        _write(cell, fact, random.choice((*offices, f"{township}{name}", f"清溪县{township}{name}")), "D97")
    return bool(found)


@mess("places", "村名中有空格、换行、零宽字符", "D97")
def name_blanks(book: Book, random: Random) -> bool:
    found = _named(book)
    for _, cell, fact in random.sample(found, min(len(found), 3)):
        name = fact.value
        _write(
            cell,
            fact,
            random.choice(
                (
                    f"{name[0]} {name[1:]}",
                    f" {name}",
                    f"{name}\u3000",
                    f"{name}\n",
                    f"\u200b{name}",
                    name.replace("村", " 村"),
                )
            ),
        )
    return bool(found)


@mess("places", "村名省去“村”字", "D97")
def stem_only(book: Book, random: Random) -> bool:
    """Where a community bears the same name, a stem is ambiguous."""
    found = _named(book)
    for _, cell, fact in random.sample(found, min(len(found), 2)):
        stem = fact.value.removesuffix("村").removesuffix("社区")
        owner = fact.record.owner
        same = [
            u
            for u in villages(owner.period, owner.sender)
            if u.name.removesuffix("村").removesuffix("社区") == stem
        ]
        if stem == "合计":
            continue
        if len(same) == 1:
            _write(cell, fact, stem, "D97")
        else:
            fact.record.refuse()
            cell.value = stem
    return bool(found)


@mess("places", "〇写成0、○、零", "D97")
def circle(book: Book, random: Random) -> bool:
    found = [(line, cell, fact) for line, cell, fact in _named(book) if fact.value == "〇一村"]
    for _, cell, fact in found:
        cell.value = random.choice(("○一村", "0一村", "０一村", "零一村", "O一村", "〇一村"))
        fact.record.doubt()
        fact.touched = True
    return bool(found)


@mess("places", "村名错别字、形近字", "D100")
def misspelled(book: Book, random: Random) -> bool:
    found = _named(book)
    known = {unit.name for unit in world().register.units}
    for _, cell, fact in random.sample(found, min(len(found), 2)):
        name = fact.value
        wrong = random.choice(
            (
                f"{name[0]}玛{name[-1]}" if len(name) > 3 else f"{name[0]}某{name[-1]}",
                name.replace("村", "寸"),
                f"{name[:-1]}儿{name[-1]}",
                "查无此村",
                f"{name[1:]}",
            )
        )
        if wrong not in known and wrong not in ("村", "社区", "区", name):
            cell.value = wrong
            fact.record.refuse()
    return bool(found)


@mess("places", "一格多村", "D103")
def two_villages(book: Book, random: Random) -> bool:
    found = _named(book)
    for _, cell, fact in random.sample(found, min(len(found), 1)):
        others = [
            u.name
            for u in villages(fact.record.owner.period, fact.record.owner.sender)
            if u.name != fact.value
        ]
        cell.value = f"{fact.value}{random.choice('、，/和')}{random.choice(others)}"
        fact.record.refuse()
    return bool(found)


@mess("places", "别的乡镇的村", "D98")
def foreign_village(book: Book, random: Random) -> bool:
    found = _named(book)
    for _, cell, fact in random.sample(found, min(len(found), 1)):
        own = {u.name for u in villages(fact.record.owner.period, fact.record.owner.sender)}
        others = [
            u.name
            for u in world().register.on(fact.record.owner.period.end, "village")
            if u.name not in own
            and u.name.removesuffix("村").removesuffix("社区")
            not in {n.removesuffix("村").removesuffix("社区") for n in own}
        ]
        cell.value = random.choice(others)
        fact.record.refuse()
    return bool(found)


@mess("places", "沿用撤并、更名前的村名", "D99", "D102")
def old_names(book: Book, random: Random) -> bool:
    """A merged village's old name counts for its successor; where both stand in a table of one row a village, both are refused or said."""
    old = {"新屋场村": ("老屋场村", "D102")}
    done = False
    for line, cell, fact in _named(book):
        if fact.value in old:
            cell.value, rule = old[fact.value]
            fact.read_as(fact.value, rule)
            done = True
        elif fact.value == "长岭村" and not line.record.owner.form.village_row:  # type: ignore[union-attr]
            cell.value = "大塘村"
            fact.read_as("长岭村", "D99")
            done = True
    return done


@mess("places", "并入村与新村同时在表", "D99")
def both_merged(book: Book, random: Random) -> bool:
    """Old and new name in one table with one row a village: nobody can tell whether the new one's row holds the old one's figures."""
    rows = [
        (line, cell, fact)
        for line, cell, fact in _named(book)
        if line.record and line.record.owner.form.village_row
    ]
    by_name = {fact.value: (line, cell, fact) for line, cell, fact in rows}
    if "长岭村" not in by_name or "红旗村" not in by_name:
        return False
    _, cell, fact = by_name["红旗村"]
    cell.value = "大塘村"
    fact.record.village = by_name["长岭村"][2].record.village
    fact.read_as("长岭村", "D99")
    for other in (fact, by_name["长岭村"][2]):
        other.record.doubt()
    fact.wanted = "free"
    return True


@mess("places", "有乡镇列", "D97", "D98", group="township-column")
def township_column(book: Book, random: Random) -> bool:
    """A column of its own for the township, in all rows or only some."""
    sheet = book.main
    item = sheet.returns[0].form.by_id.get("township")
    if item is None or sheet.head("township") or len(sheet.returns) > 1:
        return False
    name = sheet.returns[0].sender.name
    at = next((n for n, c in enumerate(sheet.lines[sheet.first("data")].cells) if c.fact), 0)
    for line in sheet.lines:
        cell = Cell()
        if line.kind == "head":
            cell = Cell(item.title, heads="township") if line is sheet.of_kind("head")[-1] else Cell()
        elif line.record:
            text = random.choice(
                (name, name, f"{name}人民政府" if not name.endswith("街道") else f"{name}办事处")
            )
            cell = Cell(text, Fact(line.record, item, name))
            for wanted in ("free", "row"):
                if any(fact.wanted == wanted for fact in line.record.facts.values()):
                    cell.fact.wanted = wanted  # type: ignore[union-attr]
            line.record.facts["township"] = cell.fact  # type: ignore[assignment]
        line.cells.insert(at if line.kind not in ("title", "below", "other") else len(line.cells), cell)
    return True


@mess("places", "村名前有序号，后有说明", "D97")
def village_remarks(book: Book, random: Random) -> bool:
    """The right village or a refusal, never another one."""
    found = _named(book)
    for _, cell, fact in random.sample(found, min(len(found), 2)):
        name = fact.value
        township = fact.record.owner.sender.name
        cell.value = random.choice(
            (
                f"1.{name}",
                f"3、{name}",
                f"{name}（重点村）",
                f"{name}*",
                f"{township[:-1]}{name}",
                f"{name}第1组",
                f"{township}/{name}",
                f"{name}-",
            )
        )
        fact.record.doubt()
        fact.touched = True
    return bool(found)


@mess("places", "村名栏填的是代码、数字", "D100")
def village_codes(book: Book, random: Random) -> bool:
    found = _named(book)
    for _, cell, fact in random.sample(found, min(len(found), 1)):
        cell.value = random.choice((12, "A01", "村", "-1"))
        fact.record.refuse()
    return bool(found)


@mess("places", "乡镇列里有别的乡镇", "C05", group="township-column")
def foreign_township(book: Book, random: Random) -> bool:
    if not township_column(book, random):
        return False
    line = random.choice(
        [line for line in book.main.of_kind("data") if line.record and line.record.untouched] or [None]
    )  # type: ignore[list-item]
    cell = line.of("township") if line else None
    if line is None or cell is None or line.record is None:
        return False
    owner = line.record.owner
    cell.value = random.choice([u.name for u in townships(owner.period) if u.code != owner.sender.code])
    line.record.refuse()
    return True


@mess("places", "乡镇列纵向合并", "D42", needs="merges", group="township-column")
def merged_township(book: Book, random: Random) -> bool:
    if book.main.of_kind("total") or not township_column(book, random):
        return False
    found = [cell for line in book.main.of_kind("data") if (cell := line.of("township"))]
    for cell in found[1:]:
        cell.value = None
    found[0].value = book.main.returns[0].sender.name
    if len(found) > 1:
        book.main.merges.append((found[0], found[-1]))
    return True
