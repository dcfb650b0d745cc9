"""The only list of periodic jobs."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django_q.models import Schedule


@dataclass(frozen=True, slots=True)
class PeriodicJob:
    """A function at a dotted path, run every so many minutes."""

    name: str
    task: str
    minutes: int


JOBS = (
    PeriodicJob("sweep messages", "messaging.tasks.sweep", 1),
    PeriodicJob("deliver due invoices", "billing.tasks.deliver_due_invoices", 1),
    PeriodicJob("match waiting payments", "billing.tasks.match_waiting", 5),
    PeriodicJob("import statements", "billing.tasks.import_statement_folder", 1),
    PeriodicJob("sweep uploads of statements", "billing.tasks.sweep_uploads", 1),
    PeriodicJob("warn of low balances", "billing.tasks.warn_of_low_balances", 1),
    PeriodicJob("watch the limit of KSeF", "billing.tasks.watch_ksef_limit", 1),
    PeriodicJob("deliver due mails", "accounts.tasks.deliver_due_mails", 1),
    PeriodicJob("erase closed agencies", "messaging.tasks.erase_closed_agencies", 1),
    PeriodicJob("erase old texts", "messaging.tasks.erase_old_texts", 60),
    PeriodicJob("sum up tallies", "messaging.tasks.sum_up_tallies", 1),
    PeriodicJob("refresh due dates", "messaging.tasks.refresh_due_dates", 15),
    PeriodicJob("sweep imports of contacts", "messaging.tasks.sweep_imports", 1),
    PeriodicJob("ask about sender names", "messaging.tasks.sweep_sender_names", 1),
    PeriodicJob("sweep data exports", "mps_portal.tasks.sweep_data_exports", 1),
    PeriodicJob("forget expired cache", "mps_portal.tasks.forget_expired_cache", 60),
    PeriodicJob("forget expired sessions", "accounts.tasks.forget_expired_sessions", 24 * 60),
)


@transaction.atomic
def set_up_schedules() -> int:
    """Make the queue's schedules what JOBS says, keeping the next run of those that stay. Returns their number."""
    Schedule.objects.exclude(name__in=[job.name for job in JOBS]).delete()
    for job in JOBS:
        Schedule.objects.update_or_create(
            name=job.name,
            defaults={
                "func": job.task,
                "schedule_type": Schedule.MINUTES,
                "minutes": job.minutes,
                "repeats": -1,
            },
        )
    return len(JOBS)
