"""Handing work to the background. Here because every app may import accounts."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django_q.tasks import async_task


def enqueue(task: str, *args: Any) -> None:
    """Queue the function at dotted path `task` so that it runs if and only if the data are committed.

    With the ORM broker the job is a row of the same transaction. Redis knows no transaction, so there the job is
    queued after the commit; what a crash in between loses, the sweeping schedules find (mps_portal/schedules.py).
    Pass ids, never objects: arguments are pickled.
    """
    if settings.REDIS_URL:
        transaction.on_commit(partial(async_task, task, *args))
    else:
        async_task(task, *args)
