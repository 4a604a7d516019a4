"""Every mess, by the part of a workbook it is made in. Each stands for entries of the dirty-return catalogue (D01–D112).

numbers    what stands in number cells               (D45–D74)
words      ids, dates, names, marks and lists         (D75–D96, D104–D109)
names      names of villages and townships            (D97–D103)
columns    which columns there are, and their headers (D25–D33)
rows       which rows there are                       (D34–D44, D111, D112)
sheets     which sheets there are, who and when       (D17–D23, D41, D51)
files      containers                                 (D01–D20)
"""

from __future__ import annotations

from . import columns, files, names, numbers, rows, sheets, words
from .registry import MESSES, STAGES, Mess

__all__ = ["MESSES", "STAGES", "Mess", "columns", "files", "names", "numbers", "rows", "sheets", "words"]
