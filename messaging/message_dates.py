"""From days to the ids of an agency's messages: found in a few steps, where an index of all days would cost writes."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from accounts.bulk_sql import as_stored
from accounts.models import Agency
from messaging.models import Message

# Ids follow the times at which rows were made, but for transactions under way side by side and clocks that differ.
_SLACK = timedelta(hours=1)
# Ids among which it is not worth looking further.
_NEAR = 1000


def start_of(day: date) -> datetime:
    """Midnight in Warsaw."""
    return datetime.combine(day, time(), tzinfo=timezone.get_default_timezone())


def made_between(
    rows: QuerySet[Message], first: date | None, last: date | None
) -> QuerySet[Message]:
    """Those of the messages that were made from the day `first` to the day `last`, both included."""
    if first is not None:
        rows = rows.filter(created_at__gte=start_of(first))
    if last is not None:
        rows = rows.filter(created_at__lt=start_of(last + timedelta(days=1)))
    return rows


def with_ids_of_days(
    agency: Agency, rows: QuerySet[Message], first: date | None, last: date | None
) -> QuerySet[Message]:
    """Of the agency's messages `rows` none that is far from these days, by ids: the list need not read the others."""
    if first is not None:
        rows = rows.filter(pk__gte=_bounds(agency, start_of(first) - _SLACK)[0])
    if last is not None:
        rows = rows.filter(pk__lt=_bounds(agency, start_of(last + timedelta(days=1)) + _SLACK)[1])
    return rows


def _ends(agency: Agency) -> tuple[int, int]:
    """The agency's first id, and the number after its last one."""
    with connection.cursor() as cursor:
        cursor.execute(_ENDS, [agency.pk, agency.pk])
        first, last = cursor.fetchone()
    return first or 0, (last or 0) + 1


def _bounds(agency: Agency, moment: datetime) -> tuple[int, int]:
    """Two ids not far from each other: no message before the first one was made at the moment or later, no message
    from the second one on was made before it.
    """
    low, high = _ends(agency)
    with connection.cursor() as cursor:
        while high - low > _NEAR:
            middle = (low + high) // 2
            cursor.execute(_IS_BEFORE, [as_stored(moment), agency.pk, middle])
            row = cursor.fetchone()
            if row and row[0]:
                low = middle
            else:
                high = middle
    return low, high


# In SQL, since Django takes ten times as long to write these as the databases to answer them.
_ENDS = """
SELECT
    (SELECT id FROM messaging_message WHERE agency_id = %s ORDER BY id LIMIT 1),
    (SELECT id FROM messaging_message WHERE agency_id = %s ORDER BY id DESC LIMIT 1)
"""
_IS_BEFORE = """
SELECT created_at < %s FROM messaging_message WHERE agency_id = %s AND id >= %s ORDER BY id LIMIT 1
"""
