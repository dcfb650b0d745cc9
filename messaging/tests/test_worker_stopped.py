"""Real workers that are ended while requests are under way: with notice, and without."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from messaging import tasks
from messaging.models import Campaign
from messaging.tests.own_worker import let_time_pass
from messaging.tests.promises import broken_promises
from messaging.tests.sending_cases import PRICE, START, Sender, add_contacts, reload, states
from messaging.tests.worker_process import WorkerProcess
from sandbox.testing import SandboxProcess, wait_for

pytestmark = pytest.mark.django_db(transaction=True)

NUM_CLIENTS = 600
LEASE = 3  # seconds


@pytest.fixture
def worker(sandbox: SandboxProcess, settings: Settings) -> WorkerProcess:
    settings.SENDING_LEASE = LEASE
    return WorkerProcess(
        SENDING_LEASE=str(LEASE),
        SEND_BATCH_SIZE="20",
        SEND_THREADS="4",
        SMSAPI_URL=sandbox.gateway_url,
        SMSAPI_TOKEN=sandbox.token,
    )


@pytest.mark.parametrize("everybody", [True, False], ids=["all processes", "the first process"])
def test_a_stopped_worker_finishes_what_it_has_begun(
    sender: Sender, sandbox: SandboxProcess, worker: WorkerProcess, everybody: bool
) -> None:
    sandbox.faults(delay_ms=500, report_mode="none")
    campaign = sender.draft(add_contacts(sender.agency, NUM_CLIENTS))
    sender.confirm(campaign)

    with worker:
        wait_for(lambda: states(campaign).get("sent", 0) > 0, seconds=30)
        seconds = worker.stop(everybody=everybody)

    assert seconds < 30
    found = states(campaign)
    assert set(found) <= {"sent", "queued"}
    assert found["sent"] == len(sandbox.phones())
    if everybody:
        assert seconds < 5
        assert found["queued"] > 0


def test_a_worker_killed_again_and_again_costs_no_sms_and_sends_none_twice(
    sender: Sender, sandbox: SandboxProcess, worker: WorkerProcess
) -> None:
    campaign = sender.draft(add_contacts(sender.agency, NUM_CLIENTS))
    sender.confirm(campaign)
    for _kill in range(2):
        before = len(sandbox.phones())
        # What arrives is not answered before the worker is dead, so it sends only as much as it may have under way.
        sandbox.faults(mode="answer_after_timeout", delay_ms=5_000, report_mode="none")
        with worker:
            wait_for(lambda before=before: len(sandbox.phones()) > before, seconds=30)
        # What is uncertain is asked about one by one.
        sandbox.faults(report_mode="none")
        let_time_pass()
        tasks.sweep()
    assert states(campaign)["queued"] > 0

    with worker:
        wait_for(lambda: _has_ended(campaign), seconds=45)
        wait_for(lambda: not broken_promises(sandbox.phones()))

    assert states(campaign) == {"sent": NUM_CLIENTS}
    assert sender.balance == START - NUM_CLIENTS * PRICE


def _has_ended(campaign: Campaign) -> bool:
    tasks.sweep()
    return set(states(campaign)) == {"sent"} and reload(campaign).state == Campaign.State.FINISHED
