"""A worker in the test's own process, which runs what is queued; and time that passes when the test says so."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F
from django.utils import timezone
from django_q.models import OrmQ

from accounts.tests.jobs import take_jobs
from messaging import tasks
from messaging.models import DeliveryReport, GatewayState, Message

# Rounds of jobs after which the test gives up: something asks for itself again and again.
ROUNDS = 200
_OPEN = (Message.State.QUEUED, Message.State.SENDING, Message.State.UNCERTAIN)


def work_off() -> None:
    """Run the queued jobs and those that they queue, with a sweep between two rounds, until no message is open.

    Where a message waits, or a gateway rests, its time comes at once. Raises TimeoutError.
    """
    for _round in range(ROUNDS):
        let_time_pass()
        tasks.sweep()
        run_jobs()
        if not Message.objects.filter(state__in=_OPEN).exists():
            run_jobs()
            return
    raise TimeoutError(f"Jobs are still queued after {ROUNDS} rounds.")


def run_jobs() -> int:
    """Run what is queued now, oldest first. Returns how many jobs that were."""
    jobs = take_jobs()
    for job in jobs:
        module, _dot, name = job.func.rpartition(".")
        if module == tasks.__name__ and name != "wait_and_send":
            getattr(tasks, name)(*job.args)
    return len(jobs)


def let_time_pass() -> None:
    """As if an hour had gone by for whatever waits to be tried again."""
    now = timezone.now()
    ago = now - timedelta(hours=1)
    GatewayState.objects.filter(rests_until__gt=now).update(rests_until=now)
    GatewayState.objects.exclude(halt="").update(next_probe_at=now)
    Message.objects.filter(state=Message.State.QUEUED, next_attempt_at__gt=now).update(
        next_attempt_at=now
    )
    held = Message.objects.filter(state__in=(Message.State.SENDING, Message.State.UNCERTAIN))
    held.filter(claimed_at__gt=ago).update(claimed_at=ago)
    # What a dead worker took from the queue comes back after a while.
    OrmQ.objects.update(lock=F("lock") - timedelta(hours=1))
    DeliveryReport.objects.filter(next_try_at__gt=now).update(next_try_at=now)
    GatewayState.objects.filter(reports_asked_at__isnull=False).update(
        reports_asked_at=F("reports_asked_at") - timedelta(hours=1)
    )
