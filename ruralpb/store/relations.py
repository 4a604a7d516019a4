"""The relations that expressions are written against: one per form, the register, who owes and who returned.

Pure text and rows: nothing here opens a database. `session` creates what is described here over the store's tables.

Form relations hold the rows of current submissions of all periods. Their codes are those that count on the session's
period end (a merged village's rows carry its successor's code, semantics S7), so that a relation over two periods
joins on equal codes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from ruralpb.core.periods import Period
from ruralpb.model import Form, Register, Unit
from ruralpb.model.form_relation import SYSTEM_COLUMNS

_TYPES = {
    "block": "INTEGER", "position": "INTEGER", "ordinal": "INTEGER", "period_start": "DATE", "period_end": "DATE", "year": "BIGINT",
}  # fmt: skip
"""The types of system columns that are no words."""

TYPED_SYSTEM_COLUMNS = tuple(f"{name} {_TYPES.get(name, 'VARCHAR')}" for name in SYSTEM_COLUMNS)
"""What every form relation has before its own fields."""

LINEAGE = ("lineage", ("code VARCHAR", "now VARCHAR"))
DUE = (
    "due",
    ("form VARCHAR", "period VARCHAR", "reporter_code VARCHAR", "level VARCHAR", "due_date DATE"),
)
REF_UNIT = (
    "ref_unit",
    (
        "code VARCHAR", "name VARCHAR", "level VARCHAR", "kind VARCHAR", "parent_code VARCHAR", "village_code VARCHAR",
        "township_code VARCHAR", "county_code VARCHAR", "city_code VARCHAR", "province_code VARCHAR",
        "unit_class VARCHAR", "key_class VARCHAR", "in_demo_zone BOOLEAN", "sort_no INTEGER",
    ),
)  # fmt: skip

REF_VIEWS = """
create table ref_village as
select v.code as village_code, v.name as village, v.township_code, t.name as township, v.county_code, v.kind,
       v.key_class, v.in_demo_zone, v.code as unit_code, v.township_code as reporter_code
from ref_unit v left join ref_unit t on t.code = v.township_code
where v.level = 'village';
create table ref_township as
select code as township_code, name as township, county_code, kind, unit_class as class, sort_no,
       code as unit_code, code as reporter_code
from ref_unit where level = 'township'
"""


def lineage_rows(register: Register, end: date) -> Iterator[tuple[str, str]]:
    """Yield (code, who counts for it on `end`) for every code ever in the register; "" where it ended without successor."""
    for code in register.by_code:
        yield code, register.successor(code, end)


def unit_rows(register: Register, end: date) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of `ref_unit`: the units valid on `end` with their codes at each level of the roll-up."""
    levels: dict[str, dict[str, str]] = {}

    def above(unit: Unit) -> dict[str, str]:
        at_level = levels.get(unit.code)
        if at_level is None:
            parent = register.get(unit.parent_code, end)
            at_level = {**(above(parent) if parent else {}), unit.level: unit.code}
            levels[unit.code] = at_level
        return at_level

    for unit in register.on(end):
        path = above(unit)
        yield (
            unit.code, unit.name, unit.level, unit.kind, unit.parent_code,
            path.get("village"), path.get("township"), path.get("county"), path.get("city"), path.get("province"),
            unit.unit_class, unit.key_class, unit.in_demo_zone, unit.sort_no,
        )  # fmt: skip


def has_persons(form: Form) -> bool:
    """True for rosters: forms whose rows name a person."""
    return "name" in form.by_id


def person_source_sql(forms: Iterable[Form], valid_id: dict[str, str]) -> str:
    """Return the union of all rosters' (form, block, position, year, name@place, valid ID, rest of the key).

    `valid_id` gives for each form the SQL of its valid ID number ("NULL" for a form without one).
    """
    parts = []
    for form in forms:
        rest = [f for f in form.key if f in form.by_id and f not in ("name", "id_card")]
        key = " || '|' || ".join(f"coalesce(cast(\"{f}\" as varchar), '')" for f in rest) or "''"
        parts.append(
            f"select '{form.id}' as form, block, position, period, year, "
            f"name || '@' || coalesce(village_code, unit_code, '') as place, {valid_id[form.id]} as id, "
            f"{key} as rest from raw_{form.id} where name is not null"
        )
    return "\nunion all\n".join(parts)


PERSONS = """
create table persons as
with source as ({source}),
-- One name at one place in one year: how many people by ID, and whether a roster lists it twice without ID.
named as (
  select place, year, count(distinct id) as ids, any_value(id) as the_id, bool_or(id is null) as lacks_id
  from source group by place, year
),
twice as (
  select distinct place, year from (
    select place, year from source where id is null group by form, period, rest, place, year having count(*) > 1)
)
select s.form, s.block, s.position,
  case when s.id is not null then s.id
       when t.place is not null or n.ids > 1 then null
       when n.ids = 1 then n.the_id
       else s.place end as person_key,
  case when n.lacks_id and (n.ids > 1 or t.place is not null) then s.place end as person_doubt
from source s join named n using (place, year) left join twice t using (place, year)
"""
"""Semantics S9: by ID; without ID by name at the same place when there is exactly one candidate on each side; an
ambiguous name is unknown on both sides; no candidate is a plain no (a key of its own)."""


def owed_periods(periods: Iterable[Period]) -> list[Period]:
    """Return `periods` with those before them that a comparison or a year-to-date sum may ask for, once each."""
    wanted: set[Period] = set()
    for period in periods:
        wanted |= {period, period.previous(), period.last_year(), *period.year_to_date()}
    return sorted(wanted)
