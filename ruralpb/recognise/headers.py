"""Where a table's header is, which form it is of, and what each of its columns means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from ruralpb.model import Form, Grid, cell_name
from ruralpb.places import fold
from ruralpb.problems import Location, Problem
from ruralpb.recognise.signatures import MEASURE, Hit, Signatures, key

DEPTH = 15
"""Header rows are looked for this deep below the start of a table (D26)."""

LEVELS = 3

_MEASURE_ONLY = re.compile(rf"[(]?(?:单位:)?({MEASURE})[)]?")
_SERIAL = re.compile(r"序号?|编?号|NO\.?|行次|栏次", re.IGNORECASE)
_WHOLE = re.compile("合计|小计|总计|总数|总额|金额")
"""总收入/合计 is 总收入: such a leaf stands for its parent."""

_OTHER_SCOPE = re.compile(
    r"上年|去年|同期|上季|上月|上期|增减|增长|同比|环比|占比|计划|预算|目标|当月|本月|当季|本季"
)
"""A parent header with such a word makes its columns other figures than the same leaves without it."""


@dataclass(slots=True)
class Header:
    """One header block: 0-based rows, field id → column, the measures its texts state, and what it leaves open."""

    form: Form
    top: int
    bottom: int
    columns: dict[str, int]
    measures: dict[str, str] = field(default_factory=dict)
    unmapped: dict[int, str] = field(default_factory=dict)
    twice: list[str] = field(default_factory=list)
    """Fields that two columns name with equal right."""

    def content(self, known: Signatures) -> int:
        """How many columns speak for this form, common columns not counted."""
        return sum(not known.is_common(self.form.by_id[name]) for name in [*self.columns, *self.twice])

    def complete(self, known: Signatures) -> bool:
        """True when no required column lacks."""
        return all(name in self.columns or name in self.twice for name in known.required(self.form.id))


def find(grid: Grid, known: Signatures, start: int) -> tuple[Header | None, list[Problem]]:
    """Return the first header block at or below row `start`, or None; a problem when two forms fit it equally well."""
    for row in range(start, min(start + DEPTH, len(grid.values))):
        if not looks_like_header(grid, known, row):
            continue
        bottom = _merged_bottom(grid, row)
        candidates = _candidates(grid, known, start, bottom)
        if not candidates:
            continue
        # A row of parent headers can look like a header itself; the row below it, if it says more, is the leaf row.
        for deeper in range(bottom + 1, min(bottom + LEVELS, len(grid.values))):
            below = _candidates(grid, known, start, deeper) if looks_like_header(grid, known, deeper) else []
            if below and below[0].content(known) > candidates[0].content(known):
                candidates = below
        best, problem = _decided(grid, known, start, candidates)
        if best is not None:
            _extend_up(grid, best, start)
            _take_measure_row(grid, best)
        return best, [problem] if problem else []
    return None, []


def _merged_bottom(grid: Grid, row: int) -> int:
    """The last row that a merged header cell of `row` reaches down to: the leaf row."""
    reach = [area.bottom for area in grid.merged if area.top <= row < area.bottom < area.top + LEVELS]
    return max(reach, default=row)


def looks_like_header(grid: Grid, known: Signatures, row: int) -> bool:
    """True when at least half of the row's texts, and two or more, name fields. Numbers and blanks end the look early."""
    texts = [text for text in _filled(grid, row).values() if isinstance(text, str)]
    if len(texts) < 2 or not any(known.hits(text) for text in texts[:4]):
        return False
    hits = sum(bool(known.hits(text)) for text in texts)
    return hits >= 2 and 2 * hits >= len(set(texts)) - 2


def _candidates(grid: Grid, known: Signatures, start: int, bottom: int) -> list[Header]:
    """Per form the header that maps most columns with its leaf row at `bottom`, best form first."""
    best: dict[str, Header] = {}
    for top in range(bottom, max(bottom - LEVELS, start - 1), -1):
        for header in _mapped(grid, known, top, bottom):
            other = best.get(header.form.id)
            if other is None or len(header.columns) > len(other.columns):
                best[header.form.id] = header
    accepted = [header for header in best.values() if _convincing(header, known)]
    return sorted(accepted, key=lambda header: (header.complete(known), header.content(known)), reverse=True)


def _convincing(header: Header, known: Signatures) -> bool:
    """A form is recognised when half of its required columns are there (common ones aside), and at least two of its own."""
    own = [item for item in known.fields(header.form.id) if not known.is_common(item)]
    required = [item for item in own if item.required] or own
    present = [item for item in required if item.id in header.columns or item.id in header.twice]
    return header.content(known) >= min(2, len(own)) and 2 * len(present) >= len(required)


def _decided(
    grid: Grid, known: Signatures, start: int, candidates: list[Header]
) -> tuple[Header | None, Problem | None]:
    """The one form: the title or 表号 decides, else the one that explains most columns; a draw is refused (D21)."""
    named = [header for header in candidates if _is_named(grid, header.form, start, header.top)]
    if len(named) == 1 and (named[0].complete(known) or not candidates[0].complete(known)):
        return named[0], None
    best = candidates[0]
    rivals = [
        other
        for other in candidates[1:]
        if other.complete(known) == best.complete(known) and other.content(known) == best.content(known)
    ]
    if not rivals:
        return best, None
    titles = "、".join(f"《{header.form.title}》" for header in [best, *rivals])
    where = Location(sheet=grid.sheet, cell=cell_name(best.bottom, 0))
    return None, Problem("forms-alike", where, found=titles, rule="D21", refused="sheet")


def _is_named(grid: Grid, form: Form, start: int, top: int) -> bool:
    names = {fold(name) for name in (form.code, form.title) if name}
    texts = [grid.sheet, *(text for row in grid.values[start:top] for text in row if isinstance(text, str))]
    return any(name in fold(text) for text in texts for name in names)


# ---------------------------------------------------------------------------------------------- columns


def _mapped(grid: Grid, known: Signatures, top: int, bottom: int) -> list[Header]:
    """Per form that any column of the block names: its columns."""
    paths = _paths(grid, top, bottom)
    claims: dict[str, dict[str, list[tuple[int, int, str]]]] = {}
    for column, path in paths.items():
        for hit, measure, strength in _column_hits(known, path):
            claims.setdefault(hit.form, {}).setdefault(hit.field.id, []).append((strength, column, measure))
    found = []
    for form, fields in claims.items():
        if len(fields) < 2:
            continue
        header = Header(known.forms[form], top, bottom, {})
        _settle(header, fields, paths)
        found.append(header)
    return found


def _column_hits(known: Signatures, path: Sequence[str]) -> Iterable[tuple[Hit, str, int]]:
    """The fields one column may be, per form the strongest claim: joined with its parents, under its own group, alone."""
    *parents, leaf = path
    best: dict[str, list[tuple[Hit, str, int]]] = {}
    inherited = next((measure for parent in reversed(parents) if (measure := _stated(parent))), "")
    for parent in reversed(parents):
        joined = known.hits(f"{key(parent)}{leaf}") or known.hits(f"{key(parent)}/{leaf}")
        if not joined and _WHOLE.fullmatch(key(leaf)):
            joined = known.hits(parent)
        for hit, measure in joined:
            best.setdefault(hit.form, []).append((hit, measure or inherited, 3 + hit.by_title))
    folded_parents = {key(parent) for parent in parents}
    for hit, measure in known.hits(leaf):
        grouped = bool(hit.field.group) and key(hit.field.group) in folded_parents
        foreign = _OTHER_SCOPE.search("".join(parents))
        if foreign and not grouped and foreign[0] not in hit.field.title:
            continue
        best.setdefault(hit.form, []).append((hit, measure or inherited, 3 if grouped else 1 + hit.by_title))
    for claims in best.values():
        top = max(strength for _, _, strength in claims)
        yield from (claim for claim in claims if claim[2] == top)


def _stated(text: str) -> str:
    """The measure a parent header states in brackets."""
    found = re.search(rf"[(（](?:单位[:：]?)?({MEASURE})[)）]\s*$", text)
    return found[1] if found else ""


def _settle(
    header: Header, claims: Mapping[str, list[tuple[int, int, str]]], paths: Mapping[int, Sequence[str]]
) -> None:
    """Give each field its one column and each column its one field; the stronger claim wins, a draw goes to nobody."""
    wanted: dict[int, list[tuple[int, str]]] = {}
    for name, found in claims.items():
        for strength, column, _ in found:
            wanted.setdefault(column, []).append((strength, name))
    undecided = {
        column
        for column, names in wanted.items()
        if sum(strength == max(names)[0] for strength, _ in names) > 1
    }
    for name, found in claims.items():
        usable = [claim for claim in found if claim[1] not in undecided and max(wanted[claim[1]])[1] == name]
        if not usable:
            continue
        strongest = max(strength for strength, _, _ in usable)
        first, *others = [claim for claim in usable if claim[0] == strongest]
        if others:
            if name != "note":
                header.twice.append(name)
            continue
        header.columns[name] = first[1]
        if first[2]:
            header.measures[name] = first[2]
    taken = set(header.columns.values())
    header.unmapped = {
        column: "/".join(path)
        for column, path in paths.items()
        if column not in taken and not _SERIAL.fullmatch(fold(path[-1]))
    }


def _paths(grid: Grid, top: int, bottom: int) -> dict[int, list[str]]:
    """Column → its header texts from top to bottom, merged cells read in each of their cells, equal neighbours once."""
    levels = [_filled(grid, row) for row in range(top, bottom + 1)]
    for level, below in pairwise(levels):
        _spread(level, below, grid)
    paths: dict[int, list[str]] = {}
    for column in range(len(grid.values[bottom])):
        path: list[str] = []
        for level in levels:
            text = level.get(column)
            if isinstance(text, str) and text.strip() and (not path or path[-1] != text):
                path.append(text.strip())
        if path:
            paths[column] = path
    for level in levels[:-1]:
        texts = {text for text in level.values() if isinstance(text, str)}
        if len(texts) == 1:  # a title above the table is nobody's parent
            title = texts.pop().strip()
            for path in paths.values():
                if len(path) > 1 and path[0] == title:
                    path.pop(0)
    return paths


def _filled(grid: Grid, row: int) -> dict[int, Any]:
    """Column → value of one row, each merged range giving its text to all its cells."""
    values = {column: value for column, value in enumerate(grid.values[row]) if value is not None}
    for area in grid.merged:
        if area.top <= row <= area.bottom:
            anchor = grid.cell(area.top, area.left)
            if isinstance(anchor, str):
                for column in range(area.left, min(area.right, len(grid.values[row]) - 1) + 1):
                    values[column] = anchor
    return values


def _spread(level: dict[int, Any], below: Mapping[int, Any], grid: Grid) -> None:
    """Where nothing is merged (text files), a parent reaches right over the blank cells that have a leaf below them."""
    if grid.merged or not level:
        return
    parent = None
    for column in range(min(level), max(below, default=-1) + 1):
        if column in level:
            parent = level[column] if column in below else None
        elif column in below and parent is not None:
            level[column] = parent


def _extend_up(grid: Grid, header: Header, start: int) -> None:
    """Count the rows of parent headers into the header: those that a merge ties to the row below, or that span part of it."""
    mapped = set(header.columns.values())
    while header.top > start and header.bottom - header.top < LEVELS - 1:
        above = header.top - 1
        ties = any(area.top <= above < header.top <= area.bottom for area in grid.merged)
        spans = any(
            area.top <= above <= area.bottom
            and 2 <= len(mapped & set(range(area.left, area.right + 1))) < len(mapped) - 1
            for area in grid.merged
        )
        labels = any(isinstance(text, str) and re.search("[:：]", text) for text in grid.values[above])
        if not (ties or (spans and not labels)):
            return
        header.top = above


def _take_measure_row(grid: Grid, header: Header) -> None:
    """A row of measures (万元 人 %) or of column numbers (甲 乙 1 2) below the leaves belongs to the header."""
    while header.bottom + 1 < len(grid.values):
        cells = {
            column: fold(str(value))
            for column, value in enumerate(grid.values[header.bottom + 1])
            if value is not None
        }
        if len(cells) < 2:
            return
        own = {fold(item.measure) for item in header.form.fields if item.measure}
        measures = {
            column: found[1] if (found := _MEASURE_ONLY.fullmatch(text)) else text if text in own else ""
            for column, text in cells.items()
        }
        if any(measures.values()) and all(
            measures[column] or text in "-—/" for column, text in cells.items()
        ):
            for name, column in header.columns.items():
                if measures.get(column):
                    header.measures.setdefault(name, measures[column])
        elif not _numbers_columns(list(cells.values())):
            return
        header.bottom += 1


def _numbers_columns(texts: list[str]) -> bool:
    """True for 甲 乙 1 2 3 or 1 2 3 4: each cell one more than the one before."""
    rest = [text.removesuffix(".0").strip("()") for text in texts]
    while rest and rest[0] in ("甲", "乙", "丙", "丁", "戊", "栏次", "A", "B", "C"):
        rest.pop(0)
    return len(texts) >= 3 and bool(rest) and rest == [str(number) for number in range(1, len(rest) + 1)]


# ---------------------------------------------------------------------------------------------- sheets without a header


def transposed(grid: Grid, known: Signatures) -> Form | None:
    """The form whose fields stand below each other in one of the first columns (D36), or None."""
    for column in range(3):
        counts: dict[str, set[str]] = {}
        for row in grid.values[:200]:
            text = row[column] if column < len(row) else None
            for hit, _ in known.hits(text) if isinstance(text, str) else ():
                counts.setdefault(hit.form, set()).add(hit.field.id)
        for form, fields in counts.items():
            own = [item for item in known.fields(form) if not known.is_common(item)]
            if len(fields) >= 4 and 2 * len(fields) >= len(own):
                return known.forms[form]
    return None


def titled(grid: Grid, known: Signatures) -> Form | None:
    """The form whose title or code the sheet bears in its first rows, although no header was found; None for
    instructions and lists of forms."""
    if re.search("说明|字典|目录|代码|封面", grid.sheet):
        return None
    cells = [fold(text) for row in grid.values[:5] for text in row if isinstance(text, str)]
    named = [
        form
        for form in known.forms.values()
        if any(
            fold(name) in text and len(text) < 60
            for name in (form.code, form.title)
            if name
            for text in cells
        )
    ]
    return named[0] if len(named) == 1 and len(grid.values) > 2 else None
