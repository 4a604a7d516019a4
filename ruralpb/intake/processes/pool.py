"""A pool of reading processes: each has a pipe, works on one file at a time, and is replaced when it dies or is stopped.

The standard library's pool breaks as a whole when a process dies and cannot say over which file. Pebble's has time limits, replaces what dies
and is as fast (0.3 ms a task), but it, like every pool built on `multiprocessing`, unpickles in the parent whatever a process sends: a
workbook that took over its reader would take over the program with it. Here the answer is bytes, which `limits` lets in value by value. Nor
does a pool from elsewhere tell what a dying library wrote to stderr, which is how a lack of memory is told from a crash.
"""

from __future__ import annotations

import gc
import logging
import multiprocessing
import os
import signal
import sys
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, BinaryIO

from ruralpb.core.ooxml.limits import Unreadable
from ruralpb.core.problems import Problem
from ruralpb.core.processes import LESS_OFTEN
from ruralpb.intake import one_file
from ruralpb.intake.processes import limits
from ruralpb.intake.processes.limits import SECONDS_A_FILE
from ruralpb.intake.readers import unlocked
from ruralpb.intake.reading_basis import ReadingBasis
from ruralpb.intake.receive import Source
from ruralpb.model import IntakeOptions, Reading
from ruralpb.model.loader import Definitions

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReadingJob:
    """One file to read: where its bytes are, the name and path it came by, the key of its definitions."""

    content: Source
    name: str
    path: str
    definitions: str
    options: IntakeOptions


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection
    errors: BinaryIO | None
    job: int | None = None
    deadline: float = 0.0


def read_all(
    jobs: Sequence[ReadingJob],
    definitions: Mapping[str, Definitions],
    processes: int = 0,
    seconds: float = SECONDS_A_FILE,
) -> Iterator[Reading]:
    """Yield what each job's file says, in the order of the jobs. `processes` 0: one per processor.

    A file that ends its process, exceeds `seconds` or makes the reader fail yields a Reading with that one problem.
    """
    if not jobs:
        return
    with _Pool(definitions, min(processes or _processors(), len(jobs)), seconds) as pool:
        yield from pool.read(jobs)


class _Pool:
    def __init__(self, definitions: Mapping[str, Definitions], size: int, seconds: float) -> None:
        # Fork shares what is loaded; where the system has none (Windows) or it is unsafe (macOS), processes start anew.
        self._forks = sys.platform == "linux"
        self._context = multiprocessing.get_context("fork" if self._forks else "spawn")
        self._definitions = definitions
        self._seconds = seconds
        self._workers: list[_Worker] = []
        self._size = size

    def __enter__(self) -> _Pool:
        for _ in range(self._size):
            self._workers.append(self._start())
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            _stop(worker)

    def read(self, jobs: Sequence[ReadingJob]) -> Iterator[Reading]:
        waiting = iter(range(len(jobs)))
        done: dict[int, Reading] = {}
        for wanted in range(len(jobs)):
            self._feed(waiting, jobs)
            while wanted not in done:
                done |= self._collect(jobs)
                self._feed(waiting, jobs)  # before yielding: the caller may take its time with what it gets
            yield done.pop(wanted)

    def _start(self) -> _Worker:
        mine, theirs = self._context.Pipe()
        # A forked process must not keep the parent's ends of any pipe, or no process would notice that the parent is gone.
        inherited = [w.pipe for w in self._workers] + [mine] if self._forks else []
        errors = limits.errors_file() if self._forks else None
        process = self._context.Process(  # type: ignore[attr-defined]
            target=_serve, args=(theirs, self._definitions, inherited, errors), daemon=True
        )
        process.start()
        theirs.close()
        return _Worker(process, mine, errors)

    def _feed(self, waiting: Iterator[int], jobs: Sequence[ReadingJob]) -> None:
        for worker in self._workers:
            if worker.job is None and (index := next(waiting, None)) is not None:
                self._give(worker, index, jobs[index])

    def _give(self, worker: _Worker, index: int, job: ReadingJob) -> None:
        worker.job, worker.deadline = index, time.monotonic() + self._seconds
        try:
            worker.pipe.send(job)
        except OSError:
            worker.deadline = 0.0  # it died between two files; `_collect` sees the end of its pipe

    def _collect(self, jobs: Sequence[ReadingJob]) -> dict[int, Reading]:
        """Wait until a process has answered, died or run out of time; return the readings this gave."""
        busy = [w for w in self._workers if w.job is not None]
        ready = wait([w.pipe for w in busy], max(0.0, min(w.deadline for w in busy) - time.monotonic()))
        done: dict[int, Reading] = {}
        for worker in busy:
            index = worker.job
            if index is None:
                continue
            if worker.pipe in ready:
                answer = self._answer(worker, jobs[index])
            elif time.monotonic() >= worker.deadline:
                answer = Problem("reader-timeout", expected=f"{self._seconds:g}", refused="file")
            else:
                continue
            if isinstance(answer, Problem):
                self._replace(worker)
                answer = Reading(problems=(answer.located(jobs[index].path),))
            worker.job = None
            done[index] = _located(answer, jobs[index].path)
        return done

    def _answer(self, worker: _Worker, job: ReadingJob) -> Reading | Problem:
        """Return what a process sent, or the problem that it died over its file."""
        forms = self._definitions[job.definitions].library.forms
        try:
            answer = limits.unpacked(worker.pipe.recv_bytes(limits.MOST_ANSWERED), forms)
        except (EOFError, OSError):
            worker.process.join(5)
            return _death(worker.process.exitcode, limits.last_words(worker.errors))
        except ValueError as error:
            return Problem("reader-failed", found=str(error), refused="file")
        if answer == "MemoryError":
            return Problem("reader-memory", refused="file")
        return Problem("reader-failed", found=answer, refused="file") if isinstance(answer, str) else answer

    def _replace(self, worker: _Worker) -> None:
        _stop(worker)
        self._workers.remove(worker)
        self._workers.append(self._start())


def _death(code: int | None, words: str) -> Problem:
    """The problem of a process that ended over its file. `words` are what it wrote to stderr: it may quote the file, so it is only logged."""
    _log.debug("%s: %s", _ending(code), words)
    if code == -getattr(signal, "SIGXCPU", 0):
        return Problem("reader-timeout", expected=f"{limits.PROCESSOR_SECONDS}", refused="file")
    if "memory allocation" in words or "MemoryError" in words or "bad_alloc" in words:
        return Problem("reader-memory", refused="file")
    return Problem("reader-died", found=_ending(code), refused="file")


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        try:
            return signal.Signals(-code).name
        except ValueError:
            return f"signal {-code}"
    return f"exit {code}"


def _stop(worker: _Worker) -> None:
    worker.pipe.close()
    if worker.errors:
        worker.errors.close()
    if worker.job is not None:
        worker.process.kill()
    worker.process.join(1)
    if worker.process.is_alive():
        worker.process.kill()
        worker.process.join()


def _located(reading: Reading, path: str) -> Reading:
    """Name the file in every problem, whichever stage found it."""
    return replace(reading, problems=tuple(problem.located(path) for problem in reading.problems))


def _serve(
    pipe: Connection,
    definitions: Mapping[str, Definitions],
    inherited: Sequence[Connection],
    errors: BinaryIO | None,
) -> None:
    """The life of a process: take a job, read its file, send back what it says. Ends with the pipe."""
    for other in inherited:
        other.close()
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C reaches the whole group; the parent decides what it means
    limits.begin(errors)
    bases = {key: ReadingBasis(defined) for key, defined in definitions.items()}
    # What was there before the fork stays: looking through it for garbage finds none and copies the pages it stands on.
    gc.freeze()
    gc.set_threshold(*LESS_OFTEN)
    while True:
        try:
            job: ReadingJob = pipe.recv()
        except (EOFError, OSError):
            return
        limits.next_file()
        pipe.send_bytes(_read(job, bases[job.definitions]))


def _read(job: ReadingJob, basis: ReadingBasis) -> bytes:
    """Return what the file says, or the name of the error that reading it ended with: no error's text, for that may
    quote the file."""
    try:
        content = job.content.read_bytes()
        if job.options.unlock:
            return limits.packed(unlocked(content, job.options.password))
        return limits.packed(one_file.read(content, job.name, job.path, basis, job.options))
    except Unreadable as refusal:  # an archive's member
        return limits.packed(Reading(problems=(refusal.problem,)))
    except BaseException as error:  # a Rust panic is no Exception
        if os.environ.get("RURALPB_DEBUG") == "1":
            traceback.print_exc()
        return limits.packed(type(error).__name__)


def _processors() -> int:
    affinity: Any = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1
