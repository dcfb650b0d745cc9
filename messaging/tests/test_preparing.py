from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection

from billing.ledger import find_differences
from billing.models import LedgerEntry
from messaging import campaign_control, campaigns, preparing
from messaging.models import Campaign, Contact
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


def set_chunk(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """Contacts of one transaction."""
    monkeypatch.setattr(preparing, "CHUNK", size)
    monkeypatch.setattr(campaigns, "CHUNK", size)
    monkeypatch.setitem(preparing.CHUNKS_AT_ONCE, connection.vendor, 1)


# --- preparing ------------------------------------------------------------------------------------


def test_preparing_writes_a_message_for_each_and_starts_sending(sender: Sender) -> None:
    campaign = sender.draft(add_contacts(sender.agency, 3))
    sender.confirm(campaign)

    preparing.prepare(campaign.pk)

    assert reload(campaign).state == Campaign.State.SCHEDULED
    first = campaign.messages.order_by("id")[0]
    assert (first.phone, first.text) == (phone(0), "Dzien dobry, Imie0. Prosze o kontakt.")
    assert (first.parts, first.price, first.sender) == (1, PRICE, "Bramka SMS")
    assert states(campaign) == {"queued": 3}
    assert jobs()[-1] == "messaging.tasks.send_due"


def test_preparing_goes_on_after_a_crash_in_the_middle(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_chunk(monkeypatch, 10)
    campaign = sender.draft(add_contacts(sender.agency, 35))
    sender.confirm(campaign)
    with monkeypatch.context() as patch:
        patch.setattr(preparing, "_insert", _failing_on_call(2))
        with pytest.raises(OSError, match="disk full"):
            preparing.prepare(campaign.pk)
    assert reload(campaign).state == Campaign.State.PREPARING
    assert (campaign.num_prepared, campaign.messages.count()) == (1, 10)

    campaign_control.pick_up()
    preparing.prepare(campaign.pk)

    assert jobs().count("messaging.tasks.prepare_campaign") == 2
    assert sorted(campaign.messages.values_list("phone", flat=True)) == sorted(
        map(phone, range(35))
    )
    assert reload(campaign).state == Campaign.State.SCHEDULED
    assert sender.balance == START - 35 * PRICE


def _failing_on_call(number: int) -> Callable[..., Any]:
    real, calls = preparing._insert, []

    def insert(*args: Any, **options: Any) -> Any:
        calls.append(args)
        if len(calls) == number:
            raise OSError("disk full")
        return real(*args, **options)

    return insert


def test_another_worker_that_prepares_meanwhile_is_harmless(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_chunk(monkeypatch, 10)
    campaign = sender.draft(add_contacts(sender.agency, 35))
    sender.confirm(campaign)
    real, others = preparing._write, iter([True])

    def write(*args: Any, **options: Any) -> Any:
        # The other one does it all between this one's look for a chunk and the writing of it.
        if next(others, False):
            preparing.prepare(campaign.pk)
        return real(*args, **options)

    monkeypatch.setattr(preparing, "_write", write)
    preparing.prepare(campaign.pk)

    assert campaign.messages.count() == 35
    assert reload(campaign).state == Campaign.State.SCHEDULED
    assert jobs().count("messaging.tasks.send_due") == 1
    assert sender.balance == START - 35 * PRICE


def test_preparing_again_changes_nothing(sender: Sender) -> None:
    campaign = sender.running(5)
    preparing.prepare(campaign.pk)
    assert states(campaign) == {"queued": 5}
    assert sender.balance == START - 5 * PRICE


def test_who_cannot_get_it_any_more_is_left_out_and_paid_back(sender: Sender) -> None:
    ids = add_contacts(sender.agency, 5)
    campaign = sender.draft(ids)
    sender.confirm(campaign)
    Contact.objects.filter(pk=ids[0]).delete()
    Contact.objects.filter(pk=ids[1]).update(phone=phone(70))

    preparing.prepare(campaign.pk)

    assert states(campaign) == {"queued": 3}
    assert (reload(campaign).cost, campaign.num_messages) == (3 * PRICE, 3)
    assert sender.balance == START - 3 * PRICE
    assert LedgerEntry.objects.get(kind="refund").amount == 2 * PRICE
    assert find_differences() == []


def test_what_leaves_is_what_was_agreed_to(sender: Sender) -> None:
    ids = add_contacts(sender.agency, 4)
    campaign = sender.draft(ids)
    sender.confirm(campaign)
    Contact.objects.filter(pk__in=ids).update(first_name="M" * 100)

    preparing.prepare(campaign.pk)

    assert campaign.messages.order_by("id")[0].text == "Dzien dobry, Imie0. Prosze o kontakt."
    assert sender.balance == START - 4 * PRICE


@pytest.mark.django_db(transaction=True)
def test_a_client_deleted_while_a_chunk_is_written_is_left_out(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = add_contacts(sender.agency, 3)
    campaign = sender.draft(ids)
    sender.confirm(campaign)
    real, first = preparing._write, iter([True])

    def write(*args: Any, **options: Any) -> Any:
        if next(first, False):
            # As PostgreSQL says when the client that it has just read is gone at the end of the statement.
            Contact.objects.filter(pk=ids[0]).delete()
            raise IntegrityError("foreign key")
        return real(*args, **options)

    monkeypatch.setattr(preparing, "_write", write)
    preparing.prepare(campaign.pk)

    assert states(campaign) == {"queued": 2}
    assert sender.balance == START - 2 * PRICE


def test_cancelled_while_it_is_prepared_it_keeps_no_texts(sender: Sender) -> None:
    campaign = sender.draft(add_contacts(sender.agency, 2))
    sender.confirm(campaign)
    assert campaign_control.cancel(reload(campaign), cancelled_by=sender.person)
    assert not campaign.chunks.exists()
    assert sender.balance == START


def test_when_all_clients_are_gone_all_is_paid_back(sender: Sender) -> None:
    campaign = sender.draft(add_contacts(sender.agency, 2))
    sender.confirm(campaign)
    Contact.objects.all().delete()

    preparing.prepare(campaign.pk)
    campaign_control.finish_done()

    assert reload(campaign).state == Campaign.State.FINISHED
    assert sender.balance == START


def test_clients_who_exchange_a_number_do_not_stop_the_campaign(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_chunk(monkeypatch, 1)
    first, second = add_contacts(sender.agency, 2)
    campaign = sender.draft([first, second])
    sender.confirm(campaign)
    with monkeypatch.context() as patch:
        patch.setattr(preparing, "_insert", _failing_on_call(2))
        with pytest.raises(OSError, match="disk full"):
            preparing.prepare(campaign.pk)
    Contact.objects.filter(pk=first).update(phone=phone(7))
    Contact.objects.filter(pk=second).update(phone=phone(0))

    preparing.prepare(campaign.pk)

    assert [message.phone for message in campaign.messages.all()] == [phone(0)]
    assert reload(campaign).state == Campaign.State.SCHEDULED
    assert sender.balance == START - PRICE
