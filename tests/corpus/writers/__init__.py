"""Books → bytes, one module for each container. `CARRIES` says what of a cell a container keeps besides its text."""

from __future__ import annotations

from ..model import Book
from . import biff, markup, odf, ooxml, packed, plain

CARRIES: dict[str, frozenset[str]] = {
    "xlsx": frozenset({"types", "merges", "hidden", "looks", "errors", "formulas", "struck", "comments"}),
    "xls": frozenset({"types", "merges", "hidden", "looks", "errors-cached", "struck"}),
    "ods": frozenset({"types", "merges", "hidden"}),
    "fods": frozenset({"types", "merges", "hidden"}),
    "xml2003": frozenset({"types", "merges", "hidden", "looks"}),
    "html": frozenset({"merges"}),
    "csv": frozenset(),
}


def write(book: Book) -> bytes:
    """The bytes of the file."""
    match book.container:
        case "xlsx":
            content = ooxml.write(book)
        case "xls":
            content = biff.write(book)
        case "ods":
            content = odf.write(book)
        case "fods":
            content = odf.flat(book)
        case "xml2003":
            content = markup.xml_2003(book)
        case "html":
            content = markup.html(book)
        case _:
            content = plain.write(book)
    return packed.packed(book, content)
