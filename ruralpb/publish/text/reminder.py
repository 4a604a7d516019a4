"""催报单: which returns one reporter still owes, when each was due, by when to send it. Nothing in it is computed anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from ruralpb.core.phrases import phrases
from ruralpb.model import Unit
from ruralpb.publish.text import Context, chinese_date
from ruralpb.publish.text.figures import Phrase, Table, TableCell, Words, columns, listed
from ruralpb.publish.text.saying import BUILTIN

Why = Literal["overdue", "unread", "coming", "returned", "omitted"]

_LISTED_IN_CHAT = 5
"""So many returns of one kind are named in a chat message; of more it says how many, and names the first."""


@dataclass(frozen=True, slots=True)
class Owing:
    """One return that is owed: not sent though due, sent and not readable (`reason`), not due yet, sent back, or sent without all villages.
    `by` is its due date, of one that was sent back (on `sent_back`) the last day for the answer; `workdays` how many working days have passed since."""

    why: Why
    code: str
    form: str
    by: date
    workdays: int
    days: int
    sent_back: date | None = None
    errors: int = 0
    queries: int = 0
    villages: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reminder:
    """What one reporter is reminded of on `today`. `until`: by when the county asks for it. `addressed`: 你镇, 你街道, 你单位."""

    reporter: str
    reporter_code: str
    addressed: str
    period: str
    today: date
    until: date
    owing: tuple[Owing, ...]
    may_be_nil: bool
    """True when one of them may be a nil return (零报告)."""


@dataclass(frozen=True)
class ReminderContext(Context):
    """What the reminder's template sees."""

    reminder: Reminder

    @property
    def draft(self) -> bool:
        """A reminder is never a draft: it holds no figure."""
        return False

    def variables(self) -> Mapping[str, Any]:
        """The names a template sees."""
        reminder, facts = self.reminder, self.facts
        return {
            "reporter": facts.name(f"reporter:{reminder.reporter_code}", reminder.reporter),
            "addressed": reminder.addressed,
            "period": facts.name(f"period:{reminder.period}", reminder.period, "period"),
            "today": self._day(reminder.today),
            "until": self._day(reminder.until),
            "has_returned": any(o.why == "returned" for o in reminder.owing),
            "has_omitted": any(o.why == "omitted" for o in reminder.owing),
            "may_be_nil": reminder.may_be_nil,
            "counts": self._counts(),
            "owing_table": self._table(),
            "unit": self.data.home.name if self.data.home else self.data.settings.unit,
            "setting": self._setting,
        }

    def _day(self, day: date) -> Words:
        return self.facts.name(f"day:{day}", chinese_date(day.isoformat()), "period")

    def _counts(self) -> Phrase:
        """缺报3份，退回待重报1份: only what there is."""
        words: Mapping[Why, str] = {
            "overdue": self.data.say.text("reminder.reason.overdue"),
            "returned": self.data.say.text("reminder.reason.returned"),
            "omitted": self.data.say.text("reminder.reason.omitted"),
            "coming": self.data.say.text("reminder.reason.coming"),
        }
        number = {why: sum(o.why == why for o in self.reminder.owing) for why in words}
        return listed(
            (
                self.data.say(
                    "reminder.count",
                    reason=word,
                    count=self.facts.count(
                        f"reminder.{why}", number[why], self.data.say.text("reminder.count_says", reason=word)
                    ),
                )
                for why, word in words.items()
                if number[why]
            ),
            "，",
        )

    def _table(self) -> Table:
        heads = self.data.say.list("reminder.heads")
        rows: list[tuple[TableCell, ...]] = [
            (
                self.facts.order(place),
                self._name(owing.code),
                self._name(owing.form),
                self._name(self._due(owing)),
                self._name(situation(owing)),
            )
            for place, owing in enumerate(self.reminder.owing, 1)
        ]
        return Table(self.data.say.text("reminder.table"), columns(heads, center=(0,)), tuple(rows))

    def _due(self, owing: Owing) -> str:
        """The day without its year, when it is this year's."""
        same = owing.by.year == self.reminder.today.year
        return _short(owing.by) if same else chinese_date(owing.by.isoformat())

    def _name(self, text: str) -> Words:
        return self.facts.name(f"text:{text}", text)


def situation(owing: Owing) -> str:
    """Return what is wrong with one return, as the list says it."""
    if owing.why == "overdue":
        return _late(owing)
    if owing.why == "coming":
        return BUILTIN.text("reminder.not_due_yet")
    if owing.why == "unread":
        return BUILTIN.text("reminder.not_readable", reason=owing.reason)
    if owing.why == "returned":
        day = (
            BUILTIN.text("reminder.sent_back_on", day=_short(owing.sent_back))
            if owing.sent_back
            else BUILTIN.text("reminder.sent_back")
        )
        return BUILTIN.text("reminder.not_answered", day=day, findings=_findings(owing)) + (
            f"，{_late(owing)}" if owing.days else ""
        )
    return BUILTIN.text(
        "reminder.villages_lacking", count=len(owing.villages), villages="、".join(owing.villages)
    )


def _late(owing: Owing) -> str:
    return (
        BUILTIN.text("reminder.late_workdays", workdays=owing.workdays)
        if owing.workdays
        else BUILTIN.text("reminder.late_days", days=owing.days)
    )


def _findings(owing: Owing) -> str:
    parts = [
        (BUILTIN.text("reminder.errors"), owing.errors),
        (BUILTIN.text("reminder.queries"), owing.queries),
    ]
    return "、".join(
        BUILTIN.text("reminder.findings", word=word, count=count) for word, count in parts if count
    ) or BUILTIN.text("reminder.to_correct")


def _short(day: date) -> str:
    return BUILTIN.text("reminder.day", month=day.month, day=day.day)


def addressed(unit: Unit | None) -> str:
    """Return how a reminder calls its unit: 你镇, 你单位."""
    words = phrases("files")
    if unit is None or unit.kind not in words["addressed.kinds"].split():
        return words["addressed.other"]
    return words["addressed.kind"].format(kind=unit.kind)


def chat(reminder: Reminder, contact: str) -> str:
    """Return the reminder as a message to paste: polite, short, a line a kind; `contact` (who and which number) may be ""."""
    lines = [
        BUILTIN.text(
            "reminder.chat.opening",
            reporter=reminder.reporter,
            period=reminder.period,
            count=len(reminder.owing),
        )
    ]
    lines += [f"{place}. {line}；" for place, line in enumerate(_grouped(reminder.owing), 1)]
    lines[-1] = lines[-1][:-1] + "。"
    lines.append(f"麻烦于{_short(reminder.until)}前报来，如已报送请忽略。谢谢！")
    if contact:
        lines.append(BUILTIN.text("reminder.chat.contact", contact=contact))
    return "\n".join(lines) + "\n"


def _grouped(owing: Iterable[Owing]) -> Iterable[str]:
    """One line for the returns that share their reason and day, else a line each."""
    groups: dict[tuple[object, ...], list[Owing]] = {}
    for one in owing:
        alone = one.form if one.why in ("returned", "omitted") else one.reason
        groups.setdefault((one.why, one.by, alone), []).append(one)
    for (why, *_), members in groups.items():
        first = members[0]
        forms = "".join(f"《{o.form}》" for o in members[:_LISTED_IN_CHAT])
        if len(members) > _LISTED_IN_CHAT:
            forms += BUILTIN.text("reminder.chat.more", count=len(members))
        if why == "overdue":
            yield BUILTIN.text("reminder.chat.overdue", forms=forms, day=_short(first.by), late=_late(first))
        elif why == "coming":
            yield BUILTIN.text("reminder.chat.coming", forms=forms, day=_short(first.by))
        elif why == "returned" and not first.days:
            yield BUILTIN.text(
                "reminder.chat.returned", forms=forms, situation=situation(first), day=_short(first.by)
            )
        else:
            yield f"{forms}{situation(first)}"
