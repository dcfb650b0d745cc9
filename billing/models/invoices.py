"""VAT invoices: the immutable document, its number, its PDF and its way to the customer."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.append_only import AppendOnlyModel


class InvoiceCounter(models.Model):
    """The last number given in a series and month. Locked while an invoice is issued, so numbers have no gaps."""

    series = models.CharField(max_length=4)
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "year", "month"], name="invoice_counter_once")
        ]

    def __str__(self) -> str:
        return f"{self.series}/{self.year}/{self.month:02}: {self.last_number}"


class Invoice(AppendOnlyModel):
    """A VAT invoice as it was issued: seller and buyer are copies, amounts are stored, nothing is recomputed.

    Content by art. 106e ust. 1 of the VAT Act. Amounts in grosze; dates are Warsaw days.
    """

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="invoices")
    payment = models.OneToOneField("billing.Payment", models.PROTECT, related_name="invoice")
    series = models.CharField(max_length=4)
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    sequence = models.PositiveIntegerField()
    # FV/2026/11/0001
    number = models.CharField(_("number"), max_length=30, unique=True)
    issued_on = models.DateField(_("issued on"))
    paid_on = models.DateField(_("paid on"))

    seller_name = models.CharField(max_length=200)
    seller_street = models.CharField(max_length=200)
    seller_postal_code = models.CharField(max_length=6)
    seller_city = models.CharField(max_length=100)
    seller_nip = models.CharField(max_length=10)
    seller_account = models.CharField(max_length=26)
    buyer_name = models.CharField(max_length=200)
    buyer_street = models.CharField(max_length=200)
    buyer_postal_code = models.CharField(max_length=6)
    buyer_city = models.CharField(max_length=100)
    buyer_nip = models.CharField(max_length=10, blank=True)
    buyer_code = models.CharField(max_length=40)

    service = models.CharField(max_length=200)
    vat_rate = models.PositiveSmallIntegerField()
    net = models.BigIntegerField()
    vat = models.BigIntegerField()
    gross = models.BigIntegerField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        constraints = [
            models.UniqueConstraint(
                fields=["series", "year", "month", "sequence"], name="invoice_sequence_once"
            ),
            models.CheckConstraint(
                condition=Q(gross=F("net") + F("vat")), name="invoice_net_and_vat_make_gross"
            ),
            models.CheckConstraint(condition=Q(gross__gt=0), name="invoice_positive"),
        ]
        indexes = [models.Index("agency", F("id").desc(), name="invoice_newest")]

    def __str__(self) -> str:
        return self.number

    @property
    def file_name(self) -> str:
        """FV-2026-11-0001.pdf"""
        return self.number.replace("/", "-") + ".pdf"


class InvoicePdf(AppendOnlyModel):
    """The rendered document: made once, then only served."""

    invoice = models.OneToOneField(Invoice, models.PROTECT, primary_key=True, related_name="pdf")
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"PDF {self.invoice_id}"


class InvoiceEmail(models.Model):
    """The first mail with the invoice.

    waiting -> sending -> sent
       ^          |
       `----------'  the attempt failed: again at next_attempt_at
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")

    invoice = models.OneToOneField(
        Invoice, models.PROTECT, primary_key=True, related_name="first_email"
    )
    to = models.EmailField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            # Used by the sweep that mails what is still due.
            models.Index("next_attempt_at", condition=~Q(state="sent"), name="invoice_email_due")
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id}: {self.state}"
