"""Running one case: its returns on a scratch store, its checks and figures computed, what came out beside what was
expected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ruralpb import store
from ruralpb.app.define.reach import in_play, is_about_changed, mentioned
from ruralpb.app.define.sources import definitions_with_cases
from ruralpb.app.sessions import session_basis
from ruralpb.core.problems import NOWHERE, CannotRun, Problem
from ruralpb.model import Level, Library, Value
from ruralpb.model.loader import OWN, Case, figure_of
from ruralpb.model.loader.suggest import unknown
from ruralpb.rules import checks, indicators
from ruralpb.rules.definitions.case_misses import CaseResult, misses


def test(folder: Path | None, only: Sequence[str]) -> tuple[CaseResult, ...]:
    """Run the cases beside the definitions. `only`: those that mention one of these check or indicator ids, or whose
    file's name begins so (a form, a domain). A built-in case about something the project defines otherwise is left out: it says
    what the built-in definition means.

    Raises CannotRun (exit 2) when the definitions or the cases have errors, or a word of `only` names nothing.
    """
    definitions, cases = definitions_with_cases(folder)
    for word in only:
        if not any(_is_about(case, word) for case in cases):
            tested = {id_ for case in cases for id_ in mentioned(case)}
            raise CannotRun(unknown("definition-id-unknown", NOWHERE, word, tested))
    wanted = [case for case in cases if not only or any(_is_about(case, word) for word in only)]
    with store.ScratchEngine() as engine:
        return tuple(_result(case, definitions.library, engine) for case in wanted)


def _result(case: Case, library: Library, engine: store.ScratchEngine) -> CaseResult:
    if not case.where.file.startswith(OWN) and is_about_changed(case, library):
        return CaseResult(case.name, case.where, (), left_out=True)
    return run(case, library, engine)


def _is_about(case: Case, word: str) -> bool:
    file = case.where.file.rsplit("/", 1)[-1]
    return word in mentioned(case) or file.startswith(f"{word}.")


def run(case: Case, library: Library, engine: store.ScratchEngine) -> CaseResult:
    """Run one case."""
    case, library = in_play(case, library)
    with stage(case, library, engine) as session:
        return judge(case, library, session)


def stage(case: Case, library: Library, engine: store.ScratchEngine) -> store.Session:
    """The case's returns on a scratch store. It depends on the library's forms only."""
    given = [store.Given(r.reporter_code, r.form, r.period, r.rows) for r in case.given]
    return engine.session(session_basis(library, case.register, case.settings, case.period), given)


def judge(case: Case, library: Library, session: store.Session) -> CaseResult:
    """What comes out of a case on its stage, beside what was expected."""
    verdicts, problems = _verdicts(case, library, session)
    values, refused = _values(case, library, session)
    errors = tuple(problem for problem in (*problems, *refused) if problem.severity == "error")
    return CaseResult(case.name, case.where, tuple(misses(case, verdicts, values)), errors)


def _verdicts(
    case: Case, library: Library, session: store.Session
) -> tuple[list[checks.Verdict], list[Problem]]:
    ids = {*case.expect, *case.message}
    if not ids:
        return [], []
    plans, problems = checks.plans(library, case.register, case.settings, case.period, only=ids)
    return [verdict for plan in plans for verdict in checks.evaluate(plan, session.query)], problems


def _values(case: Case, library: Library, session: store.Session) -> tuple[list[Value], list[Problem]]:
    if not case.values:
        return [], []
    named = {name for wanted in case.values.values() if isinstance(wanted, Mapping) for name in wanted}
    levels: set[Level] = {"county", *(unit.level for unit in case.register.units if unit.name in named)}
    wanted = indicators.FiguresWanted({figure_of(key) for key in case.values}, levels, compare=())
    basis = indicators.FiguresBasis(indicators.Formulas(library, case.register), case.settings, session.query)
    return indicators.compute(basis, case.period, wanted)
