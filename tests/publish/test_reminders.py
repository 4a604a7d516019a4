"""催报单: one for each reporter that owes something, none for the others; what it says, as a document and as a message."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import docx
import pytest
from command_line import ruralpb
from owing_county import FILES, Q1, D, county, farm, visit

from ruralpb.app import reminders
from ruralpb.app import status as stage
from ruralpb.app.opening import open_project
from ruralpb.app.project import Project
from ruralpb.publish.text.reminder import Owing, Reminder, chat

SETTINGS = FILES["ruralpb.yaml"] + "report: {issuer: 中共云岭县委组织部, contact: 组织科 0737-1234567}\n"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """东镇 has sent everything and whole. 西街道's visits are missing, its 农情表 (without 丁村) was sent back on 10 April. The bureau owes its
    visits on 10 April."""
    made = county(
        tmp_path_factory.mktemp("reminders") / "云岭县",
        {
            "2026-04-07/东镇.xlsx": farm("东镇", "甲村 3 1", "乙村 2 1"),
            "2026-04-07/东镇走访.xlsx": visit("东镇"),
            "2026-04-08/西街道.xlsx": farm("西街道", "丙村 3 4"),
        },
    )
    (made.folder / "ruralpb.yaml").write_text(SETTINGS, "utf-8")
    return open_project(made.folder)


def send_back(project: Project) -> Project:
    west = "990101102"
    data = {"submission": f"{west}-farm-2026Q1-v1", "reporter": west, "form": "farm", "period": "2026Q1"}
    with project.lock("feedback", 1, datetime(2026, 4, 10, 9)):
        project.journal.decide("return", "李明", "支出大于收入", data, datetime(2026, 4, 10, 9))
    return open_project(project.folder)


@pytest.fixture(scope="module")
def sent_back(tmp_path_factory: pytest.TempPathFactory, project: Project) -> Project:
    """As `project`, after the sending back."""
    import shutil

    folder = tmp_path_factory.mktemp("sent-back") / "云岭县"
    shutil.copytree(project.folder, folder)
    return send_back(open_project(folder))


def write(project: Project, today: date, folder: Path) -> dict[str, Path]:
    """File name → file of the reminders written on `today`."""
    found = stage.status(project, Q1, "", today)
    return {path.name: path for path in reminders.write(project, Q1, found, folder)}


def made(project: Project, today: date) -> dict[str, Reminder]:
    found = stage.status(project, Q1, "", today)
    return {r.reporter: r for r in reminders.reminders(project, Q1, found)}


def text_of(path: Path) -> list[str]:
    """The paragraphs and rows of a document, in reading order."""
    document = docx.Document(str(path))
    lines = []
    for block in document.iter_inner_content():
        if isinstance(block, docx.table.Table):
            lines += [" | ".join(cell.text for cell in row.cells) for row in block.rows]
        elif block.text:
            lines.append(block.text)
    return lines


class TestWhoIsReminded:
    def test_nobody_who_owes_nothing(self, sent_back: Project) -> None:
        assert set(made(sent_back, D(2026, 4, 15))) == {"西街道", "县农业局"}

    def test_before_the_due_date_of_what_is_to_come(self, project: Project) -> None:
        bureau = made(project, D(2026, 4, 8))["县农业局"]
        assert [(o.why, o.by) for o in bureau.owing] == [("coming", D(2026, 4, 10))]
        assert bureau.until == D(2026, 4, 10), "on its day, not before"

    def test_of_villages_left_out_even_if_nothing_else_is_missing(self, project: Project) -> None:
        west = made(project, D(2026, 4, 9))["西街道"]
        assert [(o.why, o.villages) for o in west.owing if o.why == "omitted"] == [("omitted", ("丁村",))]

    def test_what_is_asked_for_comes_within_two_working_days(self, sent_back: Project) -> None:
        assert made(sent_back, D(2026, 4, 30))["西街道"].until == D(2026, 5, 7)  # 劳动节 and then 6, 7 May
        patient = replace(sent_back, settings=replace(sent_back.settings, answer_workdays=4))
        assert made(patient, D(2026, 4, 30))["西街道"].until == D(2026, 5, 9)  # a Saturday that is worked

    def test_of_what_was_sent_back_by_the_day_that_was_given_for_it(self, sent_back: Project) -> None:
        found = made(sent_back, D(2026, 4, 13))["西街道"]
        assert [(o.why, o.by) for o in found.owing] == [
            ("overdue", D(2026, 4, 8)),
            ("returned", D(2026, 4, 14)),
        ]
        assert "《农情表》4月10日退回修改（错误2条），尚未重报，请于4月14日前报回。" in chat(found, "")

    def test_each_is_addressed_as_what_it_is(self, sent_back: Project) -> None:
        addressed = {name: r.addressed for name, r in made(sent_back, D(2026, 4, 15)).items()}
        assert addressed == {"西街道": "你街道", "县农业局": "你单位"}

    def test_none_at_all_when_all_is_in(self, tmp_path: Path) -> None:
        done = county(
            tmp_path / "p",
            {
                "2026-04-07/东镇.xlsx": farm("东镇", "甲村 3 1", "乙村 2 1"),
                "2026-04-07/西街道.xlsx": farm("西街道", "丙村 3 1", "丁村 2 1"),
                **{f"2026-04-08/{name}走访.xlsx": visit(name) for name in ("东镇", "西街道", "县农业局")},
            },
        )
        assert write(done, D(2026, 4, 20), tmp_path / "催报") == {}
        said = ruralpb("status", "--quarter", "2026Q1", "--reminders", tmp_path / "催报", project=done.folder)
        assert "没有需要催报的单位" in said.out
        assert not (tmp_path / "催报").exists()


class TestTheDocument:
    def test_says_who_what_when_how_late_and_by_when(self, sent_back: Project, tmp_path: Path) -> None:
        files = write(sent_back, D(2026, 4, 15), tmp_path)
        assert sorted(files) == [
            f"2026Q1-催报单-{name}-2026-04-15.{suffix}"
            for name in ("县农业局", "西街道")
            for suffix in ("docx", "txt")
        ]
        lines = text_of(files["2026Q1-催报单-西街道-2026-04-15.docx"])
        assert lines == [
            "关于催报2026年第一季度报表的通知",
            "西街道：",
            "截至2026年4月15日，你街道2026年第一季度应报报表中，逾期未报1份，退回修改后尚未重报1份，具体如下。",
            "序号 | 表号 | 报表名称 | 截止日 | 情况",
            "1 | 示农01表 | 走访记录 | 4月8日 | 逾期5个工作日",
            "2 | 示农02表 | 农情表 | 4月14日 | 4月10日退回修改（错误2条），尚未重报，逾期1个工作日",
            "请于2026年4月17日前报送。退回修改的，请按退回修改通知改正或说明后重新报送。没有发生数的流水类报表，请按零报告报送，不要空缺。"
            "确有困难不能按时报送的，请及时说明原因和报送时间；已经报送的，请与我们核对。",
            "联系人：组织科 0737-1234567",
            "中共云岭县委组织部",
            "2026年4月15日",
        ]  # fmt: skip

    def test_names_the_villages_that_were_left_out(self, project: Project, tmp_path: Path) -> None:
        lines = text_of(write(project, D(2026, 4, 15), tmp_path)["2026Q1-催报单-西街道-2026-04-15.docx"])
        assert "2 | 示农02表 | 农情表 | 4月8日 | 漏报1个村：丁村" in lines
        assert any("漏报的村，请补齐后重新报送整张报表" in line for line in lines)
        assert not any("退回" in line for line in lines)

    def test_gives_the_year_of_a_day_of_another_year(self, project: Project, tmp_path: Path) -> None:
        lines = text_of(write(project, D(2027, 1, 5), tmp_path)["2026Q1-催报单-西街道-2027-01-05.docx"])
        assert any("2026年4月8日 | 逾期" in line for line in lines)

    def test_is_laid_out_as_an_official_letter(self, sent_back: Project, tmp_path: Path) -> None:
        files = write(sent_back, D(2026, 4, 15), tmp_path)
        document = docx.Document(str(files["2026Q1-催报单-西街道-2026-04-15.docx"]))
        styles = {p.text: p.style.style_id for p in document.paragraphs}
        assert styles["关于催报2026年第一季度报表的通知"] == "BriefTitle"
        assert styles["西街道："] == "BriefTo"
        assert styles["2026年4月15日"] == "BriefSigned"
        (section,) = document.sections
        assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
        assert round(section.left_margin.mm) == 28  # GB/T 9704: 订口 28 mm

    def test_leaves_no_number_that_is_not_a_fact(self, sent_back: Project, tmp_path: Path) -> None:
        from ruralpb.model.loader.shipped import shipped_path
        from ruralpb.publish import documents

        found = stage.status(sent_back, Q1, "", D(2026, 4, 15))
        for reminder in reminders.reminders(sent_back, Q1, found):
            context = reminders._context(sent_back, Q1, reminder)
            rendered = documents.render(
                context,
                reminders.TEMPLATE,
                [shipped_path("templates")],
                ("docx",),
                documents.stamp(D(2026, 4, 15)),
            )
            assert rendered.problems == ()

    def test_can_be_worded_by_the_project(self, sent_back: Project, tmp_path: Path) -> None:
        own = tmp_path / "p"
        (own / "templates").mkdir(parents=True)
        (own / "templates" / "reminder.md.j2").write_text(
            "催一催\n ===\n\n{{ reporter }}还差{{ counts }}。\n", "utf-8"
        )
        found = stage.status(sent_back, Q1, "西街道", D(2026, 4, 15))
        document, _ = reminders.write(replace(sent_back, folder=own), Q1, found, tmp_path / "out")
        lines = text_of(document)
        assert lines == ["催一催", "西街道还差逾期未报1份，退回修改后尚未重报1份。"]

    def test_is_not_offered_as_a_template_of_reports(self) -> None:
        from ruralpb.model.loader.shipped import shipped_path
        from ruralpb.publish.documents import names

        assert "reminder" not in names([shipped_path("templates")])

    def test_is_the_same_bytes_for_the_same_day(
        self, sent_back: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
        first, second = (write(sent_back, D(2026, 4, 15), tmp_path / name) for name in ("a", "b"))
        assert {n: p.read_bytes() for n, p in first.items()} == {n: p.read_bytes() for n, p in second.items()}


class TestTheMessage:
    def test_is_short_polite_and_complete(self, sent_back: Project, tmp_path: Path) -> None:
        file = write(sent_back, D(2026, 4, 15), tmp_path)["2026Q1-催报单-西街道-2026-04-15.txt"]
        assert file.read_text("utf-8-sig") == (
            "【催报】西街道：您好！2026年第一季度报表还有2份需要报送：\n"
            "1. 《走访记录》4月8日到期，已逾期5个工作日；\n"
            "2. 《农情表》4月10日退回修改（错误2条），尚未重报，逾期1个工作日。\n"
            "麻烦于4月17日前报来，如已报送请忽略。谢谢！\n"
            "有问题请联系：组织科 0737-1234567\n"
        )

    def test_puts_the_returns_of_one_day_into_one_line(self) -> None:
        owing = tuple(Owing("overdue", f"0{n}表", f"表{n}", D(2026, 4, 8), 3, 5) for n in range(1, 15))
        reminder = Reminder(
            "东镇", "1", "你镇", "2026年第一季度", D(2026, 4, 13), D(2026, 4, 15), owing, True
        )
        _, line, *_ = chat(reminder, "").splitlines()
        assert line == "1. 《表1》《表2》《表3》《表4》《表5》等14份4月8日到期，已逾期3个工作日。"

    def test_names_nobody_where_no_contact_is_set(self) -> None:
        owing = (Owing("coming", "01表", "表1", D(2026, 4, 8), 0, 0),)
        reminder = Reminder("东镇", "1", "你镇", "2026年第一季度", D(2026, 4, 2), D(2026, 4, 8), owing, True)
        assert chat(reminder, "").splitlines()[1:] == [
            "1. 《表1》4月8日到期，请按时报送。",
            "麻烦于4月8日前报来，如已报送请忽略。谢谢！",
        ]


class TestTheCommand:
    def test_writes_into_the_folder_and_says_how_many(self, sent_back: Project, tmp_path: Path) -> None:
        folder = tmp_path / "催 报"
        said = ruralpb("status", "--quarter", "2026Q1", "--reminders", folder, project=sent_back.folder)
        assert said.code == 0
        assert "催报单 2 份" in said.out
        assert {re.sub(r"\d{4}-\d\d-\d\d", "DAY", p.name) for p in folder.iterdir()} == {
            f"2026Q1-催报单-{name}-DAY.{suffix}"
            for name in ("县农业局", "西街道")
            for suffix in ("docx", "txt")
        }

    def test_can_be_for_one_unit(self, sent_back: Project, tmp_path: Path) -> None:
        words = ("status", "--quarter", "2026Q1", "--unit", "西街道", "--reminders", tmp_path)
        assert ruralpb(*words, project=sent_back.folder).code == 0
        assert {p.name.split("-")[2] for p in tmp_path.iterdir()} == {"西街道"}

    def test_leaves_other_files_alone(self, sent_back: Project, tmp_path: Path) -> None:
        (tmp_path / "记事.txt").write_text("勿动", "utf-8")
        ruralpb("status", "--quarter", "2026Q1", "--reminders", tmp_path, project=sent_back.folder)
        assert (tmp_path / "记事.txt").read_text("utf-8") == "勿动"


def test_two_units_of_one_name_have_a_file_each(project: Project, tmp_path: Path) -> None:
    units = FILES["units.csv"] + "990101103,西街道,township,990101,街道,,,,,,,,10\n"
    twin = county(tmp_path / "p", {})
    (twin.folder / "units.csv").write_text(units, "utf-8")
    files = write(open_project(twin.folder), D(2026, 4, 15), tmp_path / "out")
    names = {name.split("-")[2] for name in files if "西街道" in name}
    assert names == {"西街道990101102", "西街道990101103"}


def test_a_document_opens_as_a_zip_of_one_time(sent_back: Project, tmp_path: Path) -> None:
    import zipfile

    content = write(sent_back, D(2026, 4, 15), tmp_path)["2026Q1-催报单-西街道-2026-04-15.docx"].read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert len({member.date_time for member in archive.infolist()}) == 1
