"""The county of the corpus: few townships, and every trap a register can hold. The forms are the built-in library's."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from ruralpb.core.periods import Period, parse
from ruralpb.model import Unit, loader
from ruralpb.model.loader import Definitions

PERIODS = tuple(parse(label, date(2026, 1, 1)) for label in ("2026Q1", "2025Q4", "2026Q2"))

UNITS = """\
code,name,level,parent_code,kind,aliases,valid_from,valid_to,successor,class,key_class,in_demo_zone,sort_no
98,南湖省,province,,province,,,,,,,,1
9801,湖东市,city,98,city,,,,,,,,2
980101,清溪县,county,9801,county,,,,,,,,3
980101101,青山镇,township,980101,镇,,,,,平原,,,4
980101102,白云镇,township,980101,镇,,,,,山区,,,5
980101003,临江镇,township,980101,镇,,,2025-06-30,,城区,,,6
980101003,临江街道,township,980101,街道,,2025-07-01,,,城区,,,6
980101204,黄沙乡,township,980101,乡,,,,,山区,,,7
980101A01,县委组织部,office,980101,office,中共清溪县委组织部;组织部,,,,,,,8
980101101201,上码头村,village,980101101,行政村,,,,,,,,9
980101101202,先锋村,village,980101101,行政村,,,,,,,,10
980101101203,新建村,village,980101101,行政村,,,,,,,,11
980101101204,和平村,village,980101101,行政村,,,,,,,,12
980101101205,〇一村,village,980101101,行政村,,,,,,,,13
980101101206,胜利村,village,980101101,行政村,,,,,,,,14
980101101001,新建社区,village,980101101,社区,,,,,,,,15
980101101207,东风村,village,980101101,行政村,东风大队,,,,,,,16
980101102201,先锋村,village,980101102,行政村,,,,,,,,17
980101102202,红旗村,village,980101102,行政村,,,,,,,,18
980101102203,长岭村,village,980101102,行政村,,,,,,,,19
980101102204,下码头村,village,980101102,行政村,,,,,,,,20
980101102205,大塘村,village,980101102,行政村,,,2025-06-30,980101102203,,,,21
980101102206,白云村,village,980101102,行政村,,,,,,,,22
980101102207,茶山村,village,980101102,行政村,,,,,,,,23
980101003201,石桥村,village,980101003,行政村,,,,,,,,24
980101003202,新建村,village,980101003,行政村,,,,,,,,25
980101003001,江心社区,village,980101003,社区,,,,,,,,26
980101003002,码头社区,village,980101003,社区,,,,,,,,27
980101003203,河口村,village,980101003,行政村,,,,,,,,28
980101003204,南岸村,village,980101003,行政村,,,,,,,,29
980101204201,五星村,village,980101204,行政村,,,,,,,,30
980101204202,金盆村,village,980101204,行政村,,,,,,,,31
980101204203,老屋场村,village,980101204,行政村,,,2024-12-31,,,,,32
980101204203,新屋场村,village,980101204,行政村,,2025-01-01,,,,,,32
980101204204,二龙村,village,980101204,行政村,,,,,,,,33
980101204205,三合村,village,980101204,行政村,,,,,,,,34
980101204206,合计村,village,980101204,行政村,,,,,,,,35
"""

SETTINGS = """\
title: 清溪县抓党建促乡村振兴季度统计
unit: "980101"
"""


@lru_cache(maxsize=1)
def world() -> Definitions:
    """The definitions of the corpus: the built-in library over this register."""
    found, problems = loader.load(
        loader.sources(None) | {"units.csv": UNITS.encode(), "ruralpb.yaml": SETTINGS.encode()}
    )
    errors = [problem.line() for problem in problems if problem.severity == "error"]
    assert not errors, errors
    return found


def townships(period: Period) -> tuple[Unit, ...]:
    return world().register.on(period.end, "township")


def villages(period: Period, township: Unit, kinds: tuple[str, ...] = ()) -> list[Unit]:
    return [
        unit
        for unit in world().register.on(period.end, "village", township.code)
        if not kinds or unit.kind in kinds
    ]
