"""Rules: expression text → checked SQL (layer 4). The contract of the language the definitions are written in.

An expression is a SQL scalar or aggregate expression over the rows of one form (or of `ref_village`, `ref_township`). It names columns by field
id, by Chinese title in double quotes, or by system column (township, village, `*_code`, period, year, person_key); parameters :period
:year :start :end :last_month :due; the functions of `syntax.FUNCTIONS`; other forms in correlated subqueries or as `other_form.field`.

    resolve(expr, Scope(library, "committee", period)) -> Resolved       one expression → DuckDB tree (`.sql` its text)
    parse(text, where) -> (tree | None, problems)                        syntax and allow-list only, names unresolved
    quotient(tree) -> (numerator, denominator | None)                    splits a top-level `/` or avg() of an indicator
    verify(library) -> problems                                          every expression of every definition
    sentence, condition, check_sentence, formula, method                 the same in words (`sentences`)

How NULL behaves (semantics S3): `Resolved.tree` is NULL exactly when its value is unknown.
- Operators follow Kleene's logic; BETWEEN, IN, greatest and least are rewritten where DuckDB departs from it.
- A subquery over a form is NULL where the row's own township (its reporter, when joined on reporter_code) has not returned that
  form in a period it reads; without a condition on its alias's period it reads :period; `year = :year` reads the
  year to date, every period of it returned. EXISTS and aggregates are unknown where it is unknown which rows count.
- full_year(x): a cumulative amount over the four quarters (twelve months) to the period's end; in a year's last period the field itself.
- previous(x), last_year(x): NULL without the same row then (key and ordinal), for a year-to-date field before January, after a split.
- In `row` and `group` mode sum/min/max/count(distinct) over values of which one is NULL are NULL, sum over no rows is 0.
- In `aggregate` mode (indicators) aggregates at the top are left as they stand, so that the caller can exclude NULL rows (S4);
  subqueries inside are strict. Split `/` and avg with `quotient` first: `resolve` refuses division.
"""

from ruralpb.rules.expressions.api import quotient, resolve
from ruralpb.rules.expressions.names import group_column, key_columns, kind_of
from ruralpb.rules.expressions.scope import FormRead, Mode, Resolved, Scope, previous_of, year_to_date_of
from ruralpb.rules.expressions.sentences import check_sentence, condition, formula, method, sentence
from ruralpb.rules.expressions.syntax import closest, parse
from ruralpb.rules.expressions.verify import verify

__all__ = [
    "FormRead",
    "Mode",
    "Resolved",
    "Scope",
    "check_sentence",
    "closest",
    "condition",
    "formula",
    "group_column",
    "key_columns",
    "kind_of",
    "method",
    "parse",
    "previous_of",
    "quotient",
    "resolve",
    "sentence",
    "verify",
    "year_to_date_of",
]
