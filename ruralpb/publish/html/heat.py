"""A heat map → one self-contained .html without any script: a table of coloured cells, its legend, and the list behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from ruralpb.publish.html import shell


@dataclass(frozen=True, slots=True)
class Shade:
    """One cell: its words, the kind that colours it, what it says in full (shown when pointed at)."""

    text: str
    kind: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class HeatPage:
    """What the page holds. `said` are sentences above the map; `details` and `lines` the list below it, a line a cell; `fills`
    the colour of each kind."""

    title: str
    said: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Shade, ...]], ...]
    legend: tuple[tuple[Shade, str], ...]
    details: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    fills: Mapping[str, str]


def write(page: HeatPage) -> str:
    """Return the page; text from returns is escaped."""
    style = shell.asset("heat.css") + "".join(
        f"\n.{kind}{{background:{fill}}}" for kind, fill in page.fills.items()
    )
    body = _BODY.format(
        title=escape(page.title),
        said="\n".join(f"<p>{escape(text)}</p>" for text in page.said),
        map=_table(
            "heat", page.heads, ["".join((_head(name), *map(_shade, row))) for name, row in page.rows]
        ),
        legend="\n".join(
            f'<li><span class="{escape(shade.kind)}">{escape(shade.text)}</span> {escape(meaning)}</li>'
            for shade, meaning in page.legend
        ),
        list=_table(
            "list",
            page.details,
            [
                _head(line[0]) + "".join(f"<td>{escape(cell)}</td>" for cell in line[1:])
                for line in page.lines
            ],
        ),
    )
    return shell.page(page.title, style, body)


def _table(name: str, heads: tuple[str, ...], rows: list[str]) -> str:
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    body = "\n".join(f"<tr>{row}</tr>" for row in rows)
    return f'<div class="table"><table class="{name}"><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table></div>'


def _head(text: str) -> str:
    return f'<th scope="row">{escape(text)}</th>'


def _shade(shade: Shade) -> str:
    hint = f' title="{escape(shade.hint)}"' if shade.hint else ""
    return f'<td class="{escape(shade.kind)}"{hint}>{escape(shade.text)}</td>'


_BODY = """<main>
<h1>{title}</h1>
{said}
{map}
<ul class="legend">
{legend}
</ul>
<h2>逐份</h2>
{list}
</main>"""
