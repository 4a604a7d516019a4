"""What the tests of the program share: a calm environment, and projects that are made once."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from command_line import Demonstrated, demonstrate, ruralpb, small_county
from filelock import FileLock


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


@pytest.fixture(scope="session")
def demonstrated(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Demonstrated:
    """A folder in which `ruralpb demo` has run: the whole sample county, made once for all workers. For reading only."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    folder, done = shared / "demonstrated", shared / "demonstrated.json"
    with FileLock(shared / "demonstrated.lock"):
        if not done.is_file():
            folder.mkdir()
            code, said = demonstrate(folder)
            done.write_text(json.dumps([code, said]), "utf-8")
        code, said = json.loads(done.read_text("utf-8"))
    return Demonstrated(folder, code, said)
