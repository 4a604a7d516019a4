"""What stands above and below a table: 表号, 填报单位, 报告期, 计量单位, 单位负责人, 填表人, 联系电话, 报出日期."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from ruralpb.core import periods
from ruralpb.intake.layout.header_index import MEASURE
from ruralpb.model import Grid

_LABELS = {
    "code": r"表\s*号",
    "issuer": r"制表机关|制定机关|制发机关",
    "reporter": r"(?:填\s*报|报\s*送|上\s*报|填\s*表|编\s*制)\s*单\s*位(?:\s*[(]\s*(?:盖\s*章|公\s*章|章)\s*[)])?|乡镇\s*[(]街道[)]|所属乡镇",
    "period": r"报\s*告\s*期|填\s*报\s*时\s*期|数据时期|统计时期|所属期|报\s*表\s*期",
    "measure": r"计量单位|金额单位|货币单位|单\s*位",
    "head": r"(?:单位|部门|主管|分管|统计)?(?:负责人|领导)(?:[(]签[字章名][)])?",
    "filler": r"(?:填\s*表|制\s*表|填\s*报|经\s*办)人(?:[(]签[字章名][)])?",
    "checker": r"(?:审\s*核|复\s*核)人?(?:[(]签[字章名][)])?",
    "phone": r"联系电话|电\s*话",
    "reported_on": r"(?:报出|填报|填表|报送|制表|上报)(?:日期|时间)",
}
_LABEL = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _LABELS.items()))
_LABELLED = re.compile(rf"(?:{_LABEL.pattern})\s*[:：]\s*")
_MEASURE = re.compile(MEASURE)
_NO_COLON = re.compile(
    r"[(]?\s*(?:(?:计量|计价|金额|货币|核算)?\s*单\s*位|金额)\s*(?:均?[为是])?\s*:?\s*(?P<said>[(]?[^:]+)"
)
_AT_END = re.compile(r"[(](?:人民币)?(?P<said>[十百千万亿]*元)[)]$")
_NOTED = re.compile(r"单\s*位\s*(?:均|都)?\s*(?:[为是]|:)\s*(?:人民币)?(?P<said>[十百千万亿]*元)")
_BRACKETED = re.compile(r"[(]([^()]*)[)]?")
_BESIDE = re.compile(r"人民币|RMB|CNY|[¥￥]|[(][^()]*[)]?|(?<=元)[整正]|[()]")
"""What may stand beside a measure of money and does not change it."""
_OLD_FORMS = str.maketrans("萬億圓圆", "万亿元元")

_ASIDE = re.compile("^[(]?(?:注|说明|备注|附)|附件|已报|口径|一致|相比|对比|同期|上[季期年月]|去年")
"""A remark may name another period: （2025年第四季度数据见附件）."""


def is_labelled(text: str) -> bool:
    """True for a text that begins with one of these facts (填报单位：…): it stands in no header."""
    return _LABELLED.match(text.strip()) is not None


def read(grid: Grid, above: Iterable[int], below: Iterable[int]) -> dict[str, tuple[str, str]]:
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
            facts = _facts(text, cells[number + 1][1] if number + 1 < len(cells) else None)
            for name, fact in facts.items():
                found.setdefault(name, (fact, at))
            if row in above and "reported_on" not in facts:
                if "period" not in facts and not _ASIDE.search(text) and periods.find(text) is not None:
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


def _facts(text: str, right: object) -> dict[str, str]:
    """The labelled facts of one cell; a label at its end takes the value of the cell to the right."""
    labels = list(_LABELLED.finditer(text))
    found: dict[str, str] = {}
    for number, label in enumerate(labels):
        end = labels[number + 1].start() if number + 1 < len(labels) else len(text)
        value = re.split(r"\s{2,}|\t", text[label.end() : end].strip())[0].strip()
        if not value and number == len(labels) - 1 and right is not None and not _LABELLED.search(str(right)):
            value = str(right).strip()
        _put(found, str(label.lastgroup), value)
    alone = None if labels else _LABEL.fullmatch(text)
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
    parts = [part for part in re.split(r"[、,，;；/和及\s]+", bare) if part]
    known = [part for part in parts if _MEASURE.fullmatch(part)]
    foreign = [part for part in parts if len(part) <= _LONGEST and part.endswith("元")]
    if parts and (len(known) == len(parts) or any(part.endswith("元") for part in known) or foreign):
        return "、".join(dict.fromkeys([*known, *foreign]))
    return ""


_LONGEST = 4
"""Letters of a currency (万美元): no sender's name is as short and ends in 元."""
