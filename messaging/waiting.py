"""What an agency has paid for and what has not left yet."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, Sum

from accounts.models import Agency
from messaging.campaign_control import UNDER_WAY
from messaging.models import Campaign, CampaignTally, Message


@dataclass(frozen=True, slots=True)
class Waiting:
    """Campaigns on their way and the grosze paid for those of their messages that have not left."""

    num_campaigns: int
    amount: int


def waiting_of(agency: Agency) -> Waiting:
    """Of the agency's campaigns that are scheduled, running or paused."""
    campaigns = Campaign.objects.filter(agency=agency, state__in=UNDER_WAY)
    queued = CampaignTally.objects.filter(campaign__in=campaigns, state=Message.State.QUEUED)
    written = queued.aggregate(total=Sum(F("parts") * F("campaign__price"), default=0))["total"]
    unwritten = campaigns.filter(state=Campaign.State.PREPARING).aggregate(
        total=Sum(F("cost") - F("parts_prepared") * F("price"), default=0)
    )["total"]
    return Waiting(campaigns.count(), written + unwritten)
