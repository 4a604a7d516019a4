"""The received files as they can be re-read: the raw text of a cell, each file read once."""

from __future__ import annotations

from collections.abc import Mapping

from ruralpb.app.project import Project
from ruralpb.intake import readers
from ruralpb.intake.readers.raw_text import raw_text
from ruralpb.model import Address, Grid, cell_position
from ruralpb.store import Store


class Originals:
    """The originals of the archive, by the blocks that were read from them."""

    def __init__(self, project: Project, store: Store) -> None:
        self._archive = project.archive
        self._files = store.originals()
        self._grids: dict[str, Mapping[str, Grid]] = {}

    def raw(self, block: int, address: Address) -> str:
        """Return what stands in the cell, as text; "" where the original cannot be read again (a password)."""
        place = cell_position(address.cell)
        grid = self._sheets(block).get(address.sheet)
        return raw_text(grid.cell(*place)) if grid is not None and place is not None else ""

    def _sheets(self, block: int) -> Mapping[str, Grid]:
        sha256, name = self._files[block]
        if sha256 not in self._grids:
            grids, _ = readers.read(self._archive.get(sha256), name)
            self._grids[sha256] = {grid.sheet: grid for grid in grids}
        return self._grids[sha256]
