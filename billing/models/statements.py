"""What the bank received: statement files, their lines, and the payments that they became."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class StatementFile(models.Model):
    """An uploaded file, kept as it came: the proof behind every booking."""

    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(_("file"), max_length=200)
    content = models.BinaryField()
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    imported_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class Statement(models.Model):
    """One statement of one account within a file. Balances in grosze."""

    file = models.ForeignKey(StatementFile, models.PROTECT, related_name="statements")
    format = models.CharField(max_length=20)
    account = models.CharField(max_length=26)
    number = models.CharField(max_length=35, blank=True)
    opening_balance = models.BigIntegerField()
    closing_balance = models.BigIntegerField(null=True)
    # Lines that an earlier statement already brought.
    num_repeated = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.account} {self.number}"


class BankLine(models.Model):
    """One line of a statement.

    unmatched -> credited        by its registration code, or by staff
    not_a_payment                debits, fees, reversals, other currencies: never credited
    """

    class State(models.TextChoices):
        UNMATCHED = "unmatched", pgettext_lazy("bank line", "Waiting")
        CREDITED = "credited", pgettext_lazy("bank line", "Credited")
        NOT_A_PAYMENT = "not_a_payment", pgettext_lazy("bank line", "Not a payment")

    class Reason(models.TextChoices):
        """Why the line was not credited by itself."""

        NONE = "", ""
        NO_CODE = "no_code", _("No known registration code in the title")
        SEVERAL_CODES = "several_codes", _("Several registration codes in the title")
        POSSIBLE_TWIN = "possible_twin", _("Equal to a payment on the statement before or after")
        OUTGOING = "outgoing", _("Outgoing transfer or fee")
        REVERSAL = "reversal", _("Reversal")
        OTHER_CURRENCY = "other_currency", _("Not in złoty")
        ZERO = "zero", _("Amount 0,00")

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="lines")
    # Identifies the booking whatever file brings it (billing/statement_import.py).
    key = models.CharField(max_length=64, unique=True)
    line_number = models.PositiveIntegerField()
    booked_on = models.DateField(_("booked on"))
    # Grosze, signed.
    amount = models.BigIntegerField(_("amount"))
    currency = models.CharField(max_length=3, default="PLN")
    title = models.CharField(_("title"), max_length=500, blank=True)
    payer_name = models.CharField(_("payer"), max_length=300, blank=True)
    payer_account = models.CharField(_("payer's account"), max_length=34, blank=True)
    raw = models.TextField(blank=True)
    state = models.CharField(max_length=14, choices=State)
    reason = models.CharField(max_length=16, choices=Reason, blank=True, default="")

    class Meta:
        verbose_name = _("bank line")
        verbose_name_plural = _("bank lines")
        indexes = [
            # Used for the queue of payments that wait for staff.
            models.Index(
                "booked_on", "id", condition=Q(state="unmatched"), name="bank_line_waiting"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="credited") | Q(amount__gt=0, currency="PLN"),
                name="bank_line_credits_only_received_zloty",
            )
        ]

    def __str__(self) -> str:
        return f"{self.booked_on} {self.amount} {self.title}"


class Payment(models.Model):
    """Money received for an agency: credited to its wallet and invoiced in the transaction that creates it."""

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="payments")
    # Grosze.
    amount = models.BigIntegerField(_("amount"))
    # The day the bank booked it (Warsaw): the invoice's payment date.
    received_on = models.DateField(_("received on"))
    # Empty while a payment entered by hand has not been seen on a statement.
    bank_line = models.OneToOneField(
        BankLine, models.PROTECT, null=True, blank=True, related_name="payment"
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    # Empty: matched by its code without a person.
    booked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    booked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_positive"),
        ]
        indexes = [models.Index("agency", F("id").desc(), name="payment_newest")]

    def __str__(self) -> str:
        return f"{self.received_on} {self.amount}"
