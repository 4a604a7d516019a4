"""A page that stands alone, with the facts behind each figure and drawings of a ranking."""

from __future__ import annotations

from ruralpb.publish.documents.formats import Manuscript, ReportFormat, Written
from ruralpb.publish.html import write
from ruralpb.publish.html.overview import overview


def _write(manuscript: Manuscript) -> Written:
    drawings = manuscript.additions["html"]
    page = write(manuscript.blocks, drawings, manuscript.context, manuscript.cells)
    return {"html": page.encode()}, []


FORMAT = ReportFormat(_write, overview, shows_cells=True)
