"""Make the pictures of the README from the sample county: what the terminal shows, in English and Chinese, and the briefing's first pages.

    python docs/pictures.py [PROJECT]

PROJECT is what `ruralpb demo` made; without it the sample county is compiled anew. Needs Chromium, Playwright, LibreOffice, pdftoppm and
the fonts Noto Sans Mono CJK SC and Noto Serif CJK SC; run it after a change of what `status`, `validate` or the briefing look like.
"""

from __future__ import annotations

import base64
import html
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from rich.cells import cell_len
from rich.console import Console
from rich.style import Style
from rich.terminal_theme import SVG_EXPORT_THEME as THEME
from rich.text import Text

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
QUARTER = "2026Q1"
COLUMNS = 116
CELL, LINE = 10, 26
"""Pixels of a character and of a line."""
TERMINALS = {"terminal.png": "en", "terminal.zh.png": "zh"}
COMMANDS: Sequence[tuple[Sequence[str], int, int]] = (
    (("status", "--quarter", QUARTER), 21, 2),
    (("validate", "--quarter", QUARTER, "--check", "R38"), 99, 0),
)
"""A command; of what it prints so many lines from the beginning and from the end, with … in between."""


def main(project: Path) -> None:
    """Write every picture, with the figures of `project`."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        for name, lang in TERMINALS.items():
            _take(page, terminal([line for one in COMMANDS for line in session(project, lang, *one)]), name)
        _take(page, briefing(project), "briefing.png")
        browser.close()


def session(project: Path, lang: str, command: Sequence[str], first: int, last: int) -> list[Text]:
    """What a terminal shows when the command is typed there: prompt, output, an empty line."""
    words = [sys.executable, "-m", "ruralpb", "--lang", lang, "-C", str(project), *command]
    colours = {"COLUMNS": str(COLUMNS), "FORCE_COLOR": "1", "TERM": "xterm-256color"}
    printed = subprocess.run(
        words, env={**os.environ, **colours}, capture_output=True, text=True, check=False
    )
    lines = [Text.from_ansi(line) for line in printed.stdout.splitlines()]
    if len(lines) > first + last:
        lines = [*lines[:first], Text("…"), *lines[len(lines) - last :]]
    prompt = Text(f"$ ruralpb {' '.join(command)}")
    prompt.stylize("bold")
    console = Console(width=COLUMNS)
    # As a terminal breaks a line that is too long.
    return [prompt, *(part for line in lines for part in line.wrap(console, COLUMNS) or [line]), Text()]


def terminal(lines: Sequence[Text]) -> str:
    """A page that shows the lines, each run of characters where its column is: fonts differ in how wide a sign is."""
    shown = "".join(
        f'<span style="left:{column * CELL}px;top:{row * LINE}px;{style}">{html.escape(text)}</span>'
        for row, line in enumerate(lines)
        for column, text, style in _runs(line)
    )
    size = f"width:{COLUMNS * CELL}px;height:{(len(lines) - 1) * LINE}px"
    return (
        "<style>body{margin:0;display:inline-block;background:#292929;padding:24px 26px}"
        f"div{{position:relative;{size};font:20px/{LINE}px 'Noto Sans Mono CJK SC'}}"
        f"span{{position:absolute;white-space:pre;color:#d9d9d9}}</style><div>{shown}</div>"
    )


def _runs(line: Text) -> Iterator[tuple[int, str, str]]:
    column = 0
    for segment in line.render(Console(width=COLUMNS)):
        for word in _apart(segment.text):
            yield column, word, _look(segment.style or Style())
            column += cell_len(word)


def _look(style: Style) -> str:
    # Dimmed by rich, a colour is too dark to be read on the dark ground.
    plain = style + Style(dim=False)
    return plain.get_html_style(THEME) + (";opacity:.75" if style.dim else "")


def _apart(text: str) -> Iterator[str]:
    """The text in runs; a sign the font may lack stands alone."""
    run = ""
    for sign in text:
        if sign in "✓·—…":
            yield from filter(None, (run, sign))
            run = ""
        else:
            run += sign
    if run:
        yield run


def briefing(project: Path) -> str:
    """A page that shows the first two pages of the quarterly briefing side by side."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        words = [sys.executable, "-m", "ruralpb", "-C", str(project), "report", "--quarter", QUARTER]
        subprocess.run([*words, "--format", "docx", "--out", place], check=True, capture_output=True)
        (document,) = folder.glob("*.docx")
        home = f"-env:UserInstallation={(folder / 'home').as_uri()}"
        convert = ["soffice", "--headless", home, "--convert-to", "pdf", "--outdir", place, str(document)]
        subprocess.run(convert, check=True, capture_output=True, env={**os.environ, **_fonts(folder)})
        pictures = [
            "pdftoppm",
            "-r",
            "76",
            "-png",
            "-l",
            "2",
            str(document.with_suffix(".pdf")),
            f"{place}/page",
        ]
        subprocess.run(pictures, check=True)
        shown = "".join(
            f'<img src="data:image/png;base64,{base64.b64encode(path.read_bytes()).decode()}">'
            for path in sorted(folder.glob("page*.png"))
        )
    return (
        "<style>body{margin:0;display:inline-flex;gap:12px;padding:12px;background:#d6d8dc}img{display:block}</style>"
        + shown
    )


def _fonts(folder: Path) -> dict[str, str]:
    """The official fonts are not free: the nearest of Noto stands in for each, as it would on a computer without them."""
    stand_ins = {
        "Noto Serif CJK SC": ("方正小标宋简体", "仿宋_GB2312", "仿宋", "楷体_GB2312", "楷体", "宋体"),
        "Noto Sans CJK SC": ("黑体",),
    }
    aliases = "".join(
        f'<match><test name="family"><string>{name}</string></test>'
        f'<edit name="family" mode="assign" binding="strong"><string>{font}</string></edit></match>'
        for font, names in stand_ins.items()
        for name in names
    )
    path = folder / "fonts.conf"
    path.write_text(f"<fontconfig>{aliases}<include>/etc/fonts/fonts.conf</include></fontconfig>", "utf-8")
    return {"FONTCONFIG_FILE": str(path)}


def _take(page: Page, content: str, name: str) -> None:
    page.set_content(content)
    page.locator("body").screenshot(path=str(IMAGES / name))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]).resolve())
    else:
        with tempfile.TemporaryDirectory() as made:
            subprocess.run([sys.executable, "-m", "ruralpb", "demo", made + "/demo"], check=True)
            main(Path(made) / "demo")
