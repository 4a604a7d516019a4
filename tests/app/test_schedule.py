"""Schedule: the job definitions, read back as the systems read them: crontab(5), systemd.service(5), the Task Scheduler's schema."""

from __future__ import annotations

import re
import shlex
from datetime import date, time
from pathlib import Path
from xml.etree import ElementTree

import pytest
from command_line import Said, ruralpb
from owing_county import county

from ruralpb import __version__
from ruralpb.app import schedule
from ruralpb.core.problems import CannotRun
from ruralpb.publish.text import job_definitions
from ruralpb.publish.text.job_definitions import Job

FOLDERS = (
    "/srv/ruralpb",
    "/home/李明/沅江市 报表",
    "/data/100% 完成/it's",
    '/data/"quoted" $HOME `x`;&|',
    "/data/back\\slash",
)
WINDOWS = ("C:\\ruralpb", "D:\\组织部 2026\\报表 & <台账>", "C:\\100%\\it's\\")
TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


def job(folder: str, at: str = "07:30", days: str = "workdays") -> Job:
    words = (f"{folder}/.venv/bin/ruralpb", "-q", "-C", folder, "run", "--quarter", "last")
    return Job(words, folder, schedule.read_time(at), schedule.read_days(days), "云岭县 100% 季报")


class TestWhen:
    @pytest.mark.parametrize(
        ("text", "days"),
        [
            ("workdays", (0, 1, 2, 3, 4)),
            ("daily", (0, 1, 2, 3, 4, 5, 6)),
            ("mon", (0,)),
            ("fri,mon,mon", (0, 4)),
            ("Mon-Wed, sat", (0, 1, 2, 5)),
            ("mon，tue", (0, 1)),
        ],
    )
    def test_days(self, text: str, days: tuple[int, ...]) -> None:
        assert schedule.read_days(text) == days

    @pytest.mark.parametrize("text", ["", "monday", "fri-mon", "1-5", "mon-", "周一"])
    def test_what_are_no_days_is_refused(self, text: str) -> None:
        with pytest.raises(CannotRun) as stop:
            schedule.read_days(text)
        assert [p.slug for p in stop.value.problems] == ["schedule-days"]

    @pytest.mark.parametrize(
        ("text", "at"), [("7:30", time(7, 30)), ("23:59", time(23, 59)), ("07：05", time(7, 5))]
    )
    def test_a_time_of_day(self, text: str, at: time) -> None:
        assert schedule.read_time(text) == at

    @pytest.mark.parametrize("text", ["24:00", "7", "7:60", "7.30", "早上"])
    def test_what_is_no_time_is_refused(self, text: str) -> None:
        with pytest.raises(CannotRun) as stop:
            schedule.read_time(text)
        assert [p.slug for p in stop.value.problems] == ["schedule-time"]


class TestCron:
    @pytest.mark.parametrize("folder", FOLDERS)
    def test_the_shell_gets_the_words_whatever_is_in_the_path(self, folder: str) -> None:
        line = job_definitions.cron(job(folder), "zh").splitlines()[-1]
        minute, hour, day, month, weekdays, command = line.split(" ", 5)
        assert (minute, hour, day, month, weekdays) == ("30", "7", "*", "*", "1,2,3,4,5")
        assert not re.search(r"(?<!\\)%", command), "cron ends the command at a bare %"
        assert tuple(shlex.split(command.replace(r"\%", "%"))) == job(folder).command

    def test_sunday_is_7_and_every_day_a_star(self) -> None:
        assert " * * 6,7 " in job_definitions.cron(job("/x", days="sat,sun"), "zh")
        assert " * * * " in job_definitions.cron(job("/x", days="daily"), "zh")

    def test_every_other_line_is_a_comment_or_a_setting(self) -> None:
        for lang in ("zh", "en"):
            *lines, _ = job_definitions.cron(job("/x"), lang).splitlines()  # type: ignore[arg-type]
            assert all(line.startswith("#") or re.fullmatch(r"\w+=\w+", line) for line in lines)
            assert lines[0].startswith("# ")


def systemd_words(text: str) -> tuple[str, ...]:
    """What systemd makes of a command line: words, quotes and C escapes undone, %% and $$ reduced."""
    words = re.findall(r'"((?:[^"\\]|\\.)*)"|(\S+)', text)
    found = []
    for quoted, bare in words:
        word = re.sub(r'\\(["\\])', r"\1", quoted or bare)
        assert not re.search(r"(?<!%)%(?:%%)*(?!%)", word), "a lone % is a specifier"
        assert not re.search(r"(?<!\$)\$(?:\$\$)*(?!\$)", word), "a lone $ is a variable"
        found.append(word.replace("%%", "%").replace("$$", "$"))
    return tuple(found)


class TestSystemd:
    @pytest.mark.parametrize("folder", FOLDERS)
    def test_the_program_gets_the_words_whatever_is_in_the_path(self, folder: str) -> None:
        text = job_definitions.systemd(job(folder), "zh")
        (line,) = re.findall(r"^ExecStart=(.*)$", text, re.M)
        assert systemd_words(line) == job(folder).command
        (where,) = re.findall(r"^WorkingDirectory=(.*)$", text, re.M)
        assert where.replace("%%", "%") == folder

    def test_two_units_with_their_names_and_sections(self) -> None:
        service, timer = job_definitions.systemd(job("/x", "6:05", "mon,thu"), "en").split(
            "\n\n# ruralpb.timer\n"
        )
        assert "# ruralpb.service\n" in service
        assert re.findall(r"^\[(\w+)\]$", service, re.M) == ["Unit", "Service"]
        assert re.findall(r"^\[(\w+)\]$", timer, re.M) == ["Unit", "Timer", "Install"]
        assert "OnCalendar=Mon,Thu *-*-* 06:05:00" in timer
        assert "Persistent=true" in timer, "a machine that was off runs it when it comes up"
        assert "SuccessExitStatus=1" in service, "1 is: something to act on"
        assert "Description=云岭县 100%% 季报" in timer


def windows_words(line: str) -> list[str]:
    """The words a Windows program makes of its command line (the rules of CommandLineToArgvW)."""
    words, word, quoted, started, at = [], "", False, False, 0
    while at < len(line):
        slashes = len(line) - at - len(line[at:].lstrip("\\"))
        at += slashes
        if at < len(line) and line[at] == '"':
            word += "\\" * (slashes // 2)
            started = True
            if slashes % 2:
                word += '"'
            else:
                quoted = not quoted
            at += 1
            continue
        word += "\\" * slashes
        started |= slashes > 0
        if at < len(line):
            if line[at] in " \t" and not quoted:
                if started:
                    words.append(word)
                word, started = "", False
            else:
                word += line[at]
                started = True
            at += 1
    return [*words, word] if started else words


class TestWindows:
    @pytest.mark.parametrize("folder", WINDOWS)
    def test_the_program_gets_the_words_whatever_is_in_the_path(self, folder: str) -> None:
        task = ElementTree.fromstring(job_definitions.windows(job(folder), date(2026, 4, 1), "zh"))
        run = task.find(f"{TASK}Actions/{TASK}Exec")
        assert run is not None
        said = {child.tag.removeprefix(TASK): child.text or "" for child in run}
        assert (said["Command"], *windows_words(said["Arguments"])) == job(folder).command
        assert said["WorkingDirectory"] == folder

    def test_it_is_ascii_so_that_no_code_page_spoils_it(self) -> None:
        text = job_definitions.windows(job(WINDOWS[1]), date(2026, 4, 1), "zh")
        assert text.isascii()
        assert "encoding" not in text.splitlines()[0], "whoever writes the file chooses; ASCII reads as any"

    def test_it_is_a_task_as_the_schema_has_it(self) -> None:
        """https://learn.microsoft.com/windows/win32/taskschd/task-scheduler-schema: the parts of a task, its weekly trigger, values
        of its settings."""
        task = ElementTree.fromstring(
            job_definitions.windows(job("C:\\x", "7:30", "mon,fri"), date(2026, 4, 1), "zh")
        )
        assert task.tag == f"{TASK}Task"
        parts = [child.tag.removeprefix(TASK) for child in task]
        assert parts == ["RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"]
        trigger = task.find(f"{TASK}Triggers/{TASK}CalendarTrigger")
        assert trigger is not None
        assert trigger.findtext(f"{TASK}StartBoundary") == "2026-04-01T07:30:00"
        week = trigger.find(f"{TASK}ScheduleByWeek/{TASK}DaysOfWeek")
        assert [day.tag.removeprefix(TASK) for day in week or ()] == ["Monday", "Friday"]
        settings = {s.tag.removeprefix(TASK): s.text for s in task.find(f"{TASK}Settings") or ()}
        assert settings["MultipleInstancesPolicy"] == "IgnoreNew"
        assert settings["StartWhenAvailable"] == "true"
        assert settings["ExecutionTimeLimit"] == "PT2H"
        principal, actions = task.find(f"{TASK}Principals/{TASK}Principal"), task.find(f"{TASK}Actions")
        assert principal is not None and actions is not None  # noqa: PT018
        assert principal.get("id") == actions.get("Context")
        assert principal.findtext(f"{TASK}LogonType") == "InteractiveToken"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return county(tmp_path_factory.mktemp("schedule") / "云岭县 100%", {}).folder


class TestTheCommand:
    @staticmethod
    def command_of(said: Said) -> list[str]:
        return shlex.split(said.out.splitlines()[-1].split(" ", 5)[5].replace(r"\%", "%"))

    def test_prints_the_definition_alone_and_explains_beside_it(self, folder: Path) -> None:
        said = ruralpb("schedule", "--cron", "--at", "6:05", "--days", "daily", project=folder)
        assert said.code == 0
        assert said.out.splitlines()[-1].startswith("5 6 * * * ")
        assert "crontab -e" in said.err
        assert self.command_of(said)[-6:] == ["-q", "-C", str(folder), "run", "--quarter", "last"]

    def test_the_command_it_prints_is_this_program(self, folder: Path) -> None:
        import subprocess

        words = self.command_of(ruralpb("schedule", "--cron", project=folder))
        program = words[: words.index("-q")]
        done = subprocess.run([*program, "--version"], capture_output=True, encoding="utf-8", check=True)
        assert done.stdout.strip() == f"ruralpb {__version__}"

    @pytest.mark.parametrize(
        ("option", "begins"), [("--systemd", "# "), ("--windows", "<?xml"), ("--cron", "# ")]
    )
    def test_writes_to_a_file(self, folder: Path, tmp_path: Path, option: str, begins: str) -> None:
        said = ruralpb("schedule", option, "--out", tmp_path / "job", project=folder)
        assert (tmp_path / "job").read_text("utf-8").startswith(begins)
        assert "job" in said.out

    def test_json_is_one_document(self, folder: Path) -> None:
        said = ruralpb("schedule", "--windows", "--json", project=folder).json
        assert said["system"] == "windows"
        assert said["text"].startswith("<?xml")

    @pytest.mark.parametrize(
        ("words", "names"),
        [
            (("--cron", "--windows"), "--cron"),
            (("--at", "25:00"), "25:00"),
            (("--days", "周一"), "周一"),
            (("--quarter", "昨天"), "昨天"),
        ],
    )
    def test_what_cannot_be_is_2(self, folder: Path, words: tuple[str, ...], names: str) -> None:
        said = ruralpb("schedule", *words, project=folder)
        assert (said.code, said.out) == (2, "")
        assert names in said.err
