"""Bytes of one file → plain grids, one a sheet, with the evidence that stock readers hide.

What the bytes are decides the reader, never the extension. A file that cannot be read whole is refused
whole, with one problem that says why; nothing is read in part and nothing is guessed.

    content ─ container.kind ─┬─ zip ─┬─ ooxml         .xlsx .xlsm (calamine + a byte scan of the sheet parts)
                              │       ├─ xlsb          .xlsb
                              │       └─ ods           .ods
                              ├─ ole ─── biff          .xls .et (xlrd); decrypted first, then any of these
                              ├─ html ── markup        a web page with one table
                              ├─ mhtml                 a single-file web page
                              ├─ xml2003 spreadsheetml
                              ├─ fods ── ods           an .ods in one part
                              └─ text ── delimited     .csv .txt .tsv

`archives` opens zip archives of returns; their members come here one by one.
"""

from __future__ import annotations

from dataclasses import replace

from ruralpb.core.ooxml.limits import Unreadable
from ruralpb.core.ooxml.package import Package
from ruralpb.core.ooxml.zipped import Zip
from ruralpb.core.problems import Location, Problem
from ruralpb.intake.readers import biff, container, delimited, markup, mhtml, ods, ooxml, spreadsheetml, xlsb
from ruralpb.intake.readers.formulas import recalculated
from ruralpb.intake.readers.seen import seen
from ruralpb.model import Grid, Reading
from ruralpb.model.vocabulary import builtin

__all__ = ["read", "unlocked"]


def read(content: bytes, name: str, password: str = "") -> tuple[list[Grid], list[Problem]]:
    """Return the sheets of the file `name` in workbook order, and what was noticed about the container.

    `password` is used once, after the empty and the default one, and is not kept. When the file is refused the
    list is empty and one problem says so (`refused="file"`). Never raises for what a file contains.
    """
    notes: list[Problem] = []
    try:
        kind = container.kind(content)
        if kind == "ole" and (plain := container.decrypted(content, password)) is not None:
            content, used_default = plain
            notes.append(
                Problem(
                    "file-encrypted-default" if used_default else "file-encrypted",
                    severity="note",
                    rule="D08",
                )
            )
            kind = container.kind(content)
        form, grids = _grids(kind, content)
    except Unreadable as refusal:
        return [], [_attachment_or_refusal(refusal.problem, name).located(name)]
    except RecursionError:
        return [], [Problem("file-damaged", Location(name), rule="D12", refused="file")]
    notes += _about(form, name)
    if not any(grid.values for grid in grids):
        return [], [Problem("file-blank", Location(name), rule="D12", refused="file")]
    return [recalculated(seen(grid)) for grid in grids], [note.located(name) for note in notes]


def unlocked(content: bytes, password: str) -> Reading:
    """Return a reading with the workbook that `password` opens in the file; an empty one where it opens none or none is needed."""
    try:
        plain = container.decrypted(content, password)
    except Unreadable as refusal:
        return Reading(problems=(refusal.problem,))
    # Excel's own default opens without a password, and needs no copy.
    return Reading() if plain is None or plain[1] else Reading(opened=plain[0])


def _attachment_or_refusal(problem: Problem, name: str) -> Problem:
    """A document or picture is no return, and no failed one either: it is kept, and the table in it asked for as a workbook. Under the name
    of a workbook it was meant for a return."""
    kind = problem.data.get("kind", "")
    is_named_workbook = any(name.lower().endswith(f".{extension}") for extension in _WORKBOOKS)
    if problem.slug == "file-unsupported" and kind in container.ATTACHMENTS and not is_named_workbook:
        return Problem("attachment-kept", data={"kind": kind}, severity="note", rule="D11")
    if problem.slug == "file-unsupported" and kind in container.ARCHIVES:
        return replace(problem, slug="file-compressed", found=kind)
    return problem


def _grids(kind: container.Container, content: bytes) -> tuple[str, list[Grid]]:
    """What the content is, as an extension, and its sheets."""
    match kind:
        case "zip":
            return _zipped(Zip(content))
        case "ole":
            return "xls", biff.read(content)
        case "html":
            return "html", [markup.read(content)]
        case "mhtml":
            return "mht", mhtml.read(content)
        case "xml2003":
            return "xml", spreadsheetml.read(content)
        case "fods":
            return "fods", ods.read_flat(content)
    return "csv", delimited.read(content)


def _zipped(found: Zip) -> tuple[str, list[Grid]]:
    if found.part("content.xml"):
        return "ods", ods.read(found)
    if not found.part("_rels/.rels"):
        names = {"Index/Document.iwa": "Numbers", "OFD.xml": "OFD"}
        kind = next((word for part, word in names.items() if found.part(part)), "ZIP")
        raise Unreadable("file-unsupported", "D11", kind=kind)
    package = Package(found)
    return ("xlsb", xlsb.read(package)) if package.kind == "binary" else ("xlsx", ooxml.read(package))


_EXTENSIONS = {
    "xlsx": ("xlsx", "xlsm", "et", "xltx", "xltm", "ett"),
    "xlsb": ("xlsb",),
    "ods": ("ods", "ots"),
    "fods": ("fods",),
    "xls": ("xls", "et", "xlt", "ett"),
    "html": ("html", "htm"),
    "mht": ("mht", "mhtml"),
    "xml": ("xml",),
    "csv": ("csv", "txt", "tsv"),
}
_WORKBOOKS = (
    *(one for form in ("xlsx", "xlsb", "ods", "fods", "xls") for one in _EXTENSIONS[form]),
    "csv",
)
_RULES = {"html": "D04", "mht": "D04", "xml": "D05"}


def _about(form: str, name: str) -> list[Problem]:
    """D01-D05: what is noted of the container. An extension that promises another one is read all the same."""
    extension = name.rpartition(".")[2].lower()
    notes = []
    if extension not in _EXTENSIONS[form]:
        title = builtin().lists.get(f"findings.formats.{form}", (form,))[0]
        data = {"extension": extension}
        rule = _RULES.get(form, "D03")
        notes.append(Problem("file-misnamed", found=title, data=data, severity="note", rule=rule))
    elif extension in ("et", "ett"):
        notes.append(Problem("file-wps", found=form, severity="note", rule="D02"))
    elif form == "xls":
        notes.append(Problem("file-legacy", severity="note", rule="D01"))
    return notes
