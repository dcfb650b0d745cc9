"""Long lists of ids in a query."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL


def among(ids: Iterable[int] | Iterable[str], kind: str = "bigint") -> RawSQL:
    """For `pk__in`: any number of ids as one parameter. Django checks each of a list, at the cost of a row.

    `kind` is PostgreSQL's type of them: text for a provider's ids.
    """
    return RawSQL(ids_sql(kind), [as_parameter(ids)])  # noqa: S611  (one of the texts below)


def ids_sql(kind: str = "bigint") -> str:
    """For `id IN (...)`: a query with one parameter, which `as_parameter` makes."""
    if connection.vendor == "postgresql":
        return f"SELECT unnest(%s::{kind}[])"
    return "SELECT value FROM json_each(%s)"


def as_parameter(ids: Iterable[int] | Iterable[str]) -> Any:
    """Ids as `ids_sql` takes them."""
    listed = list(ids)
    if connection.vendor != "postgresql":
        return json.dumps(listed)
    if listed and isinstance(listed[0], str):
        return listed
    # As PostgreSQL writes an array: the driver quotes its members one by one.
    return f"{{{','.join(map(str, listed))}}}"
