"""Ingest: files → archive → journal → rows and versions in the store.

collect    which files, and when each was received
receive    those whose content is known already are unchanged
journal    originals archived, receipts journaled, before anything is read
replay     read in processes that may die, decide, store: one transaction a batch
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

from ruralpb.app import answers
from ruralpb.app.answer_lists import parted
from ruralpb.app.ingest_preview import preview
from ruralpb.app.ingest_request import IngestRequest, answered, asked_receipt, not_taken
from ruralpb.app.project import Project, command_line
from ruralpb.app.replay import Advance, StoredBatch, missing, replay
from ruralpb.app.unlocking import unlocked, with_password_tried
from ruralpb.intake.receive import collect, receive
from ruralpb.model import Receipt, StoredReceipt
from ruralpb.returns.outcomes import IngestResult, after_seal, file_results, in_order
from ruralpb.returns.seals import seals
from ruralpb.store.archive import pack
from ruralpb.store.archive.receiving import journal_files


def ingest(
    project: Project, paths: Sequence[Path], request: IngestRequest, today: date, advance: Advance
) -> IngestResult:
    """Take the files that `paths` mean, and say what became of each.

    Files that are known by content are unchanged: the same call again does nothing. `today` is the received date
    where neither folder nor option gives one; `advance` is called once for each file that is read. Raises CannotRun:
    unknown path, unit or form (exit 2); another writer, an unreadable store (exit 3).
    """
    asked = asked_receipt(project, request, today)
    found = collect(paths, project.folder, today, project.settings.ignore)
    if request.dry_run:
        return preview(project, found, asked, request, advance)
    with project.lock(command_line(), request.wait, datetime.now().astimezone()):
        told = [p for p in (project.journal.torn(), project.journal.unwitnessed()) if p is not None]
        known = _known(project, request)
        cut_off = missing(project, known)
        # What becomes of a batch is worked out as soon as it is stored: its rows need not stay.
        results = [
            result
            for stored in _take(project, cut_off, request, advance)
            for result in file_results(stored.files, stored.first_block, stored.verdict, recovered=True)
        ]
        if cut_off:
            known = _known(project, request)
        came = receive(found, asked, request.received, known, bool(request.password))
        files, lists = parted(project, unlocked(project, came, known, request.password, request.jobs))
        told += files.undated_folders(asked.received)
        results += [not_taken(file, today) for file in files.known]
        now = datetime.now().astimezone()
        receipts = journal_files(project.archive, project.journal, pack(project.sources), files.new, now)
        for stored in _take(project, receipts, request, advance):
            results += file_results(stored.files, stored.first_block, stored.verdict)
        # After the returns they came with: an answer is about the data as they are now.
        now = datetime.now().astimezone()
        results += [answered(one) for one in answers.take(project, lists, now)]
    batches = tuple(dict.fromkeys(receipt.batch for receipt in receipts))
    if request.password:
        results = with_password_tried(results)
    results = after_seal(results, seals(project.journal.decisions()))
    return IngestResult(in_order(results), batches, tuple(told))


def _known(project: Project, request: IngestRequest) -> tuple[StoredReceipt, ...]:
    """What has been read already. Nothing has where there is no store, and no engine need start to say so."""
    if not project.store_path.is_file():
        return ()
    # What it lacks is read now.
    with project.reading(request.wait, behind=True) as store:
        return store.receipts()


def _take(
    project: Project, receipts: Sequence[Receipt], request: IngestRequest, advance: Advance
) -> Iterator[StoredBatch]:
    return replay(
        project,
        receipts,
        project.store_path,
        advance,
        processes=request.jobs,
        wait=request.wait,
    )
