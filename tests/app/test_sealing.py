"""Sealing (semantics S2, S6, S10): who may close a quarter, what is put away, what can no longer move, how it is checked."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from command_line import Said, ruralpb
from semantics_world import HONGQI, NOW, drop, farm, make_project, quarter, states, table, take, visit

from ruralpb.app import sealing
from ruralpb.app.figures import ValuesRequest, indicators
from ruralpb.app.opening import open_project
from ruralpb.app.project import Project
from ruralpb.app.rebuild import rebuild
from ruralpb.app.report_plan import ReportRequest
from ruralpb.app.sealing import SealRequest
from ruralpb.app.verify import verify
from ruralpb.core.periods import Period
from ruralpb.core.problems import CannotRun
from ruralpb.intake import one_file
from ruralpb.model import Block, Reading, Row
from ruralpb.store.archive import Journal, Seals

Q1, NEXT = quarter("2026Q1"), quarter("2027Q1")
DOCUMENTS = ReportRequest(formats=("md", "xlsx"))
ONLY_THE_FARMS = """\
title: 农情季报
unit: "990101"
library: lib
due:
  - {forms: [farm], level: township, workday: 5, periods: [quarter]}
"""


def county(folder: Path) -> Project:
    """东县: three townships owe one form each."""
    made = make_project(folder)
    (folder / "ruralpb.yaml").write_text(ONLY_THE_FARMS, "utf-8")
    return open_project(made.folder)


def returned(project: Project, period: str, day: str, **townships: str) -> None:
    """Drop the farms of townships for a quarter and take them: 村 收入 支出, a line each."""
    names = {"hongqi": "红旗镇", "qingshan": "青山镇", "shiqiao": "石桥镇"}
    for key, rows in townships.items():
        name = names[key]
        drop(project, f"{day}/{name}.xlsx", farm(name, f"{period[:4]}年第{period[-1]}季度", rows))
    take(project, project.inbox / day)


VISITED = {"红旗镇": ("新建村", "团结村"), "青山镇": ("新建村", "柳树村"), "石桥镇": ("石桥村",)}


def visited(project: Project, period: str, day: str) -> None:
    """Every village was visited, so that no query stands."""
    for town, villages in VISITED.items():
        rows = "\n".join(f"{v} {n} - - 1" for n, v in enumerate(villages, 1))
        drop(project, f"{day}/走访-{town}.xlsx", visit(town, f"{period[:4]}年第{period[-1]}季度", rows))
    take(project, project.inbox / day)


WHOLE = {
    "hongqi": "新建村 10 4\n团结村 8 2",
    "qingshan": "新建村 5 1\n柳树村 6 1",
    "shiqiao": "石桥村 7 3",
}


@pytest.fixture(scope="module")
def accepted_quarter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All returns of 2026Q1 have come and nothing blocks them."""
    made = county(tmp_path_factory.mktemp("accepted") / "东县")
    visited(made, "2026Q1", "2026-04-02")
    returned(made, "2026Q1", "2026-04-03", **WHOLE)
    return made.folder


@pytest.fixture(scope="module")
def sealed_quarter(accepted_quarter: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, sealed by 王科长."""
    folder = Path(shutil.copytree(accepted_quarter, tmp_path_factory.mktemp("sealed") / "东县"))
    seal(open_project(folder))
    return folder


@pytest.fixture
def project(accepted_quarter: Path, tmp_path: Path) -> Project:
    return open_project(shutil.copytree(accepted_quarter, tmp_path / "东县"))


@pytest.fixture
def sealed(sealed_quarter: Path, tmp_path: Path) -> Project:
    return open_project(shutil.copytree(sealed_quarter, tmp_path / "东县"))


def seal(
    project: Project, period: Period = Q1, order: ReportRequest = DOCUMENTS, now: datetime = NOW, **terms: Any
) -> sealing.SealingResult:
    return sealing.seal(project, period, order, SealRequest(**{"by": "王科长", **terms}), now, lambda _: None)


def said(raised: pytest.ExceptionInfo[CannotRun]) -> str:
    assert raised.value.exit_code == 2
    return "\n".join(p.text("zh") for p in raised.value.problems)


def kinds(project: Project) -> list[str]:
    return [d.kind for d in project.journal.decisions()]


def income(project: Project, period: Period, compare: str = "") -> dict[str, str]:
    """Unit → the printed income, or the base it is compared with."""
    found = indicators(
        project, period, NOW.date(), ValuesRequest(("income", "cost_rate", "big_n", "visit_n"))
    )
    if not compare:
        return {f"{v.indicator} {v.unit}": v.printed for v in found.values}
    bases = {f"{v.indicator} {v.unit}": getattr(v, compare) for v in found.values}
    return {
        key: str(base.base.normalize()) if base and base.base is not None else ""
        for key, base in bases.items()
    }


class TestWhoMayCloseAQuarter:
    def test_a_missing_return_refuses_and_is_named(self, tmp_path: Path) -> None:
        made = county(tmp_path / "p")
        visited(made, "2026Q1", "2026-04-02")
        returned(made, "2026Q1", "2026-04-03", hongqi=WHOLE["hongqi"], shiqiao=WHOLE["shiqiao"])
        with pytest.raises(CannotRun) as refused:
            seal(made)
        assert "缺报1份：青山镇《农情表》" in said(refused)
        assert kinds(made) == []
        assert not (made.folder / "out").exists()
        assert not (made.archive.folder / "seals").exists()

    def test_a_blocked_return_refuses_and_says_what_to_do(self, project: Project) -> None:
        returned(project, "2026Q1", "2026-04-08", hongqi="新建村 10 40\n团结村 8 2")
        with pytest.raises(CannotRun) as refused:
            seal(project)
        assert "未通过审核1份：红旗镇《农情表》" in said(refused)
        assert "--as-is" in said(refused)

    def test_as_it_stands_needs_a_reason_and_a_name(self, project: Project) -> None:
        for terms in (
            {"as_is": True},
            {"as_is": True, "reason": "急", "by": ""},
            {"reason": "急"},
            {"by": " "},
        ):
            with pytest.raises(CannotRun) as refused:
                seal(project, **terms)
            assert "--by" in said(refused) or "--reason" in said(refused)
        assert kinds(project) == []

    def test_a_part_of_the_quarter_cannot_be_closed(self, project: Project) -> None:
        with pytest.raises(CannotRun) as refused:
            seal(project, order=ReportRequest(unit="红旗镇", formats=("md",)))
        assert "红旗镇" in said(refused)

    def test_a_sealed_quarter_is_not_sealed_again(self, sealed: Project) -> None:
        with pytest.raises(CannotRun) as refused:
            seal(sealed)
        assert "王科长" in said(refused)
        assert "unlock" in said(refused)

    def test_as_it_stands_it_is_no_draft_and_names_what_was_not_accepted(self, project: Project) -> None:
        returned(project, "2026Q1", "2026-04-08", hongqi="新建村 10 40\n团结村 8 2")
        done = seal(project, as_is=True, reason="市里5月8日要数")
        text = next(p for p in done.files if p.suffix == ".md").read_text("utf-8")
        assert "草稿：" not in text
        assert "按现状定稿" in text
        assert "市里5月8日要数" not in text
        assert "红旗镇：《农情表》（未通过审核）" in text
        assert [(s.reporter_code, s.status) for s in done.as_is] == [(HONGQI, "blocked")]
        assert project.journal.decisions()[-1].reason == "市里5月8日要数"


class TestWhatIsPutAway:
    def test_the_seal_holds_definitions_facts_values_manifest_and_documents(self, sealed: Project) -> None:
        folder = Seals(sealed.archive.folder / "seals").path("2026Q1", 1)
        names = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
        assert names == {
            "definitions.zip", "facts/farm.parquet", "facts/visit.parquet", "manifest.json", "tables.json", "values.json",
            "outputs/2026Q1-quarterly.md", "outputs/2026Q1-quarterly.xlsx",
        }  # fmt: skip

    def test_the_manifest_says_what_went_in_and_what_came_out(self, sealed: Project) -> None:
        out = sealed.folder / "out/2026Q1"
        content = (out / "2026Q1-quarterly.manifest.json").read_bytes()
        about = json.loads(content)
        for name, sha256 in about["outputs"].items():
            assert hashlib.sha256((out / name).read_bytes()).hexdigest() == sha256
        hongqi = sealed.inbox / "2026-04-03/红旗镇.xlsx"
        (entry,) = [i for i in about["inputs"] if i["submission"] == f"{HONGQI}-farm-2026Q1-v1"]
        assert entry["sha256"] == hashlib.sha256(hongqi.read_bytes()).hexdigest()
        assert entry["received"] == "2026-04-03"
        figure = next(f for f in about["figures"] if f["id"] == "cost_rate@990101@2026Q1")
        assert (figure["numerator"], figure["denominator"], figure["printed"]) == ("11", "36", "30.6")
        assert set(about["program"]) == {"ruralpb", "python", "duckdb"}
        assert "quarterly.md.j2" in about["template"]
        assert "lib/forms/farm.yaml" in about["definitions"]["files"]

    def test_the_journal_names_the_manifest_and_up_to_where_it_goes(self, sealed: Project) -> None:
        decision = sealed.journal.decisions()[-1]
        manifest = (sealed.folder / "out/2026Q1/2026Q1-quarterly.manifest.json").read_bytes()
        assert decision.kind == "seal"
        assert decision.data["manifest"] == hashlib.sha256(manifest).hexdigest()
        assert decision.data["through"] == str(int(decision.id) - 1)

    def test_the_same_inputs_give_the_same_bytes_whenever(self, project: Project, tmp_path: Path) -> None:
        again = open_project(shutil.copytree(project.folder, tmp_path / "again" / "东县"))
        done = seal(project), seal(again, now=datetime(2031, 5, 6, 7))
        first, second = ([p.read_bytes() for p in (*d.files, d.manifest)] for d in done)
        assert first == second

    def test_sealed_documents_are_not_written_over(self, sealed: Project) -> None:
        before = {p.name: p.read_bytes() for p in (sealed.folder / "out/2026Q1").iterdir()}
        answer = ruralpb("report", "--quarter", "2026Q1", "--format", "md,xlsx", project=sealed.folder)
        assert answer.code == 0
        assert "没有改写" in answer.out
        assert {p.name: p.read_bytes() for p in (sealed.folder / "out/2026Q1").iterdir()} == before


STEPS = (
    "ruralpb.app.sealing.write",
    "ruralpb.app.sealing.write_whole",
    "ruralpb.store.archive.Journal.decide",
)


class TestACrash:
    @pytest.mark.parametrize("step", STEPS)
    def test_between_the_steps_leaves_no_half_seal(
        self, project: Project, step: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        undisturbed = seal(open_project(shutil.copytree(project.folder, tmp_path / "copy" / "东县")))
        with monkeypatch.context() as patch:
            patch.setattr(step, _die)
            with pytest.raises(KeyboardInterrupt):
                seal(project)
        again = open_project(project.folder)
        assert kinds(again) == []
        assert set(states(again).values()) == {"current"}
        done = seal(again)
        assert done.seal.number == 1
        assert done.manifest.read_bytes() == undisturbed.manifest.read_bytes()
        (checked,) = verify(done.manifest.parent, again)
        assert checked.problems == ()

    def test_while_the_seal_is_written_leaves_none(
        self, project: Project, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as patch:
            patch.setattr("ruralpb.store.archive.seals.Path.rename", _die)
            with pytest.raises(KeyboardInterrupt):
                seal(project)
        assert list((project.archive.folder / "seals").iterdir()) == []
        assert seal(project).seal.number == 1


def _die(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


class TestAfterTheSeal:
    def test_a_late_file_is_kept_and_read_and_does_not_count(self, sealed: Project) -> None:
        before = income(sealed, Q1)
        late = drop(
            sealed, "2026-05-06/红旗镇.xlsx", farm("红旗镇", "2026年第一季度", "新建村 99 4\n团结村 8 2")
        )
        (file,) = take(sealed, late).files
        assert (file.status, file.submissions) == ("taken", (f"{HONGQI}-farm-2026Q1-v2",))
        assert any("封存" in p.text("zh") for p in file.problems)
        assert states(sealed)[f"{HONGQI}-farm-2026Q1-v2"] == "after_seal"
        assert states(sealed)[f"{HONGQI}-farm-2026Q1-v1"] == "current"
        (row,) = [r for r in table(sealed, "submissions") if r["submission"] == f"{HONGQI}-farm-2026Q1-v2"]
        assert row["status"] == "after_seal"
        assert income(sealed, Q1) == before

    def test_a_withdrawal_waits_for_the_unlock(self, sealed: Project) -> None:
        version = f"{HONGQI}-farm-2026Q1-v1"
        sealed.journal.decide("withdraw", "王科长", "误报", {"submission": version}, NOW)
        sealed = open_project(sealed.folder)
        assert states(sealed)[version] == "current"
        sealing.unlock(sealed, Q1, "王科长", "撤回", NOW)
        assert states(open_project(sealed.folder))[version] == "withdrawn"

    def test_unlocked_it_counts_and_the_next_seal_is_another(self, sealed: Project) -> None:
        late = drop(
            sealed, "2026-05-06/红旗镇.xlsx", farm("红旗镇", "2026年第一季度", "新建村 99 4\n团结村 8 2")
        )
        take(sealed, late)
        void = sealing.unlock(sealed, Q1, "李局长", "红旗镇更正", NOW)
        assert (void.seal.number, void.after_seal) == (1, (f"{HONGQI}-farm-2026Q1-v2",))
        assert states(sealed)[f"{HONGQI}-farm-2026Q1-v2"] == "current"
        assert income(sealed, Q1)["income 红旗镇"] == "107.00"
        again = seal(sealed)
        assert again.seal.number == 2
        kept = Seals(sealed.archive.folder / "seals")
        first, second = (kept.path("2026Q1", n).joinpath("manifest.json").read_bytes() for n in (1, 2))
        assert first != second
        assert kinds(sealed) == ["seal", "unlock", "seal"]

    def test_unlocked_and_sealed_again_without_news_it_is_the_same(self, sealed: Project) -> None:
        sealing.unlock(sealed, Q1, "李局长", "复核", NOW)
        seal(sealed)
        kept = Seals(sealed.archive.folder / "seals")
        first, second = (kept.path("2026Q1", n).joinpath("manifest.json").read_bytes() for n in (1, 2))
        assert first == second

    def test_what_is_not_sealed_cannot_be_unlocked(self, project: Project) -> None:
        with pytest.raises(CannotRun) as refused:
            sealing.unlock(project, Q1, "李局长", "复核", NOW)
        assert "没有封存" in said(refused)


@pytest.fixture(scope="module")
def next_quarter(sealed_quarter: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(shutil.copytree(sealed_quarter, tmp_path_factory.mktemp("next") / "东县"))
    project = open_project(folder)
    later = {
        "hongqi": "新建村 20 4\n团结村 9 2",
        "qingshan": "新建村 8 1\n柳树村 9 1",
        "shiqiao": "石桥村 9 3",
    }
    returned(project, "2027Q1", "2027-04-03", **later)
    return folder


class TestTheYearAfter:
    """Its comparisons look back to what was sealed."""

    @pytest.fixture
    def later(self, next_quarter: Path, tmp_path: Path) -> Project:
        return open_project(shutil.copytree(next_quarter, tmp_path / "东县"))

    def test_a_late_file_does_not_move_the_base(self, later: Project) -> None:
        before = income(later, NEXT, "last_year")
        assert before["cost_rate 东县"].startswith("30.555")
        drop(later, "2027-04-20/红旗镇.xlsx", farm("红旗镇", "2026年第一季度", "新建村 99 4\n团结村 8 2"))
        take(later, later.inbox / "2027-04-20")
        assert income(later, NEXT, "last_year") == before

    def test_facts_that_would_be_read_otherwise_do_not_move_the_base(self, later: Project) -> None:
        import duckdb

        before = income(later, NEXT, "last_year")
        with duckdb.connect(str(later.store_path)) as store:
            store.execute("UPDATE facts_farm SET cost = cost + 1")
        after = income(later, NEXT, "last_year")
        assert after == before

    def test_a_later_definition_is_said_to_be_of_comparable_scope(self, later: Project) -> None:
        path = later.folder / "lib/indicators/farm.yaml"
        text = path.read_text("utf-8")
        assert "numerator: sum(cost), denominator" in text
        path.write_text(
            text.replace("numerator: sum(cost), denominator", "numerator: sum(cost + 1), denominator"),
            "utf-8",
        )
        project = open_project(later.folder)
        found = indicators(project, NEXT, NOW.date(), ValuesRequest(("cost_rate", "income")))
        bases = {(v.indicator, v.unit): v.last_year for v in found.values}
        changed, same = bases["cost_rate", "东县"], bases["cost_rate", "红旗镇"]
        assert changed is not None
        assert same is not None
        assert changed.comparable_base
        assert same.comparable_base
        assert str(changed.base).startswith("44.44")  # 16 of 36, under the later definition
        assert income(project, NEXT)["cost_rate 东县"] == "29.1"  # 11 + 5 of 55

    def test_a_title_or_a_target_is_no_other_definition(self, later: Project) -> None:
        path = later.folder / "lib/indicators/farm.yaml"
        path.write_text(
            path.read_text("utf-8").replace("title: 支出占比", "title: 支出占收入的比重"), "utf-8"
        )
        found = indicators(open_project(later.folder), NEXT, NOW.date(), ValuesRequest(("cost_rate",)))
        assert not any(v.last_year.comparable_base for v in found.values if v.last_year)

    def test_with_fewer_units_the_base_is_of_these_units(self, later: Project) -> None:
        version = f"{HONGQI}-farm-2027Q1-v1"
        later.journal.decide("withdraw", "王科长", "误报", {"submission": version}, NOW)
        bases = income(open_project(later.folder), NEXT, "last_year")
        assert bases["cost_rate 石桥镇"].startswith("42.857")
        assert bases["cost_rate 东县"].startswith("27.777")  # 5 of 18: without 红旗镇


class TestVerify:
    def test_everything_is_as_it_was(self, sealed: Project) -> None:
        (checked,) = verify(sealed.folder / "out/2026Q1", sealed)
        assert {part.name for part in checked.parts} == {
            "outputs",
            "definitions",
            "inputs",
            "journal",
            "archive",
        }
        assert checked.problems == ()

    def test_the_folder_alone_is_enough(self, sealed: Project, tmp_path: Path) -> None:
        alone = shutil.copytree(sealed.folder / "out/2026Q1", tmp_path / "u盘")
        answer = ruralpb("report", "--verify", alone)
        assert answer.code == 0
        assert "一致  通报文件：2项" in answer.out
        assert "未核对" in answer.out

    @pytest.mark.parametrize(
        ("damage", "says"),
        [
            (lambda p: _append(p.folder / "out/2026Q1/2026Q1-quarterly.md"), "2026Q1-quarterly.md"),
            (lambda p: (p.folder / "out/2026Q1/2026Q1-quarterly.xlsx").unlink(), "2026Q1-quarterly.xlsx"),
            (lambda p: _append(_original(p)), "2026-04-03/红旗镇.xlsx"),
            (lambda p: _original(p).unlink(), "2026-04-03/红旗镇.xlsx"),
            (lambda p: _append(_kept(p) / "outputs/2026Q1-quarterly.md"), "seals"),
            (lambda p: _append(_kept(p) / "values.json"), "values.json"),
            (lambda p: _append(_kept(p) / "tables.json"), "tables.json"),
            (lambda p: _append(_kept(p) / "definitions.zip"), "definitions.zip"),
            (lambda p: _append(_kept(p) / "facts/farm.parquet"), "farm.parquet"),
            (lambda p: (_kept(p) / "facts/visit.parquet").unlink(), "visit.parquet"),
            (lambda p: _append(_kept(p) / "manifest.json"), "manifest.json"),
            (lambda p: _replaced(p.folder / "out/2026Q1/2026Q1-quarterly.manifest.json", '"11"', '"12"'), "台账中没有"),
        ],
        ids=["document", "document gone", "original", "original gone", "archived document", "values", "tables", "definitions", "facts",
             "facts gone", "archived manifest", "manifest"],
    )  # fmt: skip
    def test_what_differs_is_named(
        self, sealed: Project, damage: Callable[[Project], object], says: str
    ) -> None:
        damage(sealed)
        answer = _verify(sealed)
        assert answer.code == 1
        assert says in answer.err

    @pytest.mark.parametrize("name", ["values.json", "manifest.json"])
    def test_figures_that_are_no_longer_those_sealed_are_not_compared_with(
        self, sealed: Project, name: str
    ) -> None:
        _append(_kept(sealed) / name)
        answer = ruralpb("indicators", "--quarter", "2026Q2", "--compare", "previous", project=sealed.folder)
        assert answer.code == 3
        assert name in answer.err
        assert "unlock" in answer.err

    def test_a_quarter_is_not_sealed_while_received_files_are_unread(
        self, project: Project, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(
            "ruralpb.app.sealing.missing", lambda project, known: project.journal.receipts()[:1]
        )
        with pytest.raises(CannotRun) as refused:
            seal(project)
        assert [problem.slug for problem in refused.value.problems] == ["seal-unread"]
        assert kinds(project) == []

    def test_a_folder_without_a_manifest_is_2(self, sealed: Project) -> None:
        answer = ruralpb("report", "--verify", sealed.inbox, project=sealed.folder)
        assert answer.code == 2
        assert "manifest.json" in answer.err

    def test_a_journal_that_was_altered_is_3(self, sealed: Project) -> None:
        _replaced(sealed.journal.path, "王科长", "李科长")
        assert _verify(sealed).code == 3

    def test_a_voided_seal_can_still_be_checked(self, sealed: Project) -> None:
        sealing.unlock(sealed, Q1, "李局长", "复核", NOW)
        (checked,) = verify(_kept(sealed), open_project(sealed.folder))
        assert checked.problems == ()


def _verify(project: Project) -> Said:
    return ruralpb("report", "--verify", project.folder / "out/2026Q1", project=project.folder)


def _kept(project: Project) -> Path:
    return Seals(project.archive.folder / "seals").path("2026Q1", 1)


def _original(project: Project) -> Path:
    content = (project.inbox / "2026-04-03/红旗镇.xlsx").read_bytes()
    return project.archive.path(hashlib.sha256(content).hexdigest())


def _append(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b" ")


def _replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


class TestCommandLine:
    def test_a_quarter_is_sealed_checked_and_unlocked(self, project: Project) -> None:
        folder = project.folder
        q = ("--quarter", "2026Q1")
        assert ruralpb("report", *q, "--final", "--format", "md", project=folder).code == 2
        done = ruralpb("report", *q, "--final", "--by", "王科长", "--format", "md", project=folder)
        assert done.code == 0, done.err
        assert "已定稿封存（第1次）" in done.out
        again = ruralpb("report", *q, "--final", "--by", "王科长", project=folder)
        assert (again.code, again.out) == (2, "")
        assert ruralpb("unlock", *q, "--reason", "更正", "--by", "李局长", project=folder).code == 0
        assert ruralpb("unlock", *q, "--reason", "更正", "--by", "李局长", project=folder).code == 2
        assert Journal(project.journal.path, project.journal.witnesses).decisions()[-1].reason == "更正"

    def test_status_says_that_it_is_sealed_when_and_by_whom(self, sealed: Project) -> None:
        answer = ruralpb("status", "--quarter", "2026Q1", project=sealed.folder)
        assert "2026-04-30 王科长 定稿封存" in answer.out

    def test_options_of_sealing_go_with_final(self, project: Project) -> None:
        assert ruralpb("report", "--quarter", "2026Q1", "--as-is", project=project.folder).code == 2


class TestRebuild:
    """The store is made again by a reader that has changed."""

    def test_the_same_reader_changes_nothing_and_says_nothing(self, sealed: Project) -> None:
        before = _content(sealed)
        assert rebuild(sealed, 0.0, lambda _: None).problems == ()
        assert _content(sealed) == before

    def test_what_would_be_read_otherwise_is_told_and_stays_as_it_was_sealed(
        self, sealed: Project, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rows, figures = table(sealed, "facts", form="farm"), income(sealed, Q1)
        with monkeypatch.context() as patch:
            patch.setattr("ruralpb.intake.one_file.read", _reads_costs_higher)
            rebuilt = rebuild(sealed, 0.0, lambda _: None)
        again = open_project(sealed.folder)
        assert table(again, "facts", form="farm") == rows
        assert income(again, Q1) == figures
        assert [(str(p.where), p.expected, p.found) for p in rebuilt.problems] == [
            ("returns/2026-04-03/石桥镇.xlsx · 农情 · C4", "3", "103")
        ]

    def test_a_file_that_is_no_longer_read_at_all_still_counts(
        self, sealed: Project, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rows, figures = table(sealed, "facts", form="farm"), income(sealed, Q1)
        with monkeypatch.context() as patch:
            patch.setattr("ruralpb.intake.one_file.read", _reads_no_shiqiao)
            rebuilt = rebuild(sealed, 0.0, lambda _: None)
        again = open_project(sealed.folder)
        assert table(again, "facts", form="farm") == rows
        assert income(again, Q1) == figures
        assert [(p.where.file, p.expected) for p in rebuilt.problems] == [
            ("returns/2026-04-03/石桥镇.xlsx", "row")
        ]

    def test_what_is_not_sealed_is_read_as_today(
        self, project: Project, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as patch:
            patch.setattr("ruralpb.intake.one_file.read", _reads_costs_higher)
            assert rebuild(project, 0.0, lambda _: None).problems == ()
        assert income(open_project(project.folder), Q1)["cost_rate 石桥镇"] == "1471.4"

    def test_a_seal_that_was_lost_is_told(self, sealed: Project) -> None:
        shutil.rmtree(_kept(sealed))
        (problem,) = rebuild(sealed, 0.0, lambda _: None).problems
        assert "2026Q1-1" in problem.text("zh")


def _content(project: Project) -> dict[str, Any]:
    with project.reading() as store:
        return {name: store.table(name) for name in store.tables()}


_read = one_file.read


def _reads_costs_higher(content: bytes, name: str, path: str, *rest: Any) -> Reading:
    """A reader that takes 石桥村's cost for 100 more."""
    reading = _read(content, name, path, *rest)
    if "石桥镇" not in path:
        return reading
    blocks = tuple(replace(b, rows=tuple(_higher(b, row) for row in b.rows)) for b in reading.blocks)
    return replace(reading, blocks=blocks)


def _higher(block: Block, row: Row) -> Row:
    values = dict(zip(block.fields, row.values, strict=True))
    if values.get("cost") is not None:
        values["cost"] += 100
    return replace(row, values=tuple(values.values()))


def _reads_no_shiqiao(content: bytes, name: str, path: str, *rest: Any) -> Reading:
    """A reader that does not know 石桥镇's workbook of farms any more."""
    reading = _read(content, name, path, *rest)
    return replace(reading, blocks=()) if path.endswith("/石桥镇.xlsx") else reading
