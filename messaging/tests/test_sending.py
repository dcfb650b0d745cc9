from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from accounts.tests.jobs import forget_jobs
from billing.ledger import find_differences
from billing.models import LedgerEntry
from messaging import preparing, sending, settling, tasks
from messaging.gateways.base import ErrorClass
from messaging.models import Campaign
from messaging.tests.sending_cases import (
    PRICE,
    START,
    Sender,
    UseGateway,
    accepted,
    add_contacts,
    jobs,
    one_message,
    phone,
    refused,
    states,
)
from sandbox.testing import SandboxProcess

pytestmark = pytest.mark.django_db


# --- outcomes -------------------------------------------------------------------------------------


def test_accepted_messages_are_sent(sender: Sender, sandbox: SandboxProcess) -> None:
    campaign = sender.running(3)

    assert sending.send_next()

    assert states(campaign) == {"sent": 3}
    first = campaign.messages.order_by("id")[0]
    assert first.provider_id
    assert first.sent_at is not None
    assert first.attempts == 1
    assert [one["number"] for one in sandbox.phones()] == [phone(n)[1:] for n in range(3)]
    assert sender.balance == START - 3 * PRICE


@pytest.mark.parametrize("error", ["message", "recipient", "sender"])
def test_a_refused_message_is_rejected_and_paid_back_once(
    sender: Sender, scripted: UseGateway, error: str
) -> None:
    scripted(refused(ErrorClass(error)))
    campaign = sender.running(3)

    assert sending.send_next()
    assert not sending.send_next()

    assert states(campaign) == {"rejected": 3}
    assert sender.balance == START
    assert find_differences() == []
    first = campaign.messages.order_by("id")[0]
    assert (first.error_class, first.error_code) == (error, "1")
    assert first.final_at is not None


@pytest.mark.parametrize("error", ["configuration", "funds", "retry"])
def test_a_message_put_off_is_queued_for_later_and_stays_paid(
    sender: Sender, scripted: UseGateway, error: str
) -> None:
    gateway = scripted(refused(ErrorClass(error)))
    campaign = sender.running(3)

    assert sending.send_next()
    assert not sending.send_next()

    assert len(gateway.requests) == 1
    assert states(campaign) == {"queued": 3}
    assert sender.balance == START - 3 * PRICE
    assert campaign.messages.order_by("id")[0].error_class == error


def test_a_lost_answer_makes_messages_uncertain(sender: Sender, scripted: UseGateway) -> None:
    gateway = scripted(refused(ErrorClass.UNCERTAIN))
    campaign = sender.running(3)

    assert sending.send_next()
    assert not sending.send_next()

    assert len(gateway.requests) == 1
    assert states(campaign) == {"uncertain": 3}
    assert sender.balance == START - 3 * PRICE


def test_a_message_without_an_answer_is_uncertain(sender: Sender, scripted: UseGateway) -> None:
    gateway = scripted(accepted)
    gateway.send = lambda _sender, messages: [accepted(messages[0])]  # type: ignore[method-assign]
    campaign = sender.running(3)

    assert sending.send_next()

    assert states(campaign) == {"sent": 1, "uncertain": 2}


def test_mixed_answers_go_to_their_own_messages(sender: Sender, scripted: UseGateway) -> None:
    campaign = sender.running(4)
    answers = dict(
        zip(
            campaign.messages.order_by("id").values_list("pk", flat=True),
            (
                accepted,
                refused(ErrorClass.RECIPIENT),
                refused(ErrorClass.RETRY),
                refused(ErrorClass.UNCERTAIN),
            ),
            strict=True,
        )
    )
    scripted(lambda sms: answers[int(sms.idx.partition("-")[2])](sms))

    assert sending.send_next()

    in_order = campaign.messages.order_by("id").values_list("state", flat=True)
    assert list(in_order) == ["sent", "rejected", "queued", "uncertain"]
    assert sender.balance == START - 3 * PRICE


def test_a_batch_is_one_request_of_the_set_size(
    sender: Sender, scripted: UseGateway, settings: Settings
) -> None:
    settings.SEND_BATCH_SIZE = 4
    gateway = scripted(accepted)
    campaign = sender.running(10)

    tasks.send_due()

    assert [len(request) for request in gateway.requests] == [4, 4, 2]
    campaign.refresh_from_db()
    assert campaign.state == Campaign.State.FINISHED


def test_a_gateway_in_trouble_leaves_the_other_batches_alone(
    sender: Sender, scripted: UseGateway, settings: Settings
) -> None:
    settings.SEND_BATCH_SIZE = 4
    gateway = scripted(refused(ErrorClass.UNCERTAIN))
    campaign = sender.running(10)

    tasks.send_due()

    assert len(gateway.requests) == 1
    assert states(campaign) == {"uncertain": 4, "queued": 6}
    assert set(campaign.messages.filter(state="queued").values_list("attempts", flat=True)) == {0}


def test_a_job_hands_over_when_its_time_is_up(
    sender: Sender, scripted: UseGateway, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SEND_BATCH_SIZE = 4
    gateway = scripted(accepted)
    campaign = sender.running(10)
    forget_jobs()
    monkeypatch.setattr(tasks, "SENDING_BUDGET", -1)

    tasks.send_due()

    assert gateway.requests == []
    assert states(campaign) == {"queued": 10}
    assert jobs() == ["messaging.tasks.send_due"]


# --- when the next attempt comes ------------------------------------------------------------------


def waits(campaign: Campaign) -> float:
    return (one_message(campaign).next_attempt_at - timezone.now()).total_seconds()


def test_the_wait_doubles_up_to_a_quarter_of_an_hour(sender: Sender, scripted: UseGateway) -> None:
    gateway = scripted(refused(ErrorClass.RETRY))
    campaign = sender.running(1)
    with time_machine.travel(timezone.now() + timedelta(seconds=1), tick=False) as clock:
        for attempt, least in enumerate((10, 20, 40, 80, 160, 320, 640, 900, 900), start=1):
            sending.send_next()
            assert len(gateway.requests) == attempt
            assert least <= waits(campaign) <= least * 1.25
            clock.shift(waits(campaign) - 1)
            assert not sending.send_next()
            assert len(gateway.requests) == attempt
            clock.shift(2)


@pytest.mark.parametrize(("retry_after", "least"), [(None, 10), (2, 2), (10**15, 900)])
def test_the_wait_that_the_gateway_asked_for(
    sender: Sender, scripted: UseGateway, retry_after: int | None, least: int
) -> None:
    scripted(refused(ErrorClass.RETRY, retry_after))
    campaign = sender.running(1)
    with time_machine.travel(timezone.now() + timedelta(seconds=1), tick=False):
        sending.send_next()
        assert least <= waits(campaign) <= least * 1.25


def test_what_could_not_leave_for_a_day_is_expired_and_paid_back(
    sender: Sender, scripted: UseGateway
) -> None:
    scripted(refused(ErrorClass.FUNDS))
    campaign = sender.running(3)
    sending.send_next()

    with time_machine.travel(timezone.now() + preparing.DEADLINE - timedelta(minutes=1)):
        assert settling.expire_overdue() == 0
    with time_machine.travel(timezone.now() + preparing.DEADLINE + timedelta(minutes=1)):
        assert settling.expire_overdue() == 3
        assert settling.expire_overdue() == 0

    assert states(campaign) == {"expired": 3}
    assert sender.balance == START
    assert find_differences() == []


@pytest.mark.parametrize("state", ["sending", "uncertain", "sent"])
def test_what_may_have_left_never_expires_here(sender: Sender, state: str) -> None:
    campaign = sender.running(1)
    campaign.messages.update(state=state)
    with time_machine.travel(timezone.now() + preparing.DEADLINE + timedelta(days=1)):
        assert settling.expire_overdue() == 0
    assert sender.balance == START - PRICE


def test_two_campaigns_keep_their_own_money(sender: Sender, scripted: UseGateway) -> None:
    scripted(refused(ErrorClass.RECIPIENT))
    first, second = sender.running(2), sender.running(3, start=10)

    sending.send_next()

    assert sender.balance == START - 3 * PRICE
    refunds = LedgerEntry.objects.filter(kind="refund").values_list("reference", flat=True)
    assert set(refunds) == {f"message:{pk}" for pk in first.messages.values_list("pk", flat=True)}
    assert states(second) == {"queued": 3}


def test_a_campaign_is_claimed_in_the_order_of_its_clients(
    sender: Sender, scripted: UseGateway
) -> None:
    gateway = scripted(accepted)
    ids = add_contacts(sender.agency, 5)
    campaign = sender.draft(ids[::-1])
    sender.confirm(campaign)
    preparing.prepare(campaign.pk)

    sending.send_next()

    phones = dict(campaign.messages.values_list("pk", "phone"))
    [request] = gateway.requests
    sent_to = [phones[int(idx.partition("-")[2])] for idx in request]
    assert sent_to == [phone(n) for n in (4, 3, 2, 1, 0)]
