"""Names of villages, townships and offices as they are written → units of the dated register.

A name is matched only below the sender's county (semantics S7), by its spelling without blanks, then without the
words that offices add (村民委员会, 社区居委会, 人民政府 …) and without the names of the units above it, then without its last word
(上码头), then with 〇 ○ 零 as 0 and traditional characters as simplified ones. A unique unit is taken, anything else is refused: the
nearest name is a suggestion for people and is never applied.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from ruralpb.core.messages import listing
from ruralpb.model import LEVELS, Register, Unit
from ruralpb.model.vocabulary import builtin

__all__ = ["UnitMatch", "UnitNames", "fold", "suggestions"]

How = Literal["exact", "variant", "renamed", "merged", "ambiguous", "unknown"]

_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+")
_WORDS = builtin()
_VILLAGE_OFFICE = _WORDS.pattern("units.village_office")
_VILLAGE_BODY = _WORDS.pattern("units.village_body")
"""A body that villages and communities both have: 上码头党支部 does not say which of the two."""
_COMMUNITY_OFFICE = _WORDS.pattern("units.community_office")
_TOWNSHIP_OFFICE = _WORDS.pattern("units.township_office")
_VILLAGE_WORD = _WORDS.pattern("units.village_word")
_TOWNSHIP_WORD = _WORDS.pattern("units.township_word")
_LEVEL_WORD = _WORDS.pattern("units.level_word")
_AFTER_PREFIX = _WORDS.pattern("units.after_prefix")
_PARTY, _VILLAGE, _COMMUNITY, _STREET, _STREET_OFFICE = (
    _WORDS[f"units.{key}"][0] for key in ("party", "village", "community", "street", "street_office")
)
_ALIKE = str.maketrans(
    {
        **dict.fromkeys(_WORDS["units.zero"][0], "0"),
        **dict(zip("".join(_WORDS["units.traditional"]), "".join(_WORDS["units.simplified"]), strict=True)),
    }
)
"""Other characters for the same: several ways to write zero in a name, and traditional characters of place names, each of which has one
simplified form."""
_CLOSE = 55
"""Below this likeness (0-100) no name is suggested."""


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Return `text` in NFKC without any blanks, breaks and invisible characters: how names and headers are compared."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))


def suggestions(written: str, names: Iterable[str], most: int = 3) -> list[str]:
    """Return the names nearest to what was written, the nearest first; none where nothing is near. Never applied."""
    from rapidfuzz import fuzz, process

    nearest = process.extract(fold(written), list(names), scorer=fuzz.ratio, limit=most, score_cutoff=_CLOSE)
    return [name for name, _, _ in nearest]


@dataclass(frozen=True, slots=True)
class UnitMatch:
    """What a written name stands for. `unit` is the one that counts on the day (the successor after a merger), None when it is not
    decided; then `candidates` holds the units it could be, and `suggestion` the nearest name or the candidates' names."""

    written: str
    unit: Unit | None
    how: How
    candidates: tuple[Unit, ...] = ()
    suggestion: str = ""


class UnitNames:
    """The names of one register on one day, below one unit (the sender's county; "" is the whole register)."""

    def __init__(self, register: Register, day: date, below: str = "") -> None:
        self._register = register
        self._day = day
        self._parents: dict[str, str] = {}
        self._above: list[str] = []
        self._townships: list[str] = []
        self._units: dict[str, dict[str, list[tuple[Unit, How]]]] = {"full": {}, "stem": {}, "alike": {}}
        self._current: list[Unit] = []
        self._found: dict[tuple[str, tuple[str, ...], str], UnitMatch] = {}
        self._mentioned: dict[str, tuple[Unit, ...]] = {}
        scope = self._scope(below)
        for unit in register.units:
            if scope is None or unit.code in scope:
                self._add(unit)
            elif unit.level in ("province", "city", "county"):
                self._above.append(fold(unit.name))
        self._above.sort(key=len, reverse=True)
        self._townships.sort(key=len, reverse=True)

    def village(self, text: str, township: str = "") -> UnitMatch:
        """Return the village `text` names, of the township with code `township` when that is known."""
        return self._find(text, ("village",), township)

    def township(self, text: str) -> UnitMatch:
        """Return the township `text` names."""
        return self._find(text, ("township",))

    def of_level(self, text: str, levels: tuple[str, ...] = ()) -> UnitMatch:
        """Return the unit of any level, or of one of `levels`, that `text` names: the rows of a table by provinces or counties."""
        return self._find(text, levels or (*LEVELS, "office"))

    def reporter(self, text: str) -> UnitMatch:
        """Return the township, office or county that `text` names as a sender; a village stands for its township."""
        named = self._find(text, ("township", "office", "county", "city"))
        if named.unit is None and named.how == "unknown":
            village = self._find(text, ("village",))
            parent = self._register.get(village.unit.parent_code, self._day) if village.unit else None
            if parent is not None:
                return UnitMatch(text, parent, "variant")
        return named

    def mentioned(self, text: str) -> tuple[Unit, ...]:
        """Return the townships and offices whose full name stands somewhere in `text` (a title, a file name), or whose short name is one
        of its words (草尾-2026Q1)."""
        cached = self._mentioned.get(text)
        if cached is None:
            if len(self._mentioned) > 5000:
                self._mentioned.clear()
            cached = self._mentioned[text] = self._look_for(text)
        return cached

    def _look_for(self, text: str) -> tuple[Unit, ...]:
        folded = fold(text)
        candidates = {
            unit.code: unit
            for unit in self._current
            if unit.level in ("township", "office")
            and any(fold(name) in folded for name in (unit.name, *unit.aliases))
        }
        for word in re.findall(r"[\u4e00-\u9fff]{2,}", unicodedata.normalize("NFKC", text)):
            place = self._find(word, ("township", "office"))
            if place.unit is not None:
                candidates[place.unit.code] = place.unit
        return tuple(candidates.values())

    def unit(self, code: str) -> Unit | None:
        """Return the unit of `code` on the day."""
        return self._register.get(code, self._day)

    # ------------------------------------------------------------------------------------------ index

    def _scope(self, below: str) -> set[str] | None:
        """Codes at or below `below`, by any dated row; None is everything."""
        if not below:
            return None
        children: dict[str, list[str]] = {}
        for unit in self._register.units:
            children.setdefault(unit.parent_code, []).append(unit.code)
        scope, queue = {below}, [below]
        while queue:
            for code in children.get(queue.pop(), ()):
                if code not in scope:
                    scope.add(code)
                    queue.append(code)
        return scope

    def _add(self, unit: Unit) -> None:
        if unit.valid_from is not None and unit.valid_from > self._day:
            return  # a name that is not in use yet
        counts, how = unit, "exact"
        if unit.holds(self._day):
            self._current.append(unit)
            self._parents.setdefault(unit.code, unit.parent_code)
            if unit.level in ("county", "city", "province", "township"):
                names = self._townships if unit.level == "township" else self._above
                names.append(fold(unit.name))
                names.extend(alias for alias in map(fold, unit.aliases) if _LEVEL_WORD.search(alias))
        else:
            now = self._register.get(self._register.successor(unit.code, self._day), self._day)
            if now is None:
                return
            counts, how = now, "renamed" if now.code == unit.code else "merged"
        for number, name in enumerate((unit.name, *unit.aliases)):
            folded = fold(name)
            kind: How = how if how != "exact" else ("exact" if number == 0 else "variant")  # type: ignore[assignment]
            for key in {folded, _bare(folded, unit.level)}:
                self._units["full"].setdefault(key, []).append((counts, kind))
                alike: How = "variant" if how == "exact" else kind
                self._units["alike"].setdefault(key.translate(_ALIKE), []).append((counts, alike))
            stem = _stem(_bare(folded, unit.level), unit.level)
            self._units["stem"].setdefault(stem, []).append((counts, "variant" if how == "exact" else kind))

    # ------------------------------------------------------------------------------------------ search

    def _find(self, text: str, levels: tuple[str, ...], township: str = "") -> UnitMatch:
        key = (text, levels, township)
        if (found := self._found.get(key)) is None:
            found = self._found[key] = self._search(text, levels, township)
        return found

    def _search(self, text: str, levels: tuple[str, ...], township: str) -> UnitMatch:
        folded = fold(text)
        tried: list[Unit] = []
        for written, within in self._spellings(folded, levels, township):
            for index, key in _keys(written, levels):
                hits = [
                    (unit, how)
                    for unit, how in self._units[index].get(key, ())
                    if unit.level in levels and (not within or self._parents.get(unit.code) == within)
                ]
                # A name in force goes before one of old, in the township that is known; without one, both are meant.
                in_force = [(unit, how) for unit, how in hits if how in ("exact", "variant")]
                now = in_force if in_force and within else hits
                codes = {unit.code for unit, _ in now}
                if len(codes) == 1:
                    unit, how = (in_force or now)[0]
                    spelled = fold(unit.name) == folded
                    return UnitMatch(
                        text, unit, how if spelled or how in ("renamed", "merged") else "variant"
                    )
                if codes:
                    tried = tried or list({unit.code: unit for unit, _ in now}.values())
        if tried:
            names = listing(f"{self._township_name(unit)}{unit.name}" for unit in tried)
            return UnitMatch(text, None, "ambiguous", tuple(tried), names)
        return UnitMatch(text, None, "unknown", suggestion=self._nearest(folded, levels, township))

    def _spellings(self, folded: str, levels: tuple[str, ...], township: str) -> Iterable[tuple[str, str]]:
        """(the name, the township it must lie in): as written, then without the names of the units above in front of it."""
        yield folded, township
        rest = self._without_prefix(folded.removeprefix(_PARTY), self._above)
        if "village" not in levels:
            if rest != folded:
                yield rest, township
            return
        named = next((name for name in self._townships if rest.startswith(name) and rest != name), "")
        if named:
            within = self._find(named, ("township",)).unit
            if within is None or (township and within.code != township):
                return
            yield _AFTER_PREFIX.sub("", rest.removeprefix(named)), within.code
        elif rest != folded:
            yield rest, township

    @staticmethod
    def _without_prefix(text: str, prefixes: list[str]) -> str:
        while prefix := next((above for above in prefixes if text.startswith(above) and text != above), None):
            text = text[len(prefix) :]
        return text

    def _township_name(self, unit: Unit) -> str:
        parent = self._register.get(unit.parent_code, self._day)
        return parent.name if parent and unit.level == "village" else ""

    def _nearest(self, folded: str, levels: tuple[str, ...], township: str) -> str:
        names = [
            unit.name
            for unit in self._current
            if unit.level in levels and (not township or unit.parent_code == township)
        ]
        from rapidfuzz import fuzz, process

        best = process.extractOne(folded, names, scorer=fuzz.ratio, score_cutoff=_CLOSE)
        return best[0] if best else ""


def _bare(name: str, level: str) -> str:
    """The name without the office words of its level: 上码头村村民委员会 → 上码头村, 草尾镇人民政府 → 草尾镇."""
    if level == "village":
        community = _COMMUNITY_OFFICE.sub("", name)
        if community != name:
            return community if community.endswith(_COMMUNITY) else community + _COMMUNITY
        name = _VILLAGE_BODY.sub("", name)
        bare = _VILLAGE_OFFICE.sub("", name)
        return bare if bare == name or _VILLAGE_WORD.search(bare) else bare + _VILLAGE
    if level == "township":
        bare = _TOWNSHIP_OFFICE.sub("", name)
        return (
            bare + _STREET
            if bare != name and name.endswith(_STREET_OFFICE) and not bare.endswith(_STREET)
            else bare
        )
    return name


def _stem(name: str, level: str) -> str:
    return (_VILLAGE_WORD if level == "village" else _TOWNSHIP_WORD).sub("", name)


def _keys(written: str, levels: tuple[str, ...]) -> Iterable[tuple[str, str]]:
    """(index, key) to try, strict to loose. The stem is tried only for a name without its last word: 新建社区 is never 新建村."""
    yield "full", written
    for level in ("village", "township"):
        if level in levels:
            bare = _bare(written, level)
            yield "full", bare
            if _stem(bare, level) == bare and len(bare) >= 2:
                yield "stem", bare
            yield "alike", bare.translate(_ALIKE)
