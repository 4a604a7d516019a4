"""Regenerates the sample project: `python data/samples/generate.py [--out DIR] [--without-xls]`.

Everything below `returns/` and `expected/`, `units.csv` and `targets.csv` is made by this script from fixed seeds; running it again
gives the same bytes. It needs xlsxwriter, and xlwt for the two offices that send .xls. Persons are invented.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from generator import answers, mistakes, mistakes_later, project, returns, summaries, workbooks  # noqa: E402
from generator.files import write  # noqa: E402
from generator.forms import FORMS  # noqa: E402
from generator.quarters import QUARTERS  # noqa: E402


def generate(folder: Path, with_xls: bool = True, all_facts: Path | None = None) -> None:
    """Write the sample project's generated files below `folder`, replacing what is there; the reported rows of all
    quarters to `all_facts`, one file a form."""
    world = returns.build()
    planter = mistakes.Planter(world)
    planted = planter.plant()
    summaries.fill(world)
    mistakes_later.plant_counts(planter)
    returns.settle(world)
    files = {f"returns/{name}": content for name, content in workbooks.write_all(world, with_xls).items()}
    files |= project.tables()
    files |= {f"expected/{name}": content for name, content in answers.tables(world, planted).items()}
    if all_facts:
        write(all_facts, {f"{form.id}.csv": answers.facts(world, form, QUARTERS) for form in FORMS.values()})
    for made in ("returns", "expected"):
        shutil.rmtree(folder / made, ignore_errors=True)
    write(folder, files)
    size = sum(map(len, files.values())) / 1_000_000
    print(f"{len(files)} files, {size:.1f} MB, {len(planted)} planted mistakes: {folder}")


def main() -> None:
    """Read the command line and generate."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE)
    parser.add_argument("--without-xls", action="store_true", help="leave the .xls files out (no xlwt)")
    parser.add_argument(
        "--facts", type=Path, help="also write every reported row of all quarters to this folder"
    )
    options = parser.parse_args()
    generate(options.out, not options.without_xls, options.facts)


if __name__ == "__main__":
    main()
