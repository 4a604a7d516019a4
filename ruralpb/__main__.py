"""The program's entrance. `--version` and the plain `--help` are answered before anything else is imported, so
that they cost hardly more than the interpreter (benchmarks/start_up.py states the ratio)."""

from __future__ import annotations

import os
import sys

from ruralpb import __version__


def language(argv: list[str]) -> str:
    """Return "zh" or "en": `--lang`, else RURALPB_LANG, else the locale, else zh."""
    for i, word in enumerate(argv):
        if word == "--lang" and i + 1 < len(argv):
            return "en" if argv[i + 1].lower().startswith("en") else "zh"
        if word.startswith("--lang="):
            return "en" if word[7:].lower().startswith("en") else "zh"
    for name in ("RURALPB_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value.lower().startswith("en"):
            return "en"
        if value.lower().startswith("zh"):
            return "zh"
    return "zh"


def main(argv: list[str] | None = None) -> int:
    """Run the program with `argv` (default: the process's) and return its exit code."""
    argv = sys.argv[1:] if argv is None else argv
    for stream in (sys.stdout, sys.stderr):
        # A cp936 console must not stop a command over one character it lacks.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    if argv == ["--version"]:
        print(f"ruralpb {__version__}")
        return 0
    lang = language(argv)
    if not argv or argv == ["--help"] or argv == ["--lang", lang, "--help"]:
        here = os.path.dirname(os.path.abspath(__file__))
        with open(os.path.join(here, "cli", f"help.{lang}.txt"), encoding="utf-8") as file:
            sys.stdout.write(file.read())
        return 0
    from ruralpb.cli import run

    return run(argv, "en" if lang == "en" else "zh")


if __name__ == "__main__":
    sys.exit(main())
