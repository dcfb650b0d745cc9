"""Writing a paid campaign's messages, chunk by chunk, each in a transaction of its own.

Interrupted, it goes on where it stopped. Two at once are harmless: a chunk is written by who moves `num_prepared`
first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from time import sleep

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.jobs import enqueue
from billing import ledger
from messaging.bulk_sql import as_stored, insert_rows
from messaging.models import Campaign, Message
from messaging.recipients import Composer, Recipient

State = Campaign.State

# Contacts whose messages one transaction writes, and the seconds between two: on SQLite the small writes of others get
# in between.
CHUNK = 1000
GAP = 0.002
# Fewer are not worth a second job that sends (settings.SEND_JOBS).
MESSAGES_PER_JOB = 5000
# A message that could not leave this long after its time is out of date: expired and refunded.
DEADLINE = timedelta(hours=24)

_FIELDS = (
    "agency",
    "campaign",
    "contact",
    "phone",
    "text",
    "sender",
    "category",
    "consent",
    "parts",
    "price",
    "state",
    "gateway",
    "provider_id",
    "error_class",
    "error_code",
    "attempts",
    "next_attempt_at",
    "deadline_at",
    "created_at",
)


def prepare(campaign_id: int) -> None:
    """Write the messages of a confirmed campaign that are not written yet; then let it go when its time comes."""
    campaign = Campaign.objects.select_related("agency").get(pk=campaign_id)
    if campaign.state != State.PREPARING:
        return
    composer = Composer(campaign)
    while campaign.state == State.PREPARING:
        chunk = campaign.chunks.filter(number=campaign.num_prepared).first()
        if chunk is None:
            _start(campaign)
            return
        _write_chunk(campaign, list(composer.recipients(chunk.contact_ids)))
        campaign.refresh_from_db(fields=["num_prepared", "parts_prepared", "state"])
        sleep(GAP)


@transaction.atomic
def _write_chunk(campaign: Campaign, recipients: Sequence[Recipient]) -> None:
    """Write one chunk's messages, never for more than was paid: a client's data may have changed since."""
    moved = Campaign.objects.filter(
        pk=campaign.pk, state=State.PREPARING, num_prepared=campaign.num_prepared
    ).update(num_prepared=F("num_prepared") + 1)
    if not moved:
        return
    affordable = list(_affordable(campaign, recipients))
    rows = list(_rows(campaign, affordable))
    parts = sum(recipient.parts for recipient in affordable)
    try:
        with transaction.atomic():
            insert_rows(Message, _FIELDS, rows)
    except IntegrityError:
        # Numbers have changed hands between two chunks: whoever comes second is left out and paid back like the rest.
        insert_rows(Message, _FIELDS, rows, or_ignore=True)
        parts = _written_parts(campaign) - campaign.parts_prepared
    Campaign.objects.filter(pk=campaign.pk).update(parts_prepared=F("parts_prepared") + parts)


def _affordable(campaign: Campaign, recipients: Sequence[Recipient]) -> Iterator[Recipient]:
    left = campaign.cost // campaign.price - campaign.parts_prepared
    for recipient in recipients:
        if recipient.obstacle is None and recipient.parts <= left:
            left -= recipient.parts
            yield recipient


def _rows(campaign: Campaign, recipients: Sequence[Recipient]) -> Iterator[tuple[object, ...]]:
    now = timezone.now()
    created_at = as_stored(now)
    leaves_at = campaign.leaves_at or now
    first = campaign.num_prepared * CHUNK
    leaves, deadline = _times(campaign, leaves_at, first)
    for number, recipient in enumerate(recipients, start=first):
        if campaign.spread_minutes:
            leaves, deadline = _times(campaign, leaves_at, number)
        yield (
            campaign.agency_id,
            campaign.pk,
            recipient.contact_id,
            recipient.phone,
            recipient.text,
            campaign.sender,
            campaign.category,
            recipient.consent_id,
            recipient.parts,
            campaign.price,
            Message.State.QUEUED,
            "",
            "",
            "",
            "",
            0,
            leaves,
            deadline,
            created_at,
        )


def _times(campaign: Campaign, leaves_at: datetime, number: int) -> tuple[object, object]:
    """As stored: when the message of this number leaves, and until when."""
    share = number / max(campaign.num_messages, 1)
    moment = leaves_at + timedelta(minutes=campaign.spread_minutes) * share
    return as_stored(moment), as_stored(moment + DEADLINE)


def _written_parts(campaign: Campaign) -> int:
    return int(campaign.messages.aggregate(total=Coalesce(Sum("parts"), 0))["total"])


@transaction.atomic
def _start(campaign: Campaign) -> None:
    """Everything is written: give back what was paid for messages that could not be, and wait for the time."""
    cost = campaign.parts_prepared * campaign.price
    started = Campaign.objects.filter(pk=campaign.pk, state=State.PREPARING).update(
        state=State.SCHEDULED, cost=cost, num_messages=campaign.messages.count()
    )
    if not started:
        return
    campaign.chunks.all().delete()
    if cost < campaign.cost:
        ledger.refund(
            agency_id=campaign.agency_id,
            amounts={f"campaign:{campaign.pk}": campaign.cost - cost},
        )
    num_jobs = min(settings.SEND_JOBS, 1 + campaign.num_messages // MESSAGES_PER_JOB)
    for _ in range(num_jobs):
        enqueue("messaging.tasks.send_due")
