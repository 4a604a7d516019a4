"""Returns: what each reporter owes for a form and period, and how each of them stands.

Pure. A status is derived, never typed (semantics S2): missing · held · blocked · returned · accepted; timeliness is
separate: on_time · late · not_due.

owing     who owes what by when, and the status of each return
tracking  what an office keeps of a return beside its status, and what to do next: of one return, of the whole period
"""

from __future__ import annotations

from ruralpb.returns.owing import owed, sent_back, states
from ruralpb.returns.tracking import answer_by, next_steps, track

__all__ = ["answer_by", "next_steps", "owed", "sent_back", "states", "track"]
