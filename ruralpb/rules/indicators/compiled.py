"""Formulas as they were compiled, each once: a report asks for the same one for its figures, for the cells behind them and for the
quarters it looks back on."""

from __future__ import annotations

from datetime import date

from ruralpb.core.periods import Period
from ruralpb.model import Indicator, Library, Register, StandardsOn
from ruralpb.rules.indicators.formula import Formula, compile_formula


class Formulas:
    """The formulas of one library on one register. `formula` compiles what it has not compiled before."""

    def __init__(self, library: Library, register: Register) -> None:
        self.library, self.register = library, register
        self._compiled: dict[tuple[str, Period | None, str], dict[date, Formula]] = {}

    def formula(self, indicator: Indicator, at: Period, standards_on: date, by: str = "") -> Formula:
        """Return the indicator's formula with the parameters of `at` and the standards of a day, broken down by one of its `by`.
        What cannot be computed is in its `problems`."""
        formula = self._found(indicator, at, standards_on, by)
        if formula is None:
            if by:
                formula = self.formula(indicator, at, standards_on).broken_down(by)
            else:
                formula = compile_formula(self.library, self.register, indicator, at, standards_on)
            key = (indicator.id, None if formula.timeless else at, by)
            self._compiled.setdefault(key, {})[standards_on] = formula
        return formula

    def _found(self, indicator: Indicator, at: Period, day: date, by: str) -> Formula | None:
        for period in (None, at):
            for compiled_on, formula in self._compiled.get((indicator.id, period, by), {}).items():
                same = formula.indicator is indicator
                if same and (compiled_on == day or self._alike(formula, compiled_on, day)):
                    return formula
        return None

    def _alike(self, formula: Formula, one: date, other: date) -> bool:
        """Whether the standards that a formula names have the same values on both days."""
        before, after = (StandardsOn(self.library.standards, self.register, day) for day in (one, other))
        return all(before.each(name) == after.each(name) for name in formula.standards)
