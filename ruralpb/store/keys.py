"""The project's key: under it, what identifies a person may leave the store."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ruralpb.core.problems import CannotRun, Location, Problem
from ruralpb.store.disk import write_whole

_KEY_BYTES = 32
_KEY = re.compile(rb"[0-9a-f]{64}")


def _fingerprint(content: bytes) -> str:
    return hashlib.sha256(b"ruralpb key " + content).hexdigest()


@dataclass(frozen=True)
class ProjectKey:
    """The key in the file `path`: made on first use, readable by its owner only.

    Findings are named under it, so that with another key every explanation would be about nothing. Hence the file `witness`: a hash of the
    key, by which the loss or the exchange of the key is noticed.
    """

    path: Path
    witness: Path

    @cached_property
    def _key(self) -> bytes:
        """Raises CannotRun (exit 3) when the key is lost, damaged or another one."""
        known = self._known()
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            if known:
                raise CannotRun(
                    Problem("key-lost", Location(str(self.path)), found=str(self.witness)), 3
                ) from None
            content = secrets.token_hex(_KEY_BYTES).encode()
            write_whole(self.path, content)
        if not _KEY.fullmatch(content) or known not in ("", _fingerprint(content)):
            raise CannotRun(Problem("key-damaged", Location(str(self.path)), found=str(self.witness)), 3)
        if not known:
            with suppress(OSError):
                write_whole(self.witness, _fingerprint(content).encode())
        return bytes.fromhex(content.decode("ascii"))

    def damage(self) -> Problem | None:
        """Return the problem that the key is lost, damaged or another one; None where it is whole or not made yet."""
        if not self.path.is_file() and not self._known():
            return None
        try:
            _ = self._key
        except CannotRun as stop:
            return stop.problems[0]
        return None

    def _known(self) -> str:
        """The fingerprint that the witness holds; "" where there is none or it is damaged: then the key speaks for itself."""
        try:
            content = self.witness.read_bytes()
        except FileNotFoundError:
            return ""
        return content.decode("ascii") if _KEY.fullmatch(content) else ""

    def hmac(self, *parts: str) -> str:
        """Return HMAC-SHA256 of `parts` under the key as 64 hex digits (semantics S9)."""
        return hmac.new(self._key, "\0".join(parts).encode(), hashlib.sha256).hexdigest()
