"""How a job definition is handed over: itself to stdout or a file, what to do with it to stderr."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.text import Text

from ruralpb.app.schedule import Schedule
from ruralpb.cli.show import DONE, relative
from ruralpb.cli.terminal import Terminal
from ruralpb.store.disk import write_whole


def schedule(terminal: Terminal, job: Schedule, out: Path | None) -> int:
    """Print the definition as it is, so that it can be piped on; the explanation goes beside it."""
    terminal.json(job)
    if out is not None:
        write_whole(out, job.text.encode(), shared=True)
        terminal.say("written", style="bold", path=relative(out))
    elif not terminal.as_json:
        sys.stdout.write(job.text)
        sys.stdout.flush()
    if not (terminal.quiet or terminal.as_json):
        for line in job.how:
            terminal.err.print(Text(line), soft_wrap=True)
    return DONE
