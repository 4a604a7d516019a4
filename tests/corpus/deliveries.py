"""Messes of several files: what a whole inbox makes of the register of returns (D10, D13–D18). Scored through the real ingest."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from ruralpb.app import ingest
from ruralpb.app.ingest_request import IngestRequest
from ruralpb.app.opening import open_project
from ruralpb.app.project import Project
from ruralpb.core.periods import Period
from ruralpb.model import Unit

from . import drawing, truth
from .model import Book, Return, Sheet
from .score import Failure, equal
from .world import PERIODS, SETTINGS, UNITS, townships
from .writers import write

FORM = "village_economy"
_RESULTS = ".ruralpb/results.sqlite"
TODAY = date(2026, 4, 30)
QUARTER = PERIODS[0]


@dataclass
class Delivery:
    """The files of each batch (path below the inbox, bytes), and the returns that must be in force afterwards, all others must not."""

    random: Random
    batches: list[list[tuple[str, bytes]]] = field(default_factory=lambda: [[]])
    in_force: list[Return] = field(default_factory=list)

    def made(self, sender: Unit | None = None, period: Period = QUARTER) -> Return:
        return truth.made(self.random, FORM, period, sender or self.townships[0])

    @property
    def townships(self) -> tuple[Unit, ...]:
        return townships(QUARTER)

    def book(self, *returns: Return, name: str = "") -> Book:
        sheets = [drawing.sheet(self.random, one) for one in returns]
        for number, sheet in enumerate(sheets):
            sheet.name = f"{sheet.name[:20]}{number or ''}"
        return Book(name or f"{returns[0].sender.name}.xlsx", sheets)

    def put(self, path: str, book: Book | bytes) -> None:
        content = book if isinstance(book, bytes) else write(drawing.finished(book))
        self.batches[-1].append((path, content))


DELIVERIES: dict[str, Callable[[Delivery], None]] = {}


def delivery(make: Callable[[Delivery], None]) -> Callable[[Delivery], None]:
    """Register the function below it; its name is the id, its docstring the title."""
    DELIVERIES[make.__name__] = make
    return make


def scored(name: str, folder: Path, seed: int = 0) -> list[Failure]:
    """Make the delivery, ingest it batch by batch, and compare what is in force with the truth."""
    made = Delivery(Random(f"{name}-{seed}"))
    DELIVERIES[name](made)
    project = _project(folder)
    for number, batch in enumerate(made.batches):
        for path, content in batch:
            file = project.inbox / f"2026-04-{number + 3:02}" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        ingest.ingest(project, [project.inbox], IngestRequest(jobs=1), TODAY, lambda _: None)
    return [
        failure
        for period in sorted({QUARTER, QUARTER.previous(), *(one.period for one in made.in_force)})
        for failure in _compared(project, made, period)
    ]


def _project(folder: Path) -> Project:
    """A project over the corpus's register, its definitions known to be right."""
    _written(folder)
    (folder / _RESULTS).write_bytes(_verified())
    return open_project(folder)


@lru_cache(maxsize=1)
def _verified() -> bytes:
    """What the program leaves in a project once it has checked its definitions, which takes longer than all else."""
    with TemporaryDirectory() as name:
        _written(Path(name))
        open_project(Path(name))
        return (Path(name) / _RESULTS).read_bytes()


def _written(folder: Path) -> None:
    (folder / _RESULTS).parent.mkdir()
    (folder / "units.csv").write_text(UNITS, "utf-8")
    due = "due:\n  - {forms: [village_economy], level: township, workday: 5, periods: [quarter]}\n"
    (folder / "ruralpb.yaml").write_text(SETTINGS + due, "utf-8")


def _compared(project: Project, made: Delivery, period: Period) -> list[Failure]:
    wanted = {
        (one.sender.code, record.village.code if record.village else "", name): fact.value
        for one in made.in_force
        if one.period == period
        for record in one.records
        for name, fact in record.facts.items()
        if fact.field.numeric and fact.value is not None
    }
    found: dict[tuple[str, str, str], Any] = {}
    failures: list[Failure] = []
    with project.session(period) as session:
        for item in truth.in_force(session_form(project), period):
            if not item.numeric:
                continue
            sql = f"select reporter_code, village_code, \"{item.id}\" from {FORM} where period = '{period.label}'"
            for reporter, village, value in session.query(sql):
                if value is None:
                    continue
                key = (reporter, village or "", item.id)
                if key in found:
                    failures.append(
                        Failure(
                            "extra", period.label, reporter, f"{village} {item.id}", str(value), "one row"
                        )
                    )
                found[key] = Decimal(value)
    for key in sorted(wanted.keys() | found.keys()):
        reporter, village, name = key
        if key not in found:
            failures.append(
                Failure("lost", period.label, reporter, f"{village} {name}", "nothing", str(wanted[key]))
            )
        elif key not in wanted:
            failures.append(
                Failure("extra", period.label, reporter, f"{village} {name}", str(found[key]), "nothing")
            )
        elif not equal(found[key], wanted[key]):
            failures.append(
                Failure(
                    "wrong", period.label, reporter, f"{village} {name}", str(found[key]), str(wanted[key])
                )
            )
    return failures


def session_form(project: Project) -> Any:
    return project.definitions.library.forms[FORM]


# ---------------------------------------------------------------------------------------------- one return, several files


@delivery
def the_same_file_twice(made: Delivery) -> None:
    """D14: a copy under another name counts once."""
    one = made.made()
    book = write(drawing.finished(made.book(one)))
    made.put("青山镇.xlsx", book)
    made.put("青山镇/青山镇 - 副本(1).xlsx", book)
    made.in_force = [one]


@delivery
def the_same_rows_in_two_containers(made: Delivery) -> None:
    """D14: .xls beside .xlsx, with equal rows."""
    one = made.made()
    made.put("青山镇.xlsx", made.book(one))
    other = made.book(one, name="青山镇.xls")
    other.container = "xls"
    made.put("青山镇.xls", other)
    made.in_force = [one]


@delivery
def two_different_in_one_batch(made: Delivery) -> None:
    """D13: neither is taken; file names never decide."""
    made.put("青山镇.xlsx", made.book(made.made()))
    made.put("青山镇最终版2.xlsx", made.book(made.made()))


@delivery
def a_later_one_replaces(made: Delivery) -> None:
    """D15: the later batch counts."""
    made.put("青山镇.xlsx", made.book(made.made()))
    made.batches.append([])
    later = made.made()
    made.put("青山镇.xlsx", made.book(later))
    made.in_force = [later]


@delivery
def one_file_a_village(made: Delivery) -> None:
    """D16: rows of one batch are one version."""
    one = made.made()
    for number, record in enumerate(one.records):
        part = Return(one.form, one.period, one.sender, one.fields, [record])
        made.put(f"青山镇/{number}.xlsx", made.book(part))
    made.in_force = [one]


@delivery
def some_villages_later(made: Delivery) -> None:
    """Villages not reported before are joined to those that were."""
    one = made.made()
    half = len(one.records) // 2
    for records in (one.records[:half], one.records[half:]):
        made.put("青山镇.xlsx", made.book(Return(one.form, one.period, one.sender, one.fields, records)))
        made.batches.append([])
    made.in_force = [one]


@delivery
def an_overlap_is_held(made: Delivery) -> None:
    """A later file with some of the villages and other numbers waits for a decision; the first stays in force."""
    one = made.made()
    made.put("青山镇.xlsx", made.book(one))
    made.batches.append([])
    other = made.made()
    made.put(
        "青山镇.xlsx",
        made.book(Return(other.form, other.period, other.sender, other.fields, other.records[:3])),
    )
    made.in_force = [one]


@delivery
def a_second_sheet_of_the_same_quarter(made: Delivery) -> None:
    """D13: two sheets of one workbook say they are the same return, with other numbers."""
    made.put("青山镇.xlsx", made.book(made.made(), made.made()))


@delivery
def a_copied_sheet(made: Delivery) -> None:
    """D14: the same sheet twice in a workbook counts once."""
    one = made.made()
    made.put("青山镇.xlsx", made.book(one, one))
    made.in_force = [one]


# ---------------------------------------------------------------------------------------------- several returns


@delivery
def many_townships_in_one_workbook(made: Delivery) -> None:
    """D17: each township has its own return."""
    made.in_force = [made.made(unit) for unit in made.townships]
    made.put("全县.xlsx", made.book(*made.in_force, name="全县.xlsx"))


@delivery
def last_quarter_renamed(made: Delivery) -> None:
    """D18: the file's name says this quarter, its title the last: refused, for either quarter."""
    old = made.made(period=QUARTER.previous())
    made.put("青山镇2026年第一季度.xlsx", made.book(old))


@delivery
def both_quarters_in_one_workbook(made: Delivery) -> None:
    """Each sheet counts for the quarter its title says."""
    made.in_force = [made.made(), made.made(period=QUARTER.previous())]
    made.put("青山镇.xlsx", made.book(*made.in_force))


@delivery
def folders_name_the_sender(made: Delivery) -> None:
    """The same file name in every township's folder."""
    for unit in made.townships:
        one = made.made(unit)
        book = made.book(one, name="报表.xlsx")
        _nameless(book.main)
        made.put(f"{unit.name}/报表.xlsx", book)
        made.in_force.append(one)


def _nameless(sheet: Sheet) -> None:
    for line in sheet.of_kind("title"):
        for cell in line.cells:
            if str(cell.value).startswith("填报单位"):
                cell.value = None


@delivery
def a_zip_with_names_in_gbk(made: Delivery) -> None:
    """D10: an archive as WinRAR and old Windows make them, one nested, with what does not belong."""
    made.in_force = [made.made(unit) for unit in made.townships[:3]]
    inner = _zip([("临江街道.xlsx", made.book(made.in_force[2]))])
    files: list[tuple[str, Book | bytes]] = [
        ("一季度/青山镇.xlsx", made.book(made.in_force[0])),
        ("一季度/白云镇.xlsx", made.book(made.in_force[1])),
        ("一季度/临江.zip", inner),
        ("__MACOSX/一季度/._青山镇.xlsx", b"\0\5\x16\7junk"),
        ("一季度/~$青山镇.xlsx", b"\5user"),
        ("一季度/.DS_Store", b"\0\0\0\1Bud1"),
    ]
    made.put("一季度报表.zip", _zip(files))


def _zip(files: list[tuple[str, Book | bytes]]) -> bytes:
    """An archive with names as bytes of GB 18030, without the flag that calls them UTF-8."""

    class Entry(zipfile.ZipInfo):
        def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - zipfile's own name
            return self.filename.encode("gb18030"), self.flag_bits & ~0x800

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, book in files:
            content = book if isinstance(book, bytes) else write(drawing.finished(book))
            archive.writestr(Entry(name, (2026, 4, 2, 9, 0, 0)), content)
    return stream.getvalue()


@delivery
def a_damaged_file_beside_a_healthy_one(made: Delivery) -> None:
    """D12: the healthy one is read."""
    one = made.made()
    made.put("青山镇.xlsx", made.book(one))
    broken = write(drawing.finished(made.book(made.made(made.townships[1]))))
    made.put("白云镇.xlsx", broken[: len(broken) // 2])
    made.put("临江街道.xlsx", b"")
    made.put("~$青山镇.xlsx", b"\5user")
    made.in_force = [one]


@delivery
def an_old_file_sent_again(made: Delivery) -> None:
    """A file that was overtaken does not come back by being sent again."""
    old = write(drawing.finished(made.book(made.made())))
    made.put("青山镇.xlsx", old)
    made.batches.append([])
    new = made.made()
    made.put("青山镇.xlsx", made.book(new))
    made.batches.append([])
    made.put("青山镇（旧）.xlsx", old)
    made.in_force = [new]
