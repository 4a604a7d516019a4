"""What goes back to a township and what comes back from it: marked copies of its own files, 核实清单.xlsx, the answers in it.

Bytes in, bytes out.

    marks       which cells bear which colour
    marking     a township's own workbook, patched: `sheet_part` and `style_part` change bytes at places that `tags` finds
    relaid      what cannot be marked in place, its values laid out anew and marked
    questions   findings → 核实清单.xlsx: one line a finding, linked to its cell, blank columns for the answer, an identity sheet
    answers     the bytes of a returned 核实清单 → answers tied to finding and fingerprint
"""

from ruralpb.publish.feedback.answers import ReturnedAnswer, is_question_list, read_answers
from ruralpb.publish.feedback.marking import Marked, mark
from ruralpb.publish.feedback.marks import Mark
from ruralpb.publish.feedback.questions import FindingQuestion, Link, QuestionList, write
from ruralpb.publish.feedback.relaid import relay

__all__ = [
    "FindingQuestion",
    "Link",
    "Mark",
    "Marked",
    "QuestionList",
    "ReturnedAnswer",
    "is_question_list",
    "mark",
    "read_answers",
    "relay",
    "write",
]
