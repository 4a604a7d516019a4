"""三、存在问题 and 四、下步要求: problems are generated, name the township and the number, and pick the requirements.

Nothing here knows a subject: what is said about a failed target comes from the indicator's title, what is to be done from
the template's phrase bank.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from ruralpb.model import Finding, Indicator, Value
from ruralpb.publish.text.figures import Phrase, Words, listed, phrase
from ruralpb.publish.text.report_data import ReportData
from ruralpb.publish.text.sections import has_come, worse
from ruralpb.publish.text.wording import MANY

IssueKind = Literal["target", "worse", "finding", "returns"]

FORMS_TOLD = 3
"""So many forms with standing findings are told one by one, those with most findings first."""

FAULTS_TOLD = 3
"""So many kinds of faults are named for a form."""

TARGETS_ASKED = 3
"""At most so many paragraphs of 下步要求 are about failed targets."""

_OBLIGED = re.compile(r"(\{units\}|各\{children\}(?:\{secretaries\})?)要")
"""Who must do something, in a paragraph of the phrase bank."""

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


WORSE_TOLD = 6
"""So many figures that got worse are told; the annex has all."""

WORST = 3
"""So many units are named where more than `MANY` missed a target; the annex has all."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One paragraph of 三、存在问题. `lead` begins it (班子队伍方面，) and may be replaced by a template's own words; `said` is the rest.
    `asks` is what the phrase bank is asked for, with the units it concerns: an indicator id
    (or its domain's, when the bank has no words for it), `worse`, `findings`, `returns`."""

    kind: IssueKind
    said: Phrase
    asks: Mapping[str, tuple[str, ...]]
    domain: str = ""
    lead: str = ""

    @property
    def text(self) -> Phrase:
        """The whole paragraph."""
        return phrase(self.lead, self.said)


def issues(data: ReportData) -> list[Issue]:
    """Return the problems in the order a circular tells them: targets, figures that got worse, data quality, returns."""
    return _failed_targets(data) + _worse(data) + _findings(data) + _returns(data)


# -------------------------------------------------------------------------------------------------- failed targets


def _failed_targets(data: ReportData) -> list[Issue]:
    """One paragraph a domain: 班子队伍方面，“…”未达到目标的乡镇有3个：A（96.9%）、B…；…"""
    found: list[Issue] = []
    for domain, title in data.library.domains.items():
        asks: dict[str, tuple[str, ...]] = {}
        sentences: list[Phrase] = []
        for indicator in (i for i in data.indicators if i.domain == domain):
            if failed := data.failed(indicator):
                sentences.append(_failed_sentence(data, indicator, failed))
                asks[indicator.id] = tuple(value.unit_code for value in failed)
        if sentences:
            text = data.say("issues.sentence", sentences=listed(sentences, "；"))
            found.append(Issue("target", text, asks, domain, data.say.text("issues.domain", domain=title)))
    return found


def _failed_sentence(data: ReportData, indicator: Indicator, failed: Sequence[Value]) -> Phrase:
    """组织生活达标率未达到100%目标的有2个乡镇：A（95.0%）、B（96.0%） · …的有11个乡镇，较低的是A、B、C."""
    zero = indicator.better == "lower" and not failed[0].target and not indicator.is_rate
    shown = failed if len(failed) <= MANY else _worst(data, indicator, failed)
    if zero:
        names = listed(_with_places(data, indicator, v) for v in shown)
    else:
        names = listed(
            data.say("issues.unit_value", unit=v.unit, value=data.wording.value(indicator, v)) for v in shown
        )
    says = data.say.text("issues.units_failed_says", indicator=indicator.title, children=data.children_word)
    count = data.count(f"{indicator.id}.failed", len(failed), says)
    wanting = data.say.text("issues.not_cleared") if zero else _wanting(data, indicator, failed[0])
    short = data.wording.stem(indicator) if zero else data.wording.short(indicator)
    if len(failed) == 1:
        return data.say("issues.one_failed", indicator=short, wanting=wanting, units=names)
    counted = data.say(
        "issues.counted_failed", indicator=short, wanting=wanting, count=count, children=data.children_word
    )
    if len(failed) == len(shown):
        return data.say("issues.listed", counted=counted, units=names)
    if not shown:
        return phrase(counted, _equals(data, indicator, failed))
    return phrase(counted, data.say.text("issues.most") if zero else _worst_are(data, indicator), names)


def _equals(data: ReportData, indicator: Indicator, failed: Sequence[Value]) -> Phrase:
    """，均为0% · ，其中7个为0%: where too many share the worst figure to be named."""
    worst = data.wording.value(indicator, failed[0])
    same = sum(str(data.wording.value(indicator, v)) == str(worst) for v in failed)
    if same == len(failed):
        return data.say("issues.all_are", worst=worst)
    return data.say(
        "issues.of_which_are",
        count=data.count(
            f"{indicator.id}.worst", same, data.say.text("issues.worst_says", indicator=indicator.title)
        ),
        worst=worst,
    )


def _worst(data: ReportData, indicator: Indicator, failed: Sequence[Value]) -> Sequence[Value]:
    """The worst of many, as far as they are worse than the next: of equals none is singled out."""
    printed = [str(data.wording.value(indicator, value)) for value in failed]
    return next((failed[:n] for n in (WORST, 4, MANY, 2, 1) if printed[n - 1] != printed[n]), ())


def _worst_are(data: ReportData, indicator: Indicator) -> str:
    if indicator.better == "lower":
        return data.say.text("issues.higher")
    slow = indicator.target is not None and indicator.target.per == "schedule"
    return data.say.text("issues.slower" if slow else "issues.lower")


def _wanting(data: ReportData, indicator: Indicator, value: Value) -> Phrase:
    if indicator.target is not None and indicator.target.per == "schedule":
        return data.say("issues.behind_schedule")
    goal = data.wording.amount(indicator, f"{value.id}#target", value.target, value.id)
    return data.say(
        "issues.missed",
        target=goal,
        word=data.say.text("issues.target" if indicator.better != "lower" else "issues.target_at_most"),
    )


def _with_places(data: ReportData, indicator: Indicator, value: Value) -> Phrase:
    """草尾镇2个（甲村、乙村）: the villages behind a count, where the figure goes down to villages."""
    places = [
        v.unit
        for v in data.values_at(indicator.id, "village")
        if v.value and value.unit_code in data.register.path(v.unit_code, data.period.end)
    ]
    names = (
        data.wording.names(f"{value.id}#villages", places, data.say.text("issues.villages_unit"))
        if places
        else None
    )
    inside = data.say("issues.villages", villages=names) if names else None
    return phrase(value.unit, data.wording.value(indicator, value), inside)


# -------------------------------------------------------------------------------------------------- got worse


def _worse(data: ReportData) -> list[Issue]:
    """部分指标不及上季度：脱岗增加1人次，…下降3.3个百分点: the home unit's figures that moved the wrong way, faults first, then by how far."""
    found = [(i, v) for i in worse(data) if (v := data.home_value(i.id)) is not None]
    found.sort(key=lambda one: _how_far(*one))
    told = [(i, change) for i, v in found if (change := data.wording.bare.change(i, v, "previous"))]
    if not told:
        return []
    count = data.count("worse", len(told), data.say.text("issues.worse_says"))
    opening = data.say(
        "issues.worse_opening",
        span=data.span,
        more=data.say("issues.worse_more", count=count) if len(told) > WORSE_TOLD else "：",
    )
    sentences = listed(
        (
            phrase(data.wording.stem(i) if _counts(i) else data.wording.short(i), change)
            for i, change in told[:WORSE_TOLD]
        ),
        "，",
    )
    return [Issue("worse", data.say("issues.worse", opening=opening, sentences=sentences), {"worse": ()})]


def _counts(indicator: Indicator) -> bool:
    return not indicator.is_rate and not indicator.decimals


def _how_far(indicator: Indicator, value: Value) -> tuple[int, Decimal]:
    """Faults come first, then rates by the points they fell, then what cannot be set beside them."""
    compared = value.previous
    if compared is None or compared.current is None or compared.base is None:
        return 3, Decimal(0)
    if _counts(indicator) and indicator.better == "lower":
        return 0, Decimal(0)
    return (1, -abs(compared.current - compared.base)) if indicator.is_rate else (2, Decimal(0))


# -------------------------------------------------------------------------------------------------- data quality


def _findings(data: ReportData) -> list[Issue]:
    """Standing errors and queries by form, the most first; townships named with the number and the villages."""
    standing = [f for f in data.findings if f.status == "open" and _blocks(f)]
    if not standing:
        return []
    if data.audience not in (None, "internal"):
        return [_counted(data, standing)]
    by_form: dict[str, list[Finding]] = {}
    for finding in standing:
        by_form.setdefault(finding.form, []).append(finding)
    ordered = sorted(by_form.items(), key=lambda item: (-len(item[1]), item[0]))
    total = data.count("findings.open", len(standing), data.say.text("issues.open_says"))
    told, rest = ordered[:FORMS_TOLD], ordered[FORMS_TOLD:]
    if len(rest) == 1:
        told, rest = ordered, []
    opening = data.say("issues.findings_opening", total=total, stop="：" if len(told) == 1 else "。")
    sentences = [data.say("issues.sentence", sentences=_form(data, form, found)) for form, found in told]
    text = phrase(opening, *sentences, _other_forms(data, rest))
    codes = tuple(dict.fromkeys(_whose(data, f) for f in standing))
    return [Issue("finding", text, {"findings": codes})]


def _counted(data: ReportData, standing: Sequence[Finding]) -> Issue:
    """数据审核尚有30条问题未改正或说明，涉及草尾镇（9条）、…: what other units are told; neither villages nor faults."""
    total = data.count("findings.open", len(standing), data.say.text("issues.open_says"))
    named = _by_unit(data, standing, "findings.in", data.say.text("issues.of_unit_says"))
    names = listed(named.values())
    text = data.say("issues.findings_by_unit", total=total, units=names)
    return Issue("finding", text, {"findings": tuple(named)})


def _by_unit(data: ReportData, standing: Sequence[Finding], id: str, says: str) -> dict[str, Phrase]:
    """草尾镇（9条）, … for every unit that has some, by its code, the most first. `id` and `says` begin and end what each number is."""
    count = Counter(_whose(data, finding) for finding in standing)
    at = f"@{data.settings.unit}@{data.period.label}"
    return {
        code: data.say(
            "issues.unit_findings",
            unit=data.name(code),
            count=data.facts.count(f"{id}.{code}{at}", count[code], f"{data.name(code)}{says}"),
        )
        for code in sorted(count, key=lambda code: (-count[code], data.order.get(code, 0)))
    }


def _other_forms(data: ReportData, rest: Sequence[tuple[str, Sequence[Finding]]]) -> Phrase:
    """其余2张报表共15条，涉及草尾镇（9条）、…: what is not told form by form still names the units and their numbers."""
    if not rest:
        return Phrase()
    standing = [finding for _, found in rest for finding in found]
    named = _by_unit(data, standing, "findings.other", data.say.text("issues.other_says"))
    names = listed(list(named.values())[:MANY])
    at = f"@{data.settings.unit}@{data.period.label}"
    forms = data.count("findings.other.forms", len(rest), data.say.text("issues.other_forms_says"))
    count = data.count("findings.other", len(standing), data.say.text("issues.other_says"))
    more = data.wording.facts.count(
        f"findings.other.units{at}", len(named), data.say.text("issues.other_units_says")
    )
    tail = data.say("issues.more_units", count=more) if len(named) > MANY else None
    return data.say("issues.other_forms", forms=forms, count=count, units=names, more=tail)


def _blocks(finding: Finding) -> bool:
    return finding.severity in ("error", "query") and finding.outcome in ("fail", "refused")


def _whose(data: ReportData, finding: Finding) -> str:
    return data.child(finding.unit_code or finding.reporter_code)


def _form(data: ReportData, form: str, found: Sequence[Finding]) -> Phrase:
    """《…名册》8条，为必填项未填、一人列入多个村名册（泗湖山镇5条，涉及华星村、华红村；…）: one form, what, then where."""
    by_unit: dict[str, list[Finding]] = {}
    for finding in found:
        by_unit.setdefault(_whose(data, finding), []).append(finding)
    codes = sorted(by_unit, key=lambda code: (-len(by_unit[code]), data.order.get(code, 0)))
    known = data.library.forms.get(form)
    number = data.count(f"findings.{form}", len(found), data.say.text("issues.of_form_says"))
    shown = listed((_places(data, form, code, by_unit[code]) for code in codes[:MANY]), "；")
    rest: Words = None
    if len(codes) > MANY:
        count = data.count(f"findings.{form}.units", len(codes), data.say.text("issues.units_of_form_says"))
        rest = data.say("issues.units_of_form", count=count)
    return data.say(
        "issues.form",
        form=f"《{known.title}》" if known else data.say.text("issues.other"),
        count=number,
        faults=_faults(data, found),
        units=shown,
        more=rest,
    )


def _faults(data: ReportData, found: Sequence[Finding]) -> Words:
    """，为必填项未填、身份证号有误: the names of the checks that failed, the most frequent first; three at most."""
    times = Counter(finding.check for finding in found)
    checks = data.library.checks
    named = [id for id, _ in times.most_common() if id in checks and checks[id].title]
    if not named:
        return None
    names = listed((data.facts.name(f"check:{id}", checks[id].title) for id in named[:FAULTS_TOLD]), "、")
    return phrase(data.say.text("issues.being" if len(named) <= FAULTS_TOLD else "issues.mainly"), names)


def _places(data: ReportData, form: str, code: str, found: Sequence[Finding]) -> Phrase:
    id = f"findings.{form}.in@{code}@{data.period.label}"
    number = data.facts.count(id, len(found), data.say.text("issues.unit_of_form_says", unit=data.name(code)))
    villages = data.names(f.unit_code for f in found if f.unit_code and f.unit_code != code)
    named = (
        data.say(
            "issues.places",
            villages=data.wording.names(f"{id}#villages", villages, data.say.text("issues.villages_unit")),
        )
        if villages
        else None
    )
    return data.say("issues.unit_of_form", unit=data.name(code), count=number, villages=named)


# -------------------------------------------------------------------------------------------------- returns


def _returns(data: ReportData) -> list[Issue]:
    """缺报、迟报 by unit with the number of returns and days."""
    missing: dict[str, int] = {}
    late: dict[str, tuple[int, int]] = {}
    for state in data.returns:
        if not has_come(state) and state.timeliness != "not_due":
            missing[state.reporter_code] = missing.get(state.reporter_code, 0) + 1
        elif state.timeliness == "late" and has_come(state):
            number, days = late.get(state.reporter_code, (0, 0))
            late[state.reporter_code] = (number + 1, max(days, state.days_late))
    parts = listed((_missing_sentence(data, missing), _late_sentence(data, late)), "；")
    if not parts:
        return []
    return [Issue("returns", data.say("issues.discipline", sentences=parts), {"returns": (*missing, *late)})]


def _in_order(data: ReportData, codes: Iterable[str]) -> list[str]:
    return sorted(codes, key=lambda code: (data.order.get(code, 0), code))


def _missing_sentence(data: ReportData, missing: Mapping[str, int]) -> Phrase:
    names = [
        data.say(
            "issues.missing",
            unit=data.name(code),
            count=data.facts.count(
                f"returns.missing@{code}@{data.period.label}",
                missing[code],
                data.say.text("issues.missing_says"),
            ),
        )
        for code in _in_order(data, missing)
    ]
    return listed(names)


def _late_sentence(data: ReportData, late: Mapping[str, tuple[int, int]]) -> Phrase:
    names: list[Phrase] = []
    for code in _in_order(data, late):
        number, days = late[code]
        at = f"@{code}@{data.period.label}"
        of_returns = data.facts.count(f"returns.late{at}", number, data.say.text("issues.late_says"))
        of_days = data.facts.count(f"returns.late.days{at}", days, data.say.text("issues.late_days_says"))
        names.append(data.say("issues.late", unit=data.name(code), count=of_returns, days=of_days))
    return listed(names)


# -------------------------------------------------------------------------------------------------- 四、下步要求


def requirements(
    data: ReportData, found: Sequence[Issue], bank: Mapping[str, str], urge: str = ""
) -> list[Phrase]:
    """Return the paragraphs of the phrase bank that the problems ask for: at most one a domain and three in all for failed
    targets (those that most units failed), one for data quality or returns, and `always`; in the bank's order.

    A key of the bank is an indicator id, a domain id, `worse`, `findings`, `returns`, `always`, or `none`, which takes the place
    of `always` where there is no problem; of an indicator and its
    domain the indicator's own wins. `{units}` in a paragraph stands for the units the problems name (five, then 等N个),
    `{period}` for the period. With `urge` (督促) a paragraph says what those above will have them do, not what they must.
    """
    asked: dict[str, tuple[str, ...]] = {}
    targets = [
        (key, units) for issue in found if issue.kind == "target" for key, units in _widest(issue, bank)
    ]
    asked |= sorted(targets, key=lambda target: -len(target[1]))[:TARGETS_ASKED]
    for issue in found:
        if issue.kind == "worse" and len(asked) < TARGETS_ASKED:
            asked |= issue.asks
    quality = next((issue for issue in found if issue.kind in ("finding", "returns")), None)
    asked |= quality.asks if quality else {}
    asked["always" if found or "none" not in bank else "none"] = ()
    texts = {key: _OBLIGED.sub(rf"{urge}\1", text, count=1) if urge else text for key, text in bank.items()}
    return [_filled(data, key, texts[key], asked[key]) for key in bank if key in asked]


def _widest(issue: Issue, bank: Mapping[str, str]) -> list[tuple[str, tuple[str, ...]]]:
    """The one thing of a domain that most units failed and the bank has words for."""
    asks = [(key if key in bank else issue.domain, units) for key, units in issue.asks.items()]
    known = [(key, units) for key, units in asks if key in bank]
    return [max(known, key=lambda ask: len(ask[1]))] if known else []


def _addressed(data: ReportData, key: str, codes: Sequence[str]) -> Words:
    """Who is asked: five by name, then 等N个; all are 各乡镇; a paper about one unit need not name it in each sentence."""
    if not codes:
        return data.say.text("issues.units_concerned")
    if set(codes) == {data.settings.unit}:
        return None
    if len(codes) > MANY and {unit.code for unit in data.children} <= set(codes):
        return data.say.text("issues.all_units", children=data.children_word)
    word = (
        data.say.text("issues.more_units_word", children=data.children_word)
        if data.children_word
        else data.say.text("issues.more_of_units")
    )
    return data.wording.names(data.fact_id(f"requirement.{key}"), data.names(codes), word)


def _filled(data: ReportData, key: str, text: str, codes: Sequence[str]) -> Phrase:
    fill: Mapping[str, Words] = {
        "units": _addressed(data, key, codes),
        "secretaries": data.say.text(
            "issues.secretaries.village" if data.child_level == "village" else "issues.secretaries.township"
        ),
        "period": data.facts.name(f"period:{data.period.label}", data.period.title, "period"),
        "scope": data.scope,
        "children": data.children_word,
    }
    pieces: list[Words] = []
    for place, piece in enumerate(_PLACEHOLDER.split(text)):
        pieces.append(fill.get(piece, f"{{{piece}}}") if place % 2 else piece)
    return phrase(*pieces)
