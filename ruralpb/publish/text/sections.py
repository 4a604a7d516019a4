"""The body of a briefing: the introduction, 一、总体情况 and 二、分项情况."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ruralpb.core import numbers
from ruralpb.model import Indicator, ReturnState, Value
from ruralpb.publish.text.figures import Phrase, listed, phrase
from ruralpb.publish.text.ranking import leaders_and_laggards
from ruralpb.publish.text.report_data import SINGLE, ReportData
from ruralpb.publish.text.sentences import Clause, together
from ruralpb.publish.text.trends import is_ratio, moved
from ruralpb.publish.text.wording import KEPT_AT_ZERO

KEY_FIGURES = 12
"""At most so many figures open the briefing."""

UNTOLD = 3
"""So many figures without data are named; then they are counted."""

BREAKDOWN = 4
"""At most so many classes of a breakdown are said; the largest first."""

NO_VALUE = {"value-not-covered": "（应报单位均未报送）", "value-unknown": "（所需数据未填报）"}
"""Why a figure has no value, where the text says so. A standard out of force or an empty denominator is left to the annex."""

_LAST_MONTH = 12

_DIGITS = "一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Section:
    """One domain of 二、分项情况: its heading number (一, 二 …), title and paragraphs."""

    id: str
    ordinal: str
    title: str
    paragraphs: tuple[Phrase, ...]


# -------------------------------------------------------------------------------------------------- introduction


def introduction(data: ReportData) -> Phrase:
    """应报单位N个，实报N个，按时报送N个；缺报的是…: what the briefing rests on."""
    by_reporter: dict[str, list[ReturnState]] = {}
    for state in data.returns:
        by_reporter.setdefault(state.reporter_code, []).append(state)
    if not by_reporter:
        return Phrase()
    if len(by_reporter) == 1:
        return _of_one(data)
    received = [code for code, states in by_reporter.items() if all(map(has_come, states))]
    on_time = [code for code in received if all(s.timeliness == "on_time" for s in by_reporter[code])]
    parts = [s for s in data.returns if has_come(s)]
    count = data.count
    if not parts or len(parts) == len(data.returns):
        whole = data.say(
            "sections.all_received" if parts else "sections.none_received",
            span=data.span,
            reporters=count("returns.reporters", len(by_reporter), data.say.text("sections.reporters_says")),
            due=count("returns.due", len(data.returns), data.say.text("sections.due_says")),
        )
        late = [code for code in received if code not in on_time]
        return listed((whole, _who(data, data.say.text("sections.late"), late)), "；")
    sentence = data.say(
        "sections.introduction",
        span=data.span,
        reporters=count("returns.reporters", len(by_reporter), data.say.text("sections.reporters_says")),
        due=count("returns.due", len(data.returns), data.say.text("sections.due_says")),
        complete=count("returns.reporters.received", len(received), data.say.text("sections.complete_says")),
        received=count("returns.received", len(parts), data.say.text("sections.received_says")),
        on_time=count("returns.reporters.on_time", len(on_time), data.say.text("sections.on_time_says")),
    )
    open_codes = [code for code in by_reporter if code not in received]
    late = [code for code in received if code not in on_time]
    return listed(
        (
            sentence,
            _who(data, data.say.text("sections.missing"), open_codes),
            _who(data, data.say.text("sections.late"), late),
        ),
        "；",
    )


def _of_one(data: ReportData) -> Phrase:
    """本季度应报报表14份，实报14份，均按时报送: a paper about one reporter counts its returns, not units."""
    come = [state for state in data.returns if has_come(state)]
    late = sum(state.timeliness == "late" for state in come)
    count = data.count
    timely = (
        data.say(
            "sections.late_returns", count=count("returns.late", late, data.say.text("sections.late_says"))
        )
        if late
        else data.say("sections.all_on_time")
    )
    return data.say(
        "sections.returns_of_one",
        span=data.span,
        due=count("returns.due", len(data.returns), data.say.text("sections.due_says")),
        received=count("returns.received", len(come), data.say.text("sections.received_says")),
        timely=timely if come else None,
    )


def has_come(state: ReturnState) -> bool:
    """True when a return counts as 实报: something of it is current (a held one is not)."""
    return state.has_come


def _who(data: ReportData, what: str, codes: Sequence[str]) -> Phrase:
    if not codes:
        return Phrase()
    return data.say(
        "sections.who",
        state=what,
        units=data.wording.names(data.fact_id(f"returns.{what}"), data.names(codes)),
    )


def accepted(data: ReportData) -> Phrase:
    """其中N份尚未通过审核: for a draft, how much of it is not accepted yet; empty when all is."""
    waiting = [s for s in data.returns if s.status in ("blocked", "returned")]
    if not waiting:
        return Phrase()
    number = data.count("returns.blocked", len(waiting), data.say.text("sections.blocked_says"))
    follows = data.say.text("sections.counted_as_is" if data.closing else "sections.until_accepted")
    return data.say("sections.blocked", number=number, follows=follows)


# -------------------------------------------------------------------------------------------------- 一、总体情况


def overview(data: ReportData, keys: Iterable[str] = ()) -> list[Phrase]:
    """Return one paragraph a domain with its key figures. `keys` are indicator ids; those without a value are passed over.
    Without keys: the indicators with a target first, then the others, up to twelve, in library order."""
    known = {indicator.id: indicator for indicator in data.indicators}
    chosen = [known[key] for key in dict.fromkeys(keys) if key in known]
    if not chosen:
        preferred = sorted(data.indicators, key=lambda indicator: indicator.target is None)
        wanted = {indicator.id for indicator in preferred[:KEY_FIGURES]}
        chosen = [indicator for indicator in data.indicators if indicator.id in wanted]
    paragraphs = []
    for domain, title in data.library.domains.items():
        told = [i for i in chosen if i.domain == domain]
        said = [Clause(s, _missing(data, i)) for i in told if (s := headline(data, i))]
        parts = listed((together(said), *no_data(data, told)), "；")
        if parts:
            paragraphs.append(data.say("sections.domain", domain=title, sentences=parts))
    return paragraphs


def _missing(data: ReportData, indicator: Indicator) -> Phrase:
    value = data.home_value(indicator.id)
    return data.missing(value) if value is not None else Phrase()


def headline(data: ReportData, indicator: Indicator) -> Phrase:
    """One key figure: value, then one comparison (level path for what should fall, else 环比, else 同比). Empty without
    a value: `no_data` says so."""
    value = data.home_value(indicator.id)
    if value is None or value.value is None:
        return Phrase()
    wording = data.wording
    falls = indicator.better == "lower" and not is_ratio(indicator, value)
    if falls and (path := wording.path(indicator, value)):
        return phrase(wording.short(indicator), path)
    compared = wording.change(indicator, value, "previous") or wording.change(indicator, value, "last_year")
    full = wording.full(indicator, value)
    return listed((wording.named(indicator, value), compared if full != KEPT_AT_ZERO else None, full), "，")


def no_data(data: ReportData, indicators: Iterable[Indicator]) -> list[Phrase]:
    """A、B、C等N项指标暂无数据（应报单位均未报送）: one sentence for each reason the text gives; three titles at most. What nobody owed
    for the period is not spoken of."""
    without: dict[str, list[Indicator]] = {}
    for indicator in indicators:
        value = data.home_value(indicator.id)
        if value is None or value.value is not None or value.reason not in NO_VALUE:
            continue
        if data.owed(indicator):
            without.setdefault(value.reason, []).append(indicator)
    sentences = []
    for reason, found in without.items():
        names = listed(data.wording.short(indicator) for indicator in found[:UNTOLD])
        id = data.fact_id(f"{reason}.{found[0].domain}.{len(found)}")
        count = data.facts.count(id, len(found), data.say.text("sections.no_data_says"))
        rest = data.say("sections.no_data_more", count=count) if len(found) > UNTOLD else None
        sentences.append(data.say("sections.no_data", indicators=names, more=rest, reason=NO_VALUE[reason]))
    return sentences


# -------------------------------------------------------------------------------------------------- 二、分项情况


def sections(data: ReportData) -> list[Section]:
    """Return a section for each domain that has a value."""
    found: list[Section] = []
    for domain, title in data.library.domains.items():
        indicators = [i for i in data.indicators if i.domain == domain]
        paragraphs = _paragraphs(data, indicators)
        if paragraphs:
            found.append(Section(domain, numeral(len(found) + 1), title, tuple(paragraphs)))
    return found


def _paragraphs(data: ReportData, indicators: Sequence[Indicator]) -> list[Phrase]:
    """The totals of a domain share its first paragraph; each rate, average or figure with a target has its own."""
    own = [i for i in indicators if _stands_alone(data, i)]
    opening = phrase(*(_sentences(data, i) for i in indicators if i not in own))
    closing = phrase(
        *(data.say("sections.sentence", sentence=sentence) for sentence in no_data(data, indicators))
    )
    return [p for p in (opening, *(_sentences(data, i) for i in own), closing) if p]


def _stands_alone(data: ReportData, indicator: Indicator) -> bool:
    value = data.home_value(indicator.id)
    if value is None or value.value is None or indicator.better == "neither":
        return False
    return value.target is not None or is_ratio(indicator, value)


def _sentences(data: ReportData, indicator: Indicator) -> Phrase:
    """figure → comparison → target。leading and trailing townships。one fact from the breakdown。who is missing。"""
    value = data.home_value(indicator.id)
    if value is None or value.value is None:
        return Phrase()
    sentences = (
        _figure(data, indicator, value),
        standing(data, indicator) if _stands_alone(data, indicator) or indicator.better == "lower" else None,
        breakdown(data, indicator),
    )
    return phrase(*(data.say("sections.sentence", sentence=sentence) for sentence in sentences if sentence))


def standing(data: ReportData, indicator: Indicator, lagging: bool = True) -> Phrase:
    """Who leads and who lags; class by class where classes are ranked apart. Who has faults is told of all together."""
    whole = data.home_value(indicator.id)
    below = [v.value for v in data.ranking(indicator).ranked]
    ends = (0, 100) if indicator.is_rate else (0,)
    if whole is not None and whole.value in ends and set(below) <= {whole.value}:
        return Phrase()  # what is said of the whole is true of each
    rankings = data.rankings(indicator)
    faults = indicator.better == "lower" and whole is not None and not is_ratio(indicator, whole)
    if faults or len(rankings) == 1:
        return leaders_and_laggards(data.ranking(indicator), data.wording, data.children_word, lagging)
    return listed(
        (
            data.say(
                "sections.of_class",
                class_=data.facts.name(
                    f"group:{one.group}", one.group or data.say.text("sections.other_class")
                ),
                said=said,
            )
            for one in rankings
            if (said := leaders_and_laggards(one, data.wording, data.say.text("sections.units"), lagging))
        ),
        "；",
    )


def _figure(data: ReportData, indicator: Indicator, value: Value) -> Phrase:
    wording = data.wording
    full = wording.full(indicator, value)
    kept = full == KEPT_AT_ZERO
    return listed(
        (
            phrase(wording.named(indicator, value), wording.ratio(indicator, value)),
            full if kept else None,
            wording.changes(indicator, value),
            single_quarter(data, indicator),
            None if kept else full or wording.target(indicator, value),
            data.missing(value),
            wording.unknown(value),
        ),
        "，",
    )


def single_quarter(data: ReportData, indicator: Indicator) -> Phrase:
    """其中本季度12.5万元、环比增长8.0%: what a cumulative figure is compared with, from the second quarter on. Empty when it
    is all of the figure, or nothing as in the quarter before."""
    value, whole = data.home_value(f"{indicator.id}{SINGLE}"), data.home_value(indicator.id)
    if value is None or value.value is None or whole is None or data.period.is_first_of_year():
        return Phrase()
    base = value.previous.base if value.previous is not None else None
    if value.value == whole.value or value.value < 0 or (not value.value and not base):
        return Phrase()
    # A quarter below nothing is a correction of the cumulative figure, nothing to compare with.
    change = data.wording.change(indicator, value, "previous") if base is None or base >= 0 else None
    return data.say(
        "sections.single_quarter",
        span=data.span,
        value=data.wording.value(indicator, value),
        comma="、" if change else None,
        change=change,
    )


def breakdown(data: ReportData, indicator: Indicator) -> Phrase:
    """其中A120个、占80.0%，B30个、占20.0%: the largest classes of the home unit's value, for counts and amounts.

    Shares that were all told and do not add up as printed say why (7.3, rule 3). Where the sentence before spoke of the
    quarter's part, the parts here are named as those of the year.
    """
    whole = data.home_value(indicator.id)
    cuts = [v for v in data.slices(indicator.id, data.settings.unit) if v.value]
    if whole is None or not whole.value or is_ratio(indicator, whole) or len(cuts) < 2:
        return Phrase()
    cuts.sort(key=lambda v: -(v.value or Decimal(0)))
    # Classes that come to more than the whole are no parts of it: a least value, a village counted in two classes.
    total = sum((cut.value or Decimal(0) for cut in cuts), Decimal(0))
    parted = total <= whole.value >= numbers.SMALL_BASE
    shown = listed((_class(data, indicator, cut, whole.value, parted) for cut in cuts[:BREAKDOWN]), "，")
    first = data.say.text("sections.of_which" if total <= whole.value else "sections.by_class")
    if first == "其中" and single_quarter(data, indicator):
        first = data.say.text(
            "sections.of_which_in_year"
            if data.period.end.month == _LAST_MONTH
            else "sections.of_which_so_far"
        )
    shares = [_share(cut, whole.value) for cut in cuts]
    all_told = parted and total == whole.value and len(cuts) <= BREAKDOWN
    return phrase(first, shown, _rounding_note(data) if all_told and not numbers.add_up(shares, 1) else None)


def _share(cut: Value, whole: Decimal) -> Decimal:
    return numbers.quotient(cut.value or Decimal(0), whole, 100) or Decimal(0)


def _rounding_note(data: ReportData) -> Phrase:
    all_of_it = data.facts.figure(
        "rounding.whole", "100%", "name", says=data.say.text("sections.rounding_whole")
    )
    return data.say("sections.rounding_note", all_of_it=all_of_it)


def _class(data: ReportData, indicator: Indicator, cut: Value, whole: Decimal, parted: bool) -> Phrase:
    """One class, and when the whole is `parted` into the classes its share; of a handful no share is said."""
    label = "、".join(value for _, value in cut.slice)
    named = phrase(data.facts.name(f"class:{label}", label), data.wording.value(indicator, cut))
    if not parted:
        return named
    share = _share(cut, whole)
    text = numbers.printed(share, 1, "%") + "%"
    return data.say(
        "sections.class_share",
        class_=named,
        share=data.facts.figure(
            f"{cut.id}#share",
            text,
            "part",
            share,
            cut.id,
            data.say.text("sections.share_says", indicator=indicator.title),
        ),
    )


def worse(data: ReportData) -> list[Indicator]:
    """The indicators of the home unit that moved the wrong way since the previous period, as printed."""
    return [i for i in data.indicators if (v := data.home_value(i.id)) and moved(i, v.previous) == "worse"]


def numeral(number: int) -> str:
    """1 → 一, 12 → 十二, 20 → 二十: headings count so (1 to 99)."""
    tens, ones = divmod(number, 10)
    front = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens - 1]}十"
    return front + (_DIGITS[ones - 1] if ones else "")
