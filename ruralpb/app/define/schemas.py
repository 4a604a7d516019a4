"""The JSON Schemas by which an editor checks what is being written."""

from __future__ import annotations

from pathlib import Path

from ruralpb.app.define.sources import project_meant
from ruralpb.core.problems import NOWHERE, CannotRun
from ruralpb.model import loader as defining
from ruralpb.model.loader import OWN, editor_schema
from ruralpb.model.loader.suggest import unknown


def schema(folder: Path | None, kind: str) -> str:
    """Return the JSON Schema of one kind of definition file (`editor_schema.FILES`) or of one kind of definition, as text.

    In a project, what has an id in the library that its definitions are laid over need not be said whole. Raises CannotRun (exit 2)
    for a kind that there is none of.
    """
    if kind not in editor_schema.kinds():
        raise CannotRun(
            unknown("definition-wants-choice", NOWHERE, kind, editor_schema.kinds(), key="define schema")
        )
    project_folder = project_meant(folder)
    base = {n: c for n, c in defining.sources(project_folder).items() if not n.startswith(OWN)}
    library = defining.load(base)[0].library
    return editor_schema.text(kind, library, whole=project_folder is None)


def write_schemas(folder: Path | None, kind: str, out: Path) -> tuple[Path, ...]:
    """Write the schema of `kind` (empty: of every kind of file) to the folder `out`; the files written."""
    texts = {
        editor_schema.file_name(k): schema(folder, k) for k in ((kind,) if kind else editor_schema.FILES)
    }
    out.mkdir(parents=True, exist_ok=True)
    for name, content in texts.items():
        (out / name).write_text(content, "utf-8")
    return tuple(out / name for name in texts)
