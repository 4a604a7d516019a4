"""The store: receipts, tables, facts and notes in one DuckDB file (layer 6).

`schema` says which tables there are and why.
"""
