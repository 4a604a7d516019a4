"""Zip archives with equal bytes for equal content, whenever and wherever they are made."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime


def rewritten(content: bytes, change: Callable[[str, bytes], bytes], when: datetime) -> bytes:
    """Return the archive with what `change` makes of each member (its name, its bytes), every member dated `when` and without traces of
    the machine; their order is kept."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            info = zipfile.ZipInfo(member.filename, when.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o600 << 16
            new.writestr(info, change(member.filename, old.read(member)))
    return out.getvalue()


def reproducible(content: bytes, when: datetime) -> bytes:
    """Return the archive with every member dated `when` and without traces of the machine; order and content are kept."""
    return rewritten(content, lambda _name, part: part, when)
