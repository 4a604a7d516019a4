"""Blank forms: one workbook a reporter, from the definitions that will read it. Bytes out; nothing is opened.

The plan of a workbook:

    forms = prepare(definitions, period, level)  what each form's sheet looks like and what is said of it: once for all reporters
    workbook(blank, forms)
      instructions   填报说明: who, until when, what each column means, what will be checked
      sheet          a sheet a form: title block, headings, known rows, totals, signatures      (layout, entry)
      book           drop-down lists and the identity, on sheets that only a program shows      (issued)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from ruralpb.core.periods import Period
from ruralpb.model import Level, Unit, form_identity
from ruralpb.publish.forms import instructions, sheet
from ruralpb.publish.forms.book import FormBook
from ruralpb.publish.forms.instructions import FormInstructions
from ruralpb.publish.forms.layout import FormDefinition, Layout, layout
from ruralpb.publish.forms.sheet import KnownRow, SheetIssue

__all__ = ["Blank", "BlankForm", "FormDefinition", "KnownRow", "Prepared", "prepare", "workbook"]


@dataclass(frozen=True, slots=True)
class Prepared:
    """One form's sheet and what the instructions say of it: the same for every reporter of a level."""

    layout: Layout
    explained: FormInstructions


@dataclass(frozen=True, slots=True)
class BlankForm:
    """What one reporter gets of one form: until when it is due, and the rows that are known already."""

    form: str
    due: date
    rows: tuple[KnownRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Blank:
    """The workbook of one reporter. `villages` are those valid at the period's end, to choose from."""

    reporter: Unit
    period: Period
    issuer: str
    villages: tuple[str, ...]
    forms: tuple[BlankForm, ...]


def prepare(definitions: Iterable[FormDefinition], period: Period, level: Level) -> dict[str, Prepared]:
    """Return form id → how it looks in `period` for the reporters of `level`."""
    found = {}
    for definition in definitions:
        made = layout(definition, period, level)
        found[definition.form.id] = Prepared(made, instructions.explained(definition, made, period))
    return found


def workbook(blank: Blank, prepared: Mapping[str, Prepared]) -> bytes:
    """Return the .xlsx of one reporter. The same blank gives the same bytes: it bears the last day of its period."""
    title = f"{blank.reporter.name}{blank.period.title}报表填报说明"
    book = FormBook(
        datetime.combine(blank.period.end, time()), f"{blank.reporter.name}{blank.period.title}报表"
    )
    mine = [(prepared[one.form], one) for one in blank.forms]
    instructions.write(
        book, title, [(p.layout.form, one.due) for p, one in mine], [p.explained for p, _ in mine]
    )
    contents: dict[str, str] = {}
    for p, one in mine:
        issue = SheetIssue(blank.reporter, blank.period, blank.issuer, blank.villages, one.rows)
        sheet.write(book, p.layout, issue)
        contents[one.form] = form_identity.content(sheet.written(p.layout, one.rows))
    versions = {one.form: p.layout.version for p, one in mine}
    identity = form_identity.Identity(blank.reporter.code, blank.period, versions, contents)
    return book.issued(identity, blank.reporter.name)
