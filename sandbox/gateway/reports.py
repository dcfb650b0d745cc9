"""Delivery reports: which a message causes, and pushing them to the callback URL."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from itertools import islice

import requests
from django.db.models import F
from django.utils import timezone

from sandbox.models import DeliveryReport, Faults, Panel, Provider, SmsMessage, Status

logger = logging.getLogger(__name__)

REPORTS_IN_A_CALL = 5
MAX_ATTEMPTS = 20
CALL_TIMEOUT = 10  # seconds
SECOND_REPORT_AFTER = dt.timedelta(milliseconds=500)
LONGEST_BACKOFF = 60.0  # seconds


def plan_reports(message: SmsMessage, faults: Faults) -> list[DeliveryReport]:
    """Return the unsaved reports that a message accepted under these faults will cause."""
    modes = Faults.ReportMode
    if message.settles_at is None or faults.report_mode == modes.NONE:
        return []
    final = _report(message, Status(message.final_status), message.settles_at)
    later = message.settles_at + SECOND_REPORT_AFTER
    if faults.report_mode == modes.TWICE:
        return [final, _report(message, Status(message.final_status), later)]
    if faults.report_mode == modes.REVERSED:
        return [final, _report(message, Status.SENT, later)]
    if faults.report_mode == modes.BEFORE_ANSWER:
        # The view pushes it itself; the pusher only repeats it when that failed.
        final.next_attempt_at += dt.timedelta(seconds=CALL_TIMEOUT)
    return [final]


def _report(message: SmsMessage, status: Status, due_at: dt.datetime) -> DeliveryReport:
    done_at = message.settles_at or message.accepted_at
    return DeliveryReport(message=message, status=status, done_at=done_at, next_attempt_at=due_at)


def due_reports(provider: Provider = Provider.SMSAPI, limit: int = 200) -> list[DeliveryReport]:
    """Return the provider's unacknowledged reports whose next attempt is due, oldest first."""
    due = DeliveryReport.objects.filter(
        message__provider=provider,
        acknowledged_at=None,
        attempts__lt=MAX_ATTEMPTS,
        next_attempt_at__lte=timezone.now(),
    )
    return list(due.select_related("message").order_by("next_attempt_at", "pk")[:limit])


def push(reports: Sequence[DeliveryReport], session: requests.Session) -> None:
    """Send reports to the callback URL, a few in a call, and note the outcome.

    Without a callback URL they keep waiting.
    """
    url = Panel.load().callback_url
    remaining = iter(reports if url else ())
    while batch := list(islice(remaining, REPORTS_IN_A_CALL)):
        record_push(batch, is_acknowledged=_call(url, batch, session))


def _call(url: str, batch: list[DeliveryReport], session: requests.Session) -> bool:
    try:
        response = session.get(url, params=_query(batch), timeout=CALL_TIMEOUT)
    except requests.RequestException as error:
        logger.info("No answer from the callback URL: %s", error)
        return False
    return response.status_code == 200 and response.content == b"OK"


# Plus, T-Mobile, Orange, Play: each phone has one for good.
_NETWORKS = ("1", "2", "3", "6")


def _query(batch: list[DeliveryReport]) -> dict[str, str]:
    """Return the parameters: each lists its values comma-joined in the same order (SMSAPI)."""
    columns = [_columns(report) for report in batch]
    return {name: ",".join(row[name] for row in columns) for name in columns[0]}


def _columns(report: DeliveryReport) -> dict[str, str]:
    message = report.message
    return {
        "MsgId": message.message_id,
        "to": message.number,
        "from": message.sender,
        "idx": message.idx,
        "status": str(report.status),
        "status_name": Status(report.status).label,
        "donedate": str(int(report.done_at.timestamp())),
        "sent_at": str(int(message.accepted_at.timestamp())),
        "points": str(message.points),
        "parts": str(message.parts),
        "username": "sandbox",
        "mcc": "260",
        "mnc": _NETWORKS[int(message.number) % len(_NETWORKS)],
    }


def record_push(batch: list[DeliveryReport], *, is_acknowledged: bool) -> None:
    """Note that they were pushed, and when to try again if nobody said OK."""
    rows = DeliveryReport.objects.filter(pk__in=[report.pk for report in batch])
    now = timezone.now()
    if is_acknowledged:
        rows.update(attempts=F("attempts") + 1, acknowledged_at=now)
        return
    wait = backoff(max(report.attempts for report in batch))
    rows.update(attempts=F("attempts") + 1, next_attempt_at=now + wait)


def backoff(attempts: int) -> dt.timedelta:
    """Return the pause after so many failures: 0.5 s, 1 s, 2 s ... at most a minute."""
    return dt.timedelta(seconds=min(0.5 * 2**attempts, LONGEST_BACKOFF))
