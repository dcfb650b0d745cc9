"""The order in which messages are locked: always by id, so that two who change the same ones wait for each other.

An UPDATE of many rows locks them as it finds them. Two of them, an answer's and a report's, would deadlock.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from accounts.id_lists import among
from messaging.models import Message


def lock_messages(ids: Iterable[int]) -> None:
    """Lock them until the transaction ends. SQLite lets one transaction write at a time: nothing to do there."""
    if connection.features.has_select_for_update:
        rows = (
            Message.objects.filter(pk__in=among(ids)).order_by("pk").select_for_update(no_key=True)
        )
        list(rows.values_list("pk", flat=True))
