"""What no reader is asked to go beyond, and the refusal of a file that does or that is damaged.

The limits are far above what an office sends and below what kills a parser.
"""

from __future__ import annotations

from ruralpb.core.problems import Problem

MAX_BYTES = 100 * 2**20
MAX_INFLATED = 512 * 2**20
MAX_ENTRIES = 10_000
MAX_CELLS = 5_000_000
MAX_COLUMNS = 2_000
MAX_ROWS = 1_048_576

ZIP = b"PK\x03\x04"
"""The first bytes of a zip container."""


class Unreadable(Exception):  # noqa: N818 - a refusal with its reason, caught at the door of each room
    """The file is refused; `problem` says why and what to do."""

    def __init__(self, slug: str, rule: str = "D12", **data: str) -> None:
        self.problem = Problem(slug, data=data, rule=rule, refused="file")
        super().__init__(slug)
