"""A county's quarter as values, returns and findings, made up but whole: what the briefing's tests compose."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from random import Random

from ruralpb.core import numbers
from ruralpb.core.periods import find
from ruralpb.model import Comparison, Finding, Indicator, Level, Register, ReturnState, Settings, Unit, Value
from ruralpb.model.loader import load, sources
from ruralpb.publish.text import Context, compose
from ruralpb.publish.text.report_data import ReportData
from ruralpb.rules.expressions import method

PERIOD = find("2026Q1")
assert PERIOD is not None
LIBRARY = load(sources(None))[0].library.worded(PERIOD.end)
TOWNSHIPS = [
    "琼湖街道",
    "胭脂湖街道",
    "四季红镇",
    "泗湖山镇",
    "南嘴镇",
    "新湾镇",
    "茶盘洲镇",
    "南大膳镇",
    "黄茅洲镇",
    "草尾镇",
    "阳罗洲镇",
    "共华镇",
    "南洞庭湿地保护与发展事务中心",
    "漉湖湿地保护与发展事务中心",
]
VILLAGES = ("上码头村", "乐园村", "新民村", "和平村", "东红村")
COUNTY = "430981"


def kind(name: str) -> str:
    return "街道" if name.endswith("街道") else "镇" if name.endswith("镇") else "其他"


def units() -> list[Unit]:
    found = [Unit(COUNTY, "沅江市", "county", "4309", "county")]
    for place, name in enumerate(TOWNSHIPS, 1):
        code = f"{COUNTY}{100 + place}"
        found.append(Unit(code, name, "township", COUNTY, kind(name), sort_no=place))
        for number, village in enumerate(VILLAGES):
            key = "乡村振兴重点村" if place % 4 == 0 and number == 0 else ""
            unit = Unit(
                f"{code}{201 + number}", f"{name[:2]}{village}", "village", code, "行政村", key_class=key
            )
            found.append(replace(unit, sort_no=place * 100 + number))
    return found


REGISTER = Register(tuple(units()))
SETTINGS = Settings(
    title="沅江市抓党建促乡村振兴季度通报",
    unit=COUNTY,
    report={
        "issuer": "中共沅江市委组织部",
        "signed_on": "2026-04-15",
        "to": "各乡镇（街道）党（工）委，市直各单位党组（党委）",
    },
)


def value(
    indicator: Indicator | str,
    numerator: Decimal | int | str | None,
    denominator: Decimal | int | str | None = None,
    unit: Unit = REGISTER.units[0],
    level: Level = "county",
    **more: object,
) -> Value:
    """A value as the indicators stage gives it: divided once, printed by the number rules."""
    known = LIBRARY.indicators[indicator] if isinstance(indicator, str) else indicator
    top = None if numerator is None else Decimal(numerator)
    bottom = None if denominator is None else Decimal(denominator)
    result = top
    if top is not None and bottom is not None:
        result = numbers.quotient(top, bottom, 100 if known.is_rate else 1)
    data: dict[str, object] = {
        "indicator": known.id,
        "unit_code": unit.code,
        "unit": unit.name,
        "level": level,
        "period": "2026Q1",
        "numerator": top,
        "denominator": bottom,
        "value": result,
        "printed": numbers.printed(result, known.decimals, known.measure),
        "covered": 14,
        "expected": 14,
        "unknown_rows": 0,
    }
    return Value(**(data | more))  # type: ignore[arg-type]


def status(indicator: Indicator, number: Decimal | None, target: Decimal | None) -> str:
    if number is None or target is None:
        return ""
    good = number <= target if indicator.better == "lower" else number >= target
    return "met" if good else "failed"


def target_of(indicator: Indicator) -> Decimal | None:
    goal = indicator.target
    if goal is None or goal.per == "year_end":
        return None
    return goal.value / 4 if goal.per == "schedule" else goal.value


def compared(
    indicator: Indicator, now: Decimal | None, base: Decimal | None, period: str
) -> Comparison | None:
    return None if now is None or base is None else Comparison(period, now, base, now - base, 14)


def _parts(indicator: Indicator, random: Random, size: int) -> tuple[Decimal, Decimal | None]:
    """Plausible numerator and denominator for a unit of `size` villages."""
    if indicator.is_rate:
        bottom = Decimal(random.randint(6, 12) * size)
        near_full = random.random() < 0.55
        return (bottom if near_full else bottom - random.randint(1, max(1, int(bottom) // 6))), bottom
    if "/" in indicator.measure:
        return Decimal(random.randint(800, 2600)) * size / 100, Decimal(size)
    if indicator.measure == "岁":
        return Decimal(random.randint(440, 480) * size) / 10, Decimal(size)
    if indicator.better == "lower":
        return Decimal(random.choice((0, 0, 0, 0, 0, 1, 2))), None
    if indicator.measure == "万元":
        return Decimal(random.randint(9_000, 90_000)) / 100 * size, None
    return Decimal(random.randint(1, 9) * size), None


def values(seed: int = 7) -> list[Value]:
    """All indicators of the library for the county, its townships and (for 薄弱村) villages, with breakdowns."""
    random = Random(seed)
    found: list[Value] = []
    for indicator in LIBRARY.indicators.values():
        if indicator.derived:
            continue
        townships = [u for u in REGISTER.units if u.level == "township"]
        parts = {u.code: _parts(indicator, random, 5) for u in townships}
        parts[COUNTY] = (
            sum((n for n, _ in parts.values()), Decimal(0)),
            None
            if parts[townships[0].code][1] is None
            else sum((d or Decimal(0) for _, d in parts.values()), Decimal(0)),
        )
        goal = target_of(indicator)
        ranks = _ranks(indicator, {u.code: value(indicator, *parts[u.code], u).value for u in townships})
        for unit in (REGISTER.units[0], *townships):
            one = value(indicator, *parts[unit.code], unit, unit.level)
            now = one.value
            base = now * Decimal(random.choice((97, 98, 99, 100, 101))) / 100 if now is not None else None
            if base is not None and indicator.decimals == 0:
                base = numbers.half_up(base, 0) + (
                    0 if unit.level == "township" else random.choice((-3, 0, 2))
                )
                base = max(base, Decimal(0))
            if base is not None and indicator.is_rate:
                base = min(base, Decimal(100))
            previous = compared(indicator, now, base, "2025Q4") if indicator.time != "year_to_date" else None
            more = {
                "target": goal,
                "status": status(indicator, now, goal),
                "rank": ranks.get(unit.code),
                "ranked": len(ranks),
                "previous": previous,
                "last_year": compared(
                    indicator, now, base * Decimal("0.93") if base is not None else None, "2025Q1"
                ),
            }
            found.append(replace(one, **more))
        found += _slices(indicator, parts[COUNTY][0])
    return found + _weak(found)


def _ranks(indicator: Indicator, numbers_by_unit: dict[str, Decimal | None]) -> dict[str, int]:
    if indicator.better == "neither":
        return {}
    known = {code: number for code, number in numbers_by_unit.items() if number is not None}
    better = (lambda a, b: a > b) if indicator.better == "higher" else (lambda a, b: a < b)
    return {
        code: 1 + sum(better(other, number) for other in known.values()) for code, number in known.items()
    }


def _slices(indicator: Indicator, whole: Decimal) -> list[Value]:
    classes = {"mode": ("集中培训", "实地观摩", "线上培训"), "team_level": ("省派", "市派", "县派")}
    found = []
    for by in indicator.by[:1]:
        names = classes.get(by, ("甲类", "乙类", "丙类"))
        first, second = whole // 2, whole // 3
        for name, part in zip(names, (first, second, whole - first - second), strict=True):
            found.append(value(indicator, part, 100 if indicator.is_rate else None, slice=((by, name),)))
    return found


def _weak(found: list[Value]) -> list[Value]:
    """Villages behind the townships' 薄弱村数."""
    villages: list[Value] = []
    for township in (
        v for v in found if v.indicator == "weak_village_n" and v.level == "township" and v.value
    ):
        below = [u for u in REGISTER.units if u.parent_code == township.unit_code]
        villages += [
            value("weak_village_n", 1, None, u, "village") for u in below[: int(township.value or 0)]
        ]
    return villages


def returns() -> list[ReturnState]:
    due = date(2026, 4, 8)
    found = []
    for unit in (u for u in REGISTER.units if u.level == "township"):
        for form in LIBRARY.forms:
            state = ReturnState(
                unit.code, form, "2026Q1", "accepted", "on_time", due, date(2026, 4, 7), rows=12
            )
            if unit.name == "共华镇":
                state = replace(state, timeliness="late", received=date(2026, 4, 10), days_late=2)
            if unit.name == "新湾镇" and form == "issue":
                state = replace(state, status="missing", timeliness="late", received=None, days_late=9)
            if unit.name == "草尾镇" and form == "village_economy":
                state = replace(state, status="blocked", errors=2, queries=3)
            found.append(state)
    return found


def findings() -> list[Finding]:
    found = []
    for number, (township, village) in enumerate(
        [("草尾镇", 0), ("草尾镇", 1), ("草尾镇", 2), ("共华镇", 0), ("南嘴镇", 3)]
    ):
        code = next(u.code for u in REGISTER.units if u.name == township)
        check, severity = ("R38", "error") if number < 2 else ("T04", "query")
        found.append(
            Finding(
                f"{check}-{number:012d}",
                check,
                severity,  # type: ignore[arg-type]
                "fail",
                "village_economy",
                "2026Q1",
                code,
                f"{code}{201 + village}",
                code,
                "operating_income",
                "12",
                "40",
                "经营性收入由上年同期12万元变为40万元，请核实并说明",
            )
        )
    return found


def history() -> list[Value]:
    county = REGISTER.units[0]
    levels = {"2025Q1": 139, "2025Q2": 141, "2025Q3": 144, "2025Q4": 145}
    return [value("one_shoulder_rate", n, 150, county, period=period) for period, n in levels.items()]


def context(**more: object) -> Context:
    """The whole quarter composed."""
    data: dict[str, object] = {
        "values": values(),
        "returns": returns(),
        "findings": findings(),
        "library": LIBRARY,
        "register": REGISTER,
        "settings": SETTINGS,
        "period": PERIOD,
        "history": history(),
        "say_method": partial(method, library=LIBRARY),
    }
    given = {
        name: tuple(value) if isinstance(value, list) else value for name, value in (data | more).items()
    }
    return compose(ReportData(**given))  # type: ignore[arg-type]


def report_data(**more: object) -> ReportData:
    return context(**more).data


def township_values(indicator_id: str, printed: list[int | None]) -> list[Value]:
    """One value a township, in register order, ranked as the indicators stage does; None takes no part."""
    indicator = LIBRARY.indicators[indicator_id]
    units = [u for u in REGISTER.units if u.level == "township"]
    known = [n for n in printed if n is not None]
    found = []
    for unit, number in zip(units, printed, strict=False):
        denominator = 100 if indicator.is_rate else None
        made = value(indicator_id, number, denominator, unit, "township", ranked=len(known))
        if number is not None:
            ahead = [n for n in known if (n > number if indicator.better == "higher" else n < number)]
            made = replace(made, rank=1 + len(ahead))
        found.append(made)
    return found
