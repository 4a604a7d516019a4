"""Tables of statistical yearbooks, read with definitions of one's own: rows by province, bilingual headings of several levels, tables
folded to the right and continued below. Each must give the same facts, and the national row must be the sum of the provinces.

Population: Bulletin of the Seventh National Population Census, No. 3 (National Bureau of Statistics, 11 May 2021), without the
2 000 000 in active service that belong to no province. The urban part and the counts of grain and villages are made up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

import pytest
from workbooks import workbook

from ruralpb.intake import one_file
from ruralpb.intake.reading_basis import ReadingBasis
from ruralpb.model import IntakeOptions, Reading, loader

POPULATION = {
    "北京": 21893095, "天津": 13866009, "河北": 74610235, "山西": 34915616, "内蒙古": 24049155, "辽宁": 42591407,
    "吉林": 24073453, "黑龙江": 31850088, "上海": 24870895, "江苏": 84748016, "浙江": 64567588, "安徽": 61027171,
    "福建": 41540086, "江西": 45188635, "山东": 101527453, "河南": 99365519, "湖北": 57752557, "湖南": 66444864,
    "广东": 126012510, "广西": 50126804, "海南": 10081232, "重庆": 32054159, "四川": 83674866, "贵州": 38562148,
    "云南": 47209277, "西藏": 3648100, "陕西": 39528999, "甘肃": 25019831, "青海": 5923957, "宁夏": 7202654,
    "新疆": 25852345,
}  # fmt: skip
NATIONAL = 1411778724 - 2000000
ENGLISH = {
    "北京": "Beijing",
    "天津": "Tianjin",
    "河北": "Hebei",
    "内蒙古": "Inner Mongolia",
    "黑龙江": "Heilongjiang",
}

FORM = """
form: population
title: 分地区人口和粮食
code: 年鉴2-1
row: province
frequency: year
time: point
key: [region]
transposable: true
fields:
  - {id: region, title: 地区, aliases: [省份], type: unit, required: true}
  - {id: people, title: 总人口, aliases: [年末总人口], type: int, measure: 人, required: true}
  - {id: urban, title: 人口数, group: 城镇人口, aliases: [城镇人口], type: int, measure: 人, required: true}
  - {id: rural, title: 人口数, group: 乡村人口, aliases: [乡村人口], type: int, measure: 人, required: true}
  - {id: grain, title: 粮食产量, type: number, measure: 万吨, required: true}
  - {id: villages, title: 村委会数, type: int, measure: 个}
"""

_NAMES = {
    "内蒙古": "内蒙古自治区",
    "广西": "广西壮族自治区",
    "西藏": "西藏自治区",
    "宁夏": "宁夏回族自治区",
    "新疆": "新疆维吾尔自治区",
}


def _official(name: str) -> str:
    return _NAMES.get(name, name + ("市" if name in ("北京", "天津", "上海", "重庆") else "省"))


UNITS = "\n".join(
    [
        "code,name,level,parent_code,kind,aliases,valid_from,valid_to,successor,class,key_class,in_demo_zone,sort_no",
        *(f"{n:02},{_official(name)},province,,,{name},,,,,,,{n}" for n, name in enumerate(POPULATION, 11)),
        "3301,吉林市,city,17,,吉林,,,,,,,99",
    ]
)
KNOWN, PROBLEMS = loader.load(
    {
        "library/population.yaml": FORM.encode(),
        "ruralpb.yaml": "title: 年鉴\nunit: '11'\ndue:\n  - {forms: all, level: province, periods: [year]}\n".encode(),
        "units.csv": UNITS.encode(),
    }
)

Facts = dict[str, tuple[int, int, int, Decimal, int]]


def figures(name: str) -> tuple[int, int, int, Decimal, int]:
    """Population of a province, with an urban part, a harvest and villages that follow from it."""
    people = POPULATION[name]
    urban = people * 63 // 100
    return people, urban, people - urban, Decimal(people // 2000) / 10, people // 3000


EXPECTED: Facts = {_official(name): figures(name) for name in POPULATION}


def total(names: Sequence[str] = tuple(POPULATION)) -> tuple[Decimal | int, ...]:
    return tuple(sum(column) for column in zip(*map(figures, names), strict=True))


def spaced(name: str) -> str:
    """北 京, as two-character names are set in print."""
    return f"{name[0]} {name[1]}" if len(name) == 2 else name


def cells(values: Sequence[object]) -> str:
    return " | ".join(map(str, values))


def read(table: str) -> Reading:
    return one_file.read(
        workbook(table), "年鉴2020年.xlsx", "年鉴2020年.xlsx", ReadingBasis(KNOWN), IntakeOptions()
    )


def facts(reading: Reading) -> Facts:
    found = {}
    for block in reading.blocks:
        for row in block.rows:
            values = dict(zip(block.fields, row.values, strict=True))
            assert values["region"] not in found
            found[values["region"]] = tuple(
                values[f] for f in ("people", "urban", "rural", "grain", "villages")
            )
    return found  # type: ignore[return-value]


def plain() -> str:
    rows = [f"| {spaced(n)} | {cells(figures(n))} |" for n in POPULATION]
    return "\n".join(
        [
            "2-1 分地区人口和粮食（2020年）",
            "Population and Grain by Region (2020)",
            "| 地 区 | 年末总人口（人） | 城镇人口（人） | 乡村人口（人） | 粮食产量（万吨） | 村委会数（个） |",
            "| Region | Total Population (person) | Urban | Rural | Grain (10 000 tons) | Villages (unit) |",
            f"| 全 国 | {cells(total())} |",
            "| | | | | | |",
            *rows[:5],
            "| | | | | | |",
            *rows[5:],
            "注：本表数据不包括现役军人。",
            "资料来源：第七次全国人口普查公报。",
        ]
    )


def levels() -> str:
    rows = [
        f"| {spaced(n)} {ENGLISH.get(n, '')} | {cells(figures(n)[:2])} | 63.0 | {figures(n)[2]} | 37.0 | {cells(figures(n)[3:])} |"
        for n in POPULATION
    ]
    whole = total()
    return "\n".join(
        [
            "2-1 分地区人口和粮食（2020年）",
            "| 地 区 | 总人口 | 按城乡分 By Residence | < | < | < | 粮食产量 | 村委会数 |",
            "| Region | Total | 城镇人口 Urban | < | 乡村人口 Rural | < | Output of Grain | Number of Villages |",
            "| | Population | 人口数 | 比重 | 人口数 | 比重 | | |",
            "| | | Population | Proportion | Population | Proportion | | |",
            "| | (人) | (人) | (%) | (人) | (%) | (万吨) | (个) |",
            f"| 全 国 National Total | {cells(whole[:2])} | 63.0 | {whole[2]} | 37.0 | {cells(whole[3:])} |",
            *rows,
        ]
    )


def folded() -> str:
    head = "地 区 | 总人口 | 城镇人口 | 乡村人口 | 粮食产量 | 村委会数"
    names = list(POPULATION)
    left = [f"{spaced(n)} | {cells(figures(n))}" for n in names[:15]]
    right = [f"{spaced(n)} | {cells(figures(n))}" for n in names[15:]]
    lines = [f"| 全 国 | {cells(total())} | | {right[0]} |"]
    lines += [f"| {a} | | {b} |" for a, b in zip(left, right[1:], strict=True)]
    return "\n".join(["2-1 分地区人口和粮食（2020年） | | | | | | | 续表", f"| {head} | | {head} |", *lines])


def continued() -> str:
    names = list(POPULATION)
    return "\n".join(
        [
            "2-1 分地区人口和粮食（2020年）",
            "| 地 区 | 总人口 | 城镇人口 |",
            f"| 全 国 | {cells(total()[:2])} |",
            *(f"| {spaced(n)} | {cells(figures(n)[:2])} |" for n in names),
            "",
            "2-1 续表 continued",
            "| 地 区 | 乡村人口 | 粮食产量 | 村委会数 |",
            f"| 全 国 | {cells(total()[2:])} |",
            *(f"| {spaced(n)} | {cells(figures(n)[2:])} |" for n in names),
        ]
    )


def on_its_side() -> str:
    names = list(POPULATION)
    lines = zip(*map(figures, names), strict=True)
    titles = ("总人口", "城镇人口", "乡村人口", "粮食产量", "村委会数")
    measures = ("人", "人", "人", "万吨", "个")
    return "\n".join(
        [
            "2-1 分地区人口和粮食（2020年）",
            f"| 指标 Item | 计量单位 | 全国 | {cells([spaced(n) for n in names])} |",
            *(
                f"| {title} | {measure} | {whole} | {cells(line)} |"
                for title, measure, whole, line in zip(titles, measures, total(), lines, strict=True)
            ),
        ]
    )


LAYOUTS: list[Callable[[], str]] = [plain, levels, folded, continued, on_its_side]


def test_the_definitions_are_in_order() -> None:
    assert [p.line() for p in PROBLEMS if p.severity == "error"] == []
    assert sum(POPULATION.values()) == NATIONAL


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_the_same_facts(layout: Callable[[], str]) -> None:
    reading = read(layout())
    assert [p.line() for p in reading.problems if p.refused or p.severity == "error"] == []
    assert facts(reading) == EXPECTED
    assert {block.period.label for block in reading.blocks} == {"2020"}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_national_row_is_the_sum_of_the_provinces_as_published(layout: Callable[[], str]) -> None:
    assert sum(values[0] for values in facts(read(layout())).values()) == NATIONAL
    wrong = read(layout().replace(str(NATIONAL), str(NATIONAL + 1)))
    (problem,) = [p for p in wrong.problems if p.rule == "F02"]
    assert (problem.slug, problem.found, problem.expected) == (
        "total-differs",
        str(NATIONAL + 1),
        str(NATIONAL),
    )


def test_rows_are_about_the_provinces_and_not_about_cities_of_the_same_name() -> None:
    rows = {row.values[0]: row.unit_code for block in read(plain()).blocks for row in block.rows}
    assert rows["吉林省"] == "17"
    assert len(set(rows.values())) == 31


def test_a_region_that_is_no_unit_of_the_register_is_refused_with_its_row() -> None:
    reading = read(plain().replace("| 北 京 |", "| 东部地区 |"))
    assert [(p.slug, p.refused, p.where.cell) for p in reading.problems if p.refused] == [
        ("place-unknown", "row", "A7")
    ]
