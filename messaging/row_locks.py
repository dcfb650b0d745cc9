"""The order in which messages are locked: always by id, so that two who change the same ones wait for each other.

An UPDATE of many rows locks them as it finds them. Two of them, an answer's and a report's, would deadlock.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.models import QuerySet

from messaging.models import Message


def lock_messages(ids: Iterable[int]) -> None:
    """Lock them until the transaction ends. SQLite lets one transaction write at a time: nothing to do there."""
    if connection.features.has_select_for_update:
        list(locked(Message.objects.filter(pk__in=ids)).values_list("pk", flat=True))


def locked(messages: QuerySet[Message]) -> QuerySet[Message]:
    """The messages, which stay locked until the transaction ends once they are read."""
    return messages.order_by("pk").select_for_update(no_key=True)
