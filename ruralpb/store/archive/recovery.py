"""The journal made again from its own whole lines and its witnesses, after it was damaged, cut off or lost."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ruralpb.core.problems import CannotRun, Location, Problem
from ruralpb.store.archive.journal import FIRST, Journal, whole_line
from ruralpb.store.archive.witnesses import Witness
from ruralpb.store.disk import write_whole


def recover(journal: Journal) -> Problem | None:
    """Make the journal again where it is not what was witnessed, and return what was done; None where it is whole.

    Each line follows from the hash of the one before; where the journal and a witness go on differently, the witness holds: lines that
    were appended behind a gap rest on what was not there. The old file is kept beside the new one. Raises CannotRun (exit 3) when some
    lines stand in neither: nothing is changed then.
    """
    try:
        _ = journal.lines
        return None
    except CannotRun as stop:
        damage = stop
    if any(problem.slug == "journal-version" for problem in damage.problems):
        raise damage
    own = dict(_lines(journal.content()))
    chain = _chain([*own.items(), *_witnessed(journal)])
    expected = max((witness.last for witness in journal.witnesses.all()), default=0)
    if not chain or len(chain) < expected:
        lost = Problem(
            "journal-gone", Location(str(journal.path)), found=str(len(chain)), expected=str(expected)
        )
        raise CannotRun([*damage.problems, lost], 3)
    taken = set(chain)
    before = journal.content()
    aside = journal.path.with_name(f"{journal.path.name}.replaced-{hashlib.sha256(before).hexdigest()[:12]}")
    if before:
        write_whole(aside, before)
    write_whole(journal.path, b"".join(text + b"\n" for text in chain))
    return Problem(
        "journal-recovered",
        Location(str(journal.path)),
        found=str(len(chain) - len(taken.intersection(own))),
        expected=str(len(chain)),
        severity="query",
        data={"dropped": str(sum(text not in taken for text in own)), "aside": aside.name if before else "—"},
    )


def _chain(lines: Iterable[tuple[bytes, Mapping[str, Any]]]) -> list[bytes]:
    """The longest run of lines from the first on; of two that follow the same one, the one given later."""
    following = {(body["seq"], body["prev"]): (text, str(body["hash"])) for text, body in lines}
    chain: list[bytes] = []
    previous = FIRST
    while (line := following.get((len(chain) + 1, previous))) is not None:
        chain.append(line[0])
        previous = line[1]
    return chain


def damaged_witnesses(journal: Journal) -> list[Witness]:
    """Return the witnesses of a whole journal whose content is not what their names say."""
    return [
        witness for witness in journal.witnesses.all() if witness.path.read_bytes() != _kept(journal, witness)
    ]


def mend_witnesses(journal: Journal) -> list[Problem]:
    """Make the witnesses of a whole journal again where they are damaged or not there; return a problem for each that was damaged."""
    damaged = damaged_witnesses(journal)
    for witness in damaged:
        write_whole(witness.path, _kept(journal, witness))
    lines = journal.content().split(b"\n")
    for first, last in journal.witnesses.lacking(journal.last):
        journal.witnesses.keep(first, lines[first - 1 : last], journal.lines[last - 1].hash)
    return [Problem("witness-mended", Location(str(witness.path)), severity="query") for witness in damaged]


def _kept(journal: Journal, witness: Witness) -> bytes:
    lines = journal.content().split(b"\n")[witness.first - 1 : witness.last]
    return b"".join(line + b"\n" for line in lines)


def _lines(content: bytes) -> Iterator[tuple[bytes, Mapping[str, Any]]]:
    for text in content.split(b"\n"):
        if (body := whole_line(text)) is not None:
            yield text, body


def _witnessed(journal: Journal) -> Iterator[tuple[bytes, Mapping[str, Any]]]:
    for witness in journal.witnesses.all():
        yield from _lines(witness.path.read_bytes())
