"""The names of the files that go back to a reporter."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import PurePath

from ruralpb.core.phrases import phrases

LIST, NOTICE = phrases("files")["questions"], phrases("files")["notice"]
RESERVED = (LIST, f"{NOTICE}.docx", f"{NOTICE}.txt")
_UNSAFE = str.maketrans(dict.fromkeys('<>:"/\\|?*', "_") | {"#": "＃", "%": "％"})
"""What a file's name must not hold, on Windows or in a link."""


def free_name(name: str, suffix: str, taken: Collection[str]) -> str:
    """Return a name that no file of the folder has, as near to the original's as can be; `suffix` takes the place of its ending. Names are
    equal when they differ in case alone."""
    path = PurePath(name.translate(_UNSAFE))
    stem, end = path.stem or phrases("files")["form"], suffix or path.suffix
    folded = {other.lower() for other in (*taken, *RESERVED)}
    found, number = f"{stem}{end}", 2
    while found.lower() in folded:
        found, number = f"{stem}（{number}）{end}", number + 1
    return found
