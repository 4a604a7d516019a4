"""Texts beside a table that may change what its records say: 更正：甲村网格数应为8个; 以下三村为预估数; a class of people above a heading.

A text that is no title, statement, signature or common note matters when it corrects or cancels, when it names a record or a heading and a
number, when it stands between records, or when it stands alone right above a heading. Nobody can read it by program: it is asked about.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import cached_property

from ruralpb.core import periods
from ruralpb.intake.layout import title_block
from ruralpb.intake.layout.block import filled
from ruralpb.intake.layout.header_index import key
from ruralpb.model import Grid, Match, RowClass
from ruralpb.model.unit_names import fold
from ruralpb.model.vocabulary import Vocabulary, builtin

_SHORT = 12
"""Letters of a text that may be a heading's parent; longer ones are sentences."""
_FEW = 8
"""Letters of a text that is hardly more than a word."""
_HEADING = 3
"""Letters from which on a heading is a word of its own within a sentence."""
_FIRST_TEXTS = 3
"""So many texts of a record name it."""
_EXPLAINS = builtin().pattern("remarks.explains")
_FORMULA = re.compile(r"[=＝]|[0-9]\s*[+×÷]\s*[0-9]")


class Remarks:
    """The records and headings of one table, as texts beside it may speak of them."""

    def __init__(self, view: Grid, match: Match, vocabulary: Vocabulary) -> None:
        self._view, self._match, self._vocabulary = view, match, vocabulary

    def matters(self, row: int, column: int, text: str, kind: RowClass) -> bool:
        """True for a text in a row of `kind` that may change what the table says."""
        if kind == "blank":
            kind = "note"
        bare = unicodedata.normalize("NFKC", text).strip()
        words = self._vocabulary
        if kind == "title" and self._is_above_heading(row, column, bare):
            return True
        if len(bare) <= _SHORT and kind in ("title", "note", "signature") and self._is_claim(row, bare, kind):
            return True
        if kind not in ("title", "note") or len(bare) < 2 or title_block.facts(bare, words):
            return False
        rest = fold(words.pattern("remarks.no_amount").sub("", bare))
        changes = kind == "note" and words.pattern("remarks.changes").search(bare) is not None
        counted = any(letter.isdigit() for letter in rest)
        named = (changes or counted) and any(name in rest for name in self._names)
        if named and changes and not _EXPLAINS.match(bare):
            return True
        if words.pattern("remarks.instruction").search(bare) or _FORMULA.search(bare):
            return False
        return changes or (counted and (named or self._counts_heading(rest)))

    def _is_claim(self, row: int, text: str, kind: RowClass) -> bool:
        """True for a short text that says of the whole table that it is void, an example, of other figures, or, below it, of another period."""
        words = self._vocabulary
        named = title_block.facts(text, words).keys() & {"issuer", "reporter"}
        # The name of an office may hold such a word.
        if not named and words.pattern("remarks.void").search(text):
            return True
        if kind == "signature":
            return False
        if len(text) <= _FEW and words.pattern("rows.other_figures").search(text):
            return True
        below = row > self._match.header[1]
        measure = title_block.facts(text, words).get("measure") if below else None
        if measure is not None and measure != self._match.title_block.get("measure", ("", ""))[0]:
            return True
        period = title_block.titled_period(text, words) if below else None
        facts = self._match.title_block
        own = (facts.get("period") or facts.get("titled_period") or ("", ""))[0]
        return period is not None and periods.find(own) not in (None, period)

    def _counts_heading(self, text: str) -> bool:
        return any(re.search(rf"{re.escape(heading)}\D{{0,6}}\d", text) for heading in self._headings)

    def _is_above_heading(self, row: int, column: int, text: str) -> bool:
        """True for a short text alone in the row above the header, right above one of its headings, of which nothing is known."""
        top = self._match.header[0]
        if row != top - 1 or column not in self._match.columns.values() or len(text) > _SHORT:
            return False
        alone = sum(value is not None for value in self._view.values[row]) == 1
        first = min(self._match.columns.values())
        return (
            alone
            and column > first + 1
            and periods.find(text) is None
            and not title_block.facts(text, self._vocabulary)
            and not self._vocabulary.pattern("remarks.title").search(text)
        )

    @cached_property
    def _names(self) -> frozenset[str]:
        """What names single records: texts among the first of a row that most rows do not share."""
        counts: Counter[str] = Counter()
        rows = [row for row, kind in self._match.rows.items() if kind == "data"]
        columns = sorted(self._match.columns.values())
        for row in rows:
            values = self._view.values[row]
            texts = [v for column in columns if isinstance(v := values[column], str)]
            counts.update({fold(text) for text in texts[:_FIRST_TEXTS]})
        most = max(1, len(rows) // 3)
        return frozenset(
            name for name, count in counts.items() if len(name) >= 2 and count <= most < len(rows)
        )

    @cached_property
    def _headings(self) -> frozenset[str]:
        leaves: Mapping[int, object] = filled(self._view, self._match.header[1])
        return frozenset(
            heading
            for column in self._match.columns.values()
            if isinstance(text := leaves.get(column), str) and len(heading := key(text)) >= _HEADING
        )
