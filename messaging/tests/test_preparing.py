from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from billing.ledger import find_differences
from billing.models import LedgerEntry
from messaging import campaigns
from messaging.models import Campaign, Contact, Message
from messaging.tests.sending_cases import (
    PRICE,
    START,
    Sender,
    add_contacts,
    jobs,
    phone,
    reload,
    states,
)

pytestmark = pytest.mark.django_db


# --- preparing ------------------------------------------------------------------------------------


def test_preparing_writes_a_message_for_each_and_starts_sending(sender: Sender) -> None:
    campaign = sender.draft(add_contacts(sender.agency, 3))
    sender.confirm(campaign)

    campaigns.prepare(campaign.pk)

    assert reload(campaign).state == Campaign.State.RUNNING
    first = campaign.messages.order_by("id")[0]
    assert (first.phone, first.text) == (phone(0), "Dzien dobry, Imie0. Prosze o kontakt.")
    assert (first.parts, first.price, first.sender) == (1, PRICE, "Bramka SMS")
    assert states(campaign) == {"queued": 3}
    assert jobs()[-1] == "messaging.tasks.send_campaign"


def test_preparing_goes_on_after_a_crash_in_the_middle(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaigns, "CHUNK", 10)
    campaign = sender.draft(add_contacts(sender.agency, 35))
    sender.confirm(campaign)
    with monkeypatch.context() as patch:
        patch.setattr(Message.objects, "bulk_create", _failing_on_call(2))
        with pytest.raises(OSError, match="disk full"):
            campaigns.prepare(campaign.pk)
    assert reload(campaign).state == Campaign.State.PREPARING
    assert campaign.num_prepared == campaign.messages.count() == 10

    campaigns.resume()
    campaigns.prepare(campaign.pk)

    assert jobs().count("messaging.tasks.prepare_campaign") == 2
    assert sorted(campaign.messages.values_list("phone", flat=True)) == sorted(
        map(phone, range(35))
    )
    assert reload(campaign).state == Campaign.State.RUNNING
    assert sender.balance == START - 35 * PRICE


def _failing_on_call(number: int) -> Callable[..., Any]:
    real = Message.objects.bulk_create
    calls = []

    def bulk_create(*args: Any, **options: Any) -> Any:
        calls.append(args)
        if len(calls) == number:
            raise OSError("disk full")
        return real(*args, **options)

    return bulk_create


def test_another_worker_that_prepares_meanwhile_is_harmless(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaigns, "CHUNK", 10)
    campaign = sender.draft(add_contacts(sender.agency, 35))
    sender.confirm(campaign)
    real, others = campaigns._recipients, iter([True])

    def recipients(*args: Any) -> Any:
        # The other one does it all between this one's look at a chunk and the writing of it.
        if next(others, False):
            campaigns.prepare(campaign.pk)
        return real(*args)

    monkeypatch.setattr(campaigns, "_recipients", recipients)
    campaigns.prepare(campaign.pk)

    assert campaign.messages.count() == 35
    assert reload(campaign).state == Campaign.State.RUNNING
    assert jobs().count("messaging.tasks.send_campaign") == 1
    assert sender.balance == START - 35 * PRICE


def test_preparing_again_changes_nothing(sender: Sender) -> None:
    campaign = sender.running(5)
    campaigns.prepare(campaign.pk)
    assert states(campaign) == {"queued": 5}
    assert sender.balance == START - 5 * PRICE


def test_what_cannot_be_sent_any_more_is_paid_back(sender: Sender) -> None:
    ids = add_contacts(sender.agency, 5)
    campaign = sender.draft(ids)
    sender.confirm(campaign)
    Contact.objects.filter(pk=ids[0]).delete()
    Contact.objects.filter(pk=ids[1]).update(first_name="")

    campaigns.prepare(campaign.pk)

    assert states(campaign) == {"queued": 3}
    assert (reload(campaign).cost, campaign.num_messages) == (3 * PRICE, 3)
    assert sender.balance == START - 3 * PRICE
    assert LedgerEntry.objects.get(kind="refund").amount == 2 * PRICE
    assert find_differences() == []


def test_longer_data_never_cost_more_than_was_paid(sender: Sender) -> None:
    sender.template.body = "{imie} " + "x" * 100
    ids = add_contacts(sender.agency, 4)
    campaign = sender.draft(ids)
    sender.confirm(campaign)
    # Two parts each now: the money lasts for two clients.
    Contact.objects.filter(pk__in=ids).update(first_name="M" * 100)

    campaigns.prepare(campaign.pk)

    assert [message.parts for message in campaign.messages.all()] == [2, 2]
    assert sender.balance == START - 4 * PRICE


def test_when_all_clients_are_gone_all_is_paid_back(sender: Sender) -> None:
    campaign = sender.draft(add_contacts(sender.agency, 2))
    sender.confirm(campaign)
    Contact.objects.all().delete()

    campaigns.prepare(campaign.pk)
    campaigns.finish_if_done(campaign.pk)

    assert reload(campaign).state == Campaign.State.FINISHED
    assert sender.balance == START


def test_clients_who_exchange_a_number_do_not_stop_the_campaign(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaigns, "CHUNK", 1)
    first, second = add_contacts(sender.agency, 2)
    campaign = sender.draft([first, second])
    sender.confirm(campaign)
    with monkeypatch.context() as patch:
        patch.setattr(Message.objects, "bulk_create", _failing_on_call(2))
        with pytest.raises(OSError, match="disk full"):
            campaigns.prepare(campaign.pk)
    Contact.objects.filter(pk=first).update(phone=phone(7))
    Contact.objects.filter(pk=second).update(phone=phone(0))

    campaigns.prepare(campaign.pk)

    assert [message.phone for message in campaign.messages.all()] == [phone(0)]
    assert reload(campaign).state == Campaign.State.RUNNING
    assert sender.balance == START - PRICE
