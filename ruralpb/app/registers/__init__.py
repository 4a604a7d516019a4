"""watch, score, lists: the registers an office keeps on the facts of a period, as tables of exact values.

Names and ID numbers in lists are personal data: they are shown to the office that runs the command and are masked in nothing here; a
public report takes none of these tables.

watch    matters until they are settled
score    ratings of rows and units, best first
lists    names for a purpose, the sample for supervision among them
"""

from ruralpb.app.registers.lists import lists
from ruralpb.app.registers.score import score
from ruralpb.app.registers.watch import registers, watch

__all__ = ["lists", "registers", "score", "watch"]
