"""Ingest, on trial: what would become of files. Nothing is archived, journaled or stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from ruralpb.app import answers
from ruralpb.app.answer_lists import parted
from ruralpb.app.ingest_request import IngestRequest, answered, not_taken
from ruralpb.app.project import Project
from ruralpb.app.replay import Advance, job
from ruralpb.intake.processes.pool import read_all
from ruralpb.intake.receive import FoundFile, receive
from ruralpb.model import Receipt
from ruralpb.returns.outcomes import IngestResult, after_seal, file_results, in_order
from ruralpb.returns.seals import seals
from ruralpb.store.archive.receiving import arrival


def preview(
    project: Project, found: Sequence[FoundFile], asked: Receipt, request: IngestRequest, advance: Advance
) -> IngestResult:
    """Say what would become of the files. Each batch is compared with what is stored, not with the one before it."""
    with project.reading(request.wait) as store:
        # Who asks to see a file sees it, known or not.
        before = () if request.look else store.receipts()
        sifted, lists = parted(
            project, receive(found, asked, request.received, before, bool(request.password))
        )
        new = sorted(sifted.new, key=arrival)
        jobs = [job(file.receipt, file.file, request.password, look=request.look) for file in new]
        readings = read_all(jobs, {asked.definitions: project.definitions}, request.jobs)
        results = [not_taken(file, asked.received) for file in sifted.known]
        for _, files in groupby(new, key=lambda file: file.receipt.received):
            batch = []
            for file in files:
                batch.append((file.receipt, next(readings)))
                advance(file.receipt.name)
            first, verdict = store.preview(batch, project.definitions.library.forms)
            results += file_results(batch, first, verdict)
    now = datetime.now().astimezone()
    results += [answered(answered_list) for answered_list in answers.take(project, lists, now, record=False)]
    undated = tuple(sifted.undated_folders(asked.received))
    results = after_seal(results, seals(project.journal.decisions()))
    return IngestResult(in_order(results), problems=undated, dry_run=True)
