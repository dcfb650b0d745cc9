"""Counts of messages by status, read from sums that are kept with them (messaging/tally_triggers.py)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.models import Sum

from accounts.models import Agency
from messaging.models import Campaign, CampaignTally


def counts_of(campaign: Campaign) -> dict[str, int]:
    """Its messages by status, without those that it has none of."""
    rows = campaign.tallies.values_list("state").annotate(total=Sum("number"))
    return {state: number for state, number in rows if number}


def counts_of_agency(agency: Agency) -> dict[str, int]:
    """The same of all the agency's campaigns, however many messages those are."""
    rows = CampaignTally.objects.filter(campaign__agency=agency).values_list("state")
    return {state: number for state, number in rows.annotate(Sum("number")) if number}


def counts_of_many(campaigns: Iterable[Campaign]) -> dict[int, dict[str, int]]:
    """The same by campaign, in one query."""
    rows = CampaignTally.objects.filter(campaign__in=list(campaigns))
    found: dict[int, dict[str, int]] = {}
    for campaign_id, state, number in rows.values_list("campaign", "state").annotate(Sum("number")):
        if number:
            found.setdefault(campaign_id, {})[state] = number
    return found


def sum_up() -> None:
    """Merge the rows of changes into one for each campaign and status, in one statement. Periodic."""
    if connection.vendor != "postgresql":
        # There are none.
        return
    with connection.cursor() as cursor:
        cursor.execute(_SUM_UP)


# In the order of the key, so that two who sum up at once do not lock each other out.
_SUM_UP = """
WITH changes AS (
    DELETE FROM messaging_campaigntally WHERE NOT is_sum RETURNING campaign_id, state, number, parts
)
INSERT INTO messaging_campaigntally (campaign_id, state, number, parts, is_sum)
SELECT campaign_id, state, sum(number), sum(parts), true FROM changes GROUP BY 1, 2 ORDER BY 1, 2
ON CONFLICT (campaign_id, state) WHERE is_sum DO UPDATE
SET number = messaging_campaigntally.number + excluded.number,
    parts = messaging_campaigntally.parts + excluded.parts
"""
