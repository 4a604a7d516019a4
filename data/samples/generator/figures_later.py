"""The expected figures of the eight forms that came later, like `figures`: one short rule an indicator."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from generator.figures import Book
    from generator.returns import Row

BRANCHES = ("党支部", "联合党支部")
INDUSTRY = ("集体经济项目", "产业项目")
INVESTED = (*INDUSTRY, "招商投资项目")
ON_ORDER = ("首席专家", "人才服务队", "科技服务专家团队", "科技特派员", "专家服务")
MODELS = ("“十好”示范点", "“六有”村示范点", "党建示范点")


def put_all(book: Book, code: str) -> None:
    """Work out every figure of one unit."""
    for one in (
        _organisations,
        _members,
        _talents,
        _supports,
        _projects,
        _governance,
        _sites,
        _services,
        _rest,
    ):
        one(book, code)


def _rows(book: Book, code: str, form: str, test: Callable[[Row], Any] = lambda _: True) -> list[Row]:
    return [r for r in book.below(code, book.facts.of(form, book.quarter)) if test(r)]


def _counted(row: Row) -> bool:
    return not row["is_functional"] and row["org_type"] != "临时党支部"


def _organisations(book: Book, code: str) -> None:
    rows = _rows(book, code, "party_org")
    counted = [r for r in rows if _counted(r)]
    book.put("org_total", code, len(counted))
    book.put("org_standardised_n", code, sum(r["standardised"] for r in counted))
    book.share("org_standardised_rate", code, counted, lambda r: r["standardised"])
    book.put("org_alliance_n", code, len({r["alliance"] for r in rows} - {None}))
    own = [r for r in rows if r["org_field"] in ("农村", "社区")]
    book.put("org_weak_n", code, sum(r["weak_status"] == "整顿中" for r in own))
    listed = [r for r in rows if r["weak_status"] in ("整顿中", "已销号")]
    book.put("org_weak_closed_rate", code, sum(r["weak_status"] == "已销号" for r in listed), len(listed))
    branches = [r for r in rows if r["org_type"] in BRANCHES]
    book.share("org_life_rate", code, branches, _lively)
    book.share("star5_rate", code, [r for r in own if r["star"]], lambda r: r["star"] == "五星")


def _lively(row: Row) -> bool:
    return bool(row["m_meeting"] >= 1 and row["c_meeting"] >= 3 and row["p_day"] >= 3 and row["lecture"] >= 1)


def _members(book: Book, code: str) -> None:
    rows = _rows(book, code, "party_org")
    rural = [r for r in rows if r["org_field"] == "农村"]
    book.put("member_total", code, sum(r["members_total"] for r in rows if _counted(r)))
    for name, field in (("member_u35_rate", "members_u35"), ("member_61p_rate", "members_61p")):
        book.ratio(name, code, [r for r in rural if _counted(r)], field, "members_total")
    year = book.below(code, book.facts.year("party_org", book.quarter))
    book.put("member_new_n", code, sum(r["new_members"] for r in year))
    book.put("post_set_n", code, sum(r["posts_set"] for r in rows))
    book.put("post_member_n", code, sum(r["members_posted"] for r in rows))
    book.ratio("post_rate", code, rural, "members_posted", "members_postless")


def _talents(book: Book, code: str) -> None:
    kept = _rows(book, code, "talent", lambda r: r["status"] == "在库")
    reserve = [r["village_code"] for r in kept if r["register"] == "后备干部"]
    local = [r for r in kept if r["register"] == "乡土人才"]
    villages = book.villages(code)
    book.put("reserve_n", code, len(reserve))
    book.put("reserve_cover_rate", code, sum(reserve.count(v.code) >= 2 for v in villages), len(villages))
    book.put("talent_n", code, len(local))
    book.put("talent_category_n", code, len({r["category"] for r in local}))


def _supports(book: Book, code: str) -> None:
    lasting = _rows(book, code, "support", lambda r: r["status"] == "在结")
    book.put("support_n", code, len(lasting))
    book.put("support_members", code, sum(r["members_n"] for r in lasting))
    links = [r for r in lasting if r["kind"] == "县级领导联系"]
    linked = {r["village_code"] for r in links}
    villages = book.villages(code)
    book.put("leader_cover_rate", code, sum(v.code in linked for v in villages), len(villages))
    townships: dict[str, set[str]] = {}
    for r in _rows(
        book, "430981", "support", lambda r: r["kind"] == "县级领导联系" and r["status"] == "在结"
    ):
        townships.setdefault(r["giver"], set()).add(r["township_code"])
    book.put("leader_link_max", code, max((len(townships[r["giver"]]) for r in links), default=None))
    orders = _rows(book, code, "support", lambda r: r["kind"] in ON_ORDER)
    book.ratio("expert_order_rate", code, orders, "orders_done", "orders_n")


def _projects(book: Book, code: str) -> None:
    rows = _rows(book, code, "project")
    invested = [r for r in rows if r["category"] in INVESTED]
    book.sum("project_invest", code, invested, "invest_done")
    book.put("project_n", code, sum(r["status"] not in ("储备", "终止") for r in invested))
    for name, best in (("hh_income_min", min), ("hh_income_max", max)):
        known: list[Decimal] = [r[name] for r in rows if r[name] is not None]
        book.put(name, code, best(known) if known else None)
    reached = sum(r["poor_hh"] for r in rows if r["category"] in INDUSTRY and r["status"] == "已投产")
    poor = sum(r["poor_households"] for r in _rows(book, code, "village_gov"))
    book.put("poor_cover_rate", code, reached, poor)
    book.put("fund_alloc", code, sum((r["fund_alloc"] for r in rows), Decimal(0)))


def _governance(book: Book, code: str) -> None:
    rows = _rows(book, code, "village_gov")
    book.put("grid_n", code, sum(r["grids"] for r in rows))
    book.put("grid_member_n", code, sum(r["grid_members"] for r in rows))
    book.ratio("four_two_rate", code, rows, "decisions_4y", "decisions")
    book.share("publish_rate", code, rows, lambda r: r["affairs_pub_n"] >= 1 and r["fin_pub_n"] >= 1)
    book.share("superv_cover_rate", code, rows, lambda r: r["superv_n"] >= 3)
    book.ratio("audit_rate", code, rows, "audit_done", "audit_due")


def _sites(book: Book, code: str) -> None:
    rows = _rows(book, code, "village_gov")
    for name, field in (
        ("center_ok_rate", "center_ok"),
        ("service_station_rate", "service_station"),
        ("street_rate", "street_ok"),
        ("video_cover_rate", "video_covered"),
    ):
        book.share(name, code, rows, lambda r, field=field: r[field])  # type: ignore[misc]
    book.ratio("op_fund_rate", code, rows, "op_fund_paid", "op_fund_due")
    institutes = sum(r["practice_institute"] for r in _rows(book, code, "summary"))
    book.put("practice_site_n", code, sum(r["practice_station"] for r in rows) + institutes)


def _services(book: Book, code: str) -> None:
    rows = book.below(code, book.facts.year("service", book.quarter))
    book.put("service_times", code, sum(r["times"] for r in rows))
    book.put("service_participants", code, sum(r["participants"] for r in rows))
    book.put("service_beneficiaries", code, sum(r["beneficiaries"] for r in rows))
    book.put("service_problems", code, sum(r["problems_solved"] for r in rows))
    book.put("service_sites", code, len({r["village_code"] for r in rows} - {None}))


def _rest(book: Book, code: str) -> None:
    """Ratings, and what townships say of themselves."""
    named = _rows(book, code, "evaluation", lambda r: r["status"] == "已命名")
    places = [r for r in named if r["subject_kind"] == "村社"]
    villages = len(book.villages(code))
    book.put("eval_certified_n", code, len(named))
    models = {r["village_code"] for r in places if r["scheme"] in MODELS}
    book.put("demo_rate", code, len(models), villages)
    double = {r["village_code"] for r in places if r["scheme"] == "“双整”达标"}
    book.put("double_std_rate", code, len(double), villages)
    rows = _rows(book, code, "summary")
    book.put("leaders_fivesource_n", code, sum(r["fivesource_n"] for r in rows))
    book.put("recruited_n", code, sum(r["recruited_cs"] + r["recruited_pi"] for r in rows))
    book.put("first_sec_sunk_n", code, sum(r["first_sec_sunk"] for r in rows))
    now, before = sum(r["pb_budget"] for r in rows), sum(r["pb_budget_last"] for r in rows)
    book.put("pb_budget_growth", code, now - before, before)
