"""The reference document: page, grid, fonts and named styles of an official circular (GB/T 9704-2012, domain 7.4), by script.

Every look is a named style, so a document can be restyled in WPS. Sizes in points, lengths in millimetres or twips (1/20 pt).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm

from ruralpb.publish.docx import page_numbers
from ruralpb.publish.docx.xml import NAMESPACE
from ruralpb.publish.docx.xml import fonts as xml_fonts

FONTS: Mapping[str, str] = {
    "title": "方正小标宋简体",
    "body": "仿宋_GB2312",
    "kai": "楷体_GB2312",
    "hei": "黑体",
    "song": "宋体",
}
"""Fonts by role; a project's `fonts:` setting overrides them."""

SUBSTITUTES: Mapping[str, tuple[str, ...]] = {
    "title": ("方正小标宋_GBK", "华文中宋", "宋体", "Noto Serif CJK SC"),
    "body": ("仿宋", "方正仿宋_GBK", "华文仿宋", "FandolFang", "Noto Serif CJK SC"),
    "kai": ("楷体", "方正楷体_GBK", "华文楷体", "FandolKai", "Noto Serif CJK SC"),
    "hei": ("方正黑体_GBK", "华文黑体", "Noto Sans CJK SC", "WenQuanYi Zen Hei"),
    "song": ("方正书宋_GBK", "Noto Serif CJK SC"),
}
"""What stands in, best first, where a PDF is made on a computer without the official fonts (domain 7.4)."""

SMALL_SETS = ("_GB2312", "简体")
"""How the names of fonts end that hold the 6,763 characters of GB/T 2312 and no rarer one (such as 垚)."""

STAND_INS: Mapping[str, str] = {"title": "宋体", "body": "仿宋", "kai": "楷体"}
"""Fonts of GB 18030 that come with Windows and WPS, for single characters the official ones lack."""

LINE = 579
"""Line pitch in twips: 22 lines on 225 mm."""

TEXT_WIDTH = 8845
"""156 mm in twips."""

TEXT_HEIGHT = 12755
"""225 mm in twips."""

WIDE_WIDTH = TEXT_HEIGHT
"""225 mm in twips: the type area of a landscape page."""

MARK_BEFORE = 1900
"""Twips above the line of the 发文机关标志: its characters then begin 35 mm below the top of the type area."""


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """One named style: its font by role, size in points, alignment, indent (attributes of w:ind), level of the outline (0: none)."""

    id: str
    name: str
    role: str
    size: float
    align: str
    indent: str = ""
    level: int = 0


_INDENTED = 'w:firstLineChars="200" w:firstLine="640"'
"""The first line of the text: two characters in."""
_STYLES = (
    ParagraphStyle("BriefTitle", "公文标题", "title", 22, "center"),
    ParagraphStyle("BriefHeading1", "公文一级标题", "hei", 16, "both", _INDENTED, 1),
    ParagraphStyle("BriefHeading2", "公文二级标题", "kai", 16, "both", _INDENTED, 2),
    ParagraphStyle("BriefHeading3", "公文三级标题", "body", 16, "both", _INDENTED, 3),
    ParagraphStyle("BriefBody", "公文正文", "body", 16, "both", _INDENTED),
    ParagraphStyle("BriefTo", "主送机关", "body", 16, "both"),
    ParagraphStyle(
        "BriefAnnexFirst",
        "附件说明首行",
        "body",
        16,
        "left",
        'w:leftChars="500" w:left="1600" w:hanging="960"',
    ),
    ParagraphStyle("BriefAnnexNext", "附件说明续行", "body", 16, "left", 'w:leftChars="500" w:left="1600"'),
    ParagraphStyle("BriefSigned", "署名日期", "body", 16, "right"),
    ParagraphStyle("AnnexNumber", "附件序号", "hei", 16, "left"),
    ParagraphStyle("AnnexTitle", "附件标题", "title", 22, "center"),
    ParagraphStyle("Letterhead", "发文机关标志", "title", 36, "center"),
    ParagraphStyle("LetterNumber", "发文字号", "body", 16, "center"),
    ParagraphStyle("Draft", "草稿标记", "hei", 14, "right"),
    # 内部资料: where and as GB/T 9704 (7.2.2) has 密级.
    ParagraphStyle("Marking", "内部资料标注", "hei", 16, "left"),
    ParagraphStyle("SummaryTitle", "摘要标题", "title", 18, "center"),
    ParagraphStyle("SummaryHeading", "摘要小标题", "hei", 12, "left"),
    ParagraphStyle("SummaryText", "摘要正文", "body", 12, "both", 'w:firstLineChars="200" w:firstLine="480"'),
    ParagraphStyle("TableText", "表格文字", "song", 10.5, "left"),
    ParagraphStyle("TableHead", "表格标题行", "hei", 10.5, "center"),
    ParagraphStyle("TableTextSmall", "表格文字（小）", "song", 9, "left"),
    ParagraphStyle("TableHeadSmall", "表格标题行（小）", "hei", 9, "center"),
    ParagraphStyle("TableCaption", "表题", "hei", 12, "center"),
    ParagraphStyle("TableNote", "表注", "song", 10.5, "left"),
    ParagraphStyle("Figure", "图", "body", 10.5, "center"),
    ParagraphStyle(
        "Imprint",
        "版记",
        "body",
        14,
        "both",
        'w:leftChars="100" w:left="280" w:rightChars="100" w:right="280"',
    ),
)
_KEPT = {"TableCaption", "AnnexNumber", "AnnexTitle", "BriefAnnexFirst", "BriefAnnexNext"}
_SINGLE = {
    "Figure",
    "TableText",
    "TableHead",
    "TableTextSmall",
    "TableHeadSmall",
    "TableCaption",
    "TableNote",
}
_FREE = {"Letterhead", "AnnexTitle", "BriefTitle", "SummaryTitle", "SummaryHeading", "SummaryText"}


_RULES = {
    "LetterNumber": '<w:pBdr><w:bottom w:val="single" w:sz="18" w:space="4" w:color="C8102E"/></w:pBdr>',
    "Imprint": '<w:tabs><w:tab w:val="right" w:pos="8565"/></w:tabs>',
}
"""The red line, 4 mm below the number and as wide as the type area; the right end of a line of the 版记."""

_TIGHT = '<w:overflowPunct w:val="0"/><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>'
"""No punctuation outside the type area, no extra space between Chinese characters and digits: 28 characters a line, as the grid says. LibreOffice reads it in each
style only, not in the defaults."""


def reference(fonts: Mapping[str, str]) -> Any:
    """Return an empty document (python-docx) with the page, the page numbers and all styles set."""
    names = named(fonts)
    document = docx.Document()
    _drop_leftovers(document)
    _defaults(document, names)
    for style in _STYLES:
        _style(document, style, names[style.role])
    _character_style(document, "Lead", "段首语", xml_fonts(names["kai"]))
    for role, font in stand_ins(names).items():
        _character_style(document, f"Rare{role}", f"字库外字（{font}）", xml_fonts(font))
    _table_style(document)
    _settings(document)
    _page(document.sections[0])
    document.settings.odd_and_even_pages_header_footer = True
    page_numbers.upright(document.sections[0], names["song"])
    return document


def named(fonts: Mapping[str, str]) -> dict[str, str]:
    """Return the font of each role: the project's, else the official one."""
    return {role: fonts.get(role) or name for role, name in FONTS.items()}


def stand_ins(names: Mapping[str, str]) -> dict[str, str]:
    """Return by role the font for characters that the role's own lacks: for fonts of the 6,763 characters of GB/T 2312 only."""
    return {role: font for role, font in STAND_INS.items() if names[role].endswith(SMALL_SETS)}


def roles() -> dict[str, str]:
    """Return for each paragraph style the role of its font."""
    return {style.id: style.role for style in _STYLES}


def substitutes(fonts: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return for each font of a document what may stand in for it."""
    return {fonts.get(role) or name: SUBSTITUTES[role] for role, name in FONTS.items()}


def _drop_leftovers(document: Any) -> None:
    """python-docx's empty document brings a second set of styles, which Word would hold against ours and repair the file, a
    picture of an empty page and a bibliography."""
    for owner in (document.part, document.part.package):
        for id, relation in list(owner.rels.items()):
            if relation.reltype.rsplit("/", 1)[-1] in ("stylesWithEffects", "thumbnail", "customXml"):
                owner.rels.pop(id)


def _defaults(document: Any, names: Mapping[str, str]) -> None:
    styles = document.styles.element
    old = styles.find(qn("w:docDefaults"))
    # 16 pt glyphs at -0.25 pt: 28 to a line of 156 mm. Theme fonts go, WPS reports them as missing.
    new = parse_xml(
        f'<w:docDefaults {NAMESPACE}><w:rPrDefault><w:rPr>{xml_fonts(names["body"])}<w:spacing w:val="-5"/>'
        '<w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr>'
        f'</w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:before="0" w:after="0" w:line="{LINE}" w:lineRule="exact"/>'
        "</w:pPr></w:pPrDefault></w:docDefaults>"
    )
    styles.replace(old, new)
    normal = document.styles["Normal"].element
    for child in list(normal):
        if child.tag in (qn("w:rPr"), qn("w:pPr")):
            normal.remove(child)
    for style in list(document.styles):
        unused = style.type is not WD_STYLE_TYPE.PARAGRAPH or style.name not in ("Normal", "footer", "header")
        if unused and style.name not in ("Default Paragraph Font", "Normal Table", "No List"):
            style.element.getparent().remove(style.element)


def _settings(document: Any) -> None:
    """python-docx's empty document is set up for Japanese, and w:zoom lacks the percentage that the schema requires."""
    settings = document.settings.element
    settings.find(qn("w:zoom")).set(qn("w:percent"), "100")
    settings.find(qn("w:themeFontLang")).set(qn("w:eastAsia"), "zh-CN")


def _style(document: Any, style: ParagraphStyle, font: str) -> None:
    spacing = ""
    if style.id in _SINGLE:
        # Both are inherited from the defaults otherwise, and table rows would be twice as high.
        spacing = (
            '<w:snapToGrid w:val="0"/><w:spacing w:before="20" w:after="20" w:line="240" w:lineRule="auto"/>'
        )
    elif style.id in _FREE:
        # On the grid a line higher than its pitch takes two.
        line = {
            "Letterhead": f'w:before="{MARK_BEFORE}" w:line="900"',
            "AnnexTitle": 'w:after="200" w:line="640"',
            # A page of 225 mm takes 30 lines of 21 pt: what a summary says stands on one.
            "SummaryTitle": 'w:after="80" w:line="560"',
            "SummaryHeading": 'w:before="60" w:line="420"',
            "SummaryText": 'w:line="420"',
        }.get(style.id, 'w:line="640"')
        spacing = f'<w:snapToGrid w:val="0"/><w:spacing {line} w:lineRule="exact"/>'
    rule = _RULES.get(style.id, "")
    keep = "<w:keepNext/>" if style.level or style.id in _KEPT else ""
    outline = f'<w:outlineLvl w:val="{style.level - 1}"/>' if style.level else ""
    colour = '<w:color w:val="C8102E"/>' if style.id in ("Letterhead", "Draft") else ""
    half = int(style.size * 2)
    document.styles.element.append(
        parse_xml(
            f'<w:style {NAMESPACE} w:type="paragraph" w:customStyle="1" w:styleId="{style.id}"><w:name w:val="{style.name}"/>'
            f'<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{keep}{rule}{_TIGHT}{spacing}'
            f'{f"<w:ind {style.indent}/>" if style.indent else ""}<w:jc w:val="{style.align}"/>{outline}</w:pPr>'
            f'<w:rPr>{xml_fonts(font)}{colour}<w:sz w:val="{half}"/><w:szCs w:val="{half}"/></w:rPr></w:style>'
        )
    )


def _character_style(document: Any, id: str, name: str, look: str) -> None:
    document.styles.element.append(
        parse_xml(
            f'<w:style {NAMESPACE} w:type="character" w:customStyle="1" w:styleId="{id}"><w:name w:val="{name}"/>'
            f"<w:rPr>{look}</w:rPr></w:style>"
        )
    )


def _table_style(document: Any) -> None:
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    document.styles.element.append(
        parse_xml(
            f'<w:style {NAMESPACE} w:type="table" w:customStyle="1" w:styleId="BriefingTable"><w:name w:val="公文表格"/>'
            f'<w:tblPr><w:tblBorders>{edges}</w:tblBorders><w:tblCellMar><w:left w:w="57" w:type="dxa"/>'
            '<w:right w:w="57" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        )
    )


def _page(section: Any) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(page_numbers.DISTANCE)
    # type="linesAndChars" makes LibreOffice snap each glyph to two cells.
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    section._sectPr.append(parse_xml(f'<w:docGrid {NAMESPACE} w:type="lines" w:linePitch="{LINE}"/>'))
