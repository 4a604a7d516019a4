"""A set of definition files as one blob: a plain zip that anyone can open, the same bytes for the same files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return the files (relative name → content) as one deterministic zip, ordered by name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as bundle:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = _UNIX  # the default is the running system's, which would change the bytes
            entry.external_attr = 0o644 << 16
            bundle.writestr(entry, files[name])
    return buffer.getvalue()


def unpack(blob: bytes) -> dict[str, bytes]:
    """Return the files of a blob made by `pack`."""
    with zipfile.ZipFile(io.BytesIO(blob)) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}
