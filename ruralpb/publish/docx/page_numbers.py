"""Page numbers of an official document: — 1 — in 14 pt on the outside, 7 mm below the type area, one character in.

On a page that lies across they stand where they stand on the others once the sheet is turned upright (GB/T 9704, 7.5 and 8): in a
text box beside the type area, its text turned with the page.
"""

from __future__ import annotations

from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from ruralpb.publish.docx.xml import NAMESPACE, fonts

_SIZE = 14
"""Points: 4号, and the height of the line."""

DISTANCE = 25.5
"""Millimetres from the foot of the page to that of the number's line: the dashes, in the middle of it, are 7 mm below the type area."""

_SIDES = (("default", "right"), ("even", "left"))
_LEFT, _WIDTH = 28, 156
"""Millimetres: the type area of an upright page."""

_EMU = 36_000
_BOX = 6
"""Millimetres: the breadth of the box that holds the line."""

_SPACES = (
    f"{NAMESPACE} {nsdecls('wp', 'a')} "
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)


def upright(section: Any, font: str) -> None:
    """Write the feet of a section (python-docx), odd and even pages apart."""
    for foot, (_, side) in zip((section.footer, section.even_page_footer), _SIDES, strict=True):
        foot.is_linked_to_previous = False
        _fill(foot._element, _line(side, font, NAMESPACE))


def across(document: Any, font: str) -> dict[str, str]:
    """Add the feet of pages that lie across; return the relation that leads to each, by the kind of page (default, even)."""
    relations = {}
    for kind, side in _SIDES:
        part, relations[kind] = document.part.add_footer_part()
        _fill(part.element, _turned(side, font))
    return relations


def refer(section: Any, relations: dict[str, str]) -> None:
    """Let a w:sectPr use these feet."""
    for reference in section.findall(qn("w:footerReference")):
        kind = reference.get(qn("w:type"))
        reference.set(qn("r:id"), relations.get(kind, reference.get(qn("r:id"))))


def _fill(foot: Any, line: str) -> None:
    for old in list(foot):
        foot.remove(old)
    foot.append(parse_xml(line))


def _line(side: str, font: str, spaces: str = "") -> str:
    look = f'<w:rPr>{fonts(font)}<w:sz w:val="{_SIZE * 2}"/></w:rPr>'
    field = "".join(
        f"<w:r>{look}{part}</w:r>"
        for part in (
            '<w:t xml:space="preserve">— </w:t>',
            '<w:fldChar w:fldCharType="begin"/>',
            '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
            '<w:fldChar w:fldCharType="separate"/>',
            "<w:t>1</w:t>",
            '<w:fldChar w:fldCharType="end"/>',
            '<w:t xml:space="preserve"> —</w:t>',
        )
    )
    return (
        f'<w:p {spaces}><w:pPr><w:snapToGrid w:val="0"/><w:spacing w:line="{_SIZE * 20}" w:lineRule="exact"/>'
        f'<w:ind w:{side}Chars="100" w:{side}="{_SIZE * 20}"/><w:jc w:val="{side}"/></w:pPr>{field}</w:p>'
    )


def _turned(side: str, font: str) -> str:
    """The line in a box along the type area's left edge, turned clockwise; drawn once for Word 2010 and WPS, once for older ones."""
    text = f"<w:txbxContent>{_line(side, font)}</w:txbxContent>"
    wide, high = _BOX * _EMU, _WIDTH * _EMU
    along, down = round((DISTANCE + _SIZE * 25.4 / 72 - _BOX) * _EMU), _LEFT * _EMU
    name = f"页码（{'单页' if side == 'right' else '双页'}）"
    drawing = (
        '<w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="1" behindDoc="0" locked="0" '
        'layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        f'<wp:positionH relativeFrom="page"><wp:posOffset>{along}</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="page"><wp:posOffset>{down}</wp:posOffset></wp:positionV>'
        f'<wp:extent cx="{wide}" cy="{high}"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>'
        f'<wp:docPr id="{9001 if side == "right" else 9002}" name="{name}"/><wp:cNvGraphicFramePr/>'
        '<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>'
        f'<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr>'
        f"<wps:txbx>{text}</wps:txbx>"
        '<wps:bodyPr vert="vert" wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="t"><a:noAutofit/></wps:bodyPr>'
        "</wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing>"
    )
    older = (
        f'<w:pict><v:rect style="position:absolute;margin-left:{along / _EMU:.2f}mm;margin-top:{_LEFT}mm;width:{_BOX}mm;'
        f'height:{_WIDTH}mm;z-index:1;mso-position-horizontal-relative:page;mso-position-vertical-relative:page" '
        f'filled="f" stroked="f"><v:textbox style="layout-flow:vertical" inset="0,0,0,0">{text}</v:textbox></v:rect></w:pict>'
    )
    return (
        f'<w:p {_SPACES}><w:pPr><w:snapToGrid w:val="0"/><w:spacing w:line="20" w:lineRule="exact"/></w:pPr><w:r>'
        f'<mc:AlternateContent><mc:Choice Requires="wps">{drawing}</mc:Choice><mc:Fallback>{older}</mc:Fallback>'
        "</mc:AlternateContent></w:r></w:p>"
    )
