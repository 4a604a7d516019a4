"""An official circular as .docx."""

from __future__ import annotations

from ruralpb.publish.documents.formats import Manuscript, ReportFormat, Written


def _write(manuscript: Manuscript) -> Written:
    content, problems = manuscript.docx
    return {"docx": content}, problems


FORMAT = ReportFormat(_write, from_drawn=True)
