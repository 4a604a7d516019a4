"""Bytes of one file → everything it says: typed blocks, notes, problems.

Pure and picklable: a worker can run it. Nothing is opened but the bytes given. Every sheet is read by itself; who sent it
and for which period is said by its title block, its name, the file's name or folder, and the options, and all that say it must
agree: contradiction is refusal (semantics S1, S5, S7; domain.md D17-D19, C05).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import PurePosixPath

from ruralpb.core import periods
from ruralpb.core.periods import Period
from ruralpb.core.problems import Location, Problem
from ruralpb.intake import layout, readers, values
from ruralpb.model import (
    Account,
    Block,
    Form,
    Grid,
    HeaderMapping,
    IntakeOptions,
    Match,
    Note,
    Reading,
    Register,
    Rows,
    Settings,
    SheetPreview,
    SheetReading,
    Unit,
    cell_position,
    form_identity,
)
from ruralpb.model.loader import Definitions
from ruralpb.model.unit_names import UnitNames, fold
from ruralpb.model.vocabulary import builtin

__all__ = ["read"]


def _named(group: str) -> dict[str, str]:
    return {key: words[0] for key, words in builtin().below(f"findings.{group}.").items()}


SOURCES = _named("sources")
"""What names a period or a sender, as findings call it."""


def read(content: bytes, name: str, path: str, definitions: Definitions, options: IntakeOptions) -> Reading:
    """Return what the file `name` says. `path` is its path relative to the folder that was ingested, `/`-separated (its folders may
    name the sender); problems are located at it.

    A file that is refused whole gives no blocks and one problem with `refused="file"`. Never raises for what a file contains.
    """
    grids, problems = readers.read(content, name, options.password)
    file = _File(name, path or name, definitions, options, form_identity.read(grids))
    for grid in grids:
        file.read(grid)
    if grids and not file.blocks and not any(problem.refused for problem in file.problems):
        file.problems.append(Problem("file-no-form", rule="D33", refused="file"))
    located = tuple(problem.located(path or name) for problem in [*problems, *file.problems])
    return Reading(
        tuple(file.blocks),
        tuple(file.notes),
        located,
        tuple(file.sheets),
        tuple(file.accounts),
        tuple(file.previews),
    )


@dataclass(slots=True)
class _File:
    """One file being read: what it says about itself (`identity`: as a blank of ours), and what was found so far."""

    name: str
    path: str
    definitions: Definitions
    options: IntakeOptions
    identity: form_identity.Identity | None = None
    blocks: list[Block] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    sheets: list[SheetReading] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    previews: list[SheetPreview] = field(default_factory=list)
    _known: dict[tuple[Period | None, tuple[HeaderMapping, ...]], layout.HeaderIndex] = field(
        default_factory=dict
    )

    def read(self, grid: Grid) -> None:
        """Read one sheet."""
        if not grid.values or form_identity.is_kept(grid):
            return
        hint = self.options.period or self._hint(grid) or (self.identity.period if self.identity else None)
        matches, problems = layout.match(grid, self._header_index(hint, grid))
        if grid.hidden or self.definitions.library.vocabulary.pattern("sheets.example").search(grid.sheet):
            self._left_out(grid, matches)
            return
        if not matches:
            self._look(grid, ())
            self.problems += problems
            reason = next((problem for problem in problems if problem.refused), problems[-1])
            self.sheets.append(SheetReading(grid.sheet, reason.form, 0, reason.text()))
            return
        period, found = self._period(grid, matches[0])
        if period is not None and period != hint:
            matches, problems = layout.match(grid, self._header_index(period, grid))
        self._look(grid, matches)
        self.problems += problems
        if period is None:
            self._refuse(grid, matches[:1], found)
            return
        for match in matches:
            period, found = self._period(grid, match)
            if period is None:
                self._refuse(grid, [match], found)
            else:
                self._table(grid, match, period, _halves(match, matches))

    def _look(self, grid: Grid, matches: Sequence[Match]) -> None:
        """Take the account of the sheet, ask about what is in none of its roles, and draw it when that is asked for."""
        account = layout.account(grid, matches, self.definitions.library.vocabulary)
        self.accounts.append(account)
        if account.unaccounted:
            first = account.unaccounted[0]
            row, column = cell_position(first) or (0, 0)
            where = Location(sheet=grid.sheet, cell=first)
            found = values.show(grid.cell(row, column))
            data = {"count": str(len(account.unaccounted))}
            form = matches[0].form if matches else ""
            self.problems.append(
                Problem(
                    "cells-unaccounted", where, found, severity="query", rule="D113", form=form, data=data
                )
            )
        if self.options.look:
            self.previews.append(layout.sheet_preview(grid, matches, account))

    def _table(self, grid: Grid, match: Match, period: Period, halves: Sequence[Match]) -> None:
        """Read one recognised table whose period is known."""
        form = self.definitions.library.forms[match.form]
        sender, found = self._sender(grid, match, period)
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
        places = self._register(period.end, "" if by_unit else self._county(sender, period.end))
        grid = match.view or grid
        context = values.TableContext(period, places, sender, self.definitions.library.vocabulary)
        result = values.table(grid, match, form, context, halves)
        self.notes += result.notes
        self.problems += result.problems
        self.problems += _unsigned(grid, match, form, sender)
        if self.identity is not None:
            asked = layout.header_index_of(self.definitions.library, period).fields(form.id)
            self.problems += form_identity.problems_of_issue(
                self.identity, grid.sheet, form, asked, match, result.rows, result.fields
            )
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

    # ------------------------------------------------------------------------------------------ period

    def _hint(self, grid: Grid) -> Period | None:
        """A first guess at the period, so that the header is looked for among the fields of that time at once. Only a guess: the sheet is
        matched again when its title block, once found, says otherwise."""
        above = [[value for value in row if value is not None] for row in grid.values[:5]]
        texts = [
            text for row in above if len(row) <= 6 for text in row if isinstance(text, str) and len(text) < 80
        ]
        for text in (*texts, grid.sheet, self._stem()):
            if (found := periods.find(text)) is not None:
                return found
        return None

    def _period(self, grid: Grid, match: Match) -> tuple[Period | None, list[Problem]]:
        """The period that all who name one agree on: options, title block, sheet name, file name (D19)."""
        form = self.definitions.library.forms[match.form]
        facts = match.title_block
        said = {
            SOURCES["option"]: self.options.period,
            SOURCES["period"]: periods.find(facts.get("period", ("", ""))[0]),
            SOURCES["title"]: periods.find(facts.get("titled_period", ("", ""))[0]),
            SOURCES["sheet"]: periods.find(grid.sheet),
            SOURCES["file"]: periods.find(self._stem()),
            form_identity.SAYS: self.identity.period if self.identity else None,
        }
        if form.frequency == "year" and not any(said.values()):
            texts = (facts.get("title", ("", ""))[0], grid.sheet, self._stem())
            said.update(
                zip((SOURCES["title"], SOURCES["sheet"], SOURCES["file"]), map(_year, texts), strict=True)
            )
        named = {source: found for source, found in said.items() if found is not None}
        fitting = {source: fit for source, found in named.items() if (fit := _fit(found, form)) is not None}
        where = Location(
            sheet=grid.sheet, cell=(facts.get("period") or facts.get("titled_period") or ("", ""))[1]
        )
        if not named:
            return None, [Problem("period-unknown", where, rule="C05", refused="sheet")]
        # A month in a file's name may be the one it was sent in; in the sheet itself or the options it is the period.
        misfit = next(
            (
                named[source]
                for source in named
                if source not in fitting and source not in (SOURCES["sheet"], SOURCES["file"])
            ),
            None,
        )
        if (misfit is not None and misfit.kind != "year") or not fitting:
            found = misfit or next(iter(named.values()))
            return None, [
                Problem(
                    "period-kind", where, found.title, _KINDS[form.frequency], rule="C05", refused="sheet"
                )
            ]
        if len(set(fitting.values())) > 1:
            if form_identity.SAYS in fitting:
                return None, [form_identity.other_period(where, form, fitting)]
            found_text = "，".join(f"{source}{period.label}" for source, period in fitting.items())
            expected = next(iter(fitting.values())).label
            return None, [
                Problem("period-contradiction", where, found_text, expected, rule="C05", refused="sheet")
            ]
        return next(iter(fitting.values())), []

    # ------------------------------------------------------------------------------------------ sender

    def _sender(self, grid: Grid, match: Match, period: Period) -> tuple[Unit | None, list[Problem]]:
        """The unit all who name one agree on: options, 填报单位, title, sheet name, file name, folders. None when nobody names one, or
        only the county."""
        register = self.definitions.register
        own = self.definitions.settings.unit if self.definitions.settings else ""
        facts = match.title_block
        counties = self._counties(grid, facts, period.end, own)
        if len(set(counties.values())) > 1:
            return None, [_senders_contradict(grid, facts, counties)]
        places = self._register(period.end, next(iter(counties.values()), (own, ""))[0])
        said: dict[str, Unit | None] = {
            SOURCES["option"]: register.get(self.options.unit_code, period.end)
            if self.options.unit_code
            else None,
            SOURCES["reporter"]: self._named(places, facts.get("reporter", ("", ""))[0]),
            SOURCES["title"]: _only(places.mentioned(facts.get("title", ("", ""))[0])),
            SOURCES["sheet"]: _only(places.mentioned(grid.sheet)),
            SOURCES["file"]: _only(places.mentioned(self._stem())),
        }
        if self.identity is not None:
            said[form_identity.SAYS] = register.get(self.identity.reporter_code, period.end)
            if said[form_identity.SAYS] is None:
                return None, [form_identity.unknown_unit(grid.sheet, self.identity)]
        folders = [_only(places.mentioned(part)) for part in reversed(PurePosixPath(self.path).parts[:-1])]
        said[SOURCES["folder"]] = next((unit for unit in folders if unit is not None), None)
        named = {source: unit for source, unit in said.items() if unit is not None}
        senders = {source: unit for source, unit in named.items() if unit.level in ("township", "office")}
        if len({unit.code for unit in senders.values()}) > 1:
            if form_identity.SAYS in senders:
                return None, [form_identity.other_reporter(grid.sheet, facts, senders)]
            names = {source: (unit.code, unit.name) for source, unit in senders.items()}
            return None, [_senders_contradict(grid, facts, names)]
        return next(iter(senders.values()), next(iter(named.values()), None)), []

    def _counties(
        self, grid: Grid, facts: Mapping[str, tuple[str, str]], day: date, own: str
    ) -> dict[str, tuple[str, str]]:
        """The counties that the sheet and its folders name, by who names them: code and name. Only where a project has several do they
        matter: below which of them a township's name is looked up (semantics S7)."""
        register = self.definitions.register
        counties = register.on(day, "county", own if register.get(own, day) else "")
        if len(counties) < 2:
            return {}
        said = {
            SOURCES["reporter"]: facts.get("reporter", ("", ""))[0],
            SOURCES["title"]: facts.get("title", ("", ""))[0],
            SOURCES["sheet"]: grid.sheet,
            SOURCES["file"]: self._stem(),
            SOURCES["folder"]: "/".join(PurePosixPath(self.path).parts[:-1]),
        }
        found: dict[str, tuple[str, str]] = {}
        codes = {
            SOURCES["option"]: self.options.unit_code,
            form_identity.SAYS: self.identity.reporter_code if self.identity else "",
        }
        for source, code in codes.items():
            path = register.path(code, day)
            found.update((source, (county.code, county.name)) for county in counties if county.code in path)
        for source, text in said.items():
            named = [c for c in counties if any(fold(name) in fold(text) for name in (c.name, *c.aliases))]
            if len(named) == 1:
                found[source] = (named[0].code, named[0].name)
        return found

    @staticmethod
    def _named(places: UnitNames, text: str) -> Unit | None:
        return (places.reporter(text).unit or _only(places.mentioned(text))) if text else None

    def _county(self, unit: Unit | None, day: date) -> str:
        """Where names are looked up: the sender's county, else the reporting unit of the project (semantics S7)."""
        register = self.definitions.register
        for code in register.path(unit.code, day) if unit else ():
            above = register.get(code, day)
            if above is not None and above.level == "county":
                return code
        return self.definitions.settings.unit if self.definitions.settings else ""

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

    # ------------------------------------------------------------------------------------------ kept for the file

    def _stem(self) -> str:
        return self.name.rpartition(".")[0] or self.name

    def _header_index(self, period: Period | None, grid: Grid) -> layout.HeaderIndex:
        library = self.definitions.library
        slot = (period, tuple(m for m in library.mappings if self._concerns(m, grid)))
        if slot not in self._known:
            self._known[slot] = layout.header_index_of(library, period, self.options.form, slot[1])
        return self._known[slot]

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

    def _register(self, day: date, below: str) -> UnitNames:
        register = self.definitions.register
        slot = (id(register), day, below)
        kept = _PLACES.get(slot)
        if kept is None or kept[0] is not register:
            if len(_PLACES) >= _MOST_PLACES:
                _PLACES.pop(next(iter(_PLACES)))
            kept = _PLACES[slot] = (register, UnitNames(register, day, below))
        return kept[1]


_MOST_PLACES = 16
_PLACES: dict[tuple[int, date, str], tuple[Register, UnitNames]] = {}
"""The names of a register, kept for the next files of the delivery; each entry keeps its register alive."""

_KINDS = _named("frequencies")
_SIGNED = _named("signed")


def _fit(period: Period, form: Form) -> Period | None:
    """The period a form is stored under: a quarter's last month is the quarter (semantics S5); None when the form has no such period."""
    ends_quarter = period.kind == "month" and period.end.month % 3 == 0
    if form.frequency == "year":
        return periods.of("year", period.end) if period.kind == "year" or period.end.month == 12 else None
    if ends_quarter or period.kind == "quarter":
        return periods.of("quarter", period.end)
    return period if form.frequency == "month" and period.kind == "month" else None


def _year(text: str) -> Period | None:
    """The one year that the text of a yearly table names: 分地区人口（2020年）."""
    years = set(builtin().pattern("dates.year").findall(text))
    return periods.of("year", date(int(years.pop()), 1, 1)) if len(years) == 1 else None


def _only(units: tuple[Unit, ...]) -> Unit | None:
    return units[0] if len(units) == 1 else None


def _senders_contradict(
    grid: Grid, facts: Mapping[str, tuple[str, str]], named: Mapping[str, tuple[str, str]]
) -> Problem:
    """C05: `named` are who names a sender, and its code and name; the first to name one is expected to be right."""
    where = Location(sheet=grid.sheet, cell=(facts.get("reporter") or facts.get("title") or ("", ""))[1])
    found = "，".join(f"{source}{name}" for source, (_, name) in named.items())
    expected = next(iter(named.values()))[1]
    return Problem("reporter-contradiction", where, found, expected, rule="C05", refused="sheet")


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
    return Problem("mapping-of-other", where, name, "、".join(codes), rule="D29", refused="sheet")


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
            "、".join(missing),
            severity="note",
            rule="C06",
            form=form.id,
            unit_code=unit,
        )
    ]
