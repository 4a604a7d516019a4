"""Bytes of one file → plain grids, one a sheet, with the evidence that stock readers hide.

Layer 6. What the bytes are decides the reader, never the extension. A file that cannot be read whole is refused
whole, with one problem that says why; nothing is read in part and nothing is guessed.

    content ─ container.kind ─┬─ ooxml.read   .xlsx .xlsm   (calamine + a byte scan of the sheet parts)
                              ├─ biff.read    .xls .et      (xlrd)
                              ├─ decrypt, then one of these (read-only recommended, or the password given)
                              └─ delimited.read   .csv
"""

from __future__ import annotations

from ruralpb.model import Grid
from ruralpb.problems import Location, Problem
from ruralpb.workbook import biff, container, delimited, ooxml
from ruralpb.workbook.container import Unreadable

__all__ = ["read"]


def read(content: bytes, name: str, password: str = "") -> tuple[list[Grid], list[Problem]]:
    """Return the sheets of the file `name` in workbook order, and what was noticed about the container.

    `password` is used once, after the empty and the default one, and is not kept. When the file is refused the
    list is empty and one problem says so (`refused="file"`). Never raises for what a file contains.
    """
    notes: list[Problem] = []
    try:
        kind = container.kind(content)
        if kind == "ole" and (plain := container.decrypted(content, password)) is not None:
            content, used_default = plain
            notes.append(
                Problem(
                    "file-encrypted-default" if used_default else "file-encrypted",
                    severity="note",
                    rule="D08",
                )
            )
            kind = container.kind(content)
        match kind:
            case "zip":
                grids = ooxml.read(container.parts(content), content)
            case "ole":
                grids = biff.read(content)
            case _:
                grids = delimited.read(content)
    except Unreadable as refusal:
        return [], [refusal.problem.located(name)]
    if wrong := _misnamed(name, kind):
        notes.append(wrong)
    if not any(grid.values for grid in grids):
        return [], [Problem("file-blank", Location(name), rule="D12", refused="file")]
    return grids, [note.located(name) for note in notes]


_EXTENSIONS = {
    "zip": ("xlsx", "xlsm", "et", "xltx"),
    "ole": ("xls", "et", "xlt"),
    "text": ("csv", "txt", "tsv"),
}
_WORDS = {"zip": "xlsx", "ole": "xls", "text": "csv"}


def _misnamed(name: str, kind: str) -> Problem | None:
    """D03: the extension promises another container than the bytes are. Read all the same, and noted."""
    extension = name.rpartition(".")[2].lower()
    if extension in _EXTENSIONS[kind]:
        return None
    return Problem(
        "file-misnamed", found=_WORDS[kind], data={"extension": extension}, severity="note", rule="D03"
    )
