"""The fourteen forms as the samples print them: id, printed header, type and header group of every column (`blanks.txt`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).with_name("blanks.txt")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a form. `groups` are the merged headers above it, top first."""

    id: str
    title: str
    type: str
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormSheet:
    """One form: its number, its title and its columns in the order of the printed blank."""

    id: str
    code: str
    title: str
    columns: tuple[Column, ...]
    measure: str = ""

    @property
    def has_village(self) -> bool:
        """Whether its rows name a village."""
        return self.id not in ("training_class", "summary")

    def type_of(self, field: str) -> str:
        """The type of a field."""
        return next(c.type for c in self.columns if c.id == field)


def _read() -> dict[str, FormSheet]:
    found: dict[str, FormSheet] = {}
    for block in SOURCE.read_text(encoding="utf-8").split("[[")[1:]:
        head, *lines = block.strip().splitlines()
        id_, code, title, measure = head.removesuffix("]]").split("|")
        found[id_] = FormSheet(id_, code, title, _columns(lines), measure)
    return found


def _columns(lines: list[str]) -> tuple[Column, ...]:
    columns: list[Column] = []
    groups: tuple[str, ...] = ()
    for line in lines:
        if line.startswith("["):
            groups = tuple(line[1:-1].split("/"))
        else:
            columns.append(Column(*line.split("|"), groups=groups))  # type: ignore[misc]
    return tuple(columns)


FORMS = _read()
SUMMED = {"money", "int", "number"}
"""Types that a township's 合计 row adds up. Yuan columns are amounts a person: nobody adds them."""
