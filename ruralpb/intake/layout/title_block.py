"""What stands above and below a table: 表号, 填报单位, 报告期, 计量单位, 单位负责人, 填表人, 联系电话, 报出日期."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from ruralpb.core import periods
from ruralpb.intake.layout.header_index import MEASURE
from ruralpb.model import Grid
from ruralpb.model.vocabulary import Vocabulary, builtin

_MEASURE = re.compile(MEASURE)
_WORDS = builtin()
_STATED = _WORDS.either("measures.stated_by")
_YUAN = rf"(?:{_WORDS.either('measures.renminbi')})?(?P<said>{_WORDS.either('measures.yuan')})"
_NO_COLON = re.compile(
    rf"[(]?\s*(?:{_STATED})\s*(?:{_WORDS.either('measures.is')})?\s*:?\s*(?P<said>[(]?[^:]+)"
)
_AT_END = re.compile(rf"[(]{_YUAN}[)]$")
_NOTED = re.compile(rf"{_WORDS.either('measures.noted_by')}{_YUAN}")
_BRACKETED = re.compile(r"[(]([^()]*)[)]?")
_BESIDE = _WORDS.pattern("measures.beside")
"""What may stand beside a measure of money and does not change it."""
_BETWEEN = _WORDS.pattern("measures.between")
_MONEY = _WORDS["measures.money"][0]
_OLD_FORMS = str.maketrans(_WORDS["measures.older"][0], _WORDS["measures.newer"][0])


def _labels(vocabulary: Vocabulary, colon: str) -> re.Pattern[str]:
    """What announces a fact, as the group of its name, before `colon`."""
    groups = [
        f"(?P<{name}>{'|'.join(words)})" for name, words in vocabulary.below("title_block.labels.").items()
    ]
    return re.compile(f"(?:{'|'.join(groups)}){colon}", re.IGNORECASE)


def _labelled(vocabulary: Vocabulary) -> re.Pattern[str]:
    return vocabulary.once(_labels, r"\s*[:：]\s*")


def is_labelled(text: str, vocabulary: Vocabulary) -> bool:
    """True for a text that begins with one of these facts (填报单位：…): it stands in no header."""
    return _labelled(vocabulary).match(text.strip()) is not None


def read(
    grid: Grid, above: Iterable[int], below: Iterable[int], vocabulary: Vocabulary
) -> dict[str, tuple[str, str]]:
    """Return fact → (text, cell address) from the rows `above` the header and the signature rows `below` the data.

    Besides the labelled facts: `title` is the longest text without a label or remark, `titled_period` the first cell that names a period
    without saying so. The first mention counts.
    """
    found: dict[str, tuple[str, str]] = {}
    titles: list[tuple[str, str]] = []
    above = list(above)
    for row in [*above, *below]:
        cells = [(column, value) for column, value in enumerate(grid.values[row]) if value is not None]
        for number, (column, value) in enumerate(cells):
            if not isinstance(value, str):
                continue
            at = grid.address(row, column)
            text = unicodedata.normalize("NFKC", value).strip()
            facts = _facts(text, cells[number + 1][1] if number + 1 < len(cells) else None, vocabulary)
            for name, fact in facts.items():
                found.setdefault(name, (fact, at))
            if row in above and "reported_on" not in facts:
                if (
                    "period" not in facts
                    and not vocabulary.pattern("title_block.remark").search(text)
                    and periods.find(text) is not None
                ):
                    found.setdefault("titled_period", (text, at))
                if facts.keys() <= {"measure"}:
                    titles.append((text, at))
    if titles:
        found["title"] = max(titles, key=_like_a_title)
    return found


def _like_a_title(said: tuple[str, str]) -> tuple[bool, int]:
    """The longest text is the title, unless it is a remark in brackets or says something after a colon."""
    text = said[0]
    return not (text.startswith("(") or ":" in text), len(text)


def _facts(text: str, right: object, vocabulary: Vocabulary) -> dict[str, str]:
    """The labelled facts of one cell; a label at its end takes the value of the cell to the right."""
    labelled = _labelled(vocabulary)
    labels = list(labelled.finditer(text))
    found: dict[str, str] = {}
    for number, label in enumerate(labels):
        end = labels[number + 1].start() if number + 1 < len(labels) else len(text)
        value = re.split(r"\s{2,}|\t", text[label.end() : end].strip())[0].strip()
        if not value and number == len(labels) - 1 and right is not None and not labelled.search(str(right)):
            value = str(right).strip()
        _put(found, str(label.lastgroup), value)
    alone = None if labels else vocabulary.once(_labels, "").fullmatch(text)
    if alone and right is not None:
        _put(found, str(alone.lastgroup), str(right).strip())
    bare = None if labels or alone else _NO_COLON.fullmatch(text) or _AT_END.search(text)
    if bare and (said := measures(bare["said"])):
        found["measure"] = said  # 计量单位（元）, 金额：元, 收支情况表（元）
    return found


def noted(grid: Grid, rows: Iterable[int]) -> dict[str, tuple[str, str]]:
    """Return the measure that the remarks in `rows` state (注：金额单位为元), as `read` does."""
    for row in rows:
        for column, value in enumerate(grid.values[row]):
            if isinstance(value, str) and (said := _NOTED.search(unicodedata.normalize("NFKC", value))):
                return {"measure": (said["said"], grid.address(row, column))}
    return {}


def _put(found: dict[str, str], name: str, value: str) -> None:
    """单位： is followed by a measure or by a sender: the value tells which."""
    if name == "measure":
        said = measures(value)
        name, value = ("measure", said) if said else ("reporter", value)
    if value:
        found.setdefault(name, value)


def measures(value: str) -> str:
    """Return the measures a corner note states, as 万元、人 (人民币元（列至角分） is 元); "" when it states none."""
    inside = _BRACKETED.fullmatch(value)
    bare = _BESIDE.sub(" ", (inside[1] if inside else value).translate(_OLD_FORMS))
    parts = [part for part in _BETWEEN.split(bare) if part]
    known = [part for part in parts if _MEASURE.fullmatch(part)]
    foreign = [part for part in parts if len(part) <= _LONGEST and part.endswith(_MONEY)]
    if parts and (len(known) == len(parts) or any(part.endswith(_MONEY) for part in known) or foreign):
        return "、".join(dict.fromkeys([*known, *foreign]))
    return ""


_LONGEST = 4
"""Letters of a currency (万美元): no sender's name is as short and ends in 元."""
