"""Workbooks: the one writer of sheets, the boards drawn with it, the workbook of a report, and the cells behind its figures."""
