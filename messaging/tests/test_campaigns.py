from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_q.models import OrmQ

from accounts.models import Agency
from billing import ledger
from billing.ledger import InsufficientBalance, find_differences
from billing.models import LedgerEntry, PartPrice
from messaging import campaigns
from messaging.campaigns import CostChanged, NothingToSend
from messaging.models import Campaign, Contact, Message
from messaging.tests.sending_cases import PRICE, Sender, add_contacts, phone, states

pytestmark = pytest.mark.django_db

START = 100_000  # grosze that the sender fixture brings


def jobs() -> list[str]:
    return [job.func() for job in OrmQ.objects.order_by("pk")]


def reload(campaign: Campaign) -> Campaign:
    campaign.refresh_from_db()
    return campaign


# --- drafts ---------------------------------------------------------------------------------------


def test_a_draft_costs_nothing_and_queues_nothing(sender: Sender) -> None:
    campaign = sender.draft(add_contacts(sender.agency, 3))

    assert campaign.state == Campaign.State.DRAFT
    assert sender.balance == START
    assert jobs() == []


def test_a_draft_keeps_the_text_of_its_template(sender: Sender) -> None:
    campaign = sender.draft(add_contacts(sender.agency, 1))
    sender.template.body = "Inny tekst"
    sender.template.save()

    [recipient] = campaigns.quote(reload(campaign)).recipients
    assert recipient.text == "Dzien dobry, Imie0. Prosze o kontakt."


def test_a_client_ticked_twice_gets_one_message(sender: Sender) -> None:
    [pk] = add_contacts(sender.agency, 1)
    assert campaigns.quote(sender.draft([pk, pk])).num_messages == 1


def test_the_quote_counts_parts_and_leaves_out_who_lacks_data(sender: Sender) -> None:
    ids = add_contacts(sender.agency, 4)
    Contact.objects.filter(pk=ids[1]).update(first_name="")
    Contact.objects.filter(pk=ids[2]).update(first_name="M" * 100)
    sender.template.body = "{imie} " + "x" * 100

    quote = campaigns.quote(sender.draft(ids))

    assert [recipient.contact_id for recipient in quote.recipients] == [ids[0], ids[2], ids[3]]
    assert [recipient.parts for recipient in quote.recipients] == [1, 2, 1]
    assert quote.cost == 4 * PRICE
    assert [(r.contact_id, r.missing) for r in quote.left_out] == [(ids[1], ("imie",))]


def test_a_discarded_draft_is_gone(sender: Sender) -> None:
    campaign = sender.draft(add_contacts(sender.agency, 1))
    assert campaigns.discard(campaign)
    assert not Campaign.objects.exists()


def test_a_confirmed_campaign_cannot_be_discarded(sender: Sender) -> None:
    campaign = sender.draft(add_contacts(sender.agency, 1))
    seen_as_draft = Campaign.objects.get(pk=campaign.pk)
    sender.confirm(campaign)

    assert not campaigns.discard(seen_as_draft)
    assert reload(campaign).state == Campaign.State.PREPARING


# --- confirming -----------------------------------------------------------------------------------


def test_confirming_pays_once_and_queues_the_preparation(sender: Sender) -> None:
    campaign = sender.draft(add_contacts(sender.agency, 3))

    assert sender.confirm(campaign)

    assert reload(campaign).state == Campaign.State.PREPARING
    assert (campaign.cost, campaign.price, campaign.num_messages) == (3 * PRICE, PRICE, 3)
    assert sender.balance == START - 3 * PRICE
    entry = LedgerEntry.objects.get(kind="campaign")
    assert (entry.amount, entry.note, entry.actor) == (-3 * PRICE, campaign.name, sender.person)
    assert jobs() == ["messaging.tasks.prepare_campaign"]
    assert find_differences() == []


def test_confirming_twice_pays_once(sender: Sender) -> None:
    campaign = sender.draft(add_contacts(sender.agency, 3))
    seen_twice = Campaign.objects.get(pk=campaign.pk)

    assert sender.confirm(campaign)
    assert not sender.confirm(seen_twice)

    assert sender.balance == START - 3 * PRICE
    assert len(jobs()) == 1


def test_a_changed_cost_is_asked_about_again(sender: Sender, agency: Agency) -> None:
    campaign = sender.draft(add_contacts(agency, 3))
    shown = campaigns.quote(campaign).cost
    PartPrice.objects.create(agency=agency, valid_from=date(2026, 1, 2), price=31)

    with pytest.raises(CostChanged):
        sender.confirm(campaign, cost=shown)

    assert reload(campaign).state == Campaign.State.DRAFT
    assert sender.balance == START


def test_without_money_it_stays_a_draft(sender: Sender, agency: Agency) -> None:
    ledger.debit(agency=agency, amount=START - 3 * PRICE + 1, reference="campaign:other")
    campaign = sender.draft(add_contacts(agency, 3))

    with pytest.raises(InsufficientBalance) as caught:
        sender.confirm(campaign)

    assert caught.value.shortfall == 1
    assert reload(campaign).state == Campaign.State.DRAFT
    assert sender.balance == 3 * PRICE - 1
    assert LedgerEntry.objects.filter(reference=f"campaign:{campaign.pk}").count() == 0
    assert jobs() == []


def test_nobody_to_send_to(sender: Sender) -> None:
    ids = add_contacts(sender.agency, 2)
    Contact.objects.filter(pk__in=ids).update(first_name=" ")
    with pytest.raises(NothingToSend):
        sender.confirm(sender.draft(ids), cost=0)


@pytest.mark.parametrize("count", [1, 700])
def test_the_debit_is_two_statements_whatever_the_size(sender: Sender, count: int) -> None:
    campaign = sender.draft(add_contacts(sender.agency, count))
    cost = campaigns.quote(campaign).cost

    with CaptureQueriesContext(connection) as captured:
        campaigns.confirm(campaign, expected_cost=cost, confirmed_by=sender.person)

    written = [q["sql"] for q in captured if q["sql"].startswith(("INSERT", "UPDATE"))]
    money = [sql for sql in written if "billing_" in sql]
    assert [sql.split('"')[1] for sql in money] == ["billing_ledgerentry", "billing_wallet"]
    # The campaign itself, and the job that prepares it.
    assert len(written) == 4


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


# --- finishing and resuming -----------------------------------------------------------------------


@pytest.mark.parametrize("state", ["queued", "sending"])
def test_a_campaign_is_not_finished_while_a_message_waits(sender: Sender, state: str) -> None:
    campaign = sender.running(3)
    campaign.messages.update(state="sent")
    campaign.messages.filter(pk=campaign.messages.first().pk).update(state=state)

    campaigns.finish_if_done(campaign.pk)

    assert reload(campaign).state == Campaign.State.RUNNING


def test_a_campaign_is_finished_when_all_have_left(sender: Sender) -> None:
    campaign = sender.running(4)
    for message, state in zip(
        campaign.messages.all(), ("sent", "uncertain", "rejected", "delivered"), strict=True
    ):
        Message.objects.filter(pk=message.pk).update(state=state)

    campaigns.finish_if_done(campaign.pk)

    assert reload(campaign).state == Campaign.State.FINISHED
    assert campaign.finished_at is not None


@pytest.mark.parametrize(
    ("states_", "is_resumed"),
    [
        (("queued", "sent"), True),
        (("sent", "sent"), True),  # nobody was left to finish it
        (("queued", "sending"), False),
        (("sending", "sent"), False),
    ],
)
def test_the_sweep_resumes_what_nobody_is_sending(
    sender: Sender, states_: tuple[str, str], is_resumed: bool
) -> None:
    campaign = sender.running(2)
    OrmQ.objects.all().delete()
    for message, state in zip(campaign.messages.all(), states_, strict=True):
        Message.objects.filter(pk=message.pk).update(state=state)

    campaigns.resume()

    assert jobs() == (["messaging.tasks.send_campaign"] if is_resumed else [])
