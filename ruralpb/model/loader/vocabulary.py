"""A project's own words for the reader: `definitions/vocabulary.yaml` → the vocabulary with them added."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from ruralpb.core.problems import Location, Problem
from ruralpb.model.loader import marked
from ruralpb.model.loader.marked import MarkedDict
from ruralpb.model.loader.suggest import unknown
from ruralpb.model.vocabulary import OPEN, Vocabulary, builtin


def is_vocabulary(name: str) -> bool:
    """True for a definition file that holds words of the reader and no definitions."""
    path = PurePosixPath(name)
    return path.name == "vocabulary.yaml" or "vocabulary" in path.parts[:-1]


def vocabulary(sources: Mapping[str, bytes], own: str) -> tuple[Vocabulary, list[Problem]]:
    """Return the built-in words with those that the files of `sources` below `own` add, and what is wrong with these.

    An entry that is no regular expression is left out; so is a list that there is not, or that a project does not add to.
    """
    words, problems = builtin(), list[Problem]()
    known = [key for key in words.lists if key.startswith(OPEN)]
    for name, content in sorted(sources.items()):
        if not (name.startswith(own) and is_vocabulary(name)):
            continue
        top, said = marked.read(content, name)
        problems += said
        for key, entries, where in _lists(top, ""):
            if key not in known:
                problems.append(unknown("definition-key-unknown", where, key, known))
            elif not isinstance(entries, list):
                problems.append(
                    Problem(
                        "definition-wants-list", where, str(entries), "", data={"key": key.split(".")[-1]}
                    )
                )
            else:
                texts = [str(entry) for entry in entries]
                wrong = [text for text in texts if _is_wrong(key, text)]
                problems += [Problem("definition-pattern-wrong", where, text) for text in wrong]
                words = words.with_added({key: [text for text in texts if text not in wrong]})
    return words, problems


def _lists(mapping: MarkedDict, above: str) -> Iterator[tuple[str, object, Location]]:
    for key, value in mapping.items():
        if isinstance(value, MarkedDict):
            yield from _lists(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value, mapping.at(key)


def _is_wrong(key: str, text: str) -> bool:
    """True for an entry of a list of patterns that is none, or that would match everything."""
    if key.startswith("cells.") and key != "cells.cancelled":
        return not text
    try:
        return re.compile(text).fullmatch("") is not None
    except re.error:
        return True
