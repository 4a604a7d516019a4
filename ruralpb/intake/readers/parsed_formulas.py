"""Formulas as binary workbooks hold them (parsed expressions of MS-XLS 2.5.198 and MS-XLSB 2.5.97) → their text in A1 notation.

Only what is calculated again (`formulas`) is written out: numbers, cells and ranges of the same sheet, + − × ÷ and comparisons, and a few
functions. A formula with anything else has no text here.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from ruralpb.model import cell_name

_BINARY = {3: "+", 4: "-", 5: "*", 6: "/", 7: "^", 9: "<", 10: "<=", 11: "=", 12: ">=", 13: ">", 14: "<>"}
_VARIABLE = {1: "IF", 4: "SUM", 5: "AVERAGE", 6: "MIN", 7: "MAX", 344: "SUBTOTAL"}
_FIXED = {27: ("ROUND", 2)}
_ATTRIBUTE, _INTEGER, _REAL = 0x19, 0x1E, 0x1F
_SUM, _CHOOSE = 0x10, 0x04


@dataclass(frozen=True, slots=True)
class Shape:
    """How wide the fields of cell references are: 16-bit rows in .xls, 32-bit rows in .xlsb; `rows` and `columns` are the sheet's size."""

    row: str
    rows: int
    columns: int


BIFF8 = Shape("H", 1 << 16, 1 << 8)
BIFF12 = Shape("I", 1 << 20, 1 << 14)


def text(tokens: bytes, shape: Shape, base: tuple[int, int] = (0, 0)) -> str:
    """Return the text of a parsed expression, "" when it holds what is not calculated here. Shared formulas count from the cell `base`."""
    stack: list[str] = []
    at = 0
    try:
        while at < len(tokens):
            at = _take(tokens, at, stack, shape, base)
    except (struct.error, IndexError, _Other):
        return ""
    return stack[0] if len(stack) == 1 else ""


class _Other(Exception):  # noqa: N818 - a token that is left alone
    """A token that is not written out."""


def _take(tokens: bytes, at: int, stack: list[str], shape: Shape, base: tuple[int, int]) -> int:
    """Put what the token at `at` says on the stack and return where the next one begins."""
    kind = tokens[at]
    at += 1
    if kind >= 0x20:
        return _operand(kind & 0x1F | 0x20, tokens, at, stack, shape, base)
    if kind in _BINARY:
        right, left = stack.pop(), stack.pop()
        stack.append(f"{left}{_BINARY[kind]}{right}")
    elif kind == 0x12:
        pass  # a plus sign in front
    elif kind == 0x13:
        stack.append(f"-{stack.pop()}")
    elif kind == 0x14:
        stack.append(f"{stack.pop()}%")
    elif kind == 0x15:
        stack.append(f"({stack.pop()})")
    elif kind == _ATTRIBUTE:
        flags = tokens[at]
        if flags & _CHOOSE:
            raise _Other
        if flags & _SUM:
            stack.append(f"SUM({stack.pop()})")
        return at + 3
    elif kind == _INTEGER:
        stack.append(str(struct.unpack_from("<H", tokens, at)[0]))
        return at + 2
    elif kind == _REAL:
        stack.append(repr(struct.unpack_from("<d", tokens, at)[0]))
        return at + 8
    else:
        raise _Other
    return at


def _operand(kind: int, tokens: bytes, at: int, stack: list[str], shape: Shape, base: tuple[int, int]) -> int:
    width = struct.calcsize(shape.row)
    if kind in (0x24, 0x2C):
        row, column = struct.unpack_from(f"<{shape.row}H", tokens, at)
        stack.append(_cell(row, column, shape, base if kind == 0x2C else None))
        return at + width + 2
    if kind in (0x25, 0x2D):
        top, bottom, left, right = struct.unpack_from(f"<2{shape.row}2H", tokens, at)
        shared = base if kind == 0x2D else None
        stack.append(f"{_cell(top, left, shape, shared)}:{_cell(bottom, right, shape, shared)}")
        return at + 2 * width + 4
    if kind == 0x21:
        name, count = _FIXED.get(struct.unpack_from("<H", tokens, at)[0], ("", 0))
        _call(name, count, stack)
        return at + 2
    if kind == 0x22:
        count, number = struct.unpack_from("<BH", tokens, at)
        _call(_VARIABLE.get(number, ""), count, stack)
        return at + 3
    raise _Other


def _call(name: str, count: int, stack: list[str]) -> None:
    if not name or not 0 < count <= len(stack):
        raise _Other
    arguments = stack[-count:]
    del stack[-count:]
    stack.append(f"{name}({','.join(arguments)})")


def _cell(row: int, column: int, shape: Shape, base: tuple[int, int] | None) -> str:
    """The name of a cell; in a shared formula rows and columns that are marked relative count from `base`."""
    number = column & 0x3FFF
    if base is not None:
        if column & 0x8000:
            row = (base[0] + row) % shape.rows
        if column & 0x4000:
            number = (base[1] + number) % shape.columns
    return cell_name(row, number)
