"""Writing a paid campaign's messages, chunk by chunk, in short transactions.

Interrupted, it goes on where it stopped. Two at once are harmless: chunks are written by who moves `num_prepared`
first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from time import sleep
from typing import NamedTuple

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.bulk_sql import as_stored, insert_rows
from accounts.id_lists import among
from accounts.jobs import enqueue
from billing import ledger
from messaging.models import Campaign, CampaignChunk, Message

State = Campaign.State

# Contacts of one chunk. On SQLite a transaction writes one, and the small writes of others get into the gaps of so many
# seconds. PostgreSQL lets them pass anyway, and has less to do with several.
CHUNK = 500
GAP = 0.002
CHUNKS_AT_ONCE = {"sqlite": 1, "postgresql": 4}
# Fewer are not worth a second job that sends (settings.SEND_JOBS).
MESSAGES_PER_JOB = 5000
# A message that could not leave this long after its time is out of date: expired and refunded.
DEADLINE = timedelta(hours=24)

_FIELDS = (
    *("agency", "campaign", "sender", "category", "price"),
    *("contact", "phone", "text", "parts", "consent"),
    *("state", "gateway", "provider_id", "error_class", "error_code", "attempts"),
    *("next_attempt_at", "deadline_at", "created_at"),
)
# The third line of the fields.
_FRESH = (Message.State.QUEUED.value, "", "", "", "", 0)


class Paid(NamedTuple):
    """A message as it was priced and paid for: what a chunk keeps of it."""

    contact_id: int
    phone: str
    text: str
    parts: int
    consent_id: int | None


def prepare(campaign_id: int) -> None:
    """Write the messages of a confirmed campaign that are not written yet; then let it go when its time comes."""
    campaign = Campaign.objects.select_related("agency").get(pk=campaign_id)
    while campaign.state == State.PREPARING:
        waiting = campaign.chunks.filter(number__gte=campaign.num_prepared).order_by("number")
        chunks = list(waiting[: CHUNKS_AT_ONCE[connection.vendor]])
        if not chunks:
            _start(campaign)
            return
        _write_chunks(campaign, chunks)
        campaign.refresh_from_db(fields=["num_prepared", "parts_prepared", "state"])
        if connection.vendor == "sqlite":
            sleep(GAP)


def _write_chunks(campaign: Campaign, chunks: Sequence[CampaignChunk]) -> None:
    """Write some chunks' messages, but not of clients who opted out, were deleted or got another number since then."""
    paid = [Paid(*message) for chunk in chunks for message in chunk.messages]
    try:
        _insert(campaign, chunks, _valid(campaign, paid))
    except IntegrityError:
        # The book has changed at this very moment, or numbers have changed hands between two chunks: whoever comes
        # second is left out and paid back like the rest.
        _insert(campaign, chunks, _valid(campaign, paid), or_ignore=True)


def _valid(campaign: Campaign, paid: Sequence[Paid]) -> list[Paid]:
    clients = campaign.agency.contacts.filter(pk__in=among([each.contact_id for each in paid]))
    if not campaign.is_contractual:
        clients = clients.filter(opted_out_at=None)
    numbers = dict(clients.values_list("pk", "phone"))
    return [message for message in paid if numbers.get(message.contact_id) == message.phone]


@transaction.atomic
def _insert(
    campaign: Campaign,
    chunks: Sequence[CampaignChunk],
    messages: Sequence[Paid],
    *,
    or_ignore: bool = False,
) -> None:
    first = chunks[0].number
    rows = list(_rows(campaign, first * CHUNK, messages))
    own = Campaign.objects.filter(pk=campaign.pk)
    moved = own.filter(state=State.PREPARING, num_prepared=first).update(
        num_prepared=F("num_prepared") + len(chunks),
        parts_prepared=F("parts_prepared") + sum(message.parts for message in messages),
    )
    if not moved:
        return
    insert_rows(Message, _FIELDS, rows, or_ignore=or_ignore)
    if or_ignore:
        own.update(parts_prepared=_written_parts(campaign))


def _rows(campaign: Campaign, first: int, messages: Sequence[Paid]) -> Iterator[tuple[object, ...]]:
    """Rows of the fields; `first` is the number of the first message in the campaign."""
    now = timezone.now()
    created_at = as_stored(now)
    leaves_at = campaign.leaves_at or now
    leaves, deadline = _times(campaign, leaves_at, first)
    before = (campaign.agency_id, campaign.pk, campaign.sender, campaign.category, campaign.price)
    for number, message in enumerate(messages, start=first):
        if campaign.spread_minutes:
            leaves, deadline = _times(campaign, leaves_at, number)
        yield (*before, *message, *_FRESH, leaves, deadline, created_at)


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
