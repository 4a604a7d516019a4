"""What docs/generate.py writes is what stands in the repository."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest
from command_line import ruralpb

from ruralpb.app import definition_files
from ruralpb.model import loader

ROOT = Path(__file__).resolve().parents[2]
REMEDY = "run `python docs/generate.py`"


@pytest.fixture(scope="module")
def generate() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "docs/generate.py"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_shipped_help_is_what_typer_prints(generate: dict[str, Any], lang: str) -> None:
    shipped = (ROOT / f"ruralpb/library/messages/{lang}/help.txt").read_text("utf-8")
    assert shipped == generate["help_page"](lang), REMEDY
    assert ruralpb("--help", "--lang", lang).out == shipped


def test_the_command_reference_is_that_of_the_program(generate: dict[str, Any]) -> None:
    page = (ROOT / "docs/cli.md").read_text("utf-8")
    between = page.split(generate["BEGIN"])[1].split(generate["END"])[0]
    assert between == generate["commands"](), REMEDY


def test_the_library_is_the_one_whose_expressions_were_verified(generate: dict[str, Any]) -> None:
    assert (ROOT / "ruralpb/library/verified").read_text("ascii") == generate["verified"](), REMEDY


def test_a_library_that_is_changed_is_verified_again() -> None:
    files = loader.sources(None)
    checks = files["library/forms/committee.yaml"]
    files["library/forms/committee.yaml"] = checks.replace(b"id_ok(id_card)", b"id_ok(no_such_field)")
    slugs = {problem.slug for problem in definition_files.read(files)[1]}
    assert "rule-name" in slugs


def test_every_command_is_in_help_and_reference(generate: dict[str, Any]) -> None:
    commands = ("demo", "init", "ingest", "status", "validate", "indicators", "trace", "report", "export", "sql", "rebuild", "run", "define")  # fmt: skip
    for lang in ("zh", "en"):
        assert [c for c in commands if f"\n  {c} " not in generate["help_page"](lang)] == []
    assert [c for c in commands if f"### `ruralpb {c}" not in generate["commands"]()] == []
