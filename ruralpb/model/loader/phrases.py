"""What a project says in its own way: `definitions/phrases.yaml` → the phrases with these in place of the built-in ones."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from ruralpb.core.problems import Problem
from ruralpb.model.loader import marked
from ruralpb.model.loader.marked import MarkedDict
from ruralpb.model.loader.suggest import unknown
from ruralpb.model.phrases import Phrases, PhraseText, builtin_groups, builtin_phrases, flattened

_PLACE = re.compile(r"\{(\w+)\}")
_DIGITS = re.compile(r"[0-9０-９]+")
"""A number that somebody typed would be printed as if it could be traced."""

OPEN_GROUPS = frozenset({"matters"})
"""Groups whose keys are ids of indicators: a project names its own there."""


def is_phrases(name: str) -> bool:
    """True for a definition file that holds phrases of documents and no definitions."""
    return PurePosixPath(name).name == "phrases.yaml"


def phrases(sources: Mapping[str, bytes], own: str) -> tuple[Phrases, list[Problem]]:
    """Return the phrases with those that `phrases.yaml` of `sources` below `own` says otherwise, and what is wrong with these: a group, a
    phrase or a place in one that there is not. What is wrong is left out."""
    found, problems = dict(Phrases().own), list[Problem]()
    for name, content in sorted(sources.items()):
        if not (name.startswith(own) and is_phrases(name)):
            continue
        top, said = marked.read(content, name)
        problems += said
        for group, entries in top.items():
            where = top.at(group)
            if group not in builtin_groups():
                problems.append(unknown("definition-key-unknown", where, group, builtin_groups()))
                continue
            builtin = builtin_phrases(group)
            for key, entry in flattened(entries if isinstance(entries, MarkedDict) else {}).items():
                allowed = _places(builtin.get(key, ""))
                if (typed := _DIGITS.search(_words(entry))) and not _DIGITS.search(
                    _words(builtin.get(key, ""))
                ):
                    problems.append(Problem("phrase-digits", where, typed[0], f"{group}.{key}"))
                elif key not in builtin and group not in OPEN_GROUPS:
                    problems.append(unknown("definition-key-unknown", where, key, list(builtin)))
                elif beyond := _places(entry) - allowed:
                    problems += [
                        unknown("definition-key-unknown", where, place, sorted(allowed))
                        for place in sorted(beyond)
                    ]
                else:
                    found[f"{group}.{key}"] = entry
    return Phrases(found), problems


def _places(entry: PhraseText) -> set[str]:
    return set(_PLACE.findall(_words(entry)))


def _words(entry: PhraseText) -> str:
    return entry if isinstance(entry, str) else "".join(entry)
