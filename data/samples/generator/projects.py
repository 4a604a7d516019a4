"""Truth of `project`: village projects, what residents brought in, and the year's funds."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from generator.portions import amounts, portions
from generator.quarters import EXTENDED, Quarter
from generator.register import AGRICULTURE, OFFICE, Township, Village

Row = dict[str, Any]

LIVING, WORKING, PLACES = Decimal(200), Decimal(200), Decimal(3180)
"""万元 a year: residents' living quarters, their units' expenses, village places; the source briefing has 200, 200 and 3000-odd."""

_BENEFITS = {
    "光伏发电": ("户均", 2000, 3000),
    "合作社入股": ("户均", 1500, 3000),
    "基础母羊养殖": ("人均", 1200, 1200),
}
"""What a household or person gains a year, as a source briefing has it."""

_OTHERS = ("种植业", "养殖业", "农村电商", "文旅", "振兴车间", "飞地经济", "物业租赁")
_BRINGERS = ("党建联盟", "返乡创业人员", "乡村运营团队", "招商引资", "财政安排", "村自建")
_BROUGHT = ("驻村帮扶种植基地", "驻村帮扶加工车间", "驻村帮扶机耕路", "驻村帮扶冷链仓储")
_UNITS = 16
_BLANK = (
    *("industry", "introduced_by", "invest_plan", "invest_done", "loan_amt", "cost_saved", "risk_shared"),
    *("households", "poor_hh", "hh_basis", "hh_income_min", "hh_income_max", "output_value"),
    *("talent_attracted", "start_date", "finish_date", "village_code", "township_code"),
)


@dataclass
class Known:
    """What other forms say that the ledger must agree with: by quarter label."""

    brought: dict[str, dict[str, int]]
    """Township → projects its residents brought in this year."""

    borrowers: dict[str, dict[str, Decimal]]
    """Village → debt taken up this year."""

    governance: dict[str, list[Row]]


class Ledger:
    """One township's projects."""

    def __init__(self, township: Township, villages: list[Village], known: Known) -> None:
        self.township = township
        self.villages = villages
        self.known = known
        self.rng = random.Random(f"projects {township.code}")
        self.prefix = township.code[-3:]
        self.rural = [v for v in villages if v.rural] or villages
        self.standing = self._standing()

    def rows(self, quarter: Quarter) -> list[Row]:
        """The ledger at the end of `quarter`."""
        found = [
            self._progress(dict(row), quarter) for row in self.standing if row["start_date"] <= quarter.end
        ]
        found += self._brought(quarter) + self._borrowed(quarter) + self._funds(quarter)
        self._cover(found, quarter)
        return found

    def _row(self, number: str, name: str, category: str, source: str, village: Village | None) -> Row:
        return dict.fromkeys(_BLANK) | {
            "project_code": f"XM{self.prefix}-{number}",
            "project_name": name,
            "category": category,
            "source_kind": source,
            "is_loan": False,
            "fund_alloc": Decimal(0),
            "village_code": village.code if village else None,
            "township_code": self.township.code,
        }

    def _standing(self) -> list[Row]:
        """Projects of earlier years, and one or two of 2026."""
        found = []
        industries = [*_BENEFITS, *self.rng.sample(_OTHERS, 3)]
        for i, industry in enumerate(industries):
            village = self.rng.choice(self.rural)
            category = ("集体经济项目", "产业项目", "产业项目", "集体经济项目", "招商投资项目", "产业项目")[i]
            name = f"{village.name}{industry}项目"
            row = self._row(
                f"{i + 1:03d}", name, category, self.rng.choice(("县级", "省级", "社会资本")), village
            )
            plan = Decimal(
                self.rng.randint(20, 260) if category != "招商投资项目" else self.rng.randint(400, 1900)
            )
            basis, low, high = _BENEFITS.get(industry, (None, None, None))
            late = i == len(industries) - 1
            row |= {
                "industry": industry,
                "introduced_by": self.rng.choice(_BRINGERS),
                "invest_plan": plan,
                "hh_basis": basis,
                "hh_income_min": Decimal(low) if low else None,
                "hh_income_max": Decimal(high) if high else None,
                "output_value": plan * 2,
                "talent_attracted": self.rng.randint(0, 4),
                "start_date": date(2026, 1, 12) if late else date(self.rng.randint(2022, 2024), 4, 10),
                "_speed": self.rng.uniform(0.5, 0.75),
                "_yields": i < 4,
            }
            found.append(row)
        return found

    def _progress(self, row: Row, quarter: Quarter) -> Row:
        """How far a project is: those that yield were finished before."""
        plan, yields, speed = row["invest_plan"], row.pop("_yields"), row.pop("_speed")
        if yields:
            row |= {"invest_done": plan, "status": "已投产", "finish_date": date(2025, 6, 20)}
        else:
            part = Decimal(str(round(speed + 0.1 * EXTENDED.index(quarter), 2)))
            row |= {"invest_done": (plan * part).quantize(Decimal("0.01")), "status": "在建"}
            row["fund_alloc"] = (plan / 10 * quarter.number).quantize(Decimal("0.01"))
        return row

    def _brought(self, quarter: Quarter) -> list[Row]:
        """What the residents brought in: as many this year as their roster says, and last year's."""
        found = []
        for q in EXTENDED:
            if q.end > quarter.end:
                break
            for i in range(self.known.brought[q.label].get(self.township.code, 0)):
                village = self.rural[(i * 3 + q.year) % len(self.rural)]
                what = _BROUGHT[(i + q.year) % len(_BROUGHT)]
                number = f"{q.year % 100}{i + 1:02d}"
                row = self._row(number, f"{village.name}{what}", "产业项目", "派出单位", village)
                plan = Decimal(6 + i % 7 * 3)
                row |= {"industry": "种植业", "introduced_by": "驻村第一书记", "invest_plan": plan}
                this_year = q.year == quarter.year
                row |= {"invest_done": plan if not this_year or quarter.number == 4 else plan / 2}
                row |= {"fund_alloc": row["invest_done"] if this_year else Decimal(0)}
                row |= {
                    "start_date": date(q.year, 1 + i % 3, 15),
                    "status": "在建" if this_year else "已完工",
                }
                found.append(row)
        return found

    def _borrowed(self, quarter: Quarter) -> list[Row]:
        """A loan for every village that took up debt this year."""
        found = []
        for village in self.villages:
            debt = self.known.borrowers[quarter.label].get(village.code)
            if debt:
                number = f"{quarter.year % 100}D{self.villages.index(village) + 1:02d}"
                row = self._row(number, f"{village.name}集体经济周转贷款", "化债贷款", "金融贷款", village)
                row |= {"is_loan": True, "loan_amt": debt, "risk_shared": True, "fund_alloc": debt}
                row |= {"cost_saved": (debt / 40).quantize(Decimal("0.01")), "status": "在建"}
                found.append(row | {"start_date": date(quarter.year, 2, 20)})
        return found

    def _funds(self, quarter: Quarter) -> list[Row]:
        """The villages' operating funds: one row for the township, as much as its villages say they received."""
        own = {v.code for v in self.villages}
        paid = sum(
            (r["op_fund_paid"] for r in self.known.governance[quarter.label] if r["village_code"] in own),
            Decimal(0),
        )
        year = quarter.year
        name = f"{year}年村级组织运转经费"
        row = self._row(f"{year % 100}Y01", name, "村级运转经费", "县级", None)
        return [row | {"fund_alloc": paid, "status": "已完工", "start_date": date(year, 1, 20)}]

    def _cover(self, rows: list[Row], quarter: Quarter) -> None:
        """The projects that yield reach all households lifted out of poverty, each some."""
        own = {v.code for v in self.villages}
        poor = sum(
            r["poor_households"] for r in self.known.governance[quarter.label] if r["village_code"] in own
        )
        yielding = [
            r for r in rows if r["status"] == "已投产" and r["category"] in ("集体经济项目", "产业项目")
        ]
        for i, (row, part) in enumerate(
            zip(yielding, portions(poor, [3, 4, 2, 3][: len(yielding)]), strict=True)
        ):
            row["poor_hh"], row["households"] = part, part + 12 * (i + 1)


def _county(quarter: Quarter, villages: list[Village]) -> dict[str, list[Row]]:
    """What the county's offices pay: places of the villages, residents' quarters and expenses, training."""
    rng = random.Random(f"county funds {quarter.year}")
    year, rural = quarter.year, [v for v in villages if v.rural]
    done = Decimal(quarter.number if quarter.year == 2025 else 4) / 4
    found = []
    for i, part in enumerate(amounts(PLACES, [rng.uniform(0.6, 1.5) for _ in range(30)])):
        village = rural[(i * 5 + year) % len(rural)]
        name = f"{village.name}“一门式服务”和“五小一中心”建设"
        row = _paid(
            f"ZD{year % 100}-{i + 1:02d}",
            name,
            "阵地建设",
            "县级",
            (part * done).quantize(Decimal("0.01")),
            year,
        )
        found.append(
            row | {"village_code": village.code, "invest_plan": part, "invest_done": part, "status": "在建"}
        )
    for i, part in enumerate(amounts(WORKING, [rng.uniform(0.7, 1.4) for _ in range(_UNITS)])):
        found.append(
            _paid(
                f"GZ{year % 100}-{i + 1:02d}",
                f"驻村责任单位工作经费（{i + 1}）",
                "驻村工作经费",
                "派出单位",
                part,
                year,
            )
        )
    found.append(
        _paid(f"SH{year % 100}-01", "驻村干部生活设施保障", "驻村生活设施保障", "县级", LIVING, year)
    )
    own = [
        _paid(
            f"PX{year % 100}-01",
            "农村党员干部教育培训基地",
            "教育培训",
            "县级",
            Decimal(60 + year % 10),
            year,
        ),
        _paid(f"DF{year % 100}-01", "县管党费补助基层党组织", "党费补助", "党费", Decimal("85.5"), year),
        _paid(
            f"YL{year % 100}-01", "村干部养老保险和离任补贴", "养老保险和离任补贴", "县级", Decimal(412), year
        ),
    ]
    return {AGRICULTURE: found, OFFICE: own}


def _paid(code: str, name: str, category: str, source: str, amount: Decimal, year: int) -> Row:
    return dict.fromkeys(_BLANK) | {
        "project_code": code,
        "project_name": name,
        "category": category,
        "source_kind": source,
        "is_loan": False,
        "fund_alloc": amount,
        "start_date": date(year, 1, 15),
        "status": "已完工",
    }


def truth(
    townships: list[Township], villages: list[Village], known: Known
) -> dict[str, dict[str, list[Row]]]:
    """Quarter label → reporter → rows."""
    ledgers = {t.code: Ledger(t, [v for v in villages if v.township == t], known) for t in townships}
    return {
        q.label: {code: ledger.rows(q) for code, ledger in ledgers.items()} | _county(q, villages)
        for q in EXTENDED
    }
