"""Which rows there are besides the records, and which records are doubtful (D24, D34, D35, D39, D40, D75, D112)."""

from __future__ import annotations

from random import Random

from ..model import Book, Cell, Line, Sheet
from .registry import mess


def _text_line(sheet: Sheet, text: str, *more: object, kind: str = "other") -> Line:
    return Line(kind, [Cell(text), *map(Cell, more), *(Cell() for _ in range(sheet.width - 1 - len(more)))])


def below(sheet: Sheet) -> int:
    """Where the rows below the data begin."""
    return max(n for n, line in enumerate(sheet.lines) if line.kind in ("head", "data", "total")) + 1


def first_place(sheet: Sheet) -> int:
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
        sheet.lines.insert(below(sheet), _text_line(sheet, text, kind="below"))
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
    cells[first_place(sheet)].value = text
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


@mess("rows", "分段标题行：一、脱贫村", "D38", "D39")
def sections(book: Book, random: Random) -> bool:
    sheet = book.main
    place = random.choice((0, first_place(sheet)))
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
