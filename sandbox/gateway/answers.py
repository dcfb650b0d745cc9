"""The bodies that the gateway answers with, in SMSAPI's shape."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone

from sandbox.gateway.errors import GatewayError
from sandbox.models import POINTS_PER_PART, Provider, SmsMessage

STARTING_POINTS = Decimal(1_000_000)


def sent(messages: Sequence[SmsMessage], *, details: bool) -> dict[str, object]:
    """Return the answer to a request to send: everything is in the queue."""
    body = _listing([_row(message, "QUEUE") for message in messages])
    if details and len(messages) == 1:
        text = messages[0].text
        body.update(message=text, length=len(text), parts=messages[0].parts)
    return body


def statuses(ids: Sequence[str]) -> dict[str, object]:
    """Return the answer to a look-up, without unknown ids; GatewayError 301 if all are."""
    found = SmsMessage.objects.filter(provider=Provider.SMSAPI, message_id__in=ids).order_by("pk")
    now = timezone.now()
    rows = [_row(message, message.status_at(now).label) for message in found]
    if not rows:
        raise GatewayError(301)
    return _listing(rows)


def points_left() -> float:
    """Return the account's balance in points."""
    parts = SmsMessage.objects.aggregate(parts=Sum("parts"))["parts"] or 0
    return float(STARTING_POINTS - parts * POINTS_PER_PART)


def _listing(rows: list[dict[str, object]]) -> dict[str, object]:
    return {"count": len(rows), "list": rows}


def _row(message: SmsMessage, status: str) -> dict[str, object]:
    return {
        "id": message.message_id,
        "points": float(message.points),
        "number": message.number,
        "date_sent": int(message.accepted_at.timestamp()),
        "submitted_number": message.submitted_number,
        "status": status,
        "error": None,
        "idx": message.idx or None,
        "parts": message.parts,
    }
