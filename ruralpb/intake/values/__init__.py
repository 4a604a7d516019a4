"""Grid + match → typed rows: every cell is exact, or noted, or refused.

A cell is read exactly, or read with a note (what stood there, what it was taken for, by which rule of domain.md
section 6), or refused with a problem. It is never guessed, and blank is None, never 0.

    table(grid, match, form, …)
      stated_measures.stated   what measure each number column is in  (header, corner note)
      columns.ColumnReader    the cells of each column                      (numerals, chinese_number, dates, words, people)
      column_heuristics.settle  what only the whole column tells              (shares among percents, 元 among 万元, merged numbers)
      row_rules.settle  what only the row tells                       (a month by the identity card, two posts in a cell)
      units.Locator     which unit each row is about                  (places)
      repeated.left_out  rows that are copies, namesakes, old villages
      attachments.annotate  what stands beside a value                    (links, comments, struck out)
      totals.compare    the total rows against what they add up       (F02)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ruralpb.core.messages import listing
from ruralpb.core.periods import Period
from ruralpb.core.problems import Location, Problem
from ruralpb.intake.values import attachments, column_heuristics, repeated, row_rules, stated_measures, totals
from ruralpb.intake.values.cache import ColumnCache
from ruralpb.intake.values.cells import CellFinding, ColumnSpec, show
from ruralpb.intake.values.columns import ColumnReader, TypedColumn, merges
from ruralpb.intake.values.units import Located, Locator
from ruralpb.model import Field, Form, Grid, Match, Note, Rows, Unit, measures
from ruralpb.model.unit_names import UnitNames
from ruralpb.model.vocabulary import Vocabulary, builtin

__all__ = ["TableContext", "TypedTable", "show", "table"]

UNCALCULATED_SHARE = 0.3
"""With more uncalculated formulas than this the whole sheet is sent back (D69)."""


@dataclass(frozen=True, slots=True)
class TableContext:
    """Under what a table is read: its period, the names of the sender's county, who sent it (None when each row says its township),
    the words the reader goes by, and what the columns of other tables were read as."""

    period: Period
    places: UnitNames
    sender: Unit | None
    vocabulary: Vocabulary = field(default_factory=builtin)
    cache: ColumnCache = field(default_factory=ColumnCache)


@dataclass(frozen=True, slots=True)
class TypedTable:
    """The typed rows of one recognised table. `fields` name the values of each row and are the mapped columns in form order."""

    fields: tuple[str, ...]
    rows: Rows
    notes: tuple[Note, ...]
    problems: tuple[Problem, ...]


def table(
    grid: Grid,
    match: Match,
    form: Form,
    context: TableContext,
    halves: Sequence[Match] = (),
) -> TypedTable:
    """Return the rows of one match, read as `form`, with the notes and problems of its cells.

    `halves` are the other halves of a table
    that is folded to the right: a total row may add up all of them. A table whose measures contradict each other or whose
    formulas were never calculated gives no rows and a problem with `refused="sheet"`.
    """
    period, sender = context.period, context.sender
    fields = [item for item in form.fields_on(period.end) if item.id in match.columns]
    positions = [row for row, kind in match.rows.items() if kind == "data"]
    reader = ColumnReader(
        grid, match, form, positions, merges(grid, match, positions), context.vocabulary, context.cache
    )
    stated, contradicted = stated_measures.stated(form, match, fields)
    if contradicted:
        return TypedTable((), Rows.of(()), (), (_contradiction(grid, match, form, contradicted),))
    if reader.uncalculated() > UNCALCULATED_SHARE * max(1, len(positions) * len(fields)):
        return TypedTable((), Rows.of(()), (), (_never_calculated(grid, form),))
    contexts = {
        item.id: _column(item, form, context, stated.get(item.id, ""), grid.epoch_1904) for item in fields
    }
    typed = {name: reader.read(column) for name, column in contexts.items()}
    for item in fields:
        column_heuristics.settle(reader, item, typed[item.id], stated.get(item.id, ""))
    row_rules.settle(reader, fields, typed, period.end)
    located = _located(Locator(reader, context.places, sender), fields, typed)
    left_out = repeated.left_out(reader, form, typed, located) | _of_other_length(reader)
    for item in fields:
        reader.tell(item, typed[item.id])
        attachments.annotate(reader, item, typed[item.id])
    rows, unit_of = _rows(reader, fields, typed, located, left_out, sender)
    found = [_about(problem, unit_of.get(index, ""), sender) for index, problem in reader.problems]
    beside = [
        *_others(reader),
        *_mentions(reader, fields, stated),
        *attachments.row_remarks(reader),
        *totals.compare(grid, match, form, positions, contexts, typed, halves),
    ]
    taken = frozenset(rows.positions)
    return TypedTable(
        tuple(item.id for item in fields),
        rows,
        tuple(note for note in reader.notes if note.position in taken),
        (
            *_hidden_rows(grid, form, positions),
            *_not_printed(grid, form, positions),
            *found,
            *(_about(problem, "", sender) for problem in beside),
        ),
    )


def _column(item: Field, form: Form, context: TableContext, stated: str, epoch_1904: bool) -> ColumnSpec:
    times = measures.factor(stated, item.measure) if stated else None
    return ColumnSpec(
        item,
        context.period.end,
        stated,
        times if times is not None else stated_measures.ONE,
        epoch_1904,
        item.id in form.key,
        context.vocabulary,
    )


def _located(locator: Locator, fields: list[Field], typed: dict[str, TypedColumn]) -> list[Located | None]:
    named = next((item for item in fields if item.type == "unit"), None)
    if named is not None:
        return locator.locate_named(named, typed[named.id].values)
    return locator.locate(_values(typed, "township"), _values(typed, "village"))


def _values(typed: dict[str, TypedColumn], name: str) -> list[object] | None:
    return typed[name].values if name in typed else None


def _rows(
    reader: ColumnReader,
    fields: list[Field],
    typed: dict[str, TypedColumn],
    located: list[Located | None],
    left_out: frozenset[int],
    sender: Unit | None,
) -> tuple[Rows, dict[int, str]]:
    """The rows that were taken, and data row → unit code. A row refused for one of its cells (two people in one) is left out."""
    columns = [typed[item.id] for item in fields]
    lost = {i for column in columns for i, why in column.refused.items() if why.scope == "row"} | left_out
    refused: dict[int, list[str]] = {}
    for item, column in zip(fields, columns, strict=True):
        for index in column.refused:
            refused.setdefault(index, []).append(item.id)
    kept = [index for index, where in enumerate(located) if where is not None and index not in lost]
    if not kept:
        return Rows.of(()), {}
    # Many rows are about few units, each of them one object.
    said = {key: _said(where, sender) for key, where in {id(where): where for where in located}.items()}
    units, townships, villages, *names = zip(*[said[id(located[index])] for index in kept], strict=True)
    named = dict(zip(("unit", "township", "village"), names, strict=True))
    rows = Rows.of_columns(
        _chosen(reader.positions, kept),
        (units, townships, villages),
        [
            named[item.type] if item.type in named else _chosen(column.values, kept)
            for item, column in zip(fields, columns, strict=True)
        ],
        {number: tuple(refused[index]) for number, index in enumerate(kept) if index in refused},
    )
    return rows, dict(zip(kept, units, strict=True))


def _chosen(values: Sequence[Any], kept: list[int]) -> Sequence[Any]:
    return values if len(kept) == len(values) else [values[index] for index in kept]


def _said(where: Located | None, sender: Unit | None) -> tuple[Any, ...]:
    """The codes of a row's unit, township and village ("" for what it has none of), and the names that its cells give (None)."""
    if where is None:
        return "", "", "", None, None, None
    unit = where.named or where.village or where.township or sender
    return (
        unit.code if unit else "",
        where.township.code if where.township else "",
        where.village.code if where.village else "",
        where.named.name if where.named else None,
        where.township.name if where.township else None,
        where.village.name if where.village else None,
    )


def _about(problem: Problem, unit: str, sender: Unit | None) -> Problem:
    """Say of a problem which unit it is about, as far as its row tells."""
    return replace(problem, unit_code=problem.unit_code or unit or (sender.code if sender else ""))


def _mentions(reader: ColumnReader, fields: Sequence[Field], stated: Mapping[str, str]) -> list[Problem]:
    """D114: a measure of money that a text beside the table mentions and that no column is read in."""
    used = [stated[item.id] for item in fields if item.type == "money" and item.id in stated]
    found = []
    for measure, cell in reader.match.mentions if used else ():
        if all(measures.factor(measure, held) != 1 for held in used):
            where = Location(sheet=reader.grid.sheet, cell=cell)
            expected = listing(dict.fromkeys(used))
            found.append(
                Problem(
                    "measure-mentioned",
                    where,
                    measure,
                    expected,
                    severity="query",
                    rule="D114",
                    form=reader.form.id,
                )
            )
    return found


def _of_other_length(reader: ColumnReader) -> frozenset[int]:
    """D117: the records of a text file that have more or fewer cells than its header: a separator too many or one too few has moved
    their values into other columns."""
    lengths = reader.grid.lengths
    if not lengths:
        return frozenset()
    due = lengths[reader.match.header[1]]
    odd = [index for index, row in enumerate(reader.positions) if lengths[row] != due]
    for index in odd:
        row = reader.positions[index]
        found = reader.grid.values[row]
        said = CellFinding(
            "record-length",
            "D117",
            str(due),
            "row",
            column=_first_word(found),
            data={"count": str(lengths[row])},
        )
        reader.problem(index, None, found[_first_word(found)], said)
    return frozenset(odd)


def _others(reader: ColumnReader) -> list[Problem]:
    """Rows that look like data and are none: 其中 rows (D38), an example left standing (D35)."""
    problems = []
    for row, kind in reader.match.rows.items():
        if kind == "other":
            values = reader.grid.values[row]
            column = _first_word(values)
            where = Location(sheet=reader.grid.sheet, cell=reader.grid.address(row, column))
            found = show(values[column])
            slug, rule = (
                ("row-sample", "D35")
                if reader.vocabulary.pattern("rows.sample_mark").match(found)
                else ("row-no-unit", "D38")
            )
            if row < reader.match.header[0]:
                slug, rule = "row-above-header", "D34"
            problems.append(Problem(slug, where, found=found, refused="row", rule=rule, form=reader.form.id))
    return problems


def _first_word(row: Sequence[Any]) -> int:
    """The column that says what a row is: its first text that is no list number, else its first value."""
    filled = [column for column, value in enumerate(row) if value is not None]
    words = (at for at in filled if isinstance(row[at], str) and not row[at].strip("（()） .、．").isdigit())
    return next(words, filled[0] if filled else 0)


def _hidden_rows(grid: Grid, form: Form, positions: list[int]) -> list[Problem]:
    """D24: hidden and filtered rows are read like the others, and named."""
    hidden = [row + 1 for row in positions if row in grid.hidden_rows]
    if not hidden:
        return []
    listed = listing(map(str, hidden[:20])) + ("…" if len(hidden) > 20 else "")
    return [
        Problem(
            "rows-hidden",
            Location(sheet=grid.sheet),
            found=listed,
            rule="D24",
            severity="query",
            form=form.id,
        )
    ]


def _not_printed(grid: Grid, form: Form, positions: list[int]) -> list[Problem]:
    """D119: records below or above what is printed are read, and named: they may be left over, or for comparison."""
    printed = [area for area in grid.printed if not grid.transposed]
    outside = [row for row in positions if not any(area.top <= row <= area.bottom for area in printed)]
    if not printed or not outside or len(outside) == len(positions):
        return []
    listed = listing(str(row + 1) for row in outside[:20]) + ("…" if len(outside) > 20 else "")
    where = Location(sheet=grid.sheet)
    return [Problem("rows-not-printed", where, listed, rule="D119", severity="query", form=form.id)]


def _never_calculated(grid: Grid, form: Form) -> Problem:
    where = Location(sheet=grid.sheet)
    return Problem(
        "sheet-uncached", where, rule="D69", refused="sheet", form=form.id, data={"form": form.title}
    )


def _contradiction(grid: Grid, match: Match, form: Form, fields: list[Field]) -> Problem:
    titles = listing(item.title for item in fields)
    other = match.title_block.get("other_measure", ("", ""))[0]
    return Problem(
        "measures-contradict",
        Location(sheet=grid.sheet, cell=grid.address(match.header[1], match.columns[fields[0].id])),
        found=match.measures.get(fields[0].id, "") or other or stated_measures.corner(match),
        expected=stated_measures.corner(match) or fields[0].measure,
        rule="D51",
        refused="sheet",
        form=form.id,
        data={"title": titles},
    )
