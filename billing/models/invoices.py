"""VAT invoices: the immutable document, its number, its PDF and its way to the customer."""

from __future__ import annotations

from django.conf import settings
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
    """An invoice or a correction as it was issued: seller and buyer are copies, and no amount is ever recomputed.

    Content by art. 106e ust. 1 of the VAT Act, of corrections by art. 106j. Amounts in grosze; dates are Warsaw days.
    An invoice of money that came has its payment. A correction has the invoice that it corrects, the buyer as it is
    right from then on, the amounts before it, and in net, vat and gross the differences: 0 where only the buyer
    changes. What is issued for a wrong NIP has the invoice that it stands in for, which was corrected to zero.
    """

    class Kind(models.TextChoices):
        VAT = "vat", _("VAT invoice")
        ADVANCE = "advance", _("Advance invoice")
        CORRECTION = "correction", _("Correction")

    agency = models.ForeignKey(
        "accounts.Agency", models.PROTECT, related_name="invoices", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.VAT)
    payment = models.OneToOneField(
        "billing.Payment", models.PROTECT, null=True, related_name="invoice"
    )
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="corrections", db_index=False
    )
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replacement")
    # Of a correction, as it is printed.
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")
    # Who issued a correction; an invoice is issued by the payment.
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
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
    # Percent; of a seller who is exempt 0, with the act and article that exempt it (art. 106e ust. 1 pkt 19).
    vat_rate = models.PositiveSmallIntegerField()
    exemption = models.CharField(max_length=200, blank=True, default="")
    net = models.BigIntegerField()
    vat = models.BigIntegerField()
    gross = models.BigIntegerField()
    # Of a correction: what the invoice and the corrections before it come to.
    net_before = models.BigIntegerField(default=0)
    vat_before = models.BigIntegerField(default=0)
    gross_before = models.BigIntegerField(default=0)
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
            models.CheckConstraint(
                condition=Q(kind="correction", corrects__isnull=False, payment=None)
                | ~Q(kind="correction") & Q(gross__gt=0, corrects=None),
                name="invoice_positive",
            ),
            models.CheckConstraint(
                condition=Q(gross__gte=-F("gross_before")), name="invoice_not_below_zero"
            ),
            models.CheckConstraint(
                condition=Q(kind="correction")
                | Q(payment__isnull=False, replaces=None)
                | Q(payment=None, replaces__isnull=False),
                name="invoice_has_its_cause",
            ),
        ]
        indexes = [
            models.Index("agency", F("id").desc(), name="invoice_newest"),
            # A month's documents, in the order of their numbers.
            models.Index("year", "month", "series", "sequence", name="invoice_of_month"),
            # Most invoices are never corrected.
            models.Index(
                "corrects", condition=Q(corrects__isnull=False), name="invoice_corrections"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def file_name(self) -> str:
        """FV-2026-11-0001.pdf"""
        return self.number.replace("/", "-") + ".pdf"

    @property
    def is_correction(self) -> bool:
        return self.kind == self.Kind.CORRECTION


class InvoicePdf(AppendOnlyModel):
    """The rendered document: made once, then only served."""

    invoice = models.OneToOneField(Invoice, models.PROTECT, primary_key=True, related_name="pdf")
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"PDF {self.invoice_id}"


class InvoiceDuplicate(AppendOnlyModel):
    """The document issued once more for somebody who lost it, with the word and the day (art. 106l)."""

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="duplicates")
    issued_on = models.DateField()
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "issued_on"], name="invoice_duplicate_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id}: {self.issued_on}"


class KsefNotice(models.Model):
    """What the operator was told of invoices outside KSeF, once each (billing/ksef_limit.py)."""

    class Kind(models.TextChoices):
        NEAR = "near"
        PASSED = "passed"

    kind = models.CharField(max_length=6, choices=Kind)
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    # With which the month came to that.
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "year", "month"], name="ksef_notice_once")
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}: {self.kind}"


class InvoiceEmail(models.Model):
    """The way of an invoice to its customer by e-mail.

    waiting -> sending -> sent
       ^  ^        |  `--> failed     the mail server refuses it for good, or it took too long
       |  `--------'  the attempt failed: again at next_attempt_at
       `-- sent, failed               somebody of the operator's sends it again
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    invoice = models.OneToOneField(
        Invoice, models.PROTECT, primary_key=True, related_name="first_email"
    )
    to = models.EmailField()
    # Of which day the duplicate is that is sent in place of the document; empty: the document.
    duplicate_on = models.DateField(null=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    # How often it was sent before: mails that differ on purpose have different Message-IDs.
    num_sent = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    # Since when it is tried: at its issue, or when it was asked for again.
    asked_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            # Used by the sweep that mails what is still due.
            models.Index(
                "next_attempt_at",
                condition=Q(state__in=["waiting", "sending"]),
                name="invoice_email_due",
            ),
            # Used for the operator's list of what has not arrived.
            models.Index("invoice", condition=~Q(state="sent"), name="invoice_email_unsent"),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id}: {self.state}"


class InvoiceEmailAttempt(AppendOnlyModel):
    """One try to mail an invoice, or to make the PDF that it needs: with the error, or without one."""

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="email_attempts")
    to = models.EmailField()
    error = models.CharField(max_length=300, blank=True)
    # Empty: by itself.
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    happened_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.invoice_id} to {self.to}: {self.error or 'sent'}"


class ReturnTransfer(models.Model):
    """Money that goes back to a customer's bank account: taken from the wallet, to be transferred by hand."""

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="return_transfers")
    # Grosze.
    amount = models.BigIntegerField(_("amount"))
    account = models.CharField(_("account"), max_length=26)
    reason = models.CharField(_("reason"), max_length=200)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    transferred_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    transferred_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="return_transfer_positive")
        ]
        indexes = [
            models.Index("id", condition=Q(transferred_at=None), name="return_transfer_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.amount} to {self.account}"
