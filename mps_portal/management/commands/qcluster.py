"""django-q2's command, whose workers also end well when all of their processes are told to stop at once."""

from __future__ import annotations

import signal
from typing import Any

from django_q import cluster
from django_q.management.commands import qcluster


class PatientSentinel(cluster.Sentinel):  # type: ignore[misc]
    """Ends when the first process says so, and not by a SIGTERM of its own.

    Service managers send that to every process. A sentinel that dies of it leaves the first process waiting for it for
    ever, and workers that nobody waits for. What takes jobs from the queue and notes their ends inherits its patience;
    the workers have their own (messaging/worker_stop.py).
    """

    def start(self) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        super().start()


class Command(qcluster.Command):  # type: ignore[misc]
    def handle(self, *args: Any, **options: Any) -> None:
        cluster.Sentinel = PatientSentinel
        super().handle(*args, **options)
