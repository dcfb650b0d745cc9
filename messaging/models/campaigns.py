"""Campaigns (wysyłki): one text to many clients, priced and paid at once."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from messaging.categories import Category
from messaging.models.templates import MessageTemplate
from messaging.template_types import TemplateType


def new_key() -> str:
    """16 hex digits that nobody can guess; the gateway's idx of a message starts with them."""
    return secrets.token_hex(8)


class Campaign(models.Model):
    """What was decided to be sent, to whom and for how much.

        draft -> preparing -> scheduled -> running <-> paused
          |                       |          | `--------- | --> finished
          `-> deleted             `----------+------------'
              (never paid)                   `-> cancelled (what has not left is refunded)

    A draft costs nothing. Confirming it writes one debit of `cost` in the same transaction that makes it preparing;
    then its messages are written chunk by chunk, and a crash in between resumes after `num_prepared` chunks. It is
    scheduled until `leaves_at`: also what is sent "now" can be undone for a moment.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PREPARING = "preparing", _("Being prepared")
        SCHEDULED = "scheduled", _("Scheduled")
        RUNNING = "running", _("Being sent")
        PAUSED = "paused", _("Paused")
        FINISHED = "finished", _("Finished")
        CANCELLED = "cancelled", _("Cancelled")

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="campaigns")
    key = models.CharField(max_length=16, unique=True, default=new_key, editable=False)
    name = models.CharField(_("name"), max_length=80)
    template = models.ForeignKey(
        MessageTemplate, models.SET_NULL, null=True, related_name="campaigns"
    )
    # Copies: a template that changes later changes nothing that was sent.
    template_type = models.CharField(max_length=20, choices=TemplateType)
    category = models.CharField(max_length=9, choices=Category, default=Category.SERVICE)
    is_contractual = models.BooleanField(default=False)
    body = models.CharField(max_length=1600)
    # Values that the book does not hold (a claim's number), typed in for this campaign: by field name.
    typed_values = models.JSONField(default=dict, blank=True)
    # As it goes out; `sender_name` is what the agency chose, which may not be authorised.
    sender = models.CharField(_("sender"), max_length=11)
    sender_name = models.ForeignKey(
        "messaging.SenderName", models.SET_NULL, null=True, related_name="+"
    )
    # A message to one's own phone, to see what clients will get.
    is_test = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    # Chunks whose messages are written, and the SMS parts of those messages.
    num_prepared = models.PositiveIntegerField(default=0)
    parts_prepared = models.PositiveIntegerField(default=0)
    num_messages = models.PositiveIntegerField(default=0)
    # Grosze: per part and in all, fixed at the confirmation.
    price = models.PositiveIntegerField(default=0)
    cost = models.BigIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # Who paid for it with the agency's money: counts towards that person's monthly limit.
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, editable=False)
    # When its first message may leave, and the minutes over which all of them are spread from then on.
    leaves_at = models.DateTimeField(null=True, editable=False)
    spread_minutes = models.PositiveSmallIntegerField(default=0, editable=False)
    # A few messages that somebody waits for go before everybody's long campaigns.
    is_urgent = models.BooleanField(default=False, editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)
    # When the last of its messages' texts was erased for its age (messaging/erasure.py).
    texts_erased_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft") | Q(confirmed_at__isnull=False, price__gt=0),
                name="campaign_confirmed_has_price",
            )
        ]
        indexes = [
            models.Index("agency", F("id").desc(), name="campaign_newest"),
            # Used to sum up days of an agency.
            models.Index(
                "agency",
                "leaves_at",
                condition=Q(leaves_at__isnull=False),
                name="campaign_of_agency_by_day",
            ),
            # Used to find the old ones whose texts are still there.
            models.Index(
                "agency",
                "confirmed_at",
                condition=Q(confirmed_at__isnull=False, texts_erased_at=None),
                name="campaign_texts_kept",
            ),
            # Used to sum up what a person has sent this month.
            models.Index(
                "confirmed_by",
                "confirmed_at",
                condition=Q(confirmed_by__isnull=False),
                name="campaign_of_person_in_month",
            ),
            # Used by the sweep that resumes what a dead worker left.
            models.Index(
                "id",
                condition=Q(state__in=["preparing", "scheduled", "running", "paused"]),
                name="campaign_under_way",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CampaignChunk(models.Model):
    """Some of the contacts that were chosen for a campaign, in sending order: what one transaction prepares.

    Not in the campaign's own row, which is changed with every batch that leaves. Gone once its messages are written.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="chunks", db_index=False)
    number = models.PositiveIntegerField()
    contact_ids = models.JSONField()
    # From the payment on, what was paid for: contact, phone, text, parts and the consent relied on, of each.
    messages = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="campaign_chunk_once")
        ]

    def __str__(self) -> str:
        return f"campaign {self.campaign_id}: chunk {self.number}"
