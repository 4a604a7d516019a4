"""Expressions: what may be written, what it means, what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from ruralpb.core import periods
from ruralpb.core.problems import Location
from ruralpb.model import (
    Band,
    Check,
    EnumValue,
    Field,
    Form,
    Library,
    Register,
    Standard,
    StandardValue,
    Unit,
)
from ruralpb.model.loader import load, sources
from ruralpb.rules.engine import DIALECT
from ruralpb.rules.expressions import FormRead, Scope, parse, quotient, resolve, verify
from ruralpb.rules.expressions.names import SYSTEM

Q2 = periods.of("quarter", date(2026, 6, 30))

ECONOMY = Form(
    "economy", "一村一本账", "08", "village", "quarter", "year_to_date", ("village",),
    (
        Field("income", "经营性收入合计", "money", required=True, time="year_to_date"),
        Field("other", "其他收入", "money", time="year_to_date"),
        Field("stock", "期末负债", "money"),
        Field("rate", "比例（％）", "percent"),
        Field("status", "薄弱村状态", "enum", values=(EnumValue("薄弱村"), EnumValue("已销号"))),
        Field("updated", "更新日期", "date"),
    ),
    village_row=True,
)  # fmt: skip
ROSTER = Form(
    "roster", "名册", "02", "person", "quarter", "point", ("person_key",),
    (Field("name", "姓名", "text"), Field("id_card", "身份证号", "id_card"), Field("birth", "出生年月", "month")),
)  # fmt: skip
STANDARDS = {
    "line": Standard("line", "薄弱村标准", "万元", (StandardValue(date(2020, 1, 1), Decimal("5.5"), "文件"),)),
    "gone": Standard(
        "gone", "旧标准", "天", (StandardValue(date(2019, 1, 1), Decimal(3), ""), StandardValue(date(2024, 1, 1), None, ""))
    ),
    "bands": Standard(
        "bands", "分档", "", (StandardValue(date(2020, 1, 1), (Band("低", None, Decimal(5)), Band("高", Decimal(5), None)), ""),)
    ),
}  # fmt: skip
LIBRARY = Library({f.id: f for f in (ECONOMY, ROSTER)}, {}, STANDARDS, {}, {}, "")


def scope(form: str = "economy", **changes: Any) -> Scope:
    return replace(Scope(LIBRARY, form, Q2, where=Location("economy.yaml", line=7)), **changes)


def slugs(text: str, form: str = "economy", **changes: Any) -> list[str]:
    return [p.slug for p in resolve(text, scope(form, **changes)).problems]


def computed(text: str, form: str = "economy", **row: Any) -> Any:
    """The value of an expression over one row whose other columns are NULL."""
    resolved = resolve(text, scope(form))
    assert not resolved.problems, [p.text("en") for p in resolved.problems]
    columns = {**dict.fromkeys(resolved.columns), **row}
    listed = ", ".join(f"{_sql(v)} as {c}" for c, v in columns.items()) or "1 as one"
    return duckdb.sql(f"select {resolved.sql} from (select {listed}) as {form}").fetchall()[0][0]


def _sql(value: Any) -> str:
    if value is None:
        return "NULL"
    return (
        f"DATE '{value}'"
        if isinstance(value, date)
        else str(value)
        if isinstance(value, int)
        else f"'{value}'"
    )


# ---------------------------------------------------------------------------------------------- names


def test_a_field_may_be_named_by_its_chinese_title() -> None:
    assert resolve('"经营性收入合计" > 0', scope()).sql == resolve("income > 0", scope()).sql


def test_titles_are_compared_after_folding_full_width_characters_but_literals_are_not_touched() -> None:
    assert resolve('"比例(%)" > 0', scope()).fields == ("rate",)
    assert resolve("（income＋other）＞＝0", scope()).fields == ("income", "other")
    assert "'（一）'" in resolve("note_like = '（一）'".replace("note_like", "name"), scope("roster")).sql


def test_an_unknown_name_is_a_problem_with_file_line_and_suggestion() -> None:
    (problem,) = resolve("incom > 0", scope()).problems
    assert (problem.slug, problem.found, str(problem.where)) == ("rule-name", "incom", "economy.yaml:7")
    assert "income" in problem.expected


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("income / other > 2", "rule-division"),
        ("person_key not in (select r.person_key from roster r)", "rule-not-in"),
        ("coalesce(income, 0) > 0", "rule-coalesce-required"),
        ("coalesce((select sum(e.other) from economy e), 0) > 0", "rule-coalesce-unknown"),
        ("coalesce(last_year(other), 0) > 0", "rule-coalesce-unknown"),
        ("sum(income) > 0", "rule-aggregate"),
        ("(select avg(e.income) from economy e) > 0", "rule-average"),
        ("incomes(income) > 0", "rule-function"),
        ("income > :quarter", "rule-parameter"),
        ("income > 1e3", "rule-number"),
        ("income = '薄弱村'", "rule-kinds"),
        ("status = '薄弱'", "rule-enum"),
        ("status in ('薄弱村', '销号')", "rule-enum"),
        ("income + status > 0", "rule-number-operand"),
        ("income and other > 0", "rule-bool-operand"),
        ("exists (select 1 from economy e where village_code = e.village_code)", "rule-itself"),
        ("exists (select 1 from economy e where e.period <> :period)", "rule-periods"),
        ("exists (select 1 from ledger l)", "rule-relation"),
        ("exists (select 1 from economy e group by e.village_code)", "rule-select"),
        ("income > standard('lines')", "rule-standard"),
        ("income > standard('bands')", "rule-standard-kind"),
        ("previous(income + (select max(e.other) from economy e)) > 0", "rule-history"),
        ("income > 0; drop table economy", "rule-not-allowed"),
        ("read_csv('/etc/passwd') > 0", "rule-not-allowed"),
        ("income > “5”", "rule-quotes"),
    ],
)  # fmt: skip
def test_what_is_refused(text: str, slug: str) -> None:
    tree, problems = parse(text, Location())
    assert slug in ([p.slug for p in problems] or slugs(text)), tree


def test_outside_an_aggregate_a_group_check_sees_only_its_key() -> None:
    assert slugs("income > 0", mode="group", keys=("township_code",)) == ["rule-not-grouped"]
    assert slugs("sum(income) > 0", mode="group", keys=("township_code",)) == []


# ---------------------------------------------------------------------------------------------- functions


@pytest.mark.parametrize(
    ("number", "ok"),
    [
        ("11010519491231002X", True),
        ("11010519491231002x", True),
        ("110105194912310021", False),
        ("110105194902310026", False),
        ("110105491231002", False),
        ("", False),
        (None, None),
    ],
)
def test_an_id_number_is_right_by_length_check_digit_and_day(number: str | None, ok: bool | None) -> None:
    assert computed("id_ok(id_card)", "roster", id_card=number) is ok


def test_an_id_number_tells_month_of_birth_and_sex() -> None:
    assert computed("id_birth(id_card)", "roster", id_card="11010519491231002X") == date(1949, 12, 1)
    assert computed("id_sex(id_card)", "roster", id_card="11010519491231002X") == "女"
    assert computed("id_sex(id_card)", "roster", id_card="不详") is None


def test_age_counts_full_years_at_month_precision() -> None:
    assert computed("age(birth, :end)", "roster", birth=date(1966, 6, 1)) == 60
    assert computed("age(birth, :end)", "roster", birth=date(1966, 7, 1)) == 59
    assert computed("months(birth, :end)", "roster", birth=date(2026, 1, 1)) == 5


def test_days_between_two_dates() -> None:
    assert computed("days(updated, :end)", updated=date(2026, 6, 28)) == 2


def test_parameters_and_functions_of_the_period() -> None:
    assert computed("updated between :last_month and :end", updated=date(2026, 6, 1)) is True
    assert computed("quarter_number(:period) = 2 and days_in_month(:period, 2) = 31 and :year = 2026") is True
    assert computed("days_in_month(:period, 0)") == 91


def test_greatest_and_between_are_unknown_only_where_logic_says_so() -> None:
    assert computed("greatest(income, other)", income=1) is None
    assert computed("income between 5 and other", income=1) is False
    assert computed("income between 0 and other", income=1) is None


def test_a_standard_is_the_exact_value_in_force_and_null_once_it_has_ended() -> None:
    assert computed("income >= standard('line')", income=6) is True
    resolved = resolve("income >= standard('gone')", scope())
    assert (resolved.standards, resolved.ended) == (("gone",), ("gone",))
    assert computed("income >= standard('gone')", income=6) is None
    assert resolve("income >= standard('gone')", scope(standards_on=date(2023, 1, 1))).ended == ()


def test_a_band_includes_its_lower_bound() -> None:
    assert [computed("band('bands', income)", income=x) for x in (4, 5, None)] == ["低", "高", None]


def test_an_indicator_divides_at_the_top_only() -> None:
    tree, _ = parse("avg(income) filter (where other > 0)", Location())
    assert tree is not None
    numerator, denominator = quotient(tree)
    assert denominator is not None
    assert numerator.sql() == "SUM(income) FILTER(WHERE other > 0)"
    assert denominator.sql() == "COUNT(income) FILTER(WHERE other > 0)"


# ---------------------------------------------------------------------------------------------- what is read


def test_a_subquery_says_which_returns_it_rests_on() -> None:
    year = resolve("exists (select 1 from economy e where e.year = :year)", scope("roster")).reads
    assert year == (FormRead("economy", ("2026Q1", "2026Q2")),)
    assert resolve("exists (select 1 from economy e)", scope("roster")).reads == (
        FormRead("economy", ("2026Q2",)),
    )
    assert resolve("income > previous(income)", scope()).reads == (FormRead("economy", ("2026Q1",)),)


def test_april_looks_back_at_the_first_quarter() -> None:
    april = periods.of("month", date(2026, 4, 1))
    assert resolve("income > previous(income)", scope(period=april)).reads == (
        FormRead("economy", ("2026Q1",)),
    )


# ---------------------------------------------------------------------------------------------- history


@pytest.fixture
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    kinds = {"number": "BIGINT", "text": "VARCHAR", "date": "DATE"}
    columns = {
        **{c: kinds[k] for c, k in SYSTEM.items()},
        "income": "DECIMAL(20, 6)",
        "stock": "DECIMAL(20, 6)",
        "status": "VARCHAR",
    }
    connection = duckdb.connect()
    connection.execute(f"create table economy ({', '.join(f'{c} {k}' for c, k in columns.items())})")
    connection.execute("create table returns (form VARCHAR, period VARCHAR, reporter_code VARCHAR)")
    yield connection
    connection.close()


def put(
    connection: duckdb.DuckDBPyConnection,
    period: str,
    village: str | None,
    income: int,
    status: str = "",
    ordinal: int = 1,
) -> None:
    row = {
        "period": period, "village_code": village, "township_code": "t", "reporter_code": "t", "unit_code": village or "t",
        "ordinal": ordinal, "income": income, "stock": income, "status": status,
    }  # fmt: skip
    names, values = ", ".join(row), ", ".join(_sql(v) for v in row.values())
    connection.execute(f"insert into economy ({names}) values ({values})")


def walked(connection: duckdb.DuckDBPyConnection, text: str, at: Scope) -> dict[str | None, Any]:
    resolved = resolve(text, at)
    assert not resolved.problems
    rows = connection.execute(
        f"select village_code, {resolved.sql} from economy as economy where period = '{at.period.label}'"
    ).fetchall()
    return dict(rows)


def test_a_new_village_has_no_previous_value(database: duckdb.DuckDBPyConnection) -> None:
    put(database, "2026Q1", "v1", 3)
    put(database, "2026Q2", "v1", 5)
    put(database, "2026Q2", "v2", 5)
    assert walked(database, "income - previous(income)", scope()) == {"v1": 2, "v2": None}


def test_a_year_to_date_field_has_no_previous_value_in_the_first_quarter(
    database: duckdb.DuckDBPyConnection,
) -> None:
    put(database, "2025Q4", "v1", 3)
    put(database, "2026Q1", "v1", 5)
    first = scope(period=Q2.previous())
    assert walked(database, "previous(income)", first) == {"v1": None}
    assert walked(database, "previous(stock)", first) == {"v1": 3}


def test_a_row_about_no_village_has_the_row_about_no_village_before_it(
    database: duckdb.DuckDBPyConnection,
) -> None:
    """Where the village is part of the key and may be blank: a township's own Party branch beside those of its villages."""
    branches = replace(ECONOMY, village_row=False)
    library = replace(LIBRARY, forms={"economy": branches})
    for period, income in (("2026Q1", 3), ("2026Q2", 5)):
        put(database, period, "v1", income)
        put(database, period, None, 10 * income)
    at = scope(library=library)
    assert walked(database, "income - previous(income)", at) == {"v1": 2, None: 20}


def merged_register() -> Register:
    gone = [Unit(c, c, "village", "t", valid_to=date(2026, 4, 30), successor="s") for c in ("v1", "v2")]
    return Register(
        (*gone, Unit("s", "s", "village", "t", valid_from=date(2026, 5, 1)), Unit("t", "t", "township", ""))
    )


def test_after_a_merger_amounts_are_summed_over_all_predecessors(database: duckdb.DuckDBPyConnection) -> None:
    """The session's relations already carry the successor's code in earlier periods."""
    put(database, "2026Q1", "s", 3, "薄弱村", 1)
    put(database, "2026Q2", "s", 9, "薄弱村")
    at = scope(register=merged_register())
    assert walked(database, "previous(income)", at) == {"s": None}, "one predecessor is missing"
    put(database, "2026Q1", "s", 4, "薄弱村", 2)
    assert walked(database, "previous(income)", at) == {"s": 7}
    assert walked(database, "previous(status)", at) == {"s": None}, "a state cannot be added up"


def test_a_township_that_has_not_returned_makes_its_rows_unknown(database: duckdb.DuckDBPyConnection) -> None:
    put(database, "2026Q2", "v1", 3)
    text = (
        "(select count(*) from economy e where e.township_code = economy.township_code and e.income > 5) = 0"
    )
    assert walked(database, text, scope()) == {"v1": None}
    database.execute("insert into returns values ('economy', '2026Q2', 't')")
    assert walked(database, text, scope()) == {"v1": True}


def test_another_form_of_the_same_unit_may_be_named_with_a_dot(database: duckdb.DuckDBPyConnection) -> None:
    database.execute("insert into returns values ('economy', '2026Q2', 't')")
    database.execute("create table roster as select 't' as township_code, 't' as reporter_code")
    put(database, "2026Q2", "v1", 3)
    put(database, "2026Q2", "v2", 4)
    resolved = resolve("economy.income", scope("roster"))
    assert database.execute(f"select {resolved.sql} from roster").fetchall() == [(Decimal(7),)]


@pytest.mark.parametrize(
    ("own", "other", "same"),
    [
        (("1", None), ("1", "n@v"), True),
        (("1", "n@v"), ("2", "n@v"), False),
        ((None, "n@v"), ("1", "n@v"), None),
        ((None, "n@v"), ("1", None), False),
        ((None, "n@v"), ("1", "m@v"), False),
        ((None, "n@v"), (None, "n@v"), None),
        ((None, None), ("1", "n@v"), None),
    ],
)
def test_two_persons_are_the_same_different_or_unknown(own: Any, other: Any, same: bool | None) -> None:
    """Two known numbers decide; an ambiguous name is unknown against its namesakes only; nobody is unknown against all."""
    text = "exists (select 1 from roster r where r.person_key = roster.person_key and r.period = previous_quarter(:period))"
    with duckdb.connect() as connection:
        rows = [("2026Q2", *own), ("2026Q1", *other)]
        values = ", ".join(f"({', '.join(map(_sql, row))}, 't', 't')" for row in rows)
        columns = "period, person_key, person_doubt, township_code, reporter_code"
        connection.execute(f"create table roster as select * from (values {values}) as v({columns})")
        connection.execute(
            "create table returns as select 'roster' as form, '2026Q1' as period, 't' as reporter_code"
        )
        sql = f"select {resolve(text, scope('roster')).sql} from roster where period = '2026Q2'"
        assert connection.execute(sql).fetchall() == [(same,)]


# ---------------------------------------------------------------------------------------------- a whole library


def library_with(check: Check) -> Library:
    return replace(LIBRARY, checks={check.id: check})


@pytest.mark.parametrize(
    ("change", "slug"),
    [
        ({"expr": "income + other"}, "rule-not-a-condition"),
        ({"where": "incom > 0"}, "rule-name"),
        ({"at": "incom"}, "rule-name"),
        ({"over": ("villages",)}, "rule-name"),
        ({"message": "{village}：{incom}"}, "rule-name"),
        ({"show": {"before": "last_year(incom)"}}, "rule-name"),
    ],
)
def test_every_part_of_a_check_is_verified(change: dict[str, Any], slug: str) -> None:
    check = replace(
        Check("Z1", "economy", severity="error", message="{village}", expr="income >= 0"), **change
    )
    assert slug in [p.slug for p in verify(library_with(check))]


def test_a_sound_check_has_no_problem() -> None:
    check = Check(
        "Z1",
        "economy",
        severity="error",
        message="{village}：{before}",
        expr="income >= last_year(income)",
        show={"before": "last_year(income)"},
    )
    assert verify(library_with(check)) == []


@pytest.mark.parametrize("label", ["2025Q4", "2026Q1"])
def test_rendering_changes_no_tree_and_gives_the_same_text_again(label: str) -> None:
    """`render` does without a copy of the tree: over all the library's checks and indicators nothing is lost by it."""
    library = load(sources(None))[0].library
    period = periods.find(label)
    assert period is not None
    written = [(i.form, a.of, a.expr) for i in library.indicators.values() for a in i.aggregates]
    written += [
        (c.form, c.form, c.expr) for c in library.checks.values() if c.expr and c.form in library.forms
    ]
    rendered = 0
    for _, relation, text in written:
        for mode in ("row", "aggregate"):
            found = resolve(text, Scope(library, relation, period, mode=mode))
            if not found.problems:
                before, copied = repr(found.tree), found.tree.sql(dialect=DIALECT, comments=False)
                assert (found.sql, found.sql) == (copied, copied), text
                assert repr(found.tree) == before, text
                rendered += 1
    assert rendered > 200
