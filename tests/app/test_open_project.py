"""A project's definitions are read once, and found again while nothing they depend on changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import small_county

from ruralpb.app import definition_files
from ruralpb.app.opening import open_project


def test_definitions_that_were_read_are_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = small_county(tmp_path / "county")
    (folder / ".ruralpb").mkdir()
    first = open_project(folder).definitions

    def fail(*_: object) -> None:
        raise AssertionError("read anew")

    monkeypatch.setattr(definition_files, "load", fail)
    assert open_project(folder).definitions == first
