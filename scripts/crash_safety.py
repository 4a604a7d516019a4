"""Kill commands at any moment and look at what is left: `python scripts/crash_safety.py PROJECT [--kills 100] [--seed 1]`.

PROJECT is a project whose returns have been ingested (`ruralpb demo` makes one); it is copied, never changed. Each try runs a command on a
fresh copy, sends SIGKILL (every third time SIGTERM) to it and its workers after a random part of the time it takes undisturbed, then asks: does
the doctor find damage; does the same command, run again, end; are the exports those of an undisturbed run; is anything left over? Prints a
line for each try that is not well, and a count; exits with 1 where there is any.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

QUARTER = "2026Q1"
COMMANDS = {
    "rebuild": ("rebuild",),
    "ingest": ("ingest", "returns", "--received", "2026-06-01"),
    "feedback": ("feedback", "--quarter", QUARTER),
    "report": ("report", "--quarter", QUARTER, "--format", "md"),
    "final": (
        "report",
        "--quarter",
        QUARTER,
        "--format",
        "md",
        "--final",
        "--as-is",
        "--reason",
        "t",
        "--by",
        "t",
    ),
    "run": ("run", "--quarter", QUARTER),
    "backup": ("backup", "../kept.rpb"),
}
LEFT = (".writing-*", ".sealing-*", ".restoring-*", "*.rebuilding")


def started(folder: Path, words: tuple[str, ...]) -> subprocess.Popen[bytes]:
    """Start a command in `folder`, with its workers a group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "ruralpb", *words], cwd=folder, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


def export(folder: Path) -> str:
    """Return a hash of what the submissions and findings of the quarter are."""
    digest = hashlib.sha256()
    for what in ("submissions", "findings"):
        words = [sys.executable, "-m", "ruralpb", "export", what, "--quarter", QUARTER]
        digest.update(subprocess.run(words, cwd=folder, capture_output=True, check=False).stdout)
    return digest.hexdigest()


def trial(project: Path, words: tuple[str, ...], moment: float, kill: signal.Signals) -> list[str]:
    """Return what is wrong after a command was killed at `moment` (seconds)."""
    wrong = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(shutil.copytree(project, Path(temporary) / "project"))
        running = started(folder, words)
        time.sleep(moment)
        if running.poll() is None:
            os.killpg(running.pid, kill)
        running.wait(30)
        if started(folder, words).wait(600) not in (0, 1, 2):
            wrong.append("again")
        doctor = subprocess.run(
            [sys.executable, "-m", "ruralpb", "doctor", "--json"],
            cwd=folder,
            capture_output=True,
            check=False,
        )
        if b'"severity": "error"' in doctor.stdout or doctor.returncode not in (0, 1):
            wrong.append(f"doctor {doctor.stdout[-400:]!r}")
        wrong += [f"left {path.name}" for pattern in LEFT for path in folder.parent.rglob(pattern)]
        if export(folder) != undisturbed(project, words):
            wrong.append("exports differ")
    return wrong


@cache
def undisturbed(project: Path, words: tuple[str, ...]) -> str:
    """Return the hash of the exports after the command ran in peace."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(shutil.copytree(project, Path(temporary) / "project"))
        started(folder, words).wait(600)
        return export(folder)


def main() -> int:
    """Run the tries."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", type=Path)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--command", choices=COMMANDS, action="append")
    given = parser.parse_args()
    chance = random.Random(given.seed)
    names = given.command or list(COMMANDS)
    seconds: dict[str, float] = {}
    failed = 0
    for number in range(given.kills):
        name = names[number % len(names)]
        if name not in seconds:
            begun = time.monotonic()
            undisturbed(given.project, COMMANDS[name])
            seconds[name] = time.monotonic() - begun
        moment = chance.uniform(0.05, seconds[name])
        kill = signal.SIGTERM if number % 3 == 2 else signal.SIGKILL
        wrong = trial(given.project, COMMANDS[name], moment, kill)
        if wrong:
            failed += 1
            print(f"{name} {kill.name} after {moment:.2f} s: {'; '.join(wrong)}", flush=True)
    print(f"{given.kills} kills, {failed} not well")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
