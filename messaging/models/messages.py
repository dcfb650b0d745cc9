"""Messages: one SMS to one client each. This table is the outbox that workers send from."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from messaging.categories import Category


class Message(models.Model):
    """One SMS.

        queued -> sending -> sent -> delivered
          ^  | |    |  |       |---> undelivered | expired | unknown
          |  | |    |  |       `---> rejected (refunded): the gateway sent it to nobody
          |  | |    |  `-> uncertain -> sent | rejected (refunded)
          |  | |    |      `-> queued: its gateway surely never accepted it
          |  | |    `----> rejected (refunded)
          |  | `---------> expired (refunded): it never left before its deadline
          |  `-----------> cancelled (refunded): stopped before it left
          `- sending         the gateway asked to come back later

    queued       waits for a worker, from next_attempt_at on
    sending      claimed by a worker that is talking to the gateway
    uncertain    the gateway's answer was lost: settled by its idx, by a look-up or by a delivery report, never sent
                 again blindly
    sent         the operator has it; delivery reports make it one of the final states, which never go back

    Only messaging/claiming.py, outcomes.py, campaign_control.py and delivery_reports.py move a message, by conditional
    updates.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENDING = "sending", _("Being sent")
        UNCERTAIN = "uncertain", _("Uncertain")
        SENT = "sent", _("Sent")
        DELIVERED = "delivered", _("Delivered")
        UNDELIVERED = "undelivered", _("Not delivered")
        EXPIRED = "expired", _("Expired")
        UNKNOWN = "unknown", _("No report")
        REJECTED = "rejected", _("Rejected")
        CANCELLED = "cancelled", _("Cancelled")

    agency = models.ForeignKey(
        "accounts.Agency", models.PROTECT, related_name="messages", db_index=False
    )
    campaign = models.ForeignKey(
        "messaging.Campaign", models.PROTECT, related_name="messages", db_index=False
    )
    contact = models.ForeignKey(
        "messaging.Contact", models.SET_NULL, null=True, related_name="messages"
    )
    # Empty once it was erased (messaging/erasure.py), like the text.
    phone = models.CharField(_("phone"), max_length=16)
    text = models.TextField(_("text"))
    text_erased_at = models.DateTimeField(null=True, editable=False)
    sender = models.CharField(_("sender"), max_length=11)
    category = models.CharField(
        _("category"), max_length=9, choices=Category, default=Category.SERVICE
    )
    # The consent that it relied on: it must be provable at the time of sending (art. 7(1) RODO).
    consent = models.ForeignKey(
        "messaging.ContactConsent", models.SET_NULL, null=True, db_index=False, related_name="+"
    )
    parts = models.PositiveSmallIntegerField(_("parts"))
    # Grosze per part, as sold.
    price = models.PositiveIntegerField()
    state = models.CharField(_("status"), max_length=11, choices=State, default=State.QUEUED)
    # The provider that it was handed to last: the only one that can know it. Empty until then.
    gateway = models.CharField(max_length=20, blank=True, default="")
    # How the gateway calls it; empty until it answered, and for ever where only a repeat told that it has it.
    provider_id = models.CharField(max_length=40, blank=True, default="")
    # The class and code of the gateway's last error (messaging.gateways.base.ErrorClass).
    error_class = models.CharField(max_length=14, blank=True, default="")
    error_code = models.CharField(max_length=20, blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    # What has not left by then is out of date. Empty in rows older than the question.
    deadline_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    # When the first request whose answer was lost left: how long the gateway must remember the idx.
    uncertain_since = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    # When the gateway is asked about it, should no report have come by then.
    next_look_up_at = models.DateTimeField(null=True)
    final_at = models.DateTimeField(null=True)

    class Refusal(models.TextChoices):
        """Why the gateway refused a message for good: the values of its error_class that agents can act on."""

        MESSAGE = "message", _("the gateway does not take this text")
        RECIPIENT = "recipient", _("the gateway does not take this number")
        SENDER = "sender", _("the gateway does not take this sender name")

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            # A client gets one SMS of a campaign, whatever runs twice.
            models.UniqueConstraint(
                fields=["campaign", "phone"],
                condition=~Q(phone=""),
                name="message_once_per_phone",
            ),
            models.UniqueConstraint(
                fields=["provider_id", "gateway"],
                condition=~Q(provider_id=""),
                name="message_provider_id_once",
            ),
            models.CheckConstraint(condition=Q(parts__gt=0), name="message_has_parts"),
        ]
        indexes = [
            # Lists, newest first, also of one status.
            models.Index("agency", F("id").desc(), name="message_newest"),
            models.Index("agency", "state", F("id").desc(), name="message_newest_of_state"),
            # A campaign's list, in place of the key's own index, which has no order.
            models.Index("campaign", F("id").desc(), name="message_newest_of_campaign"),
            # Its messages of one status. It costs another write for each change of status, and without it a rare one is
            # looked for among all messages of the campaign.
            models.Index("campaign", "state", F("id").desc(), name="message_of_campaign_in_state"),
            # Used for what waits for a number, and for what a number answers.
            models.Index("phone", F("id").desc(), condition=~Q(phone=""), name="message_newest_to"),
            # Used when a client with consents is deleted. Most messages rely on none.
            models.Index("consent", condition=Q(consent__isnull=False), name="message_of_consent"),
            # Used by workers that look for work in a campaign.
            models.Index(
                "campaign", "next_attempt_at", "id", condition=Q(state="queued"), name="message_due"
            ),
            # Used by the sweep for what was never reported on.
            models.Index("next_look_up_at", condition=Q(state="sent"), name="message_to_look_up"),
            # Used by the sweep for what dead workers and lost answers left.
            models.Index(
                "claimed_at",
                condition=Q(state__in=["sending", "uncertain"]),
                name="message_unsettled",
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"

    @property
    def refusal(self) -> str:
        """Why a rejected message was refused, for people; empty for all others."""
        return refusal_of(self.state, self.error_class)

    @property
    def cost(self) -> int:
        """Grosze."""
        return self.parts * self.price


def refusal_of(state: str, error_class: str) -> str:
    """Why a message in that state was refused, for people; empty for all that were not."""
    if state != Message.State.REJECTED or error_class not in Message.Refusal.values:
        return ""
    return str(Message.Refusal(error_class).label)
