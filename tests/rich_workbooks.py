"""Workbooks with everything in them that a marked copy must leave alone, by the programs that write them."""

from __future__ import annotations

import io
import re
import struct
import subprocess
import zipfile
import zlib
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

import openpyxl
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.formatting.rule import DataBarRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.datavalidation import DataValidation

SHEETS = ("村级经济", "It's 表2")
ROWS = 12


def _png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">2I5B", 1, 1, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(b"\0\xff\0\0")) + chunk(b"IEND", b"")  # fmt: skip


def by_xlsxwriter() -> bytes:
    """Merges, formulas with values, dates, percentages, data bars, sparklines, images, a chart, a text box, comments, validation, protection."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    bold = book.add_format({"bold": True, "align": "center", "border": 1, "bg_color": "#CCFFCC"})
    percent, day = (
        book.add_format({"num_format": "0.0%", "border": 1}),
        book.add_format({"num_format": "yyyy-mm-dd"}),
    )
    grey = book.add_format({"bg_color": "#EEEEEE", "italic": True})
    for name in SHEETS:
        sheet = book.add_worksheet(name)
        sheet.set_column(6, 7, 12, grey)
        sheet.merge_range("A1:F1", "2026年第一季度村级集体经济表", bold)
        for column, title in enumerate(("村名", "收入", "支出", "比例", "日期", "合计")):
            sheet.write(2, column, title, bold)
        for row in range(3, ROWS):
            sheet.write_string(row, 0, f"第{row}村")
            sheet.write_number(row, 1, row * 1.5)
            sheet.write_number(row, 2, row)
            sheet.write_number(row, 3, 0.98, percent)
            sheet.write_datetime(row, 4, datetime(2026, 3, row), day)
            sheet.write_formula(row, 5, f"=B{row + 1}+C{row + 1}", None, row * 2.5)
        sheet.set_row(ROWS + 2, 30, grey)
        sheet.conditional_format("B4:B12", {"type": "data_bar", "data_bar_2010": True})
        sheet.add_sparkline("G4", {"range": f"'{name.replace(chr(39), chr(39) * 2)}'!B4:B8"})
        sheet.data_validation("C4:C12", {"validate": "decimal", "criteria": ">=", "value": 0})
        sheet.write_comment("B5", "按台账填")
        sheet.insert_image("H2", "a.png", {"image_data": io.BytesIO(_png())})
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": [name, 3, 1, 8, 1]})
        sheet.insert_chart("J2", chart)
        sheet.insert_textbox("J20", "填表说明")
        sheet.write_rich_string("A15", "红", bold, "字", "说明")
        sheet.protect("")
    book.close()
    return out.getvalue()


def by_openpyxl() -> bytes:
    """What openpyxl writes: absolute targets, empty rows left out, no shared formats."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in SHEETS:
        sheet = book.create_sheet(name)
        sheet["A1"] = "2026年第一季度村级集体经济表"
        sheet.merge_cells("A1:F1")
        side = Side(style="thin")
        for row in range(3, ROWS):
            sheet.cell(row + 1, 1, f"第{row}村").font = Font(bold=True)
            cell = sheet.cell(row + 1, 2, row * 1.5)
            cell.border, cell.alignment = Border(left=side), Alignment(horizontal="right", wrap_text=True)
            sheet.cell(row + 1, 3, 0.98).number_format = "0.0%"
            cell = sheet.cell(row + 1, 4, datetime(2026, 3, row))
            cell.fill, cell.protection = PatternFill("solid", "FFCCFFCC"), Protection(locked=False)
            sheet.cell(row + 1, 5, f"=B{row + 1}*2")
        sheet["B6"].comment = Comment("按台账填", "某")
        rule = DataValidation(type="list", formula1='"是,否"')
        rule.add("F4:F12")
        sheet.add_data_validation(rule)
        sheet.conditional_formatting.add("B4:B12", DataBarRule("min", None, "max", None, "FF638EC6"))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def converted(content: bytes, folder: Path, suffix: str, to: str) -> bytes:
    """What LibreOffice makes of a file."""
    source = folder / f"source.{suffix}"
    source.write_bytes(content)
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--convert-to", to,
         "--outdir", str(folder / "out"), str(source)], check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return (folder / "out" / f"source.{to}").read_bytes()


def rezipped(
    content: bytes,
    change: Mapping[str, Callable[[bytes], bytes]],
    more: Mapping[str, bytes] = MappingProxyType({}),
) -> bytes:
    """The same package with parts changed (by the end of their names) or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            for end, function in change.items():
                if name.endswith(end):
                    data = function(data)
            new.writestr(name, data)
        for name, data in more.items():
            new.writestr(name, data)
    return out.getvalue()


def by_wps() -> bytes:
    """With WPS's own part for pictures in cells, which no other program knows."""
    cells = b'<etc:cellImages xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData"/>'
    return rezipped(by_xlsxwriter(), {}, {"xl/cellimages.xml": cells, "xl/media/cell.png": _png()})


def with_prefixes() -> bytes:
    """Elements with a namespace prefix, as some libraries write them; rows and cells without addresses."""

    def prefixed(part: bytes) -> bytes:
        part = re.sub(rb"<(/?)(?=[A-Za-z])(?!x14|xr|mc|x:)([a-zA-Z]+)(?=[\s/>])", rb"<\1x:\2", part)
        return part.replace(b'xmlns="', b'xmlns:x="', 1)

    def unnumbered(part: bytes) -> bytes:
        return re.sub(rb'(<(?:x:)?row) r="(?:5|6|7)"', rb"\1", prefixed(part))

    plain = io.BytesIO()
    book = xlsxwriter.Workbook(plain, {"in_memory": True})
    look = book.add_format({"bold": True, "align": "center"})
    for name in SHEETS:
        sheet = book.add_worksheet(name)
        for row in range(ROWS):
            for column in range(5):
                sheet.write_number(row, column, row * column, look if column == 1 else None)
    book.close()
    return rezipped(
        plain.getvalue(), {"sheet1.xml": unnumbered, "sheet2.xml": prefixed, "styles.xml": prefixed}
    )


def strict() -> bytes:
    """With the namespaces of strict OOXML."""

    def changed(part: bytes) -> bytes:
        part = part.replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        )
        return part.replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        )

    return rezipped(by_xlsxwriter(), {".xml": changed, ".rels": changed})
