"""Writing a paid campaign's messages, chunk by chunk, in short transactions.

Interrupted, it goes on where it stopped. Two at once are harmless: chunks are written by who moves `num_prepared`
first.
"""

from __future__ import annotations

from datetime import timedelta
from time import sleep

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone

from accounts.bulk_sql import as_stored
from accounts.jobs import enqueue
from billing import ledger
from messaging.models import Campaign

State = Campaign.State

# Contacts of one chunk. On SQLite a transaction writes one, and the small writes of others get into the gaps of so many
# seconds. PostgreSQL lets them pass anyway, and has less to do with several.
CHUNK = 1000
GAP = 0.002
CHUNKS_AT_ONCE = {"sqlite": 1, "postgresql": 5}
# Fewer are not worth a second job that sends (settings.SEND_JOBS).
MESSAGES_PER_JOB = 5000
# A message that could not leave this long after its time is out of date: expired and refunded.
DEADLINE = timedelta(hours=24)


def prepare(campaign_id: int) -> None:
    """Write the messages of a confirmed campaign that are not written yet; then let it go when its time comes."""
    campaign = Campaign.objects.select_related("agency").get(pk=campaign_id)
    while campaign.state == State.PREPARING:
        waiting = campaign.chunks.filter(number__gte=campaign.num_prepared).order_by("number")
        numbers = waiting.values_list("number", flat=True)[: CHUNKS_AT_ONCE[connection.vendor]]
        if not (chunks := list(numbers)):
            _start(campaign)
            return
        _write_chunks(campaign, chunks[0], chunks[-1])
        campaign.refresh_from_db(fields=["num_prepared", "parts_prepared", "state"])
        if connection.vendor == "sqlite":
            sleep(GAP)


def _write_chunks(campaign: Campaign, first: int, last: int) -> None:
    """Write the messages of the chunks of these numbers; whom they cannot go to any more gets none."""
    try:
        _write(campaign, first, last, conflict="")
    except IntegrityError:
        # The book has changed at this very moment, or numbers have changed hands between two chunks: whoever comes
        # second is left out and paid back like the rest.
        _write(campaign, first, last, conflict="ON CONFLICT DO NOTHING")


@transaction.atomic
def _write(campaign: Campaign, first: int, last: int, *, conflict: str) -> None:
    own = Campaign.objects.filter(pk=campaign.pk)
    if own.filter(state=State.PREPARING, num_prepared=first).update(num_prepared=last + 1):
        parts = _insert(campaign, first, last, conflict)
        own.update(parts_prepared=F("parts_prepared") + parts)


def _insert(campaign: Campaign, first: int, last: int, conflict: str) -> int:
    """Returns how many SMS parts the written messages have. Raises IntegrityError."""
    now = timezone.now()
    leaves_at = campaign.leaves_at or now
    parameters = {
        "campaign": campaign.pk,
        "agency": campaign.agency_id,
        "sender": campaign.sender,
        "category": campaign.category,
        "price": campaign.price,
        "is_contractual": campaign.is_contractual,
        "first": first,
        "last": last,
        "chunk": CHUNK,
        "leaves_at": as_stored(leaves_at),
        "deadline": as_stored(leaves_at + DEADLINE),
        # Seconds from one message to the next.
        "step": campaign.spread_minutes * 60 / max(campaign.num_messages, 1),
        "now": as_stored(now),
    }
    with connection.cursor() as cursor:
        cursor.execute(_INSERT[connection.vendor].replace("/* conflict */", conflict), parameters)
        return int(sum(parts for (parts,) in cursor.fetchall()))


# A time of a message by its place in the campaign.
_SQLITE_TIME = """strftime(
    '%%Y-%%m-%%d %%H:%%M:%%f', %({start})s,
    ((chunk.number * %(chunk)s + paid.key) * %(step)s) || ' seconds'
)"""
_POSTGRESQL_TIME = """
    %({start})s + (chunk.number * %(chunk)s + paid.place - 1) * %(step)s * interval '1 second'
"""

# What was paid for becomes rows inside the database: of each message a list of contact, phone, text, parts and consent.
# Left out are clients who opted out, were deleted or got another number since then.
_FROM_CHUNKS = """
INSERT INTO messaging_message (
    agency_id, campaign_id, sender, category, price, contact_id, phone, text, parts, consent_id,
    state, gateway, provider_id, error_class, error_code, attempts,
    next_attempt_at, deadline_at, created_at
)
SELECT
    %(agency)s, %(campaign)s, %(sender)s, %(category)s, %(price)s,
    client.id, client.phone, {text}, {parts}, {consent},
    'queued', '', '', '', '', 0,
    {leaves_at}, {deadline}, %(now)s
FROM messaging_campaignchunk AS chunk
CROSS JOIN {paid}
JOIN messaging_contact AS client ON client.id = {contact} AND client.phone = {phone}
WHERE chunk.campaign_id = %(campaign)s AND chunk.number BETWEEN %(first)s AND %(last)s
    AND client.agency_id = %(agency)s AND (%(is_contractual)s OR client.opted_out_at IS NULL)
ORDER BY chunk.number, paid.{place} /* conflict */ RETURNING parts
"""
_SUMMED = "WITH written AS ({}) SELECT COALESCE(SUM(parts), 0) FROM written"
_INSERT = {
    "sqlite": _FROM_CHUNKS.format(
        paid="json_each(chunk.messages) AS paid",
        place="key",
        contact="paid.value ->> 0",
        phone="paid.value ->> 1",
        text="paid.value ->> 2",
        parts="paid.value ->> 3",
        consent="paid.value ->> 4",
        leaves_at=_SQLITE_TIME.format(start="leaves_at"),
        deadline=_SQLITE_TIME.format(start="deadline"),
    ),
    # Tells one number instead of each message's.
    "postgresql": _SUMMED.format(_FROM_CHUNKS).format(
        paid="LATERAL jsonb_array_elements(chunk.messages) WITH ORDINALITY AS paid (value, place)",
        place="place",
        contact="(paid.value ->> 0)::bigint",
        phone="paid.value ->> 1",
        text="paid.value ->> 2",
        parts="(paid.value ->> 3)::smallint",
        consent="(paid.value ->> 4)::bigint",
        leaves_at=_POSTGRESQL_TIME.format(start="leaves_at"),
        deadline=_POSTGRESQL_TIME.format(start="deadline"),
    ),
}


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
