"""The counts of messages are what counting them gives, whatever wrote the messages and however often."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Count, Sum

from messaging import tallies
from messaging.models import Campaign, CampaignTally, Message
from messaging.tests.sending_cases import Sender

State = Message.State
pytestmark = pytest.mark.django_db


def counted() -> dict[tuple[int, str], tuple[int, int]]:
    """Number and parts by campaign and status, from the messages themselves."""
    rows = Message.objects.order_by().values_list("campaign", "state")
    return {(pk, state): (n, p) for pk, state, n, p in rows.annotate(Count("pk"), Sum("parts"))}


def kept() -> dict[tuple[int, str], tuple[int, int]]:
    rows = CampaignTally.objects.values_list("campaign", "state")
    sums = rows.annotate(Sum("number"), Sum("parts"))
    return {(pk, state): (n, p) for pk, state, n, p in sums if n or p}


def test_any_changes_are_counted(sender: Sender) -> None:
    source = Random(1)
    campaigns = [sender.running(30), sender.running(20, start=30)]
    for step in range(60):
        few = source.sample(list(Message.objects.values_list("pk", flat=True)), 5)
        chosen = Message.objects.filter(pk__in=few)
        if step % 10 == 9:
            chosen.filter(pk=few[0]).delete()
        elif step % 10 == 8:
            chosen.update(attempts=step, parts=2)
        elif step % 10 == 7:
            one = chosen[0]
            one.state = source.choice(State.values)
            one.save()
        else:
            chosen.update(state=source.choice(State.values))
        if step % 20 == 19:
            tallies.sum_up()
        assert kept() == counted()
    for campaign in campaigns:
        found = Counter(campaign.messages.values_list("state", flat=True))
        assert tallies.counts_of(campaign) == found
    assert tallies.counts_of_many(campaigns) == {c.pk: tallies.counts_of(c) for c in campaigns}


def test_what_is_rolled_back_is_not_counted(sender: Sender) -> None:
    campaign = sender.running(3)
    before = kept()
    with transaction.atomic():
        campaign.messages.update(state=State.SENT)
        transaction.set_rollback(True)
    assert kept() == before == counted()


def test_changes_are_summed_up_and_nothing_is_lost(sender: Sender) -> None:
    campaign = sender.running(3)
    for state in (State.SENDING, State.SENT, State.DELIVERED):
        campaign.messages.update(state=state)
    tallies.sum_up()
    assert not CampaignTally.objects.filter(is_sum=False).exists()
    assert tallies.counts_of(campaign) == {State.DELIVERED: 3}
    tallies.sum_up()
    assert tallies.counts_of(campaign) == {State.DELIVERED: 3}


def test_a_table_that_a_migration_rebuilds_is_counted_again(sender: Sender) -> None:
    with connection.cursor() as cursor:
        for name in ("message_counted_in", "message_counted_on", "message_counted_out"):
            on = " ON messaging_message" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {name}{on}")
    call_command("migrate", verbosity=0)
    sender.running(2)
    assert kept() == counted() != {}


def test_a_deleted_campaign_takes_its_counts_along(sender: Sender) -> None:
    campaign = sender.running(2)
    campaign.messages.all().delete()
    Campaign.objects.filter(pk=campaign.pk).delete()
    assert not CampaignTally.objects.exists()
