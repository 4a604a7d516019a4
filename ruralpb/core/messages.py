"""Messages: slug and language → the text the program says.

A language is a folder of `ruralpb/library/messages`, a domain a PO file in it whose msgid is the slug. A text is a `str.format`
template with the same placeholders in every language. Only the domains of which a message is said are parsed: the files of a
language are read as text (1 ms), and the one that has the slug is parsed (1 to 2 ms).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

Language = str
"""Name of a folder of `ruralpb/library/messages`: zh, en."""

MESSAGES = Path(__file__).parents[1] / "library" / "messages"


@cache
def languages() -> tuple[Language, ...]:
    """Return the languages there are, in alphabetical order."""
    return tuple(sorted(folder.name for folder in MESSAGES.iterdir() if folder.is_dir()))


@cache
def _sources(lang: Language) -> Mapping[Path, str]:
    """Return the PO files of a language, unparsed."""
    return {file: file.read_text("utf-8") for file in sorted((MESSAGES / lang).glob("*.po"))}


@cache
def domain(file: Path) -> Mapping[str, str]:
    """Return the templates of one PO file by slug."""
    import polib

    return {entry.msgid: entry.msgstr for entry in polib.pofile(str(file), encoding="utf-8")}


@cache
def template(slug: str, lang: Language) -> str:
    """Return the text of `slug` in `lang` with its placeholders unfilled. Raises KeyError for an unknown slug."""
    entry = f'\nmsgid "{slug}"\n'
    for file, source in _sources(lang).items():
        if entry in source:
            return domain(file)[slug]
    raise KeyError(slug)


class Listing(str):
    """Several things as one text, joined as Chinese does; `within` joins them as another language does. What is stored, exported or sent
    to another process is the Chinese text."""

    items: tuple[str, ...]

    def within(self, lang: Language) -> str:
        """Return the things as a text in `lang` lists them."""
        return template("list-separator", lang).join(self.items)

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, (str(self),)


def listing(items: Iterable[str]) -> Listing:
    """Return things as one text, which `say` joins as its language does."""
    texts = tuple(items)
    text = Listing(template("list-separator", "zh").join(texts))
    text.items = texts
    return text


def within(value: T, lang: Language) -> T | str:
    """Return what a placeholder is filled with in `lang`: a listing is joined as the language does."""
    return value.within(lang) if isinstance(value, Listing) else value


def say(slug: str, lang: Language = "zh", **data: object) -> str:
    """Return the text of `slug` in `lang` with its placeholders filled. Raises KeyError for an unknown slug."""
    return template(slug, lang).format(**{name: within(value, lang) for name, value in data.items()})
