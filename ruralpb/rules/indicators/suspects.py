"""Suspect rows: those that figures should not rest on while an error in them is open, or an outlier unexplained.

Which cells are suspect follows from findings. A session holds them as a relation (`SUSPECT_ROWS`), so that what a figure comes to
without them is asked in the statement that asks for the figure itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from ruralpb.core.sql import identifier, literal
from ruralpb.model import Check, Finding
from ruralpb.model.records import EVERY_FIELD, CellKey
from ruralpb.rules import engine
from ruralpb.rules.indicators.formula import Formula, FormulaPart

SUSPECT_ROWS = ("suspect_rows", ("block INTEGER", "position INTEGER", "field VARCHAR"))
"""The session's relation of suspect cells: its name and columns."""


@dataclass(frozen=True)
class SuspectCells:
    """The suspect cells of a period, by form, each with the findings that say so. A figure rests on one where it counts the row and reads
    the field."""

    by_form: Mapping[str, Mapping[CellKey, tuple[str, ...]]]

    @classmethod
    def of(cls, findings: Iterable[Finding], checks: Mapping[str, Check]) -> SuspectCells:
        """Return the cells of failed relations that nobody has settled: errors, and what `checks` say is about outliers."""
        found: dict[str, dict[CellKey, tuple[str, ...]]] = {}
        for finding in findings:
            check = checks.get(finding.check)
            doubtful = finding.severity == "error" or (
                check is not None and check.outlier and finding.severity != "note"
            )
            if doubtful and finding.outcome == "fail" and finding.status == "open" and finding.rests_on:
                cells = found.setdefault(finding.form, {})
                cells.update({cell: (*cells.get(cell, ()), finding.id) for cell in finding.rests_on})
        return cls({form: dict(sorted(cells.items())) for form, cells in found.items()})

    @property
    def rows(self) -> Iterator[CellKey]:
        """What `SUSPECT_ROWS` holds."""
        for cells in self.by_form.values():
            yield from cells

    def doubts(self, form: str, cell: CellKey) -> tuple[str, ...]:
        """Return the ids of the findings for which a stored value is suspect."""
        cells = self.by_form.get(form, {})
        return cells.get(cell, ()) + cells.get((*cell[:2], EVERY_FIELD), ())

    def left_out(self, formula: Formula) -> Formula | None:
        """Return the formula over the rows that are not suspect to it; None when it reads no suspect cell.

        A ratio of rows of different forms leaves out the villages (the townships, over a register of townships) of suspect rows above and
        below the line: numerator and denominator of one figure are about the same units.
        """
        doubtful = [self._chosen(part) for part in formula.parts]
        if not any(doubtful):
            return None
        relations = {part.relation for part in formula.parts}
        leaf = ""
        if formula.is_ratio and len(relations) > 1:
            leaf = "township_code" if "ref_township" in relations else "village_code"
        units = " UNION ALL ".join(
            engine.statement("suspect_units", leaf=leaf, relation=identifier(part.relation), places=chosen)
            for part, chosen in zip(formula.parts, doubtful, strict=True)
            if chosen and leaf
        )
        outside = f"coalesce({{0}}.{leaf} IN ({units}), FALSE)" if units else ""
        parts = tuple(
            _without(part, chosen, outside) for part, chosen in zip(formula.parts, doubtful, strict=True)
        )
        return replace(formula, parts=parts)

    def _chosen(self, part: FormulaPart) -> str:
        """The SELECT of the places (block, position) of rows that are suspect to `part`; "" where none is."""
        fields = {field for _, _, field in self.by_form.get(part.relation, {})} & {*part.fields, EVERY_FIELD}
        names = ", ".join(map(literal, sorted(fields)))
        return engine.statement("suspect_places", rows=SUSPECT_ROWS[0], fields=names) if fields else ""


def _without(part: FormulaPart, chosen: str, outside: str) -> FormulaPart:
    name = identifier(part.relation)
    suspect = f"({name}.block, {name}.position) IN ({chosen})" if chosen else ""
    left_out = " OR ".join(filter(None, (suspect, outside.format(name))))
    return replace(part, suspect=suspect, left_out=left_out) if left_out else part


NO_SUSPECTS = SuspectCells({})
