"""An Office package (OOXML, .xlsb): parts and the relations between them, by which alone a part is found."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import Any, Literal

from ruralpb.core.ooxml.limits import Unreadable
from ruralpb.core.ooxml.xml import attribute, parsed
from ruralpb.core.ooxml.zipped import Zip


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part refers to: a part of the package by its path, or something outside by its address."""

    kind: str
    target: str
    external: bool = False


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A worksheet by its name, its part, and whether it is hidden (or very hidden)."""

    name: str
    part: str
    hidden: bool


class Package:
    """A zip container as an Office package. `workbook` is the path of its main part, which is XML or binary."""

    def __init__(self, container: Zip) -> None:
        """Raises Unreadable (D11, by name) when the package holds something else than a workbook."""
        self._zip = container
        self._relations: dict[str, dict[str, Relation]] = {}
        main = [
            relation.target
            for relation in self.relations("").values()
            if relation.kind.endswith("/officeDocument")
        ]
        self.workbook = next((target for target in main if container.part(target)), "")
        if not self.workbook:
            raise Unreadable("file-damaged")

    @property
    def kind(self) -> Literal["xml", "binary"]:
        """How its parts are written. Raises Unreadable (D11) for a document or a presentation."""
        if self.workbook.endswith(".bin"):
            return "binary"
        head = self.xml(self.workbook)[:4096]
        if b"workbook" in head:
            return "xml"
        word = (
            "Word" if b"wordprocessingml" in head else "PowerPoint" if b"presentationml" in head else "Office"
        )
        raise Unreadable("file-unsupported", "D11", kind=word)

    def xml(self, part: str) -> bytes:
        """The bytes of an XML part, b"" when there is none."""
        return self._zip.xml(part)

    def binary(self, part: str) -> bytes:
        """The bytes of a binary part, b"" when there is none."""
        name = self._zip.part(part)
        return self._zip.read(name) if name else b""

    def relations(self, part: str) -> dict[str, Relation]:
        """What `part` refers to, by the id it uses; the package itself is the part ""."""
        if part not in self._relations:
            folder, _, base = part.rpartition("/")
            self._relations[part] = self._read(posixpath.join(folder, "_rels", f"{base}.rels"), folder)
        return self._relations[part]

    def _read(self, path: str, folder: str) -> dict[str, Relation]:
        content = self.xml(path)
        relations = {}
        for relation in parsed(content) if content else ():
            target, kind = relation.get("Target"), relation.get("Type", "")
            if target is None:
                continue
            if relation.get("TargetMode") == "External":
                relations[relation.get("Id", "")] = Relation(kind, target, external=True)
            else:
                path = target[1:] if target.startswith("/") else posixpath.join(folder, target)
                relations[relation.get("Id", "")] = Relation(
                    kind, posixpath.normpath(path.replace("\\", "/"))
                )
        return relations

    def related(self, kind: str) -> str:
        """The path of the part of that kind the workbook refers to; "" when it refers to none, and when the part is not there."""
        relations = self.relations(self.workbook).values()
        targets = (r.target for r in relations if r.kind.endswith(kind) and not r.external)
        return next((target for target in targets if self._zip.part(target)), "")

    def sheets(self, root: Any) -> list[SheetPart]:
        """The worksheets that the workbook's root element lists, in its order; chart and macro sheets hold no rows."""
        return [
            sheet
            for element in root.iter("{*}sheet")
            if (
                sheet := self.sheet(
                    element.get("name", ""), attribute(element, "id"), element.get("state", "visible")
                )
            )
        ]

    def sheet(self, name: str, relation: str, state: str) -> SheetPart | None:
        """A sheet by the relation it is listed with; None for chart and macro sheets. Raises Unreadable when its part is missing: a
        sheet must not get lost in silence."""
        relation_target = self.relations(self.workbook).get(relation)
        if relation_target is None or not self._zip.part(relation_target.target):
            raise Unreadable("file-damaged")
        if not relation_target.kind.endswith("/worksheet"):
            return None
        return SheetPart(name, relation_target.target, state != "visible")
