"""The expected answers as tables: facts, figures, planted mistakes, the state of every return."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from generator import figures
from generator.forms import FORMS, FormSheet
from generator.mistakes import Planted
from generator.months import MONTHS
from generator.project import table
from generator.quarters import LAST, QUARTERS, Quarter
from generator.returns import MISSING, Return, World
from generator.sheets import column_name


def tables(world: World, planted: list[Planted]) -> dict[str, bytes]:
    """Return every file of expected/ by name."""
    found = {f"facts/{form}.csv": facts(world, FORMS[form], [LAST]) for form in FORMS}
    found["facts.csv"] = _digests(world)
    worked_out = figures.figures(world)
    found["indicators.csv"] = _indicators(world, worked_out)
    found["findings.csv"] = _findings(world, planted)
    found["returns.csv"] = _returns(world, planted)
    return found


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value else "0"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def facts(world: World, form: FormSheet, quarters: Iterable[Quarter]) -> bytes:
    """Every row of a form in `quarters`. Its file and sheet stand in returns.csv; its township is the first nine digits
    of `unit_code`."""
    header = ["period", "reporter_code", "unit_code", *(c.id for c in form.columns), "row"]
    returns = [of for quarter in quarters for of in world.current(quarter.label, form.id)]
    return table(header, [line for of in returns for line in _lines(world, form, of)])


def _lines(world: World, form: FormSheet, of: Return) -> Iterator[list[Any]]:
    for row, fact in zip(of.rows, figures.reported(world, of), strict=True):
        unit = fact.get("village_code") or fact["township_code"] or of.reporter
        values = [_text(fact.get(c.id)) for c in form.columns]
        yield [of.quarter.label, of.reporter, unit, *values, row["_row"]]


def _digests(world: World) -> bytes:
    """The rows of every return of earlier quarters as one hash, for space: `generate.py --facts DIR` writes them out."""
    lines = []
    for quarter in (*QUARTERS[:-1], *MONTHS):
        for form in FORMS.values():
            for of in world.current(quarter.label, form.id):
                text = "\n".join("|".join(map(str, line)) for line in _lines(world, form, of))
                digest = hashlib.sha256(text.encode()).hexdigest()[:16]
                lines.append([quarter.label, form.id, of.reporter, digest])
    return table(("period", "form", "reporter_code", "sha256"), lines)


def _indicators(world: World, found: list[figures.Figure]) -> bytes:
    header = ["period", "indicator", "unit_code", "unit", "numerator", "denominator", "value", "unknown_rows"]
    names = world.names | {"430981": "沅江市"}
    return table(
        header,
        (
            [
                f.period,
                f.indicator,
                f.unit_code,
                names[f.unit_code],
                _text(f.numerator),
                _text(f.denominator),
                _text(f.value),
                f.unknown_rows,
            ]
            for f in found
        ),
    )


def _findings(world: World, planted: list[Planted]) -> bytes:
    header = "period,check,also,form,version,current,reporter_code,reporter,unit_code,unit,field,file,sheet,cell,note"
    lines = [_finding(world, p) for p in planted]
    for label, code, form in sorted(MISSING):
        name = world.names[code]
        lines.append(
            [label, "C01", "", form, "", "true", code, name, code, name, "", "", "", "", "缺报一张表"]
        )
    return table(header.split(","), lines)


def _finding(world: World, planted: Planted) -> list[Any]:
    of, row = planted.of, planted.row
    unit = (row or {}).get("village_code") or of.reporter
    column = of.columns.get(planted.field)
    line = of.total_row if row is None else row.get("_row")
    cell = f"{column_name(column)}{line}" if column is not None and line and row in [None, *of.rows] else ""
    return [
        of.quarter.label,
        planted.check,
        ";".join(planted.also),
        of.form,
        of.version,
        "true" if of.current else "false",
        of.reporter,
        world.names[of.reporter],
        unit,
        world.names[unit],
        planted.field,
        f"returns/{of.file}",
        of.sheet,
        cell,
        planted.note,
    ]


def _returns(world: World, planted: list[Planted]) -> bytes:
    header = [
        "period",
        "reporter_code",
        "reporter",
        "form",
        "status",
        "timeliness",
        "due",
        "received",
        "version",
        "rows",
        "nil",
        "file",
        "sheet",
    ]
    # What contradicts itself among the figures (K01 to K06) blocks no return.
    wrong = {id(p.of) for p in planted if not p.check.startswith("K")}
    lines = [_return(world, of, id(of) in wrong) for of in world.returns if of.current]
    for label, code, form in sorted(MISSING):
        quarter = next(q for q in QUARTERS if q.label == label)
        lines.append(
            [label, code, world.names[code], form, "missing", "late", quarter.due, "", 0, 0, "false", "", ""]
        )
    return table(header, lines)


def _return(world: World, of: Return, wrong: bool) -> list[Any]:
    return [
        of.quarter.label,
        of.reporter,
        world.names[of.reporter],
        of.form,
        "blocked" if wrong else "accepted",
        "on_time" if of.received <= of.quarter.due else "late",
        of.quarter.due,
        world.find(of.quarter.label, of.reporter, of.form, 1).received,
        of.version,
        len(of.rows),
        "true" if of.nil else "false",
        f"returns/{of.file}",
        of.sheet,
    ]
