"""A toy county with one form of every kind of column: township clinics. Nothing of the built-in subject in it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from ruralpb.core.periods import Period, parse
from ruralpb.model import Alias, Dated, EnumValue, Field, Form, Library, Register, Settings, Unit
from ruralpb.model.loader import Definitions

Q1 = parse("2026Q1", date(2026, 4, 1))

COUNTY = "990101"


def unit(code: str, name: str, level: str, parent: str, **other: object) -> Unit:
    return Unit(code, name, level, parent, **other)  # type: ignore[arg-type]


REGISTER = Register(
    (
        unit("99", "示例省", "province", ""),
        unit("9901", "示例市", "city", "99"),
        unit(COUNTY, "示例县", "county", "9901"),
        unit("990101101", "东镇", "township", COUNTY, kind="镇"),
        unit("990101102", "西河镇", "township", COUNTY, kind="镇"),
        unit("990101001", "桥头街道", "township", COUNTY, kind="街道"),
        unit("990101A01", "县卫健局", "office", COUNTY, aliases=("县卫生健康局",)),
        unit("990101101201", "甲村", "village", "990101101", kind="行政村"),
        unit("990101101202", "先锋村", "village", "990101101", kind="行政村"),
        unit("990101101203", "新建村", "village", "990101101", kind="行政村"),
        unit("990101101001", "新建社区", "village", "990101101", kind="社区"),
        unit("990101102201", "上码头村", "village", "990101102", kind="行政村"),
        unit("990101102202", "先锋村", "village", "990101102", kind="行政村"),
        unit(
            "990101102203",
            "下码头村",
            "village",
            "990101102",
            valid_to=date(2025, 6, 30),
            successor="990101102201",
        ),
        unit("990101102204", "旧名村", "village", "990101102", valid_to=date(2025, 6, 30)),
        unit("990101102204", "新名村", "village", "990101102", valid_from=date(2025, 7, 1)),
        unit("990101001001", "码头社区", "village", "990101001", kind="社区"),
    )
)

COMMON = (
    Field("township", "乡镇(街道)", "township", (Alias("所属乡镇"),), required=True),
    Field("village", "村(社区)", "village", (Alias("村名"), Alias("行政村")), required=True),
    Field("note", "备注", "text"),
)

CLINIC = Form(
    id="clinic",
    title="诊所情况表",
    code="卫季01表",
    row="village",
    frequency="quarter",
    time="point",
    key=("village",),
    village_row=True,
    fields=(
        *COMMON,
        Field("beds", "床位数", "int", (Alias("床位"),), measure="张", required=True),
        Field("doctors_male", "男", "int", group="医生", measure="人", required=True),
        Field("doctors_female", "女", "int", group="医生", measure="人", required=True),
        Field("nurses_male", "男", "int", group="护士", measure="人"),
        Field("nurses_female", "女", "int", group="护士", measure="人"),
        Field(
            "income",
            "诊疗收入",
            "money",
            (Alias("1.诊疗收入"),),
            measure="万元",
            required=True,
            max=Decimal(10000),
        ),
        Field("subsidy", "补助", "money", measure="万元", none_means_zero=True),
        Field("fee", "人均费用", "money", measure="元"),
        Field("satisfied", "满意率", "percent", measure="%"),
        Field("visited", "巡诊日期", "date", min_date=date(2000, 1, 1), max_date="end"),
        Field("old_name", "门诊人次", "int", dated=Dated(end=date(2024, 12, 31)), required=True),
    ),
)

DOCTOR = Form(
    id="doctor",
    title="医生名册",
    code="卫季02表",
    row="person",
    frequency="quarter",
    time="point",
    key=("id_card",),
    fields=(
        *COMMON,
        Field("name", "姓名", "text", required=True, sensitive="personal"),
        Field("id_card", "身份证号", "id_card", required=True, sensitive="sensitive"),
        Field("birth", "出生年月", "month", sensitive="personal", min_date=date(1930, 1, 1), max_date="end"),
        Field(
            "title_rank",
            "职称",
            "enum",
            required=True,
            values=(EnumValue("初级", ("医士",)), EnumValue("中级"), EnumValue("无", ("—",))),
        ),
        Field("skills", "专长", "enum", multi=True, values=(EnumValue("内科"), EnumValue("外科"))),
        Field("on_duty", "是否在岗", "bool"),
        Field("phone", "联系电话", "phone", sensitive="sensitive"),
    ),
)

LIBRARY = Library({"clinic": CLINIC, "doctor": DOCTOR}, {}, {}, {}, {}, "toy")
DEFINITIONS = Definitions(LIBRARY, REGISTER, Settings("示例县", COUNTY), (), "toy")


def period(text: str) -> Period:
    return parse(text, date(2026, 4, 1))
