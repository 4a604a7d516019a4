"""What a check is compiled into, and what comes out of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ruralpb.core.problems import Severity
from ruralpb.model import Check, Outcome
from ruralpb.model.records import CellKey

Query = Callable[[str], list[tuple[Any, ...]]]
Queries = Callable[[Sequence[str]], list[list[tuple[Any, ...]]]]

COLUMNS = ("outcome", "key", "unit", "field", "cells")
"""The first columns of every plan's SQL. `outcome` BOOLEAN (NULL: unknown), `key` text of the row's key or the group, `unit`
the code of the unit it is about (NULL: the first row's), `field` the one to mark, `cells` a list of
(submission, block, position, reporter_code, unit_code, township_code), the rows it rests on; for a thing that is not there one
entry without submission."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One value a plan returns beside the verdict. `name` is its placeholder in the message; `label` its Chinese title, given for
    the operands of the relation, which make up `found` and the fingerprint. `kind`: number, text, date, month, bool, id_card,
    phone, person or list."""

    name: str
    kind: str
    label: str = ""

    @property
    def is_operand(self) -> bool:
        """True for the values the outcome depends on."""
        return bool(self.label)


@dataclass(frozen=True, slots=True)
class Plan:
    """One check on one form and period, ready to run. `sentence` is the relation in Chinese titles, `signature` what the fingerprint
    takes from the definition: the normalised expression and the standards. `ended` are standards without a value on the period's end: then
    every outcome is unknown."""

    check: Check
    form: str
    period: str
    sql: str
    shown: tuple[Shown, ...]
    sentence: str
    signature: str
    ended: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    """The form's fields that the relation compares, `EVERY_FIELD` for the row as a whole; none: the one to mark."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one check says of one row or group of one reporter.

    `cells` are (submission, block, position, field); the first is the one to mark, for a group one per row, the reporter's own
    rows first; empty for a missing return or village. `key` identifies the row or group within check, period and reporter: it may
    hold an ID number and must leave the store only as an HMAC (S9). `message`, `found`, `expected` never show an ID number or a
    phone in full. `fingerprint` is the hash of the operands' values, the expression and the standards. `rests_on`: the values the
    relation compares, in every row it rests on.
    """

    check: str
    severity: Severity
    form: str
    outcome: Outcome
    reporter_code: str
    unit_code: str
    township_code: str
    key: str
    cells: tuple[tuple[str, int, int, str], ...]
    field: str
    found: str
    expected: str
    message: str
    fingerprint: str
    rests_on: tuple[CellKey, ...] = ()
