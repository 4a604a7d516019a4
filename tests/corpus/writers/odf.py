"""Books → .ods: content.xml with repeated blanks, as LibreOffice and newer WPS write it."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from typing import Any
from xml.sax.saxutils import escape

from ..model import Book, Cell, ErrorValue, Formula, Sheet
from .markup import _spans
from .plain import shown

_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "style", "fo")
)


_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def flat(book: Book) -> bytes:
    """The same in one part (.fods)."""
    return f'{_HEAD}<office:document {_SPACES} office:version="1.2" office:mimetype="{_TYPE}">{_body(book)}</office:document>'.encode()


def _body(book: Book) -> str:
    return (
        '<office:automatic-styles><style:style style:name="shown" style:family="table"/>'
        '<style:style style:name="hidden" style:family="table"><style:table-properties table:display="false"/></style:style>'
        "</office:automatic-styles><office:body><office:spreadsheet>"
        + "".join(map(_table, book.sheets))
        + "</office:spreadsheet></office:body>"
    )


def write(book: Book) -> bytes:
    content = f'{_HEAD}<office:document-content {_SPACES} office:version="1.2">{_body(book)}</office:document-content>'
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_TYPE}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in (
            ("mimetype", _TYPE),
            ("content.xml", content),
            ("META-INF/manifest.xml", manifest),
        ):
            archive.writestr(zipfile.ZipInfo(name, (2026, 4, 1, 9, 0, 0)), text)
    return stream.getvalue()


def _table(sheet: Sheet) -> str:
    spans, covered = _spans(sheet)
    places = sheet.positions()
    hidden = {places[cell][1] for cell in sheet.hidden_columns}
    columns = "".join(
        "<table:table-column" + (' table:visibility="collapse"' if n in hidden else "") + "/>"
        for n in range(sheet.width)
    )
    rows = "".join(
        f"<table:table-row{' table:visibility=' + chr(34) + 'filter' + chr(34) if line.hidden else ''}>"
        + "".join(
            "<table:covered-table-cell/>" if cell in covered else _cell(cell, spans.get(cell, (1, 1)))
            for cell in line.cells
        )
        + "</table:table-row>"
        for line in sheet.lines
    )
    blank = f'<table:table-row table:number-rows-repeated="{1_000_000}"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
    return f'<table:table table:name="{escape(sheet.name)}" table:style-name="{"hidden" if sheet.hidden else "shown"}">{columns}{rows}{blank}</table:table>'


def _cell(cell: Cell, span: tuple[int, int]) -> str:
    value: Any = cell.value.cached if isinstance(cell.value, Formula) else cell.value
    merge = (
        f' table:number-columns-spanned="{span[1]}" table:number-rows-spanned="{span[0]}"'
        if span != (1, 1)
        else ""
    )
    if value is None:
        return f"<table:table-cell{merge}/>"
    text = value.text if isinstance(value, ErrorValue) else shown(Cell(value, look=cell.look))
    match value:
        case bool():
            typed = f'office:value-type="boolean" office:boolean-value="{str(value).lower()}"'
        case int() | float():
            typed = f'office:value-type="{"percentage" if "%" in cell.look else "float"}" office:value="{value!r}"'
        case datetime() | date():
            typed = f'office:value-type="date" office:date-value="{value.isoformat()[:10]}"'
        case _:
            typed = 'office:value-type="string"'
    paragraphs = "".join(f"<text:p>{_spaced(part)}</text:p>" for part in text.split("\n"))
    return f"<table:table-cell{merge} {typed}>{paragraphs}</table:table-cell>"


def _spaced(text: str) -> str:
    """Runs of blanks and blanks at the ends are elements in ODF."""
    kept = text.strip(" ")
    lead, trail = len(text) - len(text.lstrip(" ")), len(text) - len(text.rstrip(" "))
    blank = '<text:s text:c="{}"/>'
    if not kept:
        return blank.format(len(text)) if text else ""
    inner = escape(kept).replace("  ", " " + blank.format(1))
    return (blank.format(lead) if lead else "") + inner + (blank.format(trail) if trail else "")
