"""Handing work to the background. Here because every app may import accounts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django_q.tasks import async_task


def enqueue(task: str, *args: Any) -> None:
    """Queue the function at dotted path `task` so that it runs if and only if the data are committed.

    With the ORM broker the job is a row of the same transaction. Redis knows no transaction, so there the job is
    queued after the commit; what a crash in between or a Redis that is down loses, the sweeping schedules find
    (mps_portal/schedules.py).
    Pass ids, never objects: arguments are pickled.
    """
    if settings.REDIS_URL:
        # Robust: what was paid and committed is no error, even if Redis does not answer.
        transaction.on_commit(lambda: async_task(task, *args), robust=True)
    else:
        async_task(task, *args)
