"""A .docx template to begin with: the tags of a quarterly circular in plain paragraphs, for an office to style in WPS."""

from __future__ import annotations

from typing import Any

_PARAGRAPHS = (
    ("title", "关于{{ period }}抓党建促乡村振兴工作情况的通报"),
    ("body", "{{ setting('to', '各' ~ children ~ '，有关单位') }}："),
    ("body", "{{ introduction }}。现将有关情况通报如下。"),
    ("heading", "一、总体情况"),
    ("body", "{{ circular(words.bank).verdict }}。"),
    ("body", "{%p for paragraph in overview(words.key) %}"),
    ("body", "{{ paragraph }}"),
    ("body", "{%p endfor %}"),
    ("heading", "二、存在问题"),
    ("body", "{%p for problem in circular(words.bank).problems %}"),
    ("body", "{{ ordinal(loop.index) }}是{{ problem.text }}"),
    ("body", "{%p endfor %}"),
    ("heading", "三、下步要求"),
    ("body", "{%p for problem in circular(words.bank).problems %}"),
    ("body", "（{{ ordinal(loop.index) }}）{{ problem.requirement.text }}"),
    ("body", "{%p endfor %}"),
    ("date", "{{ setting('issuer', unit) }}"),
    ("date", "{{ setting('signed_on') or '年　月　日' }}"),
    ("heading", "附件　{{ children }}主要指标"),
)
_ROW = ("{{ row[0] }}", "{{ row[1] }}", "{{ row[2] }}", "{{ row[3] }}")


def sample() -> Any:
    """Return the document (python-docx): A4 with the margins of GB/T 9704, an audience in the header, a table with a row loop."""
    import docx
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm

    document = docx.Document()
    document.core_properties.title = "用 WPS 修改的通报模板"
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    page.header.paragraphs[0].text = "{{ audience }}"
    for kind, words in _PARAGRAPHS:
        paragraph = document.add_paragraph()
        run = paragraph.add_run(words)
        _font(run, {"title": ("方正小标宋简体", 22), "heading": ("黑体", 16)}.get(kind, ("仿宋_GB2312", 16)))
        if kind in ("title", "date"):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if kind == "title" else WD_ALIGN_PARAGRAPH.RIGHT
    _table(document)
    return document


def _table(document: Any) -> None:
    table = document.add_table(4, len(_ROW))
    table.style = "Table Grid"
    heads = [f"{{{{ ranking_table(words.ranked).columns[{place}].title }}}}" for place in range(len(_ROW))]
    for row, words in ((0, heads), (2, _ROW)):
        for cell, word in zip(table.rows[row].cells, words, strict=True):
            _font(cell.paragraphs[0].add_run(word), ("仿宋_GB2312", 12))
    table.cell(1, 0).text = "{%tr for row in ranking_table(words.ranked).rows %}"
    table.cell(3, 0).text = "{%tr endfor %}"


def _font(run: Any, font: tuple[str, int]) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    name, size = font
    run.font.size = Pt(size)
    run.font.name = "Times New Roman"
    run._element.rPr.rFonts.set(qn("w:eastAsia"), name)
