"""Messages whose fate is unknown: dead workers, lost answers, and how the sweep finds out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from messaging import campaign_control, claiming, settling, tasks
from messaging.gateways import gateway_called
from messaging.gateways.base import ErrorClass
from messaging.models import Campaign
from messaging.outcomes import record_results
from messaging.tests.sending_cases import (
    PRICE,
    START,
    Sender,
    UseGateway,
    accepted,
    claim,
    make_uncertain,
    one_message,
    outgoing,
    phone,
    refused,
    states,
)
from sandbox.testing import SandboxProcess, free_port

pytestmark = pytest.mark.django_db

LEASE = timedelta(seconds=120)


# --- dead workers ---------------------------------------------------------------------------------


def test_a_claim_is_released_after_its_lease(sender: Sender) -> None:
    campaign = sender.running(2)
    claim(campaign, 100)

    assert claiming.release_stalled() == 0
    with time_machine.travel(timezone.now() + LEASE + timedelta(seconds=1)):
        assert claiming.release_stalled() == 2

    assert states(campaign) == {"uncertain": 2}
    first = campaign.messages.order_by("id")[0]
    assert first.uncertain_since == first.claimed_at


def test_a_worker_slower_than_its_lease_does_not_queue_again(sender: Sender) -> None:
    campaign = sender.running(1)
    claimed = claim(campaign, 100)
    with time_machine.travel(timezone.now() + LEASE + timedelta(seconds=1)):
        claiming.release_stalled()
        # Meanwhile the message may have been sent again by its idx, so a "come later" means nothing any more.
        record_results(claimed, [refused(ErrorClass.RETRY)(outgoing(one_message(campaign)))])

    assert states(campaign) == {"uncertain": 1}


def test_a_worker_slower_than_its_lease_still_tells_of_an_acceptance(sender: Sender) -> None:
    campaign = sender.running(1)
    claimed = claim(campaign, 100)
    with time_machine.travel(timezone.now() + LEASE + timedelta(seconds=1)):
        claiming.release_stalled()
        record_results(claimed, [accepted(outgoing(one_message(campaign)))])

    assert states(campaign) == {"sent": 1}


def test_the_idx_window_counts_from_the_first_request(sender: Sender) -> None:
    campaign = sender.running(1)
    start = timezone.now() + timedelta(seconds=1)
    with time_machine.travel(start, tick=False) as clock:
        claimed = claim(campaign, 100)
        for _answer_lost in range(3):
            clock.shift(50)
            message = one_message(campaign)
            record_results(claimed, [refused(ErrorClass.UNCERTAIN)(outgoing(message))])
    assert one_message(campaign).uncertain_since == start


# --- settling -------------------------------------------------------------------------------------


def test_a_fresh_uncertain_message_waits_for_a_report(sender: Sender, scripted: UseGateway) -> None:
    gateway = scripted(accepted)
    message = one_message(sender.running(1))
    make_uncertain(message, LEASE - timedelta(seconds=10))

    assert not settling.settle(message.pk)
    assert gateway.requests == []


def test_settling_what_was_accepted_sends_no_second_sms(
    sender: Sender, sandbox: SandboxProcess, provider: str
) -> None:
    campaign = sender.running(1)
    message = one_message(campaign)
    gateway_called(provider).send(message.sender, [outgoing(message)])
    make_uncertain(message, LEASE)

    assert settling.settle(message.pk)

    assert states(campaign) == {"sent": 1}
    assert len(sandbox.phones()) == 1
    assert sender.balance == START - PRICE


def test_settling_what_never_arrived_sends_it_now(sender: Sender, sandbox: SandboxProcess) -> None:
    campaign = sender.running(1)
    make_uncertain(one_message(campaign), LEASE)

    assert settling.settle(one_message(campaign).pk)

    assert states(campaign) == {"sent": 1}
    assert one_message(campaign).provider_id
    assert len(sandbox.phones()) == 1


def test_settling_what_is_refused_pays_it_back(sender: Sender, scripted: UseGateway) -> None:
    scripted(refused(ErrorClass.RECIPIENT))
    campaign = sender.running(1)
    make_uncertain(one_message(campaign), LEASE)

    assert settling.settle(one_message(campaign).pk)

    assert states(campaign) == {"rejected": 1}
    assert sender.balance == START


def test_beyond_the_window_nothing_is_sent(sender: Sender, sandbox: SandboxProcess) -> None:
    campaign = sender.running(1)
    make_uncertain(one_message(campaign), settling.IDX_WINDOW + timedelta(seconds=1))

    assert not settling.settle(one_message(campaign).pk)

    assert states(campaign) == {"uncertain": 1}
    assert sandbox.phones() == []


@pytest.mark.parametrize("error", ["configuration", "funds", "retry", "uncertain"])
def test_not_now_while_settling_stays_uncertain(
    sender: Sender, scripted: UseGateway, error: str
) -> None:
    gateway = scripted(refused(ErrorClass(error)))
    campaign = sender.running(1)
    make_uncertain(one_message(campaign), LEASE)
    since = one_message(campaign).uncertain_since

    assert settling.settle(one_message(campaign).pk)
    assert not settling.settle(one_message(campaign).pk)

    assert len(gateway.requests) == 1
    assert states(campaign) == {"uncertain": 1}
    assert one_message(campaign).uncertain_since == since


@pytest.mark.parametrize("stop", [campaign_control.pause, campaign_control.cancel])
def test_what_was_paused_or_cancelled_is_not_sent_by_settling_it(
    sender: Sender, scripted: UseGateway, stop: Callable[..., bool]
) -> None:
    gateway = scripted(accepted)
    campaign = sender.running(2)
    make_uncertain(campaign.messages.earliest("pk"), timedelta(minutes=10))
    person = "paused_by" if stop is campaign_control.pause else "cancelled_by"
    assert stop(campaign, **{person: sender.person})

    tasks.sweep()

    assert gateway.requests == []
    assert states(campaign)["uncertain"] == 1


def test_a_settled_message_is_not_settled_again(sender: Sender, scripted: UseGateway) -> None:
    gateway = scripted(accepted)
    message = one_message(sender.running(1))
    make_uncertain(message, LEASE)

    assert settling.settle(message.pk)
    with time_machine.travel(timezone.now() + LEASE * 2):
        assert not settling.settle(message.pk)

    assert len(gateway.requests) == 1


# --- the sweep ------------------------------------------------------------------------------------


def test_the_sweep_mends_a_lost_answer(
    sender: Sender, sandbox: SandboxProcess, provider: str, settings: Settings
) -> None:
    settings.SEND_BATCH_SIZE = 5
    campaign = sender.running(10)
    sandbox.faults(mode="drop_after_accept", remaining=1)
    tasks.send_due()
    assert states(campaign) == {"uncertain": 5, "queued": 5}

    with time_machine.travel(timezone.now() + LEASE):
        tasks.sweep()
        tasks.send_due()

    assert states(campaign) == {"sent": 10}
    assert sorted(one["number"] for one in sandbox.phones()) == [phone(n)[1:] for n in range(10)]
    campaign.refresh_from_db()
    assert campaign.state == Campaign.State.FINISHED


def test_an_unreachable_gateway_costs_no_message(
    sender: Sender, sandbox: SandboxProcess, settings: Settings
) -> None:
    campaign = sender.running(3)
    settings.SMSAPI_URL = f"http://127.0.0.1:{free_port()}/"
    gateway_called.cache_clear()
    tasks.send_due()
    assert states(campaign) == {"queued": 3}

    settings.SMSAPI_URL = sandbox.gateway_url
    gateway_called.cache_clear()
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        tasks.send_due()

    assert states(campaign) == {"sent": 3}
    assert len(sandbox.phones()) == 3


# --- what nobody will ever report on ---------------------------------------------------------------


def test_what_no_report_comes_for_is_closed_after_three_days(sender: Sender) -> None:
    campaign = sender.running(2)
    sent, uncertain = campaign.messages.order_by("id")
    now = timezone.now()
    campaign.messages.filter(pk=sent.pk).update(state="sent", sent_at=now, next_look_up_at=now)
    campaign.messages.filter(pk=uncertain.pk).update(state="uncertain", uncertain_since=now)

    with time_machine.travel(now + timedelta(hours=71)):
        assert settling.give_up_waiting() == 0
    with time_machine.travel(now + timedelta(hours=72)):
        tasks.sweep()

    assert states(campaign) == {"unknown": 2}
    # It may have arrived, so nothing is given back.
    assert sum(m.cost for m in campaign.messages.all()) == campaign.cost
