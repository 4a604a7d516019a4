"""A big delivery made from the definitions: one clean workbook a township, every form of `ROWS` on a sheet of its own.

Clean means as the form is printed: title, reporter and period above, the fields' own titles as header, values in the form's
measures. Persons are nobody: their identity numbers begin with 999999.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import islice, product
from typing import Any

import xlsxwriter

from ruralpb.model import Field, Form
from ruralpb.model.loader import load, sources

ROWS = {
    "village_economy": 1,
    "committee": 6,
    "resident": 3,
    "training_class": 1,
    "training_attend": 48,
    "issue": 5,
}
"""Form → rows of one village."""

VILLAGES = 16
"""Villages of one township."""

_COUNTY = "990101"
_SETTINGS = """\
title: 大批报表
unit: "{county}"
due:
  - {{forms: [{forms}], level: township, workday: 5, periods: [quarter]}}
"""
_WEIGHTS, _DIGITS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"


def project(townships: int) -> dict[str, bytes]:
    """Return the files of a project whose register has so many townships, by name."""
    settings = _SETTINGS.format(county=_COUNTY, forms=", ".join(ROWS))
    lines = ["code,name,level,parent_code,kind", "99,示例省,province,,province", "9901,示例市,city,99,city"]
    lines.append(f"{_COUNTY},示例县,county,9901,county")
    for code, name in _townships(townships):
        lines.append(f"{code},{name},township,{_COUNTY},镇")
        lines += [
            f"{code}{n:03},{village},village,{code},行政村" for n, village in enumerate(_villages(), 201)
        ]
    return {"ruralpb.yaml": settings.encode(), "units.csv": "\n".join(lines).encode()}


def returns(townships: int) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each township's workbook for the first quarter of 2026."""
    forms = load(sources(None))[0].library.forms
    for code, name in _townships(townships):
        yield (
            f"returns/2026-04-03/{name}.xlsx",
            _workbook(code, name, [(forms[f], n) for f, n in ROWS.items()]),
        )


def _workbook(code: str, township: str, forms: Iterable[tuple[Form, int]]) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for form, rows in forms:
        sheet = book.add_worksheet(form.title.replace("“", "").replace("”", "")[:31])
        fields = [f for f in form.fields if f.type != "township"]
        sheet.write_row(0, 0, [form.title])
        sheet.write_row(1, 0, [f"填报单位：{township}", "", "", "", "报告期：2026年第一季度"])
        sheet.write_row(2, 0, ["序号", *(_header(f) for f in fields)])
        for n, (village, _) in enumerate(product(_villages(), range(rows)), 1):
            sheet.write_number(n + 2, 0, n)
            for column, field in enumerate(fields, 1):
                value = village if field.type == "village" else _value(field, int(code) * 10_000 + n)
                if isinstance(value, date):
                    sheet.write_datetime(n + 2, column, value, day)  # type: ignore[arg-type]
                else:
                    sheet.write(n + 2, column, value)
    book.close()
    return stream.getvalue()


def _header(field: Field) -> str:
    return f"{field.title}（{field.measure}）" if field.type == "money" else field.title


def _value(field: Field, n: int) -> Any:
    match field.type:
        case "int":
            return n % 30 + int(field.min or 0)
        case "percent":
            return n % 30 + 60
        case "money" | "number":
            return (n % 1000) / 100 + float(max(field.min or 0, 0))
        case "date":
            return date(2026, 1, 2) + timedelta(days=n % 60)
        case "month":
            return f"{1960 + n % 40}-{n % 12 + 1:02}"
        case "enum":
            return field.values[n % len(field.values)].value
        case "bool":
            return "是" if n % 3 else "否"
        case "id_card":
            return _identity(n)
        case "phone":
            return f"1380000{n % 10_000:04}"
    return f"{field.title}{n % 1000}"


def _identity(n: int) -> str:
    born = date(1960, 1, 1) + timedelta(days=n % 14_000)
    body = f"999999{born:%Y%m%d}{n % 1000:03}"
    return body + _DIGITS[sum(w * int(d) for w, d in zip(_WEIGHTS, body, strict=True)) % 11]


def _townships(count: int) -> Iterator[tuple[str, str]]:
    names = (
        f"{a}{b}镇"
        for a, b in product("青白金石龙南北东西新高大长清云", "山河湖坪桥田溪洲塘坝洞港林水岭沙泉")
    )
    for number, name in enumerate(islice(names, count), 101):
        yield f"{_COUNTY}{number}", name


def _villages() -> list[str]:
    return [f"{a}家{b}村" for a, b in islice(product("张王李赵陈杨周吴", "湾坡"), VILLAGES)]
