"""What stands beside a value: links to other workbooks, struck-out cells, comments (domain.md D71, D75, D95)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from ruralpb.core.messages import listing
from ruralpb.core.problems import Location, Problem
from ruralpb.intake.values import people
from ruralpb.intake.values.cells import CellFinding, Taken, clean, show
from ruralpb.intake.values.columns import ColumnReader, TypedColumn
from ruralpb.model import Evidence, Field


def annotate(reader: ColumnReader, item: Field, typed: TypedColumn) -> None:
    """Note links and comments of one column, and ask about cells that look cancelled. No value changes."""
    if found := reader.evidence.get(reader.match.columns[item.id]):
        _beside(reader, item, typed, found)
    if item.id == "name":
        doubtful = people.stand_ins({value for value in typed.values if isinstance(value, str)})
        for index, value in enumerate(typed.values) if doubtful else ():
            if value in doubtful:
                reader.problem(index, item, value, CellFinding("name-stand-in", "D95", severity="query"))
        for index, taken in typed.taken.items():
            removed = taken.data.get("removed", "") if taken.slug == "name-stripped" else ""
            if reader.vocabulary.pattern("people.status").search(removed):
                said = CellFinding("name-status", "D93", severity="query", data={"removed": removed})
                reader.problem(index, item, typed.raws[index], said)


def _beside(reader: ColumnReader, item: Field, typed: TypedColumn, found: Mapping[int, Evidence]) -> None:
    links: dict[str, list[int]] = {}
    for index in sorted(found):
        evidence = found[index]
        if evidence.due and item.numeric:
            said = CellFinding("formula-stale", "D115", evidence.due, severity="query")
            reader.problem(index, item, typed.raws[index], said)
        if evidence.link:
            links.setdefault(evidence.link, []).append(index)
        comment = " ".join(clean(evidence.comment).split())
        if not (evidence.struck or comment):
            continue
        raw, value = typed.raws[index], typed.values[index]
        remark = comment or reader.vocabulary["findings.struck"][0]
        reader.note(item, index, raw, Taken(value, "D75", "cell-remarked", {"comment": show(remark, 200)}))
        cancelled = evidence.struck or reader.words.cancelled.search(comment)
        if cancelled or item.numeric:
            slug = "cell-cancelled" if cancelled else "cell-commented"
            said = CellFinding(slug, "D75", severity="query", data={"comment": show(remark, 200)})
            reader.problem(index, item, raw, said)
    for link, indexes in links.items():
        for index in indexes:
            reader.note(
                item,
                index,
                typed.raws[index],
                Taken(typed.values[index], "D71", "cell-linked", {"link": link}),
            )
        column = reader.match.columns[item.id]
        cells = listing(reader.grid.address(reader.positions[index], column) for index in indexes[:20])
        data = {"link": link, "cells": cells + ("…" if len(indexes) > 20 else "")}
        reader.problem(
            indexes[0],
            item,
            typed.raws[indexes[0]],
            CellFinding("cells-linked", "D71", severity="query", data=data),
        )


def row_remarks(reader: ColumnReader) -> list[Problem]:
    """D75: records whose column of remarks, or one that the form does not know, says that their numbers are others (作废; 本行按元填报)."""
    match, grid = reader.match, reader.grid
    changes = reader.vocabulary.pattern("remarks.row")
    found = []
    for column in (*([match.columns["note"]] if "note" in match.columns else []), *match.unmapped):
        texts = {row: value for row in reader.positions if isinstance(value := grid.cell(row, column), str)}
        telling = {
            text for text in set(texts.values()) if changes.search(unicodedata.normalize("NFKC", text))
        }
        for row, text in texts.items() if telling else ():
            if text in telling:
                where = Location(sheet=grid.sheet, cell=grid.address(row, column))
                data = {"row": str(grid.place(row, column)[0] + 1)}
                found.append(
                    Problem(
                        "row-remarked",
                        where,
                        show(text, 200),
                        severity="query",
                        rule="D75",
                        form=reader.form.id,
                        data=data,
                    )
                )
    return found
