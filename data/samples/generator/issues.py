"""Truth of `issue`: each township's rolling ledger."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from generator.economy import weak_villages
from generator.people import Population
from generator.quarters import BY_LABEL, QUARTERS, Quarter
from generator.register import Township, Village

Row = dict[str, Any]

_KINDS = {
    "村务财务公开": ("季度财务公开内容不完整", "补充公开明细并接受群众监督", "季度督查"),
    "阵地不达标": ("党群服务中心活动室被占用", "腾退并完善功能标识", "专项督查"),
    "驻村纪律": ("驻村签到记录不全", "完善考勤制度并补录", "季度督查"),
    "债务风险": ("村级应付款未列还款计划", "制定化债计划并按季偿还", "审计"),
    "数据质量": ("台账与报表数据不一致", "逐项核对并更新台账", "数据审核"),
    "值班驻守": ("夜间值班无人在岗", "落实领导带班制度", "专项督查"),
    "主体责任": ("“一岗双责”落实不到位", "约谈提醒并逐级签订责任清单", "专项督查"),
    "其他": ("村务公示栏破损", "更换公示栏并明确管护人", "自查"),
}


@dataclass(frozen=True, slots=True)
class Case:
    """One issue from finding to closing. `closed` None: still open in 2026Q1."""

    row: Row
    found: Quarter
    closed: Quarter | None
    lasting: bool


class Ledger:
    """One township's ledger."""

    def __init__(
        self, township: Township, villages: list[Village], weak: dict[str, str], population: Population
    ) -> None:
        self.township = township
        self.rng = random.Random(f"issues {township.code}")
        self.villages = villages
        short = township.name.replace("湿地保护与发展事务中心", "")
        self.owners = [population.person(township.code, "男", (1970, 1988)).name for _ in range(3)]
        self.cases: list[Case] = []
        self.prefix = short
        for village in villages:
            if village.code in weak:
                self._weak(village.code, BY_LABEL[weak[village.code]])
        for quarter in QUARTERS:
            for _ in range(self.rng.choice((1, 1, 2)) if quarter.number == 1 else self.rng.choice((0, 1, 1))):
                self._plain(quarter)
        for village in villages:
            if village.key_class == "软弱涣散村":
                self._lax(village)

    def rows(self, quarter: Quarter) -> list[Row]:
        """The ledger at the end of `quarter`: closed rows stay until the year's end, those of weak villages longer."""
        found = []
        for case in self.cases:
            if case.found.start > quarter.start:
                continue
            done = case.closed is not None and case.closed.start <= quarter.start
            if done and case.closed and case.closed.year < quarter.year and not case.lasting:
                continue
            found.append(case.row | (self._closing(case) if done else self._open(case, quarter)))
        return found

    def _number(self, year: int) -> str:
        count = sum(case.found.year == year for case in self.cases)
        return f"{self.prefix}-{year}-{count + 1:03d}"

    def _weak(self, code: str, closed: Quarter) -> None:
        name = next(v.name for v in self.villages if v.code == code)
        row = {
            "issue_no": self._number(2025),
            "village_code": code,
            "source": "动态监测",
            "kind": "集体经济薄弱",
            "card": "黄",
            "content": f"{name}经营性收入低于薄弱村标准",
            "measures": "盘活闲置资产，发展联村经营项目",
            "owner_unit": self.township.name,
            "owner": self.owners[0],
            "found_date": date(2025, 1, 16),
            "deadline": date(2025, 12, 31),
            "accountable_n": 0,
        }
        self.cases.append(Case(row, QUARTERS[0], closed, lasting=True))

    def _lax(self, village: Village) -> None:
        """A lax organisation under rectification; one of the two is put right in 2026Q1."""
        closed = QUARTERS[-1] if village.name == "桥北村" else None
        row = {
            "issue_no": self._number(2025),
            "village_code": village.code,
            "source": "动态监测",
            "kind": "软弱涣散整顿",
            "card": "黄",
            "content": f"{village.name}党组织组织生活不经常",
            "measures": "选派第一书记驻点整顿",
            "owner_unit": self.township.name,
            "owner": self.owners[1],
            "found_date": date(2025, 3, 4),
            "deadline": date(2026, 3, 31) if closed else date(2026, 6, 30),
            "accountable_n": 0,
        }
        self.cases.append(Case(row, QUARTERS[0], closed, lasting=False))

    def _plain(self, quarter: Quarter) -> None:
        rng = self.rng
        kind = rng.choice(list(_KINDS))
        content, measures, source = _KINDS[kind]
        village = rng.choice(self.villages)
        duration = rng.choice((0, 1, 1, 2, 3))
        index = QUARTERS.index(quarter) + duration
        closed = QUARTERS[index] if index < len(QUARTERS) else None
        last = closed.end if closed else date(2026, 9, 30)
        row = {
            "issue_no": self._number(quarter.year),
            "village_code": None if kind in ("值班驻守", "主体责任") else village.code,
            "source": source,
            "kind": kind,
            "card": rng.choice(("黄", "无", "无", "绿")),
            "content": content,
            "measures": measures,
            "owner_unit": self.township.name,
            "owner": rng.choice(self.owners),
            "found_date": quarter.day(rng.randint(5, 60)),
            "deadline": last,
            "accountable_n": 0,
        }
        self.cases.append(Case(row, quarter, closed, lasting=False))

    def _closing(self, case: Case) -> Row:
        steady = random.Random(f"closing {case.row['issue_no']}")
        assert case.closed is not None
        earliest = max(case.row["found_date"], case.closed.start)
        day = min(earliest + timedelta(days=steady.randint(10, 60)), case.closed.end - timedelta(days=2))
        satisfaction = Decimal(steady.randint(930, 995)) / 10
        return {
            "status": "已销号",
            "closed_date": max(day, case.row["found_date"]),
            "reopened": False,
            "talks_n": 2 if case.row["kind"] == "主体责任" else 0,
            "satisfaction": satisfaction,
        }

    def _open(self, case: Case, quarter: Quarter) -> Row:
        fresh = case.found is quarter and case.row["kind"] != "集体经济薄弱"
        return {
            "status": "未启动" if fresh and case.row["card"] == "绿" else "整改中",
            "closed_date": None,
            "reopened": False,
            "talks_n": 0,
            "satisfaction": None,
        }


def truth(
    townships: list[Township], villages: list[Village], population: Population
) -> dict[str, dict[str, list[Row]]]:
    """Quarter label → township → rows in the order they were found."""
    weak = weak_villages(villages)
    ledgers = {
        t.code: Ledger(t, [v for v in villages if v.township == t], weak, population) for t in townships
    }
    return {q.label: {code: ledger.rows(q) for code, ledger in ledgers.items()} for q in QUARTERS}
