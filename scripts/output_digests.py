"""Write one digest per export, document and screen of the sample project, to compare two versions of the program.

    python scripts/output_digests.py OUT.json [--quick] [--keep DIR] [--python PATH] [--program DIR]
    python scripts/output_digests.py --compare OLD.json NEW.json

Clock, time zone and secret of the projects are always the same, and paths are replaced by words: what differs, the program made differ.
The commands stand in output_digests.txt. It needs fork (Linux, macOS).
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import hashlib
import importlib
import io
import json
import os
import queue
import re
import resource
import secrets
import shlex
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

QUARTERS = ("2025Q1", "2025Q2", "2025Q3", "2025Q4", "2026Q1")
LOADED = "typer rich.table yaml duckdb pandas openpyxl docx docxtpl jinja2 xlsxwriter sqlglot rapidfuzz python_calamine"
"""What most commands need of other packages: a server loads it once, and each command starts from there."""
BROKEN = {
    "syntax": ("definitions/broken.yaml", "indicators: [\n"),
    "key": ("definitions/broken.yaml", "checks:\n  - {id: R38, form: village_economy, mesage: 无}\n"),
    "field": ("definitions/broken.yaml", "checks:\n  - {id: R38, form: village_economy, expr: incom > 1}\n"),
    "off": ("definitions/broken.yaml", "standards:\n  - {id: weak_village_line, enabled: false}\n"),
    "settings": ("ruralpb.yaml", 'unit: "430981"\ndue: sometimes\ncolour: red\n'),
    "register": ("units.csv", "code,name,level\n430981,沅江市,county\n430981,沅江市,kingdom\n"),
    "targets": ("targets.csv", "indicator,period,value\nnonsense,2026,many\n"),
}
"""Projects that are wrong: which file of theirs, and what stands in it."""
INBOX = {
    "泗湖山镇2026Q1.xlsx": b"no workbook",
    "南嘴镇2026Q1.xlsx": b"",
    "南嘴镇.zip": b"PK\x03\x04 torn",
    "扫描件.pdf": b"%PDF-1.4",
    "草尾镇2026Q1.csv": "村名,今年收入\n甲村,1\n".encode("gbk"),
    "~$草尾镇.xlsx": b"lock",
}
"""An inbox in which nothing can be read."""


# ------------------------------------------------------------------------------------- the program's side


def _serve() -> None:
    """Run a command for each line read, in a process of its own, with modules loaded and the clock stopped."""
    for name in LOADED.split():
        with suppress(ImportError):
            importlib.import_module(name)
    found = Path(str(importlib.import_module("ruralpb").__file__)).parents[1]
    if found != Path(os.environ["PYTHONPATH"]):
        sys.exit(f"the program in {found} would be run")
    secrets.token_bytes = lambda nbytes=None: b"\1" * (nbytes or 32)
    for line in sys.stdin:
        job = json.loads(line)
        child = os.fork()
        if not child:
            for stream, file in enumerate((os.devnull, job["out"], job["err"])):
                os.dup2(os.open(file, os.O_RDWR | os.O_CREAT), stream)
            _stop_clock(datetime.fromisoformat(job["now"]))
            sys.argv = ["ruralpb", *job["words"]]
            sys.exit(importlib.import_module("ruralpb.__main__").main(job["words"]))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _stop_clock(now: datetime) -> None:
    today: Any = lambda kind: now if issubclass(kind, datetime) else now.date()  # noqa: E731
    at: Any = lambda _kind, zone=None: now.astimezone(zone) if zone else now  # noqa: E731
    for kind, name, method in ((date, "today", today), (datetime, "now", at)):
        # The types are built in; what stands behind the read-only view of their attributes can be changed all the same.
        gc.get_referents(kind.__dict__)[0][name] = classmethod(method)
        ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))


def _messy(folder: Path) -> None:
    """Make a project with a workbook for each mess of the tests' corpus, and 20 with several."""
    names = ("making", "drawing", "messes", "world", "writers")
    making, drawing, messes, world, writers = (importlib.import_module(f"tests.corpus.{n}") for n in names)
    due = "due:\n  - {forms: all, level: township, workday: 5, periods: [quarter]}\n"
    (folder / "units.csv").write_text(world.UNITS, "utf-8")
    (folder / "ruralpb.yaml").write_text(world.SETTINGS + due, "utf-8")
    sent: set[str] = set()
    for number, name in enumerate([*messes.MESSES, *map(str, range(20))]):
        day = f"2026-07-{number // 25 + 1:02}"
        for seed in range(12):
            book = making.combined(f"{name}-{seed}") if name.isdigit() else making.single(name, seed)
            what = str([(one.sender.code, one.period, one.form.id) for one in book.main.returns])
            # A second return of the same would be held: rather a seed that makes another.
            if what not in sent:
                break
        sent.add(what)
        file = folder / "returns" / str(book.period_option or "") / day / name / book.name
        file.parent.mkdir(parents=True)
        file.write_bytes(writers.write(drawing.finished(book)))


# ------------------------------------------------------------------------------------- asking and keeping


@dataclass(frozen=True)
class Chain:
    """Commands that follow on one another in one project: what their keys begin with, their words with the language."""

    project: str
    folder: str
    commands: list[tuple[str, str]]
    quarter: str = QUARTERS[-1]
    now: str = "2026-04-20T10:00:00"


class Outputs:
    """What the commands put out: a digest each, and the outputs themselves below `--keep`."""

    def __init__(self, options: argparse.Namespace, root: Path) -> None:
        python, program = os.path.abspath(options.python), options.program.resolve()
        self.digests: dict[str, str] = {}
        self._root, self._kept = root, options.keep
        self._words = {str(root): "<work>", str(program): "<program>", os.path.dirname(python): "<bin>"}
        left_out = ("RURALPB", "LC_", "LANG", "PYTHON", "COLUMNS", "NO_COLOR", "FORCE_COLOR")
        self._env = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
        self._env |= {"TZ": "Asia/Shanghai", "SOURCE_DATE_EPOCH": "1776650400", "LC_ALL": "C.UTF-8"}
        self._env |= {"PYTHONUTF8": "1", "PYTHONPATH": str(program)}
        self._again = [python, os.path.abspath(__file__)]
        if not options.quick:
            (root / "messy").mkdir()
            subprocess.run([*self._again, "--messy", root / "messy"], env=self._env, check=True)

    def keep(self, key: str, content: bytes) -> None:
        """Take one output in; of a zip, every member is one."""
        if content.startswith(b"PK\x03\x04") and zipfile.is_zipfile(io.BytesIO(content)):
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                members = [member for member in packed.infolist() if not member.is_dir()]
                listed = "".join(f"{member.filename} {member.date_time}\n" for member in members)
                self.keep(f"{key}/[members]", listed.encode())
                for member in members:
                    self.keep(f"{key}/{member.filename}", packed.read(member))
            return
        # A library of the program greets whoever uses it first: which of two commands that is, nobody can say.
        content = re.sub(rb"Running HiGHS .*\n.*\n", b"", content)
        for path, word in self._words.items():
            content = content.replace(path.encode(), word.encode())
        if key in self.digests:
            raise ValueError(f"two outputs are called {key}")
        self.digests[key] = hashlib.sha256(content).hexdigest()[:24]
        if self._kept:
            file = self._kept / key
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)

    def keep_folder(self, key: str, folder: Path) -> None:
        """Take in every file below `folder`."""
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            self.keep(f"{key}/{file.relative_to(folder).as_posix()}", file.read_bytes())

    def run(self, chains: list[Chain]) -> None:
        """Run the chains, two at a time."""
        waiting: queue.SimpleQueue[Chain] = queue.SimpleQueue()
        for chain in chains:
            waiting.put(chain)
        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(self._work, waiting) for _ in range(2)]:
                done.result()

    def _work(self, waiting: queue.SimpleQueue[Chain]) -> None:
        serving = [*self._again, "--serve"]
        with subprocess.Popen(serving, cwd=self._root, env=self._env, stdin=-1, stdout=-1) as server:
            with suppress(queue.Empty):
                while True:
                    self._chain(waiting.get_nowait(), server)
            server.communicate()

    def _chain(self, chain: Chain, server: subprocess.Popen[bytes]) -> None:
        seen: Counter[str] = Counter()
        known: defaultdict[str, str] = defaultdict(str)
        for lang, line in chain.commands:
            name = re.sub(r"\W+", "_", re.sub(r"--quarter {q}|-C {p}|{\w+}", "", line)).strip("_")[:70]
            seen[f"{name}.{lang}"] += 1
            name = f"{name}_{seen[f'{name}.{lang}']}" if seen[f"{name}.{lang}"] > 1 else name
            out = f"made/{chain.folder}/{name}.{lang}"
            (self._root / out).mkdir(parents=True)
            before = QUARTERS[max(0, QUARTERS.index(chain.quarter) - 1)]
            known |= {"q": chain.quarter, "before": before, "p": chain.project, "out": out}
            words = ["--lang", lang, *shlex.split(line.format_map(known))]
            if not {"-C", "demo", "init", "--help", "--version"} & set(words):
                words = ["-C", chain.project, *words]
            said = [self._root / f"{out}.{stream}" for stream in ("out", "err")]
            job = {"words": words, "out": str(said[0]), "err": str(said[1]), "now": chain.now}
            asking, answering = server.stdin, server.stdout
            assert asking is not None
            assert answering is not None
            asking.write(json.dumps(job).encode() + b"\n")
            asking.flush()
            head = f"$ ruralpb {shlex.join(words)}\nexit code {int(answering.readline())}\n"
            screen = b"---\n".join(file.read_bytes() for file in said)
            known |= {
                one.partition("-")[0]: one for one in re.findall(r"\w+-[0-9a-f]{12}\b", screen.decode())
            }
            self.keep(f"{chain.folder}/{name}.{lang}.txt", head.encode() + screen)
            self.keep_folder(f"{chain.folder}/{name}.{lang}", self._root / out)


def _plan(quick: bool) -> dict[str, list[tuple[str, str]]]:
    """Read the list of commands: by heading, each with its language."""
    plan: dict[str, list[tuple[str, str]]] = {}
    for line in Path(__file__).with_suffix(".txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            commands = plan.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#") and (not quick or line.startswith("*")):
            lang, _, rest = line.removeprefix("* ").partition(" ")
            chosen = [lang] if lang in ("zh", "en") else ["zh"] if quick else ["zh", "en"]
            commands += [(one, rest if lang in ("zh", "en") else line.removeprefix("* ")) for one in chosen]
    return plan


def _digests(options: argparse.Namespace, root: Path) -> dict[str, str]:
    plan, outputs, samples = _plan(options.quick), Outputs(options, root), options.program / "data/samples"

    def project(name: str, *left_out: str) -> Path:
        ignored = shutil.ignore_patterns("expected", "gener*", "README*", *left_out)
        return Path(shutil.copytree(samples, root / name, ignore=ignored))

    first = [Chain("county", "demo", [("zh", "demo county")])]
    if options.quick:
        project("county", "2025Q[123]")
        first = [Chain("county", "ingest", [("zh", "ingest county/returns")])]
    else:
        first.append(Chain("messy", "messy", plan["messy"], now="2026-07-31T10:00:00"))
    inbox = project("inbox", "returns") / "returns"
    inbox.mkdir()
    for name, content in INBOX.items():
        (inbox / name).write_bytes(content)
    first.append(Chain("inbox", "inbox", plan["inbox"]))
    for name, (file, text) in BROKEN.items():
        (project(f"broken-{name}", "returns") / file).write_text(text, "utf-8")
        first.append(Chain(f"broken-{name}", f"broken/{name}", plan["broken"]))
    outputs.run(first)
    shutil.copytree(root / "county", root / "decided")
    reading = [("each quarter", quarter, quarter) for quarter in QUARTERS[-1 if options.quick else 0 :]]
    reading += [("last quarter", "general", QUARTERS[-1]), ("errors", "errors", QUARTERS[-1])]
    then = [Chain("decided", "decided", plan["decided"])]
    for heading, folder, quarter in reading:
        asked = [one for one in plan[heading] if quarter == QUARTERS[-1] or one[0] == "zh"]
        then += [Chain("county", folder, [one], quarter) for one in asked]
    outputs.run(then)
    for made in ("county", "decided"):
        outputs.keep_folder(f"files/{made}", root / made / "out")
        outputs.keep(f"files/{made}/journal.jsonl", (root / made / ".ruralpb/journal.jsonl").read_bytes())
    return dict(sorted(outputs.digests.items()))


def _compare(old: dict[str, str], new: dict[str, str]) -> int:
    lines = [f"lost     {key}" for key in old if key not in new]
    lines += [f"added    {key}" for key in new if key not in old]
    lines += [f"changed  {key}" for key in old if new.get(key, old[key]) != old[key]]
    print("\n".join([*lines, f"{len(lines)} of {len(old)} differ"]))
    return 1 if lines else 0


def main() -> int:
    """Write digests, or compare two files of them; 1 when they differ."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("out", nargs="?", type=Path, metavar="OUT.json")
    parser.add_argument("--compare", nargs=2, type=Path, metavar=("OLD.json", "NEW.json"))
    parser.add_argument("--quick", action="store_true", help="one quarter, one language, most commands")
    parser.add_argument("--keep", type=Path, help="folder for the outputs, named as their entries")
    parser.add_argument("--python", default=sys.executable, help="interpreter that runs the program")
    parser.add_argument("--program", default=Path(__file__).parents[1], type=Path, help="its checkout")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--messy", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        _serve()
    elif options.messy:
        _messy(options.messy)
    elif options.compare:
        return _compare(*(json.loads(file.read_text("utf-8")) for file in options.compare))
    elif options.out is None:
        parser.error("name a file to write to, or two to compare")
    else:
        with tempfile.TemporaryDirectory(prefix="digests-") as folder:
            found = _digests(options, Path(folder).resolve())
        options.out.write_text(json.dumps(found, ensure_ascii=False, indent=0) + "\n", "utf-8")
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        print(f"{len(found)} outputs, {used.ru_utime + used.ru_stime:.0f} s of processor time")
    return 0


if __name__ == "__main__":
    sys.exit(main())
