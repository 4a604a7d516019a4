"""What goes back to a township and what comes back from it: marked copies of its own files, 核实清单.xlsx, the answers in it.

Layer 7, beside intake: bytes in, bytes out.

    questions   findings → 核实清单.xlsx: one line a finding, linked to its cell, blank columns for the answer, an identity sheet
    answers     the bytes of a returned 核实清单 → answers tied to finding and fingerprint
"""

from ruralpb.feedback.answers import Answer, is_question_list, read_answers
from ruralpb.feedback.questions import Link, Question, QuestionList, write

__all__ = ["Answer", "Link", "Question", "QuestionList", "is_question_list", "read_answers", "write"]
