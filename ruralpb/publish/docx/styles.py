"""What a property of a .docx comes to: document defaults, then the style and all it is based on, then what stands in place;
theme fonts looked up. Reads what Word, WPS, LibreOffice and python-docx write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"

_OFF = ("0", "false", "off", "none")


@dataclass(frozen=True, slots=True)
class Look:
    """How characters are set: Chinese font, Latin font, size in points, bold, colour (RRGGBB), spacing in points."""

    font: str = ""
    latin: str = ""
    size: float = 10.0
    bold: bool = False
    colour: str = ""
    spacing: float = 0.0


@dataclass(frozen=True, slots=True)
class Setting:
    """How a paragraph is set: w:jc, attributes of w:ind and w:spacing as written, on the grid or not, outline level (0 the
    highest, None text), on a new page, whether a red line stands below."""

    align: str = "left"
    indent: tuple[tuple[str, str], ...] = ()
    spacing: tuple[tuple[str, str], ...] = ()
    on_grid: bool = True
    level: int | None = None
    new_page: bool = False
    rule: str = ""

    def twips(self, name: str) -> float:
        """An attribute of w:ind in twips; 0 when not set or no number."""
        return number(dict(self.indent).get(name, ""), 0.0)

    def characters(self, side: str, size: float) -> float:
        """An indent (`firstLine`, `left`, `right`, `hanging`) in characters of `size` points."""
        chars = number(dict(self.indent).get(f"{side}Chars", ""), 0.0)
        return chars / 100 if chars else self.twips(side) / 20 / size


def number(text: str | None, otherwise: float) -> float:
    """The number in an attribute; `otherwise` when it holds none (LibreOffice writes `123.5`, others nonsense)."""
    try:
        return float(text or "")
    except ValueError:
        return otherwise


class DocxStyles:
    """The styles of one document. `root`: w:styles or None; `theme`: a:theme or None."""

    def __init__(self, root: Any, theme: Any) -> None:
        self._theme = dict(_theme_fonts(theme))
        self._by_id: dict[str, Any] = {}
        self._default = ""
        self._look, self._setting = Look(), Setting()
        if root is None:
            return
        for style in root.findall(f"{W}style"):
            id = style.get(f"{W}styleId", "")
            self._by_id[id] = style
            if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") not in (None, *_OFF):
                self._default = id
        self._look = self.look(self._look, root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))
        self._setting = _setting(self._setting, root.find(f"{W}docDefaults/{W}pPrDefault/{W}pPr"))

    def paragraph(self, properties: Any) -> tuple[Setting, Look]:
        """Return how a paragraph with these w:pPr is set, and the look of a run without properties in it."""
        named = properties.find(f"{W}pStyle") if properties is not None else None
        setting, look = self._setting, self._look
        for style in self._chain(named.get(f"{W}val", "") if named is not None else self._default):
            setting = _setting(setting, style.find(f"{W}pPr"))
            look = self.look(look, style.find(f"{W}rPr"))
        return _setting(setting, properties), look

    def run(self, look: Look, properties: Any) -> Look:
        """Return the look of a run with these w:rPr in a paragraph whose own look is given."""
        if properties is None:
            return look
        named = properties.find(f"{W}rStyle")
        if named is not None:
            for style in self._chain(named.get(f"{W}val", "")):
                look = self.look(look, style.find(f"{W}rPr"))
        return self.look(look, properties)

    @property
    def base(self) -> Look:
        """The look of the default paragraph style: what a grid of characters is laid out for."""
        return self.paragraph(None)[1]

    def look(self, look: Look, properties: Any) -> Look:
        """Return `look` with these w:rPr applied."""
        if properties is None:
            return look
        fonts = properties.find(f"{W}rFonts")
        if fonts is not None:
            look = replace(
                look,
                font=self._font(fonts, "eastAsia") or look.font,
                latin=self._font(fonts, "ascii") or look.latin,
            )
        for child in properties:
            value = child.get(f"{W}val")
            if child.tag == f"{W}sz":
                look = replace(look, size=number(value, look.size * 2) / 2)
            elif child.tag == f"{W}b":
                look = replace(look, bold=value not in _OFF)
            elif child.tag == f"{W}color":
                look = replace(look, colour=(value or "").upper())
            elif child.tag == f"{W}spacing":
                look = replace(look, spacing=number(value, 0.0) / 20)
        return look

    def _font(self, fonts: Any, side: str) -> str:
        theme = fonts.get(f"{W}{side}Theme")
        return self._theme.get(theme or "", "") or fonts.get(f"{W}{side}") or ""

    def _chain(self, id: str) -> list[Any]:
        """The style and what it is based on, the most general first. A circle ends where it closes."""
        chain: list[Any] = []
        while id in self._by_id and self._by_id[id] not in chain:
            chain.append(self._by_id[id])
            parent = chain[-1].find(f"{W}basedOn")
            id = parent.get(f"{W}val", "") if parent is not None else ""
        return chain[::-1]


def _setting(setting: Setting, properties: Any) -> Setting:
    if properties is None:
        return setting
    for child in properties:
        value = child.get(f"{W}val")
        if child.tag == f"{W}jc":
            setting = replace(
                setting, align={"start": "left", "end": "right"}.get(value or "", value or "left")
            )
        elif child.tag == f"{W}ind":
            setting = replace(setting, indent=_merged(setting.indent, child))
        elif child.tag == f"{W}spacing":
            setting = replace(setting, spacing=_merged(setting.spacing, child))
        elif child.tag == f"{W}snapToGrid":
            setting = replace(setting, on_grid=value not in _OFF)
        elif child.tag == f"{W}outlineLvl":
            level = int(number(value, 9))
            setting = replace(setting, level=level if level < 9 else None)
        elif child.tag == f"{W}pageBreakBefore":
            setting = replace(setting, new_page=value not in _OFF)
        elif child.tag == f"{W}pBdr":
            bottom = child.find(f"{W}bottom")
            setting = replace(setting, rule="" if bottom is None else (bottom.get(f"{W}color") or "").upper())
    return setting


def _merged(known: tuple[tuple[str, str], ...], element: Any) -> tuple[tuple[str, str], ...]:
    own = {key.removeprefix(W): value for key, value in element.attrib.items()}
    kept: dict[str, str] = dict(known)
    for name in own:  # an indent in twips replaces an inherited one in characters, and the other way round
        kept.pop(name.removesuffix("Chars") if name.endswith("Chars") else f"{name}Chars", None)
    return tuple({**kept, **own}.items())


def _theme_fonts(theme: Any) -> Iterator[tuple[str, str]]:
    if theme is None:
        return
    for kind in ("major", "minor"):
        fonts = theme.find(f".//{_A}{kind}Font")
        if fonts is None:
            continue
        chinese: Mapping[str, str] = {
            f.get("script", ""): f.get("typeface", "") for f in fonts.findall(f"{_A}font")
        }
        east = fonts.find(f"{_A}ea")
        latin = fonts.find(f"{_A}latin")
        yield f"{kind}EastAsia", (east.get("typeface") if east is not None else "") or chinese.get("Hans", "")
        for side in ("Ascii", "HAnsi"):
            yield f"{kind}{side}", (latin.get("typeface") if latin is not None else "") or ""
