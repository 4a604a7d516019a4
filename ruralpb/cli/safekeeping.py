"""`doctor`, `backup` and `restore`: is everything whole, and the project in one file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from ruralpb.cli.exit_codes import ExitCode, done
from ruralpb.cli.parameters import Wait, argument, current_time, option, project_of
from ruralpb.cli.terminal import Terminal, relative


@dataclass(frozen=True, slots=True)
class BackupArguments:
    """What `backup` takes."""

    file: Annotated[Path, argument("help-backup-file", "FILE")]
    since: Annotated[Path | None, option("help-backup-since", "--since", value="FILE")] = None
    wait: Wait = 60.0


@dataclass(frozen=True, slots=True)
class RestoreArguments:
    """What `restore` takes."""

    file: Annotated[Path, argument("help-backup-file", "FILE")]
    folder: Annotated[Path, argument("help-restore-folder", "DIR")]
    since: Annotated[Path | None, option("help-restore-since", "--since", value="FILE")] = None
    wait: Wait = 60.0


def doctor(terminal: Terminal) -> ExitCode:
    """Tell of each thing whether it is well, and what to do where it is not."""
    from ruralpb.app import doctor

    examined = doctor.examine(project_of(terminal), current_time())
    terminal.json(examined)
    for each in examined:
        grave = [problem for problem in each.problems if problem.severity != "note"]
        slug = "doctor-ill" if grave else "doctor-well"
        terminal.say(
            slug,
            style="yellow" if grave else "",
            what=terminal.text(f"doctor-part-{each.name}"),
            seen=each.seen,
        )
        terminal.problems(each.problems)
    return done(any(p.severity != "note" for each in examined for p in each.problems))


def backup(terminal: Terminal, arguments: BackupArguments) -> ExitCode:
    """Write the project to one file; what it holds."""
    from ruralpb.app import backup

    made = backup.backup(
        project_of(terminal), arguments.file, arguments.since, arguments.wait, current_time()
    )
    terminal.json(
        {"file": arguments.file, "files": len(made.files), "contents": made.contents, "bytes": made.bytes}
    )
    terminal.say(
        "backup-done", path=relative(arguments.file), files=len(made.files), contents=made.contents,
        size=f"{made.bytes / 2**20:.1f}",
    )  # fmt: skip
    return ExitCode.DONE


def restore(terminal: Terminal, arguments: RestoreArguments) -> ExitCode:
    """Put a backup into an empty folder and make the database again."""
    from ruralpb.app import backup

    bases = [arguments.since] if arguments.since else []
    with terminal.progress("progress-rebuild") as advance:
        kept, rebuilt = backup.restore(arguments.file, bases, arguments.folder, arguments.wait, advance)
    terminal.json(
        {"folder": arguments.folder, "made": kept.made, "files": len(kept.files), "rebuilt": rebuilt}
    )
    terminal.problems(rebuilt.problems)
    terminal.say("restore-done", path=relative(arguments.folder), made=kept.made, files=len(kept.files))
    terminal.say("rebuild-done", files=rebuilt.files, submissions=rebuilt.submissions, rows=rebuilt.rows)
    return done(any(problem.severity != "note" for problem in rebuilt.problems))
