"""For whom a document is: 内部, 下发 or 公开. What each may see, and the words by which an office marks it.

internal   everything
townships  findings as counts only, no cells of other units, no amended values one by one
public     what `public` says: public indicators, no names, small cells suppressed
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, get_args

from ruralpb.publish.text.saying import BUILTIN

Audience = Literal["internal", "townships", "public"]
AUDIENCES: tuple[Audience, ...] = get_args(Audience)

PUBLIC_NAMES = frozenset(
    {"period", "unit", "scope", "children", "span", "draft", "own", "setting", "ordinal", "annexes", "public_notice", "audience"}
)  # fmt: skip
"""The names of a template that show nothing but what may be published."""


def usual(used: Collection[str]) -> Audience:
    """Return for whom a template that uses these names is meant: a public notice is for the public, all else internal."""
    return "public" if "public_notice" in used else "internal"


def not_public(used: Collection[str]) -> list[str]:
    """Return those names a template uses that may show what is not published."""
    return sorted(set(used) - PUBLIC_NAMES)


def heading_mark(audience: Audience | None) -> str:
    """Return the words at the head of an internal document; "" for others."""
    return BUILTIN.text("audience.internal") if audience == "internal" else ""


def closing_note(audience: Audience | None, units: str) -> str:
    """Return the note below the date (附注, GB/T 9704 7.3.6): whom it is sent to, `units` as they are called; "" where there is none."""
    if audience == "townships":
        return BUILTIN.text("audience.townships", units=units)
    return BUILTIN.text("audience.public") if audience == "public" else ""
