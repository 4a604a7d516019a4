"""Grid → matches: which form a sheet carries, where its header is, what each column means, what each row is.

Layer 5. Columns are mapped by their header texts, never by position and never by resemblance: titles and dated aliases of the
form's fields, folded, alone or joined with the parent headers above them.

    known = signatures(library, period)        # every spelling of every field in force
    matches, problems = match(grid, known)
      headers.find      the header block and the form it is of        (≤ 15 rows deep, one to three levels)
      rows.classify     data, total, subtotal, note, signature …      (until the sheet ends or another table begins)
      preamble.read     表号, 填报单位, 报告期, 计量单位, 填表人 …
"""

from __future__ import annotations

from dataclasses import replace

from ruralpb.model import Grid, Match, cell_name
from ruralpb.problems import Location, Problem
from ruralpb.recognise import headers, preamble, rows
from ruralpb.recognise.headers import Header
from ruralpb.recognise.signatures import Signatures, signatures

__all__ = ["Signatures", "match", "signatures"]


def match(grid: Grid, known: Signatures) -> tuple[list[Match], list[Problem]]:
    """Return the tables of one sheet, top to bottom, and what is wrong with them.

    A sheet without any known header gives no match and one note with the reason; a table that is certainly one of the forms but cannot be read
    (columns missing, named twice, two forms alike) gives a problem with `refused="sheet"` and no match.
    """
    matches: list[Match] = []
    problems: list[Problem] = []
    start = 0
    while start < len(grid.values):
        header, found = headers.find(grid, known, start)
        problems += found
        if header is None:
            break
        classes, end, nil = rows.classify(grid, known, header, start)
        found = _column_problems(grid, known, header)
        problems += found
        if not any(problem.refused for problem in found):
            matches.append(_matched(grid, header, classes, nil, start, end))
        start = end
    if not matches and not any(problem.refused for problem in problems):
        problems.append(_unmatched(grid, known))
    return matches, problems


def _matched(
    grid: Grid, header: Header, classes: dict[int, rows.RowClass], nil: bool, start: int, end: int
) -> Match:
    facts = preamble.read(
        grid,
        range(start, header.top),
        (row for row in range(header.bottom + 1, end) if classes[row] == "signature"),
    )
    return Match(
        form=header.form.id,
        sheet=grid.sheet,
        header=(header.top, header.bottom),
        columns=header.columns,
        rows=classes,
        measures=header.measures,
        preamble=facts,
        unmapped=header.unmapped,
        nil=nil,
    )


def _column_problems(grid: Grid, known: Signatures, header: Header) -> list[Problem]:
    """D30, D31, D41 and hidden columns: what the header says beyond the mapping."""
    form = header.form
    where = Location(sheet=grid.sheet, cell=cell_name(header.bottom, 0))
    problems: list[Problem] = []
    if header.twice:
        titles = "、".join(form.by_id[field].title for field in header.twice)
        problems.append(Problem("columns-twice", where, found=titles, rule="D41", refused="sheet"))
    missing = [
        form.by_id[field].title
        for field in known.required(form.id)
        if field not in header.columns and field not in header.twice
    ]
    if missing:
        problems.append(
            Problem("columns-missing", where, found="、".join(missing), rule="D31", refused="sheet")
        )
    optional = [
        field.title
        for field in known.fields(form.id)
        if field.id not in header.columns and not known.is_common(field) and not field.required
    ]
    if optional and not missing:
        problems.append(
            Problem("columns-optional-missing", where, found="、".join(optional), rule="D31", severity="note")
        )
    for column, text in header.unmapped.items():
        at = replace(where, cell=cell_name(header.bottom, column))
        near = known.nearest(form.id, text)
        slug = "column-unknown-near" if near else "column-unknown"
        problems.append(Problem(slug, at, found=text, expected=near, rule="D30", severity="note"))
    hidden = [field for field, column in header.columns.items() if column in grid.hidden_columns]
    if hidden:
        titles = "、".join(form.by_id[field].title for field in hidden)
        problems.append(Problem("columns-hidden", where, found=titles, rule="D25", severity="query"))
    return [replace(problem, form=form.id, data={**problem.data, "form": form.title}) for problem in problems]


def _unmatched(grid: Grid, known: Signatures) -> Problem:
    """Why nothing of the sheet was taken: a form's title without its header, a transposed table, or simply no return."""
    where = Location(sheet=grid.sheet)
    if form := headers.transposed(grid, known):
        return Problem(
            "table-transposed", where, rule="D36", refused="sheet", form=form.id, data={"form": form.title}
        )
    if form := headers.titled(grid, known):
        return Problem(
            "header-not-found", where, rule="D33", refused="sheet", form=form.id, data={"form": form.title}
        )
    return Problem("sheet-ignored", where, rule="D22", severity="note")
