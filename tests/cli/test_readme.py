"""The sessions in README and docs are real: each ```console block is run as printed, and must say what it shows.

A block is a session. A line that starts with `$ ` is typed (a trailing `\\` goes on in the next line), the lines below it are what
it prints; `…` on a line of its own stands for any number of lines, `…` inside a line for any text. All blocks of a page run in
order, in one folder in which `ruralpb demo` has run once, as it leaves it: `ruralpb-demo/`. `cd` holds to the end of the page. A block
whose fence says `file=PATH` is written to that file first.
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
from command_line import Demonstrated

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "README.zh-CN.md", *sorted((ROOT / "docs").glob("*.md"))]


@dataclass(frozen=True)
class Step:
    """A command and the lines it must print."""

    line: int
    command: str
    shown: tuple[str, ...]


@dataclass(frozen=True)
class Written:
    """A block that a reader saves to a file."""

    path: str
    text: str


Session = list[Step]
_BLOCK = re.compile(r"^```(?:(?P<console>console)|\S+ file=(?P<file>\S+))\n(?P<text>.*?)^```$", re.M | re.S)


def blocks(page: str) -> Iterator[Session | Written]:
    """What a reader does with a page: type the sessions, save the files."""
    for block in _BLOCK.finditer(page):
        if block["file"]:
            yield Written(block["file"], block["text"])
        else:
            yield _session(block["text"].splitlines(), page.count("\n", 0, block.start("text")) + 1)


def _session(lines: list[str], first: int) -> Session:
    steps: Session = []
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
    return steps


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
    for block in blocks(page):
        if isinstance(block, Written):
            (folder / block.path).parent.mkdir(parents=True, exist_ok=True)
            (folder / block.path).write_text(block.text, "utf-8")
            continue
        for step in block:
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


def _has_sessions(page: Path) -> bool:
    return page.is_file() and any(True for _ in blocks(page.read_text("utf-8")))


@pytest.mark.skipif(shutil.which("bash") is None, reason="sessions are typed into bash")
@pytest.mark.parametrize("page", [p for p in PAGES if _has_sessions(p)], ids=lambda page: page.name)
def test_the_sessions_of_a_page_say_what_it_shows(
    page: Path, demonstrated: Demonstrated, tmp_path: Path
) -> None:
    own = Path(shutil.copytree(demonstrated.folder, tmp_path / "here"))
    wrong = play(page.read_text("utf-8"), own, "zh" if "zh" in page.name else "en")
    assert not wrong, "\n\n".join(wrong)


# ------------------------------------------------------------------------------- the player itself


def test_a_page_is_sessions_of_commands_and_what_they_print_and_files() -> None:
    page = "text\n```yaml file=a/b.yaml\nx: 1\n```\n```console\n$ echo a \\\n> b\na b\n\nc\n$ true\n```\n```python\n$ no\n```\n```console\n$ x\n```\n"
    assert list(blocks(page)) == [
        Written("a/b.yaml", "x: 1\n"),
        [Step(6, "echo a b", ("a b", "", "c")), Step(11, "true", ())],
        [Step(17, "x", ())],
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
