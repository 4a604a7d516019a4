"""The one way to write a workbook: XlsxWriter with text that stays text, formats made once, and bytes that depend on what is written alone.

`sheets` lays out tables with it, `boards` cards and charts; blank forms, copies and question lists lay out their own sheets.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

FONT = "宋体"
_A4 = 9


class Workbook:
    """A workbook in the making. `when` is the date it bears; `date_1904` counts days from 1904. `basis` are the properties that every
    format has (XlsxWriter's names); `close` gives the bytes."""

    def __init__(
        self, when: datetime, title: str = "", basis: Mapping[str, Any] | None = None, date_1904: bool = False
    ) -> None:
        import xlsxwriter

        self._out = io.BytesIO()
        # Text from returns may begin with = or look like a link; it must stay what it is.
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "date_1904": date_1904,
        }
        self.book = xlsxwriter.Workbook(self._out, options)
        properties = {"author": "ruralpb", "created": when.replace(tzinfo=None)}
        self.book.set_properties({"title": title, **properties} if title else properties)
        self._basis = {"font_name": FONT, "font_size": 10, "valign": "vcenter"} | dict(basis or {})
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def format(self, properties: Mapping[str, Any]) -> Any:
        """Return the format with these properties on top of the workbook's basis, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format({**self._basis, **properties})
        return self._formats[key]

    def worksheet(self, name: str) -> Any:
        """Return a new sheet. The name is taken as it is: at most 31 characters, none of []:*?/\\, none twice."""
        return self.book.add_worksheet(name)

    def close(self) -> bytes:
        """Return the workbook; nothing can be added afterwards."""
        self.book.close()
        return self._out.getvalue()


def landscape(sheet: Any, pages: int = 1) -> None:
    """Print a sheet on A4 across, as wide as `pages` pages."""
    sheet.set_paper(_A4)
    sheet.set_landscape()
    sheet.fit_to_pages(pages, 0)


PAGE_NUMBERS = "第 &P 页，共 &N 页"
"""What stands at the foot of a printed sheet."""


@lru_cache(maxsize=65536)
def text_width(text: str) -> float:
    """The width of a text in columns of a monospaced font: a Chinese character takes two."""
    return sum(2.0 if unicodedata.east_asian_width(char) in "WFA" else 1.0 for char in text)
