from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Agency
from accounts.tests.jobs import forget_jobs
from billing import ledger
from billing.ledger import InsufficientBalance, find_differences
from billing.models import LedgerEntry, PartPrice
from messaging import campaign_control, campaigns, tasks
from messaging.campaigns import CostChanged, NothingToSend
from messaging.models import Campaign, Contact, Message
from messaging.tests.sending_cases import PRICE, START, Sender, add_contacts, jobs, reload

pytestmark = pytest.mark.django_db


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
    # The campaign itself, its event, with the ORM broker the job that prepares it, and its recipients, which a COPY
    # brings to PostgreSQL: that is no statement of Django's.
    is_copied = connection.vendor == "postgresql"
    assert len(written) == 6 - bool(settings.REDIS_URL) - is_copied


# --- finishing and resuming -----------------------------------------------------------------------


@pytest.mark.parametrize("state", ["queued", "sending"])
def test_a_campaign_is_not_finished_while_a_message_waits(sender: Sender, state: str) -> None:
    campaign = sender.running(3)
    campaign.messages.update(state="sent")
    campaign.messages.filter(pk=campaign.messages.first().pk).update(state=state)

    campaign_control.finish_done()

    assert reload(campaign).state == Campaign.State.SCHEDULED


def test_a_campaign_is_finished_when_all_have_left(sender: Sender) -> None:
    campaign = sender.running(4)
    for message, state in zip(
        campaign.messages.all(), ("sent", "uncertain", "rejected", "delivered"), strict=True
    ):
        Message.objects.filter(pk=message.pk).update(state=state)

    campaign_control.finish_done()

    assert reload(campaign).state == Campaign.State.FINISHED
    assert campaign.finished_at is not None


@pytest.mark.parametrize(
    ("states_", "is_resumed"),
    [
        (("queued", "sent"), True),
        (("sent", "sent"), False),
        (("queued", "sending"), False),
        (("sending", "sent"), False),
    ],
)
def test_the_sweep_resumes_what_nobody_is_sending(
    sender: Sender, states_: tuple[str, str], is_resumed: bool
) -> None:
    campaign = sender.running(2)
    forget_jobs()
    for message, state in zip(campaign.messages.all(), states_, strict=True):
        Message.objects.filter(pk=message.pk).update(state=state, claimed_at=timezone.now())

    tasks.sweep()

    assert jobs() == (["messaging.tasks.send_due"] if is_resumed else [])


def test_the_sweep_finishes_what_nobody_was_left_to_finish(sender: Sender) -> None:
    campaign = sender.running(2)
    campaign.messages.update(state="delivered")
    tasks.sweep()
    assert reload(campaign).state == Campaign.State.FINISHED


def test_the_sweep_lets_messages_that_were_put_off_wait(sender: Sender) -> None:
    campaign = sender.running(2)
    forget_jobs()
    campaign.messages.update(next_attempt_at=timezone.now() + timedelta(minutes=2))

    tasks.sweep()
    assert jobs() == []

    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        tasks.sweep()
    assert jobs() == ["messaging.tasks.send_due"]
