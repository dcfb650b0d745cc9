"""What waits for the gateways, of all agencies together."""

from __future__ import annotations

from datetime import datetime

from django.db.models.expressions import Combinable

from accounts.subqueries import RowCount, Smallest
from messaging.models import DeliveryReport, Message


def queue_figures(now: datetime) -> dict[str, Combinable]:
    """Messages that may leave by now, since when the oldest does, those of uncertain fate, reports of unknown ones.

    Parts of a query of one row.
    """
    due = Message.objects.filter(state=Message.State.QUEUED, next_attempt_at__lte=now)
    return {
        "num_due": RowCount(due),
        "oldest_due": Smallest(due, "next_attempt_at"),
        "num_uncertain": RowCount(Message.objects.filter(state=Message.State.UNCERTAIN)),
        "num_reports": RowCount(DeliveryReport.objects.filter(next_try_at__isnull=False)),
    }
