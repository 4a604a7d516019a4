"""`ingest --dry-run --show FILE`: the sheet as the reader saw it."""

from __future__ import annotations

from pathlib import Path

from command_line import ruralpb
from semantics_world import FARM, drop, id_number, make_project, roster, sheet, take
from workbooks import workbook

TABLE = """
    新建村 12 3 90
    柳树村 7 2 80
    合计 19 5 -
"""


def shown(folder: Path, content: bytes, lang: str = "zh") -> str:
    project = make_project(folder)
    file = drop(project, "2026-04-03/青山镇.xlsx", content)
    said = ruralpb("--lang", lang, "ingest", "--dry-run", "--show", file, project=folder)
    assert said.err == "" or "Traceback" not in said.err
    return said.out


def lines(text: str) -> dict[str, str]:
    """Row number → its line without blanks."""
    found = (line.split() for line in text.splitlines())
    return {words[0]: "".join(words[1:]) for words in found if words and words[0].isdigit()}


def farm(rows: str = TABLE, note: str = "") -> bytes:
    drawn = sheet("农情表", FARM, "青山镇", "2026年第一季度", rows, "万元")
    return workbook({"农情": drawn + note})


def test_each_row_with_what_it_was_taken_for(tmp_path: Path) -> None:
    found = lines(shown(tmp_path, farm(note="\n制表人：王五")))
    assert [found[n][:2] for n in "1234567"] == ["标题", "标题", "表头", "数据", "数据", "合计", "签署"]
    assert "新建村│12│3│90" in found["4"]


def test_what_each_column_means_and_which_is_not_known(tmp_path: Path) -> None:
    drawn = sheet("农情表", (*FARM, "自加栏"), "青山镇", "2026年第一季度", "新建村 12 3 90 5", "万元")
    text = shown(tmp_path, workbook({"农情": drawn}))
    assert "A3=village  B3=income  C3=cost  D3=share" in text
    assert "E3 自加栏" in text


def test_a_sheet_that_is_no_return_is_shown_too(tmp_path: Path) -> None:
    text = shown(tmp_path, workbook({"说明": "填表说明\n请按时填报 | 谢谢"}), "en")
    assert "sheet '说明'" in text
    assert "not read" in text


def test_a_file_that_is_known_already_is_shown_again_and_nothing_is_stored(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    file = drop(project, "2026-04-03/青山镇.xlsx", farm())
    take(project)
    before = (tmp_path / ".ruralpb" / "journal.jsonl").read_bytes()
    said = ruralpb("ingest", "--dry-run", "--show", file, project=tmp_path)
    assert "新建村│12" in said.out
    assert (tmp_path / ".ruralpb" / "journal.jsonl").read_bytes() == before


def test_id_numbers_are_masked(tmp_path: Path) -> None:
    number = id_number(7)
    text = shown(tmp_path, roster("青山镇", "2026年第一季度", f"新建村 张三 {number} 100"))
    assert number.strip("'") not in text
    assert f"****{number[-4:]}" in text
