"""A console on which no text from a file, a name or a message moves the cursor, changes colours or turns the direction of writing."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
REPLACEMENT = "\ufffd"


class PrintableConsole(Console):
    """Console whose segments of text have `REPLACEMENT` in place of control, escape and direction characters."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Yield the segments of `renderable`; the console's own control codes are left alone."""
        for segment in super().render(renderable, options):
            if segment.control is None and _UNPRINTABLE.search(segment.text):
                yield Segment(printable(segment.text), segment.style)
            else:
                yield segment


def printable(text: str) -> str:
    """Return `text` as a terminal may show it."""
    return _UNPRINTABLE.sub(REPLACEMENT, text)
