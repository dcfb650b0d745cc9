"""What was sent to a client and what they answered, as one list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import CharField, F, QuerySet, Value

from messaging.models import Contact, IncomingMessage, Message

_SENT, _RECEIVED = "sent", "received"


class Conversation:
    """Newest first, as a paginator takes it: a page is fetched, however long the whole is."""

    def __init__(self, contact: Contact) -> None:
        self._keys = _keys(contact.messages.all(), "created_at", _SENT).union(
            _keys(contact.incoming_messages.all(), "received_at", _RECEIVED), all=True
        )
        self._length: int | None = None

    def __len__(self) -> int:
        if self._length is None:
            self._length = self._keys.count()
        return self._length

    def __getitem__(self, wanted: slice) -> list[Message | IncomingMessage]:
        keys = list(self._keys.order_by("-at", "-way", "-pk")[wanted])
        found: dict[str, Mapping[int, Message | IncomingMessage]] = {
            _SENT: Message.objects.select_related("consent").in_bulk(_ids(keys, _SENT)),
            _RECEIVED: IncomingMessage.objects.in_bulk(_ids(keys, _RECEIVED)),
        }
        # One of them may have been erased since.
        return [found[way][pk] for _at, way, pk in keys if pk in found[way]]


def _keys(rows: QuerySet[Any], moment: str, way: str) -> QuerySet[Any]:
    marked: QuerySet[Any] = rows.order_by().annotate(at=F(moment), way=Value(way, CharField()))
    return marked.values_list("at", "way", "pk")


def _ids(keys: list[Any], wanted: str) -> list[int]:
    return [pk for _at, way, pk in keys if way == wanted]
