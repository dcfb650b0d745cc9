"""The inbox of delivery reports: kept at once as they come, applied in batches by a job.

The gateway waits for our "OK" and pushes again without it, so keeping a report must be quick whatever else the database
is doing; moving messages may take its time.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import groupby
from time import monotonic
from typing import Any

from django.db import Error, connection, transaction
from django.db.models import Case, Q, Value, When
from django.utils import timezone

from accounts.bulk_sql import create_many
from accounts.jobs import enqueue
from messaging.delivery_reports import match, move
from messaging.gateways.base import StatusReport
from messaging.models import DeliveryReport, GatewayState

logger = logging.getLogger(__name__)

# Milliseconds that a report waits for the database before it is put aside.
PATIENCE = 500
# Reports that one step of the job applies.
CHUNK = 1000
# Those of ids that nobody knows: asked again for so long, and kept a little longer for whoever looks into it.
GIVE_UP_AFTER = timedelta(days=3)
FORGET_AFTER = timedelta(days=7)
# A job that was asked for longer ago than this is lost.
JOB_LOST_AFTER = timedelta(minutes=2)

_UNKNOWN_TIME = datetime(1970, 1, 1, tzinfo=UTC)
# What the database had no time for; kept with the next call. Should the process end before, a look-up finds it out.
_put_aside: deque[dict[str, Any]] = deque(maxlen=10_000)


def take(gateway: str, reports: Sequence[StatusReport]) -> None:
    """Keep what the gateway pushed. Raises nothing: where the database is busy or away, the next call keeps it."""
    now = timezone.now()
    rows = [_row(gateway, report, now) for report in reports]
    with suppress(IndexError):
        while True:
            rows.append(_put_aside.popleft())
    if not rows:
        return
    try:
        with _little_patience():
            create_many(DeliveryReport, rows, or_ignore=True)
            _ask_for_job(gateway)
    except Error as error:
        _put_aside.extend(rows)
        logger.warning("%d reports put aside: %s", len(rows), type(error).__name__)


def apply_waiting(end: float) -> int:
    """Apply the reports that wait, until `end` (monotonic). Returns how many messages moved. Idempotent."""
    num_moved = 0
    is_asked_for = True
    while monotonic() < end:
        due = DeliveryReport.objects.filter(next_try_at__lte=timezone.now())
        rows = list(due.order_by("next_try_at", "id")[:CHUNK])
        if rows:
            num_moved += _apply(rows)
        elif is_asked_for:
            # From now on whoever brings a report asks for another job; one more look, for who came before that.
            GatewayState.objects.update(reports_asked_at=None)
            is_asked_for = False
        else:
            return num_moved
    enqueue("messaging.tasks.apply_delivery_reports")
    return num_moved


def sweep() -> None:
    """Ask for a job where one was lost or reports are due again, and forget what nobody knows."""
    now = timezone.now()
    GatewayState.objects.filter(reports_asked_at__lt=now - JOB_LOST_AFTER).update(
        reports_asked_at=None
    )
    if DeliveryReport.objects.filter(next_try_at__lte=now).exists():
        enqueue("messaging.tasks.apply_delivery_reports")
    DeliveryReport.objects.filter(message=None, received_at__lt=now - FORGET_AFTER).delete()


def _row(gateway: str, report: StatusReport, now: datetime) -> dict[str, Any]:
    """A DeliveryReport's values: each call brings few reports, and an object of each takes longer than to keep it."""
    return {
        "gateway": gateway,
        "provider_id": report.provider_id,
        "idx": report.idx[:40],
        "state": report.state,
        "code": report.code,
        "network": report.network,
        "happened_at": report.happened_at or _UNKNOWN_TIME,
        "received_at": now,
        "next_try_at": now,
    }


def _ask_for_job(gateway: str) -> None:
    """One job for all the reports that come until it looks."""
    with connection.cursor() as cursor:
        cursor.execute(_IS_ASKED_FOR, [gateway])
        if cursor.fetchone():
            return
    GatewayState.objects.get_or_create(name=gateway)
    own = GatewayState.objects.filter(name=gateway, reports_asked_at=None)
    if own.update(reports_asked_at=timezone.now()):
        enqueue("messaging.tasks.apply_delivery_reports")


_IS_ASKED_FOR = (
    "SELECT 1 FROM messaging_gatewaystate WHERE name = %s AND reports_asked_at IS NOT NULL"
)


@contextmanager
def _little_patience() -> Iterator[None]:
    """A transaction that waits for others no longer than PATIENCE."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with transaction.atomic():
                cursor.execute(f"SET LOCAL lock_timeout = {PATIENCE}")
                yield
            return
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE}")
        try:
            with transaction.atomic():
                yield
        finally:
            patience = connection.settings_dict["OPTIONS"].get("timeout", 5) * 1000
            cursor.execute(f"PRAGMA busy_timeout = {patience}")


def _apply(rows: Sequence[DeliveryReport]) -> int:
    now = timezone.now()
    num_moved = 0
    by_gateway = sorted(rows, key=lambda row: row.gateway)
    for gateway, group in groupby(by_gateway, key=lambda row: row.gateway):
        listed = list(group)
        reports = [_told(row) for row in listed]
        ids = match(gateway, reports)
        num_moved += move(zip(ids, reports, strict=True))
        _note_applied([(row.pk, pk) for row, pk in zip(listed, ids, strict=True) if pk])
        _put_off([row.pk for row, pk in zip(listed, ids, strict=True) if not pk], now)
    return num_moved


def _told(row: DeliveryReport) -> StatusReport:
    happened_at = None if row.happened_at == _UNKNOWN_TIME else row.happened_at
    return StatusReport(
        row.provider_id, row.state, row.idx, row.code, happened_at, network=row.network
    )


def _note_applied(pairs: Sequence[tuple[int, int]]) -> None:
    if not pairs:
        return
    values = ", ".join(["(%s, %s)"] * len(pairs))
    with connection.cursor() as cursor:
        cursor.execute(
            _NOTE_APPLIED.format(values=values), [value for pair in pairs for value in pair]
        )


_NOTE_APPLIED = """
UPDATE messaging_deliveryreport SET message_id = found.column2, next_try_at = NULL
FROM (VALUES {values}) AS found WHERE messaging_deliveryreport.id = found.column1
"""


def _put_off(ids: Sequence[int], now: datetime) -> None:
    """The longer a report is nobody's, the later it is tried again."""
    if not ids:
        return
    age = Q(received_at__gt=now - timedelta(minutes=1))
    DeliveryReport.objects.filter(pk__in=ids).update(
        next_try_at=Case(
            When(age, then=Value(now + timedelta(seconds=5))),
            When(received_at__gt=now - timedelta(hours=1), then=Value(now + timedelta(minutes=2))),
            When(received_at__gt=now - GIVE_UP_AFTER, then=Value(now + timedelta(hours=1))),
            default=Value(None),
        )
    )
