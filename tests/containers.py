"""One small sheet with every kind of evidence, in every container an office sends; each written by hand or by another library.

   A      B        C      D
1  标题 ──────────────────────     merged
2  村名   床位     率     日期
3  甲村   12       98%    2026-03-01     (row hidden)
4  乙村   #DIV/0!  3      (C4 = A9+1, B4 with the comment 作废)
5  丙村   5        0.5                   (A5 struck out)
                          column D is hidden; a second sheet 隐 is hidden and says x
"""

from __future__ import annotations

import io
import struct
import zipfile
from datetime import datetime
from hashlib import md5

import xlsxwriter
import xlwt
from xlwt.CompoundDoc import XlsDoc

ZIP_DATE = (2026, 4, 1, 0, 0, 0)


def zipped(parts: dict[str, bytes | str], stored: tuple[str, ...] = ()) -> bytes:
    """A zip of these parts, in this order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            kind = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, ZIP_DATE), data, kind)
    return out.getvalue()


# ------------------------------------------------------------------------------------------------ by other libraries


def xlsx() -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet, hidden = book.add_worksheet("表一"), book.add_worksheet("隐")
    hidden.hide()
    hidden.write(0, 0, "x")
    struck = book.add_format({"font_strikeout": True})
    sheet.merge_range(0, 0, 0, 3, "标题")
    sheet.write_row(1, 0, ["村名", "床位", "率", "日期"])
    sheet.write_row(2, 0, ["甲村", 12])
    sheet.write(2, 2, 0.98, book.add_format({"num_format": "0.0%"}))
    sheet.write_datetime(2, 3, datetime(2026, 3, 1), book.add_format({"num_format": "yyyy-mm-dd"}))
    sheet.write(3, 0, "乙村")
    sheet.write_formula(3, 1, "=1/0", None, "#DIV/0!")
    sheet.write_formula(3, 2, "=A9+1", None, 3)
    sheet.write_comment(3, 1, "作废")
    sheet.write(4, 0, "丙村", struck)
    sheet.write_row(4, 1, [5, 0.5])
    sheet.set_row(2, None, None, {"hidden": True})
    sheet.set_column(3, 3, None, None, {"hidden": True})
    book.close()
    return out.getvalue()


def xls(password: str = "") -> bytes:
    """As xlwt can: without error cells and comments, which LibreOffice's .xls have. Encrypted when there is a password."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet, hidden = book.add_sheet("表一"), book.add_sheet("隐")
    hidden.visibility = 1
    hidden.write(0, 0, "x")
    sheet.write_merge(0, 0, 0, 3, "标题")
    for row, cells in enumerate(
        (["村名", "床位", "率", "日期"], ["甲村", 12], ["乙村"], ["丙村", 5, 0.5]), 1
    ):
        for column, value in enumerate(cells):
            style = xlwt.easyxf("font: struck_out on" if value == "丙村" else "")
            sheet.write(row, column, value, style)
    sheet.write(2, 2, 0.98, xlwt.easyxf(num_format_str="0.0%"))
    sheet.write(2, 3, datetime(2026, 3, 1), xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    sheet.write(3, 2, 3)
    sheet.row(2).hidden = True
    sheet.col(3).hidden = True
    out = io.BytesIO()
    if not password:
        book.save(out)
    else:
        XlsDoc().save(out, encrypted(book.get_biff_data(), password))
    return out.getvalue()


def encrypted(stream: bytes, password: str) -> bytes:
    """A BIFF8 workbook stream under RC4 (MS-XLS 2.2.10): the bodies of all records but the first, where a place in the stream
    and how the stream is encrypted are said; a new key each 1,024 bytes."""
    salt, verifier = bytes(range(16)), bytes(range(16, 32))
    of_verifier = keystream(password, salt, 0, 32)
    hashed = _xor(verifier + md5(verifier).digest(), of_verifier)
    filepass = struct.pack("<2H3H", 0x2F, 54, 1, 1, 1) + salt + hashed
    first = 4 + struct.unpack_from("<H", stream, 2)[0]
    stream = stream[:first] + filepass + stream[first:]
    keys = b"".join(keystream(password, salt, block, 1024) for block in range(len(stream) // 1024 + 1))
    out = bytearray(stream)
    at = 0
    while at < len(stream):
        kind, length = struct.unpack_from("<2H", stream, at)
        begin, end = at + 4, at + 4 + length
        if kind == 0x85:  # a sheet's place, which the new record has moved, stays readable
            struct.pack_into("<I", out, begin, struct.unpack_from("<I", stream, begin)[0] + len(filepass))
            begin += 4
        if kind not in (0x0809, 0x2F):
            out[begin:end] = _xor(stream[begin:end], keys[begin:end])
        at = end
    # The container fills up with zeros, which are read as records of four bytes: one record more brings them into step.
    return bytes(out) + struct.pack("<2H", 0, -len(out) % 4) + bytes(-len(out) % 4)


def keystream(password: str, salt: bytes, block: int, length: int) -> bytes:
    """What RC4 gives for a block."""
    short = md5(password.encode("utf-16-le")).digest()[:5]
    short = md5((short + salt) * 16).digest()[:5]
    key = md5(short + struct.pack("<I", block)).digest()
    box, swap = list(range(256)), 0
    for place in range(256):
        swap = (swap + box[place] + key[place % 16]) % 256
        box[place], box[swap] = box[swap], box[place]
    out, left, right = bytearray(), 0, 0
    for _ in range(length):
        left = (left + 1) % 256
        right = (right + box[left]) % 256
        box[left], box[right] = box[right], box[left]
        out.append(box[(box[left] + box[right]) % 256])
    return bytes(out)


def _xor(data: bytes, keys: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(data, keys, strict=True))


# ------------------------------------------------------------------------------------------------ binary workbooks


def record(kind: int, data: bytes = b"") -> bytes:
    """One record of a binary part: its type in one or two bytes, its length seven bits a byte."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length = len(data)
    while length > 127:
        head += bytes([length & 0x7F | 0x80])
        length >>= 7
    return head + bytes([length]) + data


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def cell(kind: int, column: int, data: bytes, style: int = 0) -> bytes:
    return record(kind, struct.pack("<II", column, style) + data)


def row(number: int, hidden: bool = False) -> bytes:
    return record(
        0, struct.pack("<IIHBBB", number, 0, 300, 0, 0x10 if hidden else 0, 0) + struct.pack("<I", 0)
    )


def xlsb(recalculated: bool = False, epoch_1904: bool = False) -> bytes:
    texts = ["标题", "村名", "床位", "率", "日期", "甲村", "乙村", "丙村", "x"]
    plain, percent, day, struck = range(4)

    def text(column: int, number: int, style: int = plain) -> bytes:
        return cell(7, column, struct.pack("<I", number), style)

    formula = struct.pack("<HI", 0, 0)
    sheet = [
        record(129),
        record(60, struct.pack("<4IH", 3, 3, 2000, 0, 1)),
        record(145),
        row(0),
        text(0, 0),
        row(1),
        *(text(column, column + 1) for column in range(4)),
        row(2, hidden=True),
        text(0, 5),
        cell(2, 1, struct.pack("<I", 12 << 2 | 2)),
        cell(5, 2, struct.pack("<d", 0.98), percent),
        cell(2, 3, struct.pack("<I", 46082 << 2 | 2), day),
        row(3),
        text(0, 6),
        cell(11, 1, b"\x07" + formula),
        cell(9, 2, struct.pack("<d", 0.0 if recalculated else 3.0) + formula),
        row(4),
        text(0, 7, struck),
        cell(2, 1, struct.pack("<I", 500 << 2 | 3)),
        cell(5, 2, struct.pack("<d", 0.5)),
        record(146),
        record(177),
        record(176, struct.pack("<4I", 0, 0, 0, 3)),
        record(178),
        record(130),
    ]
    fonts = [record(43, struct.pack("<2H", 220, grbit) + bytes(17) + wide("宋体")) for grbit in (0, 8)]
    styles = [
        *fonts,
        record(44, struct.pack("<H", 164) + wide("0.0%")),
        record(44, struct.pack("<H", 165) + wide("yyyy-mm-dd")),
        record(617),
        *(
            record(47, struct.pack("<3H", 0, number, font) + bytes(10))
            for number, font in ((0, 0), (164, 0), (165, 0), (0, 1))
        ),
        record(618),
    ]
    book = [
        record(153, struct.pack("<I", int(epoch_1904)) + bytes(8)),
        record(156, struct.pack("<2I", 0, 1) + wide("rId1") + wide("表一")),
        record(156, struct.pack("<2I", 1, 2) + wide("rId2") + wide("隐")),
        record(157, bytes(24) + struct.pack("<H", int(recalculated))),
    ]
    comments = [
        record(635, struct.pack("<5I", 0, 3, 3, 1, 1) + bytes(16)),
        record(637, b"\0" + wide("作废")),
        record(636),
    ]
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": relations(("officeDocument", "xl/workbook.bin")),
            "xl/workbook.bin": b"".join(book),
            "xl/_rels/workbook.bin.rels": relations(
                ("worksheet", "worksheets/sheet1.bin"),
                ("worksheet", "worksheets/sheet2.bin"),
                ("styles", "styles.bin"),
                ("sharedStrings", "sharedStrings.bin"),
            ),
            "xl/worksheets/sheet1.bin": b"".join(sheet),
            "xl/worksheets/sheet2.bin": b"".join([row(0), text(0, 8)]),
            "xl/worksheets/_rels/sheet1.bin.rels": relations(("comments", "../comments1.bin")),
            "xl/comments1.bin": b"".join(comments),
            "xl/styles.bin": b"".join(styles),
            "xl/sharedStrings.bin": b"".join(record(19, b"\0" + wide(t)) for t in texts),
        }
    )


def relations(*targets: tuple[str, str]) -> str:
    """A part of relations rId1, rId2 … of these kinds to these targets."""
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    lines = (
        f'<Relationship Id="rId{number}" Type="{kinds}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        + "".join(lines)
        + "</Relationships>"
    )


# ------------------------------------------------------------------------------------------------ texts


ODS_HEAD = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"'
    ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
)
ODS_STYLES = """<office:automatic-styles>
  <style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>
  <number:percentage-style style:name="N1"><number:number/></number:percentage-style>
  <style:style style:name="ce1" style:family="table-cell" style:data-style-name="N1"/>
  <style:style style:name="ce2" style:family="table-cell"><style:text-properties style:text-line-through-style="solid"/></style:style>
</office:automatic-styles>"""


def ods(tables: str = "", settings: str = "") -> bytes:
    """The small sheet, or these tables."""
    tables = tables or (
        """
<table:table table:name="表一"><table:table-column table:number-columns-repeated="3"/>
 <table:table-column table:visibility="collapse"/><table:table-column table:number-columns-repeated="16380"/>
 <table:table-row><table:table-cell office:value-type="string" table:number-columns-spanned="4"><text:p>标题</text:p></table:table-cell>
  <table:covered-table-cell table:number-columns-repeated="3"/><table:table-cell table:number-columns-repeated="16380"/></table:table-row>
 <table:table-row>"""
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{title}</text:p></table:table-cell>'
            for title in ("村名", "床位", "率", "日期")
        )
        + """</table:table-row>
 <table:table-row table:visibility="filter"><table:table-cell office:value-type="string"><text:p>甲村</text:p></table:table-cell>
  <table:table-cell office:value-type="float" office:value="12"><text:p>12</text:p></table:table-cell>
  <table:table-cell table:style-name="ce1" office:value-type="percentage" office:value="0.98"><text:p>98%</text:p></table:table-cell>
  <table:table-cell office:value-type="date" office:date-value="2026-03-01"><text:p>2026/3/1</text:p></table:table-cell></table:table-row>
 <table:table-row><table:table-cell office:value-type="string"><text:p>乙村</text:p></table:table-cell>
  <table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" calcext:value-type="error">
   <office:annotation><dc:creator>某</dc:creator><text:p>作废</text:p></office:annotation><text:p>#DIV/0!</text:p></table:table-cell>
  <table:table-cell table:formula="of:=[.A9]+1" office:value-type="float" office:value="3"><text:p>3</text:p></table:table-cell></table:table-row>
 <table:table-row><table:table-cell table:style-name="ce2" office:value-type="string"><text:p>丙村</text:p></table:table-cell>
  <table:table-cell office:value-type="float" office:value="5"><text:p>5</text:p></table:table-cell>
  <table:table-cell office:value-type="float" office:value="0.5"><text:p>0.5</text:p></table:table-cell></table:table-row>
 <table:table-row table:number-rows-repeated="1048571"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
</table:table>
<table:table table:name="隐" table:style-name="ta2"><table:table-row><table:table-cell office:value-type="string">
 <text:p>x</text:p></table:table-cell></table:table-row></table:table>"""
    )
    content = f"{ODS_HEAD}{ODS_STYLES}<office:body><office:spreadsheet>{settings}{tables}</office:spreadsheet></office:body>"
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": f'<?xml version="1.0" encoding="UTF-8"?>{content}</office:document-content>',
            "META-INF/manifest.xml": "<manifest/>",
        },
        stored=("mimetype",),
    )


def fods() -> bytes:
    """The same in one part of XML."""
    with zipfile.ZipFile(io.BytesIO(ods())) as archive:
        part = archive.read("content.xml").decode()
    kind = 'office:mimetype="application/vnd.oasis.opendocument.spreadsheet" xmlns:office'
    part = part.replace("<office:document-content xmlns:office", f"<office:document {kind}", 1)
    return part.replace("</office:document-content>", "</office:document>").encode()


def xml_2003() -> bytes:
    return """<?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:x="urn:schemas-microsoft-com:office:excel">
 <Styles><Style ss:ID="p"><NumberFormat ss:Format="0.0%"/></Style><Style ss:ID="s"><Font ss:StrikeThrough="1"/></Style></Styles>
 <Worksheet ss:Name="表一"><Table><Column ss:Index="4" ss:Hidden="1"/>
  <Row><Cell ss:MergeAcross="3"><Data ss:Type="String">标题</Data></Cell></Row>
  <Row><Cell><Data ss:Type="String">村名</Data></Cell><Cell><Data ss:Type="String">床位</Data></Cell>
   <Cell><Data ss:Type="String">率</Data></Cell><Cell><Data ss:Type="String">日期</Data></Cell></Row>
  <Row ss:Hidden="1"><Cell><Data ss:Type="String">甲村</Data></Cell><Cell><Data ss:Type="Number">12</Data></Cell>
   <Cell ss:StyleID="p"><Data ss:Type="Number">0.98</Data></Cell><Cell><Data ss:Type="DateTime">2026-03-01T00:00:00.000</Data></Cell></Row>
  <Row><Cell><Data ss:Type="String">乙村</Data></Cell><Cell ss:Formula="=1/0"><Data ss:Type="Error">#DIV/0!</Data>
   <Comment ss:Author="某"><ss:Data>作废</ss:Data></Comment></Cell><Cell ss:Formula="=R9C1+1"><Data ss:Type="Number">3</Data></Cell></Row>
  <Row ss:Index="5"><Cell ss:StyleID="s"><Data ss:Type="String">丙村</Data></Cell>
   <Cell ss:Index="2"><Data ss:Type="Number">5</Data></Cell><Cell><Data ss:Type="Number">0.5</Data></Cell></Row>
 </Table></Worksheet>
 <Worksheet ss:Name="隐"><Table><Row><Cell><Data ss:Type="String">x</Data></Cell></Row></Table>
  <x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions></Worksheet>
</Workbook>""".encode()


HTML_TABLE = """<table border=1>
 <tr><td colspan=4>标题</td></tr>
 <tr><th>村名<th>床位<th>率<th>日期</tr>
 <tr style='display:none'><td>甲村</td><td>12</td><td>98.0%</td><td>2026-03-01</td></tr>
 <tr><td>乙村</td><td>#DIV/0!</td><td>3</td></tr>
 <tr><td><s>丙村</s></td><td>5</td><td>0.5</td></tr>
</table>"""


def html(charset: str = "gb2312") -> bytes:
    head = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}"><title>t</title></head>'
    return f"{head}<body>{HTML_TABLE}</body></html>".encode(
        "gb18030" if charset.startswith("gb") else charset
    )


def mht() -> bytes:
    import quopri

    body = quopri.encodestring(html("utf-8")).decode()
    return (
        "MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n"
        'Content-Type: multipart/related; boundary="----=_b"\r\n\r\n------=_b\r\n'
        "Content-Location: file:///C:/1/b.htm\r\nContent-Transfer-Encoding: quoted-printable\r\n"
        f'Content-Type: text/html; charset="utf-8"\r\n\r\n{body}\r\n------=_b--\r\n'
    ).encode()


def text(encoding: str = "gb18030") -> bytes:
    lines = ("标题,,,", "村名,床位,率,日期", "甲村,12,98%,2026-03-01", "乙村,#DIV/0!,3,", "丙村,5,0.5,")
    return "\r\n".join(lines).encode(encoding)


ALL = {
    "a.xlsx": xlsx,
    "a.xls": xls,
    "a.xlsb": xlsb,
    "a.ods": ods,
    "a.fods": fods,
    "a.xml": xml_2003,
    "a.html": html,
    "a.mht": mht,
    "a.csv": text,
}
