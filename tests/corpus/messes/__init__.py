"""Every mess, by the part of a workbook it is made in. Each stands for entries of the dirty-return catalogue (D01–D112).

numbers    numbers said otherwise                    refusals   what nobody may read in a number cell
percents   percentages and shares                    evidence   formats, formulas, errors, comments
dates      dates and months                          words      numbers of persons, names, marks, lists
names      names of villages and townships           measures   the measure header and corner state
columns    which columns there are                   headers    what the header says, how it is built
rows       which rows there are                      totals     totals and other figures below the rows
merges     merged cells                              sheets     which sheets there are, who and when
files      containers                                apart      tables that do not begin in one row
"""

from __future__ import annotations

from . import (
    apart,
    columns,
    dates,
    evidence,
    files,
    headers,
    measures,
    merges,
    names,
    numbers,
    percents,
    refusals,
    rows,
    sheets,
    totals,
    words,
)
from .registry import MESSES, STAGES, Mess

__all__ = [
    "MESSES",
    "STAGES",
    "Mess",
    "apart",
    "columns",
    "dates",
    "evidence",
    "files",
    "headers",
    "measures",
    "merges",
    "names",
    "numbers",
    "percents",
    "refusals",
    "rows",
    "sheets",
    "totals",
    "words",
]
