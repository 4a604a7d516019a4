"""What stands above and below a table: 表号, 填报单位, 报告期, 计量单位, 单位负责人, 填表人, 联系电话, 报出日期."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from ruralpb.core import periods
from ruralpb.core.periods import Period
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
_IN_BRACKETS = re.compile(rf"[(](?:{_STATED})?\s*:?\s*{_YUAN}[)]")
_ALONE = re.compile(rf"[(]?{_YUAN}[)]?")
_SENTENCES = tuple(
    re.compile(sentence.replace("{yuan}", f"(?P<said>{_WORDS.either('measures.yuan')})"))
    for sentence in _WORDS["measures.sentences"]
)
_MENTIONED = _WORDS.pattern("measures.mentioned")
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

    Besides the labelled facts: `title` is the longest text without a label or remark, `names` the short ones beside it, line by line,
    `titled_period` the first cell that names a period without saying so, `other_period` the first that names another. The first mention counts.
    """
    found: dict[str, tuple[str, str]] = {}
    titles: list[tuple[str, str]] = []
    names: list[tuple[str, str]] = []
    above = list(above)
    for row in [*above, *below]:
        cells = [(column, value) for column, value in enumerate(grid.values[row]) if value is not None]
        for number, (column, value) in enumerate(cells):
            if not isinstance(value, str):
                continue
            at = grid.address(row, column)
            text = unicodedata.normalize("NFKC", value).strip()
            own = _facts(text, cells[number + 1][1] if number + 1 < len(cells) else None, vocabulary)
            for name, fact in own.items():
                _add(found, name, (fact, at))
            if row in above and "reported_on" not in own:
                if "period" not in own and (period := titled_period(text, vocabulary)) is not None:
                    first = found.setdefault("titled_period", (text, at))
                    if periods.find(first[0]) != period:
                        found.setdefault("other_period", (text, at))
                if own.keys() <= {"measure"}:
                    titles.append((text, at))
                if not own and len(text) <= _LONGEST_NAME and ":" not in text:
                    names.append((text, at))
    if titles:
        found["title"] = max(titles, key=_like_a_title)
        names = [name for name in names if name[0] != found["title"][0]]
        if names:
            found["names"] = ("\n".join(text for text, _ in names), names[0][1])
    return found


def titled_period(text: str, vocabulary: Vocabulary) -> Period | None:
    """Return the period that a title names. A remark that mentions one (（2025年第四季度数据见附件）) is no title; neither is a comparison, unless
    it begins with it: 2025年第四季度（上季数，供对照）, 上季度（2025年第四季度）."""
    period = periods.find(text)
    if period is None or vocabulary.pattern("title_block.remark").search(text):
        return None
    compared = vocabulary.pattern("title_block.compared")
    if not compared.search(text):
        return period
    text = compared.sub("", text).strip("([【 ")
    starts = (text[:end].strip("([【") for end in range(5, min(len(text), _LONGEST_PERIOD) + 1))
    return period if any(periods.find(start) == period for start in starts) else None


_LONGEST_PERIOD = 13
_LONGEST_NAME = 12
"""Letters of a text that may be no more than the name of a sender."""


def _like_a_title(said: tuple[str, str]) -> tuple[bool, int]:
    """The longest text is the title, unless it is a remark in brackets or says something after a colon."""
    text = said[0]
    return not (text.startswith("(") or ":" in text), len(text)


def facts(text: str, vocabulary: Vocabulary) -> dict[str, str]:
    """Return the labelled facts of one text."""
    return _facts(text, None, vocabulary)


def announces(text: str, vocabulary: Vocabulary) -> bool:
    """True for a text whose value stands in the cell to its right: it ends with a label or a colon."""
    return text.rstrip().endswith(("：", ":")) or _ELSEWHERE in _facts(text, _ELSEWHERE, vocabulary).values()


_ELSEWHERE = "\0"


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
    bare = (
        None
        if labels or alone
        else _NO_COLON.fullmatch(text) or _ALONE.fullmatch(text) or _AT_END.search(text)
    )
    if bare and (said := measures(bare["said"])):
        found["measure"] = said  # 计量单位（元）, 金额：元, 收支情况表（元）
    return found


def around(grid: Grid, vocabulary: Vocabulary) -> dict[str, tuple[str, str]]:
    """Return the facts that the texts around the cells state (page header and footer, text boxes, names of sheet and file), as `read` does,
    without an address."""
    found: dict[str, tuple[str, str]] = {}
    for where, text in grid.surroundings:
        for line in unicodedata.normalize("NFKC", text).splitlines():
            stated = facts(line.strip(), vocabulary)
            if where in NAMES and (bracketed := _IN_BRACKETS.search(line)):
                stated.setdefault("measure", bracketed["said"])
            for name, fact in stated.items():
                _add(found, name, (fact, ""))
    return found


NAMES = ("sheet", "file")
"""Of the texts around the cells those that are names."""


def together(*sources: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Return the facts of several places as one, the first to state a fact before the others. A second measure of money that differs from
    the first stays as `other_measure`."""
    found: dict[str, tuple[str, str]] = {}
    for source in sources:
        for name, fact in source.items():
            _add(found, name, fact)
    return found


def _add(found: dict[str, tuple[str, str]], name: str, fact: tuple[str, str]) -> None:
    if name == "measure" and name in found and _money(fact[0]) and _money(found[name][0]):
        if _money(fact[0]) != _money(found[name][0]):
            found.setdefault("other_measure", fact)
    elif name == "measure" and name in found and _money(fact[0]):
        found[name] = fact  # 单位：个 says nothing of the money
    found.setdefault(name, fact)


def _money(stated: str) -> str:
    return next((part for part in _BETWEEN.split(stated) if part.endswith(_MONEY)), "")


def stated(grid: Grid, rows: Iterable[int]) -> list[tuple[str, str]]:
    """Return the measures that sentences state in `rows` and around the cells (注：本表以元为单位), each with its address."""
    found = []
    for text, at in _texts(grid, rows):
        said = next((match for sentence in _SENTENCES if (match := sentence.search(text))), None)
        if said is not None:
            found.append((said["said"], at))
    return found


def mentioned(grid: Grid, rows: Iterable[int]) -> list[tuple[str, str]]:
    """Return the measures of money that texts in `rows` and around the cells mention, each with its address."""
    return [(match[0], at) for text, at in _texts(grid, rows) for match in _MENTIONED.finditer(text)]


def _texts(grid: Grid, rows: Iterable[int]) -> Iterator[tuple[str, str]]:
    for row in rows:
        for column, value in enumerate(grid.values[row]):
            if isinstance(value, str):
                yield unicodedata.normalize("NFKC", value), grid.address(row, column)
    for _, text in grid.surroundings:
        yield unicodedata.normalize("NFKC", text), ""


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
