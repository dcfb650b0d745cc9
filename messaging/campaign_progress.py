"""How far a paid campaign is: its messages by status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone

from messaging.campaign_control import FAILED
from messaging.models import Campaign, Message
from messaging.tallies import counts_of

_NOT_LEFT = (Message.State.QUEUED, Message.State.SENDING)
_NOT_FINAL = (*_NOT_LEFT, Message.State.UNCERTAIN, Message.State.SENT)
_UNDER_WAY = (Campaign.State.PREPARING, Campaign.State.SCHEDULED, Campaign.State.RUNNING)


@dataclass(frozen=True, slots=True)
class Progress:
    """`counts` by status, in the order of the statuses; `percent_sent` of all that was paid for."""

    counts: Mapping[str, int]
    percent_sent: int
    num_failed: int
    is_undoable: bool
    # Whether anything of it may still change by itself.
    is_moving: bool


def progress_of(campaign: Campaign) -> Progress:
    """The campaign's progress now, of any number of messages in one small query."""
    found = counts_of(campaign)
    counts = {state: found[state] for state in Message.State.values if state in found}
    # What is not written yet has not left either.
    unwritten = max(campaign.num_messages - sum(counts.values()), 0)
    left = unwritten + sum(counts.get(state, 0) for state in _NOT_LEFT)
    total = campaign.num_messages or 1
    return Progress(
        counts=counts,
        percent_sent=max(100 * (total - left) // total, 0),
        num_failed=sum(counts.get(state, 0) for state in FAILED),
        is_undoable=campaign.state in (Campaign.State.PREPARING, Campaign.State.SCHEDULED)
        and campaign.leaves_at is not None
        and campaign.leaves_at > timezone.now(),
        is_moving=campaign.state in _UNDER_WAY or any(counts.get(state, 0) for state in _NOT_FINAL),
    )
