"""What a header leaves open, said: columns that lack, that two claim, that are nearly a field, that nobody asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ruralpb.core.messages import listing
from ruralpb.core.problems import Location, Problem
from ruralpb.intake.layout.column_mapping import Header, is_foreign
from ruralpb.intake.layout.header_index import BoundMatch, HeaderIndex
from ruralpb.intake.layout.headers import looks_like_header
from ruralpb.intake.layout.title_block import is_labelled
from ruralpb.model import Grid, RowClass
from ruralpb.model.vocabulary import builtin

_DATA = ("data", "total", "subtotal", "other")


def of_columns(grid: Grid, known: HeaderIndex, header: Header, classes: dict[int, RowClass]) -> list[Problem]:
    """Return what is to be said about the columns of one table; a problem with `refused="sheet"` when it cannot be read."""
    problems = list(_all(grid, known, header, classes))
    form = header.form
    return [replace(p, form=form.id, data={**p.data, "form": form.title}) for p in problems]


def _all(grid: Grid, known: HeaderIndex, header: Header, classes: dict[int, RowClass]) -> Iterator[Problem]:
    form = header.form
    where = Location(sheet=grid.sheet, cell=grid.address(header.bottom, 0))
    twice = [*header.twice, *_behind_hidden(grid, known, header)]
    if twice:
        titles = listing(form.by_id[field].title for field in twice)
        yield Problem("columns-twice", where, found=titles, rule="D41", refused="sheet")
    missing = [
        name for name in known.required(form.id) if name not in header.columns and name not in header.twice
    ]
    bound_matches = {column: _bound_match(known, header, text) for column, text in header.unmapped.items()}
    if missing:
        yield _missing(known, header, where, missing, bound_matches)
    present = {*header.columns, *header.twice}
    optional = [
        field.title
        for field in known.fields(form.id)
        if field.id not in present and not known.is_common(field) and not field.required
    ]
    if optional and not missing:
        yield Problem("columns-optional-missing", where, listing(optional), rule="D31", severity="note")
    for column, text in header.unmapped.items():
        if column in header.restricted and not _is_settled(header, column, text):
            yield _restricted(grid, header, column, text)
        else:
            yield _unmapped(grid, known, header, column, text, bound_matches[column])
    yield from _taken(grid, header)
    hidden = [field for field, column in header.columns.items() if column in grid.hidden_columns]
    if hidden:
        titles = listing(form.by_id[field].title for field in hidden)
        yield Problem("columns-hidden", where, found=titles, rule="D25", severity="query")
    yield from _remarked(grid, header)
    yield from _outside(grid, header, classes)


def _remarked(grid: Grid, header: Header) -> Iterator[Problem]:
    """D75: a comment on the heading of a column that is read may say that its figures are others (单位：元; 上年数)."""
    field_of = {column: name for name, column in header.columns.items()}
    for row in range(header.top, header.bottom + 1) if grid.evidence else ():
        for column, name in field_of.items():
            found = grid.evidence.get((row, column))
            if found is not None and found.comment:
                at = Location(sheet=grid.sheet, cell=grid.address(row, column))
                title = header.form.by_id[name].title
                comment = " ".join(found.comment.split())[:_LONGEST_COMMENT]
                yield Problem(
                    "heading-remarked", at, comment, title, severity="query", rule="D75", field=name
                )


_LONGEST_COMMENT = 200


def _behind_hidden(grid: Grid, known: HeaderIndex, header: Header) -> list[str]:
    """Fields whose column is hidden while one that is seen bears another of their names: nobody can tell which is meant."""
    seen = {
        hit.field.id
        for column, text in header.unmapped.items()
        if column not in grid.hidden_columns and grid.hidden_columns
        for hit, _ in known.hits(text) or known.hits(text.rpartition("/")[2])
        if hit.form == header.form.id
    }
    return [name for name, column in header.columns.items() if name in seen and column in grid.hidden_columns]


def _bound_match(known: HeaderIndex, header: Header, path: str) -> BoundMatch | None:
    """The field a column would be if its bound were written as the form writes it."""
    *parents, leaf = path.split("/")
    for text in (leaf, f"{parents[-1]}{leaf}" if parents else ""):
        for bound_match in known.bound_matches(text) if text else ():
            if bound_match.form == header.form.id and bound_match.field.id not in header.columns:
                return bound_match
    return None


def _missing(
    known: HeaderIndex,
    header: Header,
    where: Location,
    missing: list[str],
    bound_matches: dict[int, BoundMatch | None],
) -> Problem:
    """D31, with the columns that may be meant: only a person can say so."""
    form = header.form
    titles = listing(form.by_id[name].title for name in missing)
    for column, text in header.unmapped.items():
        bound_match = bound_matches[column]
        name = bound_match.field.id if bound_match else _nearest(known, header, text)
        if name in missing:
            return Problem(
                "columns-missing-near",
                where,
                found=titles,
                expected=text,
                rule="D31",
                refused="sheet",
                data={"title": form.by_id[name].title, "mapping": snippet(form.id, text, name)},
            )
    return Problem("columns-missing", where, found=titles, rule="D31", refused="sheet")


def _nearest(known: HeaderIndex, header: Header, path: str) -> str:
    title = known.nearest(header.form.id, path) or known.nearest(header.form.id, path.rpartition("/")[2])
    field = header.form.by_title.get(title)
    return field.id if field is not None and field.id not in header.columns else ""


def _unmapped(
    grid: Grid, known: HeaderIndex, header: Header, column: int, text: str, bound_match: BoundMatch | None
) -> Problem:
    """D30: a column that is not read. One that differs from a field at its bound only is refused with the question to ask."""
    at = Location(sheet=grid.sheet, cell=grid.address(header.bottom, column))
    form = header.form
    if bound_match is not None:
        data = {"mapping": snippet(form.id, text, bound_match.field.id)}
        return Problem(
            "column-edge",
            at,
            text,
            bound_match.field.title,
            rule="D29",
            refused="cell",
            field=bound_match.field.id,
            data=data,
        )
    near = known.nearest(form.id, text)
    if not near:
        return Problem("column-unknown", at, text, rule="D30", severity="note")
    field = form.by_title.get(near)
    open_to = field is not None and field.id not in header.columns
    data = {"mapping": snippet(form.id, text, field.id) if field is not None else ""}
    return Problem(
        "column-unknown-near", at, text, near, rule="D30", severity="query" if open_to else "note", data=data
    )


def _restricted(grid: Grid, header: Header, column: int, text: str) -> Problem:
    """D118: a column whose parent heading makes another figure of the field it names."""
    at = Location(sheet=grid.sheet, cell=grid.address(header.bottom, column))
    field = header.form.by_id[header.restricted[column][0]]
    data = {"mapping": snippet(header.form.id, text, field.id)}
    return Problem(
        "column-restricted", at, text, field.title, rule="D118", refused="cell", field=field.id, data=data
    )


def _is_settled(header: Header, column: int, text: str) -> bool:
    """True for a column of another period of a field that has its own."""
    name = header.restricted[column][0]
    return name in header.columns and is_foreign(text.rpartition("/")[0], header.form.by_id[name])


def _taken(grid: Grid, header: Header) -> Iterator[Problem]:
    """Columns that were read although their header is not literally the field's."""
    field_of = {column: name for name, column in header.columns.items()}
    for column, text in header.near.items():
        if column in field_of:
            at = Location(sheet=grid.sheet, cell=grid.address(header.bottom, column))
            title = header.form.by_id[field_of[column]].title
            yield Problem("column-near", at, text, title, rule="D29", severity="note", field=field_of[column])
    for column, text in header.worded.items():
        if column in field_of:
            at = Location(sheet=grid.sheet, cell=grid.address(header.bottom, column))
            title = header.form.by_id[field_of[column]].title
            yield Problem(
                "column-edge-words",
                at,
                text,
                title,
                rule="D29",
                severity="query",
                field=field_of[column],
            )
    for column, mapping in header.confirmed.items():
        at = Location(sheet=grid.sheet, cell=grid.address(header.bottom, column))
        data = {
            "by": mapping.by,
            "date": mapping.date.isoformat(),
            "reason": mapping.reason,
            "source": str(mapping.defined_at),
        }
        title = header.form.by_id[mapping.field].title
        yield Problem(
            "column-confirmed",
            at,
            mapping.header,
            title,
            rule="D29",
            severity="note",
            field=mapping.field,
            data=data,
        )


def _outside(grid: Grid, header: Header, classes: dict[int, RowClass]) -> Iterator[Problem]:
    """Values in the table's rows that stand under no header: a calculation beside it, a column whose header was deleted."""
    read = {*header.named, *header.columns.values()}
    rows = [row for row, kind in classes.items() if kind in _DATA]
    width = max(set(map(len, grid.values)), default=0)
    for column in range(width):
        if column in read:
            continue
        filled = [row for row in rows if grid.cell(row, column) is not None]
        if filled and not _counts(grid, column, filled, header):
            at = Location(sheet=grid.sheet, cell=grid.address(filled[0], column))
            yield Problem("column-no-header", at, str(len(filled)), rule="D30", severity="query")


def _counts(grid: Grid, column: int, rows: list[int], header: Header) -> bool:
    """True for list numbers that stand left of the table without a header."""
    values = [grid.cell(row, column) for row in rows]
    first = min(header.named, default=0)
    if column >= first:
        return False
    return set(map(type, values)) <= {int, float} or all(
        isinstance(value, int | float) or (isinstance(value, str) and len(value) <= 4) for value in values
    )


def of_rest(grid: Grid, known: HeaderIndex, start: int, above: Header) -> list[Problem]:
    """What follows the last table of a sheet from row `start` on, where a row ended it that reads like a header and is none of a form: the
    rows below are not read, and that is said."""
    heading = next(
        (row for row in range(start, len(grid.values)) if looks_like_header(grid, known, row)), None
    )
    if heading is None:
        return []
    rows = [
        row
        for row in grid.values[heading + 1 :]
        if sum(value is not None for value in row) > 1
        and not any(isinstance(value, str) and is_labelled(value, known.vocabulary) for value in row)
    ]
    if not rows:
        return []
    column = next(column for column, value in enumerate(grid.values[heading]) if value is not None)
    where = Location(sheet=grid.sheet, cell=grid.address(heading, column))
    data = {"form": above.form.title}
    return [
        Problem(
            "rest-unread", where, str(len(rows)), rule="D41", refused="sheet", form=above.form.id, data=data
        )
    ]


def snippet(form: str, header: str, field: str) -> str:
    """Return the line for `definitions/mappings.yaml` that confirms a header."""
    return builtin()["findings.mapping"][0].format(form=form, header=header, field=field)
