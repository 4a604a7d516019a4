"""The tables behind the text: rankings, lists of villages, breakdowns, returns, definitions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from ruralpb.core import numbers
from ruralpb.model import Indicator, ReturnState, Standard, StandardsOn, Value
from ruralpb.publish.text import formulas
from ruralpb.publish.text.figures import (
    Chart,
    Figure,
    Phrase,
    Table,
    TableCell,
    TableColumn,
    Words,
    columns,
    listed,
    phrase,
)
from ruralpb.publish.text.report_data import ReportData
from ruralpb.publish.text.sections import has_come

RANKED_COLUMNS = 8
"""At most so many indicators stand side by side in the ranking table: what an A4 page across carries."""


def ranking_table(data: ReportData, keys: Iterable[str] = ()) -> Table:
    """Townships down, indicators with their place across; the home unit first. Without keys: the rates with a target,
    then the other ranked ones, up to eight."""
    ranked = {i.id: i for i in data.indicators if i.better != "neither" and data.ranking(i).ranked}
    chosen = [ranked[key] for key in dict.fromkeys(keys) if key in ranked]
    if not chosen:
        chosen = sorted(ranked.values(), key=lambda i: (i.target is None, not i.is_rate))
    chosen = chosen[:RANKED_COLUMNS]
    if not chosen:
        return Table("排名", (), ())
    heads = [TableColumn(data.children_word)]
    for indicator in chosen:
        measure = f"（{indicator.measure}）" if indicator.measure else ""
        heads += [
            TableColumn(phrase(data.wording.short(indicator), measure), "right"),
            TableColumn(data.say.text("annexes.place_head"), "right"),
        ]
    rows = [_ranking_row(data, data.settings.unit, data.scope, chosen)]
    rows += [_ranking_row(data, unit.code, unit.name, chosen) for unit in data.children]
    return Table("排名", tuple(heads), tuple(rows), wide=True, notes=tuple(_apart(data, chosen)))


def _ranking_row(
    data: ReportData, code: str, name: str, chosen: Sequence[Indicator]
) -> tuple[TableCell, ...]:
    cells: list[TableCell] = [name]
    for indicator in chosen:
        value = data.value_of(indicator.id, code)
        cells += [data.wording.cell(indicator, value), _place(data, value)]
    return tuple(cells)


def _place(data: ReportData, value: Value | None) -> Figure | None:
    if value is None or value.rank is None:
        return None
    rank = Decimal(value.rank)
    says = data.say.text("annexes.place_says", ranked=value.ranked)
    return data.facts.figure(f"{value.id}#rank", str(value.rank), "part", rank, value.id, says)


def _apart(data: ReportData, chosen: Sequence[Indicator]) -> list[Phrase]:
    """不参加排名: units without a return, with a zero denominator or too little coverage, by indicator."""
    notes: list[Phrase] = []
    for indicator in chosen:
        apart = [value.unit for value in data.ranking(indicator).apart]
        if apart:
            names = data.wording.names(data.fact_id(f"{indicator.id}.unranked"), apart)
            notes.append(data.say("annexes.apart", indicator=data.title(indicator), units=names))
    same = data.say.text("annexes.ranking_note")
    if data.settings.ranking.classes:
        same = data.say.text("annexes.ranked_by_class") + same
    return [
        data.say("annexes.ranking_notes", note=same, apart=listed(notes, "；"), stop="。" if notes else None)
    ]


def unit_table(data: ReportData, id: str) -> Table:
    """The villages that make up a count (value above zero), with their township and key class. Empty when there are none."""
    places = [v for v in data.values_at(id, "village") if v.value]
    indicator = data.library.indicators.get(id)
    if not places or indicator is None:
        return Table(id, (), ())
    heads = columns(data.say.list("annexes.unit_heads"), right=(0,))
    rows: list[tuple[TableCell, ...]] = []
    for place, value in enumerate(places, 1):
        unit = data.register.get(value.unit_code, data.period.end)
        township = data.name(unit.parent_code) if unit else ""
        rows.append((data.facts.order(place), township, value.unit, (unit.key_class if unit else "") or None))
    return Table(indicator.title, heads, tuple(rows))


def key_units_table(data: ReportData) -> Table:
    """The villages of a key class in the register (重点村 and the like)."""
    heads = columns(data.say.list("annexes.unit_heads"), right=(0,))
    units = [u for u in data.register.on(data.period.end, "village", data.settings.unit) if u.key_class]
    units.sort(key=lambda u: (data.order.get(u.parent_code, 0), data.order.get(u.code, 0)))
    rows = [
        (data.facts.order(place), data.name(unit.parent_code), unit.name, unit.key_class)
        for place, unit in enumerate(units, 1)
    ]
    return Table(data.say.text("annexes.key_units"), heads, tuple(rows))


def breakdown_table(data: ReportData, ids: Iterable[str]) -> Table:
    """The classes of a breakdown down, indicators across, for the home unit; the whole last."""
    known = [i for id in ids if (i := data.library.indicators.get(id)) and data.home_value(id)]
    cuts: dict[tuple[tuple[str, str], ...], dict[str, Value]] = {}
    for indicator in known:
        for value in data.slices(indicator.id, data.settings.unit):
            cuts.setdefault(value.slice, {})[indicator.id] = value
    if not cuts:
        return Table(data.say.text("annexes.breakdown"), (), ())
    heads = (
        TableColumn(data.say.text("annexes.class_head")),
        *(TableColumn(data.heading(i), "right") for i in known),
    )
    rows: list[tuple[TableCell, ...]] = [
        (_label(data, cut), *(data.wording.cell(i, found.get(i.id)) for i in known))
        for cut, found in cuts.items()
    ]
    rows.append(("合计", *(data.wording.cell(i, data.home_value(i.id)) for i in known)))
    return Table(data.say.text("annexes.breakdown"), heads, tuple(rows))


def _label(data: ReportData, cut: tuple[tuple[str, str], ...]) -> TableCell:
    label = "、".join(value for _, value in cut)
    return data.facts.name(f"class:{label}", label)


def returns_table(data: ReportData) -> Table:
    """One line a reporter: owed, come, on time, late, missing, not accepted, standing errors and queries."""
    by_reporter: dict[str, list[ReturnState]] = {}
    for state in data.returns:
        by_reporter.setdefault(state.reporter_code, []).append(state)
    heads = data.say.list("annexes.returns_heads")
    codes = sorted(by_reporter, key=lambda code: (data.order.get(code, 0), code))
    rows: list[tuple[TableCell, ...]] = [
        (data.name(code), *_tally(data, code, by_reporter[code], heads)) for code in codes
    ]
    total: tuple[TableCell, ...] = (
        data.say.text("annexes.total"),
        *_tally(data, data.settings.unit, data.returns, heads),
    )
    note = data.say("annexes.returns_note")
    notes = (note, *_counted_as_is(data), *_amended(data))
    return Table(
        data.say.text("annexes.returns"),
        columns((data.say.text("annexes.reporter"), *heads), right=range(1, 9)),
        (*rows, total) if rows else (),
        notes=notes,
    )


def _counted_as_is(data: ReportData) -> Iterable[Phrase]:
    """按现状定稿: why, and each return that is not accepted, by reporter (semantics S2)."""
    if not data.as_is:
        return
    by_reporter: dict[str, list[Words]] = {}
    for state in data.waiting:
        form = data.library.forms[state.form].title
        named = data.facts.name(f"form:{state.form}", form)
        by_reporter.setdefault(state.reporter_code, []).append(
            data.say(
                "annexes.form_as_is", form=named, state=data.say.text(f"annexes.not_accepted.{state.status}")
            )
        )
    codes = sorted(by_reporter, key=lambda code: (data.order.get(code, 0), code))
    lines = [
        data.say(
            "annexes.unit_as_is",
            unit=data.facts.name(f"unit:{c}", data.name(c)),
            forms=listed(by_reporter[c]),
        )
        for c in codes
    ]
    yield phrase(data.as_is, "，下列报表未经审核通过，已报的按现状计入：", listed(lines, "；"), "。")


def _amended(data: ReportData) -> Iterable[Phrase]:
    """The values that count in place of reported ones (semantics S9), each with both and its basis."""
    if not data.amended:
        return
    lines = []
    for one in data.amended:
        form = data.library.forms[one.form]
        id = f"amended:{one.id}"
        lines.append(
            data.say("annexes.amended", unit=data.facts.name(f"unit:{one.unit_code}", data.name(one.unit_code)), form=data.facts.name(f"form:{one.form}", form.title), field=data.facts.name(f"field:{one.form}.{one.field}", form.by_id[one.field].title), before=data.facts.name(f"{id}.was", one.was or data.say.text("annexes.blank")), now=data.facts.name(f"{id}.now", one.now or data.say.text("annexes.blank")), basis=data.facts.name(f"{id}.basis", one.basis))
        )  # fmt: skip
    yield phrase("下列数据经核实更正，文中数字按更正后的值计算：", listed(lines, "；"), "。")


def _tally(data: ReportData, code: str, states: Sequence[ReturnState], heads: Sequence[str]) -> list[Figure]:
    come = [s for s in states if has_come(s)]
    numbers = (
        len(states),
        len(come),
        sum(s.timeliness == "on_time" for s in come),
        sum(s.timeliness == "late" for s in come),
        len(states) - len(come),
        sum(s.status in ("blocked", "returned") for s in states),
        sum(s.errors for s in states),
        sum(s.queries for s in states),
    )
    table = "returns.total" if len(states) == len(data.returns) else "returns.of"
    at = f"@{code}@{data.period.label}"
    parts = ("due", "come", "on-time", "late", "missing", "blocked", "errors", "queries")
    return [
        data.facts.count(f"{table}.{part}{at}", number, f"{data.name(code)}{head}")
        for part, number, head in zip(parts, numbers, heads, strict=True)
    ]


def definitions_table(data: ReportData) -> Table:
    """What each figure means: measure, time, where it comes from, how it is computed, target."""
    rows: list[tuple[TableCell, ...]] = []
    for indicator in data.indicators:
        id, method = f"def:{indicator.id}", data.method(indicator)
        facts = data.facts
        rows.append(
            (
                data.title(indicator),
                indicator.measure or None,
                data.say.text(f"annexes.time.{indicator.time}"),
                "、".join(method.sources) or data.say.text("annexes.other_indicators"),
                facts.name(f"{id}#method", method.sentence),
                facts.name(f"{id}#target", _target(data, indicator)) if indicator.target else None,
            )
        )
    return Table(
        data.say.text("annexes.definitions"),
        columns(data.say.list("annexes.definitions_heads")),
        tuple(rows),
        wide=True,
    )


def standards_table(data: ReportData) -> Table:
    """The standards the figures use, in force on the period's last day: value, since when, from which document, when last
    checked."""
    rows: list[tuple[TableCell, ...]] = []
    for standard in data.library.standards.values():
        if any(formulas.cites(i, standard) for i in data.indicators):
            rows += _standard_rows(data, standard)
    return Table(
        data.say.text("annexes.standards"),
        columns(data.say.list("annexes.standards_heads"), right=(1,)),
        tuple(rows),
    )


def _standard_rows(data: ReportData, standard: Standard) -> Iterator[tuple[TableCell, ...]]:
    """One row for each value that is in force for some unit below the page's own."""
    in_force = StandardsOn(data.library.standards, data.register, data.period.end)
    for number, each in enumerate(in_force.each(standard.id, data.settings.unit)):
        value = each.value
        if value is None:
            continue
        id = f"standard:{standard.id}" + (f".{number}" if number else "")
        checked = value.checked_on.isoformat() if value.checked_on else ""
        yield (
            data.facts.name(id, standard.title),
            data.facts.name(f"{id}#value", _amount(standard, value.value)),
            data.facts.name(f"{id}#start", value.start.isoformat()),
            data.facts.name(f"{id}#source", value.source),
            data.facts.name(f"{id}#checked", checked) if checked else None,
        )


def _amount(standard: Standard, value: object) -> str:
    if isinstance(value, Decimal):
        return f"{numbers.plain(value)}{standard.measure}"
    return "、".join(band.title for band in value) if isinstance(value, tuple) else ""


def _target(data: ReportData, indicator: Indicator) -> str:
    assert indicator.target is not None
    in_force = StandardsOn(data.library.standards, data.register, data.period.end)
    goal = in_force.number(indicator.target.value, data.settings.unit)
    number = "—" if goal is None else f"{numbers.plain(goal)}{indicator.measure}"
    return data.say.text(f"annexes.target_per.{indicator.target.per}", number=number)


def situation_table(data: ReportData) -> Table:
    """Every figure of the home unit as an annex tells it, domain by domain: value, how it moved, target. The text tells the main ones."""
    heads = data.say.list("annexes.situation_heads", span=data.span)
    rows = tuple(_situation_row(data, i) for i in data.indicators if _known(data, i))
    note = data.say("annexes.situation_note")
    return Table(data.say.text("annexes.situation"), columns(heads, right=(2, 5)), rows, notes=(note,))


def _known(data: ReportData, indicator: Indicator) -> bool:
    value = data.home_value(indicator.id)
    return value is not None and value.value is not None


def _situation_row(data: ReportData, indicator: Indicator) -> tuple[TableCell, ...]:
    value = data.home_value(indicator.id)
    assert value is not None
    wording = data.wording.bare
    goal = (
        data.wording.amount(indicator, f"{value.id}#target", value.target, value.id)
        if value.target is not None
        else None
    )
    return (
        wording.short(indicator),
        *wording.cells(indicator, value),
        goal,
    )


def shortfalls_table(data: ReportData) -> Table:
    """The targets that units below missed: each with all those units and their figures, the worst first. The text names the first."""
    heads = data.say.list("annexes.shortfalls_heads", scope=data.scope, children=data.children_word)
    rows: list[tuple[TableCell, ...]] = []
    for indicator in data.indicators:
        missed, value = data.failed(indicator), data.home_value(indicator.id)
        if not missed or value is None:
            continue
        goal = data.wording.amount(indicator, f"{missed[0].id}#target", missed[0].target, missed[0].id)
        units = listed(
            data.say("annexes.unit_value", unit=v.unit, value=data.wording.value(indicator, v))
            for v in missed
        )
        rows.append((data.wording.short(indicator), goal, data.wording.value(indicator, value), units))
    return Table(data.say.text("annexes.shortfalls"), columns(heads, right=(1, 2)), tuple(rows))


def ranking_chart(data: ReportData, id: str) -> Chart | None:
    """A bar a township, best first, with the target across; None without a ranking."""
    indicator = data.library.indicators.get(id)
    ranked = data.ranking(indicator).ranked if indicator else ()
    if indicator is None or len({value.value for value in ranked}) < 2:
        return None  # bars of one length say nothing
    # Classes that are ranked apart stand in one picture: by size, not by place.
    ranked = tuple(sorted(ranked, key=lambda v: v.value or Decimal(0), reverse=indicator.better == "higher"))
    whole = data.home_value(id)
    goal = None
    if whole is not None and whole.target:
        text = str(data.wording.amount(indicator, f"{whole.id}#target", whole.target, whole.id))
        goal = data.facts.figure(f"{whole.id}#target", text, "part", whole.target, whole.id)
    points = tuple((value.unit, data.wording.cell(indicator, value)) for value in ranked)
    return Chart(
        "bar",
        data.say("annexes.ranking_chart", children=data.children_word, indicator=data.heading(indicator)),
        indicator.measure,
        points,
        goal,
    )


def trend_chart(data: ReportData, id: str) -> Chart | None:
    """The home unit's value through the periods at hand and this one; None with fewer than three that are known."""
    indicator = data.library.indicators.get(id)
    if indicator is None:
        return None
    past = {v.period: v for v in data.past(id)}
    now = data.home_value(id)
    if now is not None:
        past[now.period] = now
    if sum(value.value is not None for value in past.values()) < 3:
        return None
    points = tuple(
        (data.facts.name(f"period:{period}", period, "period"), data.wording.cell(indicator, value))
        for period, value in sorted(past.items())
    )
    return Chart("line", phrase(data.scope, data.heading(indicator)), indicator.measure, points)


def figures_table(data: ReportData) -> Table:
    """All indicators of the home unit: value, comparisons, target, coverage. The first sheet of the workbook."""
    return Table(
        data.say.text("annexes.figures"),
        columns(data.say.list("annexes.figures_heads"), right=(2, 5, 7, 8)),
        tuple(_figures_row(data, indicator) for indicator in data.indicators),
    )


def _figures_row(data: ReportData, indicator: Indicator) -> tuple[TableCell, ...]:
    value = data.home_value(indicator.id)
    assert value is not None  # `data.indicators` are those with a value of the home unit
    wording, facts = data.wording, data.facts
    target = None
    if value.target is not None:
        text = str(wording.amount(indicator, f"{value.id}#target", value.target, value.id).figures[0])
        target = facts.figure(
            f"{value.id}#target",
            text.removesuffix("%"),
            "part",
            value.target,
            value.id,
            data.say.text("annexes.target"),
        )
    return (
        data.title(indicator),
        *wording.cells(indicator, value),
        target,
        data.say.text(f"annexes.target_status.{value.status}") if value.status else None,
        facts.figure(
            f"{value.id}#covered",
            str(value.covered),
            "part",
            Decimal(value.covered),
            value.id,
            data.say.text("annexes.covered_says"),
        ),
        facts.figure(
            f"{value.id}#expected",
            str(value.expected),
            "part",
            Decimal(value.expected),
            value.id,
            data.say.text("annexes.expected_says"),
        ),
    )
