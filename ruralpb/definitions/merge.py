"""Definition files → raw definitions by id, the project's laid over the library's.

A project's field, check, indicator or standard with the id of a built-in one gives only the keys that differ; a key
it gives replaces the built-in's key whole. A new id is a new definition. An id twice at one tier is a problem.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ruralpb.definitions import marked
from ruralpb.definitions.marked import MarkedDict
from ruralpb.definitions.schema import unknown
from ruralpb.problems import Location, Problem

CASES = ".cases.yaml"

Raws = dict[str, MarkedDict]
"""Id → mapping, in order of definition."""

_SECTIONS = ("form", "common_fields", "domain", "standards", "indicators", "checks", "watches", "scores", "lists", "mappings")
"""Top-level keys of a file that is no form."""


@dataclass
class RawDefinitions:
    """Everything the files say, by id, before it is read against the schema."""

    forms: Raws = field(default_factory=dict)
    fields: dict[str, Raws] = field(default_factory=dict)
    """Form id → its fields."""
    common: Raws = field(default_factory=dict)
    checks: Raws = field(default_factory=dict)
    standards: Raws = field(default_factory=dict)
    indicators: Raws = field(default_factory=dict)
    domains: Raws = field(default_factory=dict)
    watches: Raws = field(default_factory=dict)
    scores: Raws = field(default_factory=dict)
    lists: Raws = field(default_factory=dict)
    mappings: list[MarkedDict] = field(default_factory=list)
    """Headers a person has confirmed, of all tiers: they add up."""
    problems: list[Problem] = field(default_factory=list)
    tiers: dict[tuple[int, str], int] = field(default_factory=dict)
    """Which tier said an id of one of the dicts above last."""


def merged(tiers: Iterable[Mapping[str, bytes]]) -> RawDefinitions:
    """Read the YAML files of each tier (name → content), low to high, and lay the higher over the lower."""
    raw = RawDefinitions()
    for tier, files in enumerate(tiers):
        for file, content in sorted(files.items()):
            if file.endswith(".yaml") and not file.endswith(CASES):
                top, problems = marked.read(content, file)
                raw.problems += problems
                _add_file(raw, top, tier)
    return raw


def _add_file(raw: RawDefinitions, top: MarkedDict, tier: int) -> None:
    form = top.get("form")
    if form is None or form == "all":
        _add_sections(raw, top, tier)
    else:
        _put(raw, raw.forms, str(form), top.without("fields", "checks"), tier)
        _put_list(raw, raw.fields.setdefault(str(form), {}), top, "fields", tier)
        _put_list(raw, raw.checks, top, "checks", tier, form=str(form))


def _add_sections(raw: RawDefinitions, top: MarkedDict, tier: int) -> None:
    raw.problems += [
        unknown("definition-key-unknown", top.at(key), key, _SECTIONS) for key in top if key not in _SECTIONS
    ]
    domain = top.get("domain")
    stated: dict[str, str] = {}
    if isinstance(domain, MarkedDict) and isinstance(domain.get("id"), str):
        _put(raw, raw.domains, domain["id"], domain, tier)
        stated["domain"] = domain["id"]
    elif domain is not None:
        raw.problems.append(_wants("mapping", "domain", domain, top.at("domain"), "{id: …, title: …}"))
    _put_list(raw, raw.common, top, "common_fields", tier)
    _put_list(raw, raw.standards, top, "standards", tier)
    _put_list(raw, raw.indicators, top, "indicators", tier, **stated)
    _put_list(raw, raw.watches, top, "watches", tier)
    _put_list(raw, raw.scores, top, "scores", tier)
    _put_list(raw, raw.lists, top, "lists", tier)
    mappings = top.get("mappings")
    if mappings is not None and not isinstance(mappings, list):
        raw.problems.append(_wants("list", "mappings", mappings, top.at("mappings")))
    for item in mappings if isinstance(mappings, list) else ():
        if isinstance(item, MarkedDict):
            raw.mappings.append(item)
        else:
            raw.problems.append(_wants("mapping", "mappings", item, top.at("mappings"), "{form: …}"))
    for_all = {"form": "all"} if top.get("form") == "all" else {}
    _put_list(raw, raw.checks, top, "checks", tier, **for_all)


def _put_list(raw: RawDefinitions, into: Raws, top: MarkedDict, key: str, tier: int, **stated: str) -> None:
    """Put every mapping of the list `top[key]` under its id. `stated` are keys the file says for all of them."""
    items = top.get(key)
    if items is None:
        return
    if not isinstance(items, list):
        raw.problems.append(_wants("list", key, items, top.at(key)))
        return
    for item in items:
        if not isinstance(item, MarkedDict):
            raw.problems.append(_wants("mapping", key, item, top.at(key), "{id: …}"))
            continue
        id_ = item.get("id")
        if not isinstance(id_, str):
            data = {"key": "id", "shape": key, "id": str(item.get("title", "?"))}
            raw.problems.append(Problem("definition-key-missing", item.where, data=data))
            continue
        for name, value in stated.items():
            item.setdefault(name, value)
        _put(raw, into, id_, item, tier)


def _put(raw: RawDefinitions, into: Raws, id_: str, item: MarkedDict, tier: int) -> None:
    place = (id(into), id_)
    if id_ in into and raw.tiers[place] == tier:
        raw.problems.append(Problem("definition-id-twice", item.where, id_, str(into[id_].where)))
        return
    into[id_] = item.over(into[id_]) if id_ in into else item
    raw.tiers[place] = tier


def _wants(kind: str, key: str, found: object, where: Location, expected: str = "") -> Problem:
    shown = "{…}" if isinstance(found, dict) else "[…]" if isinstance(found, list) else str(found)
    return Problem(f"definition-wants-{kind}", where, shown, expected, data={"key": key})
