"""Truth of `evaluation`: star ratings, demonstration villages and townships, honours and appraisals."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from generator.quarters import EXTENDED, LAST
from generator.register import OFFICE, Township, Village

Row = dict[str, Any]

MODELS, ZONES = 12, 1
"""“十好”示范点 and the zone that strings them together: the “1+12” of a source briefing."""

DOUBLE_STANDARD = 186
_CRITERIA = tuple(f"c{i}" for i in range(1, 11))
_HONOURS = (
    ("“六有”村示范点", "县级", 9),
    ("党建示范点", "市级", 5),
    ("美丽乡村", "省级", 8),
    ("民主法治村", "省级", 4),
    ("文明村", "市级", 10),
)
_SIX_GOOD = ("430981008", "430981114", "430981113")


@dataclass(frozen=True, slots=True)
class Rating:
    """A village organisation's star rating."""

    subject: str
    total: Decimal
    grade: str


class Ratings:
    """All ratings; those of 2026 are added in the last quarter."""

    def __init__(
        self, townships: list[Township], villages: list[Village], heads: dict[str, str], weak: set[str]
    ) -> None:
        self.rng = random.Random("ratings")
        self.townships = townships
        self.villages = villages
        self.rural = [v for v in villages if v.rural and v.code not in weak]
        self.stars = {code: self._star(name, code in weak) for code, name in heads.items()}

    def _star(self, subject: str, weak: bool) -> Rating:
        total = (
            Decimal(self.rng.randint(610, 680) if weak else round(self.rng.triangular(680, 985, 850))) / 10
        )
        lines = ((90, "五星"), (80, "四星"), (70, "三星"))
        return Rating(subject, total, next((grade for line, grade in lines if total >= line), "不定星"))

    def build(self, secretaries: dict[str, str]) -> dict[str, list[Row]]:
        """Reporter → rows of the last quarter; the year of each says since when it stands."""
        found: list[Row] = [self._rated(code, rating) for code, rating in self.stars.items()]
        found += self._models() + self._double() + self._honours() + self._secretaries(secretaries)
        rows: dict[str, list[Row]] = {OFFICE: self._county()}
        township_of = {v.code: v.township.code for v in self.villages}
        for row in found:
            rows.setdefault(township_of[row["village_code"]], []).append(row)
        return rows

    def _rated(self, code: str, rating: Rating) -> Row:
        named = rating.grade != "不定星"
        return _row("星级党组织", "党组织", rating.subject, "县级", 2025, "已命名" if named else "未通过") | {
            "village_code": code,
            "total": rating.total,
            "grade": rating.grade,
            "veto": False,
            "award_date": date(2025, 12, 22) if named else None,
        }

    def _models(self) -> list[Row]:
        """Twelve named, four of them in 2026Q1, and six on the way."""
        found = []
        zone = [v for v in self.rural if v.township.code in ("430981008", "430981114")]
        others = [v for v in self.rural if v not in zone]
        chosen = self.rng.sample(zone, 8) + self.rng.sample(others, 10)
        for i, village in enumerate(chosen):
            named = i < MODELS
            low = 80 if named else 55
            scores = {c: Decimal(self.rng.randint(low, 99)) / 10 for c in _CRITERIA}
            deduction = Decimal(self.rng.choice((0, 0, 5, 10))) / 10
            year = 2026 if i in (6, 7, 10, 11) or not named else 2025
            row = _row("“十好”示范点", "村社", village.name, "县级", year, "已命名" if named else "创建中")
            row |= scores | {"deduction": deduction, "total": sum(scores.values()) - deduction}
            row |= {"village_code": village.code, "grade": "达标" if named else None, "veto": False}
            row["award_date"] = date(year, 3 if year == 2026 else 11, 18) if named else None
            found.append(row)
        return found

    def _double(self) -> list[Row]:
        left_out = {v.code for v in self.rng.sample(self.villages, len(self.villages) - DOUBLE_STANDARD)}
        return [
            _row("“双整”达标", "村社", v.name, "县级", 2025, "已命名")
            | {"village_code": v.code, "grade": "达标", "award_date": date(2025, 12, 10)}
            for v in self.villages
            if v.code not in left_out
        ]

    def _honours(self) -> list[Row]:
        found = []
        for scheme, level, n in _HONOURS:
            for i, village in enumerate(self.rng.sample(self.rural, n)):
                year = 2026 if i == n - 1 else self.rng.randint(2023, 2025)
                day = date(year, 2 if year == 2026 else self.rng.randint(3, 12), 16)
                row = _row(scheme, "村社", village.name, level, year, "已命名")
                found.append(row | {"village_code": village.code, "award_date": day})
        return found

    def _secretaries(self, secretaries: dict[str, str]) -> list[Row]:
        return [
            _row("优秀支书", "个人", secretaries[v.code], "县级", 2025, "已命名")
            | {"village_code": v.code, "grade": "优秀", "award_date": date(2025, 6, 27)}
            for v in self.rng.sample(self.rural, 6)
        ]

    def _county(self) -> list[Row]:
        """What the office itself rates: the zone, the townships."""
        zone = _row("示范区", "乡镇", "胭脂湖—草尾基层党建引领乡村振兴示范区", "市级", 2025, "已命名")
        found = [zone | {"township_code": "430981008", "award_date": date(2025, 10, 20)}]
        for township in self.townships:
            total = Decimal(self.rng.randint(845, 972)) / 10
            row = _row("党建述职评议", "乡镇", township.name, "县级", 2025, "已命名")
            row |= {"township_code": township.code, "total": total, "grade": "好" if total >= 90 else "较好"}
            found.append(row | {"veto": False, "award_date": date(2025, 12, 29)})
        for code in _SIX_GOOD:
            name = next(t.name for t in self.townships if t.code == code)
            row = _row("“六好”乡镇", "乡镇", name, "县级", 2025, "已命名")
            found.append(row | {"township_code": code, "award_date": date(2025, 12, 29)})
        return found


def _row(scheme: str, kind: str, subject: str, level: str, year: int, status: str) -> Row:
    blank = dict.fromkeys((*_CRITERIA, "deduction", "total", "grade", "veto", "award_date"))
    blank |= {"village_code": None, "township_code": None}
    return blank | {
        "scheme": scheme,
        "subject_kind": kind,
        "subject": subject,
        "level": level,
        "eval_year": year,
        "status": status,
    }


def truth(ratings: Ratings, secretaries: dict[str, str]) -> dict[str, dict[str, list[Row]]]:
    """Quarter label → reporter → rows: before the last quarter those of earlier years."""
    rows = ratings.build(secretaries)
    return {
        q.label: {
            code: [dict(r) for r in own if r["eval_year"] < LAST.year or q is LAST]
            for code, own in rows.items()
        }
        for q in EXTENDED
    }
