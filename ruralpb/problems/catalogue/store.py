"""Texts of the store stage: slug → (Chinese, English)."""

TEXTS: dict[str, tuple[str, str]] = {}
