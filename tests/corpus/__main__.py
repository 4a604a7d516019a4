"""Score the reader on the corpus: python -m tests.corpus [--seed N] [--count N] [--mess ID] [--keep FOLDER]."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from . import making, score
from .messes import MESSES
from .model import Book

_SHOWN = (*score.GOOD, *score.BAD)


def main() -> int:
    """Print a line a mess, then one for the combinations and their failures; 1 when something went wrong silently."""
    options = _options().parse_args()
    if options.mess and options.mess not in MESSES:
        raise SystemExit(f"no such mess: {options.mess}; there are {'、'.join(MESSES)}")
    total = score.Score()
    print(f"{'':22}" + "".join(f"{kind:>13}" for kind in _SHOWN))
    for name in [options.mess] if options.mess else MESSES:
        one = score.Score()
        for seed in range(options.seed, options.seed + options.each):
            one.add(
                _scored(
                    f"{name}-{seed}", lambda name=name, seed=seed: making.single(name, seed), options.keep
                )
            )
        _line(name, one)
        total.add(one)
    if not options.mess:
        together = score.Score()
        for seed in range(options.seed, options.seed + options.count):
            together.add(_scored(f"combined-{seed}", lambda seed=seed: making.combined(seed), options.keep))
        _line("combined", together)
        total.add(together)
    _line("all", total)
    print(
        f"silent: {len(total.silent)}   readable cells read exactly: {total.counts['exact'] / max(1, total.readable):.3%}"
    )
    return 1 if total.silent else 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.corpus", description=__doc__)
    parser.add_argument("--seed", type=int, default=0, help="first seed")
    parser.add_argument("--each", type=int, default=2, help="books for each single mess")
    parser.add_argument("--count", type=int, default=200, help="books with two to five messes")
    parser.add_argument("--mess", default="", help="this mess only; its failures are listed")
    parser.add_argument(
        "--keep", type=Path, help="folder for the workbooks that failed, each with its failures"
    )
    return parser


def _scored(name: str, make: Callable[[], Book], keep: Path | None) -> score.Score:
    book = make()
    result, _, content = score.score(book)
    if result.failures and keep is not None:
        folder = keep / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / book.name).write_bytes(content)
        (folder / "failures.txt").write_text(
            "\n".join([" + ".join(book.made_of), *map(str, result.failures)]), "utf-8"
        )
    return result


def _line(name: str, one: score.Score) -> None:
    print(f"{name:22}" + "".join(f"{one.counts[kind] or '':>13}" for kind in _SHOWN))


if __name__ == "__main__":
    raise SystemExit(main())
