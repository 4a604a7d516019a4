"""The cases beside the library notice when a definition is broken: each check and each indicator, in one place at a time.

Every definition is broken as a whole (turned round, left out, doubled). `RURALPB_MUTATIONS=all` breaks each in every place of its
expressions, which takes some minutes.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

import pytest
from mutants import Mutant, fine, plain

from ruralpb.app.define.reach import in_play, mentioned
from ruralpb.app.define.trial import judge, stage
from ruralpb.model import Check, Indicator, Library, loader
from ruralpb.model.loader import Case, Definitions, figure_of
from ruralpb.store import ScratchEngine, Session

ALL = os.environ.get("RURALPB_MUTATIONS") == "all"

_BLANKS = "a blank is never counted; the condition keeps it from being told as unknown"
_YEAR = "the year's periods are read up to this one only; the condition says so to the reader"
EQUIVALENT = {
    "R19": ("post_date < $end", "a month stands for its first day"),
    "org_alliance_n": ("[where any]", _BLANKS),
    "service_sites": ("[where any]", _BLANKS),
    "hh_income_min": ("[where any]", _BLANKS),
    "hh_income_max": ("[where any]", _BLANKS),
    "trained_cadre_n": ("c.year = $year)", _YEAR),
    "committee_train_cover": ("t.year = $year)", _YEAR),
    "resident_train_cover": ("t.year = $year)", _YEAR),
    "team_train_cover": ("t.year = $year)", _YEAR),
    "resident_train_twice_rate": ("t.year = $year)", _YEAR),
    "secretary_hours_rate": ("t.year = $year)", _YEAR),
}
"""Mutants that say the same: definition → what its expression holds, and why no case can tell."""


@cache
def built_in() -> Definitions:
    return loader.load(loader.sources(None))[0]


@cache
def cases() -> tuple[Case, ...]:
    return loader.cases(loader.sources(None), built_in().library)[0]


def groups() -> dict[str, list[Check | Indicator]]:
    """The definitions that an expression says, by form or domain."""
    found: dict[str, list[Check | Indicator]] = defaultdict(list)
    for check in built_in().library.checks.values():
        if check.expr:
            found[check.form].append(check)
    for indicator in built_in().library.indicators.values():
        found[f"indicators of {indicator.domain}"].append(indicator)
    return found


def about(case: Case, id_: str) -> Case:
    """What the case says of one definition."""
    return replace(
        case,
        expect={k: v for k, v in case.expect.items() if k == id_},
        message={k: v for k, v in case.message.items() if k == id_},
        values={k: v for k, v in case.values.items() if figure_of(str(k)) == id_},
    )


def notices(case: Case, mutant: Mutant, library: Library, session: Session) -> bool:
    """True when the case does not hold with the mutant in the definition's place. One that cannot be compiled is noticed by
    `define check`."""
    definition = mutant.definition
    if isinstance(definition, Check):
        changed = replace(library, checks={**library.checks, definition.id: definition})
    else:
        changed = replace(library, indicators={**library.indicators, definition.id: definition})
    return not judge(case, changed, session).holds


def unnoticed(broken: dict[str, list[Mutant]], among: Iterable[Case]) -> list[str]:
    """Run the cases on one stage each; what no case has noticed at the end."""
    left = broken
    with ScratchEngine() as engine:
        for case in among:
            left = left | still_unnoticed(left, case, engine)
    return [f"{id_}: {m.says}" for id_ in left for m in left[id_] if not is_equivalent(id_, m)]


def still_unnoticed(
    left: dict[str, list[Mutant]], case: Case, engine: ScratchEngine
) -> dict[str, list[Mutant]]:
    """What a case does not notice of the definitions that it mentions."""
    ids = [id_ for id_ in left if left[id_] and id_ in mentioned(case)]
    if not ids:
        return {}
    # Checks of all forms would put the whole library on stage.
    own = replace(case, expect={k: v for k, v in case.expect.items() if k in ids}, message={})
    _, part = in_play(own, built_in().library)
    with stage(case, part, engine) as session:
        return {id_: [m for m in left[id_] if not notices(about(case, id_), m, part, session)] for id_ in ids}


def is_equivalent(id_: str, mutant: Mutant) -> bool:
    return id_ in EQUIVALENT and EQUIVALENT[id_][0] in mutant.says


@pytest.mark.parametrize("group", groups())
def test_no_definition_can_be_broken_without_a_case_noticing(group: str) -> None:
    breaks = fine if ALL else plain
    broken = {definition.id: list(breaks(definition)) for definition in groups()[group]}
    assert unnoticed(broken, cases()) == []


def test_a_case_that_says_nothing_notices_nothing() -> None:
    """The measure itself: without expectations every mutant is left over."""
    definition = built_in().library.checks["R01"]
    silent = [replace(case, expect={}, message={}, values={}) for case in cases()]
    assert len(unnoticed({"R01": list(plain(definition))}, silent)) == 2
