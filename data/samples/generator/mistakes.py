"""The honest mistakes of the sample, each with the check that must find it. They change what was reported, so the
expected facts and figures, worked out from the reported rows, account for them; headline figures stay as they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from generator import mistakes_later as later
from generator.economy import add_up
from generator.quarters import back
from generator.returns import Return, Row, World

CAOWEI, HUANGMAOZHOU = "430981114", "430981113"
SIHUSHAN, YANGLUOZHOU = later.SIHUSHAN, later.YANGLUOZHOU


@dataclass
class Planted:
    """One mistake. `check` finds it at `field` of `row`; `also` are checks that may fail in consequence."""

    check: str
    of: Return
    row: Row | None
    field: str
    note: str
    also: tuple[str, ...] = ()


class Planter:
    """Plants mistakes in the returns of a world and remembers them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.planted: list[Planted] = []

    def plant(self) -> list[Planted]:
        """Plant everything."""
        self._earlier()
        self._first_version()
        self._sihushan_economy()
        self._sihushan_people()
        self._sihushan_others()
        self._yangluozhou_economy()
        self._yangluozhou_people()
        self._yangluozhou_others()
        later.plant(self)
        return self.planted

    def note(self, check: str, of: Return, row: Row | None, field: str, note: str, *also: str) -> None:
        """Remember a mistake that was planted."""
        self.planted.append(Planted(check, of, row, field, note, also))

    def _village(self, of: Return, name: str) -> Row:
        return next(r for r in of.rows if self.world.names[r["village_code"]] == name)

    def _member(self, of: Return, village: str, which: Callable[[Row], Any]) -> Row:
        return next(
            r
            for r in of.rows
            if self.world.names[r["village_code"]] == village and r["status"] == "在任" and which(r)
        )

    def _earlier(self) -> None:
        """2025: a quarter's own amounts in the cumulative columns; a village left out."""
        of = self.world.find("2025Q2", SIHUSHAN, "village_economy")
        first = self._village(self.world.find("2025Q1", SIHUSHAN, "village_economy"), "中和村")
        row = self._village(of, "中和村")
        for name in _CUMULATIVE:
            row[name] = ((row[name] - first[name]) * Decimal("0.8")).quantize(Decimal("0.01"))
        add_up(row)
        self.note(
            "T01a", of, row, "operating_income", "累计栏填成本季数", "T01b", "T01c", "R42", "T04", "R44"
        )
        of = self.world.find("2025Q3", HUANGMAOZHOU, "village_economy")
        row = self._village(of, "洞庭滨村")
        of.rows.remove(row)
        self.note("C02", of, row, "village", "漏报一个村")

    def _first_version(self) -> None:
        """草尾镇's first workbook of 2026Q1, corrected by its second."""
        of = self.world.find("2026Q1", CAOWEI, "village_economy", 1)
        row = self._village(of, "人和村")
        row["_typed"] = {"village": "人合村"}
        self.note("C03", of, row, "village", "村名写错一个字，该行不取", "D100", "C02", "F02")
        row = self._village(of, "长乐村")
        row["debt_repaid"] += Decimal("1.5")
        self.note("R42", of, row, "debt_total", "化解负债多填，期末负债不平")
        of = self.world.find("2026Q1", CAOWEI, "committee", 1)
        row = self._member(of, "乐园村", lambda r: r["party_post"] == "委员")
        row["political"] = "群众"
        row["join_party"] = None
        self.note("R17", of, row, "political", "支部委员填为群众")

    def _sihushan_economy(self) -> None:
        of = self.world.find("2026Q1", SIHUSHAN, "village_economy")
        row = self._village(of, "北港村")
        row["inc_operate"] += Decimal("0.90")
        self.note("R38", of, row, "operating_income", "经营收入数位颠倒，四项之和与合计不符")
        row = self._village(of, "石子埂村")
        row["debt_begin"] += Decimal(2)
        row["debt_total"] += Decimal(2)
        self.note("T02", of, row, "debt_begin", "年初负债与上年末不一致")
        of.stated = {"inc_subsidy": sum((r["inc_subsidy"] for r in of.rows), Decimal(0)) - Decimal("1.05")}
        self.note("F02", of, None, "inc_subsidy", "合计行未更新，与各行相加不符")

    def _sihushan_people(self) -> None:
        of = self.world.find("2026Q1", SIHUSHAN, "committee")
        row = self._member(of, "朱冯村", lambda r: r["one_shoulder"])
        row["one_shoulder"] = False
        self.note("R15", of, row, "one_shoulder", "书记兼主任填为不是一肩挑")
        row = self._member(of, "华星村", lambda r: r["party_post"] == "委员")
        row["political"] = None
        self.note("C04", of, row, "political", "政治面貌未填")
        row = self._member(of, "和平村", lambda r: r["party_post"] == "无")
        row["source_kind"] = None
        row["_typed"] = {"source_kind": "乡贤"}
        self.note("D106", of, row, "source_kind", "来源类别填了枚举外的值")
        row = self._member(of, "两鲜村", lambda r: r["party_post"] == "委员")
        row["sex"] = "女" if row["sex"] == "男" else "男"
        self.note("R12", of, row, "sex", "性别与身份证号不符", "T09")
        row = self._member(of, "光复垸村", lambda r: r["party_post"] == "无")
        twin = row | {"village_code": self._village(of, "华红村")["village_code"]}
        place = max(i for i, r in enumerate(of.rows) if r["village_code"] == twin["village_code"])
        of.rows.insert(place + 1, twin)
        self.note("F03", of, twin, "name", "同一人列入两个村的名册", "F01", "P09", "T09")
        of = self.world.find("2026Q1", SIHUSHAN, "resident")
        row = of.rows[1]
        row["days_m2"], row["leave_days"] = 30, 0
        self.note("R30", of, row, "days_m1", "2月驻村天数超过当月天数（检查标在首月栏）")

    def _sihushan_others(self) -> None:
        of = self.world.find("2026Q1", SIHUSHAN, "issue")
        row = max((r for r in of.rows if r["status"] == "已销号"), key=lambda r: r["kind"] != "集体经济薄弱")
        row["closed_date"] = None
        self.note("R63", of, row, "closed_date", "已销号未填销号日期", "C04")
        of = self.world.find("2026Q1", SIHUSHAN, "training_class")
        row = of.rows[0]
        row["person_times"] = row["attended"] - 6
        self.note("R26", of, row, "person_times", "培训人次小于实训人数")

    def _yangluozhou_economy(self) -> None:
        of = self.world.find("2026Q1", YANGLUOZHOU, "village_economy")
        row = self._village(of, "宝三村")
        row["income_total"] -= row["inc_other"]
        self.note("R39", of, row, "income_total", "总收入漏加其他收入")
        row = self._village(of, "富民村")
        row["inc_contract"] += Decimal(26)
        add_up(row)
        self.note(
            "T04", of, row, "operating_income", "一次性收取多年发包款，同比变动超过50%，须说明", "P02", "P12"
        )
        row = self._village(of, "大中村")
        row["idle_income"] = None
        row["_typed"] = {"idle_income": "约0.5"}
        self.note("D54", of, row, "idle_income", "填了概数")
        row = self._village(of, "吕丰村")
        row["ledger_updated"] = date(2025, 12, 26)
        self.note("R47", of, row, "ledger_updated", "台账本季未更新")

    def _yangluozhou_people(self) -> None:
        of = self.world.find("2026Q1", YANGLUOZHOU, "committee")
        row = self._member(of, "跃进村", lambda r: r["party_post"] == "委员")
        number = row["id_card"]
        wrong = number[:15] + str((int(number[15]) + 3) % 10) + number[16:]
        row["id_card"], row["_typed"] = None, {"id_card": wrong}
        self.note("D80", of, row, "id_card", "身份证号输错一位，校验位不符，该格不取", "R10", "C04")
        row = self._member(of, "兴乐村", lambda r: r["party_post"] == "副书记")
        row["birth"] = back(row["birth"], 12)
        self.note("R11", of, row, "birth", "出生年月与身份证号不一致", "T09")
        of = self.world.find("2026Q1", YANGLUOZHOU, "resident")
        row = of.rows[0]
        row["days_m1"], row["leave_days"] = 15, 0
        self.note("R32", of, row, "days_m1", "1月驻村不足20天且无请假")

    def _yangluozhou_others(self) -> None:
        of = self.world.find("2026Q1", YANGLUOZHOU, "issue")
        row = next(r for r in of.rows if r["status"] in ("整改中", "未启动"))
        row["deadline"] = date(2026, 2, 28)
        self.note("R65", of, row, "deadline", "超整改时限未销号", "T11")
        of = self.world.find("2026Q1", YANGLUOZHOU, "training_class")
        row = of.rows[0]
        row["attended"] += 1
        row["planned"] += 1
        row["person_times"] += 1
        self.note("X09", of, row, "attended", "实训人数比参训名册多1人")
        of = self.world.find("2026Q1", YANGLUOZHOU, "training_attend")
        row = next(r for r in of.rows if r["trainee_type"] == "驻村干部")
        self.note("X11", of, row, "name", "按驻村干部参训，但不在驻村名册")


_CUMULATIVE = [
    "inc_operate",
    "inc_contract",
    "inc_invest",
    "inc_other_op",
    "inc_subsidy",
    "inc_other",
    "operating_cost",
    "manage_cost",
    "other_cost",
    "idle_income",
    "tour_income",
    "dividend",
]
