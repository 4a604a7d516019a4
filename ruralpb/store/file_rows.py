"""Which rows of a received file are one reporter's: for files that several share."""

from __future__ import annotations

import json
from collections import defaultdict

from ruralpb.store.reader import Store
from ruralpb.store.schema import facts_table


def rows_of_reporter(store: Store, receipt: str, reporter: str) -> dict[str, set[int]]:
    """Return sheet → 0-based rows of a reporter's tables in a file: headings, rows, and in the first table of a sheet what stands above it. A
    table on its side has none: its neighbours' values stand in the same rows."""
    names, table = store.table("blocks")
    blocks = [b for line in table if (b := dict(zip(names, line, strict=True)))["receipt"] == receipt]
    rows: dict[str, set[int]] = defaultdict(set)
    for block in blocks:
        if block["reporter_code"] != reporter or block["turned"]:
            continue
        first = min(b["header_first"] for b in blocks if b["sheet"] == block["sheet"])
        top = 0 if block["header_first"] == first else block["header_first"]
        rows[block["sheet"]].update(range(top, block["header_last"] + 1))
        columns, facts = store.table(facts_table(block["form"]))
        at, of = columns.index("position"), columns.index("block")
        positions = [line[at] for line in facts if line[of] == block["block"]]
        for shift in {0, *json.loads(block["shifts"]).values()}:
            rows[block["sheet"]].update(position + shift for position in positions)
    return rows
