"""The .docx printed by LibreOffice; where that is not installed the document is given, to be saved as PDF by hand."""

from __future__ import annotations

from ruralpb.publish.documents.formats import Manuscript, ReportFormat, Written
from ruralpb.publish.documents.pdf_printing import convert
from ruralpb.publish.docx.reference import substitutes


def _write(manuscript: Manuscript) -> Written:
    document, lacking = manuscript.docx
    content, problems = convert(document, substitutes(manuscript.context.data.settings.fonts))
    return ({"pdf": content} if content else {"docx": document}), [*lacking, *problems]


FORMAT = ReportFormat(_write, from_drawn=True)
