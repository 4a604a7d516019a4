"""The tables of a report as a workbook, opened by a sheet of all figures, with the cells behind each."""

from __future__ import annotations

from ruralpb.publish.blocks import DocumentBlock
from ruralpb.publish.documents.formats import Manuscript, ReportFormat, Written
from ruralpb.publish.documents.formats.xlsx.report_workbook import write
from ruralpb.publish.markup.parsing import parse
from ruralpb.publish.text import Context, annexes
from ruralpb.publish.text.figures import marked


def _figures(context: Context, _blocks: object) -> tuple[DocumentBlock, ...]:
    """The sheets a workbook has besides the tables of the text: every indicator of the unit, with comparisons, target and coverage, and
    how each is defined; for the public the figures alone."""
    data = context.shown
    tables = [annexes.figures_table(data)]
    if context.exact:
        tables += [annexes.definitions_table(data), annexes.standards_table(data)]
    return parse("\n\n".join(marked(table) for table in tables if table))


def _write(manuscript: Manuscript) -> Written:
    first = manuscript.additions["xlsx"]
    content = write(manuscript.blocks, first, manuscript.context, manuscript.cells, manuscript.when)
    return {"xlsx": content}, []


FORMAT = ReportFormat(_write, _figures, shows_cells=True)
