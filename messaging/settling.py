"""Messages whose fate is not known: settled by their idx, by a look-up or by a report, never sent again blindly."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Q, QuerySet, Value, When
from django.utils import timezone

from messaging import sending
from messaging.claiming import Claimed, idx_of
from messaging.delivery_reports import look_up
from messaging.gateways import gateway_called, route, settled_by_look_up
from messaging.gateways.base import NOT_NOW, GatewayUnavailable
from messaging.models import Campaign, Message
from messaging.obstacles import unwanted
from messaging.outcomes import end_unsent, put_back, record_results
from messaging.preparing import DEADLINE
from messaging.row_locks import lock_messages
from messaging.sender_names import sender_of_paid

State = Message.State

# How long the gateway surely remembers an idx. SMSAPI's documents name 24 h and less: the shorter half is trusted.
IDX_WINDOW = timedelta(hours=6)
# Operators report within hours and keep trying for two days at most; after this nobody will report any more.
REPORT_LIMIT = timedelta(hours=72)
# Rows that one step of a sweep takes.
CHUNK = 500
_ON_THEIR_WAY = (Campaign.State.PREPARING, Campaign.State.SCHEDULED, Campaign.State.RUNNING)


def settle(message_id: int) -> bool:
    """Find out about one uncertain message, at the gateway that may have it. False if it is not its time.

    A fresh one waits SENDING_LEASE for a delivery report. Some gateways are asked by sending the message again with its
    own idx. Beyond IDX_WINDOW they may have forgotten it and would deliver a second SMS, so then only a report settles
    it.
    """
    if not uncertain_to_settle().filter(pk=message_id).exists():
        return False
    now = timezone.now()
    # Conditions on the row itself: others would not be looked at again by whoever waited for another's claim.
    free = Message.objects.filter(
        pk=message_id, state=State.UNCERTAIN, claimed_at__lte=now - _lease()
    )
    mine = free.update(claimed_at=now)
    if not mine:
        return False
    message = Message.objects.select_related("campaign").get(pk=message_id)
    # Only the gateway that may have it knows whether it does.
    gateway = gateway_called(message.gateway or route()[0])
    if gateway.settles_by_sending and not _may_leave(message):
        return False
    sms = _claimed(message)
    result = gateway.settle(
        message.sender, sending.outgoing([sms])[0], message.uncertain_since or now
    )
    if result.error in NOT_NOW:
        put_back(sms, message.campaign_id, settled_at=now)
    else:
        record_results([sms], [result])
    return True


def _may_leave(message: Message) -> bool:
    """Whether it may be sent again. Its sender becomes the name that it may leave under now.

    If the first request was lost, this one would reach a client who said no meanwhile (a report may settle it), and
    must not carry a name that was revoked since.
    """
    if Message.objects.filter(unwanted(message.campaign), pk=message.pk).exists():
        return False
    message.sender = sender_of_paid(message.campaign)
    own = Message.objects.filter(pk=message.pk)
    own.exclude(sender=message.sender).update(sender=message.sender)
    return True


def settle_due(end: float) -> int:
    """Settle what may be settled now, until `end` (monotonic). Returns how many."""
    num_settled = 0
    for message_id in uncertain_to_settle().values_list("pk", flat=True)[:1000]:
        if monotonic() > end:
            break
        num_settled += settle(message_id)
    return num_settled


def uncertain_to_settle() -> QuerySet[Message]:
    """Messages that `settle` may take now.

    Where that sends them again: not beyond IDX_WINDOW, and not those of a campaign that somebody paused or cancelled,
    since a lost first request would make it the SMS that was to be stopped. A report may still settle those.
    """
    now = timezone.now()
    is_stopped = Q(campaign__state__in=(Campaign.State.PAUSED, Campaign.State.CANCELLED))
    may_be_sent_again = Q(uncertain_since__gt=now - IDX_WINDOW) & ~is_stopped
    return Message.objects.filter(
        may_be_sent_again | Q(gateway__in=settled_by_look_up()),
        state=State.UNCERTAIN,
        claimed_at__lte=now - _lease(),
    )


def _lease() -> timedelta:
    return timedelta(seconds=settings.SENDING_LEASE)


def expire_overdue() -> int:
    """Expire and refund queued messages that could not leave before their deadline. Returns how many.

    What somebody paused gets a new deadline when it goes on.
    """
    now = timezone.now()
    # No message is out of date before its campaign has been on its way for so long: mostly there is none.
    late = Campaign.objects.filter(state__in=_ON_THEIR_WAY, leaves_at__lte=now - DEADLINE)
    return sum(_expire_overdue_of(campaign, now) for campaign in late)


def _expire_overdue_of(campaign: Campaign, now: datetime) -> int:
    queued = campaign.messages.filter(state=State.QUEUED, deadline_at__lte=now)
    overdue = queued.order_by("next_attempt_at", "pk")
    num_expired = 0
    while batch := [_claimed(message) for message in overdue[:CHUNK]]:
        expired = end_unsent(batch, (State.QUEUED,), State.EXPIRED)
        num_expired += expired
        if not expired:
            break
    return num_expired


def give_up_waiting() -> int:
    """Close as `unknown` what no report came for within REPORT_LIMIT. Not refunded: it may well have arrived."""
    limit = timezone.now() - REPORT_LIMIT
    silent = Q(state=State.SENT, next_look_up_at__lte=timezone.now(), sent_at__lte=limit)
    lost = Q(state=State.UNCERTAIN, uncertain_since__lte=limit)
    closed = {"state": State.UNKNOWN, "final_at": timezone.now()}
    return sum(Message.objects.filter(group).update(**closed) for group in (silent, lost))


def look_up_silent(end: float) -> int:
    """Ask the gateways about messages whose reports are overdue, until `end` (monotonic). Returns how many moved."""
    num_moved = 0
    while monotonic() < end:
        now = timezone.now()
        due = Message.objects.filter(state=State.SENT, next_look_up_at__lte=now)
        ids = list(due.order_by("next_look_up_at").values_list("pk", flat=True)[:CHUNK])
        if not ids:
            break
        _put_off(ids, now)
        try:
            num_moved += look_up(ids)
        except GatewayUnavailable:
            break
    return num_moved


@transaction.atomic
def _put_off(ids: Collection[int], now: datetime) -> None:
    """The next question comes later the older the message is; before this one is asked, so that nobody else asks."""
    lock_messages(ids)
    Message.objects.filter(pk__in=ids).update(
        next_look_up_at=Case(
            When(sent_at__gt=now - timedelta(hours=1), then=Value(now + timedelta(minutes=15))),
            When(sent_at__gt=now - timedelta(hours=6), then=Value(now + timedelta(hours=1))),
            default=Value(now + timedelta(hours=6)),
        )
    )


def _claimed(message: Message) -> Claimed:
    return Claimed(
        pk=message.pk,
        agency_id=message.agency_id,
        idx=idx_of(message.campaign, message.pk),
        phone=message.phone,
        text=message.text,
        cost=message.cost,
        attempts=message.attempts,
    )
