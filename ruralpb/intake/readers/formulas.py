"""Formulas calculated again: a stored result that is none, or that is no longer what the formula says.

Only what needs nothing outside the sheet is calculated: + − × ÷, SUM, SUBTOTAL, ROUND, MAX, MIN, AVERAGE, IF with comparisons, numbers
and cells of the same sheet. Whatever else a formula holds leaves it alone. Programs that write workbooks without calculating store 0, and
no other mark need say so; a result that differs otherwise is stale.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from math import floor, isfinite
from typing import Any

from ruralpb.model import CellError, Grid, Uncached, cell_name, cell_position

MOST = 20_000
"""So many formulas of a sheet are calculated again."""

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|(?P<range>\$?[A-Z]{1,3}\$?\d{1,7}:\$?[A-Z]{1,3}\$?\d{1,7})"
    r"|(?P<cell>\$?[A-Z]{1,3}\$?\d{1,7})(?![A-Za-z0-9_(.!])|(?P<name>[A-Z][A-Z.]*)(?=\()|(?P<sign><=|>=|<>|[-+*/(),<>=^%]))"
)
_ODF = re.compile(r"\[\.?(\$?[A-Z]{1,3}\$?\d{1,7})(?::\.?(\$?[A-Z]{1,3}\$?\d{1,7}))?\]")
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,15})?")
_CLOSE = 1e-9


class _Unknown(Exception):  # noqa: N818 - a formula that is left alone
    """A formula that needs something that is not calculated here."""


def recalculated(grid: Grid) -> Grid:
    """Return the sheet with formulas that were never calculated as `Uncached`, and those whose result is stale with the result they should
    have (`Evidence.due`)."""
    formulas = {at: found.formula for at, found in grid.evidence.items() if found.formula}
    if not formulas or len(formulas) > MOST:
        return grid
    sheet = _Sheet(grid, formulas)
    differing: dict[tuple[int, int], float] = {}
    for at in formulas:
        stored = grid.cell(*at)
        if isinstance(stored, bool) or not isinstance(stored, int | float):
            continue
        due = sheet.due(at)
        if due is not None and abs(due - stored) > _CLOSE * max(1.0, abs(due), abs(stored)):
            differing[at] = due
    if not differing:
        return grid
    empty = {at for at in differing if not grid.cell(*at)}
    evidence = dict(grid.evidence)
    rows = [list(row) for row in grid.values]
    for at, due in differing.items():
        if at in empty:
            rows[at[0]][at[1]] = Uncached(formulas[at])
        else:
            evidence[at] = replace(evidence[at], due=f"{due:.12g}")
    return replace(grid, values=tuple(map(tuple, rows)), evidence=evidence)


class _Sheet:
    """The cells of one sheet, formulas calculated when they are asked for."""

    def __init__(self, grid: Grid, formulas: Mapping[tuple[int, int], str]) -> None:
        self._grid, self._formulas = grid, formulas
        self._due: dict[tuple[int, int], float | None] = {}
        self._open: set[tuple[int, int]] = set()

    def due(self, at: tuple[int, int]) -> float | None:
        """What a formula cell should show; None when that cannot be calculated here."""
        if at not in self._due:
            if at in self._open or len(self._open) > 200:
                return None
            self._open.add(at)
            try:
                value = _Parser(self, _plain(self._formulas[at])).result()
                self._due[at] = value if isfinite(value) else None
            except (_Unknown, ZeroDivisionError, OverflowError, RecursionError):
                self._due[at] = None
            finally:
                self._open.discard(at)
        return self._due[at]

    def value(self, at: tuple[int, int]) -> Any:
        """A cell's value as formulas see it: formulas by what they should show."""
        if at in self._formulas:
            due = self.due(at)
            stored = self._grid.cell(*at)
            if due is None and (isinstance(stored, CellError | Uncached) or stored == 0):
                raise _Unknown
            return stored if due is None else due
        return self._grid.cell(*at)


def _plain(formula: str) -> str:
    """A formula as OOXML writes it: without its leading =, ODF's brackets and separators."""
    text = formula.removeprefix("of:").removeprefix("oooc:").lstrip("=")
    if "[" in text:
        text = _ODF.sub(lambda found: f"{found[1]}:{found[2]}" if found[2] else found[1], text)
        text = text.replace(";", ",")
    return text


def shifted(formula: str, down: int, right: int) -> str:
    """Return a formula as it reads in a cell so many rows further down and columns further right (shared formulas)."""

    def move(found: re.Match[str]) -> str:
        at = cell_position(found[2] + found[4])
        if at is None:
            return found[0]
        row = at[0] + (0 if found[3] else down)
        column = at[1] + (0 if found[1] else right)
        if row < 0 or column < 0:
            return found[0]
        name = cell_name(row, column)
        letters = name.rstrip("0123456789")
        return f"{found[1]}{letters}{found[3]}{name[len(letters) :]}"

    return _REFERENCE.sub(move, formula)


_REFERENCE = re.compile(r"(?<![A-Za-z0-9_.!\"'])(\$?)([A-Z]{1,3})(\$?)(\d{1,7})(?![A-Za-z0-9_(.!])")


class _Parser:
    """One formula, calculated as it is read (recursive descent over its tokens)."""

    def __init__(self, sheet: _Sheet, text: str) -> None:
        self._sheet = sheet
        self._tokens: list[tuple[str, str]] = []
        at = 0
        while at < len(text.rstrip()):
            found = _TOKEN.match(text, at)
            if found is None or found.lastgroup is None:
                raise _Unknown
            self._tokens.append((found.lastgroup, found[found.lastgroup].replace("$", "")))
            at = found.end()
        self._at = 0

    def result(self) -> float:
        """The value of the whole formula."""
        value = self._compared()
        if self._at != len(self._tokens):
            raise _Unknown
        return value

    def _next(self, *signs: str) -> str:
        """Take the next token when it is one of `signs`, else ""."""
        if self._at < len(self._tokens):
            kind, text = self._tokens[self._at]
            if kind == "sign" and text in signs:
                self._at += 1
                return text
        return ""

    def _compared(self) -> float:
        left = self._sum()
        sign = self._next("<", ">", "<=", ">=", "<>", "=")
        if not sign:
            return left
        right = self._sum()
        outcomes = {
            "<": left < right,
            ">": left > right,
            "<=": left <= right,
            ">=": left >= right,
            "<>": left != right,
            "=": left == right,
        }
        return float(outcomes[sign])

    def _sum(self) -> float:
        value = self._product()
        while sign := self._next("+", "-"):
            value = value + self._product() if sign == "+" else value - self._product()
        return value

    def _product(self) -> float:
        value = self._power()
        while sign := self._next("*", "/"):
            value = value * self._power() if sign == "*" else value / self._power()
        return value

    def _power(self) -> float:
        value = self._signed()
        while self._next("^"):
            value = float(value ** self._signed())
        while self._next("%"):
            value /= 100
        return value

    def _signed(self) -> float:
        if self._next("-"):
            return -self._signed()
        if self._next("+"):
            return self._signed()
        if self._next("("):
            value = self._compared()
            self._close()
            return value
        kind, text = self._tokens[self._at] if self._at < len(self._tokens) else ("", "")
        self._at += 1
        if kind == "number":
            return float(text)
        if kind == "cell":
            return _number(self._sheet.value(cell_position(text) or (0, 0)))
        if kind == "name":
            return self._function(text)
        raise _Unknown

    def _close(self) -> None:
        if not self._next(")"):
            raise _Unknown

    def _function(self, name: str) -> float:
        if not self._next("("):
            raise _Unknown
        arguments = [self._argument()]
        while self._next(","):
            arguments.append(self._argument())
        self._close()
        values = [value for argument in arguments for value in argument]
        match name:
            case "SUM":
                return sum(values)
            case "SUBTOTAL" if arguments[0] in ([9.0], [109.0]):
                return sum(values[1:])
            case "MAX":
                return max(values, default=0.0)
            case "MIN":
                return min(values, default=0.0)
            case "AVERAGE" if values:
                return sum(values) / len(values)
            case "ROUND" if len(values) == 2:
                return _rounded(values[0], int(values[1]))
            case "IF" if len(arguments) == 3 and all(len(argument) == 1 for argument in arguments):
                return values[1] if values[0] else values[2]
        raise _Unknown

    def _argument(self) -> list[float]:
        """The numbers of one argument: those of a range, texts and blanks in it left out as Excel does."""
        kind, text = self._tokens[self._at] if self._at < len(self._tokens) else ("", "")
        if kind != "range":
            return [self._compared()]
        self._at += 1
        first, last = (cell_position(name) or (0, 0) for name in text.split(":"))
        if (last[0] - first[0] + 1) * (last[1] - first[1] + 1) > MOST:
            raise _Unknown
        values = [
            self._sheet.value((row, column))
            for row in range(first[0], last[0] + 1)
            for column in range(first[1], last[1] + 1)
        ]
        if any(isinstance(value, CellError | Uncached) for value in values):
            raise _Unknown
        return [float(v) for v in values if isinstance(v, int | float) and not isinstance(v, bool)]


def _number(value: Any) -> float:
    if value is None:
        return 0.0
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return float(value)
    raise _Unknown


def _rounded(value: float, digits: int) -> float:
    """Half away from zero, as Excel rounds."""
    scale = 10.0**digits
    return floor(abs(value) * scale + 0.5 + 1e-9) / scale * (1 if value >= 0 else -1)
