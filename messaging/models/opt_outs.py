"""What clients told us themselves: replies to messages, and the numbers that want none."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.append_only import AppendOnlyModel
from messaging.models.contacts import Channel


class OptedOutNumber(models.Model):
    """A number that gets no more messages of this agency, whoever's it is in the book.

    It outlives the client's row, so that a client who is deleted and imported again is not written to; how it came
    about is in OptOutStep. Written by messaging/opt_outs.py alone.
    """

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="opted_out_numbers")
    # E.164.
    phone = models.CharField(_("phone"), max_length=16)
    channel = models.CharField(_("how"), max_length=8, choices=Channel, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "phone"], name="opted_out_number_once")
        ]
        indexes = [models.Index("agency", F("id").desc(), name="opted_out_number_newest")]

    def __str__(self) -> str:
        return f"{self.agency_id}: {self.pk}"


class OptOutStep(AppendOnlyModel):
    """One step in the history of a number, whether it is in the book or not: opted out, or let in again and why.

    Written by messaging/opt_outs.py alone; what a client of the book said is in ContactConsent as well.
    """

    agency = models.ForeignKey(
        "accounts.Agency", models.PROTECT, related_name="opt_out_steps", db_index=False
    )
    # E.164.
    phone = models.CharField(_("phone"), max_length=16)
    is_out = models.BooleanField()
    channel = models.CharField(_("how"), max_length=8, choices=Channel, blank=True)
    # In the agent's words: where it is known from, or why the number was let in again.
    source = models.CharField(_("source"), max_length=200, blank=True)
    # Empty where the number said it itself.
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index("agency", "phone", F("id").desc(), name="opt_out_step_newest")]

    def __str__(self) -> str:
        return f"{self.agency_id}: {self.pk} {self.is_out}"


class IncomingMessage(models.Model):
    """An SMS that came to a reply-able sender of ours."""

    # Whose message it answers; empty while nobody's is known.
    agency = models.ForeignKey(
        "accounts.Agency", models.PROTECT, null=True, related_name="incoming_messages"
    )
    contact = models.ForeignKey(
        "messaging.Contact", models.SET_NULL, null=True, related_name="incoming_messages"
    )
    # The message of ours that it answers, where the gateway says so.
    answered = models.ForeignKey(
        "messaging.Message", models.SET_NULL, null=True, related_name="replies"
    )
    # E.164 if it is a number at all; empty once it was erased, like the text.
    phone = models.CharField(_("phone"), max_length=16)
    to = models.CharField(max_length=16)
    text = models.TextField(_("text"))
    text_erased_at = models.DateTimeField(null=True, editable=False)
    is_opt_out = models.BooleanField(default=False)
    received_at = models.DateTimeField(default=timezone.now)
    # SHA-256 of what the gateway said: it says it again until it hears "OK".
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("received message")
        verbose_name_plural = _("received messages")
        indexes = [
            models.Index("agency", F("id").desc(), name="incoming_newest"),
            # Used to find what must be erased in time.
            models.Index(
                "agency",
                "received_at",
                condition=Q(text_erased_at=None),
                name="incoming_text_kept",
            ),
        ]

    def __str__(self) -> str:
        return f"received message {self.pk}"
