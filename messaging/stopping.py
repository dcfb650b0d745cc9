"""Stopping messages that have not left yet: cancelled, and their price given back."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import Q, QuerySet

from messaging.categories import Category
from messaging.models import Campaign, Message
from messaging.obstacles import unwanted
from messaging.outcomes import end_unsent

State = Message.State

# Messages that one transaction ends.
CHUNK = 500


@transaction.atomic
def stop_queued(*, agency_id: int, phones: Collection[str], marketing_only: bool = False) -> int:
    """Cancel what waits for these numbers and give its price back. Returns how many messages that were.

    What the agency marks as needed by a contract goes on. What a worker holds right now is past stopping; if it comes
    back to the queue, `stop_unwanted` finds it.
    """
    wanted = list(dict.fromkeys(filter(None, phones)))
    queued = Message.objects.filter(agency=agency_id, state=State.QUEUED)
    if not wanted or not queued.exists():
        return 0
    queued = queued.filter(campaign__is_contractual=False)
    if marketing_only:
        queued = queued.filter(category=Category.MARKETING)
    starts = range(0, len(wanted), CHUNK)
    return sum(_cancel(queued.filter(phone__in=wanted[i : i + CHUNK])) for i in starts)


def stop_unwanted(campaign: Campaign) -> int:
    """Cancel what is queued of the campaign although its client said no meanwhile. Returns how many messages.

    No worker takes such a message, so nothing of a race between a "no" and the writing of messages gets out.
    """
    queued = campaign.messages.filter(Q(state=State.QUEUED) & unwanted(campaign))
    total = 0
    while stopped := _cancel(queued[:CHUNK]):
        total += stopped
    return total


def stop_all_unwanted() -> int:
    """The same for every campaign under way: a "no" may have come while a worker held the message. Returns how many."""
    states = Campaign.State
    under_way = (states.SCHEDULED, states.RUNNING, states.PAUSED)
    return sum(map(stop_unwanted, Campaign.objects.filter(state__in=under_way)))


def _cancel(messages: QuerySet[Message]) -> int:
    """End them, whatever else tries to move them at the same time."""
    waiting = list(messages.only("agency", "parts", "price"))
    return end_unsent(waiting, (State.QUEUED,), State.CANCELLED) if waiting else 0
