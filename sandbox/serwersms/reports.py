"""What SerwerSMS.pl tells of messages: the rows of messages/reports, and what it pushes, one report in a call."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping, Sequence

import requests
from django.db.models import Q
from django.utils import timezone

from sandbox.gateway.reports import CALL_TIMEOUT, record_push
from sandbox.models import DeliveryReport, Panel, Provider, SmsMessage, Status
from sandbox.serwersms.errors import SerwerSmsError

logger = logging.getLogger(__name__)

MAX_IDS = 500
PAGE_SIZE = 100
# Status and reason, by SMSAPI's numbers that the sandbox keeps.
_WORDS = {
    Status.EXPIRED: ("undelivered", "message_expired"),
    Status.SENT: ("sent", ""),
    Status.DELIVERED: ("delivered", ""),
    Status.UNDELIVERED: ("undelivered", "wrong_number"),
    Status.QUEUE: ("in_progress", ""),
}


def page_of_reports(parameters: Mapping[str, object]) -> dict[str, object]:
    """The messages with these ids, or ids of the customer's. Raises SerwerSmsError."""
    found = SmsMessage.objects.filter(
        Q(message_id__in=_list(parameters.get("id")))
        | Q(idx__in=[one for one in _list(parameters.get("unique_id")) if one]),
        provider=Provider.SERWERSMS,
    ).order_by("pk")
    size = min(_number(parameters.get("limit"), PAGE_SIZE), MAX_IDS)
    page = _number(parameters.get("page"), 1)
    num_pages = -(-found.count() // size)
    now = timezone.now()
    rows = found[(page - 1) * size : page * size]
    return {
        "paging": {"page": page, "count": num_pages},
        "items": [_row(message, message.status_at(now)) for message in rows],
    }


def push(reports: Sequence[DeliveryReport], session: requests.Session) -> None:
    """Send reports to the address of the panel and note the outcome. Without one they keep waiting."""
    url = Panel.load().serwersms_callback_url
    for report in reports if url else ():
        record_push([report], is_acknowledged=_call(url, report, session))


def _call(url: str, report: DeliveryReport, session: requests.Session) -> bool:
    try:
        response = session.get(url, params=_query(report), timeout=CALL_TIMEOUT)
    except requests.RequestException as error:
        logger.info("No answer from SerwerSMS's callback URL: %s", error)
        return False
    return response.status_code == 200 and response.content == b"OK"


def _query(report: DeliveryReport) -> dict[str, str]:
    status, reason = _WORDS[Status(report.status)]
    return {
        "id": report.message.message_id,
        "unique_id": report.message.idx,
        "status": status,
        "reason": reason,
        "delivered": _local(report.done_at),
    }


def _row(message: SmsMessage, status: Status) -> dict[str, object]:
    word, reason = _WORDS[status]
    is_final = status not in (Status.SENT, Status.QUEUE)
    return {
        "id": message.message_id,
        "unique_id": message.idx or None,
        "phone": f"+{message.number}",
        "status": word,
        "reason": reason or None,
        "queued": _local(message.accepted_at),
        "sent": _local(message.accepted_at),
        "delivered": _local(message.settles_at) if is_final and message.settles_at else None,
        "sender": message.sender,
        "type": "full",
        "text": message.text,
        "parts": message.parts,
    }


def _local(moment: dt.datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S")


def _list(value: object) -> list[str]:
    values = value if isinstance(value, list) else [] if value is None else [value]
    words = [one for one in values if isinstance(one, str)]
    if len(words) < len(values) or len(words) > MAX_IDS:
        raise SerwerSmsError(1006)
    return words


def _number(value: object, default: int) -> int:
    return value if isinstance(value, int) and value > 0 else default
