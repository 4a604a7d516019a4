"""The workbook in the making: its formats, its drop-down lists on a hidden sheet, and the sheet that says what it was issued as."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from ruralpb.model import form_identity
from ruralpb.publish.xlsx.workbook import Workbook

LISTS = "_选项"

_CELL = {"border": 1, "border_color": "#808080"}
LOOKS: dict[str, dict[str, Any]] = {
    "title": {"font_size": 18, "bold": True, "align": "center"},
    "about": {"font_size": 10},
    "middle": {"font_size": 10, "align": "center"},
    "right": {"font_size": 10, "align": "right"},
    "head": {"bold": True, "align": "center", "text_wrap": True, "bg_color": "#E7EEF4", **_CELL},
    "number": {"font_size": 8, "align": "center", "font_color": "#595959", **_CELL},
    "serial": {"align": "center", **_CELL},
    "fixed": {"bg_color": "#F2F2F2", "text_wrap": True, **_CELL},
    "sum": {"bg_color": "#F2F2F2", "align": "right", **_CELL},
    "total": {"bold": True, "bg_color": "#F2F2F2", "align": "right", **_CELL},
    "label": {"bold": True, "bg_color": "#F2F2F2", "align": "center", **_CELL},
    "input": {"text_wrap": True, **_CELL},
    "choice": {"text_wrap": True, "align": "center", **_CELL},
    "figure": {"align": "right", **_CELL},
    "sign": {"align": "right"},
    "signed": {"bottom": 1, "bottom_color": "#808080"},
    "note": {"font_size": 9, "text_wrap": True, "valign": "top"},
    "section": {"bold": True, "font_size": 11, "bg_color": "#E7EEF4", **_CELL},
    "text": {"text_wrap": True, "valign": "top", **_CELL},
    "centre": {"align": "center", "valign": "top", **_CELL},
}
REQUIRED = "#FFF8DC"
"""What whoever fills in the form must not leave blank stands on this ground."""


class FormBook(Workbook):
    """A workbook of blank forms in the making."""

    def __init__(self, when: datetime, title: str) -> None:
        super().__init__(when, title)
        self._lists: dict[tuple[str, ...], str] = {}

    def look(self, name: str, number: str = "", required: bool = False, free: bool = False) -> Any:
        """Return a format: a look by its name, with a number format, on the ground of required cells, unlocked."""
        look = dict(LOOKS[name])
        look |= {"num_format": number} if number else {}
        look |= {"bg_color": REQUIRED} if required else {}
        look |= {"locked": False} if free else {}
        return self.format(look)

    def choices(self, values: Sequence[str]) -> str:
        """Return the formula that names these values as a drop-down's list. They stand on a hidden sheet: a list within the validation itself
        ends at 255 characters."""
        slot = tuple(values)
        if slot not in self._lists:
            self._lists[slot] = f"list_{len(self._lists) + 1:02d}"
        return f"={self._lists[slot]}"

    def issued(self, identity: form_identity.Identity, reporter: str) -> bytes:
        """Return the workbook, with the lists and what it was issued as on sheets that only a program shows."""
        lists = self._kept(LISTS)
        lists.write_string(0, 0, form_identity.MARK)
        for column, (values, name) in enumerate(self._lists.items(), 1):
            lists.write_column(1, column, values)
            where = xl_col_to_name(column)
            self.book.define_name(name, f"='{LISTS}'!${where}$2:${where}${len(values) + 1}")
        sheet = self._kept(form_identity.SHEET)
        for row, words in enumerate(form_identity.table(identity, reporter)):
            for column, word in enumerate(words):
                sheet.write_string(row, column, word)
        return self.close()

    def _kept(self, name: str) -> Any:
        sheet = self.worksheet(name)
        sheet.very_hidden()
        sheet.protect()
        return sheet


class NoResult(str):
    """The empty text as a formula's cached result. XlsxWriter takes a plain "" for a result that nobody has worked out, and a reader
    then finds a formula that was never calculated."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = str.__hash__
