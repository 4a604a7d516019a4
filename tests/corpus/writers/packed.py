"""What is done to the finished bytes: encryption, archives, damage."""

from __future__ import annotations

import io

from ..model import Book


def packed(book: Book, content: bytes) -> bytes:
    """Encrypt, cut or replace the bytes as the book's traits say."""
    if "encrypted default" in book.traits:
        return _encrypted(content, "VelvetSweatshop")
    if "encrypted" in book.traits:
        return _encrypted(content, "Qx2026!")
    if "truncated" in book.traits:
        return content[: len(content) * 2 // 3]
    if "empty" in book.traits:
        return b""
    if "pdf" in book.traits:
        return b"%PDF-1.4\n" + content[:100]
    return content


def _encrypted(content: bytes, password: str) -> bytes:
    from msoffcrypto.format.ooxml import OOXMLFile

    target = io.BytesIO()
    OOXMLFile(io.BytesIO(content)).encrypt(password, target)
    return target.getvalue()
