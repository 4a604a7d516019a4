"""The contract of docs/cli.md that holds everywhere: exit codes, JSON, quiet, languages, consoles, options."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest
from command_line import QUARTERS, Demonstrated, Said, expected_finding, ruralpb, small_county

from ruralpb.app.opening import open_project

Q = ("--quarter", "2026Q1")
READING = {
    "status": ("status", *Q),
    "validate": ("validate", *Q),
    "validate --sql": ("validate", *Q, "--sql", "--check", "R38"),
    "indicators": ("indicators", "one_shoulder_rate", *Q),
    "trace": ("trace", "one_shoulder_rate", *Q),
    "export": ("export", "units"),
    "sql": ("sql", "select count(*) as n from committee"),
    "define check": ("define", "check"),
    "define list": ("define", "list", "indicators"),
    "define show": ("define", "show", "one_shoulder_rate"),
}
SENTENCES = ("validate", "validate --sql", "trace")
"""What these print is made of the definitions' own titles and messages, in the definitions' language."""
HAN = re.compile("[\u4e00-\u9fff]+")


def wrong(*words: object, project: Path) -> str:
    """What a command says that cannot be run as asked: exit 2, nothing on standard output."""
    said = ruralpb(*words, project=project)
    assert (said.code, said.out) == (2, ""), said
    assert "Traceback" not in said.err
    return said.err


# ------------------------------------------------------------------------------------- exit codes


def test_done_and_nothing_to_act_on_is_0(county: Path) -> None:
    assert ruralpb("validate", *Q, "--unit", "南嘴镇", project=county).code == 0
    assert ruralpb("status", *Q, project=county).code == 0


def test_done_and_something_to_act_on_is_1(county: Path, tmp_path: Path) -> None:
    planted = expected_finding("R38", "泗湖山镇")
    said = ruralpb("validate", *Q, "--unit", "泗湖山镇", "--check", "R38", project=county)
    assert said.code == 1
    assert " · ".join((planted["file"], planted["sheet"], planted["cell"])) in said.out
    assert planted["unit"] in said.out
    assert ruralpb("status", *Q, "--strict", project=county).code == 1
    (tmp_path / "说明.xlsx").write_bytes(b"PK\x03\x04 nothing")
    refused = ruralpb("ingest", tmp_path / "说明.xlsx", "--dry-run", project=county)
    assert refused.code == 1
    assert "说明.xlsx" in refused.err


@pytest.mark.parametrize("period", ["2026Q9", "昨天", "2026-13"])
def test_an_unknown_period_is_2_and_shows_how_to_write_one(county: Path, period: str) -> None:
    err = wrong("status", "--quarter", period, project=county)
    assert period in err
    assert "2026Q1" in err


def test_an_unknown_unit_is_2_with_the_nearest_names(county: Path) -> None:
    err = wrong("indicators", *Q, "--unit", "泗胡山镇", project=county)
    assert "泗胡山镇" in err
    assert "泗湖山镇" in err


@pytest.mark.parametrize(
    ("words", "asked", "nearest"),
    [
        (("trace", "one_sholder_rate", *Q), "one_sholder_rate", "one_shoulder_rate"),
        (("validate", *Q, "--form", "comittee"), "comittee", "committee"),
        (("validate", *Q, "--check", "R380"), "R380", "R38"),
        (("validate", *Q, "--check", "R38", "--check", "R380"), "R380", "R38"),
        (("validate", *Q, "--sql", "--check", "R380"), "R380", "R38"),
        (("validate", *Q, "--severity", "errors"), "errors", "error"),
        (("export", "facts", "--form", "vilage_economy", *Q), "vilage_economy", "village_economy"),
        (("export", "fact", *Q), "fact", "facts"),
        (("export", "units", "--format", "xls"), "xls", "xlsx"),
        (("indicators", *Q, "--level", "towns"), "towns", "township"),
        (("indicators", *Q, "--level", "county,towns"), "towns", "township"),
        (("indicators", *Q, "--by", "demo_zone"), "demo_zone", "in_demo_zone"),
        (("indicators", *Q, "--compare", "lastyear"), "lastyear", "last_year"),
        (("define", "show", "R380"), "R380", "R38"),
        (("report", *Q, "--format", "doc"), "doc", "docx"),
        (("report", *Q, "--template", "quaterly"), "quaterly", "quarterly"),
        (("sttus", *Q), "sttus", "status"),
        (("status", "--quater", "2026Q1"), "--quater", "--quarter"),
        (("ingest", "x", "--jobs", "two"), "--jobs", ""),
        (("ingest",), "PATHS", ""),
        (("status", "--quarter"), "--quarter", ""),
        (("status", "every", "word"), "every word", ""),
        (("--lang", "fr", "status"), "fr", "zh"),
    ],
    ids=lambda value: " ".join(map(str, value)) if isinstance(value, tuple) else None,
)
def test_what_is_not_known_is_2_with_the_nearest(
    county: Path, words: tuple[str, ...], asked: str, nearest: str
) -> None:
    err = wrong(*words, project=county)
    assert asked in err
    assert nearest in err.replace(asked, "", 1)


def test_options_that_contradict_are_2(county: Path) -> None:
    assert "--part" in wrong("ingest", ".", "--replace", "--part", project=county)


def test_several_checks_are_all_shown(county: Path) -> None:
    def found(*checks: str) -> set[str]:
        words = [word for check in checks for word in ("--check", check)]
        return {
            f["check"] for f in ruralpb("validate", *Q, "--json", *words, project=county).json["findings"]
        }

    first, second = sorted(found())[:2]
    assert found(first) == {first}
    assert found(first, second) == {first, second}
    sql = ruralpb("validate", *Q, "--sql", "--check", first, "--check", second, project=county).out
    assert {line.split()[1] for line in sql.splitlines() if re.match(r"-- \S+ \w+: ", line)} <= {
        first,
        second,
    }


@pytest.mark.parametrize("option", ["--form", "--unit", "--quarter", "--period"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_option_for_one_value_is_not_silently_its_last_one(county: Path, option: str, lang: str) -> None:
    said = wrong("--lang", lang, "validate", "--quarter", "2026Q1", option, "x", option, "y", project=county)
    assert option.replace("--period", "--quarter") in said


@pytest.mark.parametrize("width", ["80", "120", "300"])
def test_status_shows_a_column_for_every_form_however_narrow_the_terminal(
    county: Path, width: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    said = ruralpb("status", *Q, project=county)
    forms = {state["form"] for state in ruralpb("status", *Q, "--json", project=county).json["states"]}
    assert len(forms) == 14
    assert sum(line.count("✓") for line in said.out.splitlines() if line.strip().startswith("南嘴镇")) == 14


def test_a_path_that_is_not_there_is_2(county: Path) -> None:
    assert "报表2" in wrong("ingest", county / "报表2", project=county)
    assert "密码" in wrong("ingest", county / "returns", "--password-file", "密码.txt", project=county)


def test_no_project_is_2_and_says_where_it_was_sought(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = ruralpb("status", *Q)
    assert (said.code, said.out) == (2, "")
    assert str(tmp_path) in said.err


def test_an_error_in_the_definitions_is_2_with_file_and_line(tmp_path: Path) -> None:
    folder = small_county(tmp_path / "沅江市")
    settings = folder / "ruralpb.yaml"
    text = settings.read_text("utf-8")
    settings.write_text(text + "tilte: x\n", "utf-8")
    err = wrong("status", *Q, project=folder)
    assert f"ruralpb.yaml:{text.count(chr(10)) + 1}" in err
    assert "title" in err
    assert ruralpb("define", "check", project=folder).code == 2


def test_a_project_that_another_run_holds_is_3_and_names_the_holder(own_county: Path) -> None:
    project = open_project(own_county)
    journal = (own_county / ".ruralpb/journal.jsonl").read_bytes()
    with project.lock("ruralpb run", 0.0, datetime(2026, 4, 20, 6, 0)):
        for words in (("ingest", own_county / "returns"), ("rebuild",), ("run", *Q)):
            said = ruralpb(*words, "--wait", "0", project=own_county)
            assert (said.code, said.out) == (3, ""), words
            assert f"ruralpb run (pid {os.getpid()}, 2026-04-20T06:00:00)" in said.err
        # Who reads does not wait.
        assert ruralpb("status", *Q, project=own_county).code == 0
    assert (own_county / ".ruralpb/journal.jsonl").read_bytes() == journal


def test_a_store_that_cannot_be_read_is_3(own_county: Path) -> None:
    (own_county / ".ruralpb/ruralpb.duckdb").write_bytes(b"no database" * 1000)
    said = ruralpb("status", *Q, project=own_county)
    assert (said.code, said.out) == (3, "")
    assert "rebuild" in said.err
    assert "Traceback" not in said.err


# --------------------------------------------------------------------------------- JSON and quiet


@pytest.mark.parametrize("words", READING.values(), ids=READING)
def test_json_is_one_document_and_nothing_else(county: Path, words: tuple[str, ...]) -> None:
    said = ruralpb(*words, "--json", project=county)
    assert said.code in (0, 1)
    assert said.json not in ([], {}, None)


def test_json_of_ingest_says_what_became_of_each_file(tmp_path: Path) -> None:
    folder = small_county(tmp_path / "沅江市")
    (folder / "returns/其他.csv").write_text("不是报表", "utf-8")
    said = ruralpb("ingest", folder / "returns", "--dry-run", "--json", project=folder)
    files = {
        file["path"].rpartition("/")[2]: file for file in said.json["files"] if "2025Q4" not in file["path"]
    }
    assert {name: file["status"] for name, file in files.items()} == {
        "泗湖山镇.xlsx": "taken",
        "南嘴镇.xlsx": "taken",
        "其他.csv": "refused",
    }
    (problem, *_) = files["其他.csv"]["problems"]
    assert problem["where"]["file"] == "returns/其他.csv"
    assert problem["message"]
    assert files["泗湖山镇.xlsx"]["received"] == "2026-04-07"


@pytest.mark.parametrize(
    "name", [name for name in READING if name not in ("export", "sql", "validate --sql")]
)
def test_quiet_says_nothing(county: Path, name: str) -> None:
    said = ruralpb("-q", *READING[name], project=county)
    assert (said.out, said.err) == ("", "")


def test_quiet_still_says_errors(county: Path, tmp_path: Path) -> None:
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04 nothing")
    said = ruralpb("ingest", tmp_path / "坏.xlsx", "--dry-run", "-q", project=county)
    assert (said.code, said.out) == (1, "")
    assert "坏.xlsx" in said.err
    assert ruralpb("-q", "status", "--quarter", "x", project=county).err != ""


def test_what_a_query_or_export_gives_is_printed_even_when_quiet(county: Path) -> None:
    assert ruralpb("-q", "export", "units", project=county).rows[0]["name"] == "湖南省"
    assert "20" in ruralpb("-q", "sql", "select 4 * 5 as n", project=county).out


def test_verbose_says_how_long_each_step_took(tmp_path: Path) -> None:
    said = ruralpb(
        "-v",
        "ingest",
        "--dry-run",
        small_county(tmp_path / "沅江市") / "returns",
        project=tmp_path / "沅江市",
    )
    assert len(re.findall(r"^ *\d+\.\d\ds  .*镇\.xlsx$", said.err, re.M)) == 4


# --------------------------------------------------------------------------- languages and consoles


@pytest.mark.parametrize(
    "words",
    [
        *(READING[name] for name in READING if name not in SENTENCES),
        ("--help",),
        ("export", "--help"),
        ("sttus",),
        ("ingest", ".", "--dry-run"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_in_english_only_the_county_s_own_words_are_chinese(
    county: Path, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(county)
    said = ruralpb("--lang", "en", *words)
    own = _own_words(county)
    assert [run for run in HAN.findall(said.out + said.err) if run not in own] == []


@cache
def _own_words(county: Path) -> str:
    """Everything Chinese that definitions, register, file names and cells say."""
    from ruralpb.intake.readers import read
    from ruralpb.model.loader import sources

    texts = [content.decode("utf-8-sig") for content in sources(county).values()]
    for file in (county / "returns").rglob("*.xlsx"):
        grids, _ = read(file.read_bytes(), file.name)
        texts += [
            str(file),
            *(grid.sheet for grid in grids),
            *(str(c) for grid in grids for row in grid.values for c in row),
        ]
    return "\n".join(texts)


def test_the_language_comes_from_the_option_then_the_variable_then_the_locale(
    county: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def language(*words: str) -> str:
        return "zh" if "没有" in ruralpb(*words, "sttus", project=county).err else "en"

    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    assert language() == "zh"
    assert language("--lang", "en") == language("--lang=en") == "en"
    monkeypatch.delenv("RURALPB_LANG")
    assert language() == "en"
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert language() == "zh"
    monkeypatch.setenv("LANG", "C.UTF-8")
    assert language() == "zh"
    monkeypatch.setenv("RURALPB_LANG", "en")
    assert language("--lang", "zh") == "zh"


def test_a_console_of_another_encoding_stops_no_command(county: Path) -> None:
    for encoding in ("cp936", "cp437", "ascii"):
        said = ruralpb("export", "units", project=county, encoding=encoding)
        assert said.bytes.startswith(b"\xef\xbb\xbf"), "a file's encoding is not the console's"
        said = ruralpb("define", "show", "one_shoulder_rate", project=county, encoding=encoding)
        assert said.code == 0, encoding
        assert "one_shoulder_rate" in said.out
    chinese = ruralpb("status", *Q, project=county, encoding="cp936")
    assert chinese.code == 0
    assert "泗湖山镇" in chinese.out


def test_colours_are_for_terminals_that_want_them(county: Path) -> None:
    def coloured(argv: list[str], **env: str) -> bool:
        import pty

        master, slave = pty.openpty()
        environment = {k: v for k, v in os.environ.items() if k != "NO_COLOR"} | {
            "TERM": "xterm-256color",
            **env,
        }
        done = subprocess.run(
            [sys.executable, "-m", "ruralpb", "-C", str(county), *argv],
            stdout=slave,
            stderr=slave,
            env=environment,
        )
        os.close(slave)
        shown = b""
        while True:
            try:
                part = os.read(master, 65536)
            except OSError:
                break
            if not part:
                break
            shown += part
        os.close(master)
        assert done.returncode == 2
        return b"\x1b[1;31m" in shown or b"\x1b[31" in shown

    pytest.importorskip("pty")
    wrong_period = ["status", "--quarter", "x"]
    assert coloured(wrong_period)
    assert not coloured(wrong_period, NO_COLOR="1")
    assert not coloured([*wrong_period, "--no-color"])
    assert b"\x1b" not in ruralpb(*wrong_period, project=county).err.encode()


# ------------------------------------------------------------------------------- options everywhere


def test_options_that_hold_everywhere_may_stand_anywhere(
    county: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = ruralpb("export", "units", "--json", project=county).json
    ways: list[tuple[object, ...]] = [
        ("--json", "--project", county, "export", "units"),
        ("export", "units", "--json", "-C", county),
        ("export", f"--project={county}", "--json", "units"),
    ]
    for way in ways:
        assert ruralpb(*way).json == expected
    monkeypatch.setenv("RURALPB_PROJECT", str(county))
    assert ruralpb("export", "units", "--json").json == expected
    monkeypatch.delenv("RURALPB_PROJECT")
    monkeypatch.chdir(county / "returns" / "2026Q1")
    assert ruralpb("export", "units", "--json").json == expected


@pytest.mark.parametrize("period", ["2026Q1", "2026-Q1", "2026q1", "2026年一季度", "2026年第1季度"])
def test_a_quarter_may_be_written_in_many_ways(county: Path, period: str) -> None:
    rows = ruralpb("export", "facts", "--form", "issue", "--period", period, project=county).rows
    assert {row["period"] for row in rows} == {"2026Q1"}


def test_township_is_unit_by_another_name(county: Path) -> None:
    said = [
        ruralpb("export", "facts", "--form", "issue", *Q, option, name, project=county).bytes
        for option in ("--unit", "--township")
        for name in ("泗湖山镇", "430981105")
    ]
    assert len(set(said)) == 1
    assert {row["township"] for row in _rows(said[0])} == {"泗湖山镇"}


def _rows(content: bytes) -> list[dict[str, str]]:
    return Said(0, content, "").rows


def test_every_command_ends_by_saying_what_to_do_next(county: Path) -> None:
    for name in ("status", "validate", "indicators", "define check", "define list"):
        last = ruralpb(*READING[name], project=county).out.strip().splitlines()[-1]
        assert "ruralpb" in last, name


# ------------------------------------------------------------------------------------------- ingest


def test_ingesting_twice_changes_nothing_and_says_so(own_county: Path) -> None:
    private = own_county / ".ruralpb"
    before = [(private / name).read_bytes() for name in ("journal.jsonl", "ruralpb.duckdb")]
    said = ruralpb("ingest", own_county / "returns", project=own_county)
    assert said.code == 0
    assert "收下 0 个文件（0 行），未变 4" in said.out
    assert [(private / name).read_bytes() for name in ("journal.jsonl", "ruralpb.duckdb")] == before


def test_a_dry_run_stores_nothing(tmp_path: Path) -> None:
    folder = small_county(tmp_path / "沅江市")
    said = ruralpb("ingest", folder / "returns", "--dry-run", "--show", project=folder)
    assert said.code == 0
    assert "未入库" in said.out
    assert "没有归档，也没有入库" in said.out
    assert "《village_economy》表头自" in said.out or "《committee》表头自" in said.out
    assert "合计" in said.out
    left = (
        [path for path in (folder / ".ruralpb").rglob("*") if path.is_file()]
        if (folder / ".ruralpb").exists()
        else []
    )
    assert left == []


# ---------------------------------------------------------------------------------- run, for cron


def test_run_does_it_all_without_a_terminal_and_again_changes_nothing(tmp_path: Path) -> None:
    folder = small_county(tmp_path / "沅江市")
    command = [sys.executable, "-m", "ruralpb", "-C", str(folder), "run", *Q, "-q"]
    bare = {k: v for k, v in os.environ.items() if k in ("PATH", "SYSTEMROOT", "HOME", "TEMP", "TMP")}
    first = subprocess.run(command, capture_output=True, env=bare, stdin=subprocess.DEVNULL, cwd=tmp_path)
    assert first.returncode == 1, first.stderr.decode()
    assert first.stdout == b""
    made = {path.name: path.read_bytes() for path in (folder / "out/2026Q1").iterdir()}
    assert {path.rpartition(".")[2] for path in made} == {"docx", "html", "xlsx"}
    store = (folder / ".ruralpb/journal.jsonl").read_bytes()

    assert ruralpb("run", *Q, project=folder).code == 1
    assert (folder / ".ruralpb/journal.jsonl").read_bytes() == store
    assert {path.name: path.read_bytes() for path in (folder / "out/2026Q1").iterdir()} == made

    lines = [json.loads(line) for line in (folder / ".ruralpb/runs.jsonl").read_text("utf-8").splitlines()]
    assert [(line["period"], line["taken"], line["unchanged"]) for line in lines] == [
        ("2026Q1", 4, 0),
        ("2026Q1", 0, 4),
    ]
    assert lines[0]["blocking"] == lines[1]["blocking"] > 0

    assert ruralpb("run", "--quarter", "2031Q1", project=folder).code == 2
    last = json.loads((folder / ".ruralpb/runs.jsonl").read_text("utf-8").splitlines()[-1])
    assert (last["period"], last["exit"], last["problems"]) == ("2031Q1", 2, ["period-without-returns"])


# ---------------------------------------------------------------------------------- init and demo


def test_init_makes_a_project_that_the_other_commands_take(tmp_path: Path) -> None:
    from command_line import SAMPLES

    folder = tmp_path / "新县"
    said = ruralpb("init", folder, "--unit", "沅江市", "--units", SAMPLES / "units.csv")
    assert said.code == 0, said.err
    assert "沅江市" in (folder / "ruralpb.yaml").read_text("utf-8")
    assert (folder / "returns").is_dir()
    assert "ruralpb ingest" in said.out
    assert ruralpb("define", "check", project=folder).code == 0
    again = ruralpb("init", folder)
    assert again.code == 2
    assert "ruralpb.yaml" in again.err


def test_demo_goes_from_files_to_the_briefing_of_every_quarter(demonstrated: Demonstrated) -> None:
    assert demonstrated.code == 0, demonstrated.said
    assert len(demonstrated.said) < 3000
    for quarter in ("2025Q1", "2025Q2", "2025Q3", *QUARTERS):
        assert quarter in demonstrated.said
        written = (demonstrated.folder / "ruralpb-demo/out" / quarter).iterdir()
        assert {path.suffix for path in written} == {".docx", ".html", ".xlsx"}
    assert "2026Q1-quarterly.docx" in demonstrated.said
