from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils.module_loading import import_string
from django_q.models import Schedule
from pytest_django import Settings

from accounts import jobs
from accounts.jobs import enqueue
from accounts.models import Agency
from accounts.tests.jobs import queued_jobs
from mps_portal.schedules import JOBS

pytestmark = pytest.mark.django_db


def set_up() -> list[tuple[object, ...]]:
    call_command("setupschedules", verbosity=0)
    rows = Schedule.objects.order_by("id")
    return list(rows.values_list("id", "name", "func", "minutes", "repeats", "next_run"))


def test_setting_up_twice_changes_nothing() -> None:
    first = set_up()
    assert [(row[1], row[2], row[3]) for row in first] == [
        (job.name, job.task, job.minutes) for job in JOBS
    ]
    assert set_up() == first


def test_a_job_that_is_no_longer_listed_stops() -> None:
    Schedule.objects.create(name="old", func="messaging.tasks.gone", schedule_type="I", minutes=1)
    set_up()
    assert not Schedule.objects.filter(name="old").exists()


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.task)
def test_every_job_is_a_function_that_exists(job: object) -> None:
    assert callable(import_string(job.task))


def test_a_job_is_queued_with_the_data_or_not_at_all() -> None:
    with transaction.atomic():
        enqueue("messaging.tasks.sweep")
        transaction.set_rollback(True)
    assert queued_jobs() == []
    with transaction.atomic():
        enqueue("messaging.tasks.sweep")
    assert [job.func for job in queued_jobs()] == ["messaging.tasks.sweep"]


@pytest.mark.django_db(transaction=True)
def test_what_is_committed_stays_so_when_redis_is_down(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, agency: Agency
) -> None:
    def refuse(*args: object) -> None:
        raise ConnectionError("Redis is down")

    settings.REDIS_URL = "redis://127.0.0.1:1"
    monkeypatch.setattr(jobs, "async_task", refuse)
    with transaction.atomic():
        agency.name = "Po zmianie"
        agency.save()
        enqueue("messaging.tasks.sweep")
    agency.refresh_from_db()
    assert agency.name == "Po zmianie"
