"""The store: what is put in comes out exactly, with its address."""

from __future__ import annotations

import multiprocessing
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ruralpb.app.project import RETURN_RULES
from ruralpb.core import periods
from ruralpb.core.problems import CannotRun, Location, Problem
from ruralpb.model import Block, Decision, Field, Form, Note, Reading, Receipt, Row, SheetReading
from ruralpb.store import open_store, open_writer
from ruralpb.store.database import insert

Q1 = periods.parse("2026Q1", date(2026, 4, 1))
FORM = Form(
    "clinic", "卫生室", "", "village", "quarter", "flow", ("village",),
    (
        Field("village", "村", "village"), Field("money", "收入", "money"), Field("n", "人次", "int"),
        Field("rate", "比例", "percent"), Field("opened", "开业", "month"), Field("ok", "达标", "bool"),
        Field("note", "备注", "text"),
    ),
)  # fmt: skip
NAMES = tuple(f.id for f in FORM.fields)


def row(position: int, village: str, *values: Any, refused: tuple[str, ...] = ()) -> Row:
    padded = (village, *values, *[None] * len(NAMES))[: len(NAMES)]
    return Row(position, village, "dong", village, padded, refused)


def table(*rows: Row, reporter: str = "dong", sheet: str = "表1", header: tuple[int, int] = (2, 3)) -> Block:
    columns = {name: n for n, name in enumerate(NAMES) if name != "note"}
    return Block("clinic", sheet, reporter, Q1, NAMES, columns, rows, not rows, header)


def receipt(seq: int, **about: Any) -> Receipt:
    plain = Receipt(
        str(seq), f"sha{seq}", f"{seq}.xlsx", f"returns/{seq}.xlsx", date(2026, 4, 7), f"b{seq}", "d", 9
    )
    return replace(plain, **about)


def put(
    path: Path, seq: int, *blocks: Block, form: Form = FORM, decisions: Sequence[Decision] = (), **said: Any
) -> None:
    """Store one file as a batch of its own."""
    forms: Mapping[str, Form] = {form.id: form}
    with open_writer(path, RETURN_RULES, decisions) as writer:
        writer.add([(receipt(seq), Reading(blocks, **said))], forms)


def facts(path: Path, *columns: str) -> list[tuple[Any, ...]]:
    with open_store(path, RETURN_RULES) as store:
        names, rows = store.table("facts_clinic")
    return [tuple(r[names.index(c)] for c in columns) for r in rows]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".ruralpb" / "store.duckdb"


def test_a_store_that_does_not_exist_is_empty(path: Path) -> None:
    with open_store(path, RETURN_RULES) as store:
        assert (store.submissions(), store.periods(), store.problems(Q1)) == ((), (), ())
    assert not path.exists()


def test_values_come_back_exactly_as_they_were_read(path: Path) -> None:
    put(
        path,
        1,
        table(row(4, "甲", Decimal("12.000001"), 7, Decimal("98.1234"), date(2020, 3, 1), True, "x'y")),
    )
    assert facts(path, *NAMES[1:]) == [
        (Decimal("12.000001"), 7, Decimal("98.1234"), date(2020, 3, 1), True, "x'y")
    ]


def test_an_amount_the_column_cannot_hold_is_never_rounded(path: Path) -> None:
    with pytest.raises(ValueError, match="6 decimals"):
        put(path, 1, table(row(4, "甲", Decimal("0.0000001"))))
    with open_store(path, RETURN_RULES) as store:
        assert store.receipts() == ()


@given(st.lists(st.decimals(places=6, min_value=-(10**13), max_value=10**13), min_size=1, max_size=20))
@settings(max_examples=30, deadline=None)
def test_every_amount_of_six_decimals_is_stored_exactly(amounts: list[Decimal]) -> None:
    connection = duckdb.connect(":memory:")
    connection.execute("CREATE TABLE t (x DECIMAL(20,6))")
    insert(connection, "t", [("x", "DECIMAL(20,6)")], [(a,) for a in amounts])
    assert [x for (x,) in connection.execute("SELECT x FROM t").fetchall()] == amounts


def test_a_value_leads_to_file_sheet_and_cell(path: Path) -> None:
    put(path, 1, table(row(4, "甲", Decimal(1)), row(6, "乙", Decimal(2))))
    with open_store(path, RETURN_RULES) as store:
        found = store.addresses([(1, 6, "money"), (1, 4, "note"), (9, 1, "money")])
    assert {cell: (a.file, a.sheet, a.cell) for cell, a in found.items()} == {
        (1, 6, "money"): ("returns/1.xlsx", "表1", "B7"),
        (1, 4, "note"): ("returns/1.xlsx", "表1", "A5"),  # the sheet has no such column: the row's first cell
    }
    assert found[1, 6, "money"].submission == "dong-clinic-2026Q1-v1"


def test_a_value_that_stood_elsewhere_has_the_address_of_its_note(path: Path) -> None:
    note = Note("clinic", "表1", 4, "money", "B2", "12元", "0.0012", "D43", "元换算为万元")
    put(path, 1, table(row(4, "甲", Decimal("0.0012"))), notes=(note,))
    with open_store(path, RETURN_RULES) as store:
        assert store.addresses([(1, 4, "money")])[1, 4, "money"].cell == "B2"
        (stored,) = store.notes(Q1)
    assert (stored.note, stored.submission, stored.unit_code) == (note, "dong-clinic-2026Q1-v1", "甲")


def test_a_field_added_to_a_form_gives_its_table_a_column_and_older_rows_nothing_in_it(path: Path) -> None:
    put(path, 1, table(row(4, "甲", Decimal(1))))
    grown = replace(FORM, fields=(*FORM.fields, Field("beds", "床位", "int")))
    block = replace(table(row(4, "乙", Decimal(2))), fields=(*NAMES, "beds"))
    block = replace(block, rows=(replace(block.rows[0], values=(*block.rows[0].values, 5)),))
    put(path, 2, block, form=grown)
    assert facts(path, "village", "beds") == [("甲", None), ("乙", 5)]


def test_a_field_that_changes_its_type_is_told_and_nothing_of_the_batch_is_stored(path: Path) -> None:
    put(path, 1, table(row(4, "甲", Decimal(1))))
    changed = replace(FORM, fields=tuple(replace(f, type="text") if f.id == "n" else f for f in FORM.fields))
    with pytest.raises(CannotRun) as stopped:
        put(path, 2, table(row(4, "乙")), form=changed)
    problem = stopped.value.problems[0]
    assert (problem.slug, problem.found, problem.expected) == ("store-field-type", "VARCHAR", "BIGINT")
    with open_store(path, RETURN_RULES) as store:
        assert [s.receipt.id for s in store.receipts()] == ["1"]


def test_versions_join_replace_and_leave_out_in_what_is_exported(path: Path) -> None:
    put(path, 1, table(row(4, "甲", Decimal(1)), row(5, "乙", Decimal(2))))
    put(path, 2, table(row(4, "丙", Decimal(3))))
    with open_writer(path, RETURN_RULES) as writer:
        said = [(receipt(3, mode="part"), Reading((table(row(9, "乙", Decimal(7))),)))]
        writer.add(said, {"clinic": FORM})
    with open_store(path, RETURN_RULES) as store:
        exported = path.with_name("facts.parquet")
        assert store.export_facts("clinic", Q1, exported) == 3
        assert [(s.id, s.state, s.rows, s.receipts) for s in store.submissions(Q1)] == [
            ("dong-clinic-2026Q1-v1", "superseded", 2, ("1",)),
            ("dong-clinic-2026Q1-v2", "superseded", 3, ("1", "2")),
            ("dong-clinic-2026Q1-v3", "current", 3, ("1", "2", "3")),
        ]
    rows = duckdb.sql(f"SELECT village, money, submission FROM '{exported}'").fetchall()
    assert rows == [(v, Decimal(x), "dong-clinic-2026Q1-v3") for v, x in (("甲", 1), ("丙", 3), ("乙", 7))]


def test_the_same_facts_are_exported_as_the_same_bytes(path: Path) -> None:
    put(path, 1, *(table(row(n, f"村{n}", Decimal(n)), sheet=f"表{n}") for n in range(50)))
    with open_store(path, RETURN_RULES) as store:
        first, second = path.with_name("a.parquet"), path.with_name("b.parquet")
        store.export_facts("clinic", Q1, first)
        store.export_facts("clinic", Q1, second)
        assert store.export_facts("unheard_of", Q1, path.with_name("c.parquet")) == 0
    assert first.read_bytes() == second.read_bytes()


def test_problems_stand_while_their_version_does(path: Path) -> None:
    bad = Problem("cell-unreadable", Location("1.xlsx", "表1", "B5"), "3 98O", refused="cell", rule="D54", form="clinic", field="money")  # fmt: skip
    put(path, 1, table(row(4, "甲", refused=("money",))), problems=(bad,))
    with open_store(path, RETURN_RULES) as store:
        (stored,) = store.problems(Q1)
        assert store.table("refusals")[1] == [(1, 4, "money")]
    assert (stored.problem.check, stored.problem.where.cell, stored.submission, stored.reporter_code) == (
        "D54", "B5", "dong-clinic-2026Q1-v1", "dong",
    )  # fmt: skip
    put(path, 2, table(row(4, "甲", Decimal("3.98"))))
    with open_store(path, RETURN_RULES) as store:
        assert store.problems(Q1) == ()


def test_a_refused_file_is_told_in_the_quarter_that_had_ended_until_the_file_comes_again(path: Path) -> None:
    put(path, 1, problems=(Problem("file-broken", Location("1.xlsx"), refused="file"),))
    with open_store(path, RETURN_RULES) as store:
        assert [p.problem.slug for p in store.problems(Q1)] == ["file-broken"]
        assert store.problems(Q1.previous()) == ()
        assert store.receipts()[0].refused
    with open_writer(path, RETURN_RULES) as writer:
        writer.add([(receipt(2, path="returns/1.xlsx"), Reading((table(row(4, "甲")),)))], {"clinic": FORM})
    with open_store(path, RETURN_RULES) as store:
        assert store.problems(Q1) == ()


def test_what_two_reporters_say_on_one_sheet_is_told_apart_by_row(path: Path) -> None:
    east, west = table(row(4, "甲")), table(row(5, "丁"), reporter="xi")
    note = Note("clinic", "表1", 5, "money", "B6", "1", "1", "D51", "")
    bad = Problem("cell-unreadable", Location("1.xlsx", "表1", "B6"), refused="cell", form="clinic")
    put(path, 1, east, west, notes=(note,), problems=(bad,))
    with open_store(path, RETURN_RULES) as store:
        assert [n.submission for n in store.notes(Q1)] == ["xi-clinic-2026Q1-v1"]
        assert [p.reporter_code for p in store.problems(Q1)] == ["xi"]


def test_a_withdrawal_changes_what_is_current_without_a_write(path: Path) -> None:
    put(path, 1, table(row(4, "甲", Decimal(1))))
    put(path, 2, table(row(4, "甲", Decimal(2))))
    withdrawn = Decision("3", "withdraw", "", "", "", {"submission": "dong-clinic-2026Q1-v2"})
    with open_store(path, RETURN_RULES) as store:
        assert store.current() == ("dong-clinic-2026Q1-v2",)
    with open_store(path, RETURN_RULES, [withdrawn]) as store:
        assert store.current() == ("dong-clinic-2026Q1-v1",)


def test_sheets_are_kept_as_they_were_understood(path: Path) -> None:
    sheets = (SheetReading("表1", "clinic", 1), SheetReading("说明", "", 0, "没有表头"))
    put(path, 1, table(row(4, "甲")), sheets=sheets)
    with open_store(path, RETURN_RULES) as store:
        assert store.sheets("1") == sheets


def test_folders_of_results_that_earlier_versions_kept_are_removed(path: Path) -> None:
    for name in ("findings", "values", "archive"):
        (path.parent / name).mkdir(parents=True)
        (path.parent / name / "2026Q1").write_bytes(b"kept")
    put(path, 1)
    assert sorted(item.name for item in path.parent.iterdir()) == ["archive", path.name]


def test_a_file_that_is_no_store_of_ours_is_not_touched(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"not a database at all")
    with pytest.raises(CannotRun) as unreadable, open_store(path, RETURN_RULES):
        pass
    path.unlink()
    with duckdb.connect(str(path)) as other:
        other.execute("CREATE TABLE t (x INTEGER)")
    with pytest.raises(CannotRun) as foreign, open_writer(path, RETURN_RULES):
        pass
    assert [(e.value.exit_code, e.value.problems[0].slug) for e in (unreadable, foreign)] == [
        (3, "store-unreadable"),
        (3, "store-version"),
    ]


def _hold(path: str, held: Any, let_go: Any) -> None:
    with duckdb.connect(path):
        held.set()
        let_go.wait(10)


def test_a_reader_waits_for_a_writer_of_another_process(path: Path) -> None:
    put(path, 1, table(row(4, "甲")))
    context = multiprocessing.get_context("spawn")
    held, let_go = context.Event(), context.Event()
    writer = context.Process(target=_hold, args=(str(path), held, let_go))
    writer.start()
    assert held.wait(20)
    with pytest.raises(CannotRun) as stopped, open_store(path, RETURN_RULES, wait=0.1):
        pass
    assert (stopped.value.exit_code, stopped.value.problems[0].slug) == (3, "store-locked")
    let_go.set()
    with open_store(path, RETURN_RULES, wait=10) as store:
        assert store.periods() == ("2026Q1",)
    writer.join()
