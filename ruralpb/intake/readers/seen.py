"""What of a sheet's cells a person sees: values left under a merged cell are none."""

from __future__ import annotations

from dataclasses import replace

from ruralpb.model import Grid


def seen(grid: Grid) -> Grid:
    """Return the sheet without the values that lie under merged cells, except in their first cell."""
    hidden = [
        (row, column)
        for area in grid.merged
        for row in range(area.top, min(area.bottom + 1, len(grid.values)))
        for column in range(area.left, min(area.right + 1, len(grid.values[row])))
        if (row, column) != (area.top, area.left) and grid.values[row][column] is not None
    ]
    if not hidden:
        return grid
    rows = {row: list(grid.values[row]) for row, _ in hidden}
    for row, column in hidden:
        rows[row][column] = None
    values = tuple(tuple(rows[at]) if at in rows else row for at, row in enumerate(grid.values))
    return replace(grid, values=values)
