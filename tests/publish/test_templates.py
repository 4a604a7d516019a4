"""Templates for analysts: what a linter refuses, documents drawn in WPS, copies to change."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from briefing_values import LIBRARY, SETTINGS, context
from command_line import ruralpb

from ruralpb.core.problems import CannotRun, Problem
from ruralpb.model.loader import shipped_path
from ruralpb.publish.documents import names, render, stamp
from ruralpb.publish.documents.lint import lint
from ruralpb.publish.docx_template.sample import sample
from ruralpb.publish.markup.literal_digits import typed_numbers

BUILTIN = shipped_path("templates")
WHEN = stamp(context().data.period.end, {})


def drawn(folder: Path, *paragraphs: str | Sequence[str]) -> list[Path]:
    """A search path with own.docx: a paragraph a text; of several texts a run each, as WPS splits them."""
    document = docx.Document()
    for words in paragraphs:
        paragraph = document.add_paragraph()
        for run in [words] if isinstance(words, str) else words:
            paragraph.add_run(run)
    document.save(str(folder / "own.docx"))
    return [folder, BUILTIN]


def text(folder: Path, words: str) -> list[Path]:
    (folder / "own.md.j2").write_text(words, "utf-8")
    return [folder, BUILTIN]


def linted(search: list[Path]) -> list[Problem]:
    return lint("own", search, set(context().variables()), LIBRARY.indicators)


def words_of(content: bytes) -> list[str]:
    return [p.text for p in docx.Document(io.BytesIO(content)).paragraphs if p.text]


def filled(search: list[Path]) -> list[str]:
    return words_of(render(context(), "own", search, ["docx"], WHEN).files["docx"])


# ------------------------------------------------------------------------------------------ the linter


@pytest.mark.parametrize("name", names([BUILTIN]))
def test_the_builtin_reports_pass(name: str) -> None:
    assert lint(name, [BUILTIN], set(context().variables())) == []


@pytest.mark.parametrize(
    ("words", "slug", "found"),
    [
        ("好的\n全市共有145个村\n", "template-digits", "145"),
        ("好的\n{{ '共145个村' }}\n", "template-digits", "145"),
        ("好的\n{{ unit }}1、完成\n", "template-digits", "1"),
        ("好的\n{{ introdction }}\n", "template-undefined", "introdction"),
        ("好的\n{{ unit | safe }}\n", "template-safe", "safe"),
        ("好的\n{% autoescape false %}{% endautoescape %}\n", "template-safe", "autoescape"),
        ("好的\n{{ unit | nothing }}\n", "template-syntax", "nothing"),
        ("好的\n{{ setting（'to'） }}\n", "template-full-width", "（"),
        ("好的\n{{ unit_table(“weak_village_n”) }}\n", "template-full-width", "“"),
        ("好的\n{% if draft %}甲{% elseif unit %}乙{% endif %}\n", "template-syntax", "elseif"),
        ("好的\n{% if draft = true %}甲{% endif %}\n", "template-syntax", "="),
        ("好的\n{{ unit 下文 }}\n", "template-syntax", "下文"),
        ("好的\n{{ unit_table('weak_vilage_n') }}\n", "template-indicator", "weak_vilage_n"),
        ("好的\n{{ ranking_table(['weak_village_n', 'nothing']) }}\n", "template-indicator", "nothing"),
        ("好的\n{% set points = ['建强{team_m}'] %}\n", "template-indicator", "team_m"),
        ("好的\n{{ sections | length }}个\n", "template-digits", ""),
        ("好的\n{{ 1 + 1 }}个\n", "template-digits", ""),
        ("好的\n{ unit }情况\n", "template-brace", "{ unit"),
        ("好的\n:::红投\n甲\n:::\n", "template-box", "红投"),
        ("好的\n：：：红头\n甲\n:::\n", "template-full-width", "：：："),
        ("好的\n:::红头\n甲\n", "template-box-open", "红头"),
        ("好的\n{% import 'phrase.md.j2' as words %}\n", "template-missing", "phrase.md.j2"),
    ],
)
def test_what_is_refused_in_a_text_has_its_line(tmp_path: Path, words: str, slug: str, found: str) -> None:
    first = linted(text(tmp_path, words))[0]
    assert (first.check, first.found, first.where.line) == (slug, found, 2)


@pytest.mark.parametrize(
    ("words", "slug", "found"),
    [
        ("甲{{ introdction }}乙", "template-undefined", "introdction"),
        ("甲｛｛ unit ｝｝乙", "template-full-width", "｛｛"),
        ("甲{{ setting（'to'） }}乙", "template-full-width", "（"),
        ("甲{{ unit | safe }}乙", "template-safe", "safe"),
        ("甲共145个村乙", "template-digits", "145"),
        ("甲{% if draft %}乙", "template-syntax", "if"),
    ],
)
def test_what_is_refused_in_a_document_has_its_paragraph(
    tmp_path: Path, words: str, slug: str, found: str
) -> None:
    first = linted(drawn(tmp_path, "好的", words))[0]
    assert (first.check, first.found) == (slug, found)
    assert words in str(first.where)


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("{{ 1 / 0 }}", "template-divides"),
        ("{% for i in range(100000000) %}甲{% endfor %}", "template-endless"),
        ("{% import 'own.md.j2' as own %}{{ unit }}", "template-of-itself"),
        ("{{ ranking_chart() }}", "template-arguments"),
        ("{{ ordinal(unit) }}", "template-refused"),
    ],
)
def test_what_a_template_does_wrong_while_it_is_filled_is_told(tmp_path: Path, words: str, slug: str) -> None:
    with pytest.raises(CannotRun) as stopped:
        render(context(), "own", text(tmp_path, f"题\n===\n\n{words}\n"), ["md"], WHEN)
    (problem,) = stopped.value.problems
    assert (problem.slug, problem.where.file) == (slug, "own.md.j2")


@pytest.mark.parametrize("coding", ["gb18030", "utf-16"])
def test_a_template_that_is_not_utf_8_is_told_and_hinders_no_other(tmp_path: Path, coding: str) -> None:
    (tmp_path / "own.md.j2").write_bytes("题\n===\n\n全市情况\n".encode(coding))
    search = [tmp_path, BUILTIN]
    for attempt in (linted, lambda found: render(context(), "own", found, ["md"], WHEN)):
        with pytest.raises(CannotRun) as stopped:
            attempt(search)
        assert [p.slug for p in stopped.value.problems] == ["template-encoding"]
    assert "quarterly" in names(search)


def test_the_mark_of_notepad_before_the_text_is_no_part_of_it(tmp_path: Path) -> None:
    (tmp_path / "own.md.j2").write_bytes("﻿# 全市情况\n".encode())
    assert linted([tmp_path, BUILTIN]) == []
    page = render(context(), "own", [tmp_path, BUILTIN], ["html"], WHEN).files["html"].decode()
    assert "<h1>全市情况</h1>" in page


def test_an_empty_template_is_told(tmp_path: Path) -> None:
    assert [p.slug for p in linted(text(tmp_path, "{# 题 #}\n\n"))] == ["template-empty"]


@pytest.mark.parametrize(
    "name", ["quarterly", "profile", "dispatch", "work_report", "public_notice", "year_summary"]
)
def test_a_copy_of_a_builtin_report_names_indicators_there_are(name: str) -> None:
    assert lint(name, [BUILTIN], set(context().variables()), LIBRARY.indicators) == []


@pytest.mark.parametrize("words", ["1. 好", "（2）好", "## 3、好", "按某组通〔2026〕3号文件"])
def test_numbers_of_lines_and_documents_may_be_typed(tmp_path: Path, words: str) -> None:
    assert linted(text(tmp_path, words + "\n")) == []


@pytest.mark.parametrize("words", ["1.5个", "2026年", "前3名", "〔2026〕号", "98%"])
def test_other_numbers_may_not(words: str) -> None:
    assert typed_numbers(words, starts=True)


def test_words_that_are_compared_are_not_printed(tmp_path: Path) -> None:
    assert linted(text(tmp_path, "{% if unit == '第1村' %}好{% endif %}\n")) == []


# ------------------------------------------------------------------------------------------ documents


def test_tags_split_over_runs_are_filled(tmp_path: Path) -> None:
    assert filled(drawn(tmp_path, ("{", "{ un", "it }", "}通报"))) == ["沅江市通报"]


def test_paragraphs_and_rows_repeat(tmp_path: Path) -> None:
    document = docx.Document()
    for words in ("{%p for s in sections %}", "{{ s.title }}", "{%p endfor %}"):
        document.add_paragraph(words)
    table = document.add_table(3, 2)
    table.cell(0, 0).text = "{%tr for row in ranking_table(words.ranked).rows %}"
    table.cell(1, 0).text, table.cell(1, 1).text = "{{ row[0] }}", "{{ row[1] }}"
    table.cell(2, 0).text = "{%tr endfor %}"
    document.sections[0].header.paragraphs[0].text = "{{ unit }}"
    document.sections[0].footer.paragraphs[0].text = "{{ period }}"
    document.save(str(tmp_path / "own.docx"))
    content = render(context(), "own", [tmp_path, BUILTIN], ["docx"], WHEN).files["docx"]
    made = docx.Document(io.BytesIO(content))
    said = context().variables()
    assert [p.text for p in made.paragraphs] == [s.title for s in said["sections"]]
    ranked = said["ranking_table"](["one_shoulder_rate"]).rows
    assert {row.cells[0].text for row in made.tables[0].rows} == {str(row[0]) for row in ranked}
    assert made.sections[0].header.paragraphs[0].text == "沅江市"
    assert made.sections[0].footer.paragraphs[0].text == "2026年第一季度"


def test_a_whole_table_stands_where_its_tag_stood(tmp_path: Path) -> None:
    search = drawn(tmp_path, "前", "{{ ranking_table(words.ranked) }}", "后")
    made = render(context(), "own", search, ["docx"], WHEN)
    (table,) = docx.Document(io.BytesIO(made.files["docx"])).tables
    assert len({len(row.cells) for row in table.rows}) == 1
    assert len(made.printed) > 50
    assert not [word for word in words_of(made.files["docx"]) if "\ufdd4" in word or "\ufdd0" in word]


def test_printed_numbers_are_facts_and_the_bytes_are_the_same(tmp_path: Path) -> None:
    search = drawn(tmp_path, "{{ introduction }}。共3处")
    composed = context()
    made = render(composed, "own", search, ["docx"], WHEN)
    assert made.printed
    assert all(printed.text in composed.facts.by_id[printed.fact].texts for printed in made.printed)
    assert [(p.slug, p.found) for p in made.problems] == [("template-number", "3")]
    assert render(context(), "own", search, ["docx"], WHEN).files == made.files


def test_markup_in_data_stays_words_and_nothing_is_a_dash(tmp_path: Path) -> None:
    search = drawn(tmp_path, "{{ setting('issuer') }}，{{ trend_chart('one_shoulder_rate') }}")
    data = context(settings=replace(SETTINGS, report={"issuer": "A&B<C>"}), history=())
    made = render(data, "own", search, ["docx"], WHEN)
    assert words_of(made.files["docx"]) == ["A&B<C>，—"]


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("甲{{ nobody_at_all }}", "template-undefined"),
        ("甲{{ sections[0].titel }}", "template-undefined"),
        ("甲{{ sections }}", "template-unprintable"),
        ("甲{{ setting.__globals__ }}", "template-refused"),
        ("甲{{ joiner.__init__.__globals__ }}", "template-refused"),
    ],
)
def test_an_error_names_the_paragraph(tmp_path: Path, words: str, slug: str) -> None:
    with pytest.raises(CannotRun) as caught:
        filled(drawn(tmp_path, "好的", words))
    (problem,) = caught.value.problems
    assert problem.check == slug
    assert words in str(problem.where)


def test_a_document_gives_no_page(tmp_path: Path) -> None:
    with pytest.raises(CannotRun) as caught:
        render(context(), "own", drawn(tmp_path, "好"), ["docx", "html"], WHEN)
    assert caught.value.problems[0].slug == "template-docx-formats"


def test_what_is_no_document_is_told(tmp_path: Path) -> None:
    (tmp_path / "own.docx").write_bytes(b"\xd0\xcf\x11\xe0")
    with pytest.raises(CannotRun) as caught:
        linted([tmp_path, BUILTIN])
    assert caught.value.problems[0].slug == "template-not-docx"


def test_the_sample_document_passes_and_is_filled(tmp_path: Path) -> None:
    sample().save(str(tmp_path / "own.docx"))
    assert linted([tmp_path, BUILTIN]) == []
    made = render(context(), "own", [tmp_path, BUILTIN], ["docx"], WHEN)
    assert made.problems == ()
    assert len(made.printed) > 90


# ------------------------------------------------------------------------------------------ copies and the list


def test_a_copy_is_listed_checked_and_never_overwritten(own_county: Path) -> None:
    said = ruralpb("report", "--new", "通报", "--json", project=own_county)
    assert [Path(file).name for file in said.json["files"]] == [
        "通报.md.j2",
        "summary_page.md.j2",
        "phrases.md.j2",
    ]
    again = ruralpb("report", "--new", "通报", project=own_county)
    assert again.code == 2
    assert "template-exists" in again.err
    rows = {row["name"]: row for row in ruralpb("report", "--list", "--json", project=own_county).json}
    assert rows["通报"]["own"] is True
    assert rows["quarterly"]["own"] is False
    assert rows["public_notice"]["audience"] == "public"
    own = own_county / "templates" / "通报.md.j2"
    own.write_text(own.read_text("utf-8") + "\n共3个\n", "utf-8")
    checked = ruralpb("define", "check", "--json", project=own_county)
    assert checked.code == 2
    assert [p["slug"] for p in checked.json["problems"] if "template" in p["slug"]] == ["template-digits"]


def test_a_name_with_a_folder_is_refused(own_county: Path) -> None:
    said = ruralpb("report", "--new", "../x", project=own_county)
    assert (said.code, "template-name" in said.err) == (2, True)


def test_a_document_outside_the_project_is_filled(own_county: Path, tmp_path: Path) -> None:
    drawn(tmp_path, "{{ unit }}{{ period }}")
    words = ("report", "--quarter", "2026Q1", "--template", tmp_path / "own.docx", "--trace", "--json")
    said = ruralpb(*words, project=own_county)
    assert said.code == 0, said.err
    (file,) = said.json["files"]
    assert words_of((own_county / file).read_bytes())[0] == "沅江市2026年第一季度"
    assert json.dumps(said.json["facts"], ensure_ascii=False).count("2026年第一季度") == 1


@pytest.mark.parametrize(
    ("words", "slugs"),
    [
        ("甲{{ 9 ** 999999999 }}", {"template-endless"}),
        ("甲{{ 'a' * 9000000000 }}", {"template-memory"}),
        ("甲{{ ([1] * 90000000000) | length }}", {"template-memory"}),
        ("甲{{ '%9000000000d' % 1 }}", {"template-memory", "template-refused"}),
        ("甲{{ '{:>9000000000}'.format(1) }}", {"template-memory", "template-refused"}),
        ("甲{{ 'a' | center(9000000000) }}", {"template-memory"}),
        (
            "甲{% for i in range(90000) %}{% for j in range(90000) %}{% endfor %}{% endfor %}",
            {"template-time"},
        ),
    ],
)
def test_a_template_takes_no_more_memory_and_time_than_it_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str, slugs: set[str]
) -> None:
    monkeypatch.setattr("ruralpb.publish.markup.template.MOST_SECONDS", 0.5)
    with pytest.raises(CannotRun) as refused:
        filled(text(tmp_path, words))
    assert {problem.slug for problem in refused.value.problems} <= slugs
