"""What an office does with the facts besides compiling figures (layer 5; the database is only a callable `query(sql) -> rows`).

    watch    动态监测·销号管理   registers(watch, …)   who is watched, since when, on what evidence cleared, whether relapsed
    score    评分评星           rated(score, …)       points, total, grade, gap to the next grade, rank
    lists    名单               listed(definition, …) people not yet trained, villages without a team …

All three walk the rows of one form (or of a register view) with the expressions of a definition: `selected`.
"""

from ruralpb.rules.registers.lists import forms_read, listed
from ruralpb.rules.registers.sample import SAMPLE, sample_definition, sampled
from ruralpb.rules.registers.score import rated_rows, rated_units, set_aside, values_to_rate
from ruralpb.rules.registers.selected import Query
from ruralpb.rules.registers.watch import periods_watched, register_of, reporters_of

__all__ = [
    "SAMPLE",
    "Query",
    "forms_read",
    "listed",
    "periods_watched",
    "rated_rows",
    "rated_units",
    "register_of",
    "reporters_of",
    "sample_definition",
    "sampled",
    "set_aside",
    "values_to_rate",
]
