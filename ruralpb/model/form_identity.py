"""What a workbook issued as a blank says of itself, on a sheet that nobody sees: for whom, for which period, by which forms.

`blanks` writes it and intake verifies it: what the sheet says must agree with what a person reads in the title block, for a
township that fills in another one's form, or last quarter's, does so by mistake.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from ruralpb.core import numbers, periods
from ruralpb.core.periods import Period
from ruralpb.core.problems import Location, Problem
from ruralpb.model import Field, Form, Grid, Match, Row, Unit
from ruralpb.model.vocabulary import builtin

SHEET = "_标识"
SAYS = builtin()["findings.issued.source"][0]
"""How messages call the sheet, among those that say whose return it is and for when."""
MARK = "ruralpb"
"""The first cell of every sheet that the toolkit keeps for itself in a workbook it issues."""
_KIND = "blank 1"
_DIGITS = 16
_SIGNED_BY = frozenset(("head", "filler", "reported_on"))


@dataclass(frozen=True, slots=True)
class Identity:
    """`forms`: form id → version of the form it was issued by (`version`); `contents`: form id → what its rows said then (`content`)."""

    reporter_code: str
    period: Period
    forms: Mapping[str, str]
    contents: Mapping[str, str]


def table(identity: Identity, reporter: str) -> list[list[str]]:
    """Return the rows of the sheet; `reporter` is the unit's name, for who unhides it."""
    forms = [["form", id_, version, identity.contents[id_]] for id_, version in identity.forms.items()]
    return [
        [MARK, _KIND],
        ["reporter", identity.reporter_code, reporter],
        ["period", identity.period.label],
        *forms,
    ]


def is_kept(grid: Grid) -> bool:
    """True for a sheet that the toolkit keeps for itself: no return, whatever it looks like."""
    return grid.hidden and grid.cell(0, 0) == MARK


def read(grids: Iterable[Grid]) -> Identity | None:
    """Return what the workbook was issued as; None when it was not, or when its sheet says nothing whole."""
    for grid in grids:
        if is_kept(grid) and grid.cell(0, 1) == _KIND:
            return _identity(grid)
    return None


def _identity(grid: Grid) -> Identity | None:
    rows = [[str(value) for value in row if value is not None] for row in grid.values[1:]]
    stated = {row[0]: row[1] for row in rows if len(row) > 1 and row[0] != "form"}
    period = periods.find(stated.get("period", ""))
    forms = [row for row in rows if row[0:1] == ["form"] and len(row) == 4]
    if period is None or not stated.get("reporter") or not forms:
        return None
    return Identity(
        stated["reporter"], period, {row[1]: row[2] for row in forms}, {row[1]: row[3] for row in forms}
    )


def version(form: Form, fields: Sequence[Field], day: date) -> str:
    """Return what tells one version of a form from the next: everything of it (`fields`: those it asks for on `day`) that whoever fills it in
    has to go by. A check or an alias more makes no other form."""
    asked = [
        [f.id, f.title, f.group, f.type, f.measure, f.required, f.required_when, _values(f, day)]
        for f in fields
    ]
    return _digest([form.id, form.code, form.title, form.key, asked])


def _values(item: Field, day: date) -> list[str]:
    return [value.value for value in item.values if value.dated.holds(day)]


def content(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return what tells a filled sheet from one as it was issued: its rows as typed values by field, blanks left out."""
    return _digest([sorted((name, _text(v)) for name, v in row.items() if v is not None) for row in rows])


def _text(value: Any) -> str:
    if isinstance(value, Decimal):
        return numbers.plain(value)
    return str(value)


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()[:_DIGITS]


# ---------------------------------------------------------------------------------------------- what intake says of it


def other_period(where: Location, form: Form, said: Mapping[str, Period]) -> Problem:
    """The blank of one period filled in for another (C05): its known rows are those of the other. `said`: who names which period."""
    own = said[SAYS]
    found = _others({source: period.title for source, period in said.items() if period != own})
    data = {"form": form.title}
    return Problem("issued-other-period", where, found, own.title, rule="C05", refused="sheet", data=data)


def other_reporter(sheet: str, facts: Mapping[str, tuple[str, str]], said: Mapping[str, Unit]) -> Problem:
    """One unit's blank filled in by another (C05). `facts` is the title block, `said`: who names which unit."""
    where = Location(sheet=sheet, cell=(facts.get("reporter") or facts.get("title") or ("", ""))[1])
    own = said[SAYS]
    found = _others({source: unit.name for source, unit in said.items() if unit.code != own.code})
    return Problem("issued-other-reporter", where, found, own.name, rule="C05", refused="sheet")


def _others(said: Mapping[str, str]) -> str:
    """Who says something else than the issued sheet, and what."""
    other = builtin()["findings.issued.other"][0]
    return "，".join(other.format(source=source, said=text) for source, text in said.items())


def unknown_unit(sheet: str, identity: Identity) -> Problem:
    """A blank of a unit that the register does not have in the period (C05)."""
    where = Location(sheet=sheet)
    return Problem("issued-unknown-unit", where, identity.reporter_code, rule="C05", refused="sheet")


def older_form(identity: Identity, sheet: str, form: Form, asked: Sequence[Field]) -> list[Problem]:
    """Return a note when the form has changed since the blank was issued. `asked` are the form's fields in the period."""
    issued = identity.forms.get(form.id)
    if issued is None or issued == version(form, asked, identity.period.end):
        return []
    where, data = Location(sheet=sheet), {"form": form.title}
    return [Problem("issued-older-form", where, severity="note", form=form.id, data=data)]


def is_untouched(
    identity: Identity | None,
    form: Form,
    match: Match,
    rows: Sequence[Row],
    fields: Sequence[str],
    *,
    says_nil: bool,
) -> bool:
    """True when nothing was filled in: the sheet is as it was issued, or names its villages and says nothing of them.

    Such a sheet is no return, neither zeros nor a nil return (`says_nil`: 零报告 is written on it). Who signs a roster as it was
    issued confirms it; the amounts of villages nobody can confirm that way.
    """
    if says_nil:
        return False
    said = [dict(zip(fields, row.values, strict=True)) for row in rows]
    if form.village_row and said and not any(_amounts(form, row) for row in said):
        return True
    issued = identity.contents.get(form.id) if identity else None
    is_signed = not _SIGNED_BY.isdisjoint(match.title_block)
    return issued is not None and content(said) == issued and (form.village_row or not is_signed)


def _amounts(form: Form, row: Mapping[str, Any]) -> bool:
    """True when a row says anything beside which unit it is about."""
    about = ("village", "township", "unit")
    return any(v is not None and form.by_id[name].type not in about for name, v in row.items())


def untouched(sheet: str, form: Form) -> Problem:
    """A form that came back with nothing filled in: it is not returned."""
    return Problem(
        "issued-untouched", Location(sheet=sheet), refused="sheet", form=form.id, data={"form": form.title}
    )
