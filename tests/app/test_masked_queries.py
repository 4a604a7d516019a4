"""No query of a person's own learns what is masked, reads a file, changes anything or takes more than it may."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from ruralpb.app import sql as querying
from ruralpb.app.opening import open_project
from ruralpb.app.project import Project
from ruralpb.core.periods import of
from ruralpb.core.problems import CannotRun
from ruralpb.rules.expressions.readonly import LONGEST, readonly
from ruralpb.store import Session, facts

Q1 = of("quarter", date(2026, 3, 31))
RELATIONS = ("committee", "resident", "issue", "ref_unit", "returns")

REFUSED = (
    # Tables that are not offered, under every disguise.
    "select * from raw_committee",
    "select * from persons",
    "select * from masked_persons",
    "select * from store.submissions",
    "select * from store.facts_committee",
    "select * from memory.main.raw_committee",
    "select * from main.committee",
    "select 1 where exists (with raw_committee as (select 1) select * from raw_committee) and (select count(*) from raw_committee) > 0",
    "select (select id_card from raw_committee limit 1) where exists (with raw_committee as (select 1) select 1)",
    "with a as (select * from raw_committee), raw_committee as (select 1) select * from a",
    "with raw_committee as (select * from raw_committee) select * from raw_committee",
    "select * from (with persons as (select 1) select * from persons) x, persons",
    "select * from committee union all select * from raw_committee",
    "select * from committee c, lateral (select * from raw_committee) r",
    "select * from committee where id_card in (select id_card from raw_committee)",
    "with recursive r as (select 1 as n union all select n + 1 from r) select * from r",
    "from raw_committee",
    "table raw_committee",
    "pivot raw_committee on sex using count(*)",
    "select * from 'returns/2026Q1'",
    'select * from "raw_committee"',
    "select * from RAW_COMMITTEE r join committee using (block, position)",
    # Functions that reach out, run text, look at the engine or make much of little.
    "select * from duckdb_tables()",
    "select * from pragma_table_info('raw_committee')",
    "select * from query('select * from raw_committee')",
    "select * from query_table('raw_committee')",
    "select * from read_parquet('x')",
    "select * from read_json('ruralpb.yaml')",
    "select * from read_blob('.ruralpb/key')",
    "select * from sniff_csv('.ruralpb/key')",
    "select * from parquet_metadata('x')",
    "select * from sqlite_scan('.ruralpb/results.sqlite', 'x')",
    "select getvariable('x')",
    "select getenv('HOME')",
    "select current_setting('home_directory')",
    "select current_database()",
    "select version()",
    "select txid_current()",
    "select write_log('x')",
    "select parse_path('/etc')",
    "select json_serialize_sql('select 1')",
    "select json_execute_serialized_sql('{}')",
    "select md5(township) from committee",
    "select hash(id_card) from committee",
    "select lpad('a', 1000000000, 'b')",
    "select rpad('a', 1000000000, 'b')",
    "select repeat('a', 1000000000)",
    "select format('{:>1000000000}', 'a')",
    "select printf('%1000000000d', 1)",
    "select bar(1, 0, 1, 1000000000)",
    "select range(1000000000)",
    "select * from generate_series(1, 1000000000)",
    "select list_transform([1], x -> x)",
    "select [x for x in [1, 2]]",
    "select sleep(100)",
    # What is no single SELECT.
    "explain analyze select * from raw_committee",
    "describe raw_committee",
    "summarize raw_committee",
    "show tables",
    "call pragma_version()",
    "prepare x as select * from raw_committee",
    "execute x",
    "create macro f() as table select * from raw_committee",
    "create temp view committee as select * from raw_committee",
    "export database 'x'",
    "import database 'x'",
    "load httpfs",
    "reset memory_limit",
    "checkpoint",
    "detach store",
    "use store",
    "begin transaction",
    "select * into x from committee",
    "select ?",
    "select $1",
    "select 1 --\n; select * from raw_committee",
    "(" * 5_000 + "select 1" + ")" * 5_000,
    "select " + "1 + " * 4_990 + "1; drop table committee",
    "select '" + "x" * LONGEST + "'",
)

MASKED = {
    # How many rows a condition on a masked column leaves says nothing: in the relation there is *** or nothing.
    "select count(*) from committee where id_card like '43%'": [(0,)],
    "select count(*) from committee where id_card > '4' and id_card < '5'": [(0,)],
    "select count(*) from committee where substring(id_card, 1, 3) <> '***'": [(0,)],
    "select count(distinct name) from committee": [(1,)],
    "select count(distinct id_card) from committee": [(1,)],
    "select min(phone), max(phone) from committee": [("***", "***")],
    "select arg_max(phone, id_card) from committee": [("***",)],
    "select distinct left(name, 1) from committee": [("*",)],
    "select distinct length(id_card) from committee where id_card is not null": [(3,)],
    "select distinct reverse(phone) from committee where phone is not null": [("***",)],
    "select name from committee order by id_card limit 1": [("***",)],
    "select distinct n from (select name || id_card as n from committee where id_card is not null)": [
        ("******",)
    ],
    "with committee2 as (select * from committee) select distinct birth from committee2 where birth is not null": [
        ("***",)
    ],
    "select max(quantile) from (select mode(name) as quantile from committee group by township)": [("***",)],
    "select count(*) from committee a join resident b on a.phone = b.phone and a.phone <> '***'": [(0,)],
    "select count(person_doubt) from committee": [(0,)],
    "with raw_committee as (select 7 as n) select n from raw_committee": [(7,)],
    "with a as (select 1 as n), b as (select n + 1 as n from a) select (select n from a) + n from b": [(3,)],
}


@pytest.mark.parametrize("query", REFUSED, ids=lambda query: query[:60])
def test_what_is_on_no_list_is_refused_before_it_runs(query: str) -> None:
    text, problems = readonly(query, RELATIONS)
    assert problems
    assert text == ""


@pytest.fixture(scope="module")
def project(county: Path) -> Project:
    return open_project(county)


@pytest.fixture(scope="module")
def masked(project: Project) -> Iterator[Session]:
    """The relations as a query sees them."""
    with project.session(Q1) as session:
        facts.mask(
            session,
            project.definitions.library.forms.values(),
            lambda key: project.key.hmac("person", key)[:16],
        )
        yield session


@pytest.mark.parametrize("query", MASKED, ids=lambda query: query[:60])
def test_what_is_masked_stays_so_whatever_is_made_of_it(masked: Session, query: str) -> None:
    text, problems = readonly(query, RELATIONS)
    assert not problems
    assert masked.query(text) == MASKED[query]


def test_a_query_that_passes_the_list_finds_no_other_table(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(querying, "readonly", lambda text, relations: (text, []))
    kept = "select table_name from duckdb_tables() union all select database_name from duckdb_databases() where not internal"
    answer = querying.sql(project, querying.SqlRequest(kept, Q1), datetime(2026, 4, 20))
    assert {name for (name,) in answer.rows} == {
        *project.definitions.library.forms,
        *querying.REGISTER,
        "memory",
    }


def test_the_keys_of_persons_are_marks_of_this_project_and_their_order_says_nothing(masked: Session) -> None:
    keys = masked.query("select person_key from committee where person_key is not null order by person_key")
    assert all(re.fullmatch(r"[0-9a-f]{16}", key) for (key,) in keys)


TOO_MUCH = {
    "sql-rows": ("select a.submission from committee a, committee b", {"rows": 100}),
    "sql-time": ("select count(*) from committee a, committee b, committee c, committee d, committee e "
                 "where a.submission || b.submission || c.submission < d.submission || e.submission", {"seconds": 0.2}),
    "sql-memory": ("with a as (select 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' as t), "
                   + ", ".join(f"{new} as (select {'||'.join(['t'] * 16)} as t from {old})" for old, new in zip("abcdef", "bcdefg", strict=True))
                   + " select length(t) from g", {"memory": 256}),
}  # fmt: skip


@pytest.mark.parametrize("slug", TOO_MUCH)
def test_a_query_that_takes_too_much_is_stopped_and_told_so(
    project: Project, monkeypatch: pytest.MonkeyPatch, slug: str
) -> None:
    query, limit = TOO_MUCH[slug]
    monkeypatch.setattr(querying, "LIMITS", replace(querying.LIMITS, **limit))
    with pytest.raises(CannotRun) as stop:
        querying.sql(project, querying.SqlRequest(query, Q1), datetime(2026, 4, 20))
    assert [(problem.slug, stop.value.exit_code) for problem in stop.value.problems] == [(slug, 2)]


def test_numbers_of_persons_in_the_text_of_other_fields_are_masked(own_county: Path) -> None:
    with duckdb.connect(str(own_county / ".ruralpb/ruralpb.duckdb")) as store:
        store.execute(
            "update facts_issue set content = '找刘某13812345678或430981 19700101 1234，电话：139-0737-0001'"
        )
        assert store.execute("select count(*) from facts_issue").fetchone() != (0,)
    query = "select distinct content, reverse(content) from issue"
    answer = querying.sql(open_project(own_county), querying.SqlRequest(query, Q1), datetime(2026, 4, 20))
    content = "找刘某****5678或****1234，电话：****0001"
    assert list(answer.rows) == [(content, content[::-1])]
