"""What a file is, by its first bytes, and the limits that no parser is asked to go beyond.

The limits are those of reading.md: what an office sends stays far below them, what kills a parser does not.
"""

from __future__ import annotations

import io
import re
from typing import Literal

from ruralpb.core.ooxml.limits import MAX_BYTES, ZIP, Unreadable
from ruralpb.model.vocabulary import builtin

Container = Literal["zip", "ole", "html", "xml2003", "fods", "mhtml", "text"]

DEFAULT_PASSWORD = "VelvetSweatshop"
"""Excel's key for read-only recommended workbooks: 300 of 369 real yearbook .xls are encrypted with it (D08)."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = {
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"{\\rtf": "RTF",
    b"\x1f\x8b": "gzip",
    b"BZh9": "bzip2",
    b"\xfd7zXZ": "xz",
    b"SQLite format 3": "SQLite",
    b"PAR1": "Parquet",
    b"MZ": "EXE",
    b"\x7fELF": "ELF",
    b"PK\x05\x06": "ZIP",
    b"ID3": "MP3",
}
_MEDIA = {(4, b"ftyphei"): "HEIC", (4, b"ftypmif1"): "HEIC", (4, b"ftyp"): "MP4", (8, b"WEBP"): "WebP"}
"""What stands behind the first bytes: where, and what it shows."""
_BITMAP = re.compile(rb"BM.{4}\0\0\0\0", re.DOTALL)
_STREAMS = {"WordDocument": "Word", "PowerPoint Document": "PowerPoint", "VisioDocument": "Visio"}
_WORKBOOKS = ("Workbook", "Book", "WORKBOOK", "BOOK", "EncryptedPackage")


def foreign(head: bytes) -> str:
    """Return the name of the file type that the first bytes show, "" when it may be a workbook, text or a zip archive (D11)."""
    if _BITMAP.match(head):
        return "BMP"
    if word := next((word for (at, mark), word in _MEDIA.items() if head.startswith(mark, at)), ""):
        return word
    return next((word for magic, word in _FOREIGN.items() if head.startswith(magic)), "")


ATTACHMENTS = builtin().words("files.attachments")
"""The file types that come with returns and are none."""
ARCHIVES = builtin().words("files.archives")
"""The types of archive that are not opened."""


def kind(content: bytes) -> Container:
    """Return what the bytes are. Raises Unreadable for the empty, the oversized, and what no reader of ours takes."""
    if not content:
        raise Unreadable("file-empty")
    if len(content) > MAX_BYTES:
        raise Unreadable("workbook-too-large", limit=f"{MAX_BYTES >> 20} MiB")
    if content.startswith(ZIP):
        return "zip"
    if content.startswith(_OLE):
        return "ole"
    if word := foreign(content[:16]):
        raise Unreadable("file-unsupported", "D11", kind=word)
    return _marked_up(content)


_HTML = (
    b"<html",
    b"<!doctype html",
    b"<table",
    b"<meta",
    b"<head",
    b"<body",
    b"<style",
    b"<div",
    b"<!--[if",
    b"<center",
)
_MIME = re.compile(rb"(?:from|mime-version|content-type|subject|date|x-[a-z-]+):")


def _marked_up(content: bytes) -> Container:
    """Which of the kinds of text: two of them are what exporting programs name .xls (D04, D05)."""
    head = _eight_bit(content[:4096]).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if _MIME.match(head) and b"multipart/related" in head:
        return "mhtml"
    if head.startswith((b"<?xml", b"<workbook", b"<ss:workbook", b"<office:document")):
        if b"<office:document" in head:
            return "fods"
        if b"urn:schemas-microsoft-com:office:spreadsheet" in head and b"<html" not in head:
            return "xml2003"
        if b"<html" in head or b"<table" in head:
            return "html"
        raise Unreadable("file-unsupported", "D11", kind="XML")
    if head.startswith(_HTML):
        return "html"
    return "text"


def _eight_bit(head: bytes) -> bytes:
    """Text in UTF-16 with its mark, as far as it is ASCII; all other bytes as they are."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) & ~1].decode("utf-16", "replace").encode("ascii", "replace")
    return head


def is_ole(content: bytes) -> bool:
    """True for what Office keeps an encrypted workbook in, and for an .xls: whether it is encrypted is seen in opening it."""
    return content.startswith(_OLE)


def decrypted(content: bytes, password: str) -> tuple[bytes, bool] | None:
    """Return the plain workbook inside an encrypted OLE file and whether the default key opened it; None when it is not
    encrypted. Raises Unreadable when neither the default nor the given password opens it, and when the file is no workbook."""
    import msoffcrypto

    _check_streams(content)
    try:
        office = msoffcrypto.OfficeFile(io.BytesIO(content))
        if not office.is_encrypted():
            return None
    except Exception:
        # Not a container msoffcrypto knows (damaged, or of a very old Excel): the BIFF reader says what is wrong with it.
        return None
    for word in (DEFAULT_PASSWORD, password):
        if not word:
            continue
        plain = io.BytesIO()
        try:
            office.load_key(password=word)
            office.decrypt(plain)
        except Exception:  # msoffcrypto raises a dozen kinds for a wrong key; each means: not this one
            continue
        return plain.getvalue(), word == DEFAULT_PASSWORD
    raise Unreadable("file-password-wrong" if password else "file-password", "D07")


def _check_streams(content: bytes) -> None:
    """Refuse by its name an OLE file that holds a document of another program (D11)."""
    if any(_has_stream(content, name) for name in _WORKBOOKS):
        return
    for stream, word in _STREAMS.items():
        if _has_stream(content, stream):
            raise Unreadable("file-unsupported", "D11", kind=word)


def _has_stream(content: bytes, name: str) -> bool:
    """True when the directory of an OLE file has an entry of that name. Entries lie at multiples of 128 bytes: the same letters within a
    text are none ("Book" in the name of a font made a valid .doc a damaged workbook)."""
    entry = name.encode("utf-16-le") + b"\0\0"
    at = content.find(entry)
    while at >= 0 and at % 128:
        at = content.find(entry, at + 1)
    return at >= 0
