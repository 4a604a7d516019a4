"""Nothing but a command's own output reaches standard output, whatever the libraries it uses print."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys

import pytest
from command_line import TOWNSHIPS, ruralpb, small_county

from ruralpb.cli.program import COMMANDS, DEFINE

NOISY = """
import ctypes, json, os, pathlib, sys
from ruralpb import __main__
from ruralpb.app import demo
from ruralpb.cli import program

def noisy(command):
    def called(terminal, *arguments):
        print("NOISE of Python", flush=True)
        os.write(1, b"NOISE of a descriptor\\n")
        ctypes.CDLL(None).printf(b"NOISE of C, held back until the process ends\\n")
        return command(terminal, *arguments)
    called.__annotations__ = {name: getattr(sys.modules[command.__module__], hint, hint)
                              for name, hint in command.__annotations__.items()}
    return called

function_of = program.function_of
program.function_of = lambda path: noisy(function_of(path))
shipped, samples = demo.shipped_path, pathlib.Path("samples").resolve()
demo.shipped_path = lambda name: samples if name == "samples" else shipped(name)
__main__._reserve_stdout()
for words in json.loads(sys.argv[1]):
    sys.stdout.write(chr(30))
    __main__.main(words)
"""
"""The program, each of whose commands uses a library that prints in three ways; a record separator before what each says."""

Q = ("--quarter", "2026Q1")
TABLES: dict[str, tuple[str, ...]] = {
    "export facts": ("export", "facts", "--form", "issue", *Q),
    **{
        f"export {what}": ("export", what, *Q)
        for what in ("indicators", "findings", "notes", "amendments", "submissions", "units")
    },
}
IN_JSON: dict[str, tuple[str, ...]] = {
    "demo": ("demo", "demonstration"),
    "init": ("init", "new"),
    "blanks": ("blanks", *Q, "--out", "made/blanks"),
    "ingest": ("ingest", "returns/2026Q1"),
    "status": ("status", *Q),
    "schedule": ("schedule", "--cron"),
    "feedback": ("feedback", *Q, "--out", "made/feedback"),
    "run": ("run", *Q),
    "rebuild": ("rebuild",),
    "doctor": ("doctor",),
    "backup": ("backup", "made/kept.ruralpb"),
    "restore": ("restore", "made/kept.ruralpb", "made/restored"),
    "validate": ("validate", *Q),
    "indicators": ("indicators", *Q),
    "trace": ("trace", "one_shoulder_rate", *Q),
    "report": ("report", *Q, "--format", "md", "--out", "made/report"),
    "unlock": ("unlock", *Q, "--reason", "更正", "--by", "李"),
    "diff": ("diff", "2025Q4", "2026Q1"),
    "watch": ("watch", *Q),
    "score": ("score", *Q),
    "lists": ("lists", *Q),
    "ledger": ("ledger", TOWNSHIPS[0], "--form", "issue"),
    "explain": ("explain", "X99-000000000000", "--reason", "无", "--by", "李"),
    "amend": ("amend", "no-such-submission"),
    "withdraw": ("withdraw", "no-such-submission", "--reason", "无", "--by", "李"),
    "history": ("history",),
    "export": ("export", "units"),
    "sql": ("sql", "select 1 as one", *Q),
    "define check": ("define", "check"),
    "define test": ("define", "test", "R38"),
    "define list": ("define", "list", "checks"),
    "define show": ("define", "show", "R38"),
    "define schema": ("define", "schema"),
}
PAGE = ("define", "show", "R38")
REFUSED = {"unlock", "explain", "amend", "withdraw"}
"""Commands that say here why they do nothing: on stderr."""


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Command → what reached standard output, in a project with two townships' returns of two quarters."""
    folder = small_county(tmp_path_factory.mktemp("stdout") / "county")
    small_county(folder / "samples")  # what demo copies
    for quarter in ("2025Q4", "2026Q1"):
        assert ruralpb("ingest", folder / "returns" / quarter, "-q", project=folder).code in (0, 1)
    commands = {name: (*words, "--json") for name, words in IN_JSON.items()} | TABLES | {"page": PAGE}
    env = {k: v for k, v in os.environ.items() if not k.startswith("RURALPB")} | {"PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-c", NOISY, json.dumps([*commands.values()])],
        cwd=folder, env=env, capture_output=True, encoding="utf-8", stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("NOISE") == 3 * len(commands), done.stderr
    return dict(zip(commands, done.stdout.split("\x1e")[1:], strict=True))


def test_every_command_is_tried() -> None:
    assert {*COMMANDS, *(f"define {name}" for name in DEFINE)} == IN_JSON.keys()


@pytest.mark.parametrize("command", IN_JSON)
def test_json_is_all_there_is_on_stdout(said: dict[str, str], command: str) -> None:
    if command in REFUSED:
        assert said[command] == ""
    else:
        json.loads(said[command])


@pytest.mark.parametrize("what", TABLES)
def test_a_table_is_all_there_is_on_stdout(said: dict[str, str], what: str) -> None:
    head, *rows = csv.reader(io.StringIO(said[what].removeprefix("\ufeff")))
    assert head
    assert all(len(row) == len(head) for row in rows)


def test_what_a_person_reads_has_no_noise_either(said: dict[str, str]) -> None:
    assert "R38" in said["page"]
    assert "NOISE" not in said["page"]
