"""The structure holds: layers import downwards only, and starting costs nothing that is not used."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HEAVY = ("typer", "rich", "yaml", "duckdb", "pandas", "numpy", "docx", "openpyxl", "xlsxwriter", "sqlglot", "lxml", "jinja2")  # fmt: skip


def loaded(*argv: str) -> set[str]:
    """The names of the packages that are loaded once the program has run with `argv`."""
    script = (
        "import sys\n"
        "from ruralpb.__main__ import main\n"
        f"code = main({list(argv)!r})\n"
        "print(*{m.partition('.')[0] for m in sys.modules}, file=sys.stderr)\n"
        "sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split())


def test_the_import_contracts_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    from importlinter.cli import lint_imports

    monkeypatch.chdir(ROOT)
    monkeypatch.syspath_prepend(str(ROOT))
    assert lint_imports(config_filename="pyproject.toml", no_cache=True) == 0


def test_no_module_is_a_drawer_for_everything() -> None:
    drawers = {"util", "utils", "helper", "helpers", "common", "misc"}
    modules = list((ROOT / "ruralpb").rglob("*.py"))
    assert modules
    assert [str(m) for m in modules if {m.stem, m.parent.name} & drawers] == []


def test_every_module_says_what_it_is_for() -> None:
    import ast

    modules = (ROOT / "ruralpb").rglob("*.py")
    assert [str(m) for m in modules if not ast.get_docstring(ast.parse(m.read_text("utf-8")))] == []


def test_functions_are_short_enough_to_be_read() -> None:
    import ast

    long = [
        f"{module.name}:{node.name}"
        for module in (ROOT / "ruralpb").rglob("*.py")
        for node in ast.walk(ast.parse(module.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 60
    ]
    assert long == []


LONGER_THAN_A_PAGE = {
    "diff_figures.py", "ledger.py", "page_context.py", "pages.py", "period_context.py", "replay.py", "sealing.py",
}  # fmt: skip
"""Files of `app` that do more than one use case, or more than hand on. The list only gets shorter."""


def test_a_file_of_app_is_one_use_case_on_one_page() -> None:
    app = ROOT / "ruralpb" / "app"
    lines = {str(m.relative_to(app)): len(m.read_text("utf-8").splitlines()) for m in app.rglob("*.py")}
    assert {name for name, count in lines.items() if count > 120} == LONGER_THAN_A_PAGE


CHANGING = {"add", "append", "appendleft", "clear", "extend", "insert", "pop", "popitem", "remove", "setdefault", "update"}  # fmt: skip
HELD_BY_A_PROCESS = {"app/pages.py"}
"""A process that makes pages has its period open until it ends."""


def remembering(module: Path) -> Iterator[str]:
    """Where a module keeps something from one call to the next, otherwise than as a function of texts, numbers and the like."""
    import ast

    tree = ast.parse(module.read_text("utf-8"))
    targets = [
        t
        for n in tree.body
        for t in (n.targets if isinstance(n, ast.Assign) else [getattr(n, "target", None)])
    ]
    names = {target.id for target in targets if isinstance(target, ast.Name)}
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        if any(
            "cache" in ast.unparse(d) and "cached_property" not in ast.unparse(d)
            for d in function.decorator_list
        ):
            taken = [ast.unparse(arg.annotation) for arg in function.args.args if arg.annotation]
            yield from (f"{function.name}({kind})" for kind in taken if kind in OBJECTS)
        own = {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        own |= {arg.arg for arg in (*function.args.args, *function.args.kwonlyargs)}
        for node in ast.walk(function):
            changed: ast.expr | None = None
            if isinstance(node, ast.Global):
                yield f"global {node.names}"
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "id":
                yield f"{function.name}: id()"
            elif (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in CHANGING
            ):
                changed = node.func.value
            elif isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
                changed = node.value
            if isinstance(changed, ast.Name) and changed.id in names - own:
                yield f"{function.name}: {changed.id}"


OBJECTS = {"Definitions", "Field", "Form", "Grid", "Indicator", "Library", "Period", "Project", "Register", "Session", "Settings", "Store"}  # fmt: skip


def test_modules_remember_nothing() -> None:
    package = ROOT / "ruralpb"
    modules = {str(m.relative_to(package)): list(remembering(m)) for m in package.rglob("*.py")}
    assert {
        name: kept for name, kept in modules.items() if kept and name not in HELD_BY_A_PROCESS | SAME_OBJECTS
    } == {}


SAME_OBJECTS = {"intake/values/__init__.py", "publish/source_cells.py"}
"""Within one call many rows are the same object: by it their words are found without comparing them. No other module may begin so."""


@pytest.mark.parametrize("argv", [("--version",), ("--help",), (), ("--lang", "en", "--help")])
def test_version_and_help_load_nothing_but_the_interpreter_s_own(argv: tuple[str, ...]) -> None:
    assert loaded(*argv).isdisjoint(HEAVY)


def test_help_of_a_command_loads_typer_and_nothing_that_reads_data() -> None:
    packages = loaded("ingest", "--help")
    assert "typer" in packages
    assert packages.isdisjoint({*HEAVY} - {"typer", "rich"})


def test_the_package_itself_loads_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import ruralpb, sys; print(*sys.modules)"], capture_output=True, text=True
    )
    assert {m for m in done.stdout.split() if m.startswith("ruralpb.")} == set()


def test_the_rooms_of_the_docs_are_the_packages() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    named = set(re.findall(r"^\| `ruralpb/(\w+)` \|", page, re.M))
    assert named == {
        path.name for path in (ROOT / "ruralpb").iterdir() if path.is_dir() and path.name != "__pycache__"
    }


@pytest.mark.parametrize("page", ["docs/architecture.md", "CONTRIBUTING.md"])
def test_every_path_that_a_page_names_is_there(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    paths = set(re.findall(r"`((?:ruralpb|tests|templates|docs|scripts|data|benchmarks)/[\w./-]+)`", text))
    assert paths
    assert [path for path in sorted(paths) if "NAME" not in path and not (ROOT / path).exists()] == []


def test_the_glossary_names_what_is_there() -> None:
    import ast

    page = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    rows = [line.strip("|").split("|") for line in page.splitlines() if line.startswith("| ") and "—" in line]
    python = {name for row in rows for name in re.findall(r"`(\w+)`", row[4]) if name[0].isupper()}
    classes = {
        node.name
        for module in (ROOT / "ruralpb").rglob("*.py")
        for node in ast.walk(ast.parse(module.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
    } | {"Severity"}
    assert len(python) > 20
    assert python - classes == set()
    commands = {word for row in rows for word in re.findall(r"`(?!-)([a-z]+)", row[6])}
    known = (ROOT / "docs" / "cli.md").read_text("utf-8")
    assert [word for word in sorted(commands) if f"ruralpb {word}" not in known] == []
