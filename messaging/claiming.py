"""Which messages a worker takes next, and the claim that keeps them from all others."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, F, Min, OuterRef, QuerySet
from django.utils import timezone

from messaging.bulk_sql import as_stored
from messaging.models import Campaign, Message, SendingTurn

State = Message.State

# Campaigns whose messages may leave once they are due.
_LEAVING = (Campaign.State.SCHEDULED, Campaign.State.RUNNING)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that this process holds in state `sending` (or `uncertain`, when it settles one)."""

    pk: int
    agency_id: int
    idx: str
    phone: str
    text: str
    cost: int  # grosze
    attempts: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Claimed messages that fit into one request: of one campaign, so of one sender name."""

    campaign_id: int
    sender: str
    messages: list[Claimed] = field(default_factory=list)


def claim_next(gateway: str, size: int) -> Batch | None:
    """Claim up to `size` due messages of whoever's turn it is. None if nothing is due."""
    while (campaign := _next_campaign()) is not None:
        if batch := claim(campaign, gateway, size):
            return batch
    return None


def claim(campaign: Campaign, gateway: str, size: int) -> Batch | None:
    """Claim up to `size` due messages of the campaign. None if others were faster, or it may not leave any more.

    Whoever pauses or cancels the campaign waits for this transaction, and this one for theirs.
    """
    now = timezone.now()
    with transaction.atomic():
        may_leave = Campaign.objects.filter(pk=campaign.pk, state__in=_LEAVING)
        if not may_leave.update(state=Campaign.State.RUNNING):
            return None
        _note_turn(campaign.agency_id, now)
        claimed = [
            Claimed(pk, campaign.agency_id, idx_of(campaign, pk), phone, text, cost, attempts)
            for pk, phone, text, cost, attempts in _claim_rows(campaign.pk, gateway, size, now)
        ]
    return Batch(campaign.pk, campaign.sender, claimed) if claimed else None


def idx_of(campaign: Campaign, message_id: int) -> str:
    """Our id of a message at the gateway: the campaign's unguessable key and the message's id."""
    return f"{campaign.key}-{message_id}"


def release_stalled() -> int:
    """Make uncertain what a dead worker left in `sending`: its request may have reached the gateway."""
    limit = timezone.now() - timedelta(seconds=settings.SENDING_LEASE)
    return Message.objects.filter(state=State.SENDING, claimed_at__lte=limit).update(
        state=State.UNCERTAIN, uncertain_since=F("claimed_at")
    )


def next_due_at() -> datetime | None:
    """When the next message of all campaigns may leave; None if none waits. It may be past already."""
    waiting = Message.objects.filter(campaign=OuterRef("pk"), state=State.QUEUED)
    first = waiting.order_by("next_attempt_at", "id").values("next_attempt_at")[:1]
    leaving = Campaign.objects.filter(state__in=_LEAVING)
    found: datetime | None = leaving.aggregate(due=Min(first))["due"]
    return found


def is_anybody_sending() -> bool:
    """Whether a worker holds messages now."""
    return Message.objects.filter(state=State.SENDING).exists()


def _next_campaign() -> Campaign | None:
    """Urgent ones first; then the agency that waited longest, and of an agency's campaigns the oldest."""
    return (
        _campaigns_with_due_messages()
        .order_by("-is_urgent", F("agency__sending_turn__taken_at").asc(nulls_first=True), "pk")
        .only("key", "agency_id", "sender")
        .first()
    )


def _campaigns_with_due_messages() -> QuerySet[Campaign]:
    due = Message.objects.filter(
        campaign=OuterRef("pk"), state=State.QUEUED, next_attempt_at__lte=timezone.now()
    )
    return Campaign.objects.filter(Exists(due), state__in=_LEAVING)


def _note_turn(agency_id: int, now: datetime) -> None:
    SendingTurn.objects.bulk_create(
        [SendingTurn(agency_id=agency_id, taken_at=now)],
        update_conflicts=True,
        unique_fields=["agency"],
        update_fields=["taken_at"],
    )


def _claim_rows(
    campaign_id: int, gateway: str, size: int, now: datetime
) -> list[tuple[int, str, str, int, int]]:
    """Id, phone, text, cost in grosze and attempts of the claimed rows, in sending order.

    One statement. Rows that another worker is claiming are passed over, never waited for.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _CLAIM.format(lock=_lock()),
            [campaign_id, as_stored(now), size, as_stored(now), gateway],
        )
        return sorted(cursor.fetchall())


# MATERIALIZED: PostgreSQL must not look for the rows again for each one that it changes.
_CLAIM = """
WITH due AS MATERIALIZED (
    SELECT id FROM messaging_message
    WHERE campaign_id = %s AND state = 'queued' AND next_attempt_at <= %s
    ORDER BY next_attempt_at, id LIMIT %s {lock}
)
UPDATE messaging_message
SET state = 'sending', claimed_at = %s, gateway = %s, attempts = attempts + 1
WHERE id IN (SELECT id FROM due) AND state = 'queued'
RETURNING id, phone, text, parts * price, attempts
"""


def _lock() -> str:
    can_skip = connection.features.has_select_for_update_skip_locked
    return "FOR UPDATE SKIP LOCKED" if can_skip else ""
