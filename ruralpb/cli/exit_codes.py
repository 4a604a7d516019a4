"""Exit codes: what a command tells the shell. docs/cli.md is the contract."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """DONE also where a query is open: only what blocks the next step is to be acted on."""

    DONE = 0
    TO_ACT_ON = 1
    """Done, and something is left to a person: files not taken, open errors and queries, missing returns with --strict,
    cases that fail, deviations of a layout, a seal that differs, a format that could not be made."""
    NOT_AS_ASKED = 2
    """The command line, a definition or a setting is wrong; nothing was done."""
    ENVIRONMENT = 3
    """The disk, another process, an interrupt or a fault of the program."""


def done(to_act_on: object) -> ExitCode:
    """Return the code of a command that did its work: TO_ACT_ON where anything is left to act on."""
    return ExitCode.TO_ACT_ON if to_act_on else ExitCode.DONE
