"""Typed rows out of nothing but a form's field types: what townships have to say, before anybody writes it down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from ruralpb.core.periods import Period
from ruralpb.model import Field, Form, Unit

from .model import Fact, Record, Return
from .world import PERIODS, townships, villages, world

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = (
    "伟",
    "芳",
    "建国",
    "秀英",
    "志强",
    "丽华",
    "明",
    "国庆",
    "小红",
    "德胜",
    "海燕",
    "桂兰",
    "永福",
    "雪梅",
)
_WORDS = (
    "水稻种植",
    "茶叶加工",
    "村部会议室",
    "已按要求整改",
    "县农业农村局",
    "镇政府大院",
    "柑橘",
    "生猪养殖",
    "支部主题党日",
)


def form_ids() -> list[str]:
    """The forms of the library that a quarter is reported with."""
    return [form.id for form in world().library.forms.values() if form.frequency in ("quarter", "month")]


def made(random: Random, form: str = "", period: Period | None = None, sender: Unit | None = None) -> Return:
    """One return: some form, township and quarter, unless they are given."""
    period = period or random.choice(PERIODS)
    chosen = world().library.forms[form or random.choice(form_ids())]
    sender = sender or random.choice(townships(period))
    fields = [item for item in in_force(chosen, period) if item.required or random.random() < 0.7]
    keyed = [item for item in in_force(chosen, period) if item.id in ("village", *chosen.key)]
    fields += [item for item in keyed if item not in fields]
    fields = [item for item in in_force(chosen, period) if item in fields]
    made = Return(chosen, period, sender, fields)
    if chosen.key == ("reporter",):
        made.fields = [item for item in fields if item.type != "village"]
    for number, village in enumerate(whose(random, chosen, period, sender)):
        add(random, made, village, number)
    return made


def in_force(form: Form, period: Period) -> list[Field]:
    """The columns a quarter's sheet of the form has."""
    kinds = {"quarter", "q4"} if period.quarter_number == 4 else {"quarter"}
    return [item for item in form.fields_on(period.end) if not item.periods or kinds & set(item.periods)]


def whose(random: Random, form: Form, period: Period, sender: Unit) -> Sequence[Unit | None]:
    """The villages the rows are about, in the order of the rows; None for the one row about the sender itself."""
    if form.key == ("reporter",):
        return [None]
    known = villages(period, sender, form.village_kinds)
    if form.village_row:
        return known
    return [random.choice(known) for _ in range(random.randint(5, 9))]


def add(random: Random, owner: Return, village: Unit | None, number: int) -> Record:
    """One more row."""
    record = Record(owner, village)
    for item in owner.fields:
        record.facts[item.id] = Fact(record, item, value(random, item, record, number))
    owner.records.append(record)
    return record


def value(random: Random, item: Field, record: Record, number: int) -> Any:
    """A likely value of the field, or None where a blank is allowed."""
    owner, period = record.owner, record.owner.period
    if item.type == "village":
        return record.village.name if record.village else None
    if item.type == "township":
        return owner.sender.name
    keyed = item.id in owner.form.key or "code" in item.id or item.id.endswith("_no")
    if not item.required and not keyed and random.random() < 0.15:
        return None
    match item.type:
        case "int" | "number" | "money" | "percent":
            return figure(random, item)
        case "date" | "month":
            return day(random, item, period)
        case "bool":
            return random.random() < 0.5
        case "enum":
            held = [one.value for one in item.values if one.dated.holds(period.end)]
            return random.choice(held)
        case "id_card":
            return id_card(random, date(1985, 1, 1) - timedelta(days=random.randint(0, 9000)))
        case "phone":
            return f"1{random.choice('3589')}{random.randint(10**8, 10**9 - 1)}"
        case _:
            return text(random, item, record, number if keyed else None)


def figure(random: Random, item: Field) -> Decimal | int:
    """A number well inside the field's bounds, never one that a share could be."""
    low = item.min if item.min is not None and item.min > -1000 else Decimal(0)
    if item.type == "percent":
        return Decimal(random.randint(600, 1000)) / 10
    room = min(
        (item.max if item.max is not None else Decimal(1000)) - low,
        Decimal(900 if item.measure != "元" else 9000),
    )
    if item.type == "int":
        return int(low) + random.randint(0, max(1, int(room) // 3))
    if item.none_means_zero and random.random() < 0.2:
        return Decimal(0)
    step = Decimal(1) if item.measure == "元" else Decimal(random.choice(("0.5", "0.1", "0.01", "0.0001")))
    least = (
        100 if item.type == "money" and room > 100 else 1
    )  # hundredths: no amount beyond 500 times its neighbours (D53)
    return low + (Decimal(random.randint(least, int(room * 100) // 3 or 1)) / 100).quantize(step)


def day(random: Random, item: Field, period: Period) -> date:
    """A day no later than the period's end, a month's first day in month columns."""
    first = item.min_date or date(2015, 1, 1)
    span = max(30, (period.end - first).days)
    found = period.end - timedelta(days=random.randint(0, min(span, 3000)))
    return found.replace(day=1) if item.type == "month" else found


def text(random: Random, item: Field, record: Record, number: int | None) -> str:
    if item.id == "name" or item.title.endswith(("姓名", "责任人")):
        taken = {
            fact.value for fact in record.owner.facts()
        }  # namesakes without a number cannot be told apart (D96)
        names = iter(lambda: random.choice(_SURNAMES) + random.choice(_GIVEN), "")
        return next(name for name in names if name not in taken)
    if number is not None:
        return f"{item.id[:2].upper()}-2026-{number + 1:03d}"
    return random.choice(_WORDS)


def id_card(random: Random, birth: date) -> str:
    """An 18-character number with a right check digit."""
    digits = f"980101{birth:%Y%m%d}{random.randint(1, 998):03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return digits + "10X98765432"[sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11]
