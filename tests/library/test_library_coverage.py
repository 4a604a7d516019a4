"""The library has everything that was planned: 14 forms, 100 indicators, 135 checks, by the ids of the field's catalogue."""

from __future__ import annotations

import csv
import re
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from command_line import ruralpb

from ruralpb.core import periods
from ruralpb.model import Indicator, Library, loader
from ruralpb.rules import checks

FORMS = {
    "party_org",
    "committee",
    "talent",
    "training_class",
    "training_attend",
    "resident",
    "support",
    "village_economy",
    "project",
    "village_gov",
    "service",
    "issue",
    "evaluation",
    "summary",
}

INDICATORS = {
    "组织建设": """
        org_total org_standardised_n org_standardised_rate org_alliance_n org_weak_n
        org_weak_closed_rate member_total member_u35_rate member_61p_rate member_new_n org_life_rate
        post_set_n post_member_n post_rate
    """,
    "班子队伍": """
        committee_n one_shoulder_rate committee_avg_age committee_u35_rate committee_college_rate
        committee_female_rate secretary_fivekind_rate secretary_vacant_n two_up_one_down reserve_n
        reserve_cover_rate committee_review_rate leaders_fivesource_n recruited_n first_sec_sunk_n
    """,
    "教育培训": """
        class_n train_person_times trained_cadre_n trained_member_pt committee_train_cover
        resident_train_cover team_train_cover resident_train_twice_rate secretary_hours_rate
    """,
    "驻村帮扶": """
        team_n resident_n first_secretary_n key_village_team_rate resident_days_rate
        resident_absent_n resident_report_rate resident_project_n resident_fund support_n
        support_members leader_cover_rate leader_link_max
    """,
    "集体经济": """
        econ_income econ_operating_income econ_operating_avg weak_village_n weak_closed_n
        blank_village_n strong_village_n band_distribution income_target_rate ledger_update_rate
        debt_avg debt_repaid_rate debt_new_village_n one_product_rate ecommerce_rate project_invest
        project_n hh_income_min hh_income_max poor_cover_rate
    """,
    "人才": """
        talent_n talent_category_n expert_order_rate
    """,
    "治理服务": """
        grid_n grid_member_n four_two_rate publish_rate superv_cover_rate audit_rate service_times
        service_participants service_beneficiaries service_problems service_sites issue_close_rate
        issue_overdue_n talk_n
    """,
    "阵地经费": """
        practice_site_n center_ok_rate service_station_rate street_rate video_cover_rate
        op_fund_rate fund_alloc pb_budget_growth
    """,
    "示范创建": """
        eval_certified_n demo_rate star5_rate double_std_rate
    """,
}
"""Domain → its indicators, in order."""

CHECKS = {"R": 72, "F": 9, "X": 22, "T": 14, "C": 8, "P": 10}
"""Kind → how many. R within a row, F within a form, X across forms, T across periods, C completeness, P plausibility; numbered
from 01. One that is asked of several columns is a family, one check a column: X04a, X04b …"""

PLAIN = ("F01", "F02", "C01", "C02", "C03", "C04", "C05", "C06", "C07", "C08", "P02", "T14")
"""Checks of all forms that no expression says; a stage of the program carries them out."""


@cache
def library() -> Library:
    return loader.load(loader.sources(None))[0].library


def check_ids() -> list[str]:
    return [f"{kind}{n:02d}" for kind, most in CHECKS.items() for n in range(1, most + 1)]


def is_there(check: str) -> bool:
    return any(re.fullmatch(f"{check}[a-z]?", id_) for id_ in library().checks)


def test_every_form_is_there() -> None:
    assert set(library().forms) == FORMS


def test_every_indicator_is_there_in_its_domain() -> None:
    there = {
        domain: [i.id for i in library().indicators.values() if i.domain == id_]
        for id_, domain in library().domains.items()
    }
    missing = {
        d: lacking for d, ids in INDICATORS.items() if (lacking := set(ids.split()) - set(there.get(d, ())))
    }
    assert missing == {}
    assert sum(len(ids.split()) for ids in INDICATORS.values()) == 100


def test_the_domains_are_told_in_the_order_of_the_circular() -> None:
    assert list(library().domains.values()) == list(INDICATORS)


def test_every_check_is_there() -> None:
    assert len(check_ids()) == 135
    assert [check for check in check_ids() if not is_there(check)] == []


# ------------------------------------------------------------------------ and everything is as the catalogue has it

CATALOGUE = Path(__file__).with_name("catalogue")
"""What domain and catalogue say of each field, indicator and check; a definition differs from it for a reason alone."""

OTHERWISE: dict[str, str] = {
    # Titles as a sentence of the circular says them
    "leader_link_max title": "每名县级领导最多包联乡镇数",
    "support_members title": "结对和下派人员数",
    "support_n title": "结对和下派力量数",
    "band_distribution title": "按近一年经营收益分档的村数",
    "publish_rate title": "村务财务按季度公开率",
    # Targets that are no one number for every unit: of the plan of 2020 to 2022, of the demonstration zone, a range, an own figure
    "one_shoulder_rate target": "", "class_n target": "", "leader_link_max target": "", "strong_village_n target": "",
    "debt_repaid_rate target": "", "video_cover_rate target": "", "demo_rate target": "",
    # Bands and lines are yearly: four quarters are held against them, as of the period's end
    "band_distribution time": "point", "strong_village_n time": "point",
    # In the first three quarters the official list counts; the year's income meets the line in the fourth alone
    "weak_village_n target": "year_end 0",
    # Overdue issues have a figure of their own
    "issue_close_rate target": "",
    "resident_train_twice_rate target": "year_end 100", "income_target_rate target": "schedule 100",
    # 缺配填“空缺”: every organisation has something to write
    "party_org.secretary required": "always",
    # The accounts in force since 2024 have no such item
    "village_economy.inc_contract required": "conditional",
    # What another answer in the row makes necessary
    "village_economy.mgmt_class required": "conditional",
    "project.industry required": "conditional", "project.introduced_by required": "conditional",
}  # fmt: skip


def rows_of(file: str) -> list[dict[str, str]]:
    with (CATALOGUE / file).open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def target_of(indicator: Indicator) -> str:
    if indicator.target is None:
        return ""
    value = f"{Decimal(indicator.target.value).normalize():f}"
    return value if indicator.target.per == "period" else f"{indicator.target.per} {value}"


def test_every_indicator_is_measured_printed_and_judged_as_the_catalogue_says() -> None:
    planned, found = {}, {}
    for row in rows_of("indicators.csv"):
        indicator = library().worded(date(2023, 12, 31)).indicators[row["id"]]
        said = re.fullmatch(r"(年末)?(\d+)(?:\(.*)?", row["target"])
        row["target"] = f"{'year_end ' if said[1] else ''}{said[2]}" if said else row["target"]
        own = {"title": indicator.title, "measure": indicator.measure, "decimals": str(indicator.decimals),
               "better": indicator.better, "time": indicator.time, "target": target_of(indicator)}  # fmt: skip
        for key, value in own.items():
            name = f"{row['id']} {key}"
            planned[name], found[name] = OTHERWISE.get(name, row[key]), value
    assert found == planned


def test_every_column_is_called_measured_and_asked_for_as_the_catalogue_says() -> None:
    planned, found = {}, {}
    for row in rows_of("fields.csv"):
        form = library().forms[row["form"]]
        field = form.by_id[row["id"]]
        asked = "always" if field.required else "conditional" if field.required_when else "optional"
        if form.id == "summary" and field.required_when == "township is not null":
            asked = "always"  # an office that owes the form has no township of its own to sum up
        own = {"title": field.title, "type": field.type, "measure": field.measure, "required": asked,
               "min": field.min, "max": field.max}  # fmt: skip
        for key, value in own.items():
            name = f"{row['form']}.{row['id']} {key}"
            wanted: str | Decimal | None = OTHERWISE.get(name, row[key])
            if key in ("min", "max"):
                wanted = Decimal(row[key]) if row[key] else None
            planned[name], found[name] = wanted, value
    assert found == planned


def test_every_check_is_of_the_form_and_as_severe_as_the_catalogue_says() -> None:
    for row in rows_of("checks.csv"):
        family = [c for id_, c in library().checks.items() if re.fullmatch(f"{row['id']}[a-z]?", id_)]
        assert {(c.form, c.severity) for c in family} == {(row["form"], row["severity"])}, row["id"]


@pytest.mark.parametrize("check", PLAIN)
def test_what_no_expression_says_is_carried_out_by_a_stage(check: str) -> None:
    stage = library().checks[check].stage
    quarter = periods.find("2026Q1")
    assert quarter is not None
    planned, _ = checks.plans(library(), None, None, quarter, {check})
    assert stage in ("intake", "returns") or planned


@pytest.mark.parametrize("check", ["C02", "C05", "C08"])
def test_it_is_asked_for_by_its_id_like_any_other(check: str, county: Path) -> None:
    """One that is computed from the rows, one of reading, one that keeps a return from being accepted."""
    said = ruralpb("validate", "--quarter", "2026Q1", "--check", check, "--json", project=county)
    assert said.code in (0, 1), said.err
    assert {finding["check"] for finding in said.json["findings"]} <= {check}
