"""How each office lays its workbook out. An office keeps its style over the quarters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SHORT_ENUMS: dict[str, dict[str, str]] = {
    "political": {"中共党员": "党员", "中共预备党员": "预备党员", "共青团员": "团员"},
    "edu": {"大专": "专科", "本科": "大学", "高中或中专": "高中", "研究生": "硕士"},
    "party_post": {"书记": "支书", "委员": "支委"},
    "village_post": {"主任": "村主任"},
    "source_kind": {
        "本村致富能手": "致富能手",
        "本土大学毕业生": "大学毕业生",
        "外出务工经商返乡人员": "返乡人员",
        "退役军人": "退伍军人",
    },
    "weak_status": {"非薄弱村": "正常", "薄弱村": "监测中", "空白村": "空壳村", "已销号": "已摘帽"},
    "mgmt_class": {"重点管理": "红", "关注管理": "黄", "常规管理": "绿"},
    "role": {"队员": "工作队员"},
    "village_kind": {"乡村振兴重点村": "重点村", "党组织软弱涣散村": "软弱涣散村"},
}
TICKS: dict[str, dict[str, str]] = {"attended": {"到训": "√", "缺训": "×"}}
DASHES: dict[str, dict[str, str]] = {
    "party_post": {"无": "—"},
    "village_post": {"无": "—"},
    "card": {"无": "—", "黄": "黄牌"},
    "status": {"已销号": "销号"},
}
SHORT_HEADERS: dict[str, dict[str, str]] = {
    "village_economy": {
        "village": "村名",
        "operating_income": "经营性收入",
        "income_total": "集体经济总收入",
        "inc_contract": "承包收入",
        "inc_subsidy": "上级补助",
        "debt_begin": "年初债务",
        "debt_new": "新增债务",
        "debt_repaid": "已化债",
        "debt_total": "负债总额",
        "weak_status": "是否薄弱村",
        "income_target": "年度目标",
        "ledger_updated": "更新时间",
    },
    "committee": {
        "village": "所在村",
        "id_card": "身份证号码",
        "edu": "文化程度",
        "party_post": "党内职务",
        "village_post": "村委职务",
        "one_shoulder": "一肩挑",
        "source_kind": "人员来源",
        "post_date": "任职时间",
        "pay_month": "月报酬",
        "insured": "养老保险",
    },
    "resident": {"team_code": "工作队", "dispatch_unit": "选派单位", "start_date": "驻村时间"},
    "training_class": {
        "class_code": "编号",
        "class_name": "班次名称",
        "attended": "到训人数",
        "person_times": "人次",
    },
    "training_attend": {"class_code": "编号", "attended": "签到", "trainee_type": "身份"},
    "issue": {"content": "问题描述", "deadline": "完成时限", "status": "进展", "talks_n": "约谈"},
    "party_org": {
        "org_name": "支部名称",
        "members_total": "党员人数",
        "star": "评定星级",
        "posts_set": "设岗数",
    },
    "talent": {"register": "名册类别", "category": "人才类型", "skill": "特长", "mentor": "联系人"},
    "support": {"giver": "帮扶单位", "members_n": "团队人数", "start_date": "结对时间"},
    "project": {
        "project_code": "编号",
        "category": "项目类别",
        "invest_plan": "总投资",
        "fund_alloc": "到位资金",
    },
    "village_gov": {"households": "总户数", "population": "总人口", "grid_members": "网格党员"},
    "service": {"event_date": "时间", "times": "场次", "participants": "参加人数", "problems_in": "诉求数"},
    "evaluation": {"scheme": "创建类别", "subject": "名称", "total": "综合得分", "grade": "评定等次"},
    "summary": {"villages_n": "村数", "members_n": "党员总数", "econ_income": "经营性收入"},
}
NUMBERED_HEADERS: dict[str, dict[str, str]] = {
    "village_economy": {
        "inc_operate": "1.经营收入",
        "inc_contract": "2.发包及\n上交收入",
        "inc_invest": "3.投资收益",
        "inc_subsidy": "4.补助收入",
        "inc_other": "5.其他收入",
        "income_total": "一、总收入",
        "operating_cost": "1.经营支出",
        "manage_cost": "2.管理费用",
        "other_cost": "3.其他支出",
        "net_profit": "三、本年收益",
    },
    "committee": {"birth": "出生\n年月", "join_party": "入党\n时间", "id_card": "公民身份号码"},
}
MONTH_HEADERS = {"days_m1", "days_m2", "days_m3"}
SHEETS_BY_TITLE = "title"
SHEETS_BY_NUMBER = "number"
_NUMBERS = {
    "party_org": "表1",
    "committee": "表2",
    "talent": "表3",
    "training_class": "表4",
    "training_attend": "表5",
    "resident": "表6",
    "support": "表7",
    "village_economy": "表8",
    "project": "表9",
    "village_gov": "表10",
    "service": "表11",
    "issue": "表12",
    "evaluation": "表13",
    "summary": "表14",
}
SHORT_TITLES = {
    "party_org": "党组织",
    "committee": "两委名册",
    "talent": "人才名册",
    "training_class": "培训台账",
    "training_attend": "参训名册",
    "resident": "驻村名册",
    "support": "结对帮扶",
    "village_economy": "一村一本账",
    "project": "项目台账",
    "village_gov": "村级治理",
    "service": "服务台账",
    "issue": "整改台账",
    "evaluation": "评定表",
    "summary": "综合表",
}
FULL_TITLES = {
    "party_org": "基层党组织和党员队伍情况表",
    "committee": "两委成员名册",
    "talent": "后备干部和乡村人才库名册",
    "training_class": "教育培训班次台账",
    "training_attend": "参训人员名册",
    "resident": "驻村干部名册及考勤",
    "support": "结对帮扶和下派服务力量登记表",
    "village_economy": "村级集体经济一村一本账",
    "project": "项目和经费投入台账",
    "village_gov": "村级治理和阵地情况表",
    "service": "服务群众和志愿活动台账",
    "issue": "问题整改和销号台账",
    "evaluation": "示范创建和考核评定表",
    "summary": "乡镇（街道）季度综合表",
}

_LEAN = frozenset({"taobao_village", "shops_n", "tourists", "tour_income", "receivable", "land_comp"})


@dataclass(frozen=True)
class Style:
    """One office's habits. `period` is the pattern of the period's wording: q digit, Q Chinese digit, m cumulative months.
    `where` says whether period and unit stand in title, corner or only in the file name. `money` is 万元 or 元."""

    suffix: str = ".xlsx"
    one_file: bool = True
    sheets: str = "full"
    levels: int = 1
    headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    month_headers: bool = False
    moved: bool = False
    omit: frozenset[str] = frozenset()
    extra: str = ""
    serial: bool = True
    township_column: str = ""
    village: str = "plain"
    merge_villages: bool = False
    money: str = "万元"
    measure_in_header: bool = False
    months: str = "dot"
    dates: str = "iso"
    yes: tuple[str, str] = ("是", "否")
    enums: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    percent: str = "plain"
    zero_word: str = ""
    totals: str = "bottom"
    subtotals: int = 0
    where: str = "title"
    period: str = "{y}年第{Q}季度"
    sign: str = "line"

    def sheet_name(self, form: str) -> str:
        """The name of the sheet of a form."""
        return {"full": FULL_TITLES, "short": SHORT_TITLES, "number": _NUMBERS}[self.sheets][form]


STYLES: dict[str, Style] = {
    "430981006": Style(levels=2, township_column="merged", measure_in_header=True),
    "430981008": Style(
        sheets="number",
        headers=SHORT_HEADERS,
        months="date",
        dates="date",
        yes=("√", "×"),
        enums=TICKS,
        totals="formula",
        moved=True,
        where="corner",
        period="{y}年{q}季度",
        percent="format",
    ),
    "430981102": Style(
        suffix=".xls",
        sheets="short",
        months="zh",
        dates="zh",
        omit=_LEAN,
        period="{y}年{Q}季度",
        percent="text",
    ),
    "430981105": Style(levels=2, extra="包村干部", month_headers=True, sign="cells"),
    "430981107": Style(
        money="元",
        village="committee",
        headers=SHORT_HEADERS,
        sheets="short",
        dates="dot",
        omit=_LEAN,
        where="corner",
        months="zh",
    ),
    "430981108": Style(
        one_file=False, levels=2, dates="dot", where="file", period="{y}年{Q}季度", sign="cells"
    ),
    "430981110": Style(
        suffix=".xls",
        levels=2,
        enums=SHORT_ENUMS | DASHES,
        yes=("√", "×"),
        months="dash",
        zero_word="无",
        totals="top",
    ),
    "430981112": Style(levels=3, subtotals=3, headers=NUMBERED_HEADERS, sheets="short", month_headers=True),
    "430981113": Style(
        village="prefix",
        extra="核对人",
        merge_villages=True,
        months="date",
        dates="date",
        moved=True,
        levels=2,
        period="{y}年{q}季度",
    ),
    "430981114": Style(
        headers=SHORT_HEADERS, totals="top", months="zh", dates="zh", month_headers=True, serial=False
    ),
    "430981115": Style(levels=2, enums=SHORT_ENUMS | TICKS, dates="date", months="dot", percent="text"),
    "430981116": Style(
        money="元",
        village="committee",
        months="dash",
        totals="formula",
        where="corner",
        period="{y}年1—{m}月",
        headers=NUMBERED_HEADERS,
        sign="cells",
    ),
    "430981401": Style(village="stem", sheets="number", omit=_LEAN, where="file", period="{y}年第{q}季度"),
    "430981402": Style(one_file=False, sheets="short", omit=_LEAN, dates="iso", months="dot"),
    "430981A01": Style(township_column="column", levels=1, dates="date"),
    "430981A02": Style(levels=2, sheets="short"),
    "430981A03": Style(township_column="column", sheets="short", headers=SHORT_HEADERS, dates="dot"),
    "430981A04": Style(township_column="column", dates="zh"),
    "430981A05": Style(township_column="column", where="corner"),
}
CSV = {("430981402", "village_economy")}
"""Sheets an office saves as text (gb18030)."""
