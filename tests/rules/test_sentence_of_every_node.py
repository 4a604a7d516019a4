"""Everything that an expression may contain has words: a node or function that is newly allowed needs wording before it is usable."""

from __future__ import annotations

import re

from sqlglot import exp

from ruralpb.core.problems import NOWHERE
from ruralpb.model.loader import load, sources
from ruralpb.rules.expressions import parse, sentence, syntax

LEFT_OVER = re.compile("select|none|null| from |exp[.]", re.IGNORECASE)
"""Traces of a tree in what should be words."""
LIBRARY = load(sources(None))[0].library

EXPRESSIONS = """
operating_income > 0
operating_income <= 0
operating_income != 0
not operating_income > 0
operating_income is null
operating_income is not null
operating_income is true
operating_income between 1 and 2
operating_income in (1, 2)
operating_income not in (1, 2)
operating_income is not distinct from total_income
operating_income is distinct from total_income
operating_income + 1 = 2
operating_income - 1 = 2
operating_income * 2 = 2
operating_income / 2 = 2
operating_income % 2 = 0
mod(operating_income, 2) = 0
-operating_income < 0
weak_status || '村' = 'x'
case when operating_income > 1 then 1 else 0 end = 1
case weak_status when '薄弱村' then 1 else 0 end = 1
case when operating_income > 1 then true end
if(operating_income > 1, 1, 0) = 1
abs(operating_income) > 1
greatest(operating_income, 1) > 1
greatest(operating_income, 1, 2) > 1
least(operating_income, 1) > 1
coalesce(operating_income, 0) > 1
coalesce(operating_income, total_income, 0) > 1
nullif(operating_income, 0) > 1
length(weak_status) > 1
substr(weak_status, 1, 2) = 'x'
substring(weak_status, 2) = 'x'
upper(weak_status) = 'X'
trim(weak_status) = 'x'
weak_status like '薄%'
weak_status not like '%村'
weak_status like '%弱%'
weak_status like '薄_村'
regexp_matches(weak_status, '^薄')
not regexp_matches(weak_status, '^薄')
round(operating_income, 1) = 2
round(operating_income) = 2
year(:end) = 2026
year(:end) = :year
true
false
operating_income = null
:period = '2026Q1'
:due > :end
:start < :last_month
operating_income > (select sum(operating_income) from village_economy)
operating_income > (select avg(operating_income) from village_economy)
operating_income > (select min(operating_income) from village_economy)
operating_income > (select max(operating_income) from village_economy v where v.village_code = village_economy.village_code)
1 = (select count(*) from village_economy)
1 = (select count(distinct village_code) from village_economy)
1 = (select count(*) filter (where operating_income > 1) from village_economy)
exists (select 1 from committee c where c.village_code = village_economy.village_code)
not exists (select 1 from committee c where c.village_code = village_economy.village_code)
exists (select 1 from committee c join party_org p on p.village_code = c.village_code)
exists (select * from committee)
operating_income in (select operating_income from village_economy)
weak_status in (select status from committee)
sum(operating_income) > 1
count(*) = 1
count(distinct village_code) = 1
age(:end, :start) > 1
months(:start, :end) > 1
days(:start, :end) > 1
days_in_month(2026, 1) > 1
quarter_number(:end) = 1
previous_quarter(:period) = '2025Q4'
same_period_last_year(:period) = '2025Q1'
last_year_q4(:period) = '2025Q4'
near(operating_income, 1, 0.1)
not near(operating_income, 1, 0.1)
id_ok(weak_status)
id_birth(weak_status) is null
id_sex(weak_status) = '男'
band('operating_bands', operating_income) = 'x'
operating_income > standard('weak_village_line')
operating_income > previous(operating_income)
operating_income > last_year(operating_income)
full_year(operating_income) > 5
previous(operating_income) is null
(operating_income > 1) = (total_income > 1)
(operating_income > 1) = true
(operating_income > 1) is null
operating_income > 1 or total_income > 1 and weak_status = 'x'
not (operating_income > 1 and total_income > 1)
not exists (select 1 from committee) or operating_income > 1
case when operating_income > 1 then weak_status = 'x' else total_income > 1 end
abs(case when operating_income > 1 then 1 else 2 end) > 1
operating_income >= (case when :year > 2025 then 5 else 10 end)
party_org.members_total > 1
count(*) filter (where operating_income > 1) = 1
null is null
'a' < weak_status
""".strip().splitlines()


def test_every_allowed_expression_has_a_sentence() -> None:
    assert [text for text in EXPRESSIONS if parse(text, NOWHERE)[1]] == []
    sentences = {text: sentence(text, LIBRARY, "village_economy") for text in EXPRESSIONS}
    assert {
        text: words for text, words in sentences.items() if not words.strip() or LEFT_OVER.search(words)
    } == {}


def test_the_table_has_every_allowed_node_and_function() -> None:
    nodes = [node for text in EXPRESSIONS for node in parse(text, NOWHERE)[0].walk()]  # type: ignore[union-attr]
    assert set(syntax._ALLOWED) - {type(node) for node in nodes} == set()
    functions = {node.name.lower() for node in nodes if isinstance(node, exp.Anonymous)}
    assert set(syntax.FUNCTIONS) - functions == set()
