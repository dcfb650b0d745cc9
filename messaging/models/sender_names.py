"""Sender names (podpisy nadawcy): what stands on the client's phone instead of a number."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SenderName(models.Model):
    """A name that messages may be signed with.

        draft -> submitted -> in review -> authorised -> revoked
          ^          |            `-> rejected
          `----------+---------------------´   the agency mends it and submits it again

    The operator's shared names have no agency; they are only authorised or revoked. Of an agency's own, the operator's
    yes (`approved_at`) is followed by the gateway's: the name is authorised once the gateway has it active. What is
    sent under a name asks again whether it is (messaging/sender_names.py). Names are moved, by conditional updates, by
    messaging/sender_name_requests.py (the agency), sender_name_reviews.py (the operator) and
    sender_name_registration.py (the gateway).
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        IN_REVIEW = "in_review", _("In review")
        AUTHORISED = "authorised", _("Authorised")
        REJECTED = "rejected", _("Rejected")
        REVOKED = "revoked", _("Revoked")

    class Registration(models.TextChoices):
        """How far the gateway has come with it."""

        NONE = "none", _("Not registered")
        ASKED = "asked", _("To be registered")
        PENDING = "pending", _("Waiting for the gateway")
        ACTIVE = "active", _("Active")
        REFUSED = "refused", _("Refused by the gateway")
        LEAVING = "leaving", _("To be removed from the gateway")

    agency = models.ForeignKey(
        "accounts.Agency", models.PROTECT, null=True, related_name="sender_names"
    )
    name = models.CharField(_("sender name"), max_length=11)
    state = models.CharField(_("status"), max_length=10, choices=State, default=State.DRAFT)
    # Clients can answer to it, so a text may offer "STOP". Only shared names can be such.
    is_replyable = models.BooleanField(_("clients can reply"), default=False)
    # Why it was rejected or revoked, for the agency.
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    # The statement (oświadczenie) that the agency accepted for it: its version, who and when.
    statement_version = models.CharField(max_length=10, blank=True, editable=False)
    statement_accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    statement_accepted_at = models.DateTimeField(null=True, editable=False)
    submitted_at = models.DateTimeField(null=True, editable=False)
    # The operator lets the agency ask for it although it looks like a reserved word: an insurer may have consented.
    permitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    permitted_at = models.DateTimeField(null=True, editable=False)
    # Of the operator: who looks into it, and when they said yes.
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    registration = models.CharField(
        max_length=8, choices=Registration, default=Registration.NONE, editable=False
    )
    # When the gateway is asked next, and how often it was asked since the approval.
    next_check_at = models.DateTimeField(null=True, editable=False)
    num_checks = models.PositiveSmallIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("sender name")
        verbose_name_plural = _("sender names")
        constraints = [
            models.UniqueConstraint(fields=["agency", "name"], name="sender_name_once"),
            models.UniqueConstraint(
                fields=["name"], condition=Q(agency=None), name="sender_name_shared_once"
            ),
            models.CheckConstraint(
                condition=Q(agency__isnull=False) | Q(state__in=["authorised", "revoked"]),
                name="sender_name_shared_is_decided",
            ),
            models.CheckConstraint(
                condition=Q(is_replyable=False) | Q(agency=None), name="sender_name_replyable"
            ),
            # Nothing of an agency's is sent on its word alone.
            models.CheckConstraint(
                condition=~Q(state="authorised", agency__isnull=False)
                | Q(approved_at__isnull=False, registration="active"),
                name="sender_name_authorised_by_all",
            ),
        ]
        indexes = [
            # The operator's queue: oldest first.
            models.Index(
                "submitted_at",
                condition=Q(state__in=["submitted", "in_review"]),
                name="sender_name_waiting",
            ),
            # Used by the job that asks the gateway.
            models.Index(
                "next_check_at",
                condition=Q(next_check_at__isnull=False),
                name="sender_name_to_check",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def can_be_changed(self) -> bool:
        """Whether it is in the agency's hands: to be named otherwise, documented and submitted."""
        return self.agency_id is not None and self.state in EDITABLE

    @property
    def can_be_decided(self) -> bool:
        """Whether the operator has still to say yes or no."""
        return self.state == self.State.IN_REVIEW and self.approved_at is None

    @property
    def waits_for_gateway(self) -> bool:
        """Whether the operator said yes and the gateway has not answered yet."""
        return self.approved_at is not None and self.state != self.State.AUTHORISED

    @property
    def can_be_revoked(self) -> bool:
        """Whether there is a yes to take back."""
        return self.approved_at is not None


# The states in which an agency's name is in its hands.
EDITABLE = (SenderName.State.DRAFT, SenderName.State.REJECTED, SenderName.State.REVOKED)


class SenderNameFile(models.Model):
    """The document that shows the right to a name. It lies in the database, as invoices do, and in no public folder."""

    sender_name = models.OneToOneField(SenderName, models.CASCADE, related_name="file")
    # As it is offered for download; made by us from the name and the type, never the uploaded one.
    file_name = models.CharField(max_length=80)
    content_type = models.CharField(max_length=40)
    # Bytes.
    size = models.PositiveIntegerField()
    content = models.BinaryField()
    uploaded_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.file_name


class DefaultSender(models.Model):
    """The name that an agency signs with unless a template says otherwise. No row: settings.DEFAULT_SENDER."""

    agency = models.OneToOneField(
        "accounts.Agency", models.CASCADE, primary_key=True, related_name="default_sender"
    )
    sender_name = models.ForeignKey(SenderName, models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"{self.agency_id}: {self.sender_name_id}"


class ReservedName(models.Model):
    """A brand or a word that agencies may not sign with, nor with anything that looks like it. Staff edit the list."""

    class Kind(models.TextChoices):
        INSURER = "insurer", pgettext_lazy("reserved name", "Insurer")
        BANK = "bank", pgettext_lazy("reserved name", "Bank")
        PUBLIC = "public", pgettext_lazy("reserved name", "Public body")
        OPERATOR = "operator", pgettext_lazy("reserved name", "Telecom operator")
        DELIVERY = "delivery", pgettext_lazy("reserved name", "Courier or shop")
        GENERAL = "general", pgettext_lazy("reserved name", "General word")

    class Reach(models.TextChoices):
        """How much of a name it takes to be refused: messaging/lookalikes.py."""

        NAME = "name", _("the whole name only")
        WORD = "word", _("also as a word of a name")
        PART = "part", _("also inside a longer word")

    word = models.CharField(_("word"), max_length=30, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    # Words of everyday language reach least: "Plus" must not stand in the way of "Polisa Plus".
    reach = models.CharField(_("what is refused"), max_length=4, choices=Reach, default=Reach.WORD)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("reserved name")
        verbose_name_plural = _("reserved names")
        indexes = [models.Index(F("kind"), "word", name="reserved_name_list")]

    def __str__(self) -> str:
        return self.word
