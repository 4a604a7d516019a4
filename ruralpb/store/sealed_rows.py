"""The rows of a period as a seal keeps them: the tables of the versions that count as JSON, their facts as Parquet."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from ruralpb.core.periods import Period
from ruralpb.store.reader import Store

_BY_SUBMISSION = ("submissions", "members", "exclusions")
_BY_BLOCK = ("blocks", "notes", "refusals")


def sealed_tables(store: Store, period: Period) -> bytes:
    """Return `tables.json`: the versions that count, their blocks, and what was noted and refused in these: table → its columns and rows."""
    current = {s.id for s in store.submissions(period) if s.state == "current"}
    contents: dict[str, object] = {}
    blocks: set[int] = set()
    for name in (*_BY_SUBMISSION, *_BY_BLOCK):
        columns, rows = store.table(name)
        at = columns.index("submission" if name in _BY_SUBMISSION else "block")
        wanted = current if name in _BY_SUBMISSION else blocks
        kept = [row for row in rows if row[at] in wanted]
        if name == "members":
            blocks = {row[columns.index("block")] for row in kept}
        contents[name] = {"columns": columns, "rows": kept}
    text = ",\n".join(
        f"{json.dumps(n)}: {json.dumps(t, ensure_ascii=False, default=str)}" for n, t in contents.items()
    )
    return ("{" + text + "}\n").encode()


def sealed_facts(store: Store, forms: Iterable[str], period: Period) -> dict[str, bytes]:
    """Return name → the Parquet file of the rows that count, for each form that has any."""
    files = {}
    with TemporaryDirectory() as folder:
        for form in forms:
            path = Path(folder) / f"{form}.parquet"
            if store.export_facts(form, period, path):
                files[f"facts/{form}.parquet"] = path.read_bytes()
    return files
