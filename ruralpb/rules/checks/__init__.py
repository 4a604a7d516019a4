"""Checks: definitions → SQL → verdicts (layer 5; the database is only a callable `query(sql) -> rows`).

    plans(library, register, settings, period, only) -> (plans, problems)   one Plan a check and form
    evaluate(plan, query, passes=True) -> verdicts                         its rows or groups: pass, fail, unknown

`Plan.sql` and `Plan.sentence` are what `validate --sql` prints. Checks written as expressions give a verdict for every row or group
they walk. The checks this package implements itself (`completeness`: C01, C02, C04, C07, F01, range; `outliers`: T14, P02)
give verdicts for what fails or is unknown only, except C01 and C02, which also list what is there.

All plans return the columns of `plan.COLUMNS`, then the values of `Plan.shown`.
"""

from ruralpb.rules.checks.evaluate import evaluate, evaluate_all
from ruralpb.rules.checks.plan import Plan, Queries, Query, Shown, Verdict
from ruralpb.rules.checks.select import plans

__all__ = ["Plan", "Queries", "Query", "Shown", "Verdict", "evaluate", "evaluate_all", "plans"]
