"""Puts the returns of a world into the files each office sends."""

from __future__ import annotations

from itertools import groupby

from generator.files import csv_text, xls, xlsx
from generator.returns import Return, World
from generator.sheets import Layout, wording
from generator.styles import CSV, STYLES


def write_all(world: World, with_xls: bool = True) -> dict[str, bytes]:
    """Return the content of every file by its name below `returns/`; notes in each return where it stands.
    `with_xls` False leaves the .xls files out (they need the package xlwt)."""
    found: dict[str, bytes] = {}
    ordered = sorted(world.returns, key=_sending)
    for _, group in groupby(ordered, key=_sending):
        found |= _send(world, list(group), with_xls)
    return dict(sorted(found.items()))


def _sending(of: Return) -> tuple[str, str, int]:
    return of.quarter.label, of.reporter, of.version


def _send(world: World, sent: list[Return], with_xls: bool) -> dict[str, bytes]:
    """One office's files of one quarter and date."""
    first = sent[0]
    style = STYLES[first.reporter]
    folder = f"{first.quarter.label}/{first.received.isoformat()}"
    name = world.names[first.reporter]
    when = wording(style, first.quarter)
    if not style.one_file:
        found = {}
        for of in sent:
            as_text = (of.reporter, of.form) in CSV
            sheet = Layout(world, of, style, flat=as_text).lay()
            of.file = f"{folder}/{name}/{style.sheet_name(of.form)}（{name}{when}）{'.csv' if as_text else style.suffix}"
            if as_text:
                of.sheet = "CSV"  # the name a reader gives the one table of a text file
            found[of.file] = csv_text(sheet) if as_text else xlsx([sheet])
        return found
    sheets = []
    for of in sent:
        of.file = f"{folder}/{name}{when if style.where == 'file' else ''}{style.suffix}"
        sheets.append(Layout(world, of, style).lay())
    if style.suffix == ".xls":
        return {first.file: xls(sheets)} if with_xls else {}
    return {first.file: xlsx(sheets)}
