"""Problems: where, what was found, what was expected, what to do.

A stage collects problems and returns them; `CannotRun` is raised only when a command cannot go on.
The text of a problem is a message (`ruralpb.core.messages`) of the same slug.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from typing import Literal

from ruralpb.core.messages import Language, say, within
from ruralpb.core.personal_data import without_numbers

Severity = Literal["error", "query", "note"]
"""强制 (blocks acceptance) · 核实 (fix or explain) · 提示 (for information). Its word is the message `nature-SEVERITY`."""


@dataclass(frozen=True, slots=True)
class SeverityTraits:
    """What a severity does and how it looks. Colours are RRGGBB."""

    rank: int
    """0 is the gravest."""
    blocks: bool
    """An open finding keeps its return from being accepted."""
    style: str
    """On a terminal."""
    marked: str
    """The cell of a return that a finding is about."""
    pale: str
    """The other rows of that finding's group."""
    listed: str
    """In a list of findings."""


SEVERITIES: Mapping[Severity, SeverityTraits] = {
    "error": SeverityTraits(0, True, "bold red", "FF9C9C", "FFDADA", "FFC7CE"),
    "query": SeverityTraits(1, True, "yellow", "FFE066", "FFF5CC", "FFEB9C"),
    "note": SeverityTraits(2, False, "cyan", "9DC3E6", "DEEBF7", "DDEBF7"),
}
"""Every severity, the gravest first."""

Refused = Literal["", "cell", "row", "sheet", "file"]
"""What was not taken because of the problem; empty when everything was taken."""


@dataclass(frozen=True, slots=True)
class Location:
    """A place a person can go to: a cell of a workbook (`sheet`, `cell` in A1 notation) or a line of a text
    file (`line`, 1-based)."""

    file: str = ""
    sheet: str = ""
    cell: str = ""
    line: int | None = None

    def __str__(self) -> str:
        if self.line is not None:
            return f"{self.file}:{self.line}"
        return " · ".join(part for part in (self.file, self.sheet, self.cell) if part)


NOWHERE = Location()


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, or was taken otherwise than literally.

    `slug` names the message; `rule` is the public id that exports and `--check` use (a
    dirty-return number such as ``D54``, a check such as ``C05``), by default the slug itself. `data` fills
    further placeholders of the text. `form`, `unit_code` and `field` are empty where nothing is known yet.
    """

    slug: str
    where: Location = NOWHERE
    found: str = ""
    expected: str = ""
    severity: Severity = "error"
    refused: Refused = ""
    rule: str = ""
    form: str = ""
    unit_code: str = ""
    field: str = ""
    data: Mapping[str, str] = dataclass_field(default_factory=dict)

    @property
    def check(self) -> str:
        """The id under which the problem is exported and can be selected."""
        return self.rule or self.slug

    def located(self, file: str) -> Problem:
        """Return the same problem, said of `file`."""
        return replace(self, where=replace(self.where, file=file))

    def text(self, lang: Language = "zh") -> str:
        """The sentence without its place. Numbers of persons in what was found are masked, whatever field they stood in."""
        words = {"found": self.found, "expected": self.expected, **self.data}
        return say(
            self.slug, lang, **{name: without_numbers(within(value, lang)) for name, value in words.items()}
        )

    def line(self, lang: Language = "zh") -> str:
        """The whole message on one line: place, sentence, slug in brackets."""
        place = str(self.where)
        colon = "：" if lang == "zh" else ": "
        return f"{place}{colon if place else ''}{self.text(lang)} [{self.check}]"


class CannotRun(Exception):  # noqa: N818 - it says what happened, not that an error class was raised
    """The command cannot go on. `exit_code` 2: not as asked (usage, definitions); 3: the environment."""

    def __init__(self, problems: Problem | Iterable[Problem], exit_code: Literal[2, 3] = 2) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        self.exit_code = exit_code
        super().__init__("\n".join(problem.line("en") for problem in self.problems))
