"""Any .docx → what is measured of it: sections, paragraphs with their effective look, tables, feet of pages.

Read from the package itself, not through python-docx, which fails on documents that Word opens.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from ruralpb.core.problems import CannotRun, Location, Problem
from ruralpb.publish.docx.styles import DocxStyles, Look, Setting, W, number

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, etree.LxmlError, LookupError, AttributeError, ValueError, OverflowError, RuntimeError, OSError,
    EOFError, struct.error,
)  # fmt: skip
"""What a damaged package raises, by where it is damaged."""

_IMPRINT = 5
"""Rows a 版记 may have: the text of longer tables is not measured."""

_LARGEST = 100 << 20
"""Bytes a part may unpack to."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run: its text and look."""

    text: str
    look: Look


@dataclass(frozen=True, slots=True)
class TextLine:
    """A paragraph. `section` counts from 0; `drawn`: it holds a drawing; `breaks`: a page break stands in it."""

    text: str
    pieces: tuple[Piece, ...]
    setting: Setting
    look: Look
    section: int
    drawn: bool = False
    breaks: bool = False

    @property
    def main(self) -> Look:
        """The look most of its characters have."""
        count: Counter[Look] = Counter()
        for piece in self.pieces:
            count[piece.look] += len(piece.text.strip())
        return count.most_common(1)[0][0] if count else self.look


@dataclass(frozen=True, slots=True)
class Foot:
    """A foot of pages: for odd (`default`), `even` or `first` pages; its paragraphs, and whether it prints a page number."""

    kind: str
    lines: tuple[TextLine, ...]
    numbered: bool


@dataclass(frozen=True, slots=True)
class PageSection:
    """Page and margins in millimetres; the grid's type, its line pitch and its addition to each character in points."""

    width: float
    height: float
    top: float
    bottom: float
    left: float
    right: float
    grid: str
    pitch: float
    wider: float
    feet: tuple[Foot, ...]
    title_page: bool
    footer: float
    """Millimetres from the foot of the page to the foot's last line."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """A table: how many rows, whether the first is repeated, its width in millimetres (0 unknown), where it stands."""

    rows: int
    repeats: bool
    width: float
    section: int
    text: str
    after: int
    """How many paragraphs stand before it."""
    lines: tuple[TextLine, ...]
    rules: tuple[float | None, float | None, float | None]
    """Millimetres of the rule above, between the rows, below; None where the table does not say."""


@dataclass(frozen=True, slots=True)
class Document:
    """All that is measured of one document."""

    sections: tuple[PageSection, ...]
    lines: tuple[TextLine, ...]
    tables: tuple[Ruled, ...]
    base: Look
    outside: bool
    """Odd and even pages have feet of their own."""


def read(content: bytes, name: str) -> Document:
    """Return what a .docx holds. Raises CannotRun (exit 2) for anything that is no readable .docx; `name` is said of it."""
    try:
        return _DocxReader(zipfile.ZipFile(io.BytesIO(content))).document()
    except _UNREADABLE as error:
        raise CannotRun(Problem("docx-unreadable", Location(name), found=type(error).__name__)) from error


class _DocxReader:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._main = self._related("", "officeDocument")[0]
        self._relations = self._targets(self._main)
        self.styles = DocxStyles(self._one("styles"), self._one("theme"))

    def document(self) -> Document:
        body = self._part(self._main).find(f"{W}body")
        settings = self._one("settings")
        outside = settings is not None and _on(settings.find(f"{W}evenAndOddHeaders"))
        lines: list[TextLine] = []
        tables: list[Ruled] = []
        sections: list[PageSection] = []
        feet: dict[str, Foot] = {}
        for block in _blocks(body):
            if block.tag == f"{W}tbl":
                tables.append(self._table(block, len(sections), len(lines)))
                continue
            lines.append(self._line(block, len(sections)))
            ends = block.find(f"{W}pPr/{W}sectPr")
            if ends is not None:
                sections.append(self._section(ends, feet))
        last = body.find(f"{W}sectPr")
        sections.append(self._section(last if last is not None else etree.Element(f"{W}sectPr"), feet))
        return Document(tuple(sections), tuple(lines), tuple(tables), self.styles.base, outside)

    def _line(self, element: Any, section: int) -> TextLine:
        setting, look = self.styles.paragraph(element.find(f"{W}pPr"))
        pieces = []
        drawn = breaks = False
        for run in _runs(element):
            text = "".join(_texts(run))
            drawn = drawn or any(
                etree.QName(child).localname in ("drawing", "pict", "AlternateContent") for child in run
            )
            breaks = breaks or any(b.get(f"{W}type") == "page" for b in run.findall(f"{W}br"))
            if text:
                pieces.append(Piece(text, self.styles.run(look, run.find(f"{W}rPr"))))
        return TextLine("".join(p.text for p in pieces), tuple(pieces), setting, look, section, drawn, breaks)

    def _table(self, element: Any, section: int, after: int) -> Ruled:
        rows = element.findall(f"{W}tr")
        repeats = bool(rows) and _on(rows[0].find(f"{W}trPr/{W}tblHeader"))
        columns = [number(c.get(f"{W}w"), 0.0) for c in element.findall(f"{W}tblGrid/{W}gridCol")]
        text = "".join(t.text or "" for t in element.iter(f"{W}t"))
        lines = tuple(self._line(p, section) for p in element.iter(f"{W}p")) if len(rows) <= _IMPRINT else ()
        rules = (
            _rule(element, rows[:1], "top"),
            _rule(element, (), "insideH"),
            _rule(element, rows[-1:], "bottom"),
        )
        return Ruled(len(rows), repeats, _millimetres(sum(columns)), section, text[:20], after, lines, rules)

    def _section(self, element: Any, feet: dict[str, Foot]) -> PageSection:
        """A section's page; feet it does not name are those of the section before (`feet` remembers them)."""
        for reference in element.findall(f"{W}footerReference"):
            part = self._relations.get(reference.get(f"{_R}id", ""), ("", ""))[1]
            kind = reference.get(f"{W}type", "default")
            root = self._part(part)
            lines = tuple(self._line(p, 0) for p in root.iter(f"{W}p"))
            code = "".join(t.text or "" for t in root.iter(f"{W}instrText"))
            code += "".join(f.get(f"{W}instr", "") for f in root.iter(f"{W}fldSimple"))
            feet[kind] = Foot(kind, lines, "PAGE" in code.upper())
        size, margins, grid = (element.find(f"{W}{tag}") for tag in ("pgSz", "pgMar", "docGrid"))
        # Word's own values where a document says nothing: Letter, an inch all round.
        wide, high = _length(size, "w", 12240), _length(size, "h", 15840)
        sides = [_length(margins, side, 1440) for side in ("top", "bottom", "left", "right")]
        gutter = _length(margins, "gutter", 0)
        return PageSection(
            wide, high, abs(sides[0]), abs(sides[1]), sides[2] + gutter, sides[3],
            (grid.get(f"{W}type") or "") if grid is not None else "",
            number(grid.get(f"{W}linePitch"), 0.0) / 20 if grid is not None else 0.0,
            number(grid.get(f"{W}charSpace"), 0.0) / 4096 if grid is not None else 0.0,
            tuple(feet.values()), _on(element.find(f"{W}titlePg")), _length(margins, "footer", 720),
        )  # fmt: skip

    def _one(self, kind: str) -> Any:
        found = [target for type, target in self._relations.values() if type == kind]
        return self._part(found[0]) if found else None

    def _related(self, part: str, kind: str) -> list[str]:
        return [target for type, target in self._targets(part).values() if type == kind]

    def _targets(self, part: str) -> dict[str, tuple[str, str]]:
        folder, file = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{file}.rels")
        if path not in self._archive.namelist():
            return {}
        found = {}
        for relation in self._part(path):
            target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
            found[relation.get("Id", "")] = (relation.get("Type", "").rsplit("/", 1)[-1], target)
        return found

    def _part(self, name: str) -> Any:
        if self._archive.getinfo(name).file_size > _LARGEST:
            raise KeyError(name)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        root = etree.fromstring(self._archive.read(name), parser)
        if name == getattr(self, "_main", None) and root.find(f"{W}body") is None:
            raise KeyError("w:body")
        return root


def _rule(table: Any, rows: Sequence[Any], side: str) -> float | None:
    """The thickness of an edge in millimetres: what the cells of its row say, else the table; None where only its style knows."""
    edges = [row.find(f"{W}tc/{W}tcPr/{W}tcBorders/{W}{side}") for row in rows]
    edges.append(table.find(f"{W}tblPr/{W}tblBorders/{W}{side}"))
    edge = next((one for one in edges if one is not None), None)
    if edge is None:
        return 0.0 if table.find(f"{W}tblPr/{W}tblStyle") is None else None
    drawn = edge.get(f"{W}val") not in ("nil", "none")
    return number(edge.get(f"{W}sz"), 0.0) / 8 / 72 * 25.4 if drawn else 0.0


def _blocks(parent: Any) -> Iterator[Any]:
    """Paragraphs and tables in order; content controls and tracked insertions hold more of them."""
    for child in parent:
        if child.tag in (f"{W}p", f"{W}tbl"):
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"):
            yield from _blocks(child)


def _runs(parent: Any) -> Iterator[Any]:
    """The runs of a paragraph that are printed: not deleted ones, not those of a text box."""
    for child in parent:
        if child.tag == f"{W}r":
            yield child
        elif child.tag in {
            f"{W}{t}" for t in ("ins", "hyperlink", "smartTag", "sdt", "sdtContent", "fldSimple")
        }:
            yield from _runs(child)


def _texts(run: Any) -> Iterator[str]:
    for child in run:
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag == f"{W}tab":
            yield "\t"


def _on(element: Any) -> bool:
    return element is not None and element.get(f"{W}val") not in ("0", "false", "off")


def _length(element: Any, name: str, otherwise: float) -> float:
    return _millimetres(number(element.get(f"{W}{name}"), otherwise) if element is not None else otherwise)


def _millimetres(twips: float) -> float:
    return twips / 1440 * 25.4
