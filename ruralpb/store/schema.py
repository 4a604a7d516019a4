"""The tables of the store, and why they are these.

The store is a function of archive, journal and definitions: it can be deleted and made again. It is wide: one table
per form (`facts_<form>`, made from the form's definition and growing a column when a field is added), one row per
reported row, each with `block, position`, which lead through `blocks` and `receipts` to file, sheet and cell.

* `meta`         key → value; `schema_version`.
* `receipts`     one row per receipt of the journal that has been read; `status` is `read` or `refused` (no block).
* `accounts`     how many cells of each sheet have which role; `unaccounted`: those that have none, by name.
* `sheets`       what each sheet of a receipt was understood as, or why it was not (`reason`, a sentence).
* `blocks`       one row per recognised table of a file: receipt, sheet, header rows, `columns` (JSON: field → 0-based
                 column), form, reporter, period. `block` counts up in journal order. A table on its side is `turned`: its
                 positions are columns, `columns` names rows. `shifts` (JSON: field → rows) are fields in a continuation below.
* `facts_<form>` `block, position` (0-based row of the sheet), unit, township and village codes, one column per field.
                 Rows of every receipt that was read, whether or not a version in force holds them.
* `submissions`  one row per version of a return, in journal order. `decided` says what intake decided: `taken`, `held`, or
                 `settled` (held once, then overtaken by a version that covers it). Which taken version is *current* also rests on
                 withdrawals and seals in the journal: the room `returns` derives it, nothing stores it.
                 `seq` is the journal number of the version's last receipt: what a seal's number is compared with.
* `members`      the blocks whose rows make up a version. A version that is a union also has blocks of older versions.
* `exclusions`   villages of a member block that a later part replaced: those rows are not in the version.
* `notes`        cells not taken literally. `problems` what was refused or must be looked at; `block` is NULL when the
                 problem concerns a file or a sheet of which no table was taken; `period` is then the one that the file or the
                 caller states, else the last quarter that had ended on the received date. `ordinal` keeps reading order.
* `refusals`     cells refused on intake: their value is NULL for that reason, not because nothing was reported.

The rows of version S of form F are:

    SELECT f.* FROM facts_F f JOIN members m USING (block)
    WHERE m.submission = S
      AND NOT EXISTS (SELECT 1 FROM exclusions e
                      WHERE e.submission = S AND e.block = f.block AND e.village_code = f.village_code)

Codes are never NULL: `''` where a row has no village or township. Values are NULL where nothing was taken.
"""

from __future__ import annotations

from ruralpb.model import Field, FieldType

SCHEMA_VERSION = 3

TABLES: dict[str, tuple[tuple[str, str], ...]] = {
    "meta": (("key", "VARCHAR"), ("value", "VARCHAR")),
    "receipts": (
        ("receipt", "VARCHAR"),
        ("seq", "INTEGER"),
        ("sha256", "VARCHAR"),
        ("name", "VARCHAR"),
        ("path", "VARCHAR"),
        ("received", "DATE"),
        ("batch", "VARCHAR"),
        ("definitions", "VARCHAR"),
        ("size", "BIGINT"),
        ("period", "VARCHAR"),
        ("unit_code", "VARCHAR"),
        ("form", "VARCHAR"),
        ("mode", "VARCHAR"),
        ("status", "VARCHAR"),
    ),
    "sheets": (
        ("receipt", "VARCHAR"),
        ("ordinal", "INTEGER"),
        ("sheet", "VARCHAR"),
        ("form", "VARCHAR"),
        ("rows", "INTEGER"),
        ("reason", "VARCHAR"),
    ),
    "accounts": (
        ("receipt", "VARCHAR"),
        ("ordinal", "INTEGER"),
        ("sheet", "VARCHAR"),
        ("role", "VARCHAR"),
        ("cells", "INTEGER"),
        ("unaccounted", "VARCHAR"),
    ),
    "blocks": (
        ("block", "INTEGER"),
        ("receipt", "VARCHAR"),
        ("sheet", "VARCHAR"),
        ("form", "VARCHAR"),
        ("reporter_code", "VARCHAR"),
        ("period", "VARCHAR"),
        ("period_kind", "VARCHAR"),
        ("period_start", "DATE"),
        ("period_end", "DATE"),
        ("nil", "BOOLEAN"),
        ("rows", "INTEGER"),
        ("header_first", "INTEGER"),
        ("header_last", "INTEGER"),
        ("columns", "VARCHAR"),
        ("turned", "BOOLEAN"),
        ("shifts", "VARCHAR"),
        ("preamble", "VARCHAR"),
    ),
    "submissions": (
        ("submission", "VARCHAR"),
        ("reporter_code", "VARCHAR"),
        ("form", "VARCHAR"),
        ("period", "VARCHAR"),
        ("period_kind", "VARCHAR"),
        ("period_start", "DATE"),
        ("period_end", "DATE"),
        ("version", "INTEGER"),
        ("batch", "VARCHAR"),
        ("seq", "INTEGER"),
        ("received", "DATE"),
        ("decided", "VARCHAR"),
        ("rows", "INTEGER"),
        ("nil", "BOOLEAN"),
    ),
    "members": (("submission", "VARCHAR"), ("block", "INTEGER")),
    "exclusions": (("submission", "VARCHAR"), ("block", "INTEGER"), ("village_code", "VARCHAR")),
    "notes": (
        ("receipt", "VARCHAR"),
        ("ordinal", "INTEGER"),
        ("block", "INTEGER"),
        ("form", "VARCHAR"),
        ("period", "VARCHAR"),
        ("sheet", "VARCHAR"),
        ("position", "INTEGER"),
        ("field", "VARCHAR"),
        ("cell", "VARCHAR"),
        ("raw", "VARCHAR"),
        ("value", "VARCHAR"),
        ("rule", "VARCHAR"),
        ("message", "VARCHAR"),
    ),
    "problems": (
        ("receipt", "VARCHAR"),
        ("ordinal", "INTEGER"),
        ("block", "INTEGER"),
        ("form", "VARCHAR"),
        ("period", "VARCHAR"),
        ("reporter_code", "VARCHAR"),
        ("unit_code", "VARCHAR"),
        ("field", "VARCHAR"),
        ("slug", "VARCHAR"),
        ("rule", "VARCHAR"),
        ("severity", "VARCHAR"),
        ("refused", "VARCHAR"),
        ("file", "VARCHAR"),
        ("sheet", "VARCHAR"),
        ("cell", "VARCHAR"),
        ("found", "VARCHAR"),
        ("expected", "VARCHAR"),
        ("data", "VARCHAR"),
    ),
    "refusals": (("block", "INTEGER"), ("position", "INTEGER"), ("field", "VARCHAR")),
}
"""Table → (column, DuckDB type). No constraints: the writer holds them, and an index would slow every insert."""

FACT_COLUMNS: tuple[tuple[str, str], ...] = (
    ("block", "INTEGER"),
    ("position", "INTEGER"),
    ("unit_code", "VARCHAR"),
    ("township_code", "VARCHAR"),
    ("village_code", "VARCHAR"),
)
"""The leading columns of every `facts_<form>`; the fields follow, each under its id."""

_TYPES: dict[FieldType, str] = {
    "int": "BIGINT",
    "money": "DECIMAL(20,6)",
    "number": "DECIMAL(20,6)",
    "percent": "DECIMAL(9,4)",
    "bool": "BOOLEAN",
    "date": "DATE",
    "month": "DATE",
}

ORDER: dict[str, str] = {
    "meta": "key",
    "receipts": "seq",
    "sheets": "length(receipt), receipt, ordinal",
    "accounts": "length(receipt), receipt, ordinal",
    "blocks": "block",
    "submissions": "seq, reporter_code, form, period, version",
    "members": "submission, block",
    "exclusions": "submission, block, village_code",
    "notes": "length(receipt), receipt, ordinal",
    "problems": "length(receipt), receipt, ordinal",
    "refusals": "block, position, field",
}
"""The order in which a table is read and exported; facts by `block, position`."""


def field_type(field: Field) -> str:
    """Return the DuckDB type of a field's column (semantics S8)."""
    return _TYPES.get(field.type, "VARCHAR")


def facts_table(form: str) -> str:
    """Return the name of the form's table, unquoted."""
    return f"facts_{form}"


def quoted(name: str) -> str:
    """Return an identifier as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def create_table(name: str, columns: tuple[tuple[str, str], ...]) -> str:
    """Return the statement that makes a table unless it exists."""
    body = ", ".join(f"{quoted(column)} {kind}" for column, kind in columns)
    return f"CREATE TABLE IF NOT EXISTS {quoted(name)} ({body})"
