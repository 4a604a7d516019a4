"""The honest mistakes in the eight forms that came later: 泗湖山镇's must be corrected, 阳罗洲镇's corrected or explained."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from generator.quarters import LAST
from generator.register import AGRICULTURE
from generator.returns import Return, Row

if TYPE_CHECKING:
    from generator.mistakes import Planter

SIHUSHAN, YANGLUOZHOU = "430981105", "430981115"


def plant(planter: Planter) -> None:
    """Plant all of them. None touches a figure that the briefings print (README)."""
    for one in (_organisations, _talents, _supports, _projects, _governance, _services, _ratings, _register):
        one(planter)


def plant_counts(planter: Planter) -> None:
    """Plant the mistakes of the summary, after it was counted."""
    of = _return(planter, SIHUSHAN, "summary")
    row = of.rows[0]
    row["edu_junior"] += 1
    planter.note("R70", of, row, "committee_n", "学历分段多计1人", "X04g")
    row["reserve_n"] += 3
    planter.note("X06a", of, row, "reserve_n", "后备干部数与名册不一致")
    of = _return(planter, YANGLUOZHOU, "summary")
    row = of.rows[0]
    row["pb_budget_last"] += Decimal("1.5")
    planter.note("T13", of, row, "pb_budget_last", "上年党建预算与上年填报不一致")


def _return(planter: Planter, code: str, form: str) -> Return:
    return planter.world.find(LAST.label, code, form)


def _first(of: Return, which: Callable[[Row], Any]) -> Row:
    return next(r for r in of.rows if which(r))


def _organisations(planter: Planter) -> None:
    of = _return(planter, SIHUSHAN, "party_org")
    branches = [r for r in of.rows if r["org_type"] == "党支部" and r["org_field"] == "农村"]
    branches[0]["members_61p"] += 2
    planter.note("R01", of, branches[0], "members_total", "年龄四段合计比党员总数多2人")
    branches[3]["members_female"] = branches[3]["members_total"] + 4
    planter.note("R02", of, branches[3], "members_total", "女党员数填串行，大于党员总数")
    branches[5] |= {"new_members": 0, "new_members_u35": 1}
    planter.note("R04", of, branches[5], "new_members", "新发展党员0人，其中35岁及以下1人")
    head = _first(of, lambda r: r["org_type"] == "党总支" and r["org_field"] == "农村")
    head["secretary"] = head["secretary"][0] + "国平"
    planter.note("X17", of, head, "secretary", "书记仍填上一任")
    of = _return(planter, YANGLUOZHOU, "party_org")
    branches = [r for r in of.rows if r["org_type"] == "党支部" and r["org_field"] == "农村"]
    branches[1]["members_posted"] = branches[1]["members_postless"] + 5
    planter.note("R03", of, branches[1], "members_posted", "定岗党员多于无职党员")
    branches[2]["std_items"] = 5
    planter.note("R08", of, branches[2], "std_items", "填达标，六个方面只达标5项")
    branches[4]["c_meeting"] = 2
    planter.note("R09", of, branches[4], "m_meeting", "支委会本季只开了2次（检查标在党员大会栏）")
    branches[6]["members_total"] += 9
    branches[6]["members_36_45"] += 9
    planter.note("T07", of, branches[6], "members_total", "党员数比上季多9人，与新发展人数不相称")


def _talents(planter: Planter) -> None:
    of = _return(planter, SIHUSHAN, "talent")
    row = _first(of, lambda r: r["register"] == "后备干部" and r["status"] == "在库")
    row["mentor"] = None
    planter.note("R22", of, row, "id_card", "后备干部未填培养联系人（检查标在身份证号栏）", "C04")
    row = _first(of, lambda r: r["register"] == "在外乡贤")
    row["birth"] = date(1930, 5, 1)
    planter.note("range", of, row, "birth", "出生年月早于1935年")
    of = _return(planter, YANGLUOZHOU, "talent")
    reserve = [r for r in of.rows if r["register"] == "后备干部" and r["status"] == "在库"]
    reserve[2]["birth"] = date(1977, 8, 1)
    planter.note("R23", of, reserve[2], "birth", "后备干部超过45岁")
    members = planter.world.find(LAST.label, YANGLUOZHOU, "committee").rows
    same = {"village_code": reserve[5]["village_code"], "status": "在任"}
    member = next(r for r in members if r.items() >= same.items() and r["party_post"] == "委员")
    reserve[5] |= {k: member[k] for k in ("name", "sex", "id_card", "birth", "edu", "political")}
    planter.note("X12", of, reserve[5], "name", "已进“两委”班子，仍列为在库后备干部", "R23")


def _supports(planter: Planter) -> None:
    of = _return(planter, SIHUSHAN, "support")
    row = _first(of, lambda r: r["kind"] == "民企合作社结对")
    row |= {"orders_n": 2, "orders_done": 3}
    planter.note("R36", of, row, "orders_done", "办结单数大于点单数")
    of = _return(planter, AGRICULTURE, "support")
    row = _first(of, lambda r: r["kind"] == "科技特派员")
    row["end_date"] = date(row["start_date"].year - 1, 12, 31)
    planter.note("R37a", of, row, "end_date", "结束时间早于开始时间")


def _projects(planter: Planter) -> None:
    of = _return(planter, SIHUSHAN, "project")
    done = [r for r in of.rows if r["status"] == "已投产"]
    done[0]["finish_date"] = date(2021, 6, 20)
    planter.note("R52", of, done[0], "finish_date", "完工日期早于开工日期")
    done[1]["households"] = done[1]["poor_hh"] - 4
    planter.note("R72", of, done[1], "poor_hh", "脱贫户数大于带动户数")
    done[2]["hh_basis"] = None
    planter.note("R50", of, done[2], "hh_income_min", "增收未填户均或人均口径")
    of = _return(planter, YANGLUOZHOU, "project")
    done = [r for r in of.rows if r["status"] == "已投产"]
    done[0] |= {"is_loan": True, "loan_amt": Decimal(30), "risk_shared": False}
    planter.note("R51", of, done[0], "loan_amt", "举债项目未建立风险共担机制")
    done[3]["invest_done"] = done[3]["invest_plan"] * Decimal("1.5")
    planter.note("R49", of, done[3], "invest_done", "完成投资超过计划20%以上")
    row = _first(
        of, lambda r: r["status"] == "在建" and r["introduced_by"] != "驻村第一书记" and r["invest_plan"]
    )
    row["invest_done"] = (row["invest_done"] / 2).quantize(Decimal("0.01"))
    planter.note("T12", of, row, "invest_done", "累计完成投资比上季少")


def _register(planter: Planter) -> None:
    """The register of units still calls the village weak whose organisation has been put in order: a slip of the office, not of the township."""
    of = _return(planter, "430981108", "party_org")
    row = _first(of, lambda r: r["weak_status"] == "已销号")
    planter.note("K06", of, row, "weak_status", "已销号，单位名录仍为软弱涣散村")


def _governance(planter: Planter) -> None:
    of = _return(planter, SIHUSHAN, "village_gov")
    of.rows[1]["decisions_4y"] = of.rows[1]["decisions"] + 1
    planter.note("R53", of, of.rows[1], "decisions_4y", "按“四议两公开”决策的多于重大事项", "K02")
    of.rows[4]["audit_done"] = of.rows[4]["audit_due"] + 1
    planter.note("R55", of, of.rows[4], "audit_done", "已审计人数大于应审计人数")
    of.rows[6]["hh_linked"] = of.rows[6]["households"] + 25
    planter.note("R59", of, of.rows[6], "coops_party", "联系户数大于总户数（检查标在合作社党组织栏）")
    of.stated = {"grids": Decimal(sum(r["grids"] for r in of.rows) - 1)}
    planter.note("F02", of, None, "grids", "合计行少计一个网格")
    of = _return(planter, YANGLUOZHOU, "village_gov")
    of.rows[0]["superv_n"] = 7
    planter.note("R54", of, of.rows[0], "superv_n", "村务监督委员会7人，一般为3至5人")
    of.rows[2]["fin_pub_n"] = 0
    planter.note("R57", of, of.rows[2], "affairs_pub_n", "本季未公开财务（检查标在村务公开栏）")
    of.rows[5] |= {"disputes": 3, "disputes_solved": 5}
    planter.note("R56", of, of.rows[5], "disputes_solved", "化解的纠纷多于受理的，含上季结转未说明")
    of.rows[7]["op_fund_paid"] += Decimal("2.4")
    planter.note("R58", of, of.rows[7], "op_fund_paid", "已拨运转经费超过应拨数5%以上", "X19", "K02")
    row = of.rows[9]
    row["households"], row["population"] = row["population"], row["households"]
    planter.note("P10", of, row, "population", "户数与人口填反")


def _services(planter: Planter) -> None:
    of = _return(planter, SIHUSHAN, "service")
    row = _first(of, lambda r: r["kind"] == "文明实践活动")
    row["party_n"] = row["participants"] + 12
    planter.note("R60", of, row, "party_n", "党员人次大于参与人次")
    row = _first(of, lambda r: r["kind"] == "微心愿")
    row["event_date"] = date(2025, 12, 27)
    planter.note("R62", of, row, "event_date", "活动日期不在本报告期")
    of = _return(planter, YANGLUOZHOU, "service")
    row = _first(of, lambda r: r["kind"] == "矛盾化解")
    row["problems_in"] = row["problems_solved"] - 3
    planter.note("R61", of, row, "problems_solved", "解决问题数大于收集问题数")
    row = _first(of, lambda r: r["kind"] == "政策宣讲")
    row["participants"] = row["times"] * 3000 + 1200
    planter.note("P08", of, row, "participants", "参与人次填成受益人数", "P02")


def _ratings(planter: Planter) -> None:
    of = _return(planter, SIHUSHAN, "evaluation")
    row = _first(of, lambda r: r["scheme"] == "美丽乡村" or r["scheme"] == "“双整”达标")
    row["award_date"] = None
    planter.note("C04", of, row, "award_date", "已命名未填命名日期")
    row = _first(of, lambda r: r["scheme"] == "星级党组织" and r["grade"] == "三星")
    row["veto"] = True
    planter.note("R67", of, row, "status", "一票否决仍填已命名")
    of = _return(planter, YANGLUOZHOU, "evaluation")
    row = _first(of, lambda r: r["scheme"] == "星级党组织" and r["grade"] == "四星")
    row["grade"] = "五星"
    planter.note("R68", of, row, "grade", "84分一档评为五星，与得分不对应", "X21")
