"""The whole way: the portal sends over HTTP, the sandbox delivers and pushes its reports back to the portal."""

from __future__ import annotations

import pytest
from pytest_django.live_server_helper import LiveServer

from messaging import delivery_reports, tasks
from messaging.models import Campaign
from messaging.tests.sending_cases import PRICE, START, Sender, add_contacts, reload, states
from sandbox.testing import SandboxProcess, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def reported(sandbox: SandboxProcess, live_server: LiveServer, provider: str) -> SandboxProcess:
    sandbox.set_callback_url(
        f"{live_server.url}/dlr/smsapi/demo-callback/",
        serwersms_url=f"{live_server.url}/dlr/serwersms/demo-callback/",
    )
    return sandbox


def reported_states(campaign: Campaign) -> dict[str, int]:
    """After the job that the reports asked for."""
    tasks.apply_delivery_reports()
    return states(campaign)


@pytest.mark.parametrize("report_mode", ["normal", "twice", "reversed", "before_answer"])
def test_messages_end_delivered_however_reports_come(
    sender: Sender, reported: SandboxProcess, provider: str, report_mode: str
) -> None:
    reported.faults(report_mode=report_mode, report_delay_s=0)
    campaign = sender.running(12)

    tasks.send_due()

    wait_for(lambda: reported_states(campaign) == {"delivered": 12})
    assert reload(campaign).state == Campaign.State.FINISHED
    assert all(campaign.messages.values_list("provider_id", flat=True))
    assert all(campaign.messages.values_list("sent_at", flat=True))
    assert {phone["provider"] for phone in reported.phones()} == {provider}
    assert sender.balance == START - 12 * PRICE


def test_a_lost_answer_is_settled_by_the_reports(sender: Sender, reported: SandboxProcess) -> None:
    reported.faults(mode="drop_after_accept", remaining=1, report_delay_s=0)
    campaign = sender.running(12)

    tasks.send_due()

    wait_for(lambda: reported_states(campaign) == {"delivered": 12})
    assert len(reported.phones()) == 12


def test_a_look_up_asks_for_what_no_report_told(
    sender: Sender, sandbox: SandboxProcess, provider: str
) -> None:
    sandbox.faults(report_mode="none", report_delay_s=0)
    campaign = sender.running(3)
    tasks.send_due()
    assert states(campaign) == {"sent": 3}

    chosen = list(campaign.messages.values_list("pk", flat=True))
    assert delivery_reports.look_up(chosen[:2]) == 2

    assert states(campaign) == {"delivered": 2, "sent": 1}


def test_an_undelivered_message_stays_paid(
    sender: Sender, sandbox: SandboxProcess, provider: str
) -> None:
    sandbox.faults(report_mode="none", report_delay_s=0)
    [pk] = add_contacts(sender.agency, 1)
    # The sandbox delivers nothing to numbers that end in 000.
    sender.agency.contacts.update(phone="+48601000000")
    campaign = sender.draft([pk])
    sender.confirm(campaign)
    tasks.prepare_campaign(campaign.pk)
    tasks.send_due()

    tasks.refresh_statuses(list(campaign.messages.values_list("pk", flat=True)))

    assert states(campaign) == {"undelivered": 1}
    assert sender.balance == START - PRICE
