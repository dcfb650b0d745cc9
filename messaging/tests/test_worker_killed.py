"""The promise of the engine, with real processes: a worker that dies in the middle costs nobody an SMS, nor two."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from billing.ledger import find_differences
from messaging import tasks
from messaging.models import Campaign, Message
from messaging.tests.sending_cases import (
    PRICE,
    START,
    Sender,
    add_contacts,
    phone,
    reload,
    states,
)
from messaging.tests.worker_process import WorkerProcess
from sandbox.testing import SandboxProcess, wait_for

NUM_CLIENTS = 2_000
LEASE = 3  # seconds
UNSETTLED = (Message.State.QUEUED, Message.State.SENDING, Message.State.UNCERTAIN)


@pytest.fixture
def worker(sandbox: SandboxProcess, settings: Settings) -> WorkerProcess:
    settings.SENDING_LEASE = LEASE
    return WorkerProcess(
        SENDING_LEASE=str(LEASE), SMSAPI_URL=sandbox.gateway_url, SMSAPI_TOKEN=sandbox.token
    )


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_costs_no_sms_and_sends_none_twice(
    sender: Sender, sandbox: SandboxProcess, worker: WorkerProcess
) -> None:
    # Requests take so long that the worker is killed while some are on their way, and long before the last.
    sandbox.faults(mode="answer_after_timeout", delay_ms=2_000, report_mode="none")
    campaign = sender.draft(add_contacts(sender.agency, NUM_CLIENTS))
    sender.confirm(campaign)
    with worker:
        wait_for(lambda: len(sandbox.phones()) >= 300, seconds=30)
    assert 300 <= len(sandbox.phones()) < 1_500
    assert states(campaign)["queued"] > 0

    sandbox.faults(report_mode="none")
    with worker:
        wait_for(lambda: _sweep_until_settled(campaign), seconds=45)

    arrived = sorted(one["number"] for one in sandbox.phones())
    assert arrived == sorted(phone(n).removeprefix("+") for n in range(NUM_CLIENTS))
    assert states(campaign) == {"sent": NUM_CLIENTS}
    assert reload(campaign).state == Campaign.State.FINISHED
    assert sender.balance == START - NUM_CLIENTS * PRICE
    assert find_differences() == []


def _sweep_until_settled(campaign: Campaign) -> bool:
    tasks.sweep()
    unsettled = campaign.messages.filter(state__in=UNSETTLED)
    return not unsettled.exists() and reload(campaign).state == Campaign.State.FINISHED
