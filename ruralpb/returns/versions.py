"""Versions of a return: what a batch of files makes of it, and which version counts (semantics S1, S2).

Pure. A *return* is what one reporter owes for one form and period; a *submission* is one version of it. The rules:

* In one batch, parts that state disjoint villages make one version together. With a common village, or none stated, and
  unequal rows none of them is taken: file names and times never decide.
* A later batch that covers the villages of the version in force replaces it; one with other villages is joined to it;
  anything else is held until a person says replace or part. A form without villages is replaced whole.
* Rows equal to those of the version in force make no version; nor does a file that was overtaken and comes again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import cached_property
from itertools import combinations
from typing import Any, Literal

from ruralpb.core.messages import listing
from ruralpb.core.periods import Period
from ruralpb.core.problems import Location, Problem
from ruralpb.model import (
    BatchVerdict,
    Block,
    ComparedVersion,
    Decided,
    Decision,
    Difference,
    Form,
    IncomingTable,
    PlacedRow,
    Return,
    ReturnHistory,
    Row,
    RowContent,
    Rows,
    StoredVersion,
    Submission,
    SubmissionState,
    Version,
    row_content,
    row_keys,
)
from ruralpb.returns.seals import seals


@dataclass(frozen=True)
class _Part:
    """The tables of one sheet that belong to one return: stacked or continued tables are one."""

    incoming: tuple[IncomingTable, ...]

    @cached_property
    def count(self) -> int:
        """How many rows."""
        return sum(len(table.block.rows) for table in self.incoming)

    @cached_property
    def villages(self) -> frozenset[str]:
        """Codes of the villages the rows are about; "" when some are about no village."""
        return frozenset().union(*(Rows.of(table.block.rows).village_codes for table in self.incoming))

    @cached_property
    def said(self) -> Counter[tuple[str, RowContent]]:
        """Village and content of the rows. Most returns come once, and nobody asks what exactly they say."""
        return Counter(
            (row.village_code, _row_content(table.block, row))
            for table in self.incoming
            for row in table.block.rows
        )

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(i.number for i in self.incoming)

    @property
    def first(self) -> IncomingTable:
        return self.incoming[0]


@dataclass(slots=True)
class _Answer:
    versions: list[Version] = dataclass_field(default_factory=list)
    settled: list[str] = dataclass_field(default_factory=list)
    unchanged: list[int] = dataclass_field(default_factory=list)
    problems: list[tuple[int, Problem]] = dataclass_field(default_factory=list)


def decide(
    batch: Sequence[IncomingTable], histories: Mapping[Return, ReturnHistory], forms: Mapping[str, Form]
) -> BatchVerdict:
    """Decide what the tables of one batch become, in the order in which their returns first appear.

    `histories` holds the returns that have versions already. Pure: numbers of versions follow from the histories, so
    the same journal gives the same ids.
    """
    answer = _Answer()
    by_return: dict[Return, list[IncomingTable]] = defaultdict(list)
    for incoming in batch:
        block = incoming.block
        by_return[Return(block.reporter_code, block.form, block.period)].append(incoming)
    for key, tables in by_return.items():
        _decide_return(key, tables, histories.get(key, ReturnHistory()), forms[key.form], answer)
    return BatchVerdict(
        tuple(answer.versions), tuple(answer.settled), tuple(answer.unchanged), tuple(answer.problems)
    )


def states(versions: Iterable[Version], decisions: Iterable[Decision]) -> dict[str, SubmissionState]:
    """Return each version's state (semantics S2): the latest of a return that is neither held, withdrawn nor after the
    seal is current. `decisions` are read in journal order: `withdraw` names a `submission`, `seal` and `unlock` a
    `period`; a version journaled after the seal that is in force waits for the unlock, and so does a withdrawal."""
    decisions = tuple(decisions)
    withdrawn = {d.data["submission"]: int(d.id) for d in decisions if d.kind == "withdraw"}
    sealed = {period: seal.line for period, seal in seals(decisions).items()}
    state_of: dict[str, SubmissionState] = {}
    current: dict[Return, str] = {}
    for version in sorted(versions, key=lambda v: (v.of, v.number)):
        if version.decided != "taken":
            state_of[version.id] = "held" if version.decided == "held" else "superseded"
        elif version.id in withdrawn and withdrawn[version.id] <= sealed.get(
            version.of.period.label, withdrawn[version.id]
        ):
            state_of[version.id] = "withdrawn"
        elif version.seq > sealed.get(version.of.period.label, version.seq):
            state_of[version.id] = "after_seal"
        else:
            if version.of in current:
                state_of[current[version.of]] = "superseded"
            current[version.of] = version.id
            state_of[version.id] = "current"
    return state_of


def difference(
    before: Iterable[RowContent], after: Iterable[RowContent], form: Form
) -> tuple[Difference, ...]:
    """Return in which cells a later version says something else, row by row in the order of the later one, rows that went last.

    Rows are those of one key (semantics S9: the form's key, an ordinal among equal ones), wherever they stand in the sheet. A person without a
    number is looked for by name in the same unit. A refused cell says nothing.
    """
    earlier, later = list(before), list(after)
    old = dict(zip(row_keys(earlier, form), enumerate(earlier), strict=True))
    new = dict(zip(row_keys(later, form), enumerate(later), strict=True))
    differences: list[Difference] = []
    for key, (row, said) in new.items():
        differences += (
            _changes(old[key][1], said, form, row) if key in old else [_whole(said, form, None, "row", row)]
        )
    differences += [
        _whole(said, form, "row", None, row) for key, (row, said) in old.items() if key not in new
    ]
    return tuple(differences)


def compared_versions(
    form: Form, rows: Mapping[str, Sequence[PlacedRow]], submissions: Iterable[Submission]
) -> Iterator[ComparedVersion]:
    """Yield the versions of a form's returns, each with what it changes against the version before it that was not held.

    `rows`: submission id → its rows, of the units of interest. Returns without a row of any version are left out.
    """
    by_return: dict[tuple[str, Period], list[Submission]] = defaultdict(list)
    for submission in submissions:
        if submission.form == form.id:
            by_return[submission.reporter_code, submission.period].append(submission)
    for versions in by_return.values():
        if not any(version.id in rows for version in versions):
            continue
        base: Submission | None = None
        for version in sorted(versions, key=lambda version: version.version):
            before, after = (
                [row.content for row in rows.get(one.id, ())] if one else [] for one in (base, version)
            )
            changes = difference(before, after, form) if base else ()
            yield ComparedVersion(form, version, base, changes)
            if version.state != "held":
                base = version


def _changes(before: RowContent, after: RowContent, form: Form, row: int) -> list[Difference]:
    old, new = dict(before[2]), dict(after[2])
    return [
        Difference(after[0], _shown_key(after, form), item.id, old.get(item.id), new.get(item.id), row)
        for item in form.fields
        if old.get(item.id) != new.get(item.id)
    ]


def _whole(said: RowContent, form: Form, before: str | None, after: str | None, row: int) -> Difference:
    return Difference(said[0], _shown_key(said, form), "", before, after, row)


def _shown_key(row: RowContent, form: Form) -> tuple[Any, ...]:
    values = dict(row[2])
    names = ["name" if name == "person_key" else name for name in form.key]
    return tuple(values[name] for name in names if values.get(name) is not None)


def _decide_return(
    key: Return, tables: list[IncomingTable], history: ReturnHistory, form: Form, answer: _Answer
) -> None:
    # A file that was overtaken and is read again (definitions have changed) does not come back by itself.
    overtaken = {t.number for t in tables if t.receipt.sha256 in history.past and not t.receipt.mode}
    answer.unchanged += sorted(overtaken)
    parts = _without_copies(_parts(t for t in tables if t.number not in overtaken), answer)
    if not parts:
        return
    if not _one_version(parts):
        others = listing(dict.fromkeys(p.first.receipt.path for p in parts))
        for number, part in enumerate(parts, history.versions + 1):
            answer.versions.append(_version(key, number, [part], "held", form))
            answer.problems.append((part.first.number, _problem("return-twice", part, others, "D13")))
        return
    current = history.current
    if (
        current is not None
        and sum((part.said for part in parts), Counter()) == _said(current.rows)
        and _nil(parts, form) == current.version.nil
    ):
        answer.unchanged += [n for part in parts for n in part.numbers]
        return
    villages = _villages(parts)
    how = _against_current(villages, current, form, parts[0].first.receipt.mode)
    number = history.versions + 1
    if how == "hold" and current is not None:
        answer.versions.append(_version(key, number, parts, "held", form))
        answer.problems += [
            (p.first.number, _problem("return-held", p, current.version.id, "return-held")) for p in parts
        ]
        return
    kept = current if how == "join" else None
    answer.versions.append(_version(key, number, parts, "taken", form, kept))
    answer.settled += [held.version.id for held in history.held if _villages_of(held) <= villages]


def _parts(tables: Iterable[IncomingTable]) -> list[_Part]:
    """One part a sheet. A sheet left empty (a form's blank page in the workbook) gives way to a filled one of the
    same file; across files an empty return is a statement."""
    sheets: dict[tuple[str, str], list[IncomingTable]] = defaultdict(list)
    for table in tables:
        sheets[table.receipt.id, table.block.sheet].append(table)
    parts = [_Part(tuple(found)) for found in sheets.values()]
    filled = {part.first.receipt.id for part in parts if part.count}
    return [part for part in parts if part.count or part.first.receipt.id not in filled]


def _row_content(block: Block, row: Row) -> RowContent:
    return row_content(
        row.unit_code, row.township_code, dict(zip(block.fields, row.values, strict=True)), row.refused
    )


def _without_copies(parts: list[_Part], answer: _Answer) -> list[_Part]:
    """Parts that say the same count once."""
    kept: list[_Part] = []
    for part in parts:
        same = next((k for k in kept if k.said == part.said), None)
        if same is None:
            kept.append(part)
        else:
            answer.unchanged += part.numbers
    return kept


def _one_version(parts: Sequence[_Part]) -> bool:
    """True when the parts can stand side by side: each states villages, and no two the same."""
    villages = [part.villages for part in parts]
    return len(parts) == 1 or (
        all(v - {""} for v in villages) and all(a.isdisjoint(b) for a, b in combinations(villages, 2))
    )


def _against_current(
    mine: frozenset[str], current: StoredVersion | None, form: Form, mode: str
) -> Literal["replace", "join", "hold"]:
    if mode == "part":
        return "join"
    if current is None or mode == "replace" or not any(f.type == "village" for f in form.fields):
        return "replace"
    theirs = _villages_of(current)
    if mine >= theirs:
        return "replace"
    stated = mine - {""} and theirs - {""}
    return "join" if stated and mine.isdisjoint(theirs) else "hold"


def _villages(parts: Iterable[_Part]) -> frozenset[str]:
    return frozenset().union(*(part.villages for part in parts))


def _villages_of(stored: StoredVersion) -> frozenset[str]:
    return frozenset(village for _, village, _ in stored.rows)


def _said(rows: Iterable[tuple[int, str, RowContent]]) -> Counter[tuple[str, RowContent]]:
    return Counter((village, said) for _, village, said in rows)


def _nil(parts: Sequence[_Part], form: Form) -> bool:
    # Where every village owes a row an empty sheet is no nil return: it omits all villages.
    return not form.village_row and all(t.block.nil for p in parts for t in p.incoming)


def _version(
    key: Return,
    number: int,
    parts: Sequence[_Part],
    decided: Decided,
    form: Form,
    joined: StoredVersion | None = None,
) -> Version:
    """Return a version of `parts`, joined to the rows of an older one whose villages they do not state."""
    villages = _villages(parts) - {""}
    members = [n for part in parts for n in part.numbers]
    exclusions: set[tuple[int, str]] = set()
    rows = sum(part.count for part in parts)
    if joined is not None:
        members = [*joined.version.members, *members]
        exclusions = {(block, village) for block, village, _ in joined.rows if village in villages}
        rows += sum(village not in villages for _, village, _ in joined.rows)
        exclusions.update(joined.version.exclusions)
    receipts = [t.receipt for part in parts for t in part.incoming]
    return Version(
        id=f"{key.reporter_code}-{key.form}-{key.period.label}-v{number}",
        of=key,
        number=number,
        batch=receipts[0].batch,
        seq=max(int(r.id) for r in receipts),
        received=receipts[0].received,
        decided=decided,
        rows=rows,
        nil=rows == 0 and _nil(parts, form),
        members=tuple(members),
        exclusions=tuple(sorted(exclusions)),
    )


def _problem(slug: str, part: _Part, other: str, rule: str) -> Problem:
    block = part.first.block
    return Problem(
        slug,
        Location(part.first.receipt.path, block.sheet),
        found=str(part.count),
        expected=other,
        refused="sheet",
        rule=rule,
        form=block.form,
        unit_code=block.reporter_code,
        data={"period": block.period.label},
    )
