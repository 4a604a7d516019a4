"""Charts into a document: each a part of its own, related to the text, with its workbook beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from docx.opc.packuri import PackURI
from docx.opc.part import Part

from ruralpb.core.ooxml.rewriting import reproducible
from ruralpb.publish.blocks import Box
from ruralpb.publish.docx.charts import RELATED, draw, inline
from ruralpb.publish.docx.xml import paragraph

_CHART = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass
class DocumentCharts:
    """The charts of one document. `part`: its main part; `font`: of their Chinese text; `when` dates their workbooks."""

    part: Any
    font: str
    when: datetime
    _count: int = field(default=0, init=False)

    def place(self, box: Box) -> Iterator[str]:
        """Put the chart of a 图 container into the package and yield the paragraph that shows it; nothing without numbers."""
        drawn = draw(box, self.font, self.when)
        if drawn is None:
            return
        self._count += 1
        package = self.part.package
        chart = Part(PackURI(f"/word/charts/chart{self._count}.xml"), _CHART, drawn.xml, package)
        book = Part(
            PackURI(f"/word/embeddings/Microsoft_Excel_Sheet{self._count}.xlsx"),
            _WORKBOOK,
            reproducible(drawn.workbook, self.when),
            package,
        )
        if chart.relate_to(book, f"{_OFFICE}/package") != RELATED:
            raise ValueError("the workbook of a chart is its only relation")
        relation = self.part.relate_to(chart, f"{_OFFICE}/chart")
        shown = inline(drawn, relation, self._count)
        yield paragraph("Figure", ()).replace("</w:p>", f"{shown}</w:p>")
