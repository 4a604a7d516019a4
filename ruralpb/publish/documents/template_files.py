"""The files of templates: which there are in a folder, what they are called, a document to begin one with."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

from ruralpb.publish.markup.template import DRAWN, SUFFIX

_TITLE = re.compile(r"\{#-?\s*(.+?)[。：，]")
_NAME = re.compile(r"[^\\/:*?\"<>|.\s][^\\/:*?\"<>|\s]*")


def is_name(text: str) -> bool:
    """True for what a template's file can be called, without its ending."""
    return _NAME.fullmatch(text) is not None


def template_files(folder: Path) -> Iterator[Path]:
    """Yield the templates in a folder, by name; none where there is no folder."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name.endswith((SUFFIX, DRAWN)) and not path.name.startswith(("~$", ".")):
            yield path


def template_name(path: Path) -> str:
    """Return a template's name: its file's without the ending."""
    return path.name.removesuffix(SUFFIX).removesuffix(DRAWN)


def template_title(path: Path) -> str:
    """Return what its first comment begins with; of a document its title in the properties."""
    if path.name.endswith(DRAWN):
        import docx

        try:
            return str(docx.Document(str(path)).core_properties.title or "")
        except (KeyError, ValueError, OSError):
            return ""
    found = _TITLE.match(path.read_text("utf-8-sig", errors="replace"))
    return found[1] if found else ""


def plain_document() -> bytes:
    """Return a plain document with the tags of a circular, to be restyled."""
    from ruralpb.publish.docx_template.sample import sample

    out = io.BytesIO()
    sample().save(out)
    return out.getvalue()
