"""Workbooks, for reports, exports, blanks and what goes back to townships. Knows nothing of the rest of the program.

workbook   the one writer: formats made once, text that stays text
sheets     tables
boards     cards of key figures, native charts
"""
