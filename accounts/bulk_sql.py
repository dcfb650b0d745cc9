"""Writing many rows at once: several times faster than Model.objects.bulk_create.

Here because every app may import accounts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import chain
from typing import Any

from django.db import connection, models

Row = Sequence[Any]

# Of at most 300 fields: SQLite takes 32,766 values a statement.
ROWS_A_STATEMENT = 100


def as_stored(value: date | datetime | None) -> Any:
    """A date or a time as the database keeps it: SQLite has text only."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return _stored_day(value) if value else None


# Files have few different days, each many times.
@lru_cache(maxsize=4096)
def _stored_day(day: date) -> Any:
    return connection.ops.adapt_datefield_value(day)


def insert_rows(
    model: type[models.Model],
    fields: Sequence[str],
    rows: Iterable[Row],
    *,
    or_ignore: bool = False,
) -> None:
    """Insert rows of values by field name. Defaults of the model and its save() do not come into play.

    Dates and times as `as_stored` gives them, here and below.
    Raises IntegrityError, unless rows that are there already are to be ignored.
    """
    columns = ", ".join(_columns(model, fields))
    if connection.vendor == "postgresql" and not or_ignore:
        _copy(f"COPY {_table(model)} ({columns}) FROM STDIN", rows)
        return
    head = f"INSERT INTO {_table(model)} ({columns}) VALUES "  # noqa: S608
    _insert(head, len(fields), " ON CONFLICT DO NOTHING" if or_ignore else "", list(rows))


def create_many(
    model: type[models.Model], rows: Sequence[Mapping[str, Any]], *, or_ignore: bool = False
) -> None:
    """Insert rows of plain values by attribute name, e.g. agency_id; all rows name the same ones, in one order.

    What they leave out is the model's default. Raises IntegrityError, unless rows that are there already are to be
    ignored. Ids are given by the database: whoever needs them asks for the rows again.
    """
    if not rows:
        return
    given = list(rows[0])
    left_out = [
        field
        for field in model._meta.concrete_fields
        if field.attname not in given and not field.generated and not field.primary_key
    ]
    defaults = [_stored(field.get_default()) for field in left_out]
    fields = [*given, *(field.attname for field in left_out)]
    places = [n for n, name in enumerate(given) if _is_day(model, name)]
    insert_rows(model, fields, _listed(rows, places, defaults), or_ignore=or_ignore)


def _is_day(model: type[models.Model], name: str) -> bool:
    return isinstance(model._meta.get_field(name), models.DateField)


def _listed(
    rows: Iterable[Mapping[str, Any]], days: Sequence[int], defaults: Sequence[Any]
) -> Iterator[Row]:
    """Rows as the database keeps them, whose `days` (and times) stand at these places."""
    for row in rows:
        values = [*row.values(), *defaults]
        for place in days:
            values[place] = _stored(values[place])
        yield values


def _stored(value: Any) -> Any:
    return as_stored(value) if isinstance(value, date) else value


def update_rows(model: type[models.Model], fields: Sequence[str], rows: Iterable[Row]) -> None:
    """Update rows by primary key, which comes last in each. Raises IntegrityError."""
    changes = ", ".join(f"{name} = %s" for name in _columns(model, fields))
    _execute(f"UPDATE {_table(model)} SET {changes} WHERE id = %s", rows)  # noqa: S608


def delete_rows(model: type[models.Model], fields: Sequence[str], rows: Iterable[Row]) -> None:
    """Delete the rows with these values. Nothing that hangs on them is deleted."""
    wanted = " AND ".join(f"{name} = %s" for name in _columns(model, fields))
    _execute(f"DELETE FROM {_table(model)} WHERE {wanted}", rows)  # noqa: S608


def _copy(sql: str, rows: Iterable[Row]) -> None:
    listed = list(rows)
    if listed:
        with (
            connection.cursor() as cursor,
            connection.wrap_database_errors,
            cursor.copy(sql) as copy,
        ):
            for row in listed:
                copy.write_row(row)


def _insert(head: str, num_fields: int, tail: str, rows: Sequence[Row]) -> None:
    """A hundred rows a statement: where a table has triggers SQLite keeps a copy of each page that a statement changes.

    By one row a statement that takes four times as long as the rows themselves.
    """
    one = f"({', '.join(['%s'] * num_fields)})"
    with connection.cursor() as cursor:
        for start in range(0, len(rows), ROWS_A_STATEMENT):
            some = rows[start : start + ROWS_A_STATEMENT]
            sql = head + ", ".join([one] * len(some)) + tail
            cursor.execute(sql, list(chain.from_iterable(some)))


def _execute(sql: str, rows: Iterable[Row]) -> None:
    listed = list(rows)
    if listed:
        with connection.cursor() as cursor:
            cursor.executemany(sql, listed)


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _columns(model: type[models.Model], fields: Sequence[str]) -> list[str]:
    found: list[Any] = [model._meta.get_field(name) for name in fields]
    return [connection.ops.quote_name(field.column) for field in found]
