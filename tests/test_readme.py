"""The sessions in README and docs are real: each ```console block is run as printed, and must say what it shows.

A block is a session. A line that starts with `$ ` is typed (a trailing `\\` goes on in the next line), the lines below it are what
it prints; `…` on a line of its own stands for any number of lines, `…` inside a line for any text. All blocks of a page run in
order, in one folder in which `ruralpb demo` has run once, as it leaves it: `ruralpb-demo/`. `cd` holds to the end of the page.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "README.zh-CN.md", *sorted((ROOT / "docs").glob("*.md"))]
INSTALLS = (
    "python -m venv",
    "python3 -m venv",
    "pip install",
    ". .venv",
    "source ",
    ".venv",
    "git clone",
    "py -m",
)
"""Commands of the set-up, which .ci/run does as printed; the rest of their block is not run here."""


@dataclass(frozen=True)
class Step:
    """A command and the lines it must print."""

    line: int
    command: str
    shown: tuple[str, ...]


def sessions(text: str) -> Iterator[list[Step]]:
    """The ```console blocks of a page."""
    for block in re.finditer(r"^```console\n(.*?)^```$", text, re.M | re.S):
        first = text.count("\n", 0, block.start(1)) + 1
        steps: list[Step] = []
        lines = block[1].splitlines()
        at = 0
        while at < len(lines):
            line, typed = first + at, lines[at]
            at += 1
            if not typed.startswith("$ "):
                assert steps, f"line {line}: a session starts with `$ `"
                steps[-1] = Step(steps[-1].line, steps[-1].command, (*steps[-1].shown, typed))
                continue
            while typed.endswith("\\") and at < len(lines):
                typed = typed[:-1] + lines[at].removeprefix("> ").strip()
                at += 1
            steps.append(Step(line, typed[2:], ()))
        yield steps


def agrees(shown: tuple[str, ...], printed: str) -> bool:
    """Whether the page shows what was printed. Trailing blanks and blank lines at the ends do not count."""
    wanted = [line.rstrip() for line in "\n".join(shown).strip("\n").splitlines()]
    got = [line.rstrip() for line in printed.strip("\n").splitlines()]
    while got and not got[0]:
        got.pop(0)
    while got and not got[-1]:
        got.pop()
    pattern = "".join(
        r"(?:[^\n]*\n)*?" if line.strip() == "…" else re.escape(line).replace("…", r"[^\n]*?") + r"\n"
        for line in wanted
    )
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in got)) is not None


@cache
def environment() -> dict[str, str]:
    """The program under test first on the PATH, nothing of ours in its way."""
    kept = {
        k: v
        for k, v in os.environ.items()
        if not k.startswith(("RURALPB", "PYTEST")) and k not in ("NO_COLOR", "LANG")
    }
    scripts = str(Path(sys.executable).parent)
    return kept | {
        "PATH": scripts + os.pathsep + kept.get("PATH", ""),
        "COLUMNS": "120",
        "PYTHONIOENCODING": "utf-8",
    }


def play(page: str, folder: Path, lang: str) -> list[str]:
    """Run every session of a page in `folder`; return where it shows something else than is printed."""
    wrong: list[str] = []
    for steps in sessions(page):
        if any(step.command.startswith(INSTALLS) for step in steps):
            continue
        for step in steps:
            folder, said = _type(step.command, folder, lang)
            if not agrees(step.shown, said):
                wrong.append(
                    f"line {step.line}: $ {step.command}\n--- shown\n"
                    + "\n".join(step.shown)
                    + f"\n--- printed\n{said}"
                )
    return wrong


def _type(command: str, folder: Path, lang: str) -> tuple[Path, str]:
    if command.startswith("cd "):
        return folder / command[3:].strip(), ""
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment() | {"RURALPB_LANG": lang},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    return folder, done.stdout


@pytest.fixture(scope="session")
def demonstrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which `ruralpb demo` has run."""
    folder = tmp_path_factory.mktemp("readme")
    _, said = _type("ruralpb demo", folder, "en")
    assert (folder / "ruralpb-demo/out").is_dir(), said
    return folder


def _has_sessions(page: Path) -> bool:
    return page.is_file() and any(True for _ in sessions(page.read_text("utf-8")))


@pytest.mark.skipif(shutil.which("bash") is None, reason="sessions are typed into bash")
@pytest.mark.xdist_group("readme")
@pytest.mark.parametrize("page", [p for p in PAGES if _has_sessions(p)], ids=lambda page: page.name)
def test_the_sessions_of_a_page_say_what_it_shows(page: Path, demonstrated: Path, tmp_path: Path) -> None:
    own = Path(shutil.copytree(demonstrated, tmp_path / "here"))
    wrong = play(page.read_text("utf-8"), own, "zh" if "zh" in page.name else "en")
    assert not wrong, "\n\n".join(wrong)


# ------------------------------------------------------------------------------- the player itself


def test_a_session_is_commands_and_what_they_print() -> None:
    page = "text\n```console\n$ echo a \\\n> b\na b\n\nc\n$ true\n```\n```python\n$ no\n```\n```console\n$ x\n```\n"
    assert list(sessions(page)) == [
        [Step(3, "echo a b", ("a b", "", "c")), Step(8, "true", ())],
        [Step(14, "x", ())],
    ]


@pytest.mark.parametrize(
    ("shown", "printed", "right"),
    [
        (("a", "b"), "a\nb\n", True),
        (("a",), "\na  \n\n", True),
        (("a", "…", "d"), "a\nb\nc\nd\n", True),
        (("a", "…"), "a\n", True),
        (("…",), "", True),
        (("in … seconds",), "in 3.2 seconds", True),
        (("a",), "b\n", False),
        (("a",), "a\nb\n", False),
        (("a", "b"), "a\n", False),
        (("a", "…", "d"), "a\nb\n", False),
        (("a.c",), "abc", False),
        ((), "said something", False),
    ],
)
def test_what_is_shown_is_what_is_printed(shown: tuple[str, ...], printed: str, right: bool) -> None:
    assert agrees(shown, printed) is right


def test_a_page_that_shows_something_else_is_told_with_its_line(tmp_path: Path) -> None:
    page = "```console\n$ ruralpb --version\nruralpb 99\n$ cd sub\n$ ls\na\n```\n"
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/a").touch()
    (wrong,) = play(page, tmp_path, "en")
    assert wrong.startswith("line 2: $ ruralpb --version")
    assert play(page.replace("ruralpb 99", "ruralpb …"), tmp_path, "en") == []


def test_the_set_up_is_left_to_the_fresh_environment(tmp_path: Path) -> None:
    assert play("```console\n$ pip install no-such-thing\n$ ruralpb nothing\n```\n", tmp_path, "en") == []
