"""How ledgers look on a terminal: what there is of a village, what later versions changed, what is open."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ruralpb.cli.show import DONE, relative
from ruralpb.cli.terminal import Terminal
from ruralpb.publish.text.ledger import Ledger, LedgerForm, place


def ledgers(terminal: Terminal, found: Sequence[Ledger], files: Sequence[Path]) -> int:
    """One ledger as its tables; several only when verbose, else the files and the sums."""
    terminal.json({"ledgers": found, "files": files})
    if not (terminal.quiet or terminal.as_json):
        for ledger in found if len(found) == 1 or terminal.verbose else ():
            _ledger(terminal, ledger)
    for path in files:
        terminal.say("written", style="bold", path=relative(path))
    terminal.say("ledger-done", villages=len(found), versions=sum(len(one.versions) for one in found),
                 changes=sum(len(one.changes) for one in found), findings=sum(len(one.findings) for one in found))  # fmt: skip
    terminal.say("next-ledger")
    return DONE


def _ledger(terminal: Terminal, ledger: Ledger) -> None:
    if not ledger.forms:
        terminal.say("ledger-empty", village=ledger.village)
        return
    title = terminal.text(
        "ledger-title", township=ledger.township, village=ledger.village, until=ledger.until
    )
    rows = [(form.title, *(_rows(form, period) for period in ledger.periods)) for form in ledger.forms]
    terminal.page(
        title, (terminal.text("column-form"), *ledger.periods), rows, range(1, len(ledger.periods) + 1)
    )
    if terminal.verbose:
        for form in ledger.forms:
            _values(terminal, form)
    _page(terminal, ledger, "ledger-changes", ("period", "form", "version", "subject", "field", "before", "after", "cell"),
          [(c.period, c.form, f"v{c.version}", c.key, c.field, c.before, c.after, place(c.address)) for c in ledger.changes])  # fmt: skip
    _page(terminal, ledger, "ledger-findings", ("period", "check", "severity", "message", "cell"),
          [(f.period, f.check, f.severity, f.message, place(f.address)) for f in ledger.findings])  # fmt: skip
    _page(terminal, ledger, "ledger-watched", ("watch", "subject", "state", "opened", "history", "faults"),
          [(w.watch, w.subject, w.state, w.opened, w.history, w.faults) for w in ledger.watched])  # fmt: skip


def _rows(form: LedgerForm, period: str) -> int | None:
    return sum(row.period == period for row in form.rows) or None


def _values(terminal: Terminal, form: LedgerForm) -> None:
    """Every value beside its cell."""
    rows = [
        (row.period, row.key, title, row.values[id].text, place(row.values[id].address))
        for row in form.rows
        for id, title in form.fields
        if id in row.values
    ]
    heads = ("period", "subject", "field", "value", "cell")
    terminal.page(form.title, [terminal.text(f"column-{head}") for head in heads], rows)


def _page(
    terminal: Terminal, ledger: Ledger, slug: str, heads: Sequence[str], rows: Sequence[Sequence[object]]
) -> None:
    titles = [terminal.text(f"column-{head}") for head in heads]
    terminal.page(terminal.text(slug, village=ledger.village), titles, rows)
