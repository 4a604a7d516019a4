"""What a file is, by its first bytes, and the gate before any parser sees it.

The limits are those of reading.md: what an office sends stays far below them, what kills a parser does not.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from typing import Literal

from ruralpb.problems import Problem

Container = Literal["zip", "ole", "text"]

MAX_BYTES = 100 * 2**20
MAX_INFLATED = 512 * 2**20
MAX_ENTRIES = 10_000
MAX_CELLS = 5_000_000
MAX_COLUMNS = 2_000

DEFAULT_PASSWORD = "VelvetSweatshop"
"""Excel's key for read-only recommended workbooks: 300 of 369 real yearbook .xls are encrypted with it (D08)."""

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = {
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"BM": "BMP",
    b"{\\rtf": "RTF",
    b"\x1f\x8b": "gzip",
    b"SQLite format 3": "SQLite",
}


class Unreadable(Exception):  # noqa: N818 - a refusal with its reason, caught at the package's door
    """The file is refused; `problem` says why and what to do."""

    def __init__(self, slug: str, rule: str = "D12", **data: str) -> None:
        self.problem = Problem(slug, data=data, rule=rule, refused="file")
        super().__init__(slug)


def kind(content: bytes) -> Container:
    """Return what the bytes are. Raises Unreadable for the empty, the oversized, and what no reader of ours takes."""
    if not content:
        raise Unreadable("file-empty")
    if len(content) > MAX_BYTES:
        raise Unreadable("workbook-too-large", limit=f"{MAX_BYTES >> 20} MiB")
    if content.startswith(_ZIP):
        return "zip"
    if content.startswith(_OLE):
        return "ole"
    for magic, word in _FOREIGN.items():
        if content.startswith(magic):
            raise Unreadable("file-unsupported", "D11", kind=word)
    head = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"<?xml") and b"spreadsheet" in content[:2000]:
        raise Unreadable("file-unsupported", "D05", kind="XML 2003")
    if head.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta")):
        raise Unreadable("file-unsupported", "D04", kind="HTML")
    return "text"


def decrypted(content: bytes, password: str) -> tuple[bytes, bool] | None:
    """Return the plain workbook inside an encrypted OLE file and whether the default key opened it; None when it is not
    encrypted. Raises Unreadable when neither the default nor the given password opens it."""
    import msoffcrypto

    try:
        office = msoffcrypto.OfficeFile(io.BytesIO(content))
        if not office.is_encrypted():
            return None
    except Exception:
        # Not a container msoffcrypto knows (.doc in disguise, damaged): the BIFF reader says what is wrong with it.
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


def parts(content: bytes) -> dict[str, bytes]:
    """Return the XML parts of a zip container, really inflated, by name.

    Raises Unreadable for a damaged archive, one that inflates beyond the limit, and the tricks of reading.md (two entries of
    one name, paths that climb, links, a DOCTYPE).
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_directory(entries)
            found: dict[str, bytes] = {}
            for entry in entries:
                data = archive.read(entry)
                if entry.filename.endswith((".xml", ".rels")):
                    found[entry.filename] = data
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError):
        raise Unreadable("file-damaged") from None
    if any(b"<!DOCTYPE" in part for part in found.values()):
        raise Unreadable("file-hostile", what="DOCTYPE")
    return found


def _check_directory(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if len(names) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_INFLATED:
        raise Unreadable("workbook-too-large", limit=f"{MAX_INFLATED >> 20} MiB")
    if len(set(names)) != len(names):
        raise Unreadable("file-hostile", what="duplicate entry")
    for entry in entries:
        if ".." in re.split(r"[/\\]", entry.filename) or stat.S_ISLNK(entry.external_attr >> 16):
            raise Unreadable("file-hostile", what="path")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Unreadable("file-hostile", what="compression")
