"""Why a figure moved: the explained differences add up to the difference, exactly, whatever changed."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from command_line import ruralpb
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from indicator_world import (
    COUNTY,
    REGISTER,
    TOWNSHIPS,
    VILLAGES,
    Returns,
    indicator,
    library,
    period,
    rate,
    standard,
)
from indicator_world import compute as values_of
from indicator_world import given as stored
from indicator_world import settings as world_settings
from scratch_session import scratch
from semantics_world import EAST, NOW, drop, farm, make_project, quarter, take

from ruralpb.app import sealing
from ruralpb.app.report_plan import ReportRequest
from ruralpb.app.sealing import SealRequest
from ruralpb.model import Aggregate, Value
from ruralpb.rules.indicators import Formulas
from ruralpb.rules.lineage.attribution import Attribution, attributions
from ruralpb.rules.lineage.decomposition import Decomposer, Decomposition

D = Decimal
LIBRARY = library(
    indicator("income", "wells", "sum(income)", time="year_to_date"),
    indicator("balance", "wells", "sum(income) - 2 * sum(cost)"),
    indicator("big_n", "wells", "count(*)", where="income >= standard('big')"),
    rate("cost_rate", "wells", "sum(cost)", "sum(income)"),
    rate("big_rate", "wells", "count(*) filter (where income >= standard('big'))", "count(*)"),
    indicator("person_n", "visits", "count(distinct person)"),
    indicator("done_n", "visits", "count(*)", where="done"),
    rate("per_village", "visits", "count(*)", Aggregate("count(*)", "ref_village")),
    indicator("most", "wells", "max(income)"),
    indicator("kind_n", "wells", "count(*)", by=("kind",)),
    rate("kind_rate", "visits", "count(*) filter (where done)", "count(*)", by=("person",)),
    indicator("kinds", "wells", "count(distinct kind)", by=("kind",)),
    standards=[standard("big", ("2020-01-01", "5"), ("2026-04-01", "8"))],
)
ADDITIVE = [name for name in LIBRARY.indicators if name != "most"]


@contextmanager
def two_quarters(
    returns: Returns,
) -> Iterator[Callable[..., tuple[Decomposition, Decomposition, Decomposition]]]:
    """Give (indicator, unit, slice) → before (2026Q1), before as 2026Q2 would have it, after (2026Q2)."""
    with ExitStack() as stack:
        sessions = {
            label: stack.enter_context(
                scratch(LIBRARY, REGISTER, world_settings(), period(label), stored(returns))
            )
            for label in ("2026Q1", "2026Q2")
        }
        formulas = Formulas(LIBRARY, REGISTER)
        first, second = (Decomposer(formulas, period(label), sessions[label].query) for label in sessions)
        yield lambda name, unit, cut=None: (
            first.decomposition(name, unit, cut=cut),
            second.decomposition(name, unit, period("2026Q1"), cut),
            second.decomposition(name, unit, cut=cut),
        )


def parts(
    returns: Returns, indicator: str, unit: str, cut: tuple[str, str] | None = None
) -> tuple[Decomposition, Decomposition, Decomposition]:
    with two_quarters(returns) as taken_apart:
        return taken_apart(indicator, unit, cut)


def total(found: Iterable[Attribution], side: str) -> Decimal:
    return sum((move.by for move in found if move.side == side), D(0))


def kinds(found: Iterable[Attribution]) -> list[tuple[str, str, Decimal]]:
    names = {code: name for name, code in VILLAGES.items()}
    return [(move.kind, names.get(move.unit_code, move.unit_code), move.by) for move in found]


def told(
    before: Mapping[str, Any], after: Mapping[str, Any], indicator: str = "income"
) -> list[tuple[str, str, Decimal]]:
    """Why the county's figure moved between two quarters of wells: township → village → income (None: left blank)."""
    returns = {
        (town, "wells", label): [{"village": v, "income": n, "cost": 1} for v, n in rows.items()]
        for label, said in (("2026Q1", before), ("2026Q2", after))
        for town, rows in said.items()
    }
    return kinds(attributions(*parts(returns, indicator, COUNTY)))


class TestReasons:
    def test_a_reported_value_changed(self) -> None:
        assert told({"东镇": {"东镇甲": 3}}, {"东镇": {"东镇甲": 5}}) == [("value", "东镇甲", 2)]

    def test_a_village_left_out_of_a_return_is_no_longer_covered(self) -> None:
        found = told({"东镇": {"东镇甲": 3, "东镇乙": 4}}, {"东镇": {"东镇甲": 3}})
        assert found == [("uncovered", "东镇乙", -4)]

    def test_a_township_entered_the_coverage(self) -> None:
        found = told({"东镇": {"东镇甲": 3}}, {"东镇": {"东镇甲": 3}, "西镇": {"西镇甲": 7}})
        assert found == [("covered", "西镇甲", 7)]

    def test_what_was_left_blank_is_known(self) -> None:
        assert told({"东镇": {"东镇甲": None, "东镇乙": 1}}, {"东镇": {"东镇甲": 6, "东镇乙": 1}}) == [
            ("known", "东镇甲", 6)
        ]

    def test_a_standard_changed_without_a_cell(self) -> None:
        said = {"东镇": {"东镇甲": 6, "东镇乙": 9}}
        assert told(said, said, "big_n") == [("definition", "东镇甲", -1)]

    def test_meaning_and_data_are_told_apart(self) -> None:
        """6万元 counted at 5, does not at 8; 9万元 counts at both and fell to 7."""
        found = told({"东镇": {"东镇甲": 6, "东镇乙": 9}}, {"东镇": {"东镇甲": 6, "东镇乙": 7}}, "big_n")
        assert found == [("definition", "东镇甲", -1), ("value", "东镇乙", -1)]

    def test_rows_come_and_go_by_their_keys_not_their_places(self) -> None:
        def visits(*people: str) -> list[dict[str, Any]]:
            return [{"village": "东镇甲", "person": p, "hours": 1, "done": True} for p in people]

        returns = {
            ("东镇", "visits", "2026Q1"): visits("张", "王", "李"),
            ("东镇", "visits", "2026Q2"): visits("李", "赵", "张"),
        }
        found = attributions(*parts(returns, "done_n", COUNTY))
        assert sorted((m.kind, m.by, (m.after or m.before).key[-1]) for m in found if m.after or m.before) == [
            ("gone", -1, "王"), ("new", 1, "赵"),
        ]  # fmt: skip
        assert kinds(attributions(*parts(returns, "person_n", COUNTY))) == [
            ("new", "东镇甲", 1),
            ("gone", "东镇甲", -1),
        ]

    @pytest.mark.parametrize(("label", "by"), [("井", -1), ("泉", 1)])
    def test_a_row_that_changes_its_class_leaves_one_slice_for_the_other(self, label: str, by: int) -> None:
        returns = {
            ("东镇", "wells", at): [{"village": "东镇甲", "kind": kind, "income": 1, "cost": 1}]
            for at, kind in (("2026Q1", "井"), ("2026Q2", "泉"))
        }
        assert kinds(attributions(*parts(returns, "kind_n", COUNTY))) == []
        assert kinds(attributions(*parts(returns, "kind_n", COUNTY, ("kind", label)))) == [
            ("value", "东镇甲", by)
        ]

    def test_an_extreme_stands_as_a_whole(self) -> None:
        assert told({"东镇": {"东镇甲": 3}}, {"东镇": {"东镇甲": 5}}, "most") == [("whole", "", 2)]


SLICES = {"kind": "井泉", "person": "张王李赵"}


def of_slice(found: Iterable[Value], unit: str, name: str, cut: tuple[str, str] | None) -> Value | None:
    wanted = (unit, name, (cut,) if cut else ())
    return next((v for v in found if (v.unit, v.indicator, v.slice) == wanted), None)


amounts = st.one_of(st.none(), st.decimals(0, 12, places=2))
wells = st.fixed_dictionaries({"income": amounts, "cost": amounts})
people = st.lists(
    st.fixed_dictionaries(
        {
            "person": st.sampled_from("张王李赵"),
            "hours": st.integers(0, 9),
            "done": st.sampled_from((True, False, None)),
        }
    ),
    max_size=4,
)


@st.composite
def returns(draw: st.DrawFn) -> Returns:
    """Two quarters of both forms: townships, villages, cells and people come, go and change."""
    found: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for label in ("2026Q1", "2026Q2"):
        for town in TOWNSHIPS:
            villages = [v for v in VILLAGES if v.startswith(town)]
            if draw(st.integers(0, 5)):
                chosen = draw(st.lists(st.sampled_from(villages), unique=True, min_size=1))
                found[town, "wells", label] = [
                    {"village": v, "kind": draw(st.sampled_from("井泉")), **draw(wells)} for v in chosen
                ]
            if draw(st.integers(0, 5)):
                rows = draw(people)
                found[town, "visits", label] = [
                    {"village": draw(st.sampled_from(villages)), **r} for r in rows
                ]
    return found


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(returns())
def test_the_explained_differences_add_up_to_the_difference(returned: Returns) -> None:
    printed = {label: values_of(LIBRARY, returned, label, compare=()) for label in ("2026Q1", "2026Q2")}
    wanted = [
        (name, *unit, cut)
        for name, defined in LIBRARY.indicators.items()
        for unit in (("示例县", COUNTY), ("东镇", TOWNSHIPS["东镇"]))
        for cut in (None, *((by, label) for by in defined.by for label in SLICES[by]))
    ]
    with two_quarters(returned) as taken_apart:
        for name, unit, code, cut in wanted:
            before, restated, after = taken_apart(name, code, cut)
            found = attributions(before, restated, after)
            for decomposition, label in ((before, "2026Q1"), (after, "2026Q2")):
                value = of_slice(printed[label], unit, name, cut)
                if value is None:
                    assert not [
                        row for row in decomposition.rows if row.amount
                    ]  # nowhere is anything of this class
                    continue
                assert decomposition.value == value.value
                if value.value is not None:
                    assert (decomposition.amount.numerator, decomposition.amount.denominator) == (
                        value.numerator,
                        value.denominator,
                    )
            if None in (before.value, after.value):
                continue
            for side in ("numerator", "denominator"):
                was, is_ = getattr(before.amount, side), getattr(after.amount, side)
                if was is not None and is_ is not None:
                    assert total(found, side) == is_ - was
            if name in ADDITIVE:
                assert not [move for move in found if move.kind == "whole"]


# ------------------------------------------------------------------------------------------- on a project


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """东县 in two first quarters: 红旗镇 changed a cell, 青山镇 came anew, 石桥镇 no longer did; a sealed quarter, corrected."""
    made = make_project(tmp_path_factory.mktemp("grown") / "东县")
    drop(made, "2026-04-03/红旗镇.xlsx", farm("红旗镇", "2026年第一季度", "新建村 10 4\n团结村 8 2"))
    drop(made, "2026-04-03/石桥镇.xlsx", farm("石桥镇", "2026年第一季度", "石桥村 7 3"))
    drop(made, "2027-04-03/红旗镇.xlsx", farm("红旗镇", "2027年第一季度", "新建村 12 4\n团结村 8 2"))
    drop(made, "2027-04-03/青山镇.xlsx", farm("青山镇", "2027年第一季度", "新建村 5 1\n柳树村 6 1"))
    take(made, unit=EAST)
    terms = SealRequest(by="王科长", reason="试", as_is=True)
    sealing.seal(made, quarter("2026Q1"), ReportRequest(formats=("md",)), terms, NOW, lambda _: None)
    sealing.unlock(made, quarter("2026Q1"), "王科长", "更正", NOW)
    correction = farm("红旗镇", "2026年第一季度", "新建村 11 4\n团结村 8 2")
    take(made, drop(made, "2026-05-03/红旗镇.xlsx", correction), unit=EAST)
    return made.folder


def told_by(folder: Path, *words: str) -> dict[str, Any]:
    answer = ruralpb("--json", "diff", *words, project=folder)
    assert answer.code == 0, answer.err
    return dict(answer.json)


def steps(
    found: Mapping[str, Any], indicator: str = "income", side: str = "numerator"
) -> list[tuple[str, str, str]]:
    (moved,) = [m for m in found["moved"] if m["indicator"] == indicator]
    return [
        (s["kind"], s["unit"], s["by"].rstrip("0").rstrip(".")) for s in moved["steps"] if s["side"] == side
    ]


class TestTwoQuarters:
    def test_every_unit_says_why(self, grown: Path) -> None:
        found = told_by(grown, "2026Q1", "2027Q1", "--unit", EAST)
        assert sorted(steps(found)) == [
            ("covered", "新建村", "5"),
            ("covered", "柳树村", "6"),
            ("uncovered", "石桥村", "-7"),
            ("value", "新建村", "1"),
        ]

    def test_numerator_and_denominator_each_add_up(self, grown: Path) -> None:
        (rate_,) = [
            m
            for m in told_by(grown, "2026Q1", "2027Q1", "--unit", EAST)["moved"]
            if m["indicator"] == "cost_rate"
        ]
        for side in ("numerator", "denominator"):
            difference = D(rate_["after"][side]) - D(rate_["before"][side])
            assert sum(D(s["by"]) for s in rate_["steps"] if s["side"] == side) == difference

    def test_a_changed_value_leads_to_both_its_cells(self, grown: Path) -> None:
        found = told_by(grown, "2026Q1", "2027Q1", "income", "--unit", EAST)
        (step,) = [s for s in found["moved"][0]["steps"] if s["kind"] == "value"]
        (cell,) = step["cells"]
        assert (cell["field"], cell["before"], cell["after"]) == ("经营收入", "11", "12")
        assert cell["before_at"] == "returns/2026-05-03/红旗镇.xlsx · 农情 · B4"
        assert cell["after_at"] == "returns/2027-04-03/红旗镇.xlsx · 农情 · B4"

    def test_all_figures_that_moved_or_those_that_are_named(self, grown: Path) -> None:
        assert {m["indicator"] for m in told_by(grown, "2026Q1", "2027Q1")["moved"]} >= {
            "income",
            "cost_rate",
        }
        named = told_by(grown, "2026Q1", "2027Q1", "cost_rate")
        assert [m["indicator"] for m in named["moved"]] == ["cost_rate"]

    def test_a_figure_that_lost_its_value_is_told_with_the_rows_it_lost(self, grown: Path) -> None:
        found = told_by(grown, "2026Q1", "2027Q1", "--unit", "石桥镇")
        assert steps(found) == [("uncovered", "石桥村", "-7")]
        (income,) = [m for m in found["moved"] if m["indicator"] == "income"]
        assert (income["before"]["printed"], income["after"]["printed"]) == ("7.00", "—")
        assert income["reason"] == "value-not-covered"

    def test_a_derived_figure_names_what_it_is_made_of(self, grown: Path, tmp_path: Path) -> None:
        folder = shutil.copytree(grown, tmp_path / "东县")
        path = folder / "lib/indicators/farm.yaml"
        path.write_text(
            path.read_text("utf-8")
            + "  - {id: rich, title: 收入过30万元, derived: income > 30, domain: farm,"
            ' measure: "是/否", better: higher}\n',
            "utf-8",
        )
        for words in (("2026Q1", "2027Q1"), ("2026Q1", "2027Q1", "rich")):
            (rich,) = [m for m in told_by(folder, *words)["moved"] if m["indicator"] == "rich"]
            assert (rich["before"]["printed"], rich["after"]["printed"], rich["rests_on"]) == (
                "否",
                "是",
                ["经营收入"],
            )
        said = ruralpb("diff", "2026Q1", "2027Q1", "rich", project=folder).out
        assert "由以下指标推算，见各指标的变动：经营收入" in said
        (new,) = told_by(folder, "2026Q1", "--since", "seal", "rich")["moved"]
        assert new["reason"] == "diff-new-definition"


class TestOneQuarter:
    def test_since_its_seal(self, grown: Path) -> None:
        found = told_by(grown, "2026Q1", "--since", "seal", "--unit", EAST)
        assert steps(found) == [("value", "新建村", "1")]
        assert [m["after"]["printed"] for m in found["moved"] if m["indicator"] == "income"] == ["26.00"]

    def test_since_a_day_before_anything_came(self, grown: Path) -> None:
        assert ruralpb("diff", "2026Q1", "--since", "2020-01-01", project=grown).code == 0

    def test_under_another_definition_since_the_seal(self, grown: Path, tmp_path: Path) -> None:
        folder = shutil.copytree(grown, tmp_path / "东县")
        path = folder / "lib/indicators/farm.yaml"
        text = path.read_text("utf-8")
        path.write_text(
            text.replace("numerator: sum(income), measure", "numerator: sum(income - 1), measure"), "utf-8"
        )
        found = steps(told_by(folder, "2026Q1", "--since", "seal", "--unit", EAST))
        assert sorted(found) == [
            ("definition", "团结村", "-1"), ("definition", "新建村", "-1"), ("definition", "石桥村", "-1"), ("value", "新建村", "1"),
        ]  # fmt: skip

    def test_a_standard_with_another_value_is_named(self, grown: Path, tmp_path: Path) -> None:
        folder = shutil.copytree(grown, tmp_path / "东县")
        path = folder / "lib/indicators/farm.yaml"
        path.write_text(path.read_text("utf-8").replace(", to: 2025-12-31", ""), "utf-8")
        (moved,) = told_by(folder, "2026Q1", "--since", "seal", "big_n", "--unit", EAST)["moved"]
        assert {step["kind"] for step in moved["steps"]} == {"definition"}
        assert [(s["before"], s["after"]) for s in moved["standards"]] == [("", "10万元")]
        said = ruralpb("diff", "2026Q1", "big_n", "--since", "seal", "--unit", EAST, project=folder).out
        assert "所用标准变了：" in said
        assert "大村标准 — → 10万元" in said


class TestCommandLine:
    def test_the_terminal_says_before_and_after_and_the_sum(self, grown: Path) -> None:
        answer = ruralpb("diff", "2026Q1", "2027Q1", "income", "--unit", EAST, project=grown)
        assert "经营收入 · 东县：26.00 → 31.00 万元" in answer.out
        assert "本期未报" in answer.out
        assert "合计" in answer.out

    def test_the_earlier_state_is_named(self, grown: Path) -> None:
        said = ruralpb("diff", "2026Q1", "--since", "seal", project=grown).out
        assert "2026Q1（封存时） → 2026Q1" in said
        assert (
            "2026Q1（2027-01-01止） → 2026Q1"
            in ruralpb("diff", "2026Q1", "--since", "2027-01-01", project=grown).out
        )

    def test_the_workbook_has_every_step(self, grown: Path, tmp_path: Path) -> None:
        out = tmp_path / "变动.xlsx"
        assert (
            ruralpb("diff", "2026Q1", "2027Q1", "income", "--unit", EAST, "--out", out, project=grown).code
            == 0
        )
        book = openpyxl.load_workbook(io.BytesIO(out.read_bytes()))
        assert book.sheetnames == ["指标", "原因"]
        changes = [
            row[4].value for row in book["原因"].iter_rows(min_row=3) if isinstance(row[4].value, int | float)
        ]
        assert sum(changes) == 5

    @pytest.mark.parametrize(
        ("words", "says"),
        [
            (("2026Q1",), "--since"),
            (("income",), "income"),
            (("2026Q1", "2027Q1", "incom"), "income"),
            (("2026Q1", "2025Q1"), "2025Q1"),
            (("2027Q1", "--since", "seal"), "没有封存"),
            (("2026Q1", "--since", "昨天"), "昨天"),
            (("2026Q1", "2027Q1", "--out", "变动.docx"), "变动.docx"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_compared_is_2(self, grown: Path, words: tuple[str, ...], says: str) -> None:
        answer = ruralpb("diff", *words, project=grown)
        assert (answer.code, answer.out) == (2, "")
        assert says in answer.err
