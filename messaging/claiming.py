"""Which messages a worker takes next, and the claim that keeps them from all others."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Min, OuterRef
from django.utils import timezone

from accounts.bulk_sql import as_stored
from messaging.categories import Category
from messaging.models import Campaign, Message
from messaging.row_locks import lock_messages
from messaging.sender_names import sender_of_paid

State = Message.State

# Turns that one look for work tries, should others have taken all of a campaign meanwhile, or paused it.
ATTEMPTS = 3
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


class Turn(NamedTuple):
    """The campaign whose messages are taken next: of it what a claim needs."""

    pk: int
    key: str
    agency_id: int
    sender: str
    sender_name_id: int | None
    category: str
    is_contractual: bool
    is_test: bool
    state: str


def claim_next(gateway: str, size: int) -> Batch | None:
    """Claim up to `size` due messages of whoever's turn it is, all signed with the name that they may leave under now.

    None if nothing is due, others were faster, or the clients of all that is due said no meanwhile
    (messaging/stopping.py ends those).
    """
    for _attempt in range(ATTEMPTS):
        with transaction.atomic():
            turn = _next_turn()
            if turn and turn.state == Campaign.State.RUNNING:
                if batch := _claim(turn, gateway, size):
                    return batch
                continue
        if turn:
            # In a transaction of its own: one that shares the campaign's lock with others cannot write its row.
            _start(turn)
    return None


def _next_turn() -> Turn | None:
    """The campaign that is next. Whoever pauses or cancels it waits for this transaction, and this one for theirs."""
    with connection.cursor() as cursor:
        cursor.execute(_next_turn_sql(), [as_stored(timezone.now())])
        row = cursor.fetchone()
    return Turn(*row) if row else None


def _start(turn: Turn) -> None:
    scheduled = Campaign.objects.filter(pk=turn.pk, state=Campaign.State.SCHEDULED)
    scheduled.update(state=Campaign.State.RUNNING)


def _claim(turn: Turn, gateway: str, size: int) -> Batch | None:
    now = as_stored(timezone.now())
    sender = sender_of_paid(turn)
    with connection.cursor() as cursor:
        # Rows that another worker is claiming are passed over, never waited for.
        cursor.execute(_claim_sql(turn), [turn.pk, now, size, now, gateway, sender])
        rows = sorted(cursor.fetchall())
        # Last, since the agency's other claims wait for this row.
        cursor.execute(_NOTE_TURN, [turn.agency_id, now])
    claimed = [
        Claimed(pk, turn.agency_id, idx_of(turn, pk), phone, text, cost, attempts)
        for pk, phone, text, cost, attempts in rows
    ]
    return Batch(turn.pk, sender, claimed) if claimed else None


def idx_of(campaign: Campaign | Turn, message_id: int) -> str:
    """Our id of a message at the gateway: the campaign's unguessable key and the message's id."""
    return f"{campaign.key}-{message_id}"


@transaction.atomic
def release_stalled() -> int:
    """Make uncertain what a dead worker left in `sending`: its request may have reached the gateway."""
    limit = timezone.now() - timedelta(seconds=settings.SENDING_LEASE)
    stalled = Message.objects.filter(state=State.SENDING, claimed_at__lte=limit)
    lock_messages(stalled.values_list("pk", flat=True))
    return stalled.update(state=State.UNCERTAIN, uncertain_since=F("claimed_at"))


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


# In SQL, since Django takes longer to write these statements than the databases to answer them, for each batch.

# Urgent ones first; then the agency that waited longest, and of an agency's campaigns the oldest.
# Claims of one campaign share the lock; who pauses or cancels it does not.
_NEXT_TURN = """
SELECT campaign.id, campaign.key, campaign.agency_id, campaign.sender, campaign.sender_name_id,
    campaign.category, campaign.is_contractual, campaign.is_test, campaign.state
FROM messaging_campaign AS campaign
LEFT JOIN messaging_sendingturn AS turn ON turn.agency_id = campaign.agency_id
WHERE campaign.state IN ('scheduled', 'running') AND EXISTS (
    SELECT 1 FROM messaging_message AS message
    WHERE message.campaign_id = campaign.id AND message.state = 'queued'
    AND message.next_attempt_at <= %s
)
ORDER BY campaign.is_urgent DESC, turn.taken_at ASC NULLS FIRST, campaign.id
LIMIT 1 {lock}
"""

_NOTE_TURN = """
INSERT INTO messaging_sendingturn (agency_id, taken_at) VALUES (%s, %s)
ON CONFLICT (agency_id) DO UPDATE SET taken_at = EXCLUDED.taken_at
"""

# MATERIALIZED: PostgreSQL must not look for the rows again for each one that it changes.
_CLAIM = """
WITH due AS MATERIALIZED (
    SELECT message.id FROM messaging_message AS message
    WHERE message.campaign_id = %s AND message.state = 'queued' AND message.next_attempt_at <= %s
    {wanted}
    ORDER BY message.next_attempt_at, message.id LIMIT %s {lock}
)
UPDATE messaging_message
SET state = 'sending', claimed_at = %s, gateway = %s, sender = %s, attempts = attempts + 1
WHERE id IN (SELECT id FROM due) AND state = 'queued'
RETURNING id, phone, text, parts * price, attempts
"""

# The opposite of messaging.obstacles.unwanted, which says whose will it is. With an OFFSET PostgreSQL looks the client
# of each message up while it walks the queue; else it may join all that is queued with the book and sort it, for each
# batch.
_NOT_OPTED_OUT = """
    AND NOT EXISTS (
        SELECT 1 FROM messaging_optedoutnumber AS number
        WHERE number.agency_id = message.agency_id AND number.phone = message.phone
        LIMIT 1 OFFSET 0
    ) AND NOT EXISTS (
        SELECT 1 FROM messaging_contact AS client
        WHERE client.id = message.contact_id AND client.opted_out_at IS NOT NULL
        LIMIT 1 OFFSET 0
    )
"""
_CONSENTED = """
    AND EXISTS (
        SELECT 1 FROM messaging_contact AS client
        WHERE client.id = message.contact_id AND client.marketing_consent_at IS NOT NULL
        LIMIT 1 OFFSET 0
    )
"""


def _next_turn_sql() -> str:
    can_lock = connection.features.has_select_for_update
    return _NEXT_TURN.format(lock="FOR SHARE OF campaign" if can_lock else "")


def _claim_sql(campaign: Campaign | Turn) -> str:
    wanted = "" if campaign.is_contractual else _NOT_OPTED_OUT
    if campaign.category == Category.MARKETING and not campaign.is_test:
        wanted += _CONSENTED
    can_skip = connection.features.has_select_for_update_skip_locked
    return _CLAIM.format(wanted=wanted, lock="FOR UPDATE SKIP LOCKED" if can_skip else "")
