"""YAML with line marks: every mapping knows its file and line, every key its own.

Safe by construction: 1 MiB a file, no aliases (a definition says what it means where it stands), no merge keys, no
tags; only `true`/`false` are booleans, decimals stay exact, 2026-02-30 stays text until the schema refuses it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import yaml
from yaml.constructor import ConstructorError

from ruralpb.core.problems import NOWHERE, Location, Problem

SIZE_LIMIT = 1 << 20
"""Bytes of one definition file. The largest form of the built-in library has 20 kB."""

_PLAIN_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_PLAIN_DECIMAL = re.compile(r"[-+]?[0-9]+\.[0-9]+")


class MarkedDict(dict[Any, Any]):
    """A YAML mapping that knows where it starts (`where`) and where each of its keys stands (`at(key)`)."""

    where: Location
    marks: dict[Any, Location]

    def __init__(
        self,
        items: Mapping[Any, Any] | None = None,
        where: Location = NOWHERE,
        marks: Mapping[Any, Location] | None = None,
    ) -> None:
        super().__init__(items or {})
        self.where = where
        self.marks = dict(marks or {})

    def at(self, key: object) -> Location:
        """Where `key` stands; where the mapping starts when it has no such key."""
        return self.marks.get(key, self.where)

    def over(self, base: MarkedDict) -> MarkedDict:
        """This mapping's keys laid over those of `base`; it stands where this one stands."""
        return MarkedDict({**base, **self}, self.where, {**base.marks, **self.marks})

    def without(self, *keys: str) -> MarkedDict:
        """The same mapping less `keys`."""
        return MarkedDict({k: v for k, v in self.items() if k not in keys}, self.where, self.marks)

    def only(self, *keys: str) -> MarkedDict:
        """The same mapping, of its keys only `keys`."""
        return MarkedDict({k: v for k, v in self.items() if k in keys}, self.where, self.marks)


def read(content: bytes, file: str) -> tuple[MarkedDict, list[Problem]]:
    """The mapping that the YAML text `content` of `file` is, and what is wrong with it.

    A file that cannot be read at all is an empty mapping with one problem. A key given twice is a problem; the first
    one counts.
    """
    if len(content) > SIZE_LIMIT:
        return _nothing(file), [
            Problem("definition-file-too-large", Location(file), str(len(content)), str(SIZE_LIMIT))
        ]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = content.count(b"\n", 0, wrong.start) + 1
        return _nothing(file), [Problem("definition-not-utf8", Location(file, line=line))]
    loader = _Loader(text, file)
    try:
        value = loader.get_single_data()
    except yaml.YAMLError as wrong:
        return _nothing(file), [*loader.problems, _syntax_problem(wrong, file)]
    except RecursionError:
        return _nothing(file), [Problem("definition-syntax", Location(file), found="nested too deeply")]
    finally:
        loader.dispose()
    if value is None:
        return _nothing(file), loader.problems
    if not isinstance(value, MarkedDict):
        return _nothing(file), [Problem("definition-not-a-mapping", Location(file, line=1))]
    return value, loader.problems


def _nothing(file: str) -> MarkedDict:
    return MarkedDict(where=Location(file, line=1))


def _syntax_problem(wrong: yaml.YAMLError, file: str) -> Problem:
    if isinstance(wrong, _Alias):
        return Problem("definition-alias", Location(file, line=wrong.line))
    mark = getattr(wrong, "problem_mark", None)
    line = mark.line + 1 if mark else 1
    description = getattr(wrong, "problem", None) or str(wrong).splitlines()[0]
    return Problem("definition-syntax", Location(file, line=line), found=description)


class _Alias(yaml.YAMLError):
    """An anchor that is used a second time. The C parser resolves aliases before anyone sees them; a node met twice
    is what is left of one."""

    def __init__(self, line: int) -> None:
        self.line = line
        super().__init__("alias")


class _Loader(yaml.CSafeLoader):
    def __init__(self, text: str, file: str) -> None:
        super().__init__(text)
        self.file = file
        self.problems: list[Problem] = []
        self.met: set[Any] = set()

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        if node in self.met:
            raise _Alias(node.start_mark.line + 1)
        self.met.add(node)
        return super().construct_object(node, deep)

    def location(self, node: Any) -> Location:
        return Location(self.file, line=node.start_mark.line + 1)


def _mapping(loader: _Loader, node: Any) -> MarkedDict:
    mapping = MarkedDict(where=loader.location(node))
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        where = loader.location(key_node)
        value = loader.construct_object(value_node, deep=True)
        if not isinstance(key, (str, int, date)):
            raise ConstructorError(None, None, "a key is a word or a date", key_node.start_mark)
        if key in mapping:
            first = str(mapping.marks[key].line)
            loader.problems.append(Problem("definition-key-twice", where, str(key), first))
            continue
        mapping[key] = value
        mapping.marks[key] = where
    return mapping


def _list(loader: _Loader, node: Any) -> list[Any]:
    return [loader.construct_object(item, deep=True) for item in node.value]


def _bool(_: _Loader, node: Any) -> object:
    return {"true": True, "false": False}.get(node.value.lower(), node.value)


def _int(_: _Loader, node: Any) -> object:
    """Only what prints back as it was written: 0123 and 1_000 stay text, and so a code stays a code."""
    return int(node.value) if _PLAIN_INT.fullmatch(node.value) else node.value


def _decimal(_: _Loader, node: Any) -> object:
    return Decimal(node.value) if _PLAIN_DECIMAL.fullmatch(node.value) else node.value


def _date(_: _Loader, node: Any) -> object:
    try:
        return date.fromisoformat(node.value)
    except ValueError:
        return node.value


def _word(_: _Loader, node: Any) -> object:
    return node.value


def _tag(_: _Loader, node: Any) -> object:
    raise ConstructorError(None, None, f"{node.tag} is not used here", node.start_mark)


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:seq", _list)
_Loader.add_constructor("tag:yaml.org,2002:bool", _bool)
_Loader.add_constructor("tag:yaml.org,2002:int", _int)
_Loader.add_constructor("tag:yaml.org,2002:float", _decimal)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _date)
# `<<` and `=` are words here: a mapping says all its keys itself.
_Loader.add_constructor("tag:yaml.org,2002:merge", _word)
_Loader.add_constructor("tag:yaml.org,2002:value", _word)
for _kind in ("binary", "omap", "pairs", "set"):
    _Loader.add_constructor(f"tag:yaml.org,2002:{_kind}", _tag)
