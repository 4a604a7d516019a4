"""A marked copy differs from the township's own workbook in the fills of the marked cells, and in nothing else."""

from __future__ import annotations

import copy
import io
import re
import shutil
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import rich_workbooks as rich
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from workbooks import csv, workbook

from ruralpb.core.ooxml.zipped import replaced
from ruralpb.core.problems import SEVERITIES
from ruralpb.intake.readers import read
from ruralpb.model import cell_name
from ruralpb.publish import feedback
from ruralpb.publish.feedback import Mark
from ruralpb.publish.feedback.marks import colours

WHEN = datetime(2026, 4, 8, tzinfo=UTC)
FIRST, SECOND = rich.SHEETS
OFFICE = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")


@pytest.fixture(scope="module")
def by_office(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return rich.converted(rich.by_xlsxwriter(), tmp_path_factory.mktemp("office"), "xlsx", "xlsx")


WRITTEN: Mapping[str, bytes] = {
    "XlsxWriter": rich.by_xlsxwriter(),
    "openpyxl": rich.by_openpyxl(),
    "WPS": rich.by_wps(),
    "with prefixes": rich.with_prefixes(),
    "strict": rich.strict(),
}

marks = st.lists(
    st.builds(
        Mark,
        sheet=st.sampled_from(rich.SHEETS),
        cell=st.builds(cell_name, st.integers(0, 18), st.integers(0, 9)),
        severity=st.sampled_from(("error", "query", "note")),
        head=st.booleans(),
    ),
    min_size=1,
    max_size=12,
)


def marked(content: bytes, wanted: list[Mark]) -> bytes:
    found = feedback.mark(content, wanted)
    assert found.reason == ""
    assert found.content is not None
    return found.content


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def packed(content: bytes, name: str) -> bytes:
    """The compressed bytes of a part, as they lie in the file."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        info = package.getinfo(name)
        start = info.header_offset
        name_length, extra_length = (
            int.from_bytes(content[start + at : start + at + 2], "little") for at in (26, 28)
        )
        start += 30 + name_length + extra_length
        return content[start : start + info.compress_size]


def only_cells_changed(before: bytes, after: bytes, cells: set[str]) -> bool:
    """Whether two sheets are the same but for the style of these cells, which may have been put in."""
    old, new = (etree.fromstring(part) for part in (before, after))
    there = {c.get("r") for c in old.iter("{*}c")}
    for cell in list(new.iter("{*}c")):
        if cell.get("r") in cells and cell.get("r") not in there and cell.get("r"):
            assert len(cell) == 0
            cell.getparent().remove(cell)
    rows = {row.get("r") for row in old.iter("{*}row")}
    for row in list(new.iter("{*}row")):
        if len(row) == 0 and row.get("r") not in rows:
            row.getparent().remove(row)
    for tree in (old, new):
        for cell in tree.iter("{*}c"):
            if cell.get("r") in cells:
                cell.attrib.pop("s", None)
        for row in tree.iter("{*}row"):
            row.text = row.text or None
    return bool(etree.tostring(old, method="c14n") == etree.tostring(new, method="c14n"))


def check(content: bytes, wanted: list[Mark]) -> None:
    """Everything that holds of every marked copy of every workbook."""
    copied = marked(content, wanted)
    old, new = parts(content), parts(copied)
    by_sheet = {sheet: anchored(content, sheet, cells) for sheet, cells in colours(wanted).items()}
    part_of = {name: f"xl/worksheets/sheet{n}.xml" for n, name in enumerate(rich.SHEETS, 1)}
    changed = {part_of[sheet] for sheet in by_sheet} | {"xl/styles.xml"}
    assert list(old) == list(new)
    assert {name for name in old if old[name] != new[name]} <= changed
    for name in old.keys() - changed:
        assert packed(content, name) == packed(copied, name)
    for sheet, cells in by_sheet.items():
        assert only_cells_changed(old[part_of[sheet]], new[part_of[sheet]], set(cells))
    styles_grew(old["xl/styles.xml"], new["xl/styles.xml"])
    assert read(content, "a.xlsx") == read(copied, "a.xlsx")


def anchored(content: bytes, sheet: str, cells: Mapping[str, str]) -> dict[str, str]:
    """Cells in a merged area stand at its first cell; of several there the first named has its colour."""
    found: dict[str, str] = {}
    for name, colour in cells.items():
        inside = sheet_has_merge(content) and re.fullmatch(r"[A-F]1", name)
        found.setdefault("A1" if inside else name, colour)
    return found


def sheet_has_merge(content: bytes) -> bool:
    return b"mergeCell " in parts(content)["xl/worksheets/sheet1.xml"]


def styles_grew(before: bytes, after: bytes) -> None:
    """Fills and cell styles were appended, and their counts are right; all else is as it was."""
    old, new = etree.fromstring(before), etree.fromstring(after)
    for kind in ("fills", "cellXfs"):
        was, now = (next(tree.iter(f"{{*}}{kind}")) for tree in (old, new))
        assert now.get("count") in (None, str(len(now)))
        assert [etree.tostring(c, method="c14n") for c in was] == [
            etree.tostring(c, method="c14n") for c in list(now)[: len(was)]
        ]
        for tree, element in ((old, was), (new, now)):
            element.getparent().remove(element)
            assert tree is not None
    assert etree.tostring(old, method="c14n") == etree.tostring(new, method="c14n")


def look(cell: Any) -> list[str]:
    """How a cell looks, its fill aside."""
    return [repr(getattr(cell, k)) for k in ("font", "border", "alignment", "number_format", "protection")]


class TestWhateverWroteIt:
    @pytest.mark.parametrize("writer", list(WRITTEN))
    @settings(max_examples=12, deadline=None)
    @given(wanted=marks)
    def test_nothing_but_the_fills_of_the_marked_cells_differs(self, writer: str, wanted: list[Mark]) -> None:
        check(WRITTEN[writer], wanted)

    @OFFICE
    def test_nor_in_what_libreoffice_wrote(self, by_office: bytes) -> None:
        for cells in (("B5", "F4"), ("A1", "J19", "C1"), ("G13", "B4", "B15")):
            check(by_office, [Mark(FIRST, cell, "error") for cell in cells])

    @pytest.mark.parametrize("writer", ["XlsxWriter", "openpyxl", "WPS"])
    def test_a_marked_cell_looks_as_it_did_but_for_its_fill(self, writer: str) -> None:
        cells = ("A1", "A5", "B5", "C6", "D7", "E8", "F9", "H4", "B15", "Z40")
        content = WRITTEN[writer]
        copied = marked(content, [Mark(SECOND, cell, "query") for cell in cells])
        before, after = (openpyxl.load_workbook(io.BytesIO(c)) for c in (content, copied))
        for row in after[SECOND].iter_rows(max_row=40, max_col=26):
            for cell in row:
                old = before[SECOND][cell.coordinate]
                if cell.coordinate not in ("H4", "B15"):  # not there before: like their column and row
                    assert look(cell) == look(old), cell.coordinate
                if cell.coordinate in cells:
                    assert cell.fill.fgColor.rgb == f"FF{SEVERITIES['query'].marked}"
                else:
                    assert repr(cell.fill) == repr(old.fill)

    def test_each_other_byte_of_the_sheet_is_the_original_s(self) -> None:
        content = WRITTEN["XlsxWriter"]
        copied = marked(content, [Mark(FIRST, "B5", "error"), Mark(FIRST, "D6", "note")])
        bare = re.compile(rb'(<c r="(?:B5|D6)")(?: s="\d+")?')
        old, new = (bare.sub(rb"\1", parts(c)["xl/worksheets/sheet1.xml"]) for c in (content, copied))
        assert old == new

    def test_a_cell_that_was_not_there_looks_like_its_row_else_like_its_column(self) -> None:
        copied = marked(WRITTEN["XlsxWriter"], [Mark(FIRST, "B15", "error"), Mark(FIRST, "H6", "error")])
        sheet = openpyxl.load_workbook(io.BytesIO(copied))[FIRST]
        assert [sheet[cell].font.italic for cell in ("B15", "H6", "B6")] == [True, True, False]

    @OFFICE
    def test_it_opens_in_libreoffice(self, tmp_path: Path) -> None:
        copied = marked(WRITTEN["WPS"], [Mark(FIRST, cell, "error") for cell in ("B5", "J30", "A1", "H4")])
        assert rich.converted(copied, tmp_path, "xlsx", "pdf").startswith(b"%PDF")

    def test_without_marks_the_copy_is_the_file(self) -> None:
        assert marked(WRITTEN["openpyxl"], []) == WRITTEN["openpyxl"]


class TestColours:
    def test_the_worst_wins_and_the_head_before_the_other_rows_of_its_group(self) -> None:
        found = colours(
            [
                Mark("a", "A1", "note"), Mark("a", "A1", "error", head=False), Mark("a", "A1", "query"),
                Mark("a", "A2", "query", head=False), Mark("a", "A2", "query"), Mark("b", "A2", "note", head=False),
            ]
        )  # fmt: skip
        assert found == {
            "a": {"A1": SEVERITIES["error"].pale, "A2": SEVERITIES["query"].marked},
            "b": {"A2": SEVERITIES["note"].pale},
        }


class TestNotInPlace:
    def test_a_signed_workbook(self) -> None:
        signed = rich.rezipped(WRITTEN["XlsxWriter"], {}, {"_xmlsignatures/sig1.xml": b"<Signature/>"})
        assert feedback.mark(signed, [Mark(FIRST, "B5", "error")]) == feedback.Marked(None, "feedback-signed")

    @pytest.mark.parametrize("content", [csv("| 村名 | 收入 |\n| 甲 | 1 |"), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", b"<table><tr><td>1"])  # fmt: skip
    def test_what_is_no_xlsx_or_is_encrypted(self, content: bytes) -> None:
        assert feedback.mark(content, [Mark("表1", "A1", "error")]).reason == "feedback-not-xlsx"

    def test_a_workbook_without_styles(self) -> None:
        bare = rich.rezipped(WRITTEN["openpyxl"], {"styles.xml": lambda _: b'<styleSheet xmlns="x"/>'})
        assert feedback.mark(bare, [Mark(FIRST, "B5", "error")]).reason == "feedback-without-styles"

    def test_a_sheet_in_another_charset(self) -> None:
        odd = rich.rezipped(
            WRITTEN["openpyxl"],
            {"sheet1.xml": lambda part: b'<?xml version="1.0" encoding="utf-16"?>'.decode().encode("utf-16") + part.decode().encode("utf-16-le")},
        )  # fmt: skip
        assert feedback.mark(odd, [Mark(FIRST, "B5", "error")]).content is None

    @pytest.mark.parametrize("cut", [10, 200, 3000])
    def test_a_damaged_one_is_no_crash(self, cut: int) -> None:
        assert feedback.mark(WRITTEN["openpyxl"][:-cut], [Mark(FIRST, "B5", "error")]).content is None


class TestTheContainer:
    """Zips that other programs write: sizes behind the bytes, 64-bit fields, a comment, folders."""

    def streamed(self) -> bytes:
        class Pipe(io.BytesIO):
            def seekable(self) -> bool:
                return False

            def seek(self, *_: Any) -> int:
                raise OSError

            def tell(self) -> int:
                raise OSError

        pipe = Pipe()
        with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as out:
            for name, data in parts(WRITTEN["openpyxl"]).items():
                with out.open(name, "w", force_zip64=True) as part:
                    part.write(data)
            out.writestr("folder/", b"")
            out.comment = "备注".encode()
        return pipe.getvalue()

    def test_a_streamed_one_is_marked_too(self) -> None:
        content = self.streamed()
        copied = marked(content, [Mark(FIRST, "B5", "error")])
        with zipfile.ZipFile(io.BytesIO(copied)) as package:
            assert package.comment.decode() == "备注"
            assert "folder/" in package.namelist()
        check(content, [Mark(FIRST, "B5", "error"), Mark(SECOND, "J19", "note")])

    def test_nothing_replaced_keeps_every_byte_of_every_part(self) -> None:
        content = WRITTEN["XlsxWriter"]
        assert parts(replaced(content, {})) == parts(content)
        assert replaced(content, {})[: len(content) // 2] == content[: len(content) // 2]


class TestRelaid:
    TABLE = """
      2026年第一季度村级经济表 | < | <
      填报单位：东镇 | | 单位：万元
      | 村名 | 收入 | 比例 | 日期 | 有 | 坏 |
      | 甲村 | 12.5 | 98% | @2026-03-15 | TRUE | #REF! |
      | 乙村 | '007 | 5% | @2026-03-16 | FALSE | =B4+1 → 13.5 |
    """

    def relaid(self, content: bytes, name: str, *wanted: Mark) -> bytes:
        grids, _ = read(content, name)
        return feedback.relay(grids, wanted, WHEN)

    def test_every_value_stands_in_its_cell_and_reads_as_before(self) -> None:
        content = workbook(self.TABLE)
        (before,), _ = read(content, "a.xlsx")
        (after,), _ = read(self.relaid(content, "a.xlsx"), "b.xlsx")
        assert after.values == before.values
        assert after.merged == before.merged
        assert {k: e.format for k, e in after.evidence.items() if e.format} == {
            k: e.format for k, e in before.evidence.items() if e.format
        }

    @OFFICE
    @pytest.mark.parametrize("to", ["xls", "ods", "html"])
    def test_so_do_those_of_other_formats(self, to: str, tmp_path: Path) -> None:
        content = rich.converted(workbook(self.TABLE), tmp_path, "xlsx", to)
        before, _ = read(content, f"a.{to}")
        after, _ = read(self.relaid(content, f"a.{to}", Mark(before[0].sheet, "B4", "error")), "b.xlsx")
        assert after[0].values == before[0].values
        assert after[0].merged == before[0].merged

    def test_text_of_a_csv_stays_text(self) -> None:
        copied = self.relaid(csv("村名 | 编号\n甲 | 007"), "a.csv", Mark("a", "B2", "error"))
        sheet = openpyxl.load_workbook(io.BytesIO(copied)).worksheets[0]
        assert [cell.value for cell in sheet[2]] == ["甲", "007"]

    def test_marks_are_in_their_cells_empty_and_merged_ones_too(self) -> None:
        content = workbook(self.TABLE)
        copied = self.relaid(content, "a.xlsx", Mark("表1", "B4", "error"), Mark("表1", "B1", "note"), Mark("表1", "H9", "query"))  # fmt: skip
        sheet = openpyxl.load_workbook(io.BytesIO(copied))["表1"]
        fills = {c: sheet[c].fill.fgColor.rgb for c in ("B4", "A1", "H9")}
        assert fills == {
            "B4": f"FF{SEVERITIES['error'].marked}",
            "A1": f"FF{SEVERITIES['note'].marked}",
            "H9": f"FF{SEVERITIES['query'].marked}",
        }

    def test_rows_that_are_not_to_be_seen_are_blank(self) -> None:
        content = workbook({"甲": "| 村 | 数 |\n| 东 | 1 |\n| 西 | 2 |", "乙": "| 密 |"})
        grids, _ = read(content, "a.xlsx")
        (sheet,), _ = read(feedback.relay(grids, (), WHEN, {"甲": frozenset({0, 2})}), "b.xlsx")
        assert (sheet.sheet, sheet.values) == ("甲", (("村", "数"), (None, None), ("西", 2.0)))

    def test_equal_input_gives_equal_bytes(self) -> None:
        content = workbook(self.TABLE)
        assert self.relaid(content, "a.xlsx") == self.relaid(copy.deepcopy(content), "a.xlsx")
