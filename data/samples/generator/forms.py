"""The six forms as the samples print them: id, printed header, type and header group of every column."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a form. `groups` are the merged headers above it, top first."""

    id: str
    title: str
    type: str
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormSheet:
    """One form: its number, its title and its columns in the order of the printed blank."""

    id: str
    code: str
    title: str
    columns: tuple[Column, ...]
    measure: str = ""

    def type_of(self, field: str) -> str:
        """The type of a field."""
        return next(c.type for c in self.columns if c.id == field)


def _form(id_: str, code: str, title: str, text: str, measure: str = "") -> FormSheet:
    columns: list[Column] = []
    groups: tuple[str, ...] = ()
    for line in text.strip().splitlines():
        line = line.strip()
        if line.startswith("["):
            groups = tuple(part for part in line[1:-1].split("/") if part)
            continue
        field, title_, type_ = line.split("|")
        columns.append(Column(field, title_, type_, groups))
    return FormSheet(id_, code, title, tuple(columns), measure)


VILLAGE_ECONOMY = _form(
    "village_economy",
    "县农季08表",
    "村级集体经济“一村一本账”",
    """
    [收入情况/经营性收入构成]
    inc_operate|经营收入|money
    inc_contract|发包及上交收入|money
    inc_invest|投资收益|money
    inc_other_op|其他经营性收入|money
    operating_income|经营性收入合计|money
    [收入情况/非经营性收入]
    inc_subsidy|补助收入|money
    inc_other|其他收入|money
    [收入情况/收入总计]
    income_total|总收入|money
    [支出和收益情况/支出]
    operating_cost|经营支出|money
    manage_cost|管理费用|money
    other_cost|其他支出|money
    [支出和收益情况/收益]
    operating_profit|经营收益|money
    net_profit|本年收益|money
    land_comp|附：土地征收补偿费|money
    income_target|本年经营性收入目标|money
    idle_income|其中：盘活闲置资产收入|money
    [资产和负债情况/资产]
    assets_total|资产总额|money
    [资产和负债情况/负债]
    debt_begin|年初负债余额|money
    debt_new|本年新增负债|money
    debt_repaid|本年化解负债|money
    debt_total|期末负债余额|money
    debt_loan|其中：金融机构贷款|money
    [资产和负债情况/债权和分配]
    receivable|债权总额|money
    dividend|成员分红|money
    [管理和产业情况/监测管理]
    weak_status|薄弱村状态|enum
    mgmt_class|重点村分类|enum
    [管理和产业情况/产业]
    main_industry|主导产业|text
    one_product|是否形成“一村一品”|bool
    ecommerce|是否开展农村电商|bool
    taobao_village|是否淘宝村|bool
    shops_n|农村网店数|int
    tourists|接待游客|number
    tour_income|旅游收入|money
    farmer_income|村民人均可支配收入|yuan
    [台账]
    ledger_updated|台账更新日期|date
    """,
    measure="万元",
)

COMMITTEE = _form(
    "committee",
    "县组季02表",
    "村（社区）“两委”成员名册",
    """
    [基本情况]
    name|姓名|text
    sex|性别|enum
    ethnic|民族|text
    id_card|身份证号|id_card
    birth|出生年月|month
    edu|学历|enum
    political|政治面貌|enum
    join_party|入党时间|month
    [任职情况]
    party_post|党组织职务|enum
    village_post|村（居）委会职务|enum
    one_shoulder|是否“一肩挑”|bool
    source_kind|来源类别|enum
    post_date|任现职时间|month
    [待遇和考核]
    pay_month|月基本报酬|yuan
    insured|参加养老保险|bool
    joint_review|县级联审结论|enum
    appraisal|上年“双述双评”等次|enum
    [变动情况]
    status|在任状态|enum
    leave_date|离任时间|month
    phone|联系电话|phone
    """,
)

RESIDENT = _form(
    "resident",
    "县组季06表",
    "驻村（乡）干部名册及考勤季报表",
    """
    [工作队]
    team_code|工作队名称（编号）|text
    team_level|派出层级|enum
    village_kind|派驻村类型|enum
    [人员]
    role|驻村职务|enum
    name|姓名|text
    sex|性别|enum
    id_card|身份证号|id_card
    birth|出生年月|month
    political|政治面貌|enum
    dispatch_unit|派出单位|text
    unit_post|原单位职务|text
    start_date|到任时间|date
    end_date|拟期满（轮换）时间|date
    detached|是否与原单位脱钩|bool
    [考勤]
    days_m1|首月驻村天数|int
    days_m2|次月驻村天数|int
    days_m3|末月驻村天数|int
    leave_days|请假天数|int
    absent_n|脱岗次数|int
    [履职]
    reports_due|应交工作报告数|int
    reports_n|实交工作报告数|int
    visits|入户走访次数|int
    projects_ytd|本年协调引进项目数|int
    funds_ytd|本年争取资金|money
    appraisal|上年考核等次|enum
    """,
)

TRAINING_CLASS = _form(
    "training_class",
    "县组季04表",
    "教育培训班次台账",
    """
    [班次]
    class_code|班次编号|text
    class_name|培训班名称|text
    organiser|主办单位|text
    org_level|主办层级|enum
    topic|培训主题|enum
    trainee_type|培训对象|enum
    mode|培训方式|enum
    place|培训地点|text
    [时间]
    start_date|开始日期|date
    end_date|结束日期|date
    hours|学时|number
    [人数和经费]
    planned|应训人数|int
    attended|实训人数|int
    person_times|培训人次|int
    cost|培训经费|money
    """,
)

TRAINING_ATTEND = _form(
    "training_attend",
    "县组季05表",
    "参训人员名册",
    """
    class_code|班次编号|text
    name|姓名|text
    id_card|身份证号|id_card
    trainee_type|人员类别|enum
    post|职务|text
    attended|到训情况|enum
    hours|实得学时|number
    exam|考核结果|enum
    """,
)

ISSUE = _form(
    "issue",
    "县组月12表",
    "问题整改和销号台账",
    """
    [问题]
    issue_no|问题编号|text
    source|问题来源|enum
    kind|问题类别|enum
    card|亮牌|enum
    content|问题内容|text
    [整改]
    measures|整改措施|text
    owner_unit|责任单位|text
    owner|责任人|text
    found_date|发现日期|date
    deadline|整改时限|date
    status|整改状态|enum
    closed_date|销号日期|date
    reopened|是否反弹|bool
    [问责和评价]
    talks_n|约谈人数|int
    accountable_n|问责人数|int
    satisfaction|群众满意度|percent
    """,
)

FORMS = {f.id: f for f in (VILLAGE_ECONOMY, COMMITTEE, RESIDENT, TRAINING_CLASS, TRAINING_ATTEND, ISSUE)}
OFFICE_FORMS = ("training_class", "training_attend")
SUMMED = {"money", "int", "number"}
"""Types that a township's 合计 row adds up. Yuan columns are amounts a person: nobody adds them."""
