"""What `ruralpb --version` and `--help` cost over a bare interpreter: medians of interleaved runs.

Usage: python benchmarks/start_up.py [runs]   (default 21; at least 11)
"""

from __future__ import annotations

import subprocess
import sys
import time
from statistics import median

BUDGET = {"--version": 60, "--help": 150}
"""Milliseconds over the bare interpreter."""

COMMANDS = {
    "bare python": [sys.executable, "-c", "pass"],
    "--version": [sys.executable, "-m", "ruralpb", "--version"],
    "--help": [sys.executable, "-m", "ruralpb", "--help"],
    "ingest --help": [sys.executable, "-m", "ruralpb", "ingest", "--help"],
}


def once(command: list[str]) -> float:
    """Milliseconds of one run."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - start) * 1000


def main() -> None:
    runs = max(11, int(sys.argv[1]) if len(sys.argv) > 1 else 21)
    for command in COMMANDS.values():
        once(command)
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(runs):
        # Interleaved, so that a busy moment of the machine hits all of them.
        for name, command in COMMANDS.items():
            taken[name].append(once(command))
    bare = median(taken["bare python"])
    print(f"{runs} runs each, medians")
    print(f"{'bare python':<14} {bare:6.1f} ms")
    for name in list(COMMANDS)[1:]:
        middle = median(taken[name])
        budget = f"  (budget {BUDGET[name]} ms over)" if name in BUDGET else ""
        print(f"{name:<14} {middle:6.1f} ms  {middle - bare:+7.1f} ms over  ×{middle / bare:.2f}{budget}")


if __name__ == "__main__":
    main()
