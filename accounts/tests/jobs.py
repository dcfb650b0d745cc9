"""What waits in the queue, whichever broker keeps it."""

from __future__ import annotations

from typing import Any, NamedTuple
from unittest.mock import patch

from django.conf import settings
from django.db import connection
from django_q.brokers import get_broker
from django_q.models import OrmQ
from django_q.signing import SignedPackage


class Job(NamedTuple):
    func: str
    args: tuple[Any, ...]


def queued_jobs() -> list[Job]:
    """Oldest first: with Redis those queued already, then those that the commit of the test's data would queue."""
    if not settings.REDIS_URL:
        tasks = [job.task for job in OrmQ.objects.order_by("pk")]
        return [Job(task["func"], task["args"]) for task in tasks]
    broker = get_broker()
    packages = broker.connection.lrange(broker.list_key, 0, -1)
    tasks = [SignedPackage.loads(package) for package in packages]
    return [Job(task["func"], task["args"]) for task in tasks] + _due_at_commit()


def take_jobs() -> list[Job]:
    """Take what waits off the queue, oldest first. What others queue at the same moment stays for the next time."""
    if not settings.REDIS_URL:
        rows = list(OrmQ.objects.order_by("pk"))
        OrmQ.objects.filter(pk__in=[row.pk for row in rows]).delete()
        return [Job(row.task["func"], row.task["args"]) for row in rows]
    broker = get_broker()
    packages = iter(lambda: broker.connection.lpop(broker.list_key), None)
    tasks = [SignedPackage.loads(package) for package in packages]
    due = _due_at_commit()
    connection.run_on_commit.clear()
    return [Job(task["func"], task["args"]) for task in tasks] + due


def forget_jobs() -> None:
    """Empty the queue."""
    OrmQ.objects.all().delete()
    if settings.REDIS_URL:
        get_broker().purge_queue()
        connection.run_on_commit.clear()


def _due_at_commit() -> list[Job]:
    """Let what `enqueue` left for the commit run into a list instead of the queue."""
    due: list[Job] = []
    callbacks = [callback for _savepoints, callback, *_rest in connection.run_on_commit]
    with patch("accounts.jobs.async_task", lambda task, *args: due.append(Job(task, args))):
        for callback in callbacks:
            if callback.__module__ == "accounts.jobs":
                callback()
    return due
