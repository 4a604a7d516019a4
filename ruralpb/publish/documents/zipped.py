"""Office files are zip archives; here they get the same bytes for the same content, whenever and wherever they are made."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Mapping
from datetime import UTC, date, datetime

_EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
"""The zip format knows nothing earlier."""


def stamp(fallback: date, environment: Mapping[str, str] = os.environ) -> datetime:
    """Return the time documents bear: SOURCE_DATE_EPOCH, else midnight UTC of `fallback` (the period's due date)."""
    epoch = environment.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return max(datetime.fromtimestamp(int(epoch), UTC), _EARLIEST)
    return datetime(fallback.year, fallback.month, fallback.day, tzinfo=UTC)


def reproducible(content: bytes, when: datetime) -> bytes:
    """Return the archive with every member dated `when` and without traces of the machine; order and content are kept."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            info = zipfile.ZipInfo(member.filename, when.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o600 << 16
            new.writestr(info, old.read(member))
    return out.getvalue()
