"""The reasons for which figures moved as a workbook: one sheet of figures, one of every step with its cells."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from ruralpb.core.messages import say
from ruralpb.model.figure_changes import ChangedCell, Diff
from ruralpb.publish.xlsx import sheets
from ruralpb.publish.xlsx.sheets import SheetColumn

_FIGURES = (
    SheetColumn("指标"),
    SheetColumn("计量单位"),
    SheetColumn("原值", "right"),
    SheetColumn("现值", "right"),
    SheetColumn("原分子", "right"),
    SheetColumn("现分子", "right"),
    SheetColumn("分子变动", "right"),
    SheetColumn("原分母", "right"),
    SheetColumn("现分母", "right"),
    SheetColumn("分母变动", "right"),
)
_STEPS = (
    SheetColumn("指标"),
    SheetColumn("分子/分母"),
    SheetColumn("原因"),
    SheetColumn("单位"),
    SheetColumn("变动", "right"),
    SheetColumn("字段"),
    SheetColumn("原值"),
    SheetColumn("现值"),
    SheetColumn("原单元格", width=46),
    SheetColumn("现单元格", width=46),
)


def workbook(found: Diff, when: datetime | None = None) -> bytes:
    """Return the workbook of a diff."""
    book = sheets.Book(when or datetime(1980, 1, 1, tzinfo=UTC), "指标变动原因")
    since = {"": "", "seal": "（封存时）"}.get(found.since, f"（{found.since}止）")
    title = f"{found.unit}指标变动（{found.before}{since} → {found.after}）"
    figures = [
        (
            one.title,
            one.measure,
            one.before.printed,
            one.after.printed,
            _number(one.before.numerator),
            _number(one.after.numerator),
            one.total("numerator") if one.steps or not one.rests_on else None,
            _number(one.before.denominator),
            _number(one.after.denominator),
            one.total("denominator") if one.after.denominator else None,
        )
        for one in found.moved
    ]
    book.sheet("指标", _FIGURES, figures, title, ("注：各项原因的变动之和等于分子、分母各自的差额。",))
    steps = [
        (
            one.title,
            say(f"side-{step.side}"),
            say(f"moved-{step.kind}"),
            step.unit,
            step.by if first else None,
            *_cell(cell),
        )
        for one in found.moved
        for step in one.steps
        for first, cell in _numbered(step.cells)
    ]
    book.sheet("原因", _STEPS, steps, title)
    return book.close()


def _numbered(cells: tuple[ChangedCell, ...]) -> list[tuple[bool, ChangedCell | None]]:
    """A line each; the amount stands in the first, so that a column of amounts adds up."""
    return [(not n, cell) for n, cell in enumerate(cells)] or [(True, None)]


def _cell(cell: ChangedCell | None) -> tuple[str | None, ...]:
    if cell is None:
        return (None,) * 5
    return (cell.field, cell.before, cell.after, cell.before_at, cell.after_at)


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None
