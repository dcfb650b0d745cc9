"""What the sandbox remembers: messages, reports, mail, transfers, secrets, and how to misbehave."""

from __future__ import annotations

import datetime as dt
import secrets
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# SMSAPI's sender that stands for a number lent for the answer.
TWO_WAY = "2way"
POINTS_PER_PART = Decimal("0.16")


def new_message_id() -> str:
    """Return an id shaped like the gateway's: 24 hexadecimal digits."""
    return secrets.token_hex(12).upper()


class Status(models.IntegerChoices):
    """Delivery statuses of SMSAPI: the number goes into reports, the name into answers."""

    EXPIRED = 402, "EXPIRED"
    SENT = 403, "SENT"
    DELIVERED = 404, "DELIVERED"
    UNDELIVERED = 405, "UNDELIVERED"
    QUEUE = 409, "QUEUE"


class SenderName(models.Model):
    """A sender name of the account. Messages may carry those that the mobile networks have activated."""

    class Status(models.TextChoices):
        ACTIVE = "ACTIVE", "ACTIVE"
        PENDING = "PENDING", "PENDING"
        REJECTED = "REJECTED", "REJECTED"

    name = models.CharField(max_length=11, unique=True)
    status = models.CharField(max_length=8, choices=Status, default=Status.ACTIVE)
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class Provider(models.TextChoices):
    """Whose contract a client spoke."""

    SMSAPI = "smsapi", "SMSAPI"
    SERWERSMS = "serwersms", "SerwerSMS"


class SmsMessage(models.Model):
    """One accepted message for one number.

    It is SENT from its acceptance until `settles_at` and has its `final_status` from then on;
    without `settles_at` it stays SENT for ever.
    """

    provider = models.CharField(max_length=9, choices=Provider, default=Provider.SMSAPI)
    message_id = models.CharField(max_length=24, unique=True, default=new_message_id)
    submitted_number = models.CharField(max_length=32)
    number = models.CharField(max_length=15, db_index=True)
    sender = models.CharField(max_length=11)
    text = models.TextField()
    parts = models.PositiveSmallIntegerField()
    idx = models.CharField(max_length=255, blank=True)
    accepted_at = models.DateTimeField(default=timezone.now)
    settles_at = models.DateTimeField(null=True)
    final_status = models.PositiveSmallIntegerField(choices=Status, default=Status.DELIVERED)

    class Meta:
        indexes = [
            # used for check_idx: was this idx accepted in the last day?
            models.Index(
                fields=["idx", "accepted_at"],
                condition=~models.Q(idx=""),
                name="sms_idx_recent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} to {self.number}"

    @property
    def can_be_answered(self) -> bool:
        """Whether a phone would find a number to answer to: a name in letters is none."""
        return self.sender == TWO_WAY or self.sender.isdecimal()

    @property
    def points(self) -> Decimal:
        """The price in the provider's points (about one złoty each)."""
        return self.parts * POINTS_PER_PART

    def status_at(self, moment: dt.datetime) -> Status:
        """Return the delivery status at an aware moment."""
        is_settled = self.settles_at is not None and self.settles_at <= moment
        return Status(self.final_status) if is_settled else Status.SENT


class DeliveryReport(models.Model):
    """One report to push: waiting -> acknowledged, or given up after many attempts."""

    message = models.ForeignKey(SmsMessage, on_delete=models.CASCADE, related_name="reports")
    status = models.PositiveSmallIntegerField(choices=Status)
    done_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # used by the pusher to find what is due
            models.Index(
                fields=["next_attempt_at"],
                condition=models.Q(acknowledged_at=None),
                name="report_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{Status(self.status).label} for {self.message_id}"


class Reply(models.Model):
    """What somebody wrote back on a phone, to push: waiting -> acknowledged, or given up after many attempts."""

    answered = models.ForeignKey(SmsMessage, on_delete=models.CASCADE, related_name="replies")
    text = models.TextField()
    written_at = models.DateTimeField(default=timezone.now)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # used by the pusher to find what is due
            models.Index(
                fields=["next_attempt_at"],
                condition=models.Q(acknowledged_at=None),
                name="reply_due",
            ),
        ]

    def __str__(self) -> str:
        return f"reply to {self.answered.message_id}"


class Panel(models.Model):
    """What a customer of the gateway sets in its panel. One row."""

    callback_url = models.URLField(_("Callback URL"), blank=True, max_length=500)
    serwersms_callback_url = models.URLField(
        _("Callback URL of SerwerSMS"), blank=True, max_length=500
    )
    # What the mobile networks do with a new sender name.
    activates_names = models.BooleanField(_("Activate new sender names at once"), default=True)
    replies_url = models.URLField(_("URL for replies"), blank=True, max_length=500)

    def __str__(self) -> str:
        return self.callback_url

    @classmethod
    def load(cls) -> Panel:
        """Return the one row; before the first change it holds the addresses of the settings."""
        return cls.objects.filter(pk=1).first() or cls(
            pk=1,
            callback_url=settings.CALLBACK_URL,
            serwersms_callback_url=settings.SERWERSMS_CALLBACK_URL,
            replies_url=settings.REPLIES_URL,
        )


class Faults(models.Model):
    """How the gateways and the mail server should misbehave. One row; no row means: not at all."""

    class Mode(models.TextChoices):
        NONE = "none", _("No fault")
        HTTP_503 = "http_503", _("Unavailable (HTTP 503)")
        HTTP_500 = "http_500", _("Internal error (HTTP 500)")
        RATE_LIMITED = "rate_limited", _("Too many requests (HTTP 429, Retry-After: 2)")
        ERROR_CODE = "error_code", _("An error code inside HTTP 200")
        DROP_AFTER_ACCEPT = "drop_after_accept", _("Accept, then hang up without an answer")
        ANSWER_AFTER_TIMEOUT = "answer_after_timeout", _("Accept, then answer too late")
        HALF_ANSWER = "half_answer", _("Accept, then send half an answer")

    class ReportMode(models.TextChoices):
        NORMAL = "normal", _("One report for each message")
        TWICE = "twice", _("Every report twice")
        REVERSED = "reversed", _("DELIVERED first, SENT afterwards")
        BEFORE_ANSWER = "before_answer", _("The report comes before the answer to the request")
        NONE = "none", _("No reports at all")

    mode = models.CharField(_("Fault"), max_length=24, choices=Mode, default=Mode.NONE)
    # Empty: of both.
    provider = models.CharField(
        _("Of which gateway"), max_length=9, choices=Provider, blank=True, default=""
    )
    error_code = models.PositiveIntegerField(_("Error code"), null=True, blank=True)
    delay_ms = models.PositiveIntegerField(_("Delay of the answer (ms)"), default=0)
    remaining = models.PositiveIntegerField(
        _("For how many requests"),
        null=True,
        blank=True,
        help_text=_("Empty: until you change it."),
    )
    report_mode = models.CharField(
        _("Delivery reports"), max_length=16, choices=ReportMode, default=ReportMode.NORMAL
    )
    report_delay_s = models.FloatField(_("Delivery takes (seconds)"), default=2.0)
    smtp_down = models.BooleanField(_("The mail server refuses messages (451)"), default=False)

    def __str__(self) -> str:
        return self.mode

    @classmethod
    def load(cls) -> Faults:
        """Return the one row, or the defaults before the first change."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class RegisterFault(models.Model):
    """How the VAT register should misbehave. One row; no row means: not at all."""

    class Mode(models.TextChoices):
        NONE = "none", _("No fault")
        DOWN = "down", _("Unavailable (HTTP 503)")
        SLOW = "slow", _("Slow: answers after 10 seconds")
        LIMIT = "limit", _("The daily limit is reached")
        NONSENSE = "nonsense", _("Answers nonsense")

    mode = models.CharField(_("Fault"), max_length=12, choices=Mode, default=Mode.NONE)

    def __str__(self) -> str:
        return self.mode

    @classmethod
    def load(cls) -> RegisterFault:
        """Return the one row, or the defaults before the first change."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class AuthenticatorAccount(models.Model):
    """One secret in the authenticator app: 6 digits every 30 seconds."""

    label = models.CharField(max_length=100)
    secret = models.CharField(max_length=500, unique=True, help_text="Base32.")

    def __str__(self) -> str:
        return self.label


class Mail(models.Model):
    """One e-mail as it came in by SMTP; it is parsed when somebody reads it."""

    received_at = models.DateTimeField(default=timezone.now)
    sender = models.CharField(max_length=320, blank=True)
    recipients = models.TextField(help_text="Of the envelope, comma-separated.")
    subject = models.TextField(blank=True)
    source = models.BinaryField()

    def __str__(self) -> str:
        return self.subject


class Transfer(models.Model):
    """A booked bank transfer, seen from our account: positive grosze came in, negative went out."""

    account = models.CharField(max_length=26, db_index=True)
    booked_on = models.DateField()
    amount = models.IntegerField(help_text="In grosze, signed.")
    title = models.CharField(max_length=140)
    party_name = models.CharField(max_length=70)
    party_address = models.CharField(max_length=105, blank=True)
    party_account = models.CharField(max_length=26)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(amount=0), name="transfer_moves_money"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.title}"
