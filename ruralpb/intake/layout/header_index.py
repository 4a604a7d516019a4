"""Every spelling of every field in force, by its folded text: what headers are looked up in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from ruralpb.core.periods import Period
from ruralpb.intake.layout.bounds import Bound, bounds
from ruralpb.model import ALWAYS, Field, Form, HeaderMapping, Library
from ruralpb.model.unit_names import fold
from ruralpb.model.vocabulary import Vocabulary, builtin

_WORDS = builtin()
MEASURE = rf"[{''.join(''.join(words) for words in _WORDS.below('measures.powers.').values())}]*(?:{_WORDS.either('measures.units')})"
"""A measure of numbers as headings and corner notes state it."""
_HINT = _WORDS.either("headers.hint")
_LABEL = _WORDS.either("headers.measure_label")
_SUFFIX = re.compile(
    rf"[(\[【<](?:{_LABEL}:?)?(?:(?P<measure>{MEASURE})|{_HINT})(?:[,;、](?:{_HINT}))*[)\]】>]$"
)
_SLASHED = re.compile(rf"[/:,](?P<measure>{MEASURE})$")
_OWN = re.compile(rf"(?:[(\[](?:{_LABEL}:?)?([^()\[\]]{{1,6}})[)\]]|[/:,]([^/:,()\[\]]{{1,6}}))$")
_NUMBER = re.compile(rf"^(?:{_WORDS.either('headers.number')})+")
_FOOTNOTE = _WORDS.pattern("headers.footnote")
"""An asterisk in front marks a column that must be filled in."""

MOST_TEXTS = 20_000
"""So many texts are remembered at a time."""

UNIT_TYPES = ("village", "township", "unit")
"""Types of fields that name a unit of the register."""

_DASHES = re.compile(r"[-‐‑‒–—―−~～〜]+")
_QUOTES = re.compile("[\"'“”‘’「」《》]")
_OF_WHICH = re.compile(rf"^(?:{_WORDS.either('headers.of_which')})[:,]?(?=.)")
_ENGLISH_AFTER = re.compile(
    r"^(?=.*[\u4e00-\u9fff])(.*?[\u4e00-\u9fff)\]%])[/|,]?[(]?[A-Za-z][A-Za-z0-9.,'&/()%:;*-]*$"
)
_ENGLISH_BEFORE = re.compile(r"^[A-Za-z][A-Za-z.,'&/()-]{2,}?[/|,]?([\u4e00-\u9fff].*)$")


@lru_cache(maxsize=65536)
def key(text: str) -> str:
    """Return a header text as it is compared: width, blanks, breaks, list numbers, footnote marks, quotes and kinds of dash gone (D28)."""
    bare = _NUMBER.sub("", _FOOTNOTE.sub("", text.strip()))
    bare = _NUMBER.sub("", fold(bare))
    return _DASHES.sub("-", _QUOTES.sub("", bare)) or fold(text)


@lru_cache(maxsize=65536)
def spellings(text: str) -> tuple[tuple[str, str], ...]:
    """Return (key, measure) to look up, strict first: the whole text, then without its unit suffix, then without 其中."""
    whole = key(text)
    found = [(whole, "")]
    for pattern in (_SUFFIX, _SLASHED):
        if suffix := pattern.search(whole):
            bare, measure = whole[: suffix.start()], suffix["measure"] or ""
            found.append((bare, measure))
            if pattern is _SUFFIX and (inner := _SUFFIX.search(bare)):
                found.append((bare[: inner.start()], measure or inner["measure"] or ""))
    if english := _ENGLISH_AFTER.match(whole) or _ENGLISH_BEFORE.match(whole):
        found += spellings(english[1])
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=8192)
def chinese(text: str) -> str:
    """Return the key of a heading without the English that says it again: 城镇人口 Urban."""
    whole = key(text)
    english = _ENGLISH_AFTER.match(whole) or _ENGLISH_BEFORE.match(whole)
    return english[1] if english else whole


@lru_cache(maxsize=8192)
def loose(folded: str) -> str:
    """Return a key without a leading 其中 or 附: the same column, said as part of the one before it."""
    return _OF_WHICH.sub("", folded)


@dataclass(frozen=True, slots=True)
class FieldMatch:
    """A field that a header text names: by its title (better) or by an alias. `near`: only when 其中 before it is left out."""

    form: str
    field: Field
    by_title: bool
    near: bool = False


@dataclass(frozen=True, slots=True)
class BoundMatch:
    """A field whose text equals a header's up to the words or the number at a bound; `same`: both draw the line at the same place."""

    form: str
    field: Field
    same: bool


class HeaderIndex:
    """What headers are looked up in, for one library and period (None: every field and alias, whenever it holds)."""

    def __init__(
        self,
        forms: Iterable[Form],
        period: Period | None,
        mappings: Iterable[HeaderMapping] = (),
        vocabulary: Vocabulary = _WORDS,
    ) -> None:
        self.forms = {form.id: form for form in forms}
        self.period = period
        self.vocabulary = vocabulary
        day = period.end if period else None
        self._fields = {
            form.id: form.fields_in(period) if period else form.fields for form in self.forms.values()
        }
        self._index: dict[str, list[FieldMatch]] = {}
        self._loose: dict[str, list[FieldMatch]] = {}
        self._bound_matches: dict[str, list[FieldMatch]] = {}
        for form in self.forms.values():
            for field in self._fields[form.id]:
                for text, by_title in _texts(field, day):
                    hit = FieldMatch(form.id, field, by_title)
                    self._index.setdefault(key(text), []).append(hit)
                    self._loose.setdefault(loose(key(text)), []).append(replace(hit, near=True))
                    skeleton, found = bounds(loose(key(text)))
                    if found:
                        self._bound_matches.setdefault(skeleton, []).append(hit)
        self.mappings = {(m.form, path_key(m.header)): m for m in mappings if m.form in self.forms}
        self.titles = {fold(text) for form in self.forms.values() for text in (form.title, form.code) if text}
        self.memo: dict[Any, Any] = {}
        """What `headers` and `rows` have worked out before: the files of one delivery repeat each other's headers and labels."""
        self._hits: dict[str, list[tuple[FieldMatch, str]]] = {}

    def fields(self, form: str) -> tuple[Field, ...]:
        """The form's fields that the period asks for."""
        return self._fields[form]

    def required(self, form: str) -> list[str]:
        """Ids of the columns without which a sheet is no return of the form. The township may stand in the title block; while the
        period is not known, only what every period asks for counts."""
        return [
            field.id
            for field in self._fields[form]
            if field.required
            and field.type != "township"
            and (self.period is not None or (field.dated == ALWAYS and not field.periods))
        ]

    @staticmethod
    def is_common(field: Field) -> bool:
        """True for the columns every form has, which therefore say nothing about which form it is."""
        return field.type in UNIT_TYPES or field.id == "note"

    def hits(self, text: str) -> list[tuple[FieldMatch, str]]:
        """Return the fields that one header text names, each with the measure the text states ("" when none)."""
        known = self._hits.get(text)
        if known is None:
            if len(self._hits) > MOST_TEXTS:
                self._hits.clear()
            known = self._hits[text] = self._look_up(text)
        return known

    def _look_up(self, text: str) -> list[tuple[FieldMatch, str]]:
        for index, fit in ((self._index, str), (self._loose, loose)):
            for folded, measure in spellings(text):
                if found := index.get(fit(folded)):
                    return [(hit, measure) for hit in found]
        if own := _OWN.search(key(text)):  # a measure that only this library knows: 床位数（张）
            named = self._index.get(key(text)[: own.start()], ())
            measure = own[1] or own[2]
            return [(hit, measure) for hit in named if fold(hit.field.measure) == measure]
        return []

    def mapped(self, form: str, path: str) -> HeaderMapping | None:
        """The confirmed mapping (definitions/mappings.yaml) of a header path of `form`."""
        return self.mappings.get((form, path_key(path))) if self.mappings else None

    def bound_matches(self, text: str) -> list[BoundMatch]:
        """Return the fields whose text equals a header's but for a bound: another word (以上, 超过) or another number."""
        found: dict[tuple[str, str], BoundMatch] = {}
        for folded, _ in spellings(text):
            skeleton, stated = bounds(loose(folded))
            for hit in self._bound_matches.get(skeleton, ()) if stated else ():
                own = _bounds_of(hit.field, skeleton)
                same = any(all(map(Bound.same, stated, one)) for one in own)
                found.setdefault((hit.form, hit.field.id), BoundMatch(hit.form, hit.field, same))
        return list(found.values())

    def nearest(self, form: str, text: str) -> str:
        """Return the title a header text resembles: for the message only (semantics, D29)."""
        titles = [field.title for field in self._fields[form]]
        from rapidfuzz import fuzz, process

        best = process.extractOne(key(text), titles, processor=key, scorer=fuzz.ratio, score_cutoff=70)
        return best[0] if best else ""


def path_key(path: str) -> str:
    """Return a header path (医生/男) as paths are compared."""
    return "/".join(key(part) for part in path.split("/") if part.strip())


def header_index_of(
    library: Library, period: Period | None, only: str = "", mappings: Iterable[HeaderMapping] = ()
) -> HeaderIndex:
    """Return the spellings of `library` in force in `period`, of all forms or of the form `only`, with the confirmed `mappings`."""
    day = period.end if period else None
    forms = [
        form
        for form in library.forms.values()
        if (not only or form.id == only) and (day is None or form.dated.holds(day))
    ]
    return HeaderIndex(forms, period, mappings, library.vocabulary)


def _bounds_of(field: Field, skeleton: str) -> list[tuple[Bound, ...]]:
    """The bounds of a field's title and aliases that have this skeleton; the title's alone when it has one, for it says what is asked."""
    own = [bounds(loose(key(text))) for text in (field.title, f"{field.group}{field.title}")]
    titled = [found for rest, found in own if rest == skeleton and found]
    others = [bounds(loose(key(alias.text))) for alias in field.aliases]
    return titled or [found for rest, found in others if rest == skeleton and found]


def crosses_bound(field: Field, text: str) -> bool:
    """True for an alias that is the field's title but for where its class begins or ends: it would be another column."""
    skeleton, stated = bounds(loose(key(text)))
    titled, own = bounds(loose(key(field.title)))
    return skeleton == titled and bool(stated) and not all(map(Bound.same, stated, own))


def _texts(field: Field, day: date | None) -> Iterable[tuple[str, bool]]:
    titles = [
        field.title,
        *([f"{field.group}{field.title}", f"{field.group}/{field.title}"] if field.group else []),
    ]
    seen: set[str] = set()
    for text, by_title in [
        *((title, True) for title in titles),
        *(
            (alias.text, False)
            for alias in field.aliases
            if (day is None or alias.dated.holds(day)) and not crosses_bound(field, alias.text)
        ),
    ]:
        folded = key(unicodedata.normalize("NFC", text))
        if folded not in seen:
            seen.add(folded)
            yield text, by_title
