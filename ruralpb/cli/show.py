"""How results look on a terminal, and the exit code each earns. Every command ends by saying what to do next."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from rich.text import Text

from ruralpb.cli.terminal import Terminal
from ruralpb.core import numbers
from ruralpb.core.cell_names import column_letters
from ruralpb.core.problems import CannotRun, Problem

if TYPE_CHECKING:
    from ruralpb.app.export import Exported
    from ruralpb.app.figures import ComputedFigures
    from ruralpb.app.ingest import IngestResult
    from ruralpb.app.layout import Measured
    from ruralpb.app.pages import UnitPage
    from ruralpb.app.rebuild import Rebuilt
    from ruralpb.app.report import WrittenReport
    from ruralpb.app.run import Run
    from ruralpb.app.sql import SqlAnswer
    from ruralpb.app.start import Demo, Started
    from ruralpb.app.trace import Trace
    from ruralpb.app.validate import Validation
    from ruralpb.model import Comparison, Finding, SheetPreview, SheetReading, Value
    from ruralpb.returns.outcomes import FileResult

DONE, TO_ACT_ON = 0, 1

_SEVERITY = {"error": "bold red", "query": "yellow", "note": "cyan"}
_FILE = {"taken": "green", "unchanged": "dim", "held": "yellow", "refused": "bold red"}
_ROW = {"header": "bold cyan", "data": "green", "total": "magenta", "subtotal": "magenta", "other": "yellow"}
_ROW_WORD = 14
_CELL_SHOWN = 12
_CELLS_SHOWN = 20
_LINES_SHOWN = 60


# ------------------------------------------------------------------------------------------- start


def demo(terminal: Terminal, result: Demo) -> int:
    """Say what the demonstration did and where to look."""
    terminal.json(result)
    terminal.say("demo-done", folder=result.folder, files=result.files, rows=result.rows)
    terminal.table(
        ("column-period", "column-findings", "column-figures"),
        [(q.period, q.findings, q.figures) for q in result.quarters],
        right=(1, 2),
    )
    for path in result.quarters[-1].files if result.quarters else ():
        terminal.say("written", style="bold", path=relative(path))
    terminal.say("next-demo", folder=result.folder)
    return DONE


def init(terminal: Terminal, result: Started) -> int:
    """Say what is in the new project and what it still needs."""
    terminal.json(result)
    terminal.say("init-done", folder=result.folder)
    for name in result.files:
        terminal.say("init-file", name=name)
    terminal.say("next-init-units" if result.needs_units else "next-init", folder=result.folder)
    return DONE


# ------------------------------------------------------------------------------------------- returns


def ingest(terminal: Terminal, result: IngestResult, in_detail: bool) -> int:
    """One line a file, then its problems, then the count."""
    terminal.json(result)
    for file in result.files:
        if file.status != "unchanged" or terminal.verbose or file.previews:
            _file(terminal, file, in_detail)
    for problem in result.problems:
        terminal.problem(problem)
    _counts(terminal, result)
    left = result.count("held") + result.count("refused")
    terminal.say("next-ingest-problems" if left else "next-ingest", left=left)
    return TO_ACT_ON if left else DONE


def _counts(terminal: Terminal, result: IngestResult) -> None:
    terminal.say(
        "ingest-dry-run" if result.dry_run else "ingest-done", rows=result.rows, taken=result.count("taken"),
        unchanged=result.count("unchanged"), held=result.count("held"), refused=result.count("refused"),
    )  # fmt: skip


def _file(terminal: Terminal, file: FileResult, in_detail: bool) -> None:
    if not (terminal.quiet or terminal.as_json):
        understood = "、".join(_sheet(terminal, s) for s in file.sheets)
        if file.explained is not None:
            understood = terminal.text("answers-counts", taken=len(file.explained))
        word = terminal.text(f"file-{file.status}")
        count = terminal.text("file-counts", rows=file.rows, notes=file.notes, problems=len(file.problems))
        line = Text(f"{word:　<4} ", style=_FILE[file.status])
        line.append(f"{file.path}  {count}  ", style="")
        line.append(understood, style="dim")
        terminal.out.print(line, soft_wrap=True)
        for preview in file.previews:
            _preview(terminal, preview)
        for table in file.tables if in_detail and not file.previews else ():
            columns = "  ".join(
                f"{column_letters(c)}={name}"
                for name, c in sorted(table.columns.items(), key=lambda item: item[1])
            )
            first, last = table.header
            terminal.say("table-detail", sheet=table.sheet, first=first, last=last, columns=columns)
    for problem in file.problems:
        if problem.severity != "note" or terminal.verbose or in_detail:
            terminal.problem(problem)


def _preview(terminal: Terminal, preview: SheetPreview) -> None:
    """The sheet as the reader saw it: the columns of each table, then row by row its class and its cells."""
    terminal.say("sight-sheet", style="bold", sheet=preview.sheet)
    for table in preview.tables:
        columns = "  ".join(f"{cell}={name}" for name, cell in table.columns.items())
        terminal.say(
            "sight-turned" if table.transposed else "sight-table",
            form=table.form,
            first=table.first,
            columns=columns,
        )
        if table.unread:
            unread = "  ".join(f"{cell} {text}" for cell, text in table.unread.items())
            terminal.say("sight-unread", columns=unread)
    roles = "  ".join(f"{terminal.text(f'role-{role}')} {count}" for role, count in preview.roles.items())
    terminal.say("sight-account", roles=roles)
    for number, kind, cells in preview.rows:
        line = Text(f"{number:>4} ", style="dim")
        word = terminal.text(f"row-{kind}")
        line.append(word + " " * max(1, _ROW_WORD - cell_len(word)), style=_ROW.get(kind, "dim"))
        line.append(
            "│".join(cell[:_CELL_SHOWN] for cell in cells).rstrip("│"), style="" if kind != "blank" else "dim"
        )
        terminal.out.print(line, no_wrap=True, overflow="ellipsis", crop=True)


def _sheet(terminal: Terminal, sheet: SheetReading) -> str:
    if sheet.form:
        return f"{sheet.sheet}→{sheet.form}（{sheet.rows}）"
    # The reason is kept in Chinese; the file's problems give it in the terminal's language.
    return f"{sheet.sheet}：{sheet.reason if terminal.lang == 'zh' else terminal.text('sheet-not-read')}"


def rebuild(terminal: Terminal, result: Rebuilt) -> int:
    """Say what the new store holds."""
    terminal.json(result)
    for problem in result.problems:
        terminal.problem(problem)
    terminal.say("rebuild-done", files=result.files, submissions=result.submissions, rows=result.rows)
    return DONE


def run(terminal: Terminal, result: Run) -> int:
    """The run in four lines."""
    terminal.json({"period": result.period, "ingested": result.ingested, "findings": result.checked.failed(),
                   "files": [file for one in result.reports for file in one.files], "to_act_on": result.to_act_on,
                   "returned": result.sent.journaled if result.sent else 0})  # fmt: skip
    for file in result.ingested.files:
        if file.status in ("held", "refused"):
            _file(terminal, file, False)
    _counts(terminal, result.ingested)
    _totals(terminal, result.checked)
    if result.sent is not None and result.sent.sent:
        terminal.say("run-sent-back", count=len(result.sent.sent), new=result.sent.journaled)
    for path in result.files:
        terminal.say("written", style="bold", path=relative(path))
    terminal.say(
        "next-run" if result.to_act_on else "next-run-clean", count=result.to_act_on, period=result.period
    )
    return TO_ACT_ON if result.to_act_on else DONE


# ------------------------------------------------------------------------------------------- checks


def validation(terminal: Terminal, result: Validation) -> int:
    """The findings by severity, each with its place; unknown ones are only counted."""
    terminal.json(result)
    failed = result.failed()
    if not (terminal.quiet or terminal.as_json):
        for finding in failed if terminal.verbose else failed[:_LINES_SHOWN]:
            terminal.out.print(_finding(terminal, finding), soft_wrap=True)
        if len(failed) > _LINES_SHOWN and not terminal.verbose:
            terminal.say("findings-more", style="dim", count=len(failed) - _LINES_SHOWN)
    for problem in result.problems:
        terminal.problem(problem)
    _totals(terminal, result)
    terminal.say("next-validate" if result.blocking else "next-validate-clean", period=result.period)
    return TO_ACT_ON if result.blocking else DONE


def _totals(terminal: Terminal, result: Validation) -> None:
    failed = result.failed()
    by = Counter(f.severity for f in failed)
    unknown = len(result.findings) - len(failed)
    terminal.say(
        "validate-done",
        period=result.period,
        errors=by["error"],
        queries=by["query"],
        notes=by["note"],
        unknown=unknown,
    )
    answered = Counter(f.status for f in failed)
    if answered["explained"] or answered["amended"]:
        terminal.say("validate-decided", explained=answered["explained"], amended=answered["amended"])


def _finding(terminal: Terminal, finding: Finding) -> Text:
    line = Text(terminal.text(f"severity-{finding.severity}"), style=_SEVERITY[finding.severity])
    line.append(f" {finding.check} ", style="bold")
    place = finding.cells[0] if finding.cells else None
    if place is not None:
        where = " · ".join(filter(None, (place.file, place.sheet, place.cell)))
        line.append(where + "\n     ", style="dim")
    line.append(finding.message, style="")
    if finding.ask_first:
        first = terminal.text("ask-first", cells="、".join(a.cell for a in finding.ask_first))
        others = "、".join(a.cell for a in finding.or_else)
        line.append(
            "\n     " + first + (terminal.text("ask-or-else", cells=others) if others else ""), style="cyan"
        )
    if finding.not_localised:
        line.append("\n     " + terminal.text(f"not-localised-{finding.not_localised}"), style="dim")
    _decision(terminal, finding, line)
    return line


def _decision(terminal: Terminal, finding: Finding, line: Text) -> None:
    """What a person said of it, or how to say something."""
    if finding.status == "explained":
        said = terminal.text("explained-by", person=finding.person, reason=finding.reason)
        line.append(f"\n     {said}", style="green")
    elif finding.status == "amended":
        line.append(f"\n     {finding.reason}", style="green")
    elif finding.severity == "query":
        line.append(f"  {finding.id}", style="dim")
        if finding.offered:
            said = terminal.text("explained-before", person=finding.offered_by, reason=finding.offered)
            line.append(f"\n     {said}", style="dim")


def plans(terminal: Terminal, found: Any) -> int:
    """Each check's id, sentence and SQL, as text that can be run."""
    terminal.json(
        [{"check": p.check.id, "form": p.form, "sentence": p.sentence, "sql": p.sql} for p in found]
    )
    if not terminal.as_json:
        for plan in found:
            print(f"-- {plan.check.id} {plan.form}: {plan.sentence}\n-- {plan.check.message}\n{plan.sql};\n")
    return DONE


# ------------------------------------------------------------------------------------------- figures


def figures(terminal: Terminal, result: ComputedFigures) -> int:
    """The values, one row a figure; breakdowns and single quarters only when verbose, cuts whenever asked for."""
    terminal.json({"period": result.period, "values": result.values, "problems": result.problems})
    shown = [
        v
        for v in result.values
        if terminal.verbose or not ("." in v.indicator or (v.slice and v.slice[0][0] != result.by))
    ]
    rows = [_figure(terminal, result, v) for v in shown]
    terminal.table(
        (
            "column-indicator", "column-unit", "column-value", "column-coverage", "column-target", "column-rank",
            "column-previous", "column-last-year",
        ),
        rows,
        right=(2, 3, 4, 5, 6, 7),
    )  # fmt: skip
    for problem in result.problems:
        terminal.problem(problem)
    terminal.say("indicators-done", period=result.period, count=len(result.values))
    terminal.say("next-indicators", period=result.period)
    return DONE


def _figure(terminal: Terminal, result: ComputedFigures, value: Value) -> list[object]:
    definition = result.indicators[value.indicator.partition(".")[0]]
    cut = "".join(f"（{_of_slice(terminal, *one)}）" for one in value.slice)
    title = definition.title + cut + (terminal.text("single-quarter") if "." in value.indicator else "")
    coverage = f"{value.covered}/{value.expected}"
    status = value.card or {"met": "green", "behind": "yellow", "failed": "red"}.get(value.status, "")
    target = Text(numbers.plain(value.target) if value.target is not None else "", style=status)
    rank = f"{value.rank}/{value.ranked}" if value.rank else ""
    printed = numbers.with_measure(value.printed, definition.measure)
    return [title, value.unit, printed, coverage, target, rank, _change(value.previous, definition.is_rate),
            _change(value.last_year, definition.is_rate)]  # fmt: skip


def _of_slice(terminal: Terminal, key: str, value: str) -> str:
    """A class in words: 是 and 否 of a demonstration zone, or no class, would not say what they mean."""
    if key == "in_demo_zone":
        return terminal.text("cut-in-zone" if value == numbers.YES else "cut-outside-zone")
    return value or terminal.text("cut-none")


def _change(comparison: Comparison | None, is_rate: bool) -> str:
    if comparison is None or comparison.change is None:
        return ""
    return f"{comparison.change:+.1f}{'pp' if is_rate else '%'}"


def trace(terminal: Terminal, result: Trace) -> int:
    """The figure, how it is made, on which standards, from which cells."""
    terminal.json(result)
    if not (terminal.quiet or terminal.as_json):
        value = result.value
        terminal.say("trace-figure", style="bold", title=result.title, unit=value.unit, period=value.period,
                     printed=numbers.with_measure(value.printed, result.measure))  # fmt: skip
        terminal.say("trace-formula", formula=result.formula)
        numerator, denominator = result.numerator, result.denominator
        terminal.say("trace-parts", numerator=numerator, denominator=denominator or "—")
        terminal.say(
            "trace-coverage", covered=value.covered, expected=value.expected, unknown=value.unknown_rows
        )
        for standard in result.standards:
            terminal.say("trace-standard", title=standard.title, value=standard.value, start=standard.start or "—",
                         source=standard.source)  # fmt: skip
        shown = result.cells if terminal.verbose else result.cells[:_CELLS_SHOWN]
        rows = [(c.side, c.unit, c.title, c.raw, c.value, c.file, c.sheet, c.cell, c.note) for c in shown]
        terminal.table(
            ("column-side", "column-unit", "column-field", "column-raw", "column-read", "column-file", "column-sheet",
             "column-cell", "column-note"),
            rows,
        )  # fmt: skip
        if len(result.cells) > len(shown):
            terminal.say("trace-more", style="dim", count=len(result.cells) - len(shown))
    return DONE


def report(terminal: Terminal, result: WrittenReport, in_detail: bool) -> int:
    """The files written, and when asked each printed number with its cells."""
    facts = [{"text": f.text, "fact": f.fact, "says": f.says, "of": f.of} for f in result.facts]
    said = {"period": result.period, "files": result.files, "facts": facts, "problems": result.problems,
            "draft": result.draft}  # fmt: skip
    if in_detail:
        said["cells"] = {
            f.of: f.cells for f in result.facts if f.cells
        }  # each once: many figures rest on the same cells
    terminal.json(said)
    if in_detail:
        rows = [(f.text, f.fact, f.says, _places(f.cells)) for f in result.facts]
        terminal.table(("column-printed", "column-fact", "column-says", "column-cells"), rows)
    for problem in result.problems:
        terminal.problem(problem)
    for path in () if result.sealed else result.files:
        terminal.say("written", style="bold", path=relative(path))
    if result.sealed:
        terminal.say("report-sealed", period=result.period)
        return DONE
    terminal.say("report-done", period=result.period, facts=len(result.facts))
    terminal.say("next-report-draft" if result.draft else "next-report", period=result.period)
    return _unmade(result.problems)


def _unmade(problems: Sequence[Problem]) -> int:
    """A format that was asked for and could not be made is left to do by hand."""
    return TO_ACT_ON if any(problem.slug in ("pdf-no-office", "pdf-failed") for problem in problems) else DONE


def pages(terminal: Terminal, period: str, made: Sequence[UnitPage]) -> int:
    """The files of every unit's page; what could not be done is said once."""
    terminal.json({"period": period, "pages": made})
    problems = [problem for page in made for problem in page.problems]
    for place, problem in enumerate(problems):
        if problem not in problems[:place]:
            terminal.problem(problem)
    for page in made:
        terminal.say("pages-written", unit=page.unit, files="  ".join(relative(file) for file in page.files))
    draft = any(page.draft for page in made)
    terminal.say("pages-done", period=period, units=len(made), facts=sum(page.figures for page in made))
    terminal.say("next-report-draft" if draft else "next-report", period=period)
    return _unmade(problems)


def layout(terminal: Terminal, result: Measured) -> int:
    """What deviates from the standard in a document, and what to do about each."""
    found = [
        {**asdict(d), "title": terminal.text(f"gbt-{d.item}"), "remedy": terminal.text(f"gbt-do-{d.item}")}
        for d in result.deviations
    ]
    terminal.json({"file": result.file, "measured": result.measured, "deviations": found})
    if found:
        terminal.table(
            ("column-gbt-item", "column-gbt-found", "column-gbt-expected", "column-gbt-tolerance",
             "column-gbt-where", "column-gbt-do"),
            [tuple(d[key] for key in ("title", "found", "expected", "tolerance", "where", "remedy")) for d in found],
        )  # fmt: skip
    terminal.say(
        "gbt-deviates" if found else "gbt-clean", file=result.file, count=len(found) or result.measured
    )
    return TO_ACT_ON if found else DONE


def _places(cells: tuple[Any, ...]) -> str:
    first = "; ".join(f"{c.file} {c.sheet}!{c.cell}" for c in cells[:2])
    return f"{first} … ({len(cells)})" if len(cells) > 2 else first


# ------------------------------------------------------------------------------------------- tables


def export(terminal: Terminal, result: Exported, out: Path | None) -> int:
    """Write the bytes to a file, or to standard output; a binary table never goes to a screen."""
    if out is None:
        if sys.stdout.isatty() and b"\0" in result.content[:4096]:
            raise CannotRun(Problem("export-binary"))
        sys.stdout.flush()
        sys.stdout.buffer.write(result.content)
        return DONE
    from ruralpb.store.disk import write_whole

    write_whole(out, result.content, shared=not result.personal)
    terminal.json({"file": str(out), "rows": len(result.table.rows)})
    terminal.say("export-done", path=relative(out), rows=len(result.table.rows))
    return DONE


def rows(terminal: Terminal, result: SqlAnswer) -> int:
    """The rows of a query."""
    terminal.json([dict(zip(result.columns, row, strict=True)) for row in result.rows])
    if not terminal.as_json:
        from rich import box
        from rich.table import Table

        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for name in result.columns:
            table.add_column(Text(name), overflow="fold")
        for row in result.rows:
            table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
        terminal.out.print(table)
        terminal.say("sql-done", style="dim", rows=len(result.rows))
    return DONE


def relative(path: Path) -> str:
    """Return the path as the person would type it here: from the working folder when it lies below it."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
