"""Damaged copies of every container: each is read or refused with a reason; nothing else happens.

The damage is drawn from a seed, so that a failure can be repeated. RURALPB_FUZZ=20000 asks for that many copies of each container
(a few hundred otherwise).
"""

from __future__ import annotations

import io
import os
import random
import re
import time
import zipfile
from collections.abc import Callable

import containers
import pytest
from intake_toy import DEFINITIONS

from ruralpb.intake import one_file, readers
from ruralpb.intake.reading_basis import ReadingBasis
from ruralpb.model import Grid, IntakeOptions

COPIES = int(os.environ.get("RURALPB_FUZZ", "60"))
SECONDS = 10.0

Damage = Callable[[bytes, random.Random], bytes]


def flipped(content: bytes, chance: random.Random) -> bytes:
    """Some bytes are others."""
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def cut(content: bytes, chance: random.Random) -> bytes:
    """The end is missing, or a piece in the middle."""
    first = chance.randrange(len(content))
    return content[:first] + (content[first + chance.randrange(1, 200) :] if chance.random() < 0.5 else b"")


def repeated(content: bytes, chance: random.Random) -> bytes:
    """A piece stands there twice, or somewhere else."""
    first, length, to = (
        chance.randrange(len(content)),
        chance.randrange(1, 400),
        chance.randrange(len(content)),
    )
    return content[:to] + content[first : first + length] + content[to:]


def mixed_up(content: bytes, chance: random.Random) -> bytes:
    """Marks and numbers of the text are others: tags, attributes and lengths that do not belong."""
    found = list(re.finditer(rb"[<>\"=/]|\d+|[a-zA-Z]+", content))
    for match in sorted(
        chance.sample(found, min(len(found), chance.choice((1, 2, 4)))), key=lambda m: -m.start()
    ):
        other = chance.choice(
            [b"", b"<", b"-1", b"99999999999999999999", b"\xff", b"nan", b"&#0;", chance.choice(found)[0]]
        )
        content = content[: match.start()] + other + content[match.end() :]
    return content


DAMAGES: tuple[Damage, ...] = (flipped, cut, repeated, mixed_up)


def damaged(content: bytes, chance: random.Random) -> bytes:
    """A damaged copy. Of a zip, in two cases of three, one part is damaged and packed again with its right checksum."""
    if not content.startswith(b"PK") or chance.random() < 0.33:
        return chance.choice(DAMAGES)(content, chance)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        hit, lost, taken = chance.choice(names), chance.choice(names), chance.choice(names)
        kind = chance.random()
        for name in names:
            data = old.read(name)
            if name == hit and kind < 0.8 and data:
                data = chance.choice(DAMAGES)(data, chance)
            elif name == hit and kind < 0.9:
                data = old.read(taken)
            elif name == lost and kind >= 0.9:
                continue
            new.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("name", containers.ALL)
def test_a_damaged_file_is_read_or_refused_with_a_reason(name: str) -> None:
    whole = containers.ALL[name]()
    chance = random.Random(name)
    for _ in range(COPIES):
        state = chance.getstate()
        content = damaged(whole, chance)
        begun = time.monotonic()
        try:
            grids, problems = readers.read(content, name)
        except Exception as error:
            pytest.fail(f"{name} after {hash(state)}: {error!r}")
        assert time.monotonic() - begun < SECONDS
        refused = [problem for problem in problems if problem.refused == "file"]
        assert bool(grids) != bool(refused)
        assert all(problem.text("zh") and problem.text("en") for problem in problems)
        assert all(isinstance(grid, Grid) and len({len(row) for row in grid.values}) <= 1 for grid in grids)


@pytest.mark.parametrize("name", containers.ALL)
def test_what_can_be_read_of_a_damaged_file_never_stops_what_comes_after(name: str) -> None:
    whole = containers.ALL[name]()
    chance = random.Random(name + "!")
    for _ in range(COPIES // 2):
        begun = time.monotonic()
        reading = one_file.read(
            damaged(whole, chance), name, name, ReadingBasis(DEFINITIONS), IntakeOptions()
        )
        assert time.monotonic() - begun < SECONDS
        assert all(problem.where.file == name for problem in reading.problems)
