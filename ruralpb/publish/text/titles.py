"""An indicator's title as running text says it: without the remark at its end, and before a number without 数. Pure words."""

from __future__ import annotations

import re

_COUNTING = ("户数", "件数", "总数", "天数")
"""Titles that keep their 数 before a number: 党员总数6名, but 薄弱村2个."""

_OF_PERSONS = ("人数", "次数")
"""Titles that lose both: 约谈人数, counted in 人, is said 约谈3人."""

_REMARK = re.compile(r"（[^（）]*）$")


def short(title: str) -> str:
    """Return the title without a remark in brackets at its end: the annex explains those."""
    return _REMARK.sub("", title)


def stem(title: str, measure: str) -> str:
    """Return what is counted, as it stands before the number: 驻村工作队数 → 驻村工作队, 约谈人数 → 约谈, 培训人次 → 培训."""
    said = short(title)
    if said.endswith(measure):
        return said.removesuffix(measure)
    if said.endswith(_OF_PERSONS):
        return said[:-2]
    if said.endswith(_COUNTING):
        return said
    return said.removesuffix("数").removesuffix(measure)
