"""Texts of the report stage: slug → (Chinese, English)."""

TEXTS: dict[str, tuple[str, str]] = {}
