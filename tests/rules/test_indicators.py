"""What a figure says, sentence by sentence: semantics S3–S6, S8 and domain.md 3.4, 7.3."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import ClassVar

import pytest
from indicator_world import (
    COUNTY,
    OFFICE,
    REGISTER,
    TOWNSHIPS,
    VILLAGES,
    WELLS,
    D,
    compute,
    compute_over,
    given,
    indicator,
    library,
    one,
    period,
    rate,
    settings,
    standard,
    unit_rows,
)
from scratch_session import scratch

from ruralpb.core import numbers
from ruralpb.model import (
    Aggregate,
    Band,
    Dated,
    DueRule,
    Indicator,
    RankingRule,
    Register,
    Target,
    TargetRow,
    Unit,
)
from ruralpb.rules.indicators import Formulas
from ruralpb.rules.lineage import cells


def wells(township: str, at: str = "2026Q1", **incomes):
    """One return: 甲=5 is village 甲 with income 5; None is a blank."""
    rows = [{"village": f"{township}{v}", "income": i, "cost": 1, "kind": "深"} for v, i in incomes.items()]
    return {(township, "wells", at): rows}


def full(at: str = "2026Q1", income: int = 10):
    """Everybody returns, every village the same income."""
    return {k: v for t in TOWNSHIPS for k, v in wells(t, at, 甲=income, 乙=income, 丙=income).items()}


INCOME = indicator("income", "wells", "sum(income)", measure="万元", decimals=2)
GROWN = replace(INCOME, time="year_to_date")


class TestCoverage:
    def test_a_total_says_out_of_how_many_villages_it_is(self):
        values = compute(library(INCOME), wells("东镇", 甲=1, 乙=2) | wells("西镇", 甲=4))
        county = one(values)
        assert (county.value, county.printed, county.covered, county.expected) == (D(7), "7.00", 3, 9)

    def test_a_missing_township_is_named_and_so_is_an_omitted_village(self):
        county = one(compute(library(INCOME), wells("东镇", 甲=1, 乙=2, 丙=3) | wells("西镇", 甲=4, 乙=4)))
        assert county.missing == (VILLAGES["西镇丙"], TOWNSHIPS["南镇"])

    def test_a_unit_that_returned_nothing_has_no_value_rather_than_zero(self):
        south = one(compute(library(INCOME), wells("东镇", 甲=1)), "南镇")
        assert (south.value, south.printed, south.reason) == (None, "—", "value-not-covered")

    def test_a_nil_return_is_present_and_counts_zero(self):
        visits = indicator("n", "visits", "count(*)")
        values = compute(library(visits), {("东镇", "visits", "2026Q1"): []})
        assert (one(values, "东镇").value, one(values, "东镇").covered) == (D(0), 1)
        assert (one(values).covered, one(values).expected) == (1, 3)

    def test_reading_a_second_form_needs_it_returned_too(self):
        seen = rate(
            "seen",
            "wells",
            "count(*) filter (where exists (select 1 from visits v where v.village_code = wells.village_code))",
            "count(*)",
        )
        returns = full() | {("东镇", "visits", "2026Q1"): [{"village": "东镇甲", "person": "a", "hours": 1}]}
        values = compute(library(seen), returns)
        assert (one(values).covered, one(values).expected, one(values).printed) == (3, 9, "33.3")
        assert one(values, "西镇").value is None
        assert one(values).missing == (TOWNSHIPS["西镇"], TOWNSHIPS["南镇"])

    def test_a_denominator_from_the_register_counts_covered_units_only(self):
        share = rate("share", "visits", "count(distinct village_code)", Aggregate("count(*)", "ref_village"))
        values = compute(
            library(share), {("东镇", "visits", "2026Q1"): [{"village": "东镇甲", "person": "a"}]}
        )
        assert (one(values).numerator, one(values).denominator) == (D(1), D(3))

    def test_an_office_rolls_up_to_its_parent(self):
        n = indicator("hours", "visits", "sum(hours)")
        office = settings(due=(DueRule(("visits",), "township"), DueRule(("visits",), "office")))
        returns = {
            ("卫生局", "visits", "2026Q1"): [{"person": "x", "hours": 5}],
            ("东镇", "visits", "2026Q1"): [{"person": "y", "hours": 2}],
        }
        values = compute(library(n), returns, config=office)
        assert (one(values).value, one(values).covered, one(values).expected) == (D(7), 2, 4)
        assert one(values, "东镇").value == D(2)

    def test_a_year_to_date_sum_needs_every_return_of_the_year(self):
        n = indicator("hours", "visits", "sum(hours)", scope="year_to_date", time="year_to_date")
        row = [{"person": "a", "hours": 2}]
        returns = {(t, "visits", q): row for t in ("东镇", "西镇") for q in ("2026Q1", "2026Q2")}
        del returns["西镇", "visits", "2026Q1"]
        values = compute(library(n), returns, "2026Q2")
        assert (one(values, id="hours").value, one(values, id="hours").covered) == (D(4), 1)
        assert one(values, "西镇", "hours").value is None

    def test_a_register_figure_counts_the_villages_of_townships_that_reported(self):
        unseen = indicator(
            "unseen",
            "ref_village",
            "count(*)",
            where="not exists (select 1 from visits v where v.village_code = ref_village.village_code)",
            scope="none",
        )
        values = compute(
            library(unseen), {("东镇", "visits", "2026Q1"): [{"village": "东镇甲", "person": "a"}]}
        )
        assert (one(values).value, one(values).covered, one(values).expected) == (D(2), 1, 3)

    def test_a_village_has_the_coverage_of_its_township_where_rows_are_not_by_village(self):
        n = indicator("n", "visits", "count(*)")
        values = compute(library(n), {("东镇", "visits", "2026Q1"): []}, levels=("village",))
        assert [one(values, v).value for v in ("东镇甲", "西镇甲")] == [D(0), None]

    def test_unaccepted_returns_are_counted(self):
        accepted = {(TOWNSHIPS["东镇"], "wells", "2026Q1")}
        values = compute(library(INCOME), full(), accepted=accepted)
        assert [one(values, u).unaccepted for u in ("示例县", "东镇", "西镇")] == [2, 0, 1]


class TestUnknownRows:
    def test_a_blank_leaves_numerator_and_denominator_and_is_counted(self):
        share = rate("cost_rate", "wells", "sum(cost)", "sum(income)")
        value = one(compute(library(share), wells("东镇", 甲=4, 乙=None, 丙=6)))
        assert (value.numerator, value.denominator, value.unknown_rows) == (D(2), D(10), 1)

    def test_a_filter_that_is_false_excuses_a_blank_argument(self):
        deep = indicator("deep", "wells", "sum(income) filter (where kind = '深')")
        rows = [
            {"village": "东镇甲", "kind": "浅", "income": None},
            {"village": "东镇乙", "kind": "深", "income": 3},
        ]
        value = one(compute(library(deep), {("东镇", "wells", "2026Q1"): rows}))
        assert (value.value, value.unknown_rows) == (D(3), 0)

    def test_where_nothing_was_filled_in_the_total_is_not_zero(self):
        values = compute(library(INCOME), wells("东镇", 甲=None, 乙=None) | wells("西镇", 甲=2))
        assert (one(values, "东镇").value, one(values, "东镇").reason) == (None, "value-unknown")
        assert (one(values).value, one(values).unknown_rows) == (D(2), 2)

    def test_a_zero_denominator_gives_no_rate(self):
        share = rate("cost_rate", "wells", "sum(cost)", "sum(income)")
        value = one(compute(library(share), wells("东镇", 甲=0)))
        assert (value.value, value.reason) == (None, "value-zero-denominator")


class TestNumbers:
    def test_rates_are_divided_once_at_each_level_and_never_averaged(self):
        share = rate("cost_rate", "wells", "sum(cost)", "sum(income)")
        values = compute(library(share), wells("东镇", 甲=3) | wells("西镇", 甲=6))
        assert [one(values, u).printed for u in ("示例县", "东镇", "西镇")] == ["22.2", "33.3", "16.7"]

    def test_an_average_is_split_and_skips_blanks(self):
        mean = indicator("mean", "wells", "avg(income)", decimals=2)
        value = one(compute(library(mean), wells("东镇", 甲=1, 乙=2, 丙=None)))
        assert (value.numerator, value.denominator, value.printed) == (D(3), D(2), "1.50")

    def test_distinct_persons_are_counted_anew_at_each_level(self):
        people = indicator("people", "visits", "count(distinct person)")
        returns = {
            ("东镇", "visits", "2026Q1"): [{"person": "a"}, {"person": "b"}],
            ("西镇", "visits", "2026Q1"): [{"person": "b"}, {"person": "c"}],
        }
        values = compute(library(people), returns)
        assert [one(values, u).value for u in ("示例县", "东镇", "西镇")] == [3, 2, 2]

    def test_arithmetic_over_sums_stays_exact(self):
        gap = indicator("gap", "wells", "sum(income) - 2 * sum(cost)", decimals=2)
        assert one(compute(library(gap), wells("东镇", 甲="0.100001", 乙="0.2"))).value == D("-3.699999")

    def test_an_average_inside_arithmetic_is_refused(self):
        bad = indicator("bad", "wells", "sum(income) - avg(cost)")
        with scratch(library(bad), REGISTER, settings(), period("2026Q1"), []) as session:
            values, problems = compute_over(session, library(bad), "2026Q1")
        assert not values
        assert [p.slug for p in problems] == ["indicator-formula"]

    def test_an_extreme_over_no_rows_is_no_value(self):
        least = indicator("least", "visits", "min(hours)")
        values = compute(
            library(least), {("东镇", "visits", "2026Q1"): [], ("西镇", "visits", "2026Q1"): [{"hours": 3}]}
        )
        assert (one(values, "东镇").value, one(values, "东镇").reason) == (None, "value-no-rows")
        assert one(values).value == D(3)


class TestBreakdowns:
    BANDS = standard(
        "bands", ("2020-01-01", (Band("小", None, D(5)), Band("中", D(5), D(8)), Band("大", D(8), None)))
    )
    BY = "band('bands', income)"

    def test_every_band_is_shown_and_they_add_up_to_the_whole(self):
        n = indicator("n", "wells", "count(*)", by=(self.BY,))
        values = compute(library(n, standards=[self.BANDS]), wells("东镇", 甲=1, 乙=9, 丙=None))
        assert [one(values, id="n", cut=b).value for b in ("小", "中", "大")] == [1, 0, 1]
        assert (one(values, id="n").value, one(values, id="n").unknown_rows) == (D(2), 1)
        assert one(values, id="n", cut="小").unknown_rows == 1
        assert one(values, id="n", cut="小").id == f"n{{{self.BY}=小}}@{COUNTY}@2026Q1"

    def test_a_row_without_a_class_might_belong_to_any(self):
        n = indicator("n", "wells", "count(*)", by=("kind",))
        classless = {"village": "东镇甲", "kind": None}
        returns = wells("西镇", 甲=1) | {("东镇", "wells", "2026Q1"): [classless]}
        values = compute(library(n), returns)
        assert (one(values, id="n", cut="深").value, one(values, id="n", cut="深").unknown_rows) == (D(1), 1)
        assert (one(values, "东镇", "n", "深").value, one(values, "东镇", "n", "深").reason) == (
            None,
            "value-unknown",
        )
        mixed = {**returns, ("东镇", "wells", "2026Q1"): [classless, {"village": "东镇乙", "kind": "浅"}]}
        deep = one(compute(library(n), mixed), "东镇", "n", "深")
        assert (deep.value, deep.unknown_rows) == (D(0), 1)

    def test_a_slice_that_is_gone_still_compares_with_its_past(self):
        n = indicator("n", "visits", "count(*)", by=("person",))
        returns = {
            ("东镇", "visits", "2026Q1"): [{"person": "a"}],
            ("东镇", "visits", "2025Q4"): [{"person": "a"}, {"person": "b"}],
        }
        gone = one(compute(library(n), returns), id="n", cut="b")
        assert gone.value == D(0)
        assert (gone.previous.base, gone.previous.change) == (D(1), D(-100))


class TestComparisons:
    def test_both_periods_are_recomputed_on_units_present_in_both(self):
        returns = full() | wells("东镇", "2025Q4", 甲=8, 乙=8, 丙=8) | wells("西镇", "2025Q4", 甲=8)
        previous = one(compute(library(INCOME), returns)).previous
        assert (previous.current, previous.base, previous.units) == (D(40), D(32), 4)
        assert (previous.change, previous.all_units) == (D(25), False)

    def test_rates_differ_by_points_of_what_is_printed(self):
        share = rate("cost_rate", "wells", "sum(cost)", "sum(income)")
        now, then = wells("东镇", 甲=3), wells("东镇", "2025Q1", 甲="2.91")  # 33.333… and 34.364…
        assert one(compute(library(share), now | then)).last_year.change == D("-1.1")

    def test_growth_is_between_unrounded_values(self):
        now, then = wells("东镇", 甲="3.004"), wells("东镇", "2025Q1", 甲="3.001")
        change = one(compute(library(INCOME), now | then)).last_year.change
        assert numbers.exported(change) == "0.0999666778"  # both print 3.00

    @pytest.mark.parametrize(
        ("base", "now", "reason"), [(0, 5, "base-zero"), (0, 0, "both-zero"), (-2, 5, "sign-change")]
    )
    def test_no_growth_over_a_base_that_is_not_positive(self, base, now, reason):
        found = one(
            compute(library(INCOME), wells("东镇", 甲=now) | wells("东镇", "2025Q1", 甲=base))
        ).last_year
        assert (found.base, found.change, found.reason) == (D(base), None, reason)

    def test_without_a_common_unit_there_is_no_comparison(self):
        found = one(compute(library(INCOME), wells("东镇", 甲=1) | wells("西镇", "2025Q4", 甲=1))).previous
        assert (found.change, found.units, found.reason) == (None, 0, "compare-no-units")

    def test_a_merged_village_is_compared_with_its_predecessors_when_all_are_there(self):
        moved = [
            replace(u, valid_to=date(2025, 12, 31), successor=VILLAGES["东镇甲"])
            if u.code == VILLAGES["东镇乙"]
            else u
            for u in unit_rows()
        ]
        now = wells("东镇", 甲=9, 丙=1)
        then = wells("东镇", "2025Q4", 甲=4, 乙=2, 丙=1)
        found = one(compute(library(INCOME), now | then, register=Register(tuple(moved)))).previous
        assert (found.current, found.base, found.units) == (D(10), D(7), 2)
        partly = wells("东镇", "2025Q4", 甲=4, 丙=1)
        found = one(compute(library(INCOME), now | partly, register=Register(tuple(moved)))).previous
        assert (found.current, found.base, found.units) == (D(1), D(1), 1)

    def test_a_merged_township_is_compared_with_its_predecessors(self):
        n = indicator("n", "visits", "count(*)")
        moved = [
            replace(u, valid_to=date(2025, 12, 31), successor=TOWNSHIPS["西镇"])
            if u.code == TOWNSHIPS["东镇"]
            else u
            for u in unit_rows()
        ]
        row = [{"person": "a"}]
        returns = {(t, "visits", "2025Q4"): row for t in ("东镇", "西镇")} | {
            ("西镇", "visits", "2026Q1"): row * 3
        }
        found = one(compute(library(n), returns, register=Register(tuple(moved))), "西镇").previous
        assert (found.current, found.base, found.units) == (D(3), D(2), 1)
        del returns["东镇", "visits", "2025Q4"]
        found = one(compute(library(n), returns, register=Register(tuple(moved))), "西镇").previous
        assert found.reason == "compare-no-units"


class TestCumulativeFigures:
    RETURNS: ClassVar = {
        **full("2025Q3", 3),
        **full("2025Q4", 7),
        **full("2026Q1", 2),
        **full("2026Q2", 6),
    }

    def test_the_cumulative_figure_has_no_previous_but_its_quarter_has(self):
        values = compute(library(GROWN), self.RETURNS, "2026Q2")
        assert one(values, id="income").previous.reason == "compare-cumulative"
        quarter = one(values, id="income.quarter")
        assert (quarter.value, quarter.previous.current, quarter.previous.base) == (D(36), D(36), D(18))
        assert quarter.previous.change == D(100)

    def test_the_first_quarter_is_the_cumulative_figure_and_compares_across_the_year(self):
        quarter = one(compute(library(GROWN), self.RETURNS, "2026Q1"), id="income.quarter")
        assert (quarter.value, quarter.previous.base) == (D(18), D(36))

    def test_a_single_quarter_rests_on_units_present_in_both(self):
        returns = {k: v for k, v in self.RETURNS.items() if k != ("南镇", "wells", "2026Q1")}
        quarter = one(compute(library(GROWN), returns, "2026Q2"), id="income.quarter")
        assert (quarter.value, quarter.covered, quarter.expected) == (D(24), 6, 9)

    def test_a_year_to_date_sum_of_rows_takes_the_quarters_own_rows(self):
        n = indicator("people", "visits", "count(distinct person)", scope="year_to_date", time="year_to_date")
        returns = {
            ("东镇", "visits", q): [{"person": p} for p in who]
            for q, who in (("2026Q1", "ab"), ("2026Q2", "bc"))
        }
        values = compute(library(n), returns, "2026Q2")
        assert (one(values, id="people").value, one(values, id="people.quarter").value) == (D(3), D(2))

    def test_a_rate_has_no_single_quarter(self):
        share = rate("done", "wells", "sum(income)", "sum(cost)", time="year_to_date")
        values = compute(library(share), self.RETURNS, "2026Q2")
        assert {v.indicator for v in values} == {"done"}


class TestStandards:
    RICH = indicator("rich", "wells", "count(*)", where="income >= standard('line')")

    def test_each_period_uses_its_own_and_the_base_is_recomputed_under_the_later(self):
        line = standard("line", ("2020-01-01", 5), ("2026-01-01", 8))
        returns = wells("东镇", 甲=6, 乙=9) | wells("东镇", "2025Q4", 甲=6, 乙=9)
        lib = library(self.RICH, standards=[line])
        assert one(compute(lib, returns, "2025Q4")).value == D(2)
        found = one(compute(lib, returns))
        assert found.value == D(1)
        assert (found.previous.base, found.previous.comparable_base) == (D(1), True)

    def test_the_same_standard_needs_no_recomputing(self):
        lib = library(self.RICH, standards=[standard("line", ("2020-01-01", 5))])
        found = one(compute(lib, wells("东镇", 甲=6) | wells("东镇", "2025Q4", 甲=6)))
        assert (found.previous.base, found.previous.comparable_base) == (D(1), False)

    def test_a_standard_that_ended_gives_no_value_instead_of_zero(self):
        line = standard("line", ("2020-01-01", 5), ("2026-01-01", None))
        lib = library(self.RICH, standards=[line])
        with scratch(lib, REGISTER, settings(), period("2026Q1"), given(full())) as session:
            values, problems = compute_over(session, lib, "2026Q1")
        assert (one(values).value, one(values).printed, one(values).reason) == (None, "—", "value-standard")
        assert one(values).unknown_rows == 0
        assert [p.slug for p in problems] == ["standard-ended"]
        assert "执行到 2025-12-31 为止" in problems[0].text()

    def test_a_field_that_did_not_exist_then_makes_them_incomparable(self):
        late = replace(
            WELLS, fields=(replace(WELLS.fields[0], dated=Dated(date(2026, 1, 1))), *WELLS.fields[1:])
        )
        lib = library(INCOME)
        lib = replace(lib, forms={**lib.forms, "wells": late})
        assert one(compute(lib, full() | full("2025Q4"))).previous.reason == "compare-definition"

    def test_an_indicator_not_in_force_is_not_computed(self):
        ended = replace(INCOME, dated=Dated(None, date(2025, 12, 31)))
        assert compute(library(ended), full()) == []


class TestTargets:
    def status(
        self, target: Target, at: str, income: int, better: str = "higher", rows: tuple[TargetRow, ...] = ()
    ):
        lib = library(replace(INCOME, target=target, better=better))
        found = one(compute(lib, full(at, income), at, targets=rows))
        return found.target, found.status

    def test_every_period_is_judged_unless_the_target_is_for_the_years_end(self):
        assert self.status(Target(D(90)), "2026Q1", 10) == (D(90), "met")
        assert self.status(Target(D(91)), "2026Q1", 10) == (D(91), "failed")
        assert self.status(Target(D(91), "year_end"), "2026Q3", 10) == (D(91), "")
        assert self.status(Target(D(91), "year_end"), "2026Q4", 10) == (D(91), "failed")

    def test_lower_is_better_means_at_most(self):
        assert self.status(Target(D(90)), "2026Q1", 10, "lower")[1] == "met"
        assert self.status(Target(D(89)), "2026Q1", 10, "lower")[1] == "failed"

    def test_a_schedule_is_due_by_quarters_and_fails_only_at_the_end(self):
        goal = Target(D(200), "schedule")
        assert self.status(goal, "2026Q1", 10) == (D(50), "met")
        assert self.status(goal, "2026Q2", 10) == (D(100), "behind")
        assert self.status(goal, "2026Q4", 10) == (D(200), "failed")

    def test_targets_csv_overrides_the_definition_for_its_unit(self):
        rows = (
            TargetRow("income", COUNTY, "2026Q1", D(95)),
            TargetRow("income", TOWNSHIPS["东镇"], "2026Q1", D(1)),
        )
        assert self.status(Target(D(90)), "2026Q1", 10, rows=rows) == (D(95), "failed")
        yearly = (TargetRow("income", COUNTY, "2026", D(400)),)
        assert self.status(Target(D(90), "schedule"), "2026Q1", 10, rows=yearly) == (D(100), "behind")


class TestRanking:
    def returns(self, *incomes):
        return {
            k: v
            for t, i in zip(TOWNSHIPS, incomes, strict=True)
            for k, v in wells(t, 甲=i, 乙=i, 丙=i).items()
        }

    def ranks(self, values):
        return [(one(values, t).rank, one(values, t).ranked) for t in TOWNSHIPS]

    def test_equal_values_share_a_rank_and_the_next_one_is_skipped(self):
        assert self.ranks(compute(library(INCOME), self.returns(5, 5, 3))) == [(1, 3), (1, 3), (3, 3)]

    def test_lower_is_better_turns_it_round(self):
        lib = library(replace(INCOME, better="lower"))
        assert self.ranks(compute(lib, self.returns(5, 5, 3))) == [(2, 3), (2, 3), (1, 3)]

    def test_a_unit_below_the_minimum_coverage_takes_no_part(self):
        values = compute(library(INCOME), self.returns(5, 4, 3) | wells("东镇", 甲=9, 乙=9))
        assert self.ranks(values) == [(None, 0), (1, 2), (2, 2)]

    def test_a_zero_denominator_takes_no_part(self):
        share = rate("cost_rate", "wells", "sum(cost)", "sum(income)")
        assert self.ranks(compute(library(share), self.returns(0, 2, 1))) == [(None, 0), (2, 2), (1, 2)]

    def test_classes_are_ranked_apart_when_the_project_says_so(self):
        classes = {"东镇": "A", "西镇": "A", "南镇": "B"}
        moved = Register(tuple(replace(u, unit_class=classes.get(u.name, "")) for u in unit_rows()))
        values = compute(
            library(INCOME),
            self.returns(1, 2, 3),
            register=moved,
            config=settings(ranking=RankingRule(classes=True)),
        )
        assert self.ranks(values) == [(2, 2), (1, 2), (1, 1)]

    def test_what_is_neither_better_nor_worse_is_not_ranked_and_neither_is_the_county(self):
        neutral = compute(library(replace(INCOME, better="neither")), self.returns(1, 2, 3))
        assert self.ranks(neutral) == [(None, 0)] * 3
        assert one(compute(library(INCOME), self.returns(1, 2, 3))).rank is None


class TestDerived:
    UP = Indicator(
        "up",
        "有增有减",
        "x",
        measure="是/否",
        better="higher",
        derived="income > base(income) and cost <= base(cost)",
    )
    COST = indicator("cost", "wells", "sum(cost)")

    def answers(self, returns, **more):
        values = compute(library(INCOME, self.COST, self.UP), returns, config=settings(**more), ids=["up"])
        return [one(values, u).printed for u in ("示例县", "东镇", "西镇")]

    def test_it_is_yes_no_or_unknown_against_the_base_period(self):
        returns = wells("东镇", 甲=5) | wells("西镇", 甲=5) | wells("东镇", "2024Q4", 甲=4)
        assert self.answers(returns, base_period="2024Q4") == ["是", "是", "—"]
        assert self.answers(returns | wells("西镇", "2024Q4", 甲=7), base_period="2024Q4") == [
            "否",
            "是",
            "否",
        ]

    def test_without_a_base_period_nothing_is_claimed(self):
        assert self.answers(full()) == ["—"] * 3

    def test_a_condition_that_is_none_is_told_with_what_it_names(self):
        lib = library(INCOME, replace(self.UP, derived="incme > base(income)"))
        with scratch(lib, REGISTER, settings(), period("2026Q1"), []) as session:
            _, problems = compute_over(session, lib, "2026Q1")
        assert [(p.slug, p.found, p.expected) for p in problems] == [("indicator-unknown", "incme", "income")]


class TestTheWayBack:
    def rows(self, lib, returns, *asked, at="2026Q1"):
        with scratch(lib, REGISTER, settings(), period(at), given(returns)) as session:
            found = cells.FigureLineage(Formulas(lib, REGISTER), period(at), session.query).rows(*asked)
        return [(c.side, c.outcome, c.period, c.position, c.unit_code, c.sign) for c in found]

    def test_every_row_behind_a_rate_is_found_with_its_part_in_it(self):
        deep = rate("deep", "wells", "count(*) filter (where income > 2)", "count(*)", where="kind = '深'")
        returns = wells("东镇", 甲=1, 乙=3, 丙=None) | wells("西镇", 甲=9)
        east = TOWNSHIPS["东镇"]
        found = self.rows(library(deep), returns, "deep", east)
        assert [(side, outcome, position) for side, outcome, _, position, _, _ in found] == [
            ("numerator", "other", 0),
            ("denominator", "counted", 0),
            ("numerator", "counted", 1),
            ("denominator", "counted", 1),
            ("numerator", "unknown", 2),
            ("denominator", "unknown", 2),
        ]
        assert {unit[:9] for *_, unit, _ in found} == {east}

    def test_a_single_quarter_names_both_quarters(self):
        returns = wells("东镇", "2026Q1", 甲=1) | wells("东镇", "2026Q2", 甲=4)
        found = self.rows(library(GROWN), returns, "income.quarter", COUNTY, at="2026Q2")
        assert [(p, sign) for _, _, p, _, _, sign in found] == [("2026Q2", 1), ("2026Q1", -1)]

    def test_the_register_rows_of_a_denominator_have_no_submission(self):
        share = rate("share", "visits", "count(distinct village_code)", Aggregate("count(*)", "ref_village"))
        found = self.rows(library(share), {("东镇", "visits", "2026Q1"): []}, "share", COUNTY)
        assert [(side, position) for side, _, _, position, _, _ in found] == [("denominator", -1)] * 3

    def test_the_formula_is_told_in_titles_with_its_standards(self):
        line = standard("line", ("2020-01-01", 5))
        rich = rate("rich", "wells", "count(*) filter (where income >= standard('line'))", "count(*)")
        lib = library(rich, standards=[line])
        with scratch(lib, REGISTER, settings(), period("2026Q1"), given(full())) as session:
            told = cells.FigureLineage(Formulas(lib, REGISTER), period("2026Q1"), session.query).explanation(
                "rich"
            )
            rows = session.query(told.sql[0])
        assert "收入" in told.sentence
        assert told.sentence.endswith("× 100%")
        assert [(s.id, s.value, s.source) for s in told.standards] == [("line", "5万元", "文件")]
        assert len(rows) == 1 + len(TOWNSHIPS)


def test_values_come_in_the_order_of_definitions_levels_and_register():
    other = indicator("other", "visits", "count(*)")
    values = compute(library(other, INCOME), full())
    assert [(v.indicator, v.unit) for v in values] == [
        (i, u) for i in ("other", "income") for u in ("示例县", *TOWNSHIPS)
    ]


def test_a_city_above_the_projects_unit_is_not_computed():
    assert {v.level for v in compute(library(INCOME), full(), levels=("city", "county"))} == {"county"}


def test_an_office_that_owes_nothing_else_makes_nothing_unknown():
    unit = Unit(OFFICE, "卫生局", "office", COUNTY)
    assert unit in REGISTER.units
    both = indicator(
        "both",
        "visits",
        "count(*)",
        where="exists (select 1 from wells w where w.village_code = visits.village_code)",
    )
    office = settings(due=(DueRule(("wells", "visits"), "township"), DueRule(("visits",), "office")))
    returns = full() | {
        ("卫生局", "visits", "2026Q1"): [{"village": "东镇甲", "person": "x"}],
        **{(t, "visits", "2026Q1"): [] for t in TOWNSHIPS},
    }
    found = one(compute(library(both), returns, config=office))
    assert (found.covered, found.expected) == (4, 4)
