"""Every entry of the dirty-return catalogue has a test of its own."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from dirty_returns import SHOWN

from ruralpb.model.loader import load, sources

ENTRIES = {f"D{number:02}" for number in range(1, 120)}


def test_every_entry_is_shown() -> None:
    for module in sorted(Path(__file__).parent.glob("test_dirty_*.py")):
        import_module(module.stem)
    assert SHOWN == ENTRIES


def test_every_rule_of_the_reader_is_an_entry_that_is_shown() -> None:
    definitions, _ = load(sources(None))
    rules = {
        check.id
        for check in definitions.library.checks.values()
        if check.stage == "intake" and check.id[0] == "D"
    }
    assert rules <= ENTRIES
    assert len(rules) > 70
