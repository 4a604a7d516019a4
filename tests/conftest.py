"""What the tests of the program share: a calm environment, and projects that are made once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from command_line import ruralpb, small_county


@pytest.fixture(autouse=True)
def _calm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the environment that the program looks at."""
    for name in ("RURALPB_PROJECT", "RURALPB_DEBUG", "NO_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("RURALPB_LANG", "zh")


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two townships, two quarters, ingested. For reading only: who changes anything takes `own_county`."""
    folder = small_county(tmp_path_factory.mktemp("county") / "沅江市")
    said = ruralpb("ingest", folder / "returns", project=folder)
    assert said.code == 0, said.err
    return folder


@pytest.fixture
def own_county(county: Path, tmp_path: Path) -> Path:
    """A copy of `county` for one test."""
    return Path(shutil.copytree(county, tmp_path / "沅江市"))
