"""Registers, ratings and lists of a period as a workbook."""

from __future__ import annotations

from datetime import datetime, time

from ruralpb.core.periods import Period
from ruralpb.core.phrases import phrases
from ruralpb.model import Lists, Ratings, Registers
from ruralpb.publish.text.register_pages import register_pages
from ruralpb.publish.xlsx.sheets import Book, SheetColumn


def register_workbook(result: Registers | Ratings | Lists, period: Period) -> bytes:
    """Return the pages as a workbook, a sheet a page. The same data give the same bytes."""
    book = Book(datetime.combine(period.end, time()))
    for page in register_pages(result):
        columns = [
            SheetColumn(title, "right" if i in page.right else "left") for i, title in enumerate(page.columns)
        ]
        sheet_title = phrases("registers")["sheet_title"].format(title=page.title, period=period.title)
        book.sheet(page.title, columns, page.rows, sheet_title)
    return book.close()
