"""Replies from phones: pushing them to the customer's URL as SMSAPI does (type sms_mo), until it says OK."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import requests
from django.db.models import F
from django.utils import timezone

from sandbox.gateway.reports import CALL_TIMEOUT, MAX_ATTEMPTS, backoff
from sandbox.models import TWO_WAY, Panel, Reply

logger = logging.getLogger(__name__)

# What "2way" lends.
LENT_NUMBER = "48500000000"


def due_replies(limit: int = 50) -> list[Reply]:
    """Return unacknowledged replies whose next attempt is due, oldest first."""
    due = Reply.objects.filter(
        acknowledged_at=None, attempts__lt=MAX_ATTEMPTS, next_attempt_at__lte=timezone.now()
    )
    return list(due.select_related("answered").order_by("next_attempt_at", "pk")[:limit])


def push_replies(replies: Sequence[Reply], session: requests.Session) -> None:
    """Send replies to the panel's URL, one in a call, and note the outcome. Without a URL they keep waiting."""
    url = Panel.load().replies_url
    for reply in replies if url else ():
        _record(reply, is_acknowledged=_call(url, reply, session))


def _call(url: str, reply: Reply, session: requests.Session) -> bool:
    try:
        response = session.post(url, data=_form(reply), timeout=CALL_TIMEOUT)
    except requests.RequestException as error:
        logger.info("No answer from the URL for replies: %s", error)
        return False
    return response.status_code == 200 and response.content == b"OK"


def _form(reply: Reply) -> dict[str, str]:
    """MsgId is of the message answered; a number of the customer's own does not tell it (SMSAPI)."""
    message = reply.answered
    is_lent = message.sender == TWO_WAY
    return {
        "sms_to": LENT_NUMBER if is_lent else message.sender,
        "sms_from": message.number,
        "sms_text": reply.text,
        "sms_date": str(int(reply.written_at.timestamp())),
        "username": "sandbox",
        "MsgId": message.message_id if is_lent else "",
    }


def _record(reply: Reply, *, is_acknowledged: bool) -> None:
    row = Reply.objects.filter(pk=reply.pk)
    now = timezone.now()
    if is_acknowledged:
        row.update(attempts=F("attempts") + 1, acknowledged_at=now)
    else:
        wait = backoff(reply.attempts)
        row.update(attempts=F("attempts") + 1, next_attempt_at=now + wait)
