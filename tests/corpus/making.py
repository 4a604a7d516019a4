"""Seeds → messy books. The same seed always makes the same book."""

from __future__ import annotations

from random import Random

from . import drawing, truth
from .messes import MESSES, STAGES, Mess
from .model import Book
from .writers import CARRIES


def single(name: str, seed: int = 0) -> Book:
    """A book with one mess, of the first form that gives occasion for it."""
    for attempt in range(400):
        random = Random(f"{name}-{seed}-{attempt}")
        mess = MESSES[name]
        forms = mess.forms or tuple(truth.form_ids())
        book = drawing.book(
            random, truth.made(random, forms[attempt % len(forms)] if mess.forms else random.choice(forms))
        )
        if applied(book, mess, random):
            return book
    raise LookupError(f"no form gives occasion for {name}")


def combined(seed: int | str, only: tuple[str, ...] = ()) -> Book:
    """A book with two to five messes that go together. `only`: leave out all chosen ones that it does not name (to shrink a failure)."""
    random = Random(f"combined-{seed}")
    book = drawing.book(random, truth.made(random))
    chosen = _chosen(random)
    for mess in chosen:
        its_own = Random(f"{seed}-{mess.id}")
        if not only or mess.id in only:
            applied(book, mess, its_own)
    return book


def _chosen(random: Random) -> list[Mess]:
    """Two to five messes, no two of one group, in the order in which they are made."""
    found: list[Mess] = []
    groups: set[str] = set()
    wanted = random.randint(2, 5)
    for mess in random.sample(list(MESSES.values()), len(MESSES)):
        own = set(mess.group.split())
        if not own & groups:
            found.append(mess)
            groups |= own
        if len(found) == wanted:
            break
    return sorted(found, key=lambda mess: STAGES.index(mess.stage))


def applied(book: Book, mess: Mess, random: Random) -> bool:
    """Make one mess, when the book gives occasion and its container carries it."""
    if mess.forms and book.main.returns[0].form.id not in mess.forms:
        return False
    if not mess.needs <= CARRIES[book.container.partition(":")[0]]:
        return False
    if mess.stage in ("rows", "header", "sheets") and not (
        book.main.of_kind("data") and book.main.of_kind("head")
    ):
        return False
    if mess.stage in ("places", "rows", "sheets") and any(
        fact.wanted == "sheet" for fact in book.main.facts()
    ):
        return False
    done = mess.make(book, random)
    if done:
        book.made_of.append(mess.id)
    return done
