"""What xlrd does not tell of a sheet of a BIFF8 workbook, from its records: formulas, header and footer of the page, text boxes (MS-XLS 2.4)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruralpb.intake.readers import parsed_formulas
from ruralpb.intake.readers.around import page_text
from ruralpb.intake.readers.cells import Cell

_FORMULA, _EOF, _HEADER, _FOOTER, _CONTINUE, _OBJECT, _TEXT, _SHARED, _BOF = (
    0x06, 0x0A, 0x14, 0x15, 0x3C, 0x5D, 0x1B6, 0x4BC, 0x809,
)  # fmt: skip
_EXP = 0x01
_COMMENT = 0x19
_HEAD = struct.Struct("<HH")
_DEEPER = {_BOF: 1, _EOF: -1}
_WANTED = frozenset((_FORMULA, _HEADER, _FOOTER, _CONTINUE, _OBJECT, _TEXT, _SHARED))
_WHERE = {_HEADER: "header", _FOOTER: "footer"}


@dataclass(slots=True)
class SheetRecords:
    """Formulas by cell, and texts around the cells with where they stand."""

    formulas: dict[Cell, str] = field(default_factory=dict)
    texts: list[tuple[str, str]] = field(default_factory=list)


def read(book: Any, sheet: Any) -> SheetRecords:
    """Return what the records of one sheet of an open xlrd workbook hold besides its values. Nothing of workbooks older than BIFF8."""
    records = SheetRecords()
    if book.biff_version < 80:
        return records
    shared: list[tuple[tuple[int, int, int, int], bytes]] = []
    waiting: list[Cell] = []
    kind_of_object = letters = 0
    for kind, data in _records(book.mem, book._sh_abs_posn[sheet.number]):
        if kind == _FORMULA and len(data) > 22:
            at = struct.unpack_from("<HH", data)
            tokens = data[22 : 22 + struct.unpack_from("<H", data, 20)[0]]
            if tokens[:1] == bytes([_EXP]):
                waiting.append(at)
            else:
                records.formulas[at] = parsed_formulas.text(tokens, parsed_formulas.BIFF8)
        elif kind == _SHARED:
            area = struct.unpack_from("<HHBB", data)
            shared.append((area, data[10 : 10 + struct.unpack_from("<H", data, 8)[0]]))
        elif kind in _WHERE and len(data) > 3:
            records.texts += [(_WHERE[kind], text)] if (text := page_text(_unicode(data, 2))) else []
        elif kind == _OBJECT:
            kind_of_object = struct.unpack_from("<H", data, 4)[0]
        elif kind == _TEXT:
            letters = struct.unpack_from("<H", data, 10)[0]
        elif kind == _CONTINUE and letters:
            if kind_of_object != _COMMENT and (text := _unicode(data, 0)[:letters].strip()):
                records.texts.append(("box", text))
            letters = 0
    for row, column in waiting:
        tokens = next(
            (t for (top, last, left, right), t in shared if top <= row <= last and left <= column <= right),
            b"",
        )
        records.formulas[row, column] = parsed_formulas.text(tokens, parsed_formulas.BIFF8, (row, column))
    return records


def _records(memory: Any, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of one sheet that are looked at; those of charts in it left out."""
    depth = 0
    while at + 4 <= len(memory):
        kind, length = _HEAD.unpack_from(memory, at)
        if kind in _DEEPER:
            depth += _DEEPER[kind]
            if depth <= 0:
                return
        elif depth == 1 and kind in _WANTED:
            yield kind, bytes(memory[at + 4 : at + 4 + length])
        at += 4 + length


def _unicode(data: bytes, at: int) -> str:
    """A text whose flag byte at `at` says whether its letters take one byte or two."""
    return data[at + 1 :].decode("utf-16-le" if data[at] & 1 else "latin-1", "replace")
