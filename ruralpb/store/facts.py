"""The facts of a form as they go out: its current rows with the places they came from, masked where they are personal, and any table as Parquet."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ruralpb.core.periods import Period
from ruralpb.core.personal_data import without_numbers
from ruralpb.model import MASKED, ExportTable, Field, Form
from ruralpb.store.reader import Store
from ruralpb.store.schema import field_type, quoted
from ruralpb.store.session import Session

_LEAD = ("unit_code", "unit", "township_code", "township", "reporter_code", "period")
_PLACE = (("submission", "VARCHAR"), ("file", "VARCHAR"), ("sheet", "VARCHAR"), ("row", "INTEGER"))


def facts(
    session: Session, store: Store, form: Form, period: Period, units: frozenset[str], masked: bool
) -> ExportTable:
    """Return the current rows of `form` for `period`, each with the file, sheet and row (1-based) it came from.

    `units` narrows to rows about these units (empty: all). With `masked`, fields that the form calls personal or
    sensitive are ***, and numbers of persons in the text of others are masked.
    """
    fields = [field for field in form.fields if field.type not in ("village", "township")]
    shown = "".join(f", {shown_field(field, masked)}" for field in fields)
    rows = session.query(
        f"select r.unit_code, u.name, r.township_code, r.township, r.reporter_code, r.period{shown}, "
        f"r.submission, r.block, r.position from {quoted(form.id)} r left join ref_unit u on u.code = r.unit_code "
        f"where r.period = '{period.label}' order by r.reporter_code, r.submission, r.block, r.position"
    )
    places = store.places({row[-2] for row in rows})
    clean: Callable[[Any], Any] = _without_numbers if masked else lambda value: value
    placed = tuple(
        (*map(clean, row[:-2]), *places[row[-2]], row[-1] + 1)
        for row in rows
        if not units or row[0] in units or row[2] in units or row[4] in units
    )
    own = tuple((f.id, "VARCHAR" if masked and f.sensitive else field_type(f)) for f in fields)
    return ExportTable(f"facts_{form.id}", (*((name, "VARCHAR") for name in _LEAD), *own, *_PLACE), placed)


def shown_field(field: Field, masked: bool) -> str:
    """Return the SQL of a field of relation `r` as it may be shown: *** in place of a personal value."""
    if masked and field.sensitive:
        return f"case when r.{quoted(field.id)} is not null then '{MASKED}' end as {quoted(field.id)}"
    return f"r.{quoted(field.id)}"


def _without_numbers(value: Any) -> Any:
    return without_numbers(value) if isinstance(value, str) else value


def mask(session: Session, forms: Iterable[Form], mark: Callable[[str], str]) -> None:
    """Put relations in the place of the forms' in which personal fields are ***, the keys of persons are what `mark` makes of
    them, and numbers of persons in any other text are masked."""
    forms = list(forms)
    keys: set[str] = set()
    for form in forms:
        if "name" in form.by_id:
            sql = f"select distinct person_key from {quoted(form.id)} where person_key is not null"
            keys |= {key for (key,) in session.query(sql)}
    marks = [(key, mark(key)) for key in sorted(keys)]
    session.register("masked_persons", ("person_key VARCHAR", "mark VARCHAR"), marks)
    for form in forms:
        hidden = [shown_field(field, masked=True) for field in form.fields if field.sensitive]
        persons = [
            "(select mark from masked_persons m where m.person_key = r.person_key) as person_key",
            "cast(null as varchar) as person_doubt",
        ]
        session.shadow(form.id, [*hidden, *persons])
        for field in form.fields:
            if field.type == "text" and not field.sensitive:
                _mask_text(session, form, field)


def _mask_text(session: Session, form: Form, field: Field) -> None:
    column = quoted(field.id)
    texts = session.query(f"select distinct {column} from {quoted(form.id)} where {column} is not null")
    session.replace(
        form.id, field.id, {text: clean for (text,) in texts if (clean := without_numbers(text)) != text}
    )


def parquet(table: ExportTable) -> bytes:
    """Return the table as a Parquet file."""
    import duckdb

    with TemporaryDirectory() as folder, Session(duckdb.connect(":memory:")) as session:
        target = Path(folder) / "table.parquet"
        session.register("export", [f"{quoted(name)} {kind}" for name, kind in table.columns], table.rows)
        session.copy_to("export", target)
        return target.read_bytes()
