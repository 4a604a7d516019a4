"""Definitions in words: every formula of the library and of the toy one says what it reads, in Chinese, everywhere the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from sqlglot import exp

from ruralpb.core import periods
from ruralpb.core.problems import NOWHERE
from ruralpb.model import Aggregate, Check, Library, Register
from ruralpb.model.loader import load, sources
from ruralpb.rules.checks.relation import compiled
from ruralpb.rules.expressions import check_sentence, condition, formula, method, parse, sentence
from ruralpb.rules.expressions.names import relation

TOY = Path(__file__).parents[1] / "toy"
LIBRARIES = {
    "shipped": load(sources(None))[0].library,
    "toy": load(sources(TOY))[0].library,
}
SHIPPED = LIBRARIES["shipped"]
QUARTER = periods.of("quarter", date(2026, 6, 30))

Written = tuple[str, str, tuple[tuple[str, str], ...]]
"""Id, sentence, the (relation, expression) pairs it says."""


def written(library: Library) -> Iterator[Written]:
    """Every indicator and check that is an expression."""
    for indicator in library.indicators.values():
        parts = tuple((a.of, text) for a in indicator.aggregates for text in (a.expr, a.where) if text)
        yield indicator.id, formula(indicator, library), parts
    for check in library.checks.values():
        if check.expr:
            parts = tuple((check.form, text) for text in (check.expr, check.where) if text)
            yield check.id, check_sentence(check, library), parts


ALL = [(library, *one) for library in LIBRARIES.values() for one in written(library)]


def titles(library: Library, form: str, text: str) -> Iterator[str]:
    """Titles of the forms and fields that an expression over `form` reads."""
    tree, problems = parse(text, NOWHERE)
    assert tree is not None
    assert not problems
    aliases = {form: form} | {table.alias_or_name: table.name for table in tree.find_all(exp.Table)}
    for name in (table.name for table in tree.find_all(exp.Table)):
        if name in library.forms:
            yield library.forms[name].title
    for column in tree.find_all(exp.Column):
        inside = column.find_ancestor(exp.Select)
        first = inside.args["from_"].this.alias_or_name if inside is not None else form
        rows = relation(library, aliases[column.table or first])
        named = rows.get(column.name) if rows is not None else None
        if named is not None and named.field is not None:
            yield named.field.title


def plain(text: str) -> str:
    """Without quotation marks: those within others are single."""
    return re.sub("[“”‘’]", "", text)


def test_each_names_every_form_and_field_it_reads() -> None:
    missing = [
        (id, title)
        for library, id, said, parts in ALL
        for form, text in parts
        for title in titles(library, form, text)
        if plain(title) not in plain(said)
    ]
    assert missing == []


def test_none_has_sql_or_ids_left_in_it() -> None:
    shown = [(id, re.findall("[A-Za-z_$:<>']{2,}|逐行比对", said)) for _, id, said, _ in ALL]
    assert [(id, found) for id, found in shown if found] == []


def test_all_brackets_and_quotation_marks_are_closed() -> None:
    for _, id, said, _ in ALL:
        for opening, closing in ("（）", "“”", "《》", "‘’"):
            assert said.count(opening) == said.count(closing), (id, said)


def test_a_finding_expects_what_its_check_says() -> None:
    checks = [check for check in SHIPPED.checks.values() if check.expr and check.form in SHIPPED.forms]
    for check in checks:
        plan, problems = compiled(check, SHIPPED.forms[check.form], SHIPPED, Register(()), QUARTER)
        assert plan is not None, problems
        assert plan.sentence == check_sentence(check, SHIPPED)


@pytest.mark.parametrize(
    ("id", "words"),
    [
        ("committee_n", "《村（社区）“两委”成员名册》中在任状态为“在任”的记录数"),
        ("econ_operating_avg", "《村级集体经济“一村一本账”》的经营性收入合计 ÷ 全部村（社区）数"),
        # a field that is a total itself
        ("econ_operating_income", "《村级集体经济“一村一本账”》的经营性收入合计"),
        (
            "one_shoulder_rate",
            "《村（社区）“两委”成员名册》中在任状态为“在任”、党组织职务为“书记”、村（居）委会职务为“主任”、"
            "（村（社区）名录中有同一村（社区）、单位类别为“行政村”的村（社区））的村（社区）数（去重）"
            " ÷ 村（社区）名录中单位类别为“行政村”的村（社区）数 × 100%",
        ),
        # what is divided stands in brackets: 甲 − 乙 ÷ 乙 is something else
        (
            "pb_budget_growth",
            "《乡镇（街道）季度综合表》的（本年基层党建经费预算合计 − 上年基层党建经费预算合计）"
            " ÷ 上年基层党建经费预算合计 × 100%",
        ),
        (
            "secretary_hours_rate",
            "《村（社区）“两委”成员名册》中在任状态为“在任”、党组织职务为“书记”、（《参训人员名册》中同一人、本年、截至本期、"
            "到训情况为“到训”的实得学时合计 ≥ 村党组织书记年度学时下限）的记录数"
            " ÷ 在任状态为“在任”、党组织职务为“书记”的记录数 × 100%",
        ),
        (
            "two_up_one_down",
            "“两委”大专及以上学历占比 > 基期“两委”大专及以上学历占比，“两委”女性成员占比 > 基期“两委”女性成员占比，"
            "且“两委”成员平均年龄 < 基期“两委”成员平均年龄",
        ),
        ("service_times", "《服务群众和志愿活动台账》的场（次）数合计（本年各期累计）"),
    ],
)
def test_an_indicator_reads_as_chinese(id: str, words: str) -> None:
    assert formula(SHIPPED.indicators[id], SHIPPED) == words


@pytest.mark.parametrize(
    ("id", "words"),
    [
        # alternatives are a premise and what follows from it
        ("R06", "党组织类型为“党支部”的，党员总数 ≤ 党支部党员人数上限"),
        ("R60", "“其中：党员”不为0的，“其中：党员” ≤ 参与人次"),
        ("R21", "在任状态为“离任”当且仅当离任时间已填"),
        ("R39", "总收入 = 经营性收入合计 + 补助收入 + 其他收入（允许相差0.02）"),
        ("R52", "完工日期已填的，完工日期不早于开工（拨付）日期"),
        ("F04", "以同一村（社区）、在任状态为“在任”、党组织职务为“书记”的记录计，记录数 ≤ 1"),
        ("T08", "上期在任状态为“在任”的，本期《村（社区）“两委”成员名册》中有同一人的记录"),
        ("T01a", "本期不是本年首期的，经营性收入合计 ≥ 上期经营性收入合计 − 0.01"),
        (
            "X16",
            "软弱涣散整顿状态为“整顿中”的，《问题整改和销号台账》中有同一村（社区）、问题类别为“软弱涣散整顿”、整改状态不为“已销号”的记录",
        ),
        # registers that are joined for what they say of a row's own township are no rows of their own
        (
            "P01a",
            "以同一乡镇（街道）的村（社区）计，2 × （（2 × （《村级集体经济“一村一本账”》中乡镇（街道）不同、考核类别相同或均未填、"
            "500 × （经营性收入合计与0.01中的较大值） < 本行经营性收入合计的村（社区）数）"
            " > 《村级集体经济“一村一本账”》中乡镇（街道）不同、考核类别相同或均未填的村（社区）数）的村（社区）数） ≤ 村（社区）数",
        ),
    ],
)
def test_a_check_reads_as_chinese(id: str, words: str) -> None:
    assert check_sentence(SHIPPED.checks[id], SHIPPED) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("not (beds > 3 and staff is null)", "编制床位 ≤ 3或卫生技术人员合计已填"),
        ("doctors between 1 and 5", "医师不小于1且不大于5"),
        ("not doctors between 1 and 5", "医师小于1或大于5"),
        ("grade in ('一级甲等', '一级乙等', '未定级')", "等级为“一级甲等”“一级乙等”或“未定级”"),
        ("doctors in (1, 2)", "医师为1或2"),
        ("coalesce(doctors, nurses) is null", "医师、护士均未填"),
        ("beds = (select sum(beds) from ward)", "编制床位 = 《病区登记册》的实有床位合计"),
        ("exists (select 1 from ward)", "《病区登记册》中有记录"),
        (
            "grade in (select kind from ward w where w.single)",
            "等级见于《病区登记册》中是否单人间为“是”的病区类别",
        ),
        (
            "not exists (select 1 from ward w where w.opened < :start)",
            "《病区登记册》中没有启用日期早于期初的记录",
        ),
        ("length(trim(grade)) > 2", "等级的字数 > 2"),
        ("substr(upper(grade), 1, 2) = '一级'", "等级的大写自第1位起的2位为“一级”"),
        ("nullif(beds, 0) is not null", "编制床位（等于0的视为未填）已填"),
        ("beds % 5 = 0 or -beds < 0", "编制床位除以5的余数 = 0或−编制床位 < 0"),
        ("case when beds > 9 then doctors else nurses end > 1", "（编制床位 > 9的取医师；其余取护士） > 1"),
    ],
)
def test_every_construct_has_words(text: str, words: str) -> None:
    assert condition(text, LIBRARIES["toy"], "clinic") == words


def test_a_value_is_a_noun_and_a_condition_a_relation() -> None:
    said = partial(sentence, library=LIBRARIES["toy"], form="clinic")
    assert said("doctors + nurses") == "医师 + 护士"
    assert said("beds is null or beds > 3") == "编制床位已填的，编制床位 > 3"


def test_what_cannot_be_read_is_said_as_it_stands() -> None:
    library = LIBRARIES["toy"]
    broken = Check("Z1", "clinic", severity="error", message="", expr="lower(grade) = 'a'")
    assert check_sentence(broken, library) == broken.expr
    odd = replace(library.indicators["bed_n"], numerator=Aggregate("sum(nobody_knows)", "ward"))
    assert formula(odd, library) == "《病区登记册》的nobody_knows合计"


def test_a_method_names_what_is_added_up_and_every_form_that_is_read() -> None:
    found = method(SHIPPED.indicators["committee_train_cover"], SHIPPED)
    assert found.sources == ("《村（社区）“两委”成员名册》",)
    assert found.forms == {"committee", "training_attend"}
