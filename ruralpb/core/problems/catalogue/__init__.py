"""The catalogue: every text the program says, in Chinese and in English, one file a stage.

A text is a `str.format` template. Its placeholders are the same in both languages (a test holds this).
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Literal

Language = Literal["zh", "en"]

STAGES = (
    "intake",
    "definitions",
    "store",
    "compile",
    "mechanisms",
    "report",
    "templates",
    "gbt9704",
    "sealing",
    "feedback",
    "returns",
    "blanks",
    "decisions",
    "cli",
)
"""The files of the catalogue. Each has one dict, TEXTS: slug → (Chinese, English)."""


@cache
def texts() -> dict[str, tuple[str, str]]:
    """Return the whole catalogue, slug → (Chinese, English). A slug stands in one stage only."""
    merged: dict[str, tuple[str, str]] = {}
    for stage in STAGES:
        part: dict[str, tuple[str, str]] = import_module(f"{__name__}.{stage}").TEXTS
        twice = merged.keys() & part.keys()
        if twice:
            raise ValueError(f"catalogue: {sorted(twice)} stand in two stages, the second is {stage}")
        merged |= part
    return merged


def say(slug: str, lang: Language = "zh", **data: object) -> str:
    """Return the text of `slug` in `lang` with its placeholders filled. Raises KeyError for an unknown slug."""
    chinese, english = texts()[slug]
    return (chinese if lang == "zh" else english).format(**data)
