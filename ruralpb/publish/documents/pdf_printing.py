"""PDF through LibreOffice, when it is there: its own profile for every run, the output checked, never trusted by exit code."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from ruralpb.core.problems import Problem

TIMEOUT = 120
"""Seconds a run may take to start and make one document."""

MORE = 20
"""Seconds for each further document of the run."""


def convert(document: bytes, fonts: Mapping[str, Sequence[str]]) -> tuple[bytes, list[Problem]]:
    """Return the PDF of a .docx and no problems, or no bytes and why not. `fonts`: a font of the document → what may stand
    in where it is not installed, best first."""
    (content,), problems = convert_all([document], fonts)
    return content, problems


def convert_all(
    documents: Sequence[bytes], fonts: Mapping[str, Sequence[str]]
) -> tuple[list[bytes], list[Problem]]:
    """Return the PDF of each .docx, in their order, from one run of LibreOffice (its start takes longer than a document); no
    bytes for one that was not made, and one problem for what failed. `fonts` as for `convert`."""
    nothing = [b""] * len(documents)
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        return nothing, [Problem("pdf-no-office", severity="query")]
    if not documents:
        return [], []
    with tempfile.TemporaryDirectory(prefix="ruralpb-pdf-") as name:
        folder = Path(name)
        sources = [folder / f"{place}.docx" for place in range(len(documents))]
        for source, document in zip(sources, documents, strict=True):
            source.write_bytes(document)
        (folder / "fonts.conf").write_text(_font_map(fonts), "utf-8")
        late = False
        try:
            _run(office, folder, sources)
        except subprocess.TimeoutExpired:
            late = True  # what was made before is whole: it is used
        # LibreOffice exits 0 for input it could not read: only the files tell.
        made = [_made(source.with_suffix(".pdf")) for source in sources]
    failed = made.count(b"")
    if not failed:
        return made, []
    limit = TIMEOUT + MORE * (len(documents) - 1)
    why = f"超过{limit}秒" if late else "没有输出文件"
    said = why if len(documents) == 1 else f"{why}，共{failed}份"
    return made, [Problem("pdf-failed", found=said, severity="query")]


def _made(path: Path) -> bytes:
    """A whole PDF, or nothing: one that was being written when the run was stopped has no end."""
    content = path.read_bytes() if path.is_file() else b""
    return content if content.startswith(b"%PDF") and b"%%EOF" in content[-1024:] else b""


_FILTER = 'pdf:writer_pdf_Export:{"IsSkipEmptyPages":{"type":"boolean","value":"false"}}'
"""With the empty page before an even one: it is printed on both sides."""


def _run(office: str, folder: Path, sources: Sequence[Path]) -> None:
    # Two runs that share a profile lose one another's files, hence a profile of its own.
    profile = (folder / "profile").as_uri()
    command = [office, f"-env:UserInstallation={profile}", "--headless", "--convert-to", _FILTER]
    # soffice is a script around the program: when time is up the whole group has to go.
    process = subprocess.Popen(
        [*command, "--outdir", str(folder), *map(str, sources)],
        env={**os.environ, "FONTCONFIG_FILE": str(folder / "fonts.conf")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(TIMEOUT + MORE * (len(sources) - 1))
    except subprocess.TimeoutExpired:
        _stop(process)
        raise


def _stop(process: subprocess.Popen[bytes]) -> None:
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _font_map(fonts: Mapping[str, Sequence[str]]) -> str:
    """A fontconfig file on top of the system's: without it 仿宋 comes out in whatever sans face is found first."""
    aliases = "".join(
        f'<alias binding="same"><family>{escape(name)}</family><accept>'
        + "".join(f"<family>{escape(other)}</family>" for other in others)
        + "</accept></alias>"
        for name, others in fonts.items()
    )
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>'
        f'<include ignore_missing="yes">/etc/fonts/fonts.conf</include>{aliases}</fontconfig>'
    )
