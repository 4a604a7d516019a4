"""One page for every township in one go: what each would be alone, to the byte."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from semantics_world import drop, farm, make_project, quarter, take

from ruralpb.app import pages as stage
from ruralpb.app.pages import pages
from ruralpb.app.period_context import opened
from ruralpb.app.project import Project
from ruralpb.app.report import WrittenReport, report
from ruralpb.app.report_plan import ReportRequest
from ruralpb.cli.report import show_pages, show_report
from ruralpb.cli.terminal import Terminal
from ruralpb.core.problems import CannotRun
from ruralpb.publish.documents import pdf_printing as pdf

Q1 = quarter("2026Q1")
TODAY = date(2026, 4, 20)
COUNTY = "990101"
FORMATS = ("md", "html", "xlsx", "docx")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Two townships over two quarters, one of them with a village that reports nothing."""
    made = make_project(tmp_path_factory.mktemp("pages") / "p")
    drop(made, "2026-01-04/红旗镇.xlsx", farm("红旗镇", "2025年第四季度", "团结村 6 2\n新建村 2 1"))
    drop(made, "2026-04-03/红旗镇.xlsx", farm("红旗镇", "2026年第一季度", "团结村 8 9\n新建村 3 1"))
    drop(made, "2026-04-03/青山镇.xlsx", farm("青山镇", "2026年第一季度", "新建村 5 2\n柳树村 4 4"))
    take(made)
    return made


def made(project: Project, folder: Path, template: str) -> dict[str, bytes]:
    told: list[str] = []
    found = pages(project, Q1, TODAY, ReportRequest(template, "all", FORMATS, folder), told.append)
    assert told == [page.unit for page in found]
    return {file.name: file.read_bytes() for page in found for file in page.files}


@pytest.mark.parametrize("template", ["profile", "quarterly"])
def test_each_page_is_the_one_the_unit_would_have_alone(
    project: Project, tmp_path: Path, template: str
) -> None:
    county = replace(project, settings=replace(project.settings, unit=COUNTY))
    together = made(county, tmp_path / "all", template)
    units = county.definitions.register.on(Q1.end, "township", COUNTY)
    alone: dict[str, bytes] = {}
    for unit in units:
        order = ReportRequest(template, unit.code, FORMATS, tmp_path / "one")
        written = report(county, Q1, TODAY, order, lambda _: None)
        alone |= {file.name: file.read_bytes() for file in written.files}
    assert len(alone) == len(units) * len(FORMATS)
    assert sorted(together) == sorted(alone)
    assert {name for name in alone if together[name] != alone[name]} == set()


def test_processes_of_their_own_make_the_same_pages(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = made(project, tmp_path / "here", "profile")
    monkeypatch.setattr(stage, "_FEW", 0)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    assert made(project, tmp_path / "there", "profile") == here


def test_figures_computed_together_are_those_computed_alone(project: Project) -> None:
    with opened(project, Q1, TODAY, shared=True) as together, opened(project, Q1, TODAY) as alone:
        for unit in project.definitions.register.on(Q1.end, "township", project.settings.unit):
            found, expected = together.values(unit)[0], alone.values(unit)[0]
            assert {v.id: v for v in found} == {v.id: v for v in expected}
            assert len(found) == len(expected)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice prints the pages")
@pytest.mark.parametrize("formats", [("pdf",), ("docx", "pdf")])
def test_one_run_of_libreoffice_prints_all_pages(
    project: Project, tmp_path: Path, formats: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[int] = []
    run = pdf._run

    def counting(office: str, folder: Path, sources: Sequence[Path]) -> None:
        runs.append(len(sources))
        run(office, folder, sources)

    monkeypatch.setattr(pdf, "_run", counting)
    found = pages(project, Q1, TODAY, ReportRequest("profile", "all", formats, tmp_path), lambda _: None)
    assert runs == [len(found)]
    for page in found:
        assert sorted(file.suffix for file in page.files) == sorted(f".{format}" for format in formats)
        printed = next(file for file in page.files if file.suffix == ".pdf")
        assert printed.read_bytes().startswith(b"%PDF-")
    assert len(list(tmp_path.iterdir())) == len(found) * len(formats)


def test_without_libreoffice_the_documents_stay_and_something_is_left_to_do(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the hint says: the .docx is there, to be saved as PDF. A file that was asked for and is missing is no success (cli.md)."""
    monkeypatch.setenv("PATH", "")
    found = pages(project, Q1, TODAY, ReportRequest("profile", "all", ("pdf",), tmp_path), lambda _: None)
    assert {file.suffix for page in found for file in page.files} == {".docx"}
    assert all(file.is_file() for page in found for file in page.files)
    assert show_pages(Terminal(color=False), Q1.label, found) == 1
    one = found[0]
    written = WrittenReport(Q1.label, one.files, (), one.problems, False, None)  # type: ignore[arg-type]
    assert show_report(Terminal(color=False), written, False) == 1
    assert show_report(Terminal(color=False), replace(written, problems=()), False) == 0


def test_a_unit_with_nothing_below_it_has_no_pages(project: Project, tmp_path: Path) -> None:
    village = replace(project, settings=replace(project.settings, unit="990101101201"))
    with pytest.raises(CannotRun) as stop:
        pages(village, Q1, TODAY, ReportRequest("profile", "all", ("md",), tmp_path), lambda _: None)
    assert stop.value.problems[0].slug == "pages-no-units"
