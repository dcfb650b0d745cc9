"""What people and the sweep do with campaigns that are paid: pause, resume, cancel, finish."""

from __future__ import annotations

from time import monotonic

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Sum
from django.utils import timezone

from accounts import events
from accounts.jobs import enqueue
from accounts.models import EventKind, User
from billing import ledger
from messaging import campaigns
from messaging.models import Campaign, Message
from messaging.preparing import DEADLINE

State = Campaign.State

# What can still be cancelled, at least in part.
UNDER_WAY = (State.PREPARING, State.SCHEDULED, State.RUNNING, State.PAUSED)
# What surely did not reach the client. Not `unknown` and `uncertain`: those may have.
FAILED = (Message.State.UNDELIVERED, Message.State.EXPIRED, Message.State.REJECTED)
# Messages that one transaction ends.
CHUNK = 1000


@transaction.atomic
def pause(campaign: Campaign, *, paused_by: User) -> bool:
    """Let no more of its messages leave. False if it is not on its way (any more)."""
    leaving = Campaign.objects.filter(pk=campaign.pk, state__in=(State.SCHEDULED, State.RUNNING))
    if not leaving.update(state=State.PAUSED):
        return False
    events.record(
        EventKind.CAMPAIGN_PAUSED, campaign.name, agency=campaign.agency, person=paused_by
    )
    return True


@transaction.atomic
def resume(campaign: Campaign, *, resumed_by: User) -> bool:
    """Let a paused campaign go on. Its messages get a full day from now. False if it was not paused."""
    now = timezone.now()
    paused = Campaign.objects.filter(pk=campaign.pk, state=State.PAUSED)
    if not paused.update(state=State.SCHEDULED):
        return False
    waiting = campaign.messages.filter(state=Message.State.QUEUED)
    waiting.filter(deadline_at__lt=now + DEADLINE).update(deadline_at=now + DEADLINE)
    events.record(
        EventKind.CAMPAIGN_RESUMED, campaign.name, agency=campaign.agency, person=resumed_by
    )
    enqueue("messaging.tasks.send_due")
    return True


@transaction.atomic
def cancel(campaign: Campaign, *, cancelled_by: User) -> bool:
    """End it: what has not left never will, and is paid back. False if it was over before.

    At once for the first messages, and by a job for the rest: from now on none of them leaves.
    """
    own = Campaign.objects.filter(pk=campaign.pk, state__in=UNDER_WAY)
    was_preparing = own.filter(state=State.PREPARING).select_for_update().exists()
    if not own.update(state=State.CANCELLED, finished_at=timezone.now()):
        return False
    if was_preparing:
        _refund_unwritten(campaign)
        campaign.chunks.all().delete()
    events.record(
        EventKind.CAMPAIGN_CANCELLED, campaign.name, agency=campaign.agency, person=cancelled_by
    )
    if _cancel_some(campaign.pk) == CHUNK:
        enqueue("messaging.tasks.cancel_messages", campaign.pk)
    return True


@transaction.atomic
def take_back(campaign: Campaign, *, taken_by: User) -> Campaign | None:
    """Cancel a campaign of which nothing has left and open it as a new draft. None if something may have left."""
    own = Campaign.objects.select_for_update().filter(pk=campaign.pk)
    waiting = own.filter(state__in=(State.PREPARING, State.SCHEDULED), leaves_at__gt=timezone.now())
    if not waiting.exists():
        return None
    chosen = campaigns.chosen(campaign) or _contacts_of(campaign.messages.all())
    cancel(campaign, cancelled_by=taken_by)
    return campaigns.copy(campaign, contact_ids=chosen, created_by=taken_by)


def draft_for_failed(campaign: Campaign, *, created_by: User) -> Campaign | None:
    """A new draft of the same text for whom the messages of `campaign` surely did not reach; None if there is nobody.

    With today's data and price. Clients who were deleted meanwhile are left out.
    """
    contact_ids = _contacts_of(campaign.messages.filter(state__in=FAILED))
    if not contact_ids:
        return None
    return campaigns.copy(campaign, contact_ids=contact_ids, created_by=created_by)


def _contacts_of(messages: QuerySet[Message]) -> list[int]:
    known = messages.exclude(contact=None).order_by("pk")
    return list(known.values_list("contact_id", flat=True))


def cancel_messages(campaign_id: int, end: float) -> bool:
    """End the queued messages of a cancelled campaign. False if time ran out."""
    while _cancel_some(campaign_id):
        if monotonic() > end:
            return False
    return True


def finish_done() -> None:
    """Mark those finished of which no message waits for the gateway any more."""
    waiting = Message.objects.filter(
        campaign=OuterRef("pk"), state__in=[Message.State.QUEUED, Message.State.SENDING]
    )
    # Not what somebody paused: asking about its uncertain messages would send what was to be stopped.
    leaving = Campaign.objects.filter(state__in=(State.SCHEDULED, State.RUNNING))
    leaving.filter(~Exists(waiting)).update(state=State.FINISHED, finished_at=timezone.now())


def pick_up() -> None:
    """Queue jobs again for campaigns whose jobs were lost: for the sweep."""
    for pk in Campaign.objects.filter(state=State.PREPARING).values_list("pk", flat=True):
        enqueue("messaging.tasks.prepare_campaign", pk)
    for pk in _half_cancelled().values_list("pk", flat=True):
        enqueue("messaging.tasks.cancel_messages", pk)


def _half_cancelled() -> QuerySet[Campaign]:
    queued = Message.objects.filter(campaign=OuterRef("pk"), state=Message.State.QUEUED)
    lately = timezone.now() - 7 * DEADLINE
    cancelled = Campaign.objects.filter(state=State.CANCELLED, finished_at__gt=lately)
    return cancelled.filter(Exists(queued))


def _refund_unwritten(campaign: Campaign) -> None:
    campaign.refresh_from_db(fields=["cost", "price", "parts_prepared"])
    written = campaign.parts_prepared * campaign.price
    if campaign.cost > written:
        ledger.refund(
            agency_id=campaign.agency_id,
            amounts={f"campaign:{campaign.pk}": campaign.cost - written},
            note=campaign.name,
        )
        Campaign.objects.filter(pk=campaign.pk).update(cost=written)


@transaction.atomic
def _cancel_some(campaign_id: int) -> int:
    """End up to CHUNK queued messages, paid back by one entry. Returns how many."""
    campaign = Campaign.objects.get(pk=campaign_id)
    queued = campaign.messages.filter(state=Message.State.QUEUED).order_by("pk")
    ids = list(queued.select_for_update().values_list("pk", flat=True)[:CHUNK])
    if not ids:
        return 0
    ending = Message.objects.filter(pk__in=ids)
    amount = ending.aggregate(total=Sum(F("parts") * F("price")))["total"]
    ending.update(state=Message.State.CANCELLED, final_at=timezone.now())
    ledger.refund(
        agency_id=campaign.agency_id,
        amounts={f"campaign:{campaign_id}:from:{ids[0]}": amount},
        note=campaign.name,
    )
    # What was undone does not count towards anybody's monthly limit.
    Campaign.objects.filter(pk=campaign_id).update(cost=F("cost") - amount)
    return len(ids)
