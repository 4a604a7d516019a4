"""内部, 下发, 公开: what each says, how it is marked, what is refused."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import docx
import openpyxl
import pytest
from briefing_values import LIBRARY, SETTINGS, context
from command_line import ruralpb

from ruralpb.model.loader import shipped_path
from ruralpb.publish.documents import render, stamp
from ruralpb.publish.docx.check import check

BUILTIN = shipped_path("templates")
WHEN = stamp(context().data.period.end, {})


def said(audience: str, template: str = "quarterly") -> str:
    data = context(audience=audience)
    return render(data, template, [BUILTIN], ["md"], WHEN).files["md"].decode()


def test_an_internal_document_says_so_at_its_head() -> None:
    assert said("internal").startswith("内部资料　注意保存\n")


def test_its_mark_is_not_that_of_a_draft() -> None:
    data = context(audience="internal")
    files = render(data, "quarterly", [BUILTIN], ["docx", "html"], WHEN).files
    first, *_ = docx.Document(io.BytesIO(files["docx"])).paragraphs
    assert (first.text, first.style.style_id) == ("内部资料　注意保存", "Marking")
    assert first.style.font.color.rgb is None, "black, flush left, as GB/T 9704 has 密级"
    assert '<div class="marking">\n<p>内部资料　注意保存' in files["html"].decode()
    report = {**SETTINGS.report, "letterhead": "中共沅江市委组织部文件", "number": "沅组通〔2026〕5号"}
    lettered = context(audience="internal", settings=replace(SETTINGS, report=report))
    assert check(render(lettered, "quarterly", [BUILTIN], ["docx"], WHEN).files["docx"], "x.docx") == ()


def test_one_for_townships_says_to_whom_it_is_sent_below_the_date() -> None:
    text = said("townships")
    assert "内部资料" not in text
    lines = [line for line in text.splitlines() if line]
    note = next(place for place, line in enumerate(lines) if line.startswith("（此件发至乡镇"))
    assert lines[note - 1].endswith("日")
    assert lines[note + 1].startswith("## 附件")


def test_one_for_the_public_says_so_and_names_no_finding() -> None:
    text = said("public", "public_notice")
    assert "（此件公开发布）" in text
    assert "审核" not in text.replace("通过审核", "")


def test_what_a_leader_is_asked_to_decide_goes_to_no_township() -> None:
    assert "提请决定" in said("internal")
    assert "提请决定" not in said("townships")


def test_a_public_template_sees_only_what_is_public() -> None:
    names = set(context(audience="public").variables())
    assert "public_notice" in names
    assert not {"circular", "ranking_table", "sections", "returns_table", "key_units_table"} & names


def public(format: str) -> bytes:
    return render(context(audience="public"), "public_notice", [BUILTIN], [format], WHEN).files[format]


def test_neither_page_nor_workbook_says_more_to_the_public_than_the_notice() -> None:
    """Cards, summary sheet, panel and 反查 are made of what the public sees: no secret indicator, place, or amount behind a rate."""
    page = public("html").decode()
    told = json.loads(page.partition('id="facts">')[2].partition("</script>")[0])
    assert len(told["values"]) > 20
    assert {key for value in told["values"].values() for key in value} & {
        "value",
        "n",
        "d",
        "rank",
        "compared",
    } == set()
    book = openpyxl.load_workbook(io.BytesIO(public("xlsx")))
    cells = [
        str(cell.value)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    secret = [i for i in LIBRARY.indicators.values() if not i.public]
    assert [i.title for i in secret if i.title in cells or i.title in page] == []
    assert [i.id for i in secret if any(text.startswith(f"{i.id}@") for text in cells)] == []
    heads = [cell.value for cell in book["反查"][2]]
    for head in ("分子", "分母", "指标值（未取舍）"):
        column = heads.index(head) + 1
        assert [
            c.value for (c,) in book["反查"].iter_rows(min_row=3, min_col=column, max_col=column) if c.value
        ] == []


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        (("--template", "quarterly", "--audience", "public"), "audience-not-public"),
        (("--audience", "everybody"), "audience-unknown"),
    ],
)
def test_what_is_refused_says_why(county: Path, tmp_path: Path, words: tuple[str, ...], slug: str) -> None:
    done = ruralpb("report", "--quarter", "2026Q1", *words, "--out", tmp_path, project=county)
    assert (done.code, slug in done.err) == (2, True)
    assert list(tmp_path.iterdir()) == []


# ------------------------------------------------------------------------------------------ run, as ruralpb.yaml says


def test_a_run_sends_back_and_reports_as_the_settings_say_and_changes_nothing_the_second_time(
    own_county: Path,
) -> None:
    settings = own_county / "ruralpb.yaml"
    rule = "\nrun: {feedback: true, templates: [public_notice]}\nformats: [md]\n"
    kept = [line for line in settings.read_text("utf-8").splitlines() if not line.startswith("formats:")]
    settings.write_text("\n".join(kept) + rule, "utf-8")
    first = ruralpb("run", "--quarter", "2026Q1", "--json", project=own_county)
    assert first.json["returned"] > 0
    assert [Path(file).name for file in first.json["files"]] == ["2026Q1-public_notice.md"]
    out = own_county / "out" / "2026Q1"
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert any("feedback" in str(path) for path in before)
    second = ruralpb("run", "--quarter", "2026Q1", "--json", project=own_county)
    assert second.json["returned"] == 0
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
    lines = (own_county / ".ruralpb" / "runs.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["returned"] > 0 for line in lines] == [True, False]
