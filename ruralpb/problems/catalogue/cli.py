"""Texts of the command line: slug → (Chinese, English)."""

TEXTS: dict[str, tuple[str, str]] = {
    "period-unreadable": (
        "看不出“{found}”是哪个报告期。请写成 2026Q1、2026年一季度、2026-03、2026，或 current、last。",
        "“{found}” names no period. Write 2026Q1, 2026-03, 2026, current or last.",
    ),
}
