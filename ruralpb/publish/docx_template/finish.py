"""From the filled archive to the document: whole tables in place of their marks, figures without theirs, equal bytes."""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from lxml import etree

from ruralpb.core.ooxml.rewriting import rewritten
from ruralpb.publish.blocks import Align, Runs, TextRun
from ruralpb.publish.docx_template.reading import W, texts
from ruralpb.publish.text.figures import BAR, CLOSE, OPEN, Table, TableCell

_PART = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_TABLE_OPEN, _TABLE_CLOSE = "\ufdd4", "\ufdd5"
_TABLE = re.compile(f"{_TABLE_OPEN}(\\d+){_TABLE_CLOSE}")
_FIGURE = re.compile(f"{re.escape(OPEN)}(.*?){BAR}(.*?){CLOSE}", re.S)
_TEXT_WIDTH = 8844
"""Twips between the margins of an official page (156 mm), where the template does not say."""


def table_mark(number: int) -> str:
    """Return what stands for a whole table until it is put in."""
    return f"{_TABLE_OPEN}{number}{_TABLE_CLOSE}"


def finished(content: bytes, tables: Sequence[Table], when: datetime) -> tuple[bytes, tuple[Runs, ...]]:
    """Return the archive with tables in, marks off and every member dated `when`; and its paragraphs, the body's first."""
    paragraphs: dict[str, list[Runs]] = {}

    def finish(name: str, part: bytes) -> bytes:
        if name == "docProps/core.xml":
            return _FIGURE.sub(r"\1", part.decode("utf-8")).encode()
        if not _PART.fullmatch(name):
            return part
        tree = etree.fromstring(part)
        _put_in(tree, tables)
        paragraphs[name] = [_runs(one) for one in tree.iter(f"{W}p")]
        _take_marks_off(tree)
        return bytes(etree.tostring(tree, encoding="UTF-8", xml_declaration=True, standalone=True))

    finished = rewritten(content, finish, when)
    ordered = sorted(paragraphs, key=lambda name: (name != "word/document.xml", name))
    said = tuple(runs for name in ordered for runs in paragraphs[name] if runs)
    return finished, said


def addressed(document: Any, words: Sequence[str]) -> None:
    """Add at the end of the body the words that say for whom it is, unless the template has put them somewhere itself."""
    said = "".join(document.element.body.itertext())
    for part in document.part.package.iter_parts():
        if _PART.fullmatch(str(part.partname).lstrip("/")) and str(part.partname) != "/word/document.xml":
            said += "".join(etree.fromstring(part.blob).itertext())
    for one in words:
        if one not in said:
            document.add_paragraph(one)


def _runs(paragraph: Any) -> Runs:
    text = "".join(node.text or "" for node in texts(paragraph))
    runs: list[TextRun] = []
    at = 0
    for figure in _FIGURE.finditer(text):
        runs += [TextRun(text[at : figure.start()])] if figure.start() > at else []
        runs.append(TextRun(figure[1], figure[2]))
        at = figure.end()
    return (*runs, TextRun(text[at:])) if text[at:] else tuple(runs)


def _take_marks_off(tree: Any) -> None:
    for node in tree.iter(f"{W}t"):
        if node.text and OPEN in node.text:
            node.text = _FIGURE.sub(r"\1", node.text)


# -------------------------------------------------------------------------------------------------- whole tables


def _put_in(tree: Any, tables: Sequence[Table]) -> None:
    for paragraph in list(tree.iter(f"{W}p")):
        found = _TABLE.findall("".join(node.text or "" for node in texts(paragraph)))
        if not found:
            continue
        for node in texts(paragraph):
            node.text = _TABLE.sub("", node.text or "")
        before = paragraph
        for number in found:
            for made in _table(tables[int(number)], paragraph, _width(tree)):
                before.addnext(made)
                before = made
        if before.tag == f"{W}tbl" and before.getnext() is None:
            before.addnext(etree.Element(f"{W}p"))  # a cell must end in a paragraph
        if not "".join(paragraph.itertext()).strip():
            paragraph.getparent().remove(paragraph)


def _width(tree: Any) -> int:
    page, margin = (next(tree.iter(f"{W}{name}"), None) for name in ("pgSz", "pgMar"))
    if page is None or margin is None:
        return _TEXT_WIDTH
    return int(page.get(f"{W}w")) - int(margin.get(f"{W}left")) - int(margin.get(f"{W}right"))


def _table(table: Table, model: Any, width: int) -> list[Any]:
    """The caption, the table and its notes. Its text looks like the paragraph the tag stood in."""
    tbl = etree.Element(f"{W}tbl")
    properties = etree.SubElement(tbl, f"{W}tblPr")
    _sub(properties, "tblW", w="5000", type="pct")
    _sub(properties, "jc", val="center")
    borders = etree.SubElement(properties, f"{W}tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        _sub(borders, side, val="single", sz="4", space="0", color="auto")
    grid = etree.SubElement(tbl, f"{W}tblGrid")
    widths = _widths(table, width)
    for one in widths:
        _sub(grid, "gridCol", w=str(one))
    head = tuple(column.title for column in table.columns)
    for number, cells in enumerate((head, *table.rows)):
        row = etree.SubElement(tbl, f"{W}tr")
        settings = etree.SubElement(row, f"{W}trPr")
        _sub(settings, "cantSplit")
        if number == 0:
            _sub(settings, "tblHeader")
        for column, cell, one in zip(table.columns, cells, widths, strict=True):
            align: Align = column.align if number else "center"
            row.append(_cell(cell, model, align, one))
    caption = [_paragraph(table.caption, model, "center")] if table.caption else []
    return [*caption, tbl, *(_paragraph(note, model, "left") for note in table.notes)]


def _widths(table: Table, width: int) -> list[int]:
    """The text's width shared by the longest entry of each column, between four and twelve characters."""
    longest = [
        max((len(str(row[at] or "")) for row in table.rows), default=1) for at in range(len(table.columns))
    ]
    shares = [min(max(length, 4), 12) for length in longest]
    return [width * share // sum(shares) for share in shares]


def _cell(cell: TableCell, model: Any, align: Align, width: int) -> Any:
    made = etree.Element(f"{W}tc")
    _sub(etree.SubElement(made, f"{W}tcPr"), "tcW", w=str(width), type="dxa")
    made.append(_paragraph(cell, model, align))
    return made


def _paragraph(words: TableCell, model: Any, align: Align) -> Any:
    """A paragraph with the font of `model` and its spacing, without its indent and numbering."""
    from ruralpb.publish.docx_template import marked

    made = etree.Element(f"{W}p")
    properties = copy.deepcopy(model.find(f"{W}pPr"))
    properties = etree.Element(f"{W}pPr") if properties is None else properties
    for name in ("ind", "numPr", "jc", "outlineLvl", "sectPr", "pageBreakBefore"):
        for one in properties.findall(f"{W}{name}"):
            properties.remove(one)
    last = properties.find(f"{W}rPr")
    centred = etree.Element(f"{W}jc", {f"{W}val": align})
    properties.append(centred) if last is None else last.addprevious(centred)
    made.append(properties)
    run = etree.SubElement(made, f"{W}r")
    font = model.find(f"{W}r/{W}rPr")
    if font is not None:
        run.append(copy.deepcopy(font))
    text = etree.SubElement(run, f"{W}t")
    text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    text.text = marked(words)
    return made


def _sub(parent: Any, name: str, **attributes: str) -> None:
    etree.SubElement(parent, f"{W}{name}", {f"{W}{key}": value for key, value in attributes.items()})
