"""Where the things that come with the program lie: the built-in library, report templates, samples.

An installed wheel carries templates and samples inside the package (`_shipped/`); a checkout has them beside it.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Literal

from ruralpb.core.problems import CannotRun, Problem

Shipped = Literal["templates", "samples"]

_IN_CHECKOUT: dict[Shipped, str] = {"templates": "templates", "samples": "data/samples"}


def library_files() -> dict[str, Path]:
    """Every file of definitions of the built-in library by its name, `library/forms/committee.yaml`, in order of names."""
    package = _package()
    library = package / "library"
    files = (path for path in sorted(library.rglob("*.yaml")) if library / "phrases" not in path.parents)
    return {path.relative_to(package).as_posix(): path for path in files}


def case_county() -> bytes:
    """The register (units.csv) of the small county that cases of definitions are about."""
    return (_package() / "library" / "case_county.csv").read_bytes()


def library_verified() -> str:
    """The digest of the built-in library whose expressions were found sound; `python docs/generate.py` writes it, and a test holds it."""
    return (_package() / "library" / "verified").read_text("ascii").strip()


def shipped_path(kind: Shipped) -> Path:
    """The folder of the built-in `templates` or `samples`. Raises CannotRun (exit code 3) when the installation lacks
    it."""
    package = _package()
    for folder in (package / "_shipped" / kind, package.parent / _IN_CHECKOUT[kind]):
        if folder.is_dir():
            return folder
    raise CannotRun(Problem("shipped-missing", found=kind), exit_code=3)


def _package() -> Path:
    return Path(str(files("ruralpb")))
