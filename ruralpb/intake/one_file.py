"""Bytes of one file → everything it says: typed blocks, notes, problems.

Pure and picklable: a worker can run it. Nothing is opened but the bytes given. Every sheet is read by itself:

    readers      bytes → grids
    layout       grid → the tables in it
    statements   who sent a table, and for which period; contradiction is refusal
    values       grid + table → typed rows, notes, problems
    layout.account   every cell has a role, or is asked about
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ruralpb.core.messages import listing
from ruralpb.core.periods import Period
from ruralpb.core.problems import Location, Problem
from ruralpb.intake import layout, readers, values
from ruralpb.intake.reading_basis import ReadingBasis
from ruralpb.intake.statements import Statements, named_words
from ruralpb.model import (
    Account,
    Block,
    FileClaims,
    Form,
    Grid,
    HeaderMapping,
    IntakeOptions,
    Match,
    Note,
    Reading,
    Rows,
    Settings,
    SheetPreview,
    SheetReading,
    Unit,
    cell_position,
    form_identity,
)
from ruralpb.model.loader import Definitions
from ruralpb.model.unit_names import fold
from ruralpb.model.vocabulary import builtin

__all__ = ["read"]


def read(content: bytes, name: str, path: str, basis: ReadingBasis, options: IntakeOptions) -> Reading:
    """Return what the file `name` says. `path` is its path relative to the folder that was ingested, `/`-separated (its folders may
    name the sender); problems are located at it.

    A file that is refused whole gives no blocks and one problem with `refused="file"`. Never raises for what a file contains.
    """
    grids, problems = readers.read(content, name, options.password)
    identity = form_identity.read(grids)
    statements = Statements(name, path or name, basis, options, identity)
    file = _File(name, path or name, basis, options, statements, identity)
    for grid in grids:
        file.read(_named(grid, name))
    if grids and not file.blocks and not any(problem.refused for problem in file.problems):
        file.problems.append(_has_no_form(name))
    if options.unlocked:
        problems.append(Problem("file-encrypted", severity="note", rule="D08"))
    everything = [*problems, *file.problems]
    lost = not file.blocks or any(problem.refused in ("file", "sheet") for problem in everything)
    claims = statements.of_names() if lost else FileClaims()
    located = tuple(
        replace(problem.located(path or name), form=problem.form or (claims.form if not file.blocks else ""))
        for problem in everything
    )
    return Reading(
        tuple(file.blocks),
        tuple(file.notes),
        located,
        tuple(file.sheets),
        tuple(file.accounts),
        tuple(file.previews),
        claims=claims,
    )


def _has_no_form(name: str) -> Problem:
    """A file in which no form was recognised: refused; a plain text is a note to the returns."""
    if builtin().pattern("files.texts").fullmatch(name.rpartition(".")[2]):
        return Problem("attachment-kept", data={"kind": "TXT"}, severity="note", rule="D11")
    return Problem("file-no-form", rule="D33", refused="file")


@dataclass(slots=True)
class _File:
    """One file being read: what it says about itself (`identity`: as a blank of ours), and what was found so far."""

    name: str
    path: str
    basis: ReadingBasis
    options: IntakeOptions
    statements: Statements
    identity: form_identity.Identity | None = None
    blocks: list[Block] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    sheets: list[SheetReading] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    previews: list[SheetPreview] = field(default_factory=list)

    @property
    def definitions(self) -> Definitions:
        """What the project means by its words."""
        return self.basis.definitions

    def read(self, grid: Grid) -> None:
        """Read one sheet."""
        if not grid.values or form_identity.is_kept(grid):
            return
        hint = (
            self.options.period
            or self.statements.hint(grid)
            or (self.identity.period if self.identity else None)
        )
        matches, problems = layout.match(grid, self._header_index(hint, grid))
        if grid.hidden or self.definitions.library.vocabulary.pattern("sheets.example").search(grid.sheet):
            self._left_out(grid, matches)
            return
        if not matches and self.identity is not None and self._is_instruction(grid):
            return
        if not matches:
            self._look(grid, ())
            self.problems += problems
            reason = next((problem for problem in problems if problem.refused), problems[-1])
            self.sheets.append(SheetReading(grid.sheet, reason.form, 0, reason.text()))
            return
        period, found = self.statements.period(grid, matches[0])
        if period is not None and period != hint:
            matches, problems = layout.match(grid, self._header_index(period, grid))
        self._look(grid, matches)
        self.problems += problems
        if period is None:
            self._refuse(grid, matches[:1], found)
            return
        for match in matches:
            period, found = self.statements.period(grid, match)
            if period is None:
                self._refuse(grid, [match], found)
            else:
                self._table(grid, match, period, _halves(match, matches))

    def _is_instruction(self, grid: Grid) -> bool:
        """True for the sheet that tells how to fill in a blank of ours: it came with the blank and asks for nothing."""
        return bool(self.definitions.library.vocabulary.pattern("sheets.no_return").search(grid.sheet))

    def _look(self, grid: Grid, matches: Sequence[Match]) -> None:
        """Take the account of the sheet, ask about what is in none of its roles, and draw it when that is asked for."""
        account = layout.account(grid, matches, self.definitions.library.vocabulary)
        self.accounts.append(account)
        self.problems += _of_account(grid, account, matches[0].form if matches else "")
        if self.options.look:
            self.previews.append(layout.sheet_preview(grid, matches, account))

    def _table(self, grid: Grid, match: Match, period: Period, halves: Sequence[Match]) -> None:
        """Read one recognised table whose period is known."""
        form = self.definitions.library.forms[match.form]
        sender, found = self.statements.sender(grid, match, period)
        if found:
            self._refuse(grid, [match], found)
            return
        by_unit = any(form.by_id[name].type == "unit" for name in match.columns)
        if sender is None and not by_unit and (match.nil or "township" not in match.columns):
            self._refuse(
                grid,
                [match],
                [Problem("reporter-unknown", Location(sheet=grid.sheet), rule="C05", refused="sheet")],
            )
            return
        others = [code for code in match.confirmed_for if sender is None or code != sender.code]
        if others:
            self._refuse(grid, [match], [_confirmed_for_others(grid, others, sender)])
            return
        context = self._context(period, sender, by_unit)
        grid = match.view or grid
        result = values.table(grid, match, form, context, halves)
        if form_identity.is_untouched(
            self.identity, form, match, result.rows, result.fields, says_nil=self._says_nil(grid)
        ):
            self._refuse(grid, [match], [form_identity.untouched(grid.sheet, form)])
            return
        self.notes += result.notes
        self.problems += result.problems
        self.problems += _unsigned(grid, match, form, sender)
        if self.identity is not None:
            asked = self.basis.header_index(period).fields(form.id)
            self.problems += form_identity.older_form(self.identity, grid.sheet, form, asked)
        refused = [problem for problem in result.problems if problem.refused == "sheet"]
        if refused:
            self.sheets.append(SheetReading(grid.sheet, form.id, 0, refused[0].text()))
            return
        for reporter, rows in _by_reporter(result.rows, sender, self.definitions.settings).items():
            self.blocks.append(
                Block(
                    form=form.id,
                    sheet=grid.sheet,
                    reporter_code=reporter,
                    period=period,
                    fields=result.fields,
                    columns={name: _place(grid, column)[1] for name, column in match.columns.items()},
                    rows=rows,
                    nil=match.nil and not form.village_row,
                    header=match.header,
                    title_block=match.title_block,
                    transposed=grid.transposed,
                    shifts={
                        name: down
                        for name, column in match.columns.items()
                        if (down := _place(grid, column)[0])
                    },
                )
            )
        self.sheets.append(SheetReading(grid.sheet, form.id, len(result.rows)))

    def _says_nil(self, grid: Grid) -> bool:
        """True when 零报告, 无 or the like stands somewhere in a cell of its own."""
        nil = self.definitions.library.vocabulary.pattern("rows.nil")
        return any(isinstance(cell, str) and nil.fullmatch(fold(cell)) for row in grid.values for cell in row)

    def _context(self, period: Period, sender: Unit | None, by_unit: bool) -> values.TableContext:
        """What a table is read under; names are looked up in the sender's county, in a table by units in the whole register."""
        below = "" if by_unit else self.statements.county(sender, period.end)
        names = self.basis.unit_names(period.end, below)
        return values.TableContext(
            period, names, sender, self.definitions.library.vocabulary, self.basis.columns
        )

    # ------------------------------------------------------------------------------------------ reports

    def _refuse(self, grid: Grid, matches: Iterable[Match], problems: list[Problem]) -> None:
        forms = [match.form for match in matches]
        form = self.definitions.library.forms[forms[0]]
        self.problems += [
            replace(problem, form=form.id, data={**problem.data, "form": form.title}) for problem in problems
        ]
        self.sheets.append(SheetReading(grid.sheet, form.id, 0, self.problems[-1].text()))

    def _left_out(self, grid: Grid, matches: list[Match]) -> None:
        """D23, D116: a sheet that is hidden, or calls itself an example, is not read; when it looks like a return, that is asked about."""
        self.accounts.append(layout.account(grid, (), self.definitions.library.vocabulary))
        if matches:
            form = self.definitions.library.forms[matches[0].form]
            problem = Problem(
                "sheet-hidden" if grid.hidden else "sheet-example",
                Location(sheet=grid.sheet),
                severity="query",
                rule="D23" if grid.hidden else "D116",
                form=form.id,
                data={"form": form.title},
            )
            self.problems.append(problem)
            self.sheets.append(SheetReading(grid.sheet, form.id, 0, problem.text()))

    def _header_index(self, period: Period | None, grid: Grid) -> layout.HeaderIndex:
        mappings = tuple(m for m in self.definitions.library.mappings if self._concerns(m, grid))
        return self.basis.header_index(period, self.options.form, mappings)

    def _concerns(self, mapping: HeaderMapping, grid: Grid) -> bool:
        """True for a confirmed header of this sheet and, as far as it is named anywhere, of this reporter."""
        if mapping.sheet and fold(mapping.sheet) != fold(grid.sheet):
            return False
        if not mapping.reporter or mapping.reporter == self.options.unit_code:
            return True
        above = [text for row in grid.values[:8] for text in row if isinstance(text, str)]
        said = fold("\n".join([self.path, self.name, grid.sheet, *above]))
        units = self.definitions.register.by_code.get(mapping.reporter, ())
        return any(fold(name) in said for unit in units for name in (unit.name, *unit.aliases))


def _named(grid: Grid, name: str) -> Grid:
    """The sheet with its own name and the file's among the texts around its cells: they may state a measure as well."""
    names = (("sheet", grid.sheet), ("file", name.rpartition(".")[0]))
    return replace(grid, surroundings=(*grid.surroundings, *names))


_MOST_TEXTS = 10
"""So many texts of a sheet are asked about one by one."""


def _of_account(grid: Grid, account: Account, form: str) -> list[Problem]:
    """D113: what has no role. Each text for itself; numbers and days together, at the first of them."""
    places = [(cell, cell_position(cell) or (0, 0)) for cell in account.unaccounted]
    texts = [(cell, at) for cell, at in places if isinstance(grid.cell(*at), str)]
    others = [(cell, at) for cell, at in places if not isinstance(grid.cell(*at), str)]
    asked = [("text-unaccounted", *text, 1) for text in texts[:_MOST_TEXTS]]
    asked += [("cells-unaccounted", *others[0], len(others))] if others else []
    return [
        Problem(
            slug,
            Location(sheet=grid.sheet, cell=cell),
            values.show(grid.cell(*at)),
            severity="query",
            rule="D113",
            form=form,
            data={"count": str(count)},
        )
        for slug, cell, at, count in asked
    ]


_SIGNED = named_words("signed")


def _by_reporter(rows: Rows, sender: Unit | None, settings: Settings | None) -> Mapping[str, Rows]:
    """The rows by who reports them: the sender, or in a workbook of many townships (D17) each row's own township; rows about
    other units that nobody is named for are the project's own."""
    if sender is not None and sender.level in ("township", "office"):
        return {sender.code: rows}
    own = sender.code if sender else settings.unit if settings else ""
    grouped: dict[str, list[int]] = {}
    for number, township in enumerate(rows.township_codes):
        grouped.setdefault(township or own, []).append(number)
    return {code: rows.part(numbers) for code, numbers in grouped.items()}


def _halves(match: Match, matches: Iterable[Match]) -> list[Match]:
    """The other tables of one form that stand beside it in the same rows: the halves of a table folded to the right (D41)."""
    return [
        other
        for other in matches
        if other is not match
        and other.form == match.form
        and other.view is not None
        and max(match.header[0], other.header[0]) <= min(max(match.rows), max(other.rows))
    ]


def _place(grid: Grid, column: int) -> tuple[int, int]:
    """Where a column of a view stands in its sheet: how many rows further down, and in which column (row, on its side)."""
    return grid.relocated.get(column, (0, column))


def _confirmed_for_others(grid: Grid, codes: list[str], sender: Unit | None) -> Problem:
    where = Location(sheet=grid.sheet)
    name = sender.name if sender else ""
    return Problem("mapping-of-other", where, name, listing(codes), rule="D29", refused="sheet")


def _unsigned(grid: Grid, match: Match, form: Form, sender: Unit | None) -> list[Problem]:
    """C06: who signed and filled in the sheet is not said."""
    missing = [title for name, title in _SIGNED.items() if name not in match.title_block]
    if not missing:
        return []
    unit = sender.code if sender else ""
    return [
        Problem(
            "preamble-incomplete",
            Location(sheet=grid.sheet),
            listing(missing),
            severity="note",
            rule="C06",
            form=form.id,
            unit_code=unit,
        )
    ]
