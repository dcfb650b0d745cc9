"""Long lists of ids in a query."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL


def among(ids: Sequence[int]) -> RawSQL:
    """For `pk__in`: any number of ids as one parameter. Django checks each of a list, at the cost of a row."""
    return RawSQL(ids_sql(), [as_parameter(ids)])  # noqa: S611  (one of the two texts below)


def ids_sql() -> str:
    """For `id IN (...)`: a query with one parameter, which `as_parameter` makes."""
    if connection.vendor == "postgresql":
        return "SELECT unnest(%s::bigint[])"
    return "SELECT value FROM json_each(%s)"


def as_parameter(ids: Iterable[int]) -> Any:
    """Ids as `ids_sql` takes them."""
    listed = list(ids)
    return listed if connection.vendor == "postgresql" else json.dumps(listed)
