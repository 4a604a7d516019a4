"""Nothing that came from a file moves the cursor of a terminal, changes its colours or turns the direction of writing."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout

import pytest

from ruralpb.cli.terminal import Terminal

HOSTILE = (
    "\x1b[2J",
    "\x1b]0;title\x07",
    "\r",
    "\x00",
    "\x08",
    "\x7f",
    "\x9b31m",
    "\u202e",
    "\u2066",
    "\u200f",
    "\x1b[31m红\x1b[0m",
)


@pytest.mark.parametrize("text", HOSTILE, ids=repr)
def test_text_reaches_the_terminal_without_control_characters(text: str) -> None:
    stream = io.StringIO()
    terminal = Terminal(stdout=stream)
    terminal.line(f"甲{text}村")
    terminal.grid([f"名{text}"], [[f"甲{text}村"]])
    terminal.say("written", path=f"甲{text}村.xlsx")
    said = stream.getvalue()
    assert "甲" in said
    assert not set(said) & set("\x00\x07\x08\x1b\x7f\x9b\r\u202e\u2066\u200f")


@pytest.mark.parametrize("text", HOSTILE, ids=repr)
def test_json_stays_json_and_says_the_same(text: str) -> None:
    stream = io.StringIO()
    with redirect_stdout(stream):
        Terminal(stdout=stream, as_json=True).json({"unit": text, "file": f"甲{text}.xlsx"})
    assert json.loads(stream.getvalue()) == {"unit": text, "file": f"甲{text}.xlsx"}
    assert not set(stream.getvalue()) & set("\x00\x07\x08\x1b\x7f\x9b\r\u202e\u2066\u200f")
