"""Texts of the compile stage: slug → (Chinese, English)."""

TEXTS: dict[str, tuple[str, str]] = {}
