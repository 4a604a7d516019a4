"""季度督查抽查: the list that no expression gives, villages to visit, chosen by what the checks found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ruralpb.core.periods import Period
from ruralpb.core.phrases import phrases
from ruralpb.core.problems import SEVERITIES
from ruralpb.model import Finding, ListDefinition, ListedRow, Register, Unit

SAMPLE = "supervision_sample"
MOST_SAMPLED = 10


def sample_definition() -> ListDefinition:
    """Return the sample as a list among those of the definitions: id, title, columns."""
    words = phrases("files")
    columns = dict.fromkeys(words["sample.columns"].split(), "")
    return ListDefinition(SAMPLE, words["sample.title"], "ref_village", columns)


def sampled(findings: Iterable[Finding], register: Register, period: Period) -> list[ListedRow]:
    """Return the MOST_SAMPLED villages with most open findings, errors first, then queries, notes: where to look with one's own eyes."""
    counts: dict[str, Counter[str]] = {}
    checks: dict[str, dict[str, None]] = {}
    villages: dict[str, Unit] = {}
    for finding in findings:
        village = register.get(finding.unit_code, period.end)
        if village is None or village.level != "village" or finding.status != "open":
            continue
        villages[village.code] = village
        counts.setdefault(village.code, Counter())[finding.severity] += 1
        checks.setdefault(village.code, {})[finding.check] = None
    worst = sorted(villages, key=lambda code: (*(-counts[code][s] for s in SEVERITIES), code))
    return [
        _row(villages[code], counts[code], checks[code], register, period) for code in worst[:MOST_SAMPLED]
    ]


def _row(
    village: Unit, count: Counter[str], checks: Iterable[str], register: Register, period: Period
) -> ListedRow:
    township = register.get(village.parent_code, period.end)
    place = (township.name if township else "", village.name)
    values = (*place, *(count[severity] for severity in SEVERITIES), "、".join(checks))
    return ListedRow(village.code, village.parent_code, values, None)
