"""Whose messages leave next, and how fast."""

from __future__ import annotations

from datetime import timedelta
from time import monotonic

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Agency, User
from billing import ledger
from messaging import campaign_control, campaigns, claiming, gateway_states, sending, tasks
from messaging.models import Campaign, Message, MessageTemplate
from messaging.tests.sending_cases import (
    START,
    Sender,
    UseGateway,
    accepted,
    add_contacts,
    jobs,
    reload,
    states,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(other_agency: Agency, db: None) -> Sender:
    """Another agency with money."""
    person = User.objects.create_user(
        "jan@lecki.example", "haslo-jana-1", full_name="Jan", role="owner", agency=other_agency
    )
    template = MessageTemplate.objects.create(
        agency=other_agency, name="Krotki", type="own", body="Dzien dobry, {imie}."
    )
    ledger.credit(agency=other_agency, amount=START, reference="payment:other")
    return Sender(other_agency, person, template)


def order_of_agencies(size: int) -> list[int]:
    """The agencies whose batches of so many messages are claimed, in turn, until nothing is due."""
    found = []
    while batch := claiming.claim_next("smsapi", size):
        found.append(batch.messages[0].agency_id)
    return found


def test_a_long_campaign_does_not_hold_up_anothers_short_one(sender: Sender, other: Sender) -> None:
    sender.running(50)
    other.running(5, start=100)
    first, second = sender.agency.pk, other.agency.pk
    assert order_of_agencies(10) == [first, second, first, first, first, first]


def test_agencies_take_turns_however_many_campaigns_one_has(sender: Sender, other: Sender) -> None:
    for number in range(4):
        sender.running(5, start=10 * number)
    other.running(10, start=100)
    first, second = sender.agency.pk, other.agency.pk
    assert order_of_agencies(5) == [first, second, first, second, first, first]


def test_of_an_agencys_campaigns_the_oldest_comes_first(sender: Sender) -> None:
    campaign_ids = [sender.running(5, start=10 * number).pk for number in range(3)]
    claimed = [claiming.claim_next("smsapi", 5) for _ in range(3)]
    assert [batch.campaign_id for batch in claimed if batch] == campaign_ids


def test_a_single_message_goes_before_everybodys_long_campaigns(
    sender: Sender, other: Sender
) -> None:
    sender.running(20)
    other.running(20, start=100)
    claiming.claim_next("smsapi", 5)
    letter = sender.running(1, start=200)
    batch = claiming.claim_next("smsapi", 5)
    assert batch is not None
    assert batch.campaign_id == letter.pk
    assert reload(letter).is_urgent


# --- the common rate ------------------------------------------------------------------------------


def test_requests_of_all_workers_share_one_rate(settings: Settings) -> None:
    settings.SEND_REQUESTS_PER_SECOND = 10
    gateway_states.choose(["smsapi"])
    # The clock stands: on a busy machine it would run on between two of them.
    with time_machine.travel(timezone.now(), tick=False):
        waits = [gateway_states.reserve_slot("smsapi") for _ in range(11)]
    assert waits == pytest.approx([number / 10 for number in range(11)], abs=0.001)


def test_an_idle_time_is_not_saved_up(settings: Settings) -> None:
    settings.SEND_REQUESTS_PER_SECOND = 10
    gateway_states.choose(["smsapi"])
    with time_machine.travel(timezone.now() - timedelta(hours=1)):
        gateway_states.reserve_slot("smsapi")
    waits = [gateway_states.reserve_slot("smsapi") for _ in range(3)]
    assert waits[2] > 0.15


def test_without_a_rate_nothing_waits(settings: Settings) -> None:
    settings.SEND_REQUESTS_PER_SECOND = 0
    assert [gateway_states.reserve_slot("smsapi") for _ in range(3)] == [0, 0, 0]


# --- times ----------------------------------------------------------------------------------------


def confirmed(sender: Sender, count: int, **times: object) -> Campaign:
    campaign = sender.draft(add_contacts(sender.agency, count))
    cost = campaigns.quote(campaign).cost
    campaigns.confirm(campaign, expected_cost=cost, confirmed_by=sender.person, **times)  # type: ignore[arg-type]
    tasks.prepare_campaign(campaign.pk)
    return reload(campaign)


def test_now_means_after_the_time_to_undo(
    sender: Sender, scripted: UseGateway, settings: Settings
) -> None:
    settings.SEND_UNDO_SECONDS = 30
    gateway = scripted(accepted)
    campaign = confirmed(sender, 2)
    tasks.send_due()
    assert (gateway.requests, campaign.state) == ([], "scheduled")
    # One job waits for it, however many look.
    tasks.send_due()
    assert jobs().count("messaging.tasks.wait_and_send") == 1
    with time_machine.travel(timezone.now() + timedelta(seconds=31)):
        tasks.send_due()
    assert states(campaign) == {"sent": 2}
    assert reload(campaign).state == "finished"


def test_undone_in_time_nothing_leaves_and_all_is_paid_back(
    sender: Sender, scripted: UseGateway, settings: Settings
) -> None:
    settings.SEND_UNDO_SECONDS = 30
    gateway = scripted(accepted)
    campaign = confirmed(sender, 3)
    assert campaign_control.cancel(campaign, cancelled_by=sender.person)
    assert not campaign_control.cancel(campaign, cancelled_by=sender.person)
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        tasks.send_due()
        tasks.sweep()
    assert gateway.requests == []
    assert states(campaign) == {"cancelled": 3}
    assert sender.balance == START
    assert (reload(campaign).state, campaign.cost) == ("cancelled", 0)


def test_a_campaign_leaves_at_its_time(sender: Sender, scripted: UseGateway) -> None:
    scripted(accepted)
    start = timezone.now()
    campaign = confirmed(sender, 2, leaves_at=start + timedelta(days=3))
    with time_machine.travel(start + timedelta(days=3, minutes=-1)):
        tasks.send_due()
        tasks.sweep()
        assert states(campaign) == {"queued": 2}
    with time_machine.travel(start + timedelta(days=3, seconds=1)):
        tasks.send_due()
        assert states(campaign) == {"sent": 2}


def test_a_spread_campaign_leaves_little_by_little(
    sender: Sender, scripted: UseGateway, settings: Settings
) -> None:
    scripted(accepted)
    start = timezone.now()
    campaign = confirmed(sender, 12, leaves_at=start + timedelta(hours=1), spread_minutes=120)
    for minutes, num_sent in ((59, 0), (61, 1), (121, 7), (179, 12)):
        with time_machine.travel(start + timedelta(minutes=minutes)):
            tasks.send_due()
            assert states(campaign).get("sent", 0) == num_sent
    last = Message.objects.order_by("-id")[0]
    assert last.deadline_at == last.next_attempt_at + timedelta(hours=24)


# --- pause, resume, cancel ------------------------------------------------------------------------


def test_a_paused_campaign_waits_and_then_goes_on(sender: Sender, scripted: UseGateway) -> None:
    gateway = scripted(accepted)
    campaign = sender.running(3)
    assert campaign_control.pause(campaign, paused_by=sender.person)
    tasks.send_due()
    assert gateway.requests == []
    later = timezone.now() + timedelta(days=3)
    with time_machine.travel(later):
        tasks.sweep()
        assert states(campaign) == {"queued": 3}
        assert campaign_control.resume(campaign, resumed_by=sender.person)
        assert not campaign_control.resume(campaign, resumed_by=sender.person)
        tasks.sweep()
        tasks.send_due()
    assert states(campaign) == {"sent": 3}


def test_cancelling_pays_back_what_has_not_left(
    sender: Sender, scripted: UseGateway, settings: Settings
) -> None:
    settings.SEND_BATCH_SIZE = 4
    scripted(accepted)
    campaign = sender.running(10)
    sending.send_next()
    campaign_control.cancel(campaign, cancelled_by=sender.person)
    assert states(campaign) == {"sent": 4, "cancelled": 6}
    assert sender.balance == START - 4 * 29
    assert not sending.send_next()


def test_cancelling_many_goes_on_in_a_job(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaign_control, "CHUNK", 4)
    campaign = sender.running(10)
    campaign_control.cancel(campaign, cancelled_by=sender.person)
    assert states(campaign) == {"queued": 6, "cancelled": 4}
    assert jobs()[-1] == "messaging.tasks.cancel_messages"
    campaign_control.pick_up()
    assert jobs().count("messaging.tasks.cancel_messages") == 2
    assert not sending.send_next()
    tasks.cancel_messages(campaign.pk)
    tasks.cancel_messages(campaign.pk)
    assert states(campaign) == {"cancelled": 10}
    assert sender.balance == START


def test_cancelling_in_the_middle_of_the_preparation(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (campaigns, sending):
        monkeypatch.setattr(module, "CHUNK", 4, raising=False)
    campaign = sender.draft(add_contacts(sender.agency, 10))
    sender.confirm(campaign)
    from messaging import preparing

    monkeypatch.setattr(preparing, "CHUNK", 4)
    preparing._write_chunks(reload(campaign), 0, 0)
    campaign_control.cancel(campaign, cancelled_by=sender.person)
    tasks.prepare_campaign(campaign.pk)
    assert states(campaign) == {"cancelled": 4}
    assert sender.balance == START
    assert reload(campaign).cost == 0


def test_a_job_ends_when_the_worker_is_stopped(
    sender: Sender, scripted: UseGateway, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.SEND_BATCH_SIZE = 4
    gateway = scripted(accepted)
    campaign = sender.running(10)
    monkeypatch.setattr(sending.worker_stop, "is_requested", lambda: len(gateway.requests) > 0)
    sending.drain(monotonic() + 60)
    assert states(campaign) == {"sent": 4, "queued": 6}
