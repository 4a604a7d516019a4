"""The log of `run`: one JSON line a run, without personal data, readable by its owner only; the oldest lines go first."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ruralpb.store.disk import write_whole

FILE = "runs.jsonl"
MOST = 2**20
"""Bytes after which the older half is left out: some ten years of daily runs."""


@dataclass(frozen=True, slots=True)
class LoggedRun:
    """When a run ended and with which exit code."""

    at: str
    code: int


def add_run(private: Path, line: Mapping[str, object]) -> None:
    """Add the line of a run. Raises OSError."""
    private.mkdir(parents=True, exist_ok=True)
    path = private / FILE
    if path.is_file() and path.stat().st_size > MOST:
        lines = path.read_bytes().splitlines(keepends=True)
        write_whole(path, b"".join(lines[len(lines) // 2 :]))
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "ab") as log:
        log.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")


def last_run(private: Path) -> LoggedRun | None:
    """Return the last run whose line can be read, None where there is none."""
    try:
        lines = (private / FILE).read_bytes().splitlines()
    except FileNotFoundError:
        return None
    for text in reversed(lines):
        try:
            line = json.loads(text)
            return LoggedRun(str(line["at"]), int(line["exit"]))
        except (ValueError, KeyError, TypeError):
            continue
    return None
