"""Contradictions between figures → findings, all of them open: what people decide about them comes later."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from ruralpb.model import Address, Check, Finding, Indicator
from ruralpb.rules.checks.findings import FindingContext
from ruralpb.rules.checks.messages import filled
from ruralpb.rules.consistency.values import Contradiction


def contradiction_finding(
    context: FindingContext,
    contradiction: Contradiction,
    check: Check,
    indicator: Indicator,
    cells: Sequence[Address],
) -> Finding:
    """Return the finding of a contradiction: about the unit of its value, of the form that `indicator` is computed from. Nobody's return is
    blocked by it; who compiles the figures explains it. `cells` are those behind both figures; `field` is the indicator's id."""
    value, period = contradiction.value, context.period
    numbers = [[v.id, v.value] for v in (value, *contradiction.others)]
    content = json.dumps([check.id, *numbers, contradiction.words["limit"]], default=str, ensure_ascii=False)
    return Finding(
        id=context.id(check.id, period, value.unit_code, contradiction.key),
        check=check.id,
        severity=check.severity,
        outcome="fail",
        form=indicator.form or next((a.of for a in indicator.aggregates), ""),
        period=period.label,
        reporter_code=context.township(value.unit_code) or value.unit_code,
        unit_code=value.unit_code,
        township_code=context.township(value.unit_code),
        field=value.indicator,
        found=f"{contradiction.words['title']} {contradiction.words['value']}",
        expected=" ".join(filter(None, (contradiction.words["other"], contradiction.words["limit"]))),
        message=filled(check.message, contradiction.words),
        fingerprint=hashlib.sha256(content.encode()).hexdigest(),
        cells=tuple(cells),
    )
