"""PDF through LibreOffice, when it is there: its own profile for every run, the output checked, never trusted by exit code."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from ruralpb.problems import Problem

TIMEOUT = 120
"""Seconds one document may take."""


def convert(document: bytes) -> tuple[bytes, list[Problem]]:
    """Return the PDF of a .docx and no problems, or no bytes and why not."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        return b"", [Problem("pdf-no-office", severity="query")]
    with tempfile.TemporaryDirectory(prefix="ruralpb-pdf-") as name:
        folder = Path(name)
        (folder / "briefing.docx").write_bytes(document)
        try:
            _run(office, folder)
        except subprocess.TimeoutExpired:
            return b"", [Problem("pdf-failed", found=f"超过{TIMEOUT}秒", severity="query")]
        # LibreOffice exits 0 for input it could not read: only the file tells.
        made = folder / "briefing.pdf"
        content = made.read_bytes() if made.is_file() else b""
    if not content.startswith(b"%PDF"):
        return b"", [Problem("pdf-failed", found="没有输出文件", severity="query")]
    return content, []


def _run(office: str, folder: Path) -> None:
    # Two runs that share a profile lose one another's files, hence a profile of its own.
    profile = (folder / "profile").as_uri()
    command = [office, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf"]
    subprocess.run(
        [*command, "--outdir", str(folder), str(folder / "briefing.docx")],
        timeout=TIMEOUT,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
