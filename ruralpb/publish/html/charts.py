"""Charts as inline SVG: bars across, lines through periods, a heat map. Colours and fonts are attributes, for printers that apply
no page CSS to SVG. The numbers are the figures' own texts; nothing is computed but positions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from ruralpb.publish.blocks import Box, Paragraph, Runs, TableBlock, text_of

INK, PALE, BAR, WEAK, LINE, GRID = "#222222", "#888888", "#2f6f8f", "#c8102e", "#c8102e", "#d9d9d9"
FONT = "Noto Sans CJK SC, Microsoft YaHei, SimHei, sans-serif"
GOAL = "目标"

SHADES = (
    ("居前", "#6fb1d1"),
    ("偏前", "#c3e0ee"),
    ("居中", "#f7f7f7"),
    ("偏后", "#fbd9b5"),
    ("居后", "#f0a35e"),
)
"""The colours of the heat map from first to last, told apart with any eyes and in grey; the digits stand in each cell."""
_NONE = "#ffffff"

Standing = Callable[[str], tuple[int, int] | None]
"""A fact's id → its value's rank and how many are ranked; None where it is not ranked."""


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """What is drawn: a label, the printed number, its size, the fact it is."""

    label: str
    text: str
    size: float | None
    fact: str


def draw(box: Box, standing: Standing) -> str:
    """Return the figure element of a 图 container: its kind, a caption, and a table of label and number (of many numbers for
    a heat map)."""
    kind = box.words[0] if box.words else "bar"
    caption = "".join(text_of(b.runs) for b in box.blocks if isinstance(b, Paragraph))
    grid = next((b for b in box.blocks if isinstance(b, TableBlock)), None)
    if grid is None:
        return ""
    if kind == "heat":
        return _figure("heat", _heat(grid, caption, standing), caption)
    points = [_point(text_of(row[0]), row[1]) for row in grid.rows]
    goal = next((p for p in points if p.label == GOAL), None)
    points = [p for p in points if p.label != GOAL]
    return _figure(kind, _lines(points, caption) if kind == "line" else _bars(points, goal, caption), caption)


def _figure(kind: str, svg: str, caption: str) -> str:
    return f'<figure class="{kind}">{svg}<figcaption>{escape(caption)}</figcaption></figure>' if svg else ""


def _point(label: str, runs: Runs) -> ChartPoint:
    text = text_of(runs)
    return ChartPoint(label, text, _number(text), next((run.figure for run in runs if run.figure), ""))


def _number(text: str) -> float | None:
    try:
        return float(text.rstrip("%"))
    except ValueError:
        return None


def _open(width: int, height: int, caption: str, said: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" font-family="{FONT}" '
        f'font-size="13" fill="{INK}"><title>{escape(caption)}</title><desc>{escape(said)}</desc>'
    )


def _said(points: Sequence[ChartPoint]) -> str:
    return "；".join(f"{p.label}：{p.text}" for p in points)


def _text(
    x: float, y: float, words: str, anchor: str = "start", fill: str = INK, size: int = 13, fact: str = ""
) -> str:
    data = f' data-f="{escape(fact)}"' if fact else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}" font-size="{size}"{data}>'
        f"{escape(words)}</text>"
    )


# -------------------------------------------------------------------------------------------------- bars


def _bars(points: Sequence[ChartPoint], goal: ChartPoint | None, caption: str) -> str:
    left, right, step, top = 200, 60, 24, 26
    width, height = 760, top + step * len(points) + 12
    numbers = [p.size for p in points if p.size is not None]
    target = goal.size if goal else None
    high = max([*numbers, target or 0.0, 0.0]) or 1.0
    low = min([*numbers, 0.0])
    scale = (width - left - right) / (high - low)
    zero = left - low * scale
    parts = [_open(width, height, caption, _said([*points, goal] if goal else points))]
    for place, point in enumerate(points):
        y = top + place * step
        parts.append(_text(left - 8, y + 15, _short(point.label), "end"))
        if point.size is None:
            parts.append(_text(zero + 6, y + 15, point.text, fill=PALE))
            continue
        colour = WEAK if target is not None and point.size < target and place >= len(points) - 3 else BAR
        length = abs(point.size) * scale
        start = zero if point.size >= 0 else zero - length
        parts.append(
            f'<rect x="{start:.1f}" y="{y + 3}" width="{length:.1f}" height="{step - 8}" fill="{colour}"/>'
        )
        parts.append(_text(max(zero, start + length) + 6, y + 15, point.text, fact=point.fact))
    if goal is not None and target is not None:
        x = zero + target * scale
        parts.append(
            f'<line x1="{x:.1f}" y1="{top - 4}" x2="{x:.1f}" y2="{height - 8}" stroke="{LINE}" stroke-dasharray="4 3"/>'
        )
        parts.append(_text(x, top - 10, f"{GOAL}{goal.text}", "end", LINE, 12, goal.fact))
    return "".join(parts) + "</svg>"


def _short(label: str, most: int = 14) -> str:
    return label if len(label) <= most else label[: most - 1] + "…"


# -------------------------------------------------------------------------------------------------- lines


def _lines(points: Sequence[ChartPoint], caption: str) -> str:
    width, height, left, right, top, bottom = 760, 240, 60, 50, 30, 36
    numbers = [p.size for p in points if p.size is not None]
    if not numbers:
        return ""
    low, high = min(numbers), max(numbers)
    room = (high - low) * 0.15 or abs(high) * 0.1 or 1.0
    low, high = low - room, high + room
    across = (width - left - right) / max(len(points) - 1, 1)

    def place(number: float) -> float:
        return top + (high - number) / (high - low) * (height - top - bottom)

    parts = [_open(width, height, caption, _said(points))]
    parts.append(
        f'<line x1="{left}" y1="{height - bottom}" x2="{width - right}" y2="{height - bottom}" stroke="{GRID}"/>'
    )
    # A missing period is a gap, not a zero and not a bridge: each unbroken stretch is a line of its own.
    for stretch in _stretches(points):
        corners = " ".join(f"{left + at * across:.1f},{place(number):.1f}" for at, number in stretch)
        parts.append(f'<polyline points="{corners}" fill="none" stroke="{BAR}" stroke-width="2"/>')
    for at, point in enumerate(points):
        x = left + at * across
        parts.append(_text(x, height - bottom + 18, point.label, "middle", size=12))
        if point.size is not None:
            parts.append(f'<circle cx="{x:.1f}" cy="{place(point.size):.1f}" r="3.5" fill="{BAR}"/>')
            parts.append(_text(x, place(point.size) - 9, point.text, "middle", fact=point.fact))
    return "".join(parts) + "</svg>"


def _stretches(points: Sequence[ChartPoint]) -> list[Sequence[tuple[int, float]]]:
    found: list[list[tuple[int, float]]] = [[]]
    for at, point in enumerate(points):
        if point.size is None:
            found.append([])
        else:
            found[-1].append((at, point.size))
    return [stretch for stretch in found if stretch]


# -------------------------------------------------------------------------------------------------- heat map

_LEFT, _TOP, _WIDE, _HIGH, _LEGEND = 170, 150, 52, 24, 40


def _heat(grid: TableBlock, caption: str, standing: Standing) -> str:
    """Units down, indicators across: each cell bears its number, its colour is its rank among those ranked."""
    heads = [text_of(head) for head in grid.head[1:]]
    width = _LEFT + _WIDE * len(heads) + 80  # the last heading leans out to the right
    height = _TOP + _HIGH * len(grid.rows) + _LEGEND
    rows = [
        (text_of(row[0]), [_point(heads[at], cell) for at, cell in enumerate(row[1:])]) for row in grid.rows
    ]
    said = "。".join(f"{name}：{_said(points)}" for name, points in rows)
    parts = [_open(width, height, caption, said)]
    for at, head in enumerate(heads):
        x, y = _LEFT + at * _WIDE + _WIDE / 2, _TOP - 8
        parts.append(f'<g transform="rotate(-50 {x:.1f} {y})">{_text(x, y, _short(head, 15), size=12)}</g>')
    for down, (name, points) in enumerate(rows):
        y = _TOP + down * _HIGH
        parts.append(_text(_LEFT - 8, y + 17, _short(name, 12), "end"))
        for at, point in enumerate(points):
            parts.append(_tile(_LEFT + at * _WIDE, y, f"{name} {point.label}", point, standing(point.fact)))
    return "".join(parts) + _legend(_LEFT, height - 14) + "</svg>"


def _tile(x: int, y: int, name: str, point: ChartPoint, standing: tuple[int, int] | None) -> str:
    fill = SHADES[_shade(*standing)][1] if standing else _NONE
    text = _text(
        x + _WIDE / 2, y + 17, point.text, "middle", PALE if point.size is None else INK, 12, point.fact
    )
    return (
        f"<g><title>{escape(f'{name} {point.text}')}</title>"
        f'<rect x="{x}" y="{y}" width="{_WIDE}" height="{_HIGH}" fill="{fill}" stroke="#ffffff"/>{text}</g>'
    )


def _shade(rank: int, ranked: int) -> int:
    """Which fifth of those ranked: 0 the first, 4 the last. Ties share a rank and so a colour."""
    return min((rank - 1) * len(SHADES) // max(ranked, 1), len(SHADES) - 1)


def _legend(x: int, y: int) -> str:
    parts = []
    for at, (word, fill) in enumerate(SHADES):
        left = x + at * 70
        parts.append(
            f'<rect x="{left}" y="{y - 12}" width="16" height="14" fill="{fill}" stroke="{GRID}"/>'
            + _text(left + 21, y, word, size=12)
        )
    return "".join(parts) + _text(x + len(SHADES) * 70 + 8, y, "（颜色按位次）", fill=PALE, size=12)
