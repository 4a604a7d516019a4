"""The received files as they can be re-read: the raw text of a cell, each file read once."""

from __future__ import annotations

from collections.abc import Mapping

from ruralpb.app.project import Project
from ruralpb.intake import readers
from ruralpb.intake.readers.raw_text import raw_text
from ruralpb.model import Address, Grid, cell_position
from ruralpb.store import Store


class Workbooks:
    """The received files as they are read: as they came, or the workbook in them that a password opened."""

    def __init__(self, project: Project) -> None:
        self._archive = project.archive
        self._opened = {one.sha256: one.opened for one in project.journal.receipts() if one.opened}

    def get(self, sha256: str) -> bytes:
        """Return the bytes of the file that came with that hash. Raises CannotRun (exit 3) where they are no longer there."""
        return self._archive.get(self._opened.get(sha256, sha256))


class Originals:
    """The originals of the archive, by the blocks that were read from them."""

    def __init__(self, project: Project, store: Store) -> None:
        self._workbooks = Workbooks(project)
        self._files = store.originals()
        self._grids: dict[str, Mapping[str, Grid]] = {}

    def raw(self, block: int, address: Address) -> str:
        """Return what stands in the cell, as text; "" where the original cannot be read again."""
        place = cell_position(address.cell)
        grid = self._sheets(block).get(address.sheet)
        return raw_text(grid.cell(*place)) if grid is not None and place is not None else ""

    def _sheets(self, block: int) -> Mapping[str, Grid]:
        sha256, name = self._files[block]
        if sha256 not in self._grids:
            grids, _ = readers.read(self._workbooks.get(sha256), name)
            self._grids[sha256] = {grid.sheet: grid for grid in grids}
        return self._grids[sha256]
