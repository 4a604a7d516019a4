"""The manifest of a sealed briefing: what went in, what came out, by hash; every figure with numerator and denominator.

It holds no clock and no number of the seal: the same inputs, definitions and program give the same bytes.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ruralpb import __version__
from ruralpb.app.project import Project
from ruralpb.app.report import Report
from ruralpb.core import numbers
from ruralpb.core.periods import Period
from ruralpb.model import ReturnState, Value
from ruralpb.publish.text import Closing
from ruralpb.store import Store, engine_version
from ruralpb.store.archive import pack
from ruralpb.store.archive.manifests import MANIFEST_VERSION, manifest_text, sha256_of

_CHANGE_FIGURES = ("withdraw", "amend", "explain")


def manifest(
    project: Project,
    store: Store,
    period: Period,
    made: Report,
    closing: Closing,
    as_is: Sequence[ReturnState],
    parts: Mapping[str, bytes],
) -> bytes:
    """Return the manifest as JSON, one line for each input and figure. `as_is`: the returns that count though not accepted; `parts`: the
    other files of the seal."""
    said = {
        "v": MANIFEST_VERSION,
        "period": period.label,
        "unit": project.settings.unit,
        "sealed_by": closing.by,
        "as_is": {
            "reason": closing.reason,
            "returns": [{"reporter": s.reporter_code, "form": s.form, "status": s.status} for s in as_is],
        },
        "program": versions(),
        "definitions": {
            "hash": project.definitions.hash,
            "sha256": sha256_of(pack(project.sources)),
            "files": {name: sha256_of(content) for name, content in sorted(project.sources.items())},
        },
        "audience": made.audience,
        "template": {name: sha256_of(content) for name, content in sorted(made.template.items())},
        "outputs": {name: sha256_of(content) for name, content in sorted(made.files.items())},
        "parts": {name: sha256_of(content) for name, content in sorted(parts.items())},
        "decisions": [
            {"line": line.seq, "kind": line.kind, "hash": line.hash}
            for line in project.journal.lines
            if line.kind in _CHANGE_FIGURES
        ],
        "compared_with": _earlier(store, period),
        "inputs": list(_inputs(store, period)),
        "figures": [_figure(project, value) for value in made.values],
    }
    return manifest_text(said)


def versions() -> dict[str, str]:
    """Return the versions of program, Python and engine."""
    return {"ruralpb": __version__, "python": platform.python_version(), **engine_version()}


def _inputs(store: Store, period: Period) -> Iterator[dict[str, Any]]:
    """The files of the period's current submissions: each with the receipts it is in and what it was read as."""
    receipts = {stored.receipt.id: stored.receipt for stored in store.receipts()}
    for submission in store.submissions(period):
        if submission.state != "current":
            continue
        for id_ in submission.receipts:
            receipt = receipts[id_]
            yield {
                "submission": submission.id,
                "receipt": id_,
                "path": receipt.path,
                "received": receipt.received.isoformat(),
                "sha256": receipt.sha256,
            }


def _earlier(store: Store, period: Period) -> dict[str, str]:
    """Earlier period → a hash over its current submissions and their files: what comparisons and checks look back to."""
    receipts = {stored.receipt.id: stored.receipt.sha256 for stored in store.receipts()}
    digests: dict[str, list[str]] = {}
    for submission in sorted(store.submissions(), key=lambda s: (s.period, s.id)):
        if submission.state == "current" and submission.period.end < period.end:
            files = (receipts[id_] for id_ in submission.receipts)
            digests.setdefault(submission.period.label, []).append(" ".join([submission.id, *files]))
    return {label: sha256_of("\n".join(lines).encode()) for label, lines in digests.items()}


def _figure(project: Project, value: Value) -> dict[str, Any]:
    indicator = project.definitions.library.indicators[value.indicator.partition(".")[0]]
    return {
        "id": value.id,
        "unit": value.unit,
        "measure": indicator.measure,
        "numerator": numbers.exported(value.numerator),
        "denominator": numbers.exported(value.denominator),
        "value": numbers.exported(value.value),
        "printed": value.printed,
        "covered": value.covered,
        "expected": value.expected,
    }
