"""The unit a person names on the command line, and what lies below it."""

from __future__ import annotations

from datetime import date

from ruralpb.core.messages import listing
from ruralpb.core.problems import CannotRun, Problem
from ruralpb.model import Register, Unit
from ruralpb.model.unit_names import suggestions


def find_unit(register: Register, text: str, day: date) -> Unit:
    """Return the unit valid on `day` whose code, name or alias is `text`.

    Raises CannotRun (exit 2) when there is none, with the nearest names, or more than one, with their codes.
    """
    wanted = text.strip()
    units = [u for u in register.on(day) if wanted in (u.code, u.name, *u.aliases)]
    if len(units) == 1:
        return units[0]
    if units:
        codes = listing(f"{u.code} {u.name}" for u in units[:8])
        raise CannotRun(Problem("several-units", found=text, expected=codes))
    near = listing(suggestions(wanted, [u.name for u in register.on(day)]))
    raise CannotRun(Problem("no-such-unit", found=text, expected=near or "—"))


def unit_name(register: Register, code: str, day: date) -> str:
    """Return the name of a unit on a day; its code where the register does not have it."""
    unit = register.get(code, day)
    return unit.name if unit else code
