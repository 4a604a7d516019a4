"""Single-file web pages (.mht, "单个文件网页", often named .xls) → grids: the pages inside, one a sheet."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from ruralpb.core.ooxml.limits import Unreadable
from ruralpb.intake.readers import markup
from ruralpb.model import Grid

if TYPE_CHECKING:
    from email.message import Message

_SHEET = re.compile(
    r"<x:ExcelWorksheet>\s*<x:Name>(?P<name>[^<]*)</x:Name>(?P<rest>.*?)</x:ExcelWorksheet>", re.DOTALL
)
_SOURCE = re.compile(r"""<x:WorksheetSource\s+HRef=["']([^"']+)""")


def read(content: bytes) -> list[Grid]:
    """Return a grid for each page with a table. Raises Unreadable as `markup.read` does."""
    import email

    message = email.message_from_bytes(content)
    pages = {_name(part): _content(part) for part in message.walk() if part.get_content_type() == "text/html"}
    if not pages:
        raise Unreadable("html-no-table", "D04")
    listed = _SHEET.findall(markup.decoded(next(iter(pages.values()))))
    sheets = [(html.unescape(name), _SOURCE.search(rest)) for name, rest in listed]
    if sheets and all(source for _, source in sheets) and len(pages) > 1:
        named = [(name, source[1].rpartition("/")[2]) for name, source in sheets if source]
        if any(source not in pages for _, source in named):
            raise Unreadable("file-damaged")
        return [markup.read(pages[source], name) for name, source in named if b"<td" in pages[source].lower()]
    tables = [page for page in pages.values() if b"<table" in page.lower()]
    if len(tables) != 1:
        raise Unreadable("html-tables", "D04", found=f"{len(tables)}")
    return [markup.read(tables[0], sheets[0][0] if len(sheets) == 1 else markup.SHEET)]


def _name(part: Message) -> str:
    return str(part.get("Content-Location", "")).replace("\\", "/").rpartition("/")[2]


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
