"""What an agency has paid for and what has not left yet."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Case, Count, F, OuterRef, Subquery, Sum, When
from django.db.models.functions import Coalesce

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
    tallies = CampaignTally.objects.filter(campaign=OuterRef("pk"), state=Message.State.QUEUED)
    written = tallies.order_by().values("campaign").annotate(total=Sum("parts")).values("total")
    unwritten = Case(
        When(state=Campaign.State.PREPARING, then=F("cost") - F("parts_prepared") * F("price")),
        default=0,
    )
    campaigns = Campaign.objects.filter(agency=agency, state__in=UNDER_WAY)
    figures = campaigns.annotate(written=Coalesce(Subquery(written), 0)).aggregate(
        number=Count("pk"), amount=Sum(F("written") * F("price") + unwritten, default=0)
    )
    return Waiting(figures["number"], figures["amount"])
