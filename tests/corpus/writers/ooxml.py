"""Books → .xlsx, byte by byte: what no library writes (no dimension, inline strings, strict, uncached formulas) is what arrives."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, time
from random import Random
from typing import Any
from xml.sax.saxutils import escape

from ruralpb.model import cell_name

from ..model import Book, Cell, ErrorValue, Formula, Runs, Sheet

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = {
    _MAIN: "http://purl.oclc.org/ooxml/spreadsheetml/main",
    _REL: "http://purl.oclc.org/ooxml/officeDocument/relationships",
}
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"

_LINK = {
    "xl/externalLinks/externalLink1.xml": f'<externalLink xmlns="{_MAIN}"><externalBook xmlns:r="{_REL}" r:id="rId1">'
    '<sheetNames><sheetName val="Sheet1"/></sheetNames></externalBook></externalLink>',
    "xl/externalLinks/_rels/externalLink1.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
    f' Type="{_REL}/externalLinkPath" Target="file:///C:/2025/汇总.xlsx" TargetMode="External"/></Relationships>',
}
"""The parts about the workbook that a linked formula reads."""


def write(book: Book) -> bytes:
    return _Writer(book).bytes()


class _Writer:
    def __init__(self, book: Book) -> None:
        self.book = book
        self.traits = book.traits
        self.strings: dict[str, int] = {}
        self.styles: dict[tuple[str, bool], int] = {("", False): 0}

    def bytes(self) -> bytes:
        sheets = [self._sheet(sheet) for sheet in self.book.sheets]
        parts = {
            "[Content_Types].xml": self._types(),
            "_rels/.rels": _relations([(f"{_REL}/officeDocument", "xl/workbook.xml")]),
            "xl/workbook.xml": self._workbook(),
            "xl/_rels/workbook.xml.rels": self._relations(),
            "xl/styles.xml": self._styles(),
            "xl/sharedStrings.xml": self._shared(),
        }
        for number, (sheet, content) in enumerate(zip(self.book.sheets, sheets, strict=True), 1):
            parts[f"xl/worksheets/sheet{number}.xml"] = content
            if any(cell.comment for line in sheet.lines for cell in line.cells):
                parts[f"xl/comments{number}.xml"] = _comments(sheet)
                parts[f"xl/worksheets/_rels/sheet{number}.xml.rels"] = _relations(
                    [(f"{_REL}/comments", f"../comments{number}.xml")]
                )
        if any(
            "encrypted" in trait for trait in self.traits
        ):  # msoffcrypto writes packages below 4096 bytes wrongly
            parts["xl/theme/theme1.xml"] = f"<theme>{Random(0).randbytes(4096).hex()}</theme>"
        if self._linked():
            parts |= _LINK
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in parts.items():
                if "strict" in self.traits:
                    for loose, strict in _STRICT.items():
                        text = text.replace(loose, strict)
                entry = zipfile.ZipInfo(name, (2026, 4, 1, 9, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, self._encoded(name, text))
        return stream.getvalue()

    def _encoded(self, name: str, text: str) -> bytes:
        """The part's bytes, with the peculiarities of the program that wrote them."""
        worksheet = name.startswith("xl/worksheets/sheet")
        if worksheet and "prefixed" in self.traits:
            text = re.sub(r"<(/?)(?=[a-zA-Z])", r"<\1x:", text).replace("xmlns=", "xmlns:x=", 1)
        if worksheet and "single quotes" in self.traits:
            text = re.sub(r"(?<==)\"([^\"']*)\"", r"'\1'", text)
        if worksheet and "pretty printed" in self.traits:
            text = re.sub(r"><(?!/v|/t|/f)", ">\n  <", text).replace(' r="', '\n    r="')
        if worksheet and "utf-16 parts" in self.traits:
            return ('<?xml version="1.0" encoding="UTF-16"?>' + text).encode("utf-16")
        return ('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + text).encode()

    # ------------------------------------------------------------------------------------------ sheets

    def _sheet(self, sheet: Sheet) -> str:
        rows = []
        for number, line in enumerate(sheet.lines):
            cells = "".join(self._cell(number, column, cell) for column, cell in enumerate(line.cells))
            hidden = ' hidden="1"' if line.hidden else ""
            at = "" if "no references" in self.traits else f' r="{number + 1}"'
            rows.append(f"<row{at}{hidden}>{cells}</row>")
        places = sheet.positions()
        if "far style" in self.traits:
            rows.append('<row r="1048576" s="0" customFormat="1"><c r="XFD1048576" s="0"/></row>')
        columns = sorted(places[cell][1] for cell in sheet.hidden_columns)
        merged = [f"{cell_name(*places[a])}:{cell_name(*places[b])}" for a, b in sheet.merges]
        dimension = {
            "dimension A1": '<dimension ref="A1"/>',
            "no dimension": "",
            "huge dimension": '<dimension ref="A1:XFD1048576"/>',
        }.get(
            next((t for t in self.traits if "dimension" in t), ""),
            f'<dimension ref="A1:{cell_name(max(len(sheet.lines), 1) - 1, max(sheet.width, 1) - 1)}"/>',
        )
        hidden_columns = "".join(f'<col min="{c + 1}" max="{c + 1}" width="9" hidden="1"/>' for c in columns)
        return (
            f'<worksheet xmlns="{_MAIN}" xmlns:r="{_REL}">{dimension}<sheetViews><sheetView workbookViewId="0"/></sheetViews>'
            + (f"<cols>{hidden_columns}</cols>" if columns else "")
            + f"<sheetData>{''.join(rows)}</sheetData>"
            + (
                '<sheetProtection password="CC1A" sheet="1" objects="1" scenarios="1"/>'
                if sheet.protected
                else ""
            )
            + (_listed("mergeCells", [f'<mergeCell ref="{m}"/>' for m in merged]) if merged else "")
            + '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/></worksheet>'
        )

    def _cell(self, row: int, column: int, cell: Cell) -> str:
        style = self._style(cell)
        if cell.value is None and not style:
            return "" if "no references" not in self.traits else "<c/>"
        at = "" if "no references" in self.traits else f' r="{cell_name(row, column)}"'
        kind, inner = self._content(cell.value)
        return f"<c{at}{f' s={chr(34)}{style}{chr(34)}' if style else ''}{f' t={chr(34)}{kind}{chr(34)}' if kind else ''}>{inner}</c>"

    def _content(self, value: Any) -> tuple[str, str]:
        """(type attribute, children) of one cell."""
        match value:
            case None:
                return "", ""
            case Formula(text, Formula(empty)):
                return "", f"<f>{escape(text)}</f>{empty}"
            case bool():
                return "b", f"<v>{int(value)}</v>"
            case int() | float():
                return "", f"<v>{value!r}</v>"
            case datetime() | date() | time():
                if "iso dates" in self.traits and not isinstance(value, time):
                    stamp = (
                        value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
                    )
                    return "d", f"<v>{stamp.isoformat()}</v>"
                return "", f"<v>{self._serial(value)!r}</v>"
            case ErrorValue():
                return "e", f"<f>{escape(value.formula)}</f><v>{value.text}</v>"
            case Formula():
                kind, inner = self._content(value.cached)
                cached = inner if kind in ("", "b") else f"<v>{escape(str(value.cached))}</v>"
                return ("str" if kind in ("s", "inlineStr") else kind), f"<f>{escape(value.text)}</f>{cached}"
            case Runs(parts):
                runs = "".join(f"<r>{_RUNS[look]}<t>{escape(text)}</t></r>" for text, look in parts)
                return "inlineStr", f"<is>{runs}</is>"
        text = str(value)
        if "inline strings" in self.traits:
            return "inlineStr", f'<is><t xml:space="preserve">{_escaped(text)}</t></is>'
        return "s", f"<v>{self.strings.setdefault(text, len(self.strings))}</v>"

    def _serial(self, value: date | time) -> int | float:
        if isinstance(value, time):
            return (value.hour * 60 + value.minute) / 1440
        first = datetime(1904, 1, 1) if "1904" in self.traits else datetime(1899, 12, 30)
        stamp = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
        days = (stamp - first).total_seconds() / 86400
        return int(days) if days == int(days) else days

    def _style(self, cell: Cell) -> int:
        return self.styles.setdefault((cell.look, cell.struck), len(self.styles))

    # ------------------------------------------------------------------------------------------ parts

    def _workbook(self) -> str:
        sheets = "".join(
            f'<sheet name="{escape(sheet.name)}" sheetId="{n}"{" state=" + chr(34) + "hidden" + chr(34) if sheet.hidden else ""} r:id="rId{n}"/>'
            for n, sheet in enumerate(self.book.sheets, 1)
        )
        epoch = '<workbookPr date1904="1"/>' if "1904" in self.traits else "<workbookPr/>"
        links = (
            '<externalReferences><externalReference r:id="rIdLink"/></externalReferences>'
            if self._linked()
            else ""
        )
        calculation = '<calcPr calcId="124519" fullCalcOnLoad="1"/>' if "recalculated" in self.traits else ""
        return f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}">{epoch}<sheets>{sheets}</sheets>{links}{calculation}</workbook>'

    def _relations(self) -> str:
        count = len(self.book.sheets)
        root = "/xl/" if "absolute targets" in self.traits else ""
        return _relations(
            [
                *((f"{_REL}/worksheet", f"{root}worksheets/sheet{n}.xml") for n in range(1, count + 1)),
                (f"{_REL}/styles", "styles.xml"),
                (f"{_REL}/sharedStrings", "sharedStrings.xml"),
            ],
            {"rIdLink": (f"{_REL}/externalLink", f"{root}externalLinks/externalLink1.xml")}
            if self._linked()
            else {},
        )

    def _linked(self) -> bool:
        """True when a formula takes its value from another workbook."""
        return any(
            isinstance(cell.value, Formula) and "[1]" in cell.value.text
            for sheet in self.book.sheets
            for line in sheet.lines
            for cell in line.cells
        )

    def _types(self) -> str:
        office = "application/vnd.openxmlformats-officedocument.spreadsheetml"
        main = "application/vnd.ms-excel.sheet.macroEnabled" if "macros" in self.traits else f"{office}.sheet"
        overrides = {"/xl/workbook.xml": f"{main}.main+xml", "/xl/styles.xml": f"{office}.styles+xml"}
        overrides["/xl/sharedStrings.xml"] = f"{office}.sharedStrings+xml"
        for number in range(1, len(self.book.sheets) + 1):
            overrides[f"/xl/worksheets/sheet{number}.xml"] = f"{office}.worksheet+xml"
            overrides[f"/xl/comments{number}.xml"] = f"{office}.comments+xml"
        if self._linked():
            overrides["/xl/externalLinks/externalLink1.xml"] = f"{office}.externalLink+xml"
        listed = "".join(
            f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in overrides.items()
        )
        return (
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
            f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{listed}</Types>'
        )

    def _styles(self) -> str:
        looks = [look for look in dict.fromkeys(look for look, _ in self.styles) if look]
        ids = {look: 164 + number for number, look in enumerate(looks)}
        formats = "".join(
            f'<numFmt numFmtId="{number}" formatCode="{escape(look, {chr(34): "&quot;"})}"/>'
            for look, number in ids.items()
        )
        styles = "".join(
            f'<xf numFmtId="{ids.get(look, 0)}" fontId="{int(struck)}" fillId="0" borderId="0" xfId="0"'
            f' applyNumberFormat="1"{" applyFont=" + chr(34) + "1" + chr(34) if struck else ""}/>'
            for look, struck in self.styles
        )
        return (
            f'<styleSheet xmlns="{_MAIN}">'
            + (f'<numFmts count="{len(ids)}">{formats}</numFmts>' if ids else "")
            + '<fonts count="2"><font><sz val="11"/><name val="宋体"/></font><font><strike/><sz val="11"/><name val="宋体"/></font></fonts>'
            '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
            '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
            f'<cellXfs count="{len(self.styles)}">{styles}</cellXfs></styleSheet>'
        )

    def _shared(self) -> str:
        return (
            f'<sst xmlns="{_MAIN}" count="{len(self.strings)}" uniqueCount="{len(self.strings)}">'
            + "".join(f"<si>{self._rich(text)}</si>" for text in self.strings)
            + "</sst>"
        )

    def _rich(self, text: str) -> str:
        """A shared string; with runs and phonetic hints, which are no part of the text, when the book has that trait."""
        if "rich text" in self.traits and len(text) > 1:
            runs = f'<r><t xml:space="preserve">{_escaped(text[:1])}</t></r><r><rPr><b/></rPr><t xml:space="preserve">{_escaped(text[1:])}</t></r>'
            return f'{runs}<rPh sb="0" eb="1"><t>pinyin</t></rPh>'
        if "carriage returns" in self.traits:
            return f'<t xml:space="preserve">{_escaped(text).replace("&#10;", "_x000D_&#10;")}_x000D_</t>'
        return f'<t xml:space="preserve">{_escaped(text)}</t>'


_RUNS = {
    "": "",
    "struck": "<rPr><strike/></rPr>",
    "raised": '<rPr><vertAlign val="superscript"/></rPr>',
}


def _escaped(text: str) -> str:
    return escape(text).replace("\n", "&#10;")


def _listed(name: str, items: list[str]) -> str:
    return f'<{name} count="{len(items)}">{"".join(items)}</{name}>'


def _relations(relations: Iterable[tuple[str, str]], named: dict[str, tuple[str, str]] | None = None) -> str:
    numbered = {f"rId{number}": relation for number, relation in enumerate(relations, 1)}
    listed = "".join(
        f'<Relationship Id="{name}" Type="{kind}" Target="{target}"/>'
        for name, (kind, target) in (numbered | (named or {})).items()
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def _comments(sheet: Sheet) -> str:
    found = [
        f'<comment ref="{cell_name(row, column)}" authorId="0"><text><t>{escape(cell.comment)}</t></text></comment>'
        for cell, (row, column) in sheet.positions().items()
        if cell.comment
    ]
    return f'<comments xmlns="{_MAIN}"><authors><author>经管站</author></authors><commentList>{"".join(found)}</commentList></comments>'
