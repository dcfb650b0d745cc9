"""Long lists of ids in a query."""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.db import connection
from django.db.models.expressions import RawSQL


def among(ids: Sequence[int]) -> RawSQL:
    """For `pk__in`: any number of ids as one parameter. Django checks each of a list, at the cost of a row."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [list(ids)])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(ids))])
