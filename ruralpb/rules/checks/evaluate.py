"""Run a plan and turn its rows into verdicts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from ruralpb.model import Outcome
from ruralpb.rules import engine
from ruralpb.rules.checks.messages import filled, listed, printed
from ruralpb.rules.checks.plan import COLUMNS, Plan, Queries, Query, Verdict

_OUTCOMES: dict[bool | None, Outcome] = {True: "pass", False: "fail", None: "unknown"}
FOUND, EXPECTED = "found", "expected"
"""Names of shown values that are themselves what was found and expected (checks that are no expression)."""


def evaluate(plan: Plan, query: Query, *, passes: bool = True) -> list[Verdict]:
    """Return the verdicts of a plan, in the order of the rows; without those that pass when `passes` is False. A group
    over several reporters gives each of them one."""
    return [verdict for row in query(_asked(plan, passes)) for verdict in _verdicts(plan, row)]


def evaluate_all(plans: Sequence[Plan], queries: Queries, *, passes: bool = True) -> list[Verdict]:
    """Return the verdicts of all `plans` in their order; `queries` runs several statements, side by side where it can."""
    answers = queries([_asked(plan, passes) for plan in plans])
    return [
        verdict
        for plan, rows in zip(plans, answers, strict=True)
        for row in rows
        for verdict in _verdicts(plan, row)
    ]


def _asked(plan: Plan, passes: bool) -> str:
    return plan.sql if passes else engine.statement("failing", plan=plan.sql)


def _verdicts(plan: Plan, row: Sequence[Any]) -> Iterator[Verdict]:
    outcome, key, unit, field, cells = row[: len(COLUMNS)]
    raw = row[len(COLUMNS) :]
    values = [printed(value, shown.kind) for value, shown in zip(raw, plan.shown, strict=True)]
    named = {shown.name: text for shown, text in zip(plan.shown, values, strict=True)}
    operands = [i for i, shown in enumerate(plan.shown) if shown.is_operand]
    found = named.get(FOUND) or listed([plan.shown[i].label for i in operands], [values[i] for i in operands])
    fingerprint = _fingerprint(plan, [raw[i] for i in operands])
    fields = plan.fields or (field or "",)
    rests_on = tuple((c[1], c[2], name) for c in cells if c[0] for name in fields)
    for reporter in dict.fromkeys(cell[3] for cell in cells):
        own_cells = [cell for cell in cells if cell[3] == reporter]
        others = [cell for cell in cells if cell[3] != reporter]
        yield Verdict(
            check=plan.check.id,
            severity=plan.check.severity,
            form=plan.form,
            outcome=_OUTCOMES[outcome],
            reporter_code=reporter or "",
            unit_code=unit or own_cells[0][4] or reporter or "",
            township_code=own_cells[0][5] or "",
            key=key or "",
            cells=tuple((c[0], c[1], c[2], field or "") for c in (*own_cells, *others) if c[0]),
            field=field or "",
            found=found,
            expected=named.get(EXPECTED, plan.sentence),
            message=filled(plan.check.message, named),
            fingerprint=fingerprint,
            rests_on=rests_on,
        )


def _fingerprint(plan: Plan, operands: Sequence[Any]) -> str:
    content = json.dumps([plan.signature, *operands], default=str, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()
