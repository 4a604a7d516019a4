"""The library has everything that was planned: 14 forms, 100 indicators, 135 checks, by the ids of the field's catalogue."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from command_line import ruralpb

from ruralpb import checks, definitions, periods
from ruralpb.model import Library

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
    return definitions.load(definitions.sources(None))[0].library


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
