"""Closing an agency's account, once nothing of it is on its way any more."""

from __future__ import annotations

from django.db import transaction

from accounts import closing
from accounts.models import Agency
from messaging.models import Campaign, Message

# Not handed over, or perhaps not: their texts and numbers are still needed.
NOT_SENT_YET = (Message.State.QUEUED, Message.State.SENDING, Message.State.UNCERTAIN)


class MessagesUnderWay(Exception):
    """Messages are still being sent. Nothing was written."""


@transaction.atomic
def close_account(*, agency: Agency, at_once: bool) -> Agency:
    """Close the account (accounts/closing.py). Raises MessagesUnderWay or AgencyClosed.

    Whoever confirms a campaign takes the same lock, so none begins between the look and the closing.
    """
    closing.lock_open(agency.pk)
    if is_sending(agency):
        raise MessagesUnderWay
    return closing.close(agency_id=agency.pk, at_once=at_once)


def is_sending(agency: Agency) -> bool:
    """Whether a campaign is being prepared, or a message waits, is being sent or is uncertain."""
    preparing = agency.campaigns.filter(state=Campaign.State.PREPARING)
    return preparing.exists() or agency.messages.filter(state__in=NOT_SENT_YET).exists()
