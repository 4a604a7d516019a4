"""What each column of a header block means: the claims of its texts, settled so that each field has one column and each column one
field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ruralpb.core import periods
from ruralpb.intake.layout.block import SERIAL
from ruralpb.intake.layout.header_index import MEASURE, FieldMatch, HeaderIndex, chinese, key
from ruralpb.model import Field, Form, HeaderMapping
from ruralpb.model.unit_names import fold
from ruralpb.model.vocabulary import builtin

_WORDS = builtin()
_WHOLE = _WORDS.pattern("headers.whole")
"""总收入/合计 is 总收入: such a leaf stands for its parent."""

_OTHER_SCOPE = _WORDS.pattern("headers.other_scope")
"""A parent header with such a word makes its columns other figures than the same leaves without it."""

_MERE = re.compile(rf"(?:{_WORDS.either('headers.mere')}|[^\w%])+")
"""What of a parent heading says nothing of the columns below it."""

_CUMULATED = _WORDS.pattern("headers.cumulated")
_OF_PERIOD = _WORDS.pattern("headers.of_period")

_YEAR = _WORDS.pattern("headers.year")

_OF_WHICH = re.compile(rf"[(（]?(?:{_WORDS.either('headers.of_which')})[:：,，]")
_MORE = 6
"""A heading that contains another has at most so many letters more; longer ones are titles."""
_ALIKE = 70
"""From this likeness on (0-100) a heading may be meant for a field."""

CONFIRMED = 9
"""The strength of a claim that a person has confirmed."""

_STATED = re.compile(rf"[(（](?:{_WORDS.either('headers.measure_label')}[:：]?)?({MEASURE})[)）]\s*$")


class ColumnClaim(NamedTuple):
    """One column as one field, and how strongly: 1 alias, 2 title, 3 or 4 within its parent headers, 9 confirmed. `tick`: the value
    of the enum field that the column is there to tick."""

    hit: FieldMatch
    measure: str
    strength: int
    tick: str = ""
    parent: str = ""
    """The headings above a leaf that names the field alone: they may make another figure of it."""
    worded: bool = False
    """True when only the words of a bound differ (35岁以下, 35岁及以下)."""


@dataclass(slots=True)
class Header:
    """One header block: 0-based rows, field id → column, the measures its texts state, and what it leaves open."""

    form: Form
    top: int
    bottom: int
    columns: dict[str, int]
    measures: dict[str, str] = field(default_factory=dict)
    unmapped: dict[int, str] = field(default_factory=dict)
    twice: dict[str, list[int]] = field(default_factory=dict)
    """Fields that several columns name with equal right."""
    named: frozenset[int] = frozenset()
    """Every column with a header text."""
    near: dict[int, str] = field(default_factory=dict)
    """Columns taken without a leading 其中 …: their header text."""
    worded: dict[int, str] = field(default_factory=dict)
    """Columns whose bound is written in other words that mean the same: their header text."""
    confirmed: dict[int, HeaderMapping] = field(default_factory=dict)
    marked: dict[str, dict[str, int]] = field(default_factory=dict)
    restricted: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Columns that are not taken because the headings above them make another figure of the field: field id and all its headings."""

    def content(self, known: HeaderIndex) -> int:
        """How many columns speak for this form, common columns not counted."""
        return sum(not known.is_common(self.form.by_id[name]) for name in [*self.columns, *self.twice])

    def clear(self, known: HeaderIndex) -> int:
        """How many of them no other column claims as well."""
        return sum(not known.is_common(self.form.by_id[name]) for name in self.columns)

    def complete(self, known: HeaderIndex) -> bool:
        """True when no required column lacks."""
        return all(name in self.columns or name in self.twice for name in known.required(self.form.id))

    def restrict(self, columns: Mapping[int, tuple[str, str]]) -> None:
        """Give up the columns (`restricted`) that the headings above them make another figure of their field."""
        for column, (name, path) in columns.items():
            if self.columns.get(name) == column:
                del self.columns[name]
                self.measures.pop(name, None)
                self.near.pop(column, None)
                self.unmapped[column] = path
            self.restricted[column] = name, path

    def at(self, top: int, bottom: int) -> Header:
        """Return the same header in other rows, free to be changed."""
        return Header(
            self.form, top, bottom, dict(self.columns), dict(self.measures), dict(self.unmapped),
            {name: list(found) for name, found in self.twice.items()}, self.named, dict(self.near), dict(self.worded),
            dict(self.confirmed), self.marked, dict(self.restricted),
        )  # fmt: skip


def mapped(known: HeaderIndex, paths: Mapping[int, Sequence[str]], top: int, bottom: int) -> list[Header]:
    """Return, per form that two or more columns of the block name, its header."""
    claims: dict[str, dict[str, list[tuple[int, ColumnClaim]]]] = {}
    for column, path in paths.items():
        for claim in _of_column(known, path):
            claims.setdefault(claim.hit.form, {}).setdefault(claim.hit.field.id, []).append((column, claim))
    found = []
    for form, fields in claims.items():
        if len(fields) < 2:
            continue
        header = Header(known.forms[form], top, bottom, {}, named=frozenset(paths))
        header.restricted = _restricted(known, header.form, fields, paths)
        fields = _without(fields, header.restricted)
        _settle(header, fields, paths)
        header.confirmed = {
            column: mapping
            for column in header.columns.values()
            if (mapping := known.mapped(form, "/".join(paths[column]))) is not None
        }
        found.append(header)
    return found


def _restricted(
    known: HeaderIndex,
    form: Form,
    claims: Mapping[str, list[tuple[int, ColumnClaim]]],
    paths: Mapping[int, Sequence[str]],
) -> dict[int, tuple[str, str]]:
    """Column → field and headings of the columns whose parent headings restrict them (脱贫户 over 户数).

    A parent restricts unless its words are those of the form, of its fields below it, of the period, or say nothing (`_is_mere`); and
    always when it says 其中, or when a column without a parent names a field below it as well (总户数), or may be meant for it. What holds
    for one leaf of a parent holds for all.
    """
    alone = [
        (column, claim, name)
        for name, found in claims.items()
        for column, claim in found
        if claim.parent and claim.strength < 3
    ]
    above = {claim.parent for found in claims.values() for _, claim in found}
    if not alone or len(above) == 1:
        return {}  # what stands above all columns is their title
    # A table folded to the right repeats its headings; the title of the one half is no parent of the other's.
    repeated = sum(sum(not claim.parent for _, claim in found) > 1 for found in claims.values()) > 1
    claimed = {column for found in claims.values() for column, _ in found}
    free = [key(path[-1]) for column, path in paths.items() if column not in claimed and len(path) == 1]
    mere = {claim.parent for _, claim, _ in alone if repeated or _is_mere(known, form, claim)}
    parents = {
        claim.parent
        for column, claim, name in alone
        if claim.parent not in mere
        or is_foreign(claim.parent, claim.hit.field)
        or _OF_WHICH.match(claim.parent)
        or (not repeated and any(not other.parent for at, other in claims[name] if at != column))
        or any(_may_be(text, paths[column][-1], claim.hit) for text in free)
    }
    return {
        column: (name, "/".join(paths[column])) for column, claim, name in alone if claim.parent in parents
    }


def _is_mere(known: HeaderIndex, form: Form, claim: ColumnClaim) -> bool:
    """True when the headings above a leaf say nothing that the form does not: its title, words of the field or of a group, the table's
    period, a measure, words that stand above anything (基本情况)."""
    item = claim.hit.field
    for parent in claim.parent.split("/"):
        bare = _own_time(item).sub("", key(_STATED.sub("", parent)))
        if key(form.title) in bare or (known.period is not None and periods.find(parent) == known.period):
            continue
        if any(not _is_of_form(known, form, item, part) for part in _MERE.split(bare) if part):
            return False
    return True


def _own_time(item: Field) -> re.Pattern[str]:
    """The words that say what time the figures of a field are of: since the beginning of the year, or of the period."""
    return _CUMULATED if item.time == "year_to_date" else _OF_PERIOD


def _is_of_form(known: HeaderIndex, form: Form, item: Field, part: str) -> bool:
    """True for a part of a parent heading that the form has itself: in its title, a group, the field's own names; or in the title of a field
    that is not what parent and leaf together might name (脱贫户 over 户数, beside a field 脱贫户数)."""
    if part == key(item.measure):
        return True
    own = [form.title, item.title, *(alias.text for alias in item.aliases), *(f.group for f in form.fields)]
    if any(part in key(text) for text in own if text):
        return True
    others = [key(other.title) for other in known.fields(form.id) if part in key(other.title)]
    leaf = key(item.title)
    return bool(others) and all(leaf not in title and title.replace(part, "") not in leaf for title in others)


def _may_be(heading: str, leaf: str, hit: FieldMatch) -> bool:
    """True for a heading that contains a leaf, or the field's own title resembles."""
    from rapidfuzz import fuzz

    contained = key(leaf) in heading and len(heading) <= len(key(leaf)) + _MORE
    return contained or fuzz.ratio(heading, key(hit.field.title)) >= _ALIKE


def _without(
    claims: Mapping[str, list[tuple[int, ColumnClaim]]], restricted: Mapping[int, tuple[str, str]]
) -> dict[str, list[tuple[int, ColumnClaim]]]:
    if not restricted:
        return dict(claims)
    return {
        name: kept
        for name, found in claims.items()
        if (kept := [(column, claim) for column, claim in found if restricted.get(column, ("",))[0] != name])
    }


def _of_column(known: HeaderIndex, path: Sequence[str]) -> Sequence[ColumnClaim]:
    slot = ("column", tuple(path))
    found = known.memo.get(slot)
    if found is None:
        found = known.memo[slot] = tuple(_claims(known, path))
    return found


def _claims(known: HeaderIndex, path: Sequence[str]) -> Iterable[ColumnClaim]:
    """The fields one column may be, per form the strongest claim: confirmed, joined with its parents, under its own group, alone. Of several
    years below one heading (总人口: 2019, 2020) the period's own is the heading's."""
    if len(path) > 1 and known.period is not None and (year := _YEAR.fullmatch(path[-1].strip())):
        if int(year[1]) != known.period.end.year:
            return
        path = path[:-1]
    *parents, leaf = path
    best: dict[str, list[ColumnClaim]] = {}
    inherited = next((measure for parent in reversed(parents) if (measure := _stated(parent))), "")
    for form in {form for form, _ in known.mappings}:
        if (mapping := known.mapped(form, "/".join(path))) is not None:
            hit = FieldMatch(form, known.forms[form].by_id[mapping.field], False)
            best.setdefault(form, []).append(ColumnClaim(hit, _stated(leaf) or inherited, CONFIRMED))
    for number in range(len(parents)):
        nearest = chinese(parents[number])
        whole = "".join(chinese(text) for text in parents[number:])
        joined = next(
            (
                hits
                for above in (whole, f"{whole}/", nearest, f"{nearest}/")
                if (hits := known.hits(f"{above}{leaf}"))
            ),
            [],
        )
        if not joined and _WHOLE.fullmatch(chinese(leaf)):
            joined = known.hits(parents[number])
        for hit, measure in joined:
            best.setdefault(hit.form, []).append(ColumnClaim(hit, measure or inherited, 3 + hit.by_title))
    if parents:
        _add_ticks(known, parents[-1], leaf, best)
    folded_parents = {chinese(parent) for parent in parents}
    for hit, measure in known.hits(leaf):
        grouped = bool(hit.field.group) and key(hit.field.group) in folded_parents
        above = "" if grouped else "/".join(parents)
        strength = 3 if grouped else 1 if is_foreign(above, hit.field) else 1 + hit.by_title
        best.setdefault(hit.form, []).append(ColumnClaim(hit, measure or inherited, strength, parent=above))
    for bound_match in (
        known.bound_matches(leaf) if not parents or not _OTHER_SCOPE.search("".join(parents)) else ()
    ):
        if bound_match.same and bound_match.form not in best:
            hit = FieldMatch(bound_match.form, bound_match.field, False)
            best[bound_match.form] = [ColumnClaim(hit, inherited, 1, worded=True)]
    for claims in best.values():
        top = max(claim.strength for claim in claims)
        yield from dict.fromkeys(claim for claim in claims if claim.strength == top)


def is_foreign(parent: str, item: Field) -> bool:
    """True when the headings above a leaf say that its figures are another period's, or planned ones, and the field's title does not."""
    other = _OTHER_SCOPE.search(_own_time(item).sub("", parent))
    return other is not None and other[0] not in item.title


def _add_ticks(known: HeaderIndex, parent: str, leaf: str, best: dict[str, list[ColumnClaim]]) -> None:
    """性别 over 男 and 女: each value of an enum field has a column of its own."""
    for hit, _ in known.hits(parent):
        for value in hit.field.values:
            if key(leaf) in {key(word) for word in (value.value, *value.synonyms)}:
                best.setdefault(hit.form, []).append(ColumnClaim(hit, "", 3, value.value))


def _stated(text: str) -> str:
    """The measure a parent header states in brackets."""
    found = _STATED.search(text)
    return found[1] if found else ""


def _settle(
    header: Header, claims: Mapping[str, list[tuple[int, ColumnClaim]]], paths: Mapping[int, Sequence[str]]
) -> None:
    """Give each field its one column and each column its one field; the stronger claim wins, a draw goes to nobody."""
    wanted: dict[int, dict[str, int]] = {}
    for name, found in claims.items():
        for column, claim in found:
            names = wanted.setdefault(column, {})
            names[name] = max(claim.strength, names.get(name, 0))
    winner: dict[int, str] = {}
    for column, names in wanted.items():
        strongest = max(names.values())
        first, *others = [name for name, strength in names.items() if strength == strongest]
        if not others:
            winner[column] = first
    for name, found in claims.items():
        usable = [(column, claim) for column, claim in found if winner.get(column) == name]
        if usable:
            _give(header, name, usable, paths)
    taken = {*header.columns.values(), *(c for marks in header.marked.values() for c in marks.values())}
    header.unmapped = {
        column: "/".join(path)
        for column, path in paths.items()
        if column not in taken and not SERIAL.fullmatch(fold(path[-1]))
    }


def _give(
    header: Header, name: str, usable: Sequence[tuple[int, ColumnClaim]], paths: Mapping[int, Sequence[str]]
) -> None:
    strongest = max(claim.strength for _, claim in usable)
    best = [(column, claim) for column, claim in usable if claim.strength == strongest]
    ticks = {claim.tick: column for column, claim in best if claim.tick}
    column, claim = best[0]
    if len(ticks) == len(best) >= 2:
        header.marked[name] = ticks
    elif len(best) > 1:
        if name != "note":
            header.twice[name] = [at for at, _ in best]
        return
    elif ticks:
        return  # one value alone in a column of its own says nothing of those without a tick
    header.columns[name] = column
    if claim.measure:
        header.measures[name] = claim.measure
    if claim.worded:
        header.worded[column] = "/".join(paths[column])
    if claim.hit.near:
        header.near[column] = "/".join(paths[column])
