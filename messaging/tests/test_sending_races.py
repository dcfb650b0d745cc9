"""Many workers and many people at the same moment, in threads with connections of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from billing import ledger
from billing.ledger import InsufficientBalance, find_differences
from messaging import campaigns, preparing, sending, settling, tasks
from messaging.gateways.base import ErrorClass
from messaging.models import Campaign, Message
from messaging.tests.sending_cases import (
    PRICE,
    START,
    ScriptedGateway,
    Sender,
    UseGateway,
    accepted,
    add_contacts,
    claim,
    jobs,
    make_uncertain,
    refused,
    reload,
    states,
)

pytestmark = pytest.mark.django_db(transaction=True)

NUM_THREADS = 16
Given = TypeVar("Given")
Got = TypeVar("Got")


def at_once(do: Callable[[Given], Got], given: Iterable[Given]) -> list[Got]:
    """Do it for all, sixteen at a time; the first sixteen start together."""
    start = Barrier(NUM_THREADS)

    def meet() -> None:
        start.wait(timeout=30)

    def run(one: Given) -> Got:
        try:
            return do(one)
        finally:
            connection.close()

    with ThreadPoolExecutor(NUM_THREADS, initializer=meet) as pool:
        return list(pool.map(run, given))


def test_each_message_is_claimed_by_one_worker(sender: Sender) -> None:
    campaign = sender.running(1_000)

    def claim_all(_worker: int) -> list[int]:
        mine: list[int] = []
        while batch := claim(campaign, 20):
            mine += [sms.pk for sms in batch]
        return mine

    claimed = [pk for batch in at_once(claim_all, range(NUM_THREADS)) for pk in batch]

    assert len(claimed) == len(set(claimed)) == 1_000
    assert states(campaign) == {"sending": 1_000}
    assert set(campaign.messages.values_list("attempts", flat=True)) == {1}


def test_each_message_is_sent_by_one_worker(
    sender: Sender, scripted: UseGateway, settings: Settings
) -> None:
    settings.SEND_BATCH_SIZE = 20
    gateway = scripted(accepted)
    campaign = sender.running(1_000)

    at_once(lambda _n: tasks.send_due(), range(NUM_THREADS))

    sent = [idx for request in gateway.requests for idx in request]
    assert len(sent) == len(set(sent)) == 1_000
    assert states(campaign) == {"sent": 1_000}
    assert reload(campaign).state == Campaign.State.FINISHED


def test_a_balance_for_twenty_pays_for_twenty_of_fifty(sender: Sender) -> None:
    ids = add_contacts(sender.agency, 3)
    ledger.debit(agency=sender.agency, amount=START - 20 * 3 * PRICE - 1, reference="campaign:x")
    drafts = [sender.draft(ids) for _ in range(50)]

    def confirm(draft: Campaign) -> bool:
        try:
            return sender.confirm(draft)
        except InsufficientBalance:
            return False

    confirmed = at_once(confirm, drafts)

    assert confirmed.count(True) == 20
    assert sender.balance == 1
    assert find_differences() == []
    assert Campaign.objects.filter(state="preparing").count() == 20
    assert Campaign.objects.filter(state="draft").count() == 30
    assert len(jobs()) == 20


def test_one_campaign_confirmed_by_many_is_paid_once(sender: Sender) -> None:
    draft = sender.draft(add_contacts(sender.agency, 3))

    confirmed = at_once(sender.confirm, [draft] * NUM_THREADS)

    assert confirmed.count(True) == 1
    assert sender.balance == START - 3 * PRICE
    assert find_differences() == []


def test_a_draft_is_either_paid_or_thrown_away(sender: Sender) -> None:
    ids = add_contacts(sender.agency, 1)
    for _ in range(5):
        draft = sender.draft(ids)
        before = sender.balance
        actions = [sender.confirm, campaigns.discard] * (NUM_THREADS // 2)

        done = at_once(lambda action, draft=draft: action(draft), actions)

        paid = sender.balance == before - PRICE
        assert Campaign.objects.filter(pk=draft.pk, state="preparing").exists() == paid
        assert done.count(True) == 1


def test_many_prepare_one_campaign(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparing, "CHUNK", 20)
    monkeypatch.setattr(campaigns, "CHUNK", 20)
    campaign = sender.draft(add_contacts(sender.agency, 200))
    sender.confirm(campaign)

    at_once(preparing.prepare, [campaign.pk] * NUM_THREADS)

    assert states(campaign) == {"queued": 200}
    assert reload(campaign).state == Campaign.State.SCHEDULED
    assert jobs().count("messaging.tasks.send_due") == 1
    assert sender.balance == START - 200 * PRICE


def test_many_end_the_same_messages_and_pay_back_once(sender: Sender, scripted: UseGateway) -> None:
    scripted(refused(ErrorClass.RECIPIENT))
    campaign = sender.running(300)
    now = timezone.now()
    Campaign.objects.filter(pk=campaign.pk).update(leaves_at=now - preparing.DEADLINE)
    campaign.messages.update(deadline_at=now)

    def end(worker: int) -> None:
        if worker % 2:
            settling.expire_overdue()
        else:
            sending.send_next()

    at_once(end, range(NUM_THREADS))

    assert set(states(campaign)) <= {"rejected", "expired"}
    assert sender.balance == START
    assert find_differences() == []


def test_one_worker_settles_an_uncertain_message(sender: Sender, scripted: UseGateway) -> None:
    gateway: ScriptedGateway = scripted(accepted)
    campaign = sender.running(1)
    message = campaign.messages.get()
    make_uncertain(message, timedelta(minutes=10))

    settled = at_once(settling.settle, [message.pk] * NUM_THREADS)

    assert settled.count(True) == 1
    assert len(gateway.requests) == 1
    assert Message.objects.get(pk=message.pk).state == "sent"
