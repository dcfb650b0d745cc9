"""How many messages of each status a campaign has, kept with the messages themselves."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from messaging.models.campaigns import Campaign
from messaging.models.messages import Message


class CampaignTally(models.Model):
    """Messages and parts of a campaign in one status: the sum of its rows.

    Written by triggers on the messages' table alone (messaging/tally_triggers.py), so no code path can forget it and
    a rolled back change is not counted. On SQLite a status has one row. On PostgreSQL two workers would wait for each
    other at it: there each statement adds a row with its change, and messaging/tallies.py sums them up once a minute.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="tallies")
    state = models.CharField(max_length=11, choices=Message.State)
    # Signed: a change may take away.
    number = models.IntegerField()
    parts = models.IntegerField()
    is_sum = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "state"],
                condition=Q(is_sum=True),
                name="campaign_tally_one_sum",
            )
        ]
        indexes = [
            # Used to find what is to be summed up.
            models.Index("id", condition=Q(is_sum=False), name="campaign_tally_change")
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.number} {self.state}"
