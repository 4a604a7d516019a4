"""The program's entrance. `--version` and the plain `--help` are answered before anything else is imported, so
that they cost hardly more than the interpreter (benchmarks/start_up.py states the ratio)."""

from __future__ import annotations

import gc
import os
import sys

from ruralpb import __version__

_ANYWHERE = frozenset(("--json", "-q", "--quiet", "-v", "--verbose", "--no-color"))
"""Flags that change nothing about the two answers given here."""
_MESSAGES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "library", "messages")


def language(argv: list[str]) -> str:
    """Return a folder's name of `library/messages`: of `--lang`, else RURALPB_LANG, else the locale; else zh."""
    languages = os.listdir(_MESSAGES)
    for i, word in enumerate(argv):
        if word == "--lang" and i + 1 < len(argv):
            return _matching([argv[i + 1]], languages)
        if word.startswith("--lang="):
            return _matching([word[7:]], languages)
    return _matching(_locales(), languages)


def _matching(locales: list[str], languages: list[str]) -> str:
    """Return the language of the first locale that has one: en_US.UTF-8 is en."""
    return next((lang for name in locales for lang in languages if name.lower().startswith(lang)), "zh")


def _locales() -> list[str]:
    named = [os.environ.get(name, "") for name in ("RURALPB_LANG", "LC_ALL", "LC_MESSAGES", "LANG")]
    if os.name == "nt":
        # Windows sets none of these; its locale has a name such as English_United States.
        import locale

        named.append(locale.getlocale()[0] or "")
    return named


def _plain(argv: list[str]) -> list[str]:
    """The words without the language and the flags that may stand anywhere."""
    words = []
    rest = iter(argv)
    for word in rest:
        if word == "--lang":
            next(rest, None)
        elif not (word in _ANYWHERE or word.startswith("--lang=")):
            words.append(word)
    return words


def _reserve_stdout() -> None:
    """Keep standard output for the program: what libraries in C print to file descriptor 1 goes to stderr from here on.

    `sys.stdout` writes to a copy of the descriptor. A terminal is left as it is: nothing reads it but a person. The
    descriptor is not restored before the process ends, for C flushes what it holds back only then.
    """
    if sys.stdout.fileno() != 1 or sys.stdout.isatty():
        return
    sys.stdout.flush()
    copy = os.dup(1)
    os.dup2(2, 1)
    sys.stdout = open(copy, "w", encoding=sys.stdout.encoding, errors="replace")  # noqa: SIM115


def main(argv: list[str] | None = None) -> int:
    """Run the program with `argv` (default: the process's, whose standard output is then the program's alone) and return
    its exit code."""
    own_process = argv is None
    argv = sys.argv[1:] if argv is None else argv
    for stream in (sys.stdout, sys.stderr):
        # A cp936 console must not stop a command over one character it lacks.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    words, lang = _plain(argv), language(argv)
    if words == ["--version"]:
        print(f"ruralpb {__version__}")
        return 0
    if words in ([], ["--help"]):
        with open(os.path.join(_MESSAGES, lang, "help.txt"), encoding="utf-8") as file:
            sys.stdout.write(file.read())
        return 0
    # The collector would walk the hundreds of thousands of objects of definitions and plans, none of which is garbage before
    # the command ends: a tenth of the time of a report.
    gc.set_threshold(100_000, 20, 50)
    if own_process:
        _reserve_stdout()
    from ruralpb.cli import run

    return run(argv, lang)


if __name__ == "__main__":
    sys.exit(main())
