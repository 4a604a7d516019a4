"""Definition files → raw definitions by id, the project's laid over the library's.

A project's definition with the id of a built-in one gives only the keys that differ; a key it gives replaces the
built-in's key whole. A new id is a new definition. An id twice at one tier is a problem. `enabled: false` takes a form,
field or standard away with all that is its own; the other kinds know by themselves that they are off.

A file is a form with all that belongs to it (fields, checks, indicators, standards, cases …), or definitions of any
forms; what it says at its top goes without saying below.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ruralpb.core.problems import Location, Problem
from ruralpb.model.assessment import AssessmentRules
from ruralpb.model.definitions import Check, HeaderMapping, Indicator, IndicatorDomain
from ruralpb.model.loader import marked
from ruralpb.model.loader.kinds import Wrong
from ruralpb.model.loader.marked import MarkedDict
from ruralpb.model.loader.phrases import is_phrases
from ruralpb.model.loader.suggest import unknown
from ruralpb.model.loader.vocabulary import is_vocabulary
from ruralpb.model.registers import ListDefinition, Score, Watch
from ruralpb.model.standards import Standard

CASES = ".cases.yaml"
CASE_KEYS = ("period", "base", "base_period", "units", "cases")
"""Keys of a cases file that may stand in the file of the definitions they are about."""

Raws = dict[str, MarkedDict]
"""Id → mapping, in order of definition."""

SECTIONS: Mapping[str, type] = {
    "domain": IndicatorDomain,
    "standards": Standard,
    "indicators": Indicator,
    "checks": Check,
    "watches": Watch,
    "scores": Score,
    "lists": ListDefinition,
    "assessments": AssessmentRules,
    "mappings": HeaderMapping,
}
"""Top-level keys that any file may have, and what stands under each: one domain, a list of the others."""


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
    assessments: Raws = field(default_factory=dict)
    mappings: list[MarkedDict] = field(default_factory=list)
    """Headers a person has confirmed, of all tiers: they add up."""
    problems: list[Problem] = field(default_factory=list)
    off: dict[str, set[str]] = field(default_factory=dict)
    """Form id → its fields that are switched off, common ones among them."""
    tiers: dict[tuple[str, str], int] = field(default_factory=dict)
    """Kind of definition and id → the tier that said it last."""


def merged(tiers: Iterable[Mapping[str, bytes]]) -> RawDefinitions:
    """Read the YAML files of each tier (name → content), low to high, and lay the higher over the lower."""
    raw = RawDefinitions()
    for tier, files in enumerate(tiers):
        for file, content in sorted(files.items()):
            if (
                file.endswith(".yaml")
                and not file.endswith(CASES)
                and not is_vocabulary(file)
                and not is_phrases(file)
            ):
                top, problems = marked.read(content, file)
                raw.problems += problems
                _add_file(raw, top, tier)
    _take_away(raw)
    return raw


def _add_file(raw: RawDefinitions, top: MarkedDict, tier: int) -> None:
    form = top.get("form")
    if form is None or form == "all":
        keys = ("form", "common_fields", *SECTIONS, *CASE_KEYS)
        raw.problems += [
            unknown("definition-key-unknown", top.at(key), key, keys) for key in top if key not in keys
        ]
        _put_list(raw, raw.common, top, "common_fields", tier)
    else:
        _put(raw, raw.forms, ("form", str(form)), top.without("fields", *SECTIONS, *CASE_KEYS), tier)
        _put_list(raw, raw.fields.setdefault(str(form), {}), top, "fields", tier, f"fields of {form}")
    _add_sections(raw, top, tier)


def _add_sections(raw: RawDefinitions, top: MarkedDict, tier: int) -> None:
    form = top.get("form")
    of_form = {} if form is None else {"form": str(form)}
    counted = {} if form == "all" else of_form
    domain = top.get("domain")
    in_domain: dict[str, str] = {}
    if isinstance(domain, MarkedDict) and isinstance(domain.get("id"), str):
        _put(raw, raw.domains, ("domain", domain["id"]), domain, tier)
        in_domain["domain"] = domain["id"]
    elif domain is not None:
        raw.problems.append(_wants("mapping", "domain", domain, top.at("domain"), "{id: …, title: …}"))
    _put_list(raw, raw.standards, top, "standards", tier)
    _put_list(raw, raw.indicators, top, "indicators", tier, **in_domain, **counted)
    _put_list(raw, raw.checks, top, "checks", tier, **of_form)
    _put_list(raw, raw.watches, top, "watches", tier, **counted)
    _put_list(raw, raw.scores, top, "scores", tier)
    _put_list(raw, raw.lists, top, "lists", tier)
    _put_list(raw, raw.assessments, top, "assessments", tier)
    _add_mappings(raw, top)


def _add_mappings(raw: RawDefinitions, top: MarkedDict) -> None:
    mappings = top.get("mappings")
    if mappings is not None and not isinstance(mappings, list):
        raw.problems.append(_wants("list", "mappings", mappings, top.at("mappings")))
    for item in mappings if isinstance(mappings, list) else ():
        if isinstance(item, MarkedDict):
            raw.mappings.append(item)
        else:
            raw.problems.append(_wants("mapping", "mappings", item, top.at("mappings"), "{form: …}"))


def _take_away(raw: RawDefinitions) -> None:
    """Leave out the forms, fields and standards that `enabled: false` switches off, a form's fields and checks with it. What
    still reads them is a problem, like any name that is not there."""
    forms = _switched_off(raw, raw.forms)
    raw.checks = {id_: item for id_, item in raw.checks.items() if item.get("form") not in forms}
    _switched_off(raw, raw.standards)
    _switched_off(raw, raw.common)
    raw.off = {form: _switched_off(raw, fields) for form, fields in raw.fields.items()}


def _switched_off(raw: RawDefinitions, raws: Raws) -> set[str]:
    """Take the definitions that are switched off out of `raws`; their ids."""
    off = set()
    for id_, item in list(raws.items()):
        if "enabled" not in item:
            continue
        if not isinstance(item["enabled"], bool):
            raw.problems.append(_wants("flag", "enabled", item["enabled"], item.at("enabled")))
        if item["enabled"] is False:
            off.add(id_)
            del raws[id_]
        else:
            raws[id_] = item.without("enabled")
    return off


def _put_list(
    raw: RawDefinitions, into: Raws, top: MarkedDict, key: str, tier: int, kind: str = "", **stated: str
) -> None:
    """Put every mapping of the list `top[key]` under its id. `kind`: of what the ids are unique, where that is not `key`. `stated`
    are keys the file says for all of them."""
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
        _put(raw, into, (kind or key, id_), item, tier)


def _put(raw: RawDefinitions, into: Raws, named: tuple[str, str], item: MarkedDict, tier: int) -> None:
    """Put `item` under its kind and id, over what a lower tier says."""
    _, id_ = named
    if id_ in into and raw.tiers[named] == tier:
        raw.problems.append(Problem("definition-id-twice", item.where, id_, str(into[id_].where)))
        return
    into[id_] = item.over(into[id_]) if id_ in into else item
    raw.tiers[named] = tier


def _wants(kind: str, key: str, found: object, where: Location, expected: str = "") -> Problem:
    return Wrong(kind, found, expected).problem(key, where)
