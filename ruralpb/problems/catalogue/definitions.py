"""Texts of the definitions stage: slug → (Chinese, English)."""

TEXTS: dict[str, tuple[str, str]] = {}
