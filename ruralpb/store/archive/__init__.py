"""Originals and journal: the truth that everything else can be made from again (layer 6).

`Archive` keeps every received file byte for byte under its hash. `Journal` keeps every receipt and every decision, one
hash-chained line each, on disk before anything acts on it. `pack` and `unpack` turn a set of definition files into one
deterministic blob, so that each receipt can be read again with the definitions it was read with. `Seals` keeps what a closed
quarter rested on.
"""

from ruralpb.store.archive.bundle import pack, unpack
from ruralpb.store.archive.journal import Journal
from ruralpb.store.archive.originals import Archive
from ruralpb.store.archive.seals import Seals

__all__ = ["Archive", "Journal", "Seals", "pack", "unpack"]
