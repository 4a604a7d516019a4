"""The folder that goes back to a reporter: whole files, and none left over from an earlier call."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from ruralpb.store.disk import write_whole


def write_sent_files(record: Path, folder: Path, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write the files to `folder`, each whole or not at all, and return their paths. Only their owner may read them: they hold personal data.

    A copy that an earlier call wrote there, that nobody has changed since and that is no longer sent is removed, so that the folder can be
    sent as it is. `record` is the file that keeps what was written.
    """
    for name, sha256 in _written_before(record, folder).items():
        path = folder / name
        if name not in files and path.is_file() and _digest(path.read_bytes()) == sha256:
            path.unlink()
    paths = []
    for name, content in files.items():
        path = folder / name
        if not path.is_file() or path.read_bytes() != content:
            write_whole(path, content)
        paths.append(path)
    written = {"folder": str(folder), "files": {name: _digest(content) for name, content in files.items()}}
    write_whole(record, json.dumps(written, ensure_ascii=False, indent=1).encode())
    return tuple(paths)


def _written_before(record: Path, folder: Path) -> dict[str, str]:
    """What an earlier call wrote to this folder: name → sha256."""
    try:
        written = json.loads(record.read_text("utf-8"))
        return dict(written["files"]) if written["folder"] == str(folder) else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
