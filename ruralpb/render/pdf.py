"""PDF through LibreOffice, when it is there: its own profile for every run, the output checked, never trusted by exit code."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from ruralpb.problems import Problem

TIMEOUT = 120
"""Seconds one document may take."""


def convert(document: bytes, fonts: Mapping[str, Sequence[str]]) -> tuple[bytes, list[Problem]]:
    """Return the PDF of a .docx and no problems, or no bytes and why not. `fonts`: a font of the document → what may stand
    in where it is not installed, best first."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        return b"", [Problem("pdf-no-office", severity="query")]
    with tempfile.TemporaryDirectory(prefix="ruralpb-pdf-") as name:
        folder = Path(name)
        (folder / "briefing.docx").write_bytes(document)
        (folder / "fonts.conf").write_text(_font_map(fonts), "utf-8")
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
        env={**os.environ, "FONTCONFIG_FILE": str(folder / "fonts.conf")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


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
