"""Charts as inline SVG: bars across, lines through periods. Colours and fonts are attributes, for printers that apply no page CSS
to SVG. The numbers are the figures' own texts; nothing is computed but positions."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ruralpb.render.blocks import Box, Grid, Paragraph, text_of

INK, BAR, WEAK, LINE, GRID = "#222222", "#2f6f8f", "#c8102e", "#c8102e", "#d9d9d9"
FONT = "Noto Sans CJK SC, Microsoft YaHei, SimHei, sans-serif"
GOAL = "目标"

Points = list[tuple[str, str, float | None]]


def draw(box: Box) -> str:
    """Return the figure element of a 图 container: `kind measure`, a caption, and a table of label and number."""
    kind = box.words[0] if box.words else "bar"
    caption = "".join(text_of(b.runs) for b in box.blocks if isinstance(b, Paragraph))
    grid = next((b for b in box.blocks if isinstance(b, Grid)), None)
    if grid is None:
        return ""
    points: Points = [(text_of(a), text_of(b), _number(text_of(b))) for a, b in grid.rows]
    goal = next((p for p in points if p[0] == GOAL), None)
    points = [p for p in points if p[0] != GOAL]
    svg = _lines(points, caption) if kind == "line" else _bars(points, goal, caption)
    return f"<figure>{svg}<figcaption>{escape(caption)}</figcaption></figure>"


def _number(text: str) -> float | None:
    try:
        return float(text.rstrip("%"))
    except ValueError:
        return None


def _open(width: int, height: int, caption: str, points: Points) -> str:
    said = "；".join(f"{label}{text}" for label, text, _ in points)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" font-family="{FONT}" '
        f'font-size="13" fill="{INK}"><title>{escape(caption)}</title><desc>{escape(said)}</desc>'
    )


def _text(x: float, y: float, words: str, anchor: str = "start", fill: str = INK, size: int = 13) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}" font-size="{size}">{escape(words)}</text>'


def _bars(points: Points, goal: tuple[str, str, float | None] | None, caption: str) -> str:
    left, right, step, top = 200, 60, 24, 26
    width, height = 760, top + step * len(points) + 12
    numbers = [n for _, _, n in points if n is not None]
    target = goal[2] if goal else None
    high = max([*numbers, target or 0.0, 0.0]) or 1.0
    low = min([*numbers, 0.0])
    scale = (width - left - right) / (high - low)
    zero = left - low * scale
    parts = [_open(width, height, caption, points)]
    for place, (label, text, number) in enumerate(points):
        y = top + place * step
        parts.append(_text(left - 8, y + 15, _short(label), "end"))
        if number is None:
            parts.append(_text(zero + 6, y + 15, text, fill="#888888"))
            continue
        colour = WEAK if target is not None and number < target and place >= len(points) - 3 else BAR
        start, length = (zero, number * scale) if number >= 0 else (zero + number * scale, -number * scale)
        parts.append(
            f'<rect x="{start:.1f}" y="{y + 3}" width="{length:.1f}" height="{step - 8}" fill="{colour}"/>'
        )
        parts.append(_text(max(zero, start + length) + 6, y + 15, text))
    if goal is not None and target is not None:
        x = zero + target * scale
        parts.append(
            f'<line x1="{x:.1f}" y1="{top - 4}" x2="{x:.1f}" y2="{height - 8}" stroke="{LINE}" stroke-dasharray="4 3"/>'
        )
        parts.append(_text(x, top - 10, f"{GOAL}{goal[1]}", "end", LINE, 12))
    return "".join(parts) + "</svg>"


def _short(label: str, most: int = 14) -> str:
    return label if len(label) <= most else label[: most - 1] + "…"


def _lines(points: Points, caption: str) -> str:
    width, height, left, right, top, bottom = 760, 240, 60, 50, 30, 36
    numbers = [n for _, _, n in points if n is not None]
    if not numbers:
        return ""
    low, high = min(numbers), max(numbers)
    room = (high - low) * 0.15 or abs(high) * 0.1 or 1.0
    low, high = low - room, high + room
    across = (width - left - right) / max(len(points) - 1, 1)

    def place(number: float) -> float:
        return top + (high - number) / (high - low) * (height - top - bottom)

    parts = [_open(width, height, caption, points)]
    parts.append(
        f'<line x1="{left}" y1="{height - bottom}" x2="{width - right}" y2="{height - bottom}" stroke="{GRID}"/>'
    )
    # A missing period is a gap, not a zero and not a bridge: each unbroken stretch is a line of its own.
    for stretch in _stretches(points):
        corners = " ".join(f"{left + at * across:.1f},{place(number):.1f}" for at, number in stretch)
        parts.append(f'<polyline points="{corners}" fill="none" stroke="{BAR}" stroke-width="2"/>')
    for at, (label, text, number) in enumerate(points):
        x = left + at * across
        parts.append(_text(x, height - bottom + 18, label, "middle", size=12))
        if number is not None:
            parts.append(f'<circle cx="{x:.1f}" cy="{place(number):.1f}" r="3.5" fill="{BAR}"/>')
            parts.append(_text(x, place(number) - 9, text, "middle"))
    return "".join(parts) + "</svg>"


def _stretches(points: Points) -> list[Sequence[tuple[int, float]]]:
    found: list[list[tuple[int, float]]] = [[]]
    for at, (_, _, number) in enumerate(points):
        if number is None:
            found.append([])
        else:
            found[-1].append((at, number))
    return [stretch for stretch in found if stretch]
