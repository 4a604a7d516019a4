"""Phrases of the library with their places filled: by words and figures, or as plain text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from ruralpb.model.phrases import Phrases
from ruralpb.publish.text.figures import Phrase, Words, phrase

_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Sayings:
    """What a document can say. Keys are `group.key` of `library/phrases/documents`. Raises KeyError for a phrase that there is not, or a place of it
    that is given no words."""

    phrases: Phrases

    def __call__(self, key: str, **words: Words | int | Decimal) -> Phrase:
        """Return a phrase with `words` in its places; what is None or empty leaves nothing."""
        parts = _PLACE.split(self._text(key))
        filled = (_word(words[part]) if place % 2 else part for place, part in enumerate(parts))
        return phrase(*filled)

    def text(self, key: str, **words: object) -> str:
        """Return a phrase as plain text: of what a figure says, the name of a table."""
        return _PLACE.sub(lambda place: str(words[place[1]]), self._text(key))

    def list(self, key: str, **words: object) -> tuple[str, ...]:
        """Return words that belong together, each as plain text: the headings of a table."""
        entry = self.phrases[key]
        texts = (entry,) if isinstance(entry, str) else entry
        return tuple(_PLACE.sub(lambda place: str(words[place[1]]), text) for text in texts)

    def _text(self, key: str) -> str:
        entry = self.phrases[key]
        return entry if isinstance(entry, str) else "".join(entry)


def _word(word: Words | int | Decimal) -> Words:
    return str(word) if isinstance(word, int | Decimal) else word


BUILTIN = Sayings(Phrases())
"""What documents say where no project says it otherwise."""
