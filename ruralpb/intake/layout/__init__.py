"""Grid → matches: which form a sheet carries, where its header is, what each column means, what each row is.

Columns are mapped by their header texts, never by position and never by resemblance: titles and dated aliases of the
form's fields, folded, alone or joined with the parent headers above them, and headers a person has confirmed (mappings.yaml).

    known = header_index_of(library, period)        # every spelling of every field in force
    matches, problems = match(grid, known)
      headers.find        the header block and the forms it may be      (≤ 30 rows deep, one to four levels: block, column_mapping)
      side_by_side.windows  tables side by side, each in its own view
      rows.classify       data, total, subtotal, note, signature …      (until the sheet ends or another table begins)
      continued.joined    续表: further columns below, taken beside the first ones
      transposed.upright      a table on its side, for forms that allow it
      diagnostics.of_columns  what the header leaves open, said; `bound_matches`: 60岁以上 is not 61岁以上
      title_block.read    表号, 填报单位, 报告期, 计量单位, 填表人 …
"""

from __future__ import annotations

from dataclasses import replace

from ruralpb.core.messages import listing
from ruralpb.core.problems import Location, Problem
from ruralpb.intake.layout import continued, diagnostics, headers, rows, side_by_side, title_block, transposed
from ruralpb.intake.layout.account import account
from ruralpb.intake.layout.continued import TablePart
from ruralpb.intake.layout.header_index import HeaderIndex, header_index_of
from ruralpb.intake.layout.preview import sheet_preview
from ruralpb.model import Grid, Match
from ruralpb.model.vocabulary import Vocabulary

__all__ = ["HeaderIndex", "account", "header_index_of", "match", "sheet_preview"]


def match(grid: Grid, known: HeaderIndex) -> tuple[list[Match], list[Problem]]:
    """Return the tables of one sheet, top to bottom and left to right, and what is wrong with them.

    A sheet without any known header gives no match and one note with the reason; a table that is certainly one of the forms but cannot be read
    (columns missing, named twice, two forms alike) gives a problem with `refused="sheet"` and no match.
    """
    pieces, problems = _pieces(grid, known, 0)
    matches: list[Match] = []
    for piece in continued.joined(pieces, known):
        found, said = _settled(grid, known, piece)
        problems += said
        matches += [found] if found else []
    if not pieces and not any(problem.refused for problem in problems):
        return _without_header(grid, known, problems)
    return matches, problems


def _pieces(grid: Grid, known: HeaderIndex, start: int) -> tuple[list[TablePart], list[Problem]]:
    """Every header block from row `start` on with the rows below it."""
    pieces: list[TablePart] = []
    problems: list[Problem] = []
    while start < len(grid.values):
        open_form = pieces[-1].header if pieces else None
        lacking = open_form is not None and not open_form.complete(known)
        found = headers.find(grid, known, start, open_form.form.id if open_form and lacking else "")
        if found is None:
            problems += diagnostics.of_rest(grid, known, start, pieces[-1].header) if pieces else []
            break
        views = side_by_side.windows(grid, known, start, found)
        if len(views) > 1:
            for view in views:
                more, said = _pieces(view, known, start)
                pieces += more
                problems += said
            break
        header, problem = headers.decided(grid, known, start, found)
        if header is None:
            problems += [problem] if problem else []
            break
        headers.take_below(grid, header)
        repeated = side_by_side.take_repeated_keys(header)
        classes, end, nil = rows.classify(grid, known, header, start)
        data = [row for row, kind in classes.items() if kind == "data"]
        header.twice.update(
            {
                name: columns
                for name, columns in repeated.items()
                if not side_by_side.keys_agree(grid, columns, data)
            }
        )
        side_by_side.take_filled(grid, header, data)
        pieces.append(TablePart(grid, header, classes, start, end, nil))
        start = end
    return pieces, problems


def _settled(sheet: Grid, known: HeaderIndex, piece: TablePart) -> tuple[Match | None, list[Problem]]:
    """The match of one piece, unless its columns forbid to read it."""
    header = piece.header
    if piece.torn:
        where = Location(sheet=sheet.sheet, cell=piece.grid.address(header.bottom, 0))
        return None, [
            Problem(
                "continuation-differs",
                where,
                rule="D41",
                refused="sheet",
                form=header.form.id,
                data={"form": header.form.title},
            )
        ]
    problems = diagnostics.of_columns(piece.grid, known, header, piece.classes)
    if any(problem.refused == "sheet" for problem in problems):
        return None, problems
    above = range(piece.start, header.top)
    below = [row for row in range(header.bottom + 1, piece.end) if piece.classes[row] == "signature"]
    remarks = [row for row in range(header.bottom + 1, piece.end) if piece.classes[row] == "note"]
    outside = [*above, *below, *remarks]
    facts = title_block.together(
        title_block.read(piece.grid, above, below, known.vocabulary),
        title_block.read(sheet, (), piece.footer, known.vocabulary),
        *({"measure": measure} for measure in title_block.stated(piece.grid, outside)),
        title_block.around(piece.grid, known.vocabulary),
    )
    mentions = tuple(title_block.mentioned(piece.grid, outside))
    return replace(_match(sheet, piece, facts), mentions=mentions), problems


def _match(sheet: Grid, piece: TablePart, facts: dict[str, tuple[str, str]]) -> Match:
    header = piece.header
    return Match(
        form=header.form.id,
        sheet=sheet.sheet,
        header=(header.top, header.bottom),
        columns=header.columns,
        rows=piece.classes,
        measures=header.measures,
        title_block=facts,
        unmapped=header.unmapped,
        nil=piece.nil,
        marked=header.marked,
        confirmed_for=tuple(m.reporter for m in header.confirmed.values() if m.reporter),
        view=None if piece.grid is sheet else piece.grid,
    )


def _without_header(
    grid: Grid, known: HeaderIndex, problems: list[Problem]
) -> tuple[list[Match], list[Problem]]:
    """A sheet in which no header was found: a table on its side, a form's title without its header, or simply no return."""
    where = Location(sheet=grid.sheet)
    if (found := transposed.form_of(grid, known)) is not None:
        form, column = found
        view = transposed.upright(grid, known, form, column) if form.transposable else None
        pieces, said = _pieces(view, known, 0) if view is not None else ([], [])
        if view is not None and [piece.header.form.id for piece in pieces] == [form.id]:
            match, more = _settled(view, known, pieces[0])
            facts = _around(grid, view, known.vocabulary)
            return [replace(match, title_block=facts, view=view)] if match else [], [*problems, *said, *more]
        data = {"form": form.title}
        return [], [
            *problems,
            Problem("table-transposed", where, rule="D36", refused="sheet", form=form.id, data=data),
        ]
    if form_titled := headers.titled(grid, known):
        data = {"form": form_titled.title}
        problem = Problem(
            "header-not-found", where, rule="D33", refused="sheet", form=form_titled.id, data=data
        )
        return [], [*problems, problem]
    if (resembles := headers.nearest(grid, known)) is not None:
        form, lacking, row = resembles
        at = Location(sheet=grid.sheet, cell=grid.address(row, 0))
        data = {"form": form.title}
        problem = Problem(
            "header-nearest", at, listing(lacking), rule="D31", refused="sheet", form=form.id, data=data
        )
        return [], [*problems, problem]
    return [], [*problems, Problem("sheet-ignored", where, rule="D22", severity="note")]


def _around(grid: Grid, view: Grid, vocabulary: Vocabulary) -> dict[str, tuple[str, str]]:
    """The facts above and below a table on its side: the rows of the sheet that its view leaves out."""
    inside = [
        number
        for number, column in enumerate(zip(*view.values, strict=True))
        if any(v is not None for v in column)
    ]
    first, last = (inside[0], inside[-1]) if inside else (0, 0)
    return title_block.read(grid, range(first), range(last + 1, len(grid.values)), vocabulary)
