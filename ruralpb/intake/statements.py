"""Whose a sheet is and for which period: everything that says so, and all that do must agree (semantics S1, S5, S7; C05, D17-D19)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from ruralpb.core import periods
from ruralpb.core.periods import Period
from ruralpb.core.problems import Location, Problem
from ruralpb.intake.reading_basis import ReadingBasis
from ruralpb.model import FileClaims, Form, Grid, IntakeOptions, Match, Unit, form_identity
from ruralpb.model.unit_names import UnitNames, fold
from ruralpb.model.vocabulary import builtin


def named_words(group: str) -> dict[str, str]:
    """Return the words that findings call the members of a group by."""
    return {key: words[0] for key, words in builtin().below(f"findings.{group}.").items()}


SOURCES = named_words("sources")
"""What names a period or a sender, as findings call it."""


@dataclass(frozen=True, slots=True)
class Statements:
    """What a file, its name, its folders, the options and the blank it was issued as say of sender and period."""

    name: str
    path: str
    basis: ReadingBasis
    options: IntakeOptions
    identity: form_identity.Identity | None = None

    # ------------------------------------------------------------------------------------------ a file without tables

    def of_names(self) -> FileClaims:
        """What the options, the file's name and its folders say where no table was read: so a return that could not be read is known to
        have come."""
        parts = (self._stem(), *reversed(PurePosixPath(self.path).parts[:-1]))
        named = (found for part in parts if (found := periods.find(part)) is not None)
        period = self.options.period or next(named, None)
        # Without a period, the names of today; a unit that has ended since then sends nothing.
        places = self.basis.unit_names(period.end if period else date.max, "")
        units = (unit for part in parts if (unit := _only(places.mentioned(part))) is not None)
        sender = next((unit for unit in units if unit.level in ("township", "office")), None)
        titled = [
            form.id
            for form in self.basis.definitions.library.forms.values()
            if fold(form.title) in fold(self._stem())
        ]
        return FileClaims(
            self.options.form or (titled[0] if len(titled) == 1 else ""),
            period.label if period else "",
            self.options.unit_code or (sender.code if sender else ""),
        )

    # ------------------------------------------------------------------------------------------ period

    def hint(self, grid: Grid) -> Period | None:
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

    def period(self, grid: Grid, match: Match) -> tuple[Period | None, list[Problem]]:
        """The period that all who name one agree on: options, title block, sheet name, file name (D19)."""
        form = self.basis.definitions.library.forms[match.form]
        facts = match.title_block
        said = {
            SOURCES["option"]: self.options.period,
            SOURCES["period"]: periods.find(facts.get("period", ("", ""))[0]),
            SOURCES["title"]: periods.find(facts.get("titled_period", ("", ""))[0]),
            SOURCES["title"] + facts.get("other_period", ("", ""))[1]: periods.find(
                facts.get("other_period", facts.get("titled_period", ("", "")))[0]
            ),
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

    def sender(self, grid: Grid, match: Match, period: Period) -> tuple[Unit | None, list[Problem]]:
        """The unit all who name one agree on: options, 填报单位, title, sheet name, file name, folders. None when nobody names one, or
        only the county."""
        register = self.basis.definitions.register
        own = self.basis.definitions.settings.unit if self.basis.definitions.settings else ""
        facts = match.title_block
        counties = self._counties(grid, facts, period.end, own)
        if len(set(counties.values())) > 1:
            return None, [_senders_contradict(grid, facts, counties)]
        places = self.basis.unit_names(period.end, next(iter(counties.values()), (own, ""))[0])
        said: dict[str, Unit | None] = {
            SOURCES["option"]: register.get(self.options.unit_code, period.end)
            if self.options.unit_code
            else None,
            SOURCES["reporter"]: self._named(places, facts.get("reporter", ("", ""))[0]),
            SOURCES["title"]: _only(places.mentioned(facts.get("title", ("", ""))[0])),
            **self._beside_title(places, facts),
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

    @staticmethod
    def _beside_title(places: UnitNames, facts: Mapping[str, tuple[str, str]]) -> dict[str, Unit | None]:
        """The townships that short texts above the table name, beside its title: no more than a sender's name."""
        names, at = facts.get("names", ("", ""))
        units = (_only(places.mentioned(name)) for name in names.splitlines())
        return {
            f"{unit.name}（{at}）": unit for unit in units if unit is not None and unit.level == "township"
        }

    def _counties(
        self, grid: Grid, facts: Mapping[str, tuple[str, str]], day: date, own: str
    ) -> dict[str, tuple[str, str]]:
        """The counties that the sheet and its folders name, by who names them: code and name. Only where a project has several do they
        matter: below which of them a township's name is looked up (semantics S7)."""
        register = self.basis.definitions.register
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

    def county(self, unit: Unit | None, day: date) -> str:
        """Where names are looked up: the sender's county, else the reporting unit of the project (semantics S7)."""
        register = self.basis.definitions.register
        for code in register.path(unit.code, day) if unit else ():
            above = register.get(code, day)
            if above is not None and above.level == "county":
                return code
        return self.basis.definitions.settings.unit if self.basis.definitions.settings else ""

    def _stem(self) -> str:
        return self.name.rpartition(".")[0] or self.name


_KINDS = named_words("frequencies")


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
