"""Checks: from a definition to verdicts with addresses, messages and fingerprints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from scratch_session import scratch

from ruralpb.core import periods
from ruralpb.core.problems import Location
from ruralpb.model import (
    Check,
    Dated,
    DueRule,
    Field,
    Form,
    Library,
    Register,
    Settings,
    Standard,
    StandardValue,
    Unit,
)
from ruralpb.rules.checks import Plan, Verdict, evaluate, plans
from ruralpb.rules.checks.messages import filled, printed
from ruralpb.store import Given
from ruralpb.store.session import Session

Q1 = periods.of("quarter", date(2026, 3, 31))
Q4 = Q1.previous()
EAST, WEST, OFFICE = "990101101", "990101102", "990101A01"
VILLAGES = {"甲村": f"{EAST}201", "乙村": f"{EAST}202", "丁村": f"{WEST}201"}
REGISTER = Register(
    (
        Unit("99", "示例省", "province", ""),
        Unit("9901", "示例市", "city", "99"),
        Unit("990101", "示例县", "county", "9901"),
        Unit(EAST, "东镇", "township", "990101", kind="镇"),
        Unit(WEST, "西镇", "township", "990101", kind="镇"),
        Unit(OFFICE, "县委组织部", "office", "990101"),
        *(Unit(code, name, "village", code[:9], kind="行政村") for name, code in VILLAGES.items()),
    )
)
SETTINGS = Settings("示例", "990101", due=(DueRule(("economy", "roster"), "township", 5),))

PLACE = (Field("township", "乡镇", "township"), Field("village", "村", "village"))
ECONOMY = Form(
    "economy", "一村一本账", "08", "village", "quarter", "year_to_date", ("village",),
    (
        *PLACE,
        Field("income", "收入", "money", required=True, min=Decimal(-100), max=Decimal(1000)),
        Field("part", "其中：经营收入", "money"),
        Field("reason", "说明", "text", required_when="income > 100"),
        Field("updated", "更新日期", "date", max_date="end"),
        *(Field(f"n{i}", f"数{i}", "int") for i in range(5)),
    ),
    village_row=True, village_kinds=("行政村",),
)  # fmt: skip
ROSTER = Form(
    "roster", "名册", "02", "person", "quarter", "point", ("person_key",),
    (*PLACE, Field("name", "姓名", "text"), Field("id_card", "身份证号", "id_card"), Field("post", "职务", "text"),
     Field("phone", "电话", "phone")),
    every_village=True,
)  # fmt: skip


def own(check: str, message: str, **changes: Any) -> Check:
    return Check(check, "all", severity="error", message=message, stage="completeness", **changes)


CHECKS = {
    c.id: c
    for c in (
        Check("R1", "economy", severity="error", message="{village}：收入{income}与其中项{part}不符", expr="income = part"),
        Check("R2", "economy", severity="query", message="{village}：{was}→{income}", expr="income >= 2 * previous(part)", show={"was": "previous(part)"}),
        Check("G1", "roster", severity="error", message="{village}：书记{n}名（{name}）", expr="count(*) <= 1", over=("village",), where="post = '书记'", show={"n": "count(*)"}),
        Check("G2", "roster", severity="error", message="{name}：列了{n}次", expr="count(*) <= 1", over=("person_key",), at="name", show={"n": "count(*)"}),
        Check("G3", "roster", severity="note", message="{phone}", expr="count(*) <= 1", over=("phone",), where="phone is not null"),
        Check("T8", "roster", severity="query", message="{name}", expr="exists (select 1 from roster r where r.person_key = roster.person_key)", rows="previous"),
        own("C01", "{unit}：缺报《{form}》"),
        own("C02", "《{form}》：漏报{village}"),
        own("C04", "《{form}》第{row}行：“{header}”必填"),
        own("C07", "{unit}：《{form}》迟报{days}天"),
        own("F01", "《{form}》：{key}重复{n}行（第{rows}行）"),
        own("T14", "{village}：《{form}》全部数字与上期相同"),
        own("P02", "{village}：“{header}”为{value}，中位数{median}{more}"),
    )
}  # fmt: skip
LIBRARY = Library({f.id: f for f in (ECONOMY, ROSTER)}, {}, {}, CHECKS, {}, "")

MAN, WOMAN = "110105194912310011", "11010519491231002X"


def village(name: str, income: Any = 1, part: Any = 1, **fields: Any) -> dict[str, Any]:
    code = VILLAGES[name]
    return {
        "village": name,
        "village_code": code,
        "township_code": code[:9],
        "income": income,
        "part": part,
        **fields,
    }


def person(place: str, name: str, **fields: Any) -> dict[str, Any]:
    code = VILLAGES[place]
    return {"village": place, "village_code": code, "township_code": code[:9], "name": name, **fields}


def session(*given: Given) -> Session:
    return scratch(LIBRARY, REGISTER, SETTINGS, Q1, given)


def economy(*rows: dict[str, Any], reporter: str = EAST, period: periods.Period = Q1, **more: Any) -> Given:
    return Given(reporter, "economy", period, rows, **more)


def roster(*rows: dict[str, Any], reporter: str = EAST, period: periods.Period = Q1) -> Given:
    return Given(reporter, "roster", period, rows)


def verdicts(check: str, *given: Given, form: str = "") -> list[Verdict]:
    found, problems = plans(LIBRARY, REGISTER, SETTINGS, Q1, {check})
    assert not problems
    with session(*given) as open_session:
        return [v for plan in found if form in ("", plan.form) for v in evaluate(plan, open_session.query)]


def outcomes(found: Sequence[Verdict]) -> dict[str, str]:
    names = {u.code: u.name for u in REGISTER.units}
    return {names[v.unit_code]: v.outcome for v in found}


# ---------------------------------------------------------------------------------------------- expressions


def test_a_row_passes_fails_or_is_unknown() -> None:
    found = verdicts(
        "R1",
        economy(village("甲村", 13, 12), village("乙村", 5, 5)),
        economy(village("丁村", 1, None), reporter=WEST),
    )
    assert outcomes(found) == {"甲村": "fail", "乙村": "pass", "丁村": "unknown"}
    failed = found[0]
    assert failed.message == "甲村：收入13与其中项12不符"
    assert (failed.found, failed.expected) == ("收入 13，其中：经营收入 12", "收入 = “其中：经营收入”")
    assert (failed.field, failed.reporter_code, failed.township_code) == ("income", EAST, EAST)
    assert failed.cells == ((f"{EAST}-economy-2026Q1-v1", 1, 0, "income"),)


def test_a_shown_value_may_come_from_another_period() -> None:
    found = verdicts(
        "R2", economy(village("甲村", 3, 2), period=Q4), economy(village("甲村", Decimal("2.50")))
    )
    assert [(v.outcome, v.message) for v in found] == [("fail", "甲村：2→2.5")]
    assert found[0].found == "收入 2.5，上期“其中：经营收入” 2"


def test_the_fingerprint_changes_with_any_operand_and_with_nothing_else() -> None:
    def mark(then: int, now: int, n0: int) -> str:
        given = economy(village("甲村", 0, then), period=Q4), economy(village("甲村", now, n0=n0))
        return verdicts("R2", *given)[0].fingerprint

    same = mark(2, 3, 1)
    assert mark(2, 3, 9) == same
    assert len({same, mark(3, 3, 1), mark(2, 4, 1)}) == 3


def test_a_group_check_gives_every_row_of_the_group_and_all_its_values() -> None:
    rows = [
        person("甲村", "张三", post="书记"),
        person("甲村", "李四", post="书记"),
        person("乙村", "王五", post="书记"),
    ]
    found = verdicts("G1", roster(*rows))
    assert outcomes(found) == {"甲村": "fail", "乙村": "pass"}
    assert found[0].message == "甲村：书记2名（张三、李四）"
    assert [c[2] for c in found[0].cells] == [0, 1]


def test_a_row_that_may_belong_to_the_group_makes_it_unknown() -> None:
    rows = [person("甲村", "张三", post="书记"), person("甲村", "李四", post=None)]
    assert outcomes(verdicts("G1", roster(*rows))) == {"甲村": "unknown"}


def test_a_group_over_two_reporters_is_a_finding_for_each_of_them() -> None:
    east = roster(person("甲村", "张三", id_card=MAN))
    west = roster(person("丁村", "张三", id_card=MAN), reporter=WEST)
    found = verdicts("G2", east, west)
    assert {(v.reporter_code, v.outcome, v.cells[0][0][:9]) for v in found} == {
        (EAST, "fail", EAST),
        (WEST, "fail", WEST),
    }


def test_numbers_of_persons_and_phones_are_never_shown_in_full() -> None:
    rows = [
        person("甲村", f"{n}号13812345678", phone="13812345678", id_card=i)
        for n, i in (("一", MAN), ("二", WOMAN))
    ]
    found = verdicts("G3", roster(*rows)) + verdicts("G2", roster(*rows))
    texts = "".join(v.message + v.found + v.expected for v in found)
    assert "13812345678" not in texts
    assert MAN not in texts
    assert found[0].message == "****5678"


def test_a_check_may_walk_the_rows_of_the_previous_period() -> None:
    then = roster(person("甲村", "张三", id_card=MAN), person("甲村", "李四", id_card=WOMAN), period=Q4)
    now = roster(person("甲村", "张三", id_card=MAN))
    assert [(v.message, v.outcome) for v in verdicts("T8", then, now)] == [("张三", "pass"), ("李四", "fail")]
    assert [v.outcome for v in verdicts("T8", then)] == ["unknown", "unknown"], (
        "nothing was returned this quarter"
    )


def test_what_passes_may_be_left_out() -> None:
    found, _ = plans(LIBRARY, REGISTER, SETTINGS, Q1, {"R1"})
    with session(economy(village("甲村", 13, 12), village("乙村", 5, 5))) as open_session:
        assert outcomes(evaluate(found[0], open_session.query, passes=False)) == {"甲村": "fail"}


# ---------------------------------------------------------------------------------------------- completeness


def test_c01_lists_who_owes_and_has_not_returned() -> None:
    found = verdicts("C01", economy(village("甲村")), form="economy")
    assert outcomes(found) == {"东镇": "pass", "西镇": "fail"}
    assert [v.message for v in found if v.outcome == "fail"] == ["西镇：缺报《一村一本账》"]


def test_c02_lists_villages_left_out_of_a_return_that_came() -> None:
    found = verdicts("C02", economy(village("甲村")))
    assert outcomes(found) == {"甲村": "pass", "乙村": "fail"}


def test_c02_asks_for_at_least_one_row_a_village_of_a_roster_that_says_so() -> None:
    found = verdicts("C02", roster(person("甲村", "王建国"), person("甲村", "李秀英")), form="roster")
    assert outcomes(found) == {"甲村": "pass", "乙村": "fail"}
    (left_out,) = (v for v in found if v.outcome == "fail")
    assert (left_out.message, left_out.expected) == ("《名册》：漏报乙村", "每村至少一行")
    silent = replace(LIBRARY, forms={**LIBRARY.forms, "roster": replace(ROSTER, every_village=False)})
    made, _ = plans(silent, REGISTER, SETTINGS, Q1, {"C02"})
    assert [plan.form for plan in made] == ["economy"]


def test_c04_asks_for_required_fields_but_not_where_the_cell_was_refused() -> None:
    rows = village("甲村", None), village("乙村", 200, reason=None)
    messages = [v.message for v in verdicts("C04", economy(*rows), form="economy")]
    assert (
        messages == ["《一村一本账》第1行：“收入”必填", "《一村一本账》第2行：“说明”必填"]
        or sorted(messages) == messages
    )
    refused = verdicts("C04", economy(*rows, refused={0: ("income",)}), form="economy")
    assert [(v.field, v.outcome) for v in refused if v.outcome == "fail"] == [("reason", "fail")]


def test_c04_is_unknown_where_its_condition_is() -> None:
    found = verdicts("C04", economy(village("甲村", None)), form="economy")
    assert {(v.field, v.outcome) for v in found} == {("income", "fail"), ("reason", "unknown")}


def test_f01_finds_rows_with_one_key() -> None:
    (found,) = verdicts("F01", economy(village("甲村"), village("乙村"), village("甲村", 2)), form="economy")
    assert found.message == "《一村一本账》：甲村重复2行（第1、3行）"
    assert [c[2] for c in found.cells] == [0, 2]


def test_range_bounds_are_inclusive_and_dates_may_end_with_the_period() -> None:
    rows = village("甲村", -100, updated=date(2026, 3, 31)), village("乙村", 1001, updated=date(2026, 4, 1))
    found = verdicts("range", economy(*rows), form="economy")
    assert {(v.field, v.found, v.expected) for v in found} == {
        ("income", "1001", "-100至1000"),
        ("updated", "2026-04-01", "不大于2026-03-31"),
    }


def test_t14_finds_a_village_whose_numbers_all_repeat() -> None:
    numbers = {f"n{i}": i + 1 for i in range(5)}
    then = economy(village("甲村", 3, **numbers), village("乙村", 3), period=Q4)
    now = economy(village("甲村", 3, **numbers), village("乙村", 3))
    assert outcomes(verdicts("T14", then, now)) == {"甲村": "fail"}, "乙村 has too few numbers to tell"


def test_c07_counts_days_after_the_due_date() -> None:
    plan = next(p for p in plans(LIBRARY, REGISTER, SETTINGS, Q1, {"C07"})[0] if p.form == "economy")
    with session(economy(village("甲村"))) as open_session:
        (due,) = open_session.query(
            f"select due_date from due where form = 'economy' and period = '2026Q1' and reporter_code = '{EAST}'"
        )
        late = f"select * replace (date '{due[0]}' + 3 as received) from returns"
        sql = f"with returns as ({late.replace('from returns', 'from main.returns')}) {plan.sql}"
        (found,) = evaluate(replace(plan, sql=sql), open_session.query)
    assert found.message == "东镇：《一村一本账》迟报3天"


def outlying(*numbers: dict[str, Any]) -> list[Verdict]:
    """P02 over villages of one class, one for each of `numbers`."""
    villages = [Unit(f"{EAST}3{i:02}", f"村{i}", "village", EAST, kind="行政村") for i in range(len(numbers))]
    register = Register((*REGISTER.units, *villages))
    rows = [
        {"village": u.name, "village_code": u.code, "township_code": EAST, **said}
        for u, said in zip(villages, numbers, strict=True)
    ]
    found, _ = plans(LIBRARY, register, SETTINGS, Q1, {"P02"})
    with scratch(LIBRARY, register, SETTINGS, Q1, [economy(*rows)]) as open_session:
        return [v for plan in found for v in evaluate(plan, open_session.query)]


NEAR_TEN = [{"income": 10 + i % 3} for i in range(9)]


def test_p02_compares_with_the_median_of_the_class() -> None:
    assert [v.message for v in outlying({"income": 500}, *NEAR_TEN)] == ["村0：“收入”为500，中位数11"]
    assert outlying({"income": 500}, *NEAR_TEN[1:]) == [], "nine villages tell no median"


def test_p02_says_once_of_a_village_which_column_lies_furthest_out() -> None:
    others = [{**near, "n1": near["income"]} for near in NEAR_TEN]
    (found,) = outlying({"income": 90, "n1": 500}, *others)
    assert (found.field, found.message) == ("n1", "村0：“数1”为500，中位数11；另有1栏同样偏离")


@pytest.mark.parametrize(
    ("largest", "others"),
    [
        (
            43,
            NEAR_TEN,
        ),  # alike as they are, four times the median is not yet far: the spread is half of it at least
        (60, [{"income": n} for n in (2, 3, 5, 7, 10, 14, 20, 28, 40)]),  # amounts trail off to one side
    ],
)
def test_p02_bears_with_stable_and_with_skewed_numbers(largest: int, others: list[dict[str, Any]]) -> None:
    assert outlying({"income": largest}, *others) == []
    assert outlying({"income": 10 * largest}, *others)


def test_p02_leaves_out_villages_that_have_none() -> None:
    assert outlying({"income": 12}, *NEAR_TEN, *({"income": 0} for _ in range(30))) == []


# ---------------------------------------------------------------------------------------------- which checks, which words


def applicable(check: Check, period: periods.Period = Q1) -> list[Plan]:
    library = replace(LIBRARY, checks={check.id: check})
    return plans(library, REGISTER, SETTINGS, period, {check.id})[0]


def test_a_check_applies_by_kind_of_period_date_and_switch() -> None:
    check = CHECKS["R1"]
    assert applicable(check)
    assert not applicable(replace(check, periods=("q4",)))
    assert applicable(replace(check, periods=("q4",)), Q4)
    assert not applicable(replace(check, dated=Dated(end=date(2025, 12, 31))))
    assert not applicable(replace(check, enabled=False))
    assert not applicable(check, periods.of("month", date(2026, 2, 1))), "the form is quarterly"


def test_a_check_whose_standard_has_ended_is_not_computable_and_says_so() -> None:
    ended = StandardValue(date(2025, 1, 1), None, "")
    line = Standard("line", "薄弱村标准", "万元", (StandardValue(date(2020, 1, 1), Decimal(5), ""), ended))
    check = Check("S1", "economy", severity="error", message="", expr="income >= standard('line')")
    library = replace(LIBRARY, standards={"line": line}, checks={"S1": check})
    found, problems = plans(library, REGISTER, SETTINGS, Q1, {"S1"})
    assert [(p.slug, p.severity) for p in problems] == [("check-standard-ended", "note")]
    with session(economy(village("甲村"))) as open_session:
        assert [v.outcome for v in evaluate(found[0], open_session.query)] == ["unknown"]


def test_where_a_standard_is_written_is_no_part_of_a_fingerprint() -> None:
    """An explanation holds while the fingerprint does (S9): a comment added to the file must not let it lapse."""
    check = Check("S1", "economy", severity="query", message="", expr="income >= standard('line')")

    def signature(value: StandardValue) -> str:
        line = Standard("line", "薄弱村标准", "万元", (value,))
        library = replace(LIBRARY, standards={"line": line}, checks={"S1": check})
        return plans(library, REGISTER, SETTINGS, Q1, {"S1"})[0][0].signature

    value = StandardValue(date(2020, 1, 1), Decimal(5), "某文件", date(2026, 11, 1))
    moved = replace(value, defined_at=Location("library/indicators/cadres.yaml", line=19))
    assert signature(moved) == signature(value)
    assert signature(value).endswith(
        "line=StandardValue(start=datetime.date(2020, 1, 1), value=Decimal('5'), source='某文件', "
        "checked_on=datetime.date(2026, 11, 1))"
    ), "the text of explanations that were given before"
    assert signature(replace(value, value=Decimal(6))) != signature(value)


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (Decimal("13.500000"), "number", "13.5"),
        (Decimal("1000.000000"), "number", "1000"),
        (Decimal("-0.000000"), "number", "0"),
        (100, "number", "100"),
        (date(2026, 3, 1), "month", "2026-03"),
        (date(2026, 3, 31), "date", "2026-03-31"),
        (True, "bool", "是"),
        (None, "number", "未填"),
        (MAN, "id_card", "****0011"),
        (MAN, "person", "****0011"),
        ("张三@990101101201", "person", "张三"),
        (["甲", None, "乙"], "list", "甲、乙"),
    ],
)
def test_values_as_people_read_them(value: Any, kind: str, text: str) -> None:
    assert printed(value, kind) == text


def test_a_placeholder_without_a_value_stays_visible() -> None:
    assert filled("{a}和{b}", {"a": "甲"}) == "甲和{b}"
