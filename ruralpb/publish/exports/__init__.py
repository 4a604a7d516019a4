"""What goes out for other programs: tidy tables whose columns are a contract (docs/cli.md, "Exports").

tables    one declaration a table: each column's name, its type, and how it is got
formats   a table → CSV, JSON, a workbook, a pandas frame
"""
