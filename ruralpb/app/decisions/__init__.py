"""Decisions of people about findings, values and versions. The journal keeps each with who, when and why.

A decision changes nothing that was reported. It is journaled, and whatever is computed afterwards follows from the journal.

explain     a query stands, for a reason
amend       a cell counts as another value
withdraw    a version does not count
"""

from ruralpb.app.decisions.amend import amend
from ruralpb.app.decisions.explain import explain, record_explanation
from ruralpb.app.decisions.withdraw import withdraw

__all__ = ["amend", "explain", "record_explanation", "withdraw"]
