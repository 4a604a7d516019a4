"""Messes of rows (D34–D44, D111, D112)."""

from __future__ import annotations

import itertools
from itertools import pairwise
from random import Random

from ..drawing import adds_up, total_line
from ..model import Book, Cell, Line, Sheet, Sum
from .registry import mess


def _text_line(sheet: Sheet, text: str, *more: object, kind: str = "other") -> Line:
    return Line(kind, [Cell(text), *map(Cell, more), *(Cell() for _ in range(sheet.width - 1 - len(more)))])


def _below(sheet: Sheet) -> int:
    """Where the rows below the data begin."""
    return max(n for n, line in enumerate(sheet.lines) if line.kind in ("head", "data", "total")) + 1


def _first_place(sheet: Sheet) -> int:
    """The column a clerk writes a row's name into."""
    line = sheet.of_kind("data")[0]
    return next(
        (
            n
            for n, c in enumerate(line.cells)
            if c.fact and c.fact.field.type in ("village", "township", "text")
        ),
        0,
    )


@mess("rows", "表头之上多几行", "D26", group="above")
def rows_above(book: Book, random: Random) -> bool:
    sheet = book.main
    extra = [
        "附件2",
        "清溪县农业农村局制",
        "（请于4月8日前报送，联系人：小周 0737-1234567）",
        "填表要求：1.金额保留两位小数；2.不得空行",
        "",
        "密级：内部",
    ]
    for text in random.sample(extra, random.randint(1, 4)):
        sheet.lines.insert(random.choice((0, 1)), _text_line(sheet, text or "", kind="title"))
    return True


@mess("rows", "表头在第十行以后", "D26", group="above")
def deep_header(book: Book, random: Random) -> bool:
    sheet = book.main
    at = sheet.first("head")
    for _ in range(random.randint(6, 10)):
        sheet.lines.insert(at, Line("title", [Cell() for _ in range(sheet.width)]))
    return True


@mess("rows", "每页重复表头", "D34", group="header-twice")
def header_every_page(book: Book, random: Random) -> bool:
    sheet = book.main
    heads = sheet.of_kind("head")
    lines = sheet.of_kind("data")
    if len(lines) < 4 or sheet.merges:
        return False
    at = sheet.lines.index(lines[len(lines) // 2])
    page = [Line("other", [Cell(cell.value) for cell in line.cells]) for line in heads]
    if random.random() < 0.5:
        page = [
            Line("other", [Cell(cell.value) for cell in line.cells]) for line in sheet.of_kind("title")
        ] + page
    sheet.lines[at:at] = page
    return True


@mess("rows", "首行示例未删", "D35")
def sample_row(book: Book, random: Random) -> bool:
    """It looks like data and is none; that it was not read is said."""
    sheet = book.main
    model = sheet.of_kind("data")[0]
    cells = [Cell(cell.value, look=cell.look) for cell in model.cells]
    place = next((n for n, c in enumerate(model.cells) if c.fact), 0)
    word = str(model.cells[place].value or "张三")
    cells[place].value = random.choice((f"例：{word}", f"示例：{word}", f"例:{word}", f"样例：{word}"))
    sheet.lines.insert(sheet.lines.index(model), Line("other", cells))
    book.told.add("D35")
    return True


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
    cells[_first_place(sheet)].value = random.choice(("其中：脱贫村", "其中", "其中:一组", "#其中：易地搬迁"))
    sheet.lines.insert(sheet.lines.index(model) + 1, Line("other", cells))
    return True


@mess("rows", "表尾附注有数字", "D39")
def notes_below(book: Book, random: Random) -> bool:
    sheet = book.main
    village = next((r.village.name for r in sheet.returns[0].records if r.village), "上码头村")
    texts = (
        f"注：{village}含1.2万元利息",
        "说明：1.金额为累计数；2.合计数为镇核定数12.5",
        f"{village}的数据以审计为准",
        "※ 以上数据截至3月31日",
        "备注：共8个村，收入合计123.4万元",
        "1. 本表一式两份；",
        "（本表一式三份，报组织部、农业农村局各1份）",
        "附：未列入的村2个",
    )
    for text in random.sample(texts, random.randint(1, 3)):
        sheet.lines.insert(_below(sheet), _text_line(sheet, text, kind="below"))
    return True


@mess("rows", "表尾签章行的各种写法", "D39")
def signatures(book: Book, random: Random) -> bool:
    sheet = book.main
    texts = (
        ("填表人：李小河  13900001234", "审核人：王五", "2026年4月3日"),
        ("单位负责人（签字）：", "", "填报日期：2026.4.2"),
        ("分管领导签字：", "王大山", "联系电话", 13900001234),
        ("青山镇人民政府（盖章）", "", "", "2026年4月5日"),
        ("经办人：赵六 电话：0737-2221234",),
        ("制表：小周", "复核：老吴", 20260403),
    )
    for chosen in random.sample(texts, random.randint(1, 2)):
        row = [value or None for value in chosen][: max(sheet.width, 1)]
        sheet.lines.append(Line("below", [Cell(value) for value in row]))
    sheet.pad()
    return True


@mess("rows", "空行夹杂", "D40")
def blank_rows(book: Book, random: Random) -> bool:
    sheet = book.main
    for _ in range(random.randint(1, 4)):
        at = random.randint(sheet.first("data"), len(sheet.lines))
        sheet.lines.insert(
            at, Line("other", [Cell(random.choice((None, None, " "))) for _ in range(sheet.width)])
        )
    return True


@mess("rows", "预留空行：只有序号，或公式得0", "D40")
def prepared_rows(book: Book, random: Random) -> bool:
    """Rows prepared for more: a serial number, or sums that show 0. No village, nothing reported."""
    sheet = book.main
    model = sheet.of_kind("data")[-1]
    zero = random.random() < 0.5
    at = sheet.last("data") + 1
    for number in range(random.randint(1, 4)):
        cells = [
            Cell(
                90 + number
                if not c.fact and column == 0 and isinstance(c.value, int)
                else (0 if zero and c.fact and c.fact.field.type == "money" else None)
            )
            for column, c in enumerate(model.cells)
        ]
        if zero and not any(c.value == 0 for c in cells):
            continue
        sheet.lines.insert(at, Line("other", cells))
    return True


@mess("rows", "“以下空白”", "D39")
def rest_blank(book: Book, random: Random) -> bool:
    sheet = book.main
    text = random.choice(("以下空白", "——以下空白——", "（以下无内容）", "完", "/"))
    cells = [Cell() for _ in range(sheet.width)]
    cells[_first_place(sheet)].value = text
    sheet.lines.insert(sheet.last("data") + 1, Line("other", cells))
    return True


@mess("rows", "表下草稿：算数用的数字", "D40")
def scratch_below(book: Book, random: Random) -> bool:
    """Numbers under the table, below blank rows, in number columns: nobody's row."""
    sheet = book.main
    numeric = [n for n, c in enumerate(sheet.of_kind("data")[0].cells) if c.fact and c.fact.field.numeric]
    if not numeric:
        return False
    for _ in range(2):
        sheet.lines.append(Line("other", [Cell() for _ in range(sheet.width)]))
    for text in (None, random.choice((None, "核对", "差额"))):
        cells = [Cell() for _ in range(sheet.width)]
        cells[random.choice(numeric)].value = random.choice((123.4, 8, 56.78))
        cells[0].value = text
        sheet.lines.append(Line("other", cells))
    return True


@mess("rows", "隐藏行、筛选隐藏行", "D24", needs="hidden")
def hidden_rows(book: Book, random: Random) -> bool:
    lines = book.main.of_kind("data")
    for line in random.sample(lines, random.randint(1, max(1, len(lines) // 2))):
        line.hidden = True
    book.told.add("D24")
    return True


@mess("rows", "乡镇、村纵向合并", "D42", needs="merges", group="merged-villages")
def merged_villages(book: Book, random: Random) -> bool:
    """Several persons of one village under one merged cell."""
    sheet = book.main
    if sheet.returns[0].form.village_row or "village" not in {i.id for i in sheet.returns[0].fields}:
        return False
    lines = sheet.of_kind("data")
    run = next(
        (
            lines[n : n + 3]
            for n in range(len(lines) - 2)
            if all(li.record and li.record.untouched for li in lines[n : n + 3])
        ),
        [],
    )
    cells = [c for line in run if (c := line.of("village"))]
    if len(cells) != 3 or any(
        sheet.lines.index(b) - sheet.lines.index(a) != 1 for a, b in itertools.pairwise(run)
    ):
        return False
    village = run[0].record.village  # type: ignore[union-attr]
    for cell in cells:
        assert cell.fact is not None
        cell.fact.record.village = village
        cell.fact.read_as(village.name if village else None, "" if cell is cells[0] else "D42")
        cell.value = None
    cells[0].value = village.name if village else None
    sheet.merges.append((cells[0], cells[-1]))
    return True


@mess("rows", "数值纵向合并", "D43", needs="merges")
def merged_numbers(book: Book, random: Random) -> bool:
    sheet = book.main
    lines = sheet.of_kind("data")
    for first, second in itertools.pairwise(lines):
        for cell in first.cells:
            fact = cell.fact
            under = second.of(fact.field.id) if fact else None
            if (
                fact
                and under
                and under.fact
                and fact.field.numeric
                and not fact.touched
                and not under.fact.touched
                and fact.value is not None
                and sheet.lines.index(second) - sheet.lines.index(first) == 1
                and random.random() < 0.3
            ):
                under.value = None
                under.fact.value = under.fact.value if under.fact.value is not None else fact.value
                fact.refuse("D43")
                under.fact.refuse("D43")
                sheet.merges.append((cell, under))
                return True
    return False


@mess("rows", "数值横向合并", "D44", needs="merges", group="order")
def merged_across(book: Book, random: Random) -> bool:
    sheet = book.main
    for line in random.sample(sheet.of_kind("data"), len(sheet.of_kind("data"))):
        for left, right in zip(line.cells, line.cells[1:], strict=False):
            a, b = left.fact, right.fact
            if (
                a
                and b
                and a.field.numeric
                and b.field.numeric
                and not a.touched
                and not b.touched
                and a.value is not None
            ):
                right.value = None
                b.value = b.value if b.value is not None else a.value
                a.refuse("D44")
                b.refuse("D44")
                sheet.merges.append((left, right))
                return True
    return False


@mess("rows", "村名列空着，只有数字", "C03", "C04")
def nameless_row(book: Book, random: Random) -> bool:
    """A village row without its village: a blank (C04 says it is required), or a refused row. Never another village's figures."""
    sheet = book.main
    if not sheet.returns[0].form.village_row:
        return False
    line = random.choice(sheet.of_kind("data"))
    cell = line.of("village")
    if not cell or not line.record or not line.record.untouched or any(cell in pair for pair in sheet.merges):
        return False
    cell.value = random.choice((None, " ", "\u3000"))
    line.record.doubt()
    line.record.facts["village"].value = None
    return True


@mess("rows", "零报告", "D40", group="total")
def nil_return(book: Book, random: Random) -> bool:
    """A roster with nobody on it: reported, zero rows."""
    sheet = book.main
    if sheet.returns[0].form.village_row or sheet.merges:
        return False
    book.told -= {"D24", "D35", "D112"}
    at = sheet.first("data")
    sheet.lines = [line for line in sheet.lines if line.kind not in ("data", "total", "other")]
    cells = [Cell() for _ in range(sheet.width)]
    cells[0].value = random.choice(("无", "零报告", "本季无", "无此情况"))
    sheet.lines.insert(at, Line("other", cells))
    sheet.returns[0].records.clear()
    return True


@mess("rows", "合计之下还有平均、上年同期、增减行", "D37", "D38")
def rows_of_comparison(book: Book, random: Random) -> bool:
    sheet = book.main
    if not any(adds_up(item) for item in sheet.returns[0].fields):
        return False
    model = sheet.of_kind("data")[0]
    place = _first_place(sheet) if random.random() < 0.5 else 0
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
        sheet.lines.insert(_below(sheet), Line("other", cells))
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


@mess("rows", "分段标题行：一、脱贫村", "D38", "D39")
def sections(book: Book, random: Random) -> bool:
    sheet = book.main
    place = random.choice((0, _first_place(sheet)))
    for word in random.sample(
        ("一、脱贫村", "（一）南片", "二、其他村", "第一组", "【湖区】"), random.randint(1, 2)
    ):
        cells = [Cell() for _ in range(sheet.width)]
        cells[place].value = word
        sheet.lines.insert(random.randint(sheet.first("data"), sheet.last("data")), Line("other", cells))
    return True


@mess("rows", "分页：第1页共2页、接上页、本页合计", "D34", "D38")
def pages(book: Book, random: Random) -> bool:
    sheet = book.main
    lines = sheet.of_kind("data")
    if len(lines) < 4:
        return False
    at = sheet.lines.index(lines[len(lines) // 2])
    for text in random.sample(("第1页 共2页", "接上页", "— 1 —", "第 2 页", "转下页"), random.randint(1, 2)):
        sheet.lines.insert(at, _text_line(sheet, text))
    return True


def _merged_pair(book: Book, random: Random, *types: str) -> bool:
    """A merged cell of two rows whose first holds what is meant for both: filled, or the second is refused. Never a blank unsaid."""
    sheet = book.main
    lines = sheet.of_kind("data")
    pairs = list(pairwise(lines))
    for first, second in random.sample(pairs, len(pairs)):
        for cell in first.cells:
            fact = cell.fact
            under = second.of(fact.field.id) if fact else None
            if (
                fact
                and under
                and under.fact
                and fact.field.type in types
                and not fact.touched
                and not under.fact.touched
                and fact.value is not None
                and fact.field.id not in (*fact.record.owner.form.key, "name")
                and sheet.lines.index(second) - sheet.lines.index(first) == 1
            ):
                under.value = None
                fact.read_or_refuse(fact.value)
                under.fact.read_or_refuse(fact.value)
                sheet.merges.append((cell, under))
                return True
    return False


@mess("rows", "文字、选项纵向合并", "D42", needs="merges")
def merged_texts(book: Book, random: Random) -> bool:
    return _merged_pair(book, random, "text", "enum", "bool")


@mess("rows", "日期、电话纵向合并", "D42", needs="merges")
def merged_dates(book: Book, random: Random) -> bool:
    return _merged_pair(book, random, "date", "month", "phone")


@mess("rows", "文字横向合并", "D44", needs="merges", group="order")
def merged_texts_across(book: Book, random: Random) -> bool:
    """One 无 over two columns: both, or neither, and said."""
    sheet = book.main
    for line in random.sample(sheet.of_kind("data"), len(sheet.of_kind("data"))):
        for left, right in zip(line.cells, line.cells[1:], strict=False):
            a, b = left.fact, right.fact
            if (
                a
                and b
                and a.field.type == b.field.type == "enum"
                and not a.touched
                and not b.touched
                and a.value
                and b.value
            ):
                if a.value not in {v.value for v in b.field.values}:
                    continue
                right.value = None
                a.read_or_refuse(a.value)
                b.read_or_refuse(a.value)
                sheet.merges.append((left, right))
                return True
    return False


@mess("rows", "作废行：整行删除线", "D75", needs="struck")
def struck_row(book: Book, random: Random) -> bool:
    """Struck out from end to end: kept, and asked about (D75)."""
    line = random.choice(book.main.of_kind("data"))
    if not line.record or not line.record.untouched:
        return False
    for cell in line.cells:
        cell.struck = True
    for fact in line.record.facts.values():
        if fact.value is not None and fact.field.numeric:
            fact.read_as(fact.value, "D75")
        fact.touched = True
    return True


@mess("rows", "重复粘贴的行", "D112")
def pasted_twice(book: Book, random: Random) -> bool:
    """An identical row below its original counts once, and is said; or both are sent back."""
    sheet = book.main
    line = random.choice(sheet.of_kind("data"))
    if (
        not line.record
        or not line.record.untouched
        or any(a in line.cells or b in line.cells for a, b in sheet.merges)
    ):
        return False
    form = sheet.returns[0].form
    card = next((fact for fact in line.record.facts.values() if fact.field.type == "id_card"), None)
    if form.key == ("reporter",) or ("person_key" in form.key and (card is None or card.value is None)):
        return False  # without a number two of one name may be two people (D96)
    sheet.lines = [one for one in sheet.lines if one.kind != "total"]
    copy = Line("other", [Cell(c.value, look=c.look) for c in line.cells])
    sheet.lines.insert(sheet.lines.index(line) + 1, copy)
    line.record.doubt()
    book.told.add("D112")
    return True


@mess("rows", "表头下有填写说明行", "D28", "D39", group="row-under-header total")
def hints_below_header(book: Book, random: Random) -> bool:
    """A row of hints under the header: 必填, 数字, 下拉选择 …"""
    sheet = book.main
    cells = []
    for cell in sheet.of_kind("head")[-1].cells:
        item = sheet.returns[0].form.by_id.get(cell.heads)
        if item is None:
            cells.append(Cell())
        elif item.numeric:
            cells.append(Cell(random.choice(("填数字", "保留两位小数", "数字"))))
        else:
            cells.append(
                Cell({"enum": "下拉选择", "date": "年-月-日", "bool": "是/否"}.get(item.type, "必填"))
            )
    sheet.lines.insert(sheet.last("head") + 1, Line("other", cells))
    book.told -= {"F02"}  # a column with a refused cell is not added up
    sheet.doubt()
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
