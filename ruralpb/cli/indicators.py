"""`indicators` and `trace`: the figures, and the cells one of them comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from ruralpb.cli.exit_codes import ExitCode
from ruralpb.cli.parameters import (
    By,
    Level,
    Quarter,
    Unit,
    argument,
    current_day,
    option,
    period_of,
    project_of,
    several,
)
from ruralpb.cli.terminal import ScreenColumn, Terminal

if TYPE_CHECKING:
    from rich.text import Text

    from ruralpb.app.figures import ComputedFigures
    from ruralpb.app.traced_cells import TracedCell
    from ruralpb.model import Comparison, Value

_CELLS_SHOWN = 20
_STATUS = {"met": "green", "behind": "yellow", "failed": "red"}


@dataclass(frozen=True, slots=True)
class IndicatorsArguments:
    """What `indicators` takes."""

    ids: Annotated[list[str] | None, argument("help-indicator-ids", "ID")] = None
    quarter: Quarter = "last"
    unit: Unit = ""
    level: Level = ""
    by: By = ""
    compare: Annotated[str, option("help-compare", "--compare", value="HOW")] = "previous,last_year"
    accepted_only: Annotated[bool, option("help-accepted-only", "--accepted-only")] = False


@dataclass(frozen=True, slots=True)
class TraceArguments:
    """What `trace` takes."""

    indicator: Annotated[str, argument("help-trace-indicator", "INDICATOR")]
    quarter: Quarter = "last"
    unit: Unit = ""


def indicators(terminal: Terminal, arguments: IndicatorsArguments) -> ExitCode:
    """Compute the values; a row a figure. Breakdowns and single quarters only when verbose, subgroups whenever asked for."""
    from ruralpb.app import computing, figures

    request = computing.ValuesRequest(
        tuple(arguments.ids or ()), arguments.unit, arguments.level, several(arguments.compare),
        arguments.accepted_only, arguments.by,
    )  # fmt: skip
    result = figures.indicators(project_of(terminal), period_of(arguments.quarter), current_day(), request)
    terminal.json({"period": result.period, "values": result.values, "problems": result.problems})
    shown = [
        value
        for value in result.values
        if terminal.verbose
        or not ("." in value.indicator or (value.slice and value.slice[0][0] != result.by))
    ]
    terminal.table(_figure_columns(terminal, result, any(value.is_suspect for value in shown)), shown)
    terminal.problems(result.problems)
    suspect = sum(value.is_suspect for value in shown)
    if suspect:
        terminal.say("indicators-suspect", count=suspect)
    terminal.say("indicators-done", period=result.period, count=len(result.values))
    terminal.say("next-indicators", period=result.period)
    return ExitCode.DONE


def _figure_columns(
    terminal: Terminal, result: ComputedFigures, suspect: bool
) -> tuple[ScreenColumn[Value], ...]:
    """The columns of figures, with the value that suspect ones have without their suspect rows where there are `suspect` ones."""
    from ruralpb.core import numbers

    def definition(value: Value) -> Any:
        return result.indicators[value.indicator.partition(".")[0]]

    def title(value: Value) -> str:
        subgroup = "".join(f"（{_subgroup(terminal, *part)}）" for part in value.slice)
        single = terminal.text("single-quarter") if "." in value.indicator else ""
        first = result.since.get(value.indicator)
        since = terminal.text("indicators-since", period=first) if first else ""
        return f"{definition(value).title}{subgroup}{single}{since}"

    def change(value: Value, comparison: Comparison | None) -> str:
        if comparison is None or comparison.change is None:
            return ""
        return f"{comparison.change:+.1f}{'pp' if definition(value).is_rate else '%'}"

    def without(value: Value) -> str:
        printed = value.printed_without_suspect
        return numbers.with_measure(printed, definition(value).measure) if value.is_suspect else ""

    beside = (ScreenColumn("column-without-suspect", without, right=True),) if suspect else ()
    return (
        ScreenColumn("column-indicator", title),
        ScreenColumn("column-unit", "unit"),
        ScreenColumn(
            "column-value", lambda v: numbers.with_measure(v.printed, definition(v).measure), right=True
        ),
        *beside,
        ScreenColumn("column-coverage", lambda v: f"{v.covered}/{v.expected}", right=True),
        ScreenColumn("column-target", _target, right=True),
        ScreenColumn("column-rank", lambda v: f"{v.rank}/{v.ranked}" if v.rank else "", right=True),
        ScreenColumn("column-previous", lambda v: change(v, v.previous), right=True),
        ScreenColumn("column-last-year", lambda v: change(v, v.last_year), right=True),
    )


def _target(value: Value) -> Text:
    from rich.text import Text

    from ruralpb.core import numbers

    target = numbers.plain(value.target) if value.target is not None else ""
    return Text(target, style=value.card or _STATUS.get(value.status, ""))


def _subgroup(terminal: Terminal, key: str, value: str) -> str:
    """A class in words: 是 and 否 of a demonstration zone, or no class, would not say what they mean."""
    from ruralpb.core import numbers

    if key == "in_demo_zone":
        return terminal.text("cut-in-zone" if value == numbers.YES else "cut-outside-zone")
    return value or terminal.text("cut-none")


def trace(terminal: Terminal, arguments: TraceArguments) -> ExitCode:
    """One figure, how it is made, on which standards, from which cells."""
    from ruralpb.app import trace
    from ruralpb.core import numbers

    project, period = project_of(terminal), period_of(arguments.quarter)
    result = trace.trace(project, arguments.indicator, period, arguments.unit, current_day())
    terminal.json(result)
    value = result.value
    terminal.say("trace-figure", style="bold", title=result.title, unit=value.unit, period=value.period,
                 printed=numbers.with_measure(value.printed, result.measure))  # fmt: skip
    terminal.say("trace-formula", formula=result.formula)
    terminal.say("trace-parts", numerator=result.numerator, denominator=result.denominator or "—")
    terminal.say("trace-coverage", covered=value.covered, expected=value.expected, unknown=value.unknown_rows)
    if value.is_suspect:
        without = numbers.with_measure(value.printed_without_suspect, result.measure)
        terminal.say("trace-suspect", rows=value.suspect_rows, printed=without)
    for standard in result.standards:
        terminal.say("trace-standard", title=standard.title, value=standard.value, start=standard.start or "—",
                     source=standard.source)  # fmt: skip
    terminal.table(_CELLS, terminal.shown(result.cells, _CELLS_SHOWN))
    terminal.more("trace-more", result.cells, _CELLS_SHOWN)
    return ExitCode.DONE


_CELLS: tuple[ScreenColumn[TracedCell], ...] = (
    ScreenColumn("column-side", "side"),
    ScreenColumn("column-unit", "unit"),
    ScreenColumn("column-field", "title"),
    ScreenColumn("column-raw", "raw"),
    ScreenColumn("column-read", "value"),
    ScreenColumn("column-file", "file"),
    ScreenColumn("column-sheet", "sheet"),
    ScreenColumn("column-cell", "cell"),
    ScreenColumn("column-note", lambda cell: " ".join(filter(None, (cell.note, *cell.doubts)))),
)
