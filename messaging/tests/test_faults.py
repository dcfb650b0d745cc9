"""Whatever the gateway does to requests and reports, each client gets one SMS, or surely none and it is paid back.

bin/bench faults does the same to thousands of messages and to workers that are killed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from messaging import report_inbox
from messaging.models import DeliveryReport
from messaging.tests.own_worker import run_jobs, work_off
from messaging.tests.promises import broken_promises
from messaging.tests.sending_cases import PRICE, START, Sender, add_contacts, states
from sandbox.testing import SandboxProcess, wait_for

pytestmark = pytest.mark.django_db(transaction=True)

NUM_CLIENTS = 300
# Of 15 requests: those that meet the fault.
NUM_FAULTS = 5
# In the tests of reports, which come five in a call.
NUM_REPORTED = 100


@pytest.fixture(autouse=True)
def _several_requests_at_once(sandbox: SandboxProcess, settings: Settings) -> None:
    settings.SEND_BATCH_SIZE = 20
    settings.SEND_THREADS = 4
    settings.GATEWAY_TIMEOUT = 0.5


@pytest.mark.parametrize(
    "fault",
    [
        {"mode": "drop_after_accept"},
        {"mode": "answer_after_timeout", "delay_ms": 800},
        {"mode": "half_answer"},
        {"mode": "http_500"},
        {"mode": "http_503"},
        {"mode": "rate_limited"},
        {"mode": "error_code", "error_code": 201},
        {"mode": "error_code", "error_code": 103},
    ],
    ids=lambda fault: "-".join(map(str, fault.values())),
)
def test_a_gateway_that_fails_costs_no_sms_and_sends_none_twice(
    sender: Sender, sandbox: SandboxProcess, fault: dict[str, Any]
) -> None:
    campaign = sender.draft(add_contacts(sender.agency, NUM_CLIENTS))
    sender.confirm(campaign)
    sandbox.faults(report_mode="none", remaining=NUM_FAULTS, **fault)

    work_off()

    assert broken_promises(sandbox.phones()) == []
    assert states(campaign) == {"sent": NUM_CLIENTS}
    assert sender.balance == START - NUM_CLIENTS * PRICE
    assert sandbox.current_faults()["mode"] == "none"


@pytest.fixture
def reported(
    sandbox: SandboxProcess, live_server: LiveServer, settings: Settings
) -> Iterator[SandboxProcess]:
    """Pushes its reports to the portal, some of them before it answers: that takes its time."""
    settings.GATEWAY_TIMEOUT = 15
    sandbox.set_callback_url(f"{live_server.url}/dlr/smsapi/demo-callback/")
    yield sandbox
    sandbox.clear()


@pytest.mark.parametrize("report_mode", ["twice", "reversed", "before_answer"])
@pytest.mark.parametrize("mode", ["none", "drop_after_accept"])
def test_reports_in_any_order_move_each_message_to_its_end(
    sender: Sender, reported: SandboxProcess, report_mode: str, mode: str
) -> None:
    campaign = sender.draft(add_contacts(sender.agency, NUM_REPORTED))
    sender.confirm(campaign)
    reported.faults(report_mode=report_mode, report_delay_s=0, mode=mode)

    # The fault is over when the messages have left once.
    run_jobs()
    run_jobs()
    reported.faults(report_mode=report_mode, report_delay_s=0)
    work_off()
    num_reports = NUM_REPORTED * (2 if report_mode == "reversed" else 1)
    wait_for(lambda: _num_applied() == num_reports, seconds=20)
    wait_for(lambda: not run_jobs() and not broken_promises(reported.phones()))

    assert states(campaign) == {"delivered": NUM_REPORTED}
    assert sender.balance == START - NUM_REPORTED * PRICE


def _num_applied() -> int:
    """Reports of the test's messages, those included that a busy database had no time for until the next call."""
    report_inbox.take("smsapi", [])
    run_jobs()
    return DeliveryReport.objects.exclude(message=None).count()
