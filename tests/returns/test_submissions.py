"""Versions of a return: what each batch makes of it (semantics S1), and which version counts (S2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ruralpb.core import periods
from ruralpb.model import (
    BatchVerdict,
    Block,
    Decision,
    Difference,
    Field,
    Form,
    IncomingTable,
    Receipt,
    Return,
    ReturnHistory,
    Row,
    RowContent,
    StoredVersion,
    SubmissionState,
    Version,
    row_content,
)
from ruralpb.returns.versions import decide, difference, states

Q1 = periods.parse("2026Q1", date(2026, 4, 1))
VILLAGES = Form("clinic", "", "", "village", "quarter", "flow", ("village",), (Field("village", "村", "village"), Field("visits", "人次", "int")))  # fmt: skip
ROSTER = replace(VILLAGES, village_row=True)
COURSES = Form("course", "", "", "class", "quarter", "flow", ("title",), (Field("visits", "人次", "int"),))
DONG = Return("dong", "clinic", Q1)

Rows = dict[str, int]
"""Village → its figure."""


@dataclass
class Township:
    """One township's return through its batches, stored in memory as the store would."""

    form: Form = VILLAGES
    versions: list[Version] = field(default_factory=list)
    rows: list[tuple[int, str, RowContent]] = field(default_factory=list)
    sha256: dict[int, str] = field(default_factory=dict)
    decisions: list[Decision] = field(default_factory=list)
    seq: int = 0

    def batch(self, *files: Rows | Sequence[Rows], mode: str = "") -> BatchVerdict:
        """Take one batch: each file has one table, or a list of them on sheets of their own."""
        incoming = []
        for rows in files:
            self.seq += 1
            sheets = [rows] if isinstance(rows, dict) else rows
            receipt = Receipt(str(self.seq), str(rows), f"{self.seq}.xlsx", f"{self.seq}.xlsx", date(2026, 4, 7), f"b{self.seq}", "", 0, mode=mode)  # type: ignore[arg-type]  # fmt: skip
            for sheet, table in enumerate(sheets):
                number = len(self.sha256) + 1
                self.sha256[number] = receipt.sha256
                incoming.append(IncomingTable(receipt, number, self._block(table, f"表{sheet}")))
        verdict = decide(incoming, {DONG: self.history()} if self.versions else {}, {"clinic": self.form})
        self.versions = [
            replace(v, decided="settled") if v.id in verdict.settled else v for v in self.versions
        ]
        self.versions += verdict.versions
        self.rows += [
            (i.number, row.village_code, row_content(row.unit_code, "dong", {"visits": row.values[0]}, ()))
            for i in incoming
            for row in i.block.rows
        ]
        return verdict

    def history(self) -> ReturnHistory:
        state = states(self.versions, self.decisions)
        stored = [
            StoredVersion(v, tuple(self.of(v))) for v in self.versions if state[v.id] in ("current", "held")
        ]
        alive = {block for s in stored for block in s.version.members}
        return ReturnHistory(
            len(self.versions),
            next((s for s in stored if state[s.version.id] == "current"), None),
            tuple(s for s in stored if state[s.version.id] == "held"),
            frozenset(self.sha256[b] for v in self.versions for b in v.members if b not in alive),
        )

    def of(self, version: Version) -> list[tuple[int, str, RowContent]]:
        return [row for row in self.rows if row[0] in version.members and row[:2] not in version.exclusions]

    def in_force(self) -> Rows | None:
        """The rows of the current version: village → figure."""
        current = self.history().current
        return {village: said[2][0][1] for _, village, said in current.rows} if current else None

    def state(self) -> list[SubmissionState]:
        found = states(self.versions, self.decisions)
        return [found[v.id] for v in self.versions]

    def _block(self, rows: Rows, sheet: str) -> Block:
        values = tuple(Row(n, v or "dong", "dong", v, (x,)) for n, (v, x) in enumerate(rows.items()))
        return Block("clinic", sheet, "dong", Q1, ("visits",), {"visits": 1}, values, nil=not rows)


def test_the_first_file_is_version_one() -> None:
    dong = Township()
    verdict = dong.batch({"甲": 1})
    assert [v.id for v in verdict.versions] == ["dong-clinic-2026Q1-v1"]
    assert dong.in_force() == {"甲": 1}


def test_files_of_one_batch_with_different_villages_are_parts_of_one_version() -> None:
    dong = Township()
    verdict = dong.batch({"甲": 1}, {"乙": 2})
    assert [(v.number, v.rows, v.members) for v in verdict.versions] == [(1, 2, (1, 2))]


def test_of_files_that_contradict_each_other_in_one_batch_none_is_taken() -> None:
    dong = Township()
    verdict = dong.batch({"甲": 1, "乙": 2}, {"乙": 3})
    assert dong.state() == ["held", "held"]
    assert [(block, p.check, p.expected) for block, p in verdict.problems] == [
        (1, "D13", "1.xlsx、2.xlsx"),
        (2, "D13", "1.xlsx、2.xlsx"),
    ]


def test_rows_that_name_no_village_contradict_any_other_rows() -> None:
    dong = Township()
    dong.batch({"": 1}, {"甲": 1})
    assert dong.state() == ["held", "held"]


def test_a_nil_return_beside_a_filled_one_is_a_contradiction_but_an_empty_sheet_beside_a_filled_one_is_not() -> (
    None
):
    across = Township()
    across.batch({}, {"甲": 1})
    within = Township()
    within.batch([{}, {"甲": 1}])
    assert across.state() == ["held", "held"]
    assert (within.state(), within.in_force()) == (["current"], {"甲": 1})


def test_the_same_rows_twice_in_one_batch_count_once() -> None:
    dong = Township()
    verdict = dong.batch({"甲": 1, "乙": 2}, {"乙": 2, "甲": 1})
    assert (verdict.versions[0].members, verdict.unchanged) == ((1,), (2,))


def test_a_later_batch_that_covers_all_villages_replaces() -> None:
    dong = Township()
    dong.batch({"甲": 1})
    dong.batch({"甲": 5, "乙": 2})
    assert (dong.state(), dong.in_force()) == (["superseded", "current"], {"甲": 5, "乙": 2})


def test_a_later_batch_with_other_villages_is_joined_to_what_is_there() -> None:
    dong = Township()
    dong.batch({"甲": 1})
    dong.batch({"乙": 2})
    assert (dong.in_force(), dong.versions[1].members) == ({"甲": 1, "乙": 2}, (1, 2))


def test_an_overlap_is_held_until_a_person_says_part_or_replace() -> None:
    dong = Township()
    dong.batch({"甲": 1, "乙": 2})
    verdict = dong.batch({"甲": 5})
    assert (dong.state(), dong.in_force()) == (["current", "held"], {"甲": 1, "乙": 2})
    assert [(p.slug, p.expected) for _, p in verdict.problems] == [("return-held", "dong-clinic-2026Q1-v1")]
    dong.batch({"甲": 5}, mode="part")
    assert (dong.state(), dong.in_force()) == (["superseded", "superseded", "current"], {"甲": 5, "乙": 2})
    assert dong.versions[2].exclusions == ((1, "甲"),)


def test_replace_takes_the_smaller_return_whole() -> None:
    dong = Township()
    dong.batch({"甲": 1, "乙": 2})
    dong.batch({"甲": 5}, mode="replace")
    assert dong.in_force() == {"甲": 5}


def test_a_part_of_a_part_leaves_out_what_each_replaced() -> None:
    dong = Township()
    dong.batch({"甲": 1, "乙": 2, "丙": 3})
    dong.batch({"甲": 5}, mode="part")
    dong.batch({"甲": 6, "乙": 7}, mode="part")
    assert (dong.in_force(), dong.versions[-1].rows) == ({"甲": 6, "乙": 7, "丙": 3}, 3)


def test_equal_rows_make_no_version_however_they_are_packed() -> None:
    dong = Township()
    dong.batch({"甲": 1, "乙": 2})
    verdict = dong.batch({"乙": 2}, {"甲": 1})
    assert (verdict.versions, verdict.unchanged) == ((), (2, 3))


def test_a_form_without_villages_is_replaced_whole() -> None:
    dong = Township(form=COURSES)
    dong.batch({"": 1})
    dong.batch({"": 2})
    assert (dong.state(), dong.in_force()) == (["superseded", "current"], {"": 2})


def test_an_empty_sheet_is_a_nil_return_unless_every_village_owes_a_row() -> None:
    nil, omitted = Township(), Township(form=ROSTER)
    assert [v.nil for v in (*nil.batch({}).versions, *omitted.batch({}).versions)] == [True, False]


def test_rows_after_a_nil_return_replace_it_and_a_nil_return_after_rows_is_held() -> None:
    dong = Township()
    dong.batch({})
    dong.batch({"甲": 1})
    dong.batch([{}])  # another empty file
    assert dong.state() == ["superseded", "current", "held"]


def test_a_file_that_was_overtaken_does_not_come_back_by_being_sent_again() -> None:
    dong = Township()
    dong.batch({"甲": 1})
    dong.batch({"甲": 2})
    assert dong.batch({"甲": 1}).versions == ()
    dong.batch({"甲": 1}, mode="replace")
    assert dong.in_force() == {"甲": 1}


def test_amounts_are_equal_by_value_and_what_is_not_there_says_nothing() -> None:
    assert row_content("u", "t", {"x": Decimal("1.50"), "y": None}, ()) == row_content("u", "t", {"x": Decimal("1.500000")}, ())  # fmt: skip
    assert row_content("u", "t", {}, ["x"]) != row_content("u", "t", {}, [])


def test_a_withdrawn_version_gives_way_to_the_one_before() -> None:
    dong = Township()
    dong.batch({"甲": 1})
    dong.batch({"甲": 2})
    dong.decisions.append(Decision("3", "withdraw", "", "", "", {"submission": "dong-clinic-2026Q1-v2"}))
    assert (dong.state(), dong.in_force()) == (["current", "withdrawn"], {"甲": 1})


def test_after_the_seal_nothing_becomes_current_until_it_is_voided() -> None:
    dong = Township()
    dong.batch({"甲": 1})
    dong.decisions.append(Decision("2", "seal", "", "", "", {"period": "2026Q1"}))
    dong.seq = 2
    dong.batch({"甲": 2})
    assert dong.state() == ["current", "after_seal"]
    dong.decisions.append(Decision("4", "unlock", "", "", "", {"period": "2026Q1"}))
    assert dong.state() == ["superseded", "current"]


villages = st.dictionaries(st.sampled_from("甲乙丙丁"), st.integers(1, 3), min_size=1)
batches = st.lists(st.tuples(st.lists(villages, min_size=1, max_size=3), st.sampled_from(["", "replace", "part"])), max_size=6)  # fmt: skip


@given(batches)
def test_what_is_in_force_is_what_the_rules_say_of_villages(history: list[tuple[list[Rows], str]]) -> None:
    """The rules once more, on plain dictionaries of villages."""
    dong, force, seen = Township(), None, set()
    for files, mode in history:
        dong.batch(*files, mode=mode)
        distinct = [f for n, f in enumerate(files) if f not in files[:n]]
        if not mode:
            distinct = [f for f in distinct if str(f) not in seen]
        joined = {v: x for f in distinct for v, x in f.items()}
        if not distinct or sum(map(len, distinct)) != len(joined):
            pass
        elif force is None or mode == "replace" or (joined.keys() >= force.keys() and mode != "part"):
            force = joined
        elif mode == "part" or not joined.keys() & force.keys():
            force = {**force, **joined}
        current = dong.history()
        assert dong.in_force() == force
        seen = set(current.past)


@given(batches)
def test_versions_count_up_and_exactly_one_taken_version_is_current(
    history: list[tuple[list[Rows], str]],
) -> None:
    dong = Township()
    for files, mode in history:
        dong.batch(*files, mode=mode)
    assert [v.number for v in dong.versions] == list(range(1, len(dong.versions) + 1))
    taken = [v for v in dong.versions if v.decided == "taken"]
    assert dong.state().count("current") == min(1, len(taken))
    assert all(v.rows == len(dong.of(v)) for v in dong.versions)


# ---------------------------------------------------------------------------------------------- what a later version says otherwise


def said(unit: str, **values: object) -> RowContent:
    return row_content(unit, "dong", values, ())


def test_a_later_version_differs_in_its_cells_and_in_the_rows_that_came_and_went() -> None:
    old = [
        said("a", village="甲村", visits=5),
        said("b", village="乙村", visits=7),
        said("c", village="丙村", visits=1),
    ]
    new = [
        said("d", village="丁村", visits=2),
        said("c", village="丙村", visits=1),
        said("a", village="甲村", visits=6),
    ]
    assert difference(old, new, VILLAGES) == (
        Difference("d", ("丁村",), "", None, "row"),
        Difference("a", ("甲村",), "visits", 5, 6),
        Difference("b", ("乙村",), "", "row", None),
    )


def test_a_cell_that_is_blank_or_refused_says_nothing() -> None:
    old = [said("a", village="甲村", visits=5)]
    new = [row_content("a", "dong", {"village": "甲村", "visits": None}, ("visits",))]
    assert difference(old, new, VILLAGES) == (Difference("a", ("甲村",), "visits", 5, None),)


def test_people_are_found_by_number_else_by_name_and_no_number_is_shown() -> None:
    fields = (
        Field("name", "姓名", "text"),
        Field("id_card", "身份证号", "id_card"),
        Field("post", "职务", "text"),
    )
    people = Form("people", "", "", "person", "quarter", "point", ("person_key",), fields)
    old = [said("a", name="张三", id_card="1", post="委员"), said("a", name="李四", post="委员")]
    new = [said("a", name="李四", post="书记"), said("a", name="张叁", id_card="1", post="委员")]
    assert difference(old, new, people) == (
        Difference("a", ("李四",), "post", "委员", "书记"),
        Difference("a", ("张叁",), "name", "张三", "张叁"),
    )


def test_rows_of_one_key_are_compared_in_their_order() -> None:
    old = [said("a", title="一", visits=1), said("a", title="一", visits=2)]
    assert difference(old, list(old), COURSES) == ()
    assert difference(old, old[:1], COURSES) == (Difference("a", ("一",), "", "row", None),)


@given(
    st.dictionaries(st.sampled_from("abcd"), st.integers(0, 3)),
    st.dictionaries(st.sampled_from("abcd"), st.integers(0, 3)),
)
def test_versions_that_say_the_same_differ_in_nothing_and_others_in_something(old: Rows, new: Rows) -> None:
    before, after = ([said(v, village=v, visits=n) for v, n in rows.items()] for rows in (old, new))
    found = difference(before, after, VILLAGES)
    assert (found == ()) == (old == new)
    assert {d.unit_code for d in found} == {v for v in {*old, *new} if old.get(v) != new.get(v)}
