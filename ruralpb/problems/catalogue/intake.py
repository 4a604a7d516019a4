"""Texts of the intake stage: slug → (Chinese, English)."""

TEXTS: dict[str, tuple[str, str]] = {}
