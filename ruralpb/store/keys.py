"""The project's key: under it, what identifies a person may leave the store."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ruralpb.store.disk import write_whole

_KEY_BYTES = 32


@dataclass(frozen=True)
class ProjectKey:
    """The key in the file `path`: made on first use, readable by its owner only."""

    path: Path

    @cached_property
    def _key(self) -> bytes:
        try:
            return bytes.fromhex(self.path.read_text("ascii"))
        except FileNotFoundError:
            key = secrets.token_bytes(_KEY_BYTES)
            write_whole(self.path, key.hex().encode())
            return key

    def hmac(self, *parts: str) -> str:
        """Return HMAC-SHA256 of `parts` under the key as 64 hex digits (semantics S9)."""
        return hmac.new(self._key, "\0".join(parts).encode(), hashlib.sha256).hexdigest()
