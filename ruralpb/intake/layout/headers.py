"""Where a table's header is and which form it is of."""

from __future__ import annotations

from dataclasses import dataclass

from ruralpb.core.messages import listing
from ruralpb.core.problems import Location, Problem
from ruralpb.intake.layout import block
from ruralpb.intake.layout.block import filled
from ruralpb.intake.layout.column_mapping import Header, mapped
from ruralpb.intake.layout.header_index import HeaderIndex
from ruralpb.model import Form, Grid
from ruralpb.model.unit_names import fold

DEPTH = 120
"""Header rows are looked for this deep below the start of a table (D26 asks for 15; instructions may stand above it)."""


@dataclass(slots=True)
class HeaderCandidates:
    """A header block: its rows, and the headers it may be, the best form first."""

    top: int
    bottom: int
    headers: list[Header]


def find(grid: Grid, known: HeaderIndex, start: int, continuing: str = "") -> HeaderCandidates | None:
    """Return the first header block at or below row `start`, or None. Of the form `continuing`, of which columns still lack, few are enough."""
    for row in range(start, min(start + DEPTH, len(grid.values))):
        if not looks_like_header(grid, known, row):
            continue
        found = candidates(grid, known, start, block.merged_bottom(grid, row), continuing)
        if not found:
            continue
        # A row of parent headers can look like a header itself; the row below it, if it says more, is the leaf row.
        for deeper in range(found[0].bottom + 1, min(row + block.LEVELS, len(grid.values))):
            if not looks_like_header(grid, known, deeper):
                if block.holds_numbers(grid.values[deeper]):
                    break
                continue
            below = candidates(grid, known, start, deeper, continuing)
            if below and below[0].clear(known) > found[0].clear(known):
                found = below
        return HeaderCandidates(min(header.top for header in found), found[0].bottom, found)
    return None


_MANY = 6
"""So many headings that name fields make a header, however many others stand among them: the export of a larger table."""


def looks_like_header(grid: Grid, known: HeaderIndex, row: int) -> bool:
    """True when at least half of the row's texts, and two or more, name fields; or many do."""
    own = sum(type(value) is str for value in grid.values[row])
    if own < 2 and not any(area.top < row <= area.bottom for area in grid.merged):
        return False  # a title, however far it is merged
    texts = [text for text in filled(grid, row).values() if isinstance(text, str)]
    if len(texts) < 2:
        return False
    hits = sum(bool(known.hits(text)) for text in texts)
    if hits < 2 and known.mappings:
        hits += sum(any(known.mapped(form, text) for form in known.forms) for text in texts)
    return (hits >= 2 and 2 * hits >= len(set(texts)) - 2) or hits >= _MANY


def candidates(grid: Grid, known: HeaderIndex, start: int, bottom: int, continuing: str = "") -> list[Header]:
    """Return per form the header that maps most columns with its leaf row at `bottom`, best form first."""
    high = block.highest(grid, start, bottom, known.vocabulary)
    rows = grid.values[high : bottom + 1]
    areas = tuple(
        (max(a.top, high) - high, a.left, min(a.bottom, bottom) - high, a.right)
        for a in grid.merged
        if a.top <= bottom and a.bottom >= high
    )
    slot = ("block", rows, areas, continuing)
    worked_out = known.memo.get(slot)
    if worked_out is None:
        worked_out = known.memo[slot] = _candidates(grid, known, high, bottom, continuing)
        known.memo[slot] = [header.at(header.top - high, header.bottom - high) for header in worked_out]
        worked_out = known.memo[slot]
    return [header.at(header.top + high, header.bottom + high) for header in worked_out]


def _candidates(grid: Grid, known: HeaderIndex, high: int, bottom: int, continuing: str) -> list[Header]:
    best: dict[str, Header] = {}
    restricted: dict[str, dict[int, tuple[str, str]]] = {}
    for top in range(bottom, high - 1, -1):
        for header in mapped(known, block.paths(grid, top, bottom), top, bottom):
            other = best.get(header.form.id)
            restricted.setdefault(header.form.id, {}).update(header.restricted)
            # A parent that names nothing may still state the measure of the columns below it: 有关资金(元).
            if other is None or _says(header) > _says(other):
                best[header.form.id] = header
    for form, columns in restricted.items():
        best[form].restrict(columns)
    accepted = [header for header in best.values() if _convincing(header, known, continuing)]
    for header in accepted:
        _extend_up(grid, header, high)
    return sorted(
        accepted,
        key=lambda header: (header.complete(known), header.content(known), header.clear(known)),
        reverse=True,
    )


_PLENTY = 8
"""So many of its columns make a form that requires none."""


def _says(header: Header) -> tuple[int, bool, int]:
    return len(header.columns), bool(header.restricted), len(header.measures)


def _convincing(header: Header, known: HeaderIndex, continuing: str) -> bool:
    """A form is recognised when half of its required columns are there (common ones aside), and at least two of its own."""
    own = [item for item in known.fields(header.form.id) if not known.is_common(item)]
    required = [item for item in own if item.required] or own
    present = [item for item in required if item.id in header.columns or item.id in header.twice]
    return header.content(known) >= min(2, len(own)) and (
        header.form.id == continuing
        or 2 * len(present) >= len(required)
        or 2 * header.content(known) >= len(own)
        or (required is own and header.content(known) >= _PLENTY)
    )


def decided(
    grid: Grid, known: HeaderIndex, start: int, found: HeaderCandidates
) -> tuple[Header | None, Problem | None]:
    """Return the one form: the title or 表号 decides, else the one that explains most columns; a draw is refused (D21)."""
    named = [header for header in found.headers if _is_named(grid, header.form, start, header.top)]
    if len(named) == 1 and (named[0].complete(known) or not found.headers[0].complete(known)):
        return named[0], None
    best = found.headers[0]
    rivals = [
        other
        for other in found.headers[1:]
        if other.complete(known) == best.complete(known) and other.content(known) == best.content(known)
    ]
    if not rivals:
        return best, None
    titles = listing(f"《{header.form.title}》" for header in [best, *rivals])
    where = Location(sheet=grid.sheet, cell=grid.address(best.bottom, 0))
    return None, Problem("forms-alike", where, found=titles, rule="D21", refused="sheet")


def take_below(grid: Grid, header: Header) -> None:
    """Count the rows of measures, column numbers and English below the leaves into the header."""
    header.bottom, measures = block.below(grid, header.bottom, header.form, header.columns)
    header.measures = {**measures, **header.measures}


def _is_named(grid: Grid, form: Form, start: int, top: int) -> bool:
    names = {fold(name) for name in (form.code, form.title) if name}
    texts = [grid.sheet, *(text for row in grid.values[start:top] for text in row if isinstance(text, str))]
    return any(name in fold(text) for text in texts for name in names)


def _extend_up(grid: Grid, header: Header, high: int) -> None:
    """Count the rows of parent headers into the header: those that a merge ties to the row below, or that span part of it."""
    mapped_columns = set(header.columns.values())
    while header.top > high:
        above = header.top - 1
        ties = any(area.top <= above < header.top <= area.bottom for area in grid.merged)
        spans = any(
            area.top <= above <= area.bottom
            and 2 <= len(mapped_columns & set(range(area.left, area.right + 1))) < len(mapped_columns) - 1
            for area in grid.merged
        )
        if not (ties or spans):
            return
        header.top = above


# ---------------------------------------------------------------------------------------------- sheets without a header


def titled(grid: Grid, known: HeaderIndex) -> Form | None:
    """The form whose title or code the sheet bears in its first rows, although no header was found; None for
    instructions and lists of forms."""
    if known.vocabulary.pattern("sheets.no_return").search(grid.sheet):
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


def nearest(grid: Grid, known: HeaderIndex) -> tuple[Form, list[str], int] | None:
    """The form that some row of the sheet resembles most although too few of its columns are there: three or more of its own.
    Return it with the titles of the required columns that lack, and the row; None for instructions."""
    if known.vocabulary.pattern("sheets.no_return").search(grid.sheet):
        return None
    best: tuple[int, Header, int] | None = None
    for row in range(min(DEPTH, len(grid.values))):
        if not looks_like_header(grid, known, row):
            continue
        for header in mapped(known, block.paths(grid, row, row), row, row):
            content = header.content(known)
            if content >= 3 and (best is None or content > best[0]):
                best = content, header, row
    if best is None:
        return None
    _, header, row = best
    lacking = [
        header.form.by_id[name].title for name in known.required(header.form.id) if name not in header.columns
    ]
    return header.form, lacking, row
