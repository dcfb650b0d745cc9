"""What the bank received: statement files, their lines, and the payments that they became."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.text_encoding import ENCODINGS
from billing.statements.rows import UnreadableReason


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
    # That its text was read in; empty where the file declares its own.
    encoding = models.CharField(max_length=12, blank=True, default="")
    account = models.CharField(max_length=26)
    number = models.CharField(max_length=35, blank=True)
    opening_balance = models.BigIntegerField()
    closing_balance = models.BigIntegerField(null=True)
    # The days (Warsaw) of its first and last readable line; empty without any.
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    # Lines that an earlier statement already brought.
    num_repeated = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.account} {self.number}"

    @property
    def encoding_name(self) -> str:
        """As people know it."""
        return ENCODINGS.get(self.encoding, self.encoding.upper())


class BankLine(models.Model):
    """One line of a statement.

    unmatched -> credited        by its registration code, or by staff; undone it waits again
        ^  |--> set_aside        staff say why, or the bank took it back; staff can let it wait again
        |--|-------'
           `--> split            between agencies: each of its parts is a line of its own
    not_a_payment                debits, fees, reversals, other currencies: never credited

    The reversal of a payment that is spent waits, too: until staff have settled it (billing/reversals.py).
    """

    class State(models.TextChoices):
        UNMATCHED = "unmatched", pgettext_lazy("bank line", "Waiting")
        CREDITED = "credited", pgettext_lazy("bank line", "Credited")
        SET_ASIDE = "set_aside", pgettext_lazy("bank line", "Set aside")
        SPLIT = "split", pgettext_lazy("bank line", "Split")
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
        OWN_TRANSFER = "own_transfer", _("From our own account")

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
    # The strongest identifier that the bank gives, for the accountant; not unique in every bank.
    bank_reference = models.CharField(max_length=64, blank=True, default="")
    state = models.CharField(max_length=14, choices=State)
    reason = models.CharField(max_length=16, choices=Reason, blank=True, default="")
    # Why staff set it aside: not a payment for us, to be sent back...
    set_aside_note = models.CharField(max_length=200, blank=True, default="")
    # Of a part: the line of the statement that was split.
    part_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="portions")
    # Of a reversal: the payment that the bank took back.
    reverses = models.ForeignKey("self", models.PROTECT, null=True, related_name="reversals")
    imported_at = models.DateTimeField(default=timezone.now)

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


class LineSuggestion(models.Model):
    """Whose a waiting line may be, and why we think so. Staff decide."""

    class Reason(models.TextChoices):
        CODE = "code", _("one of the codes in the title")
        ACCOUNT = "account", _("paid from this account before")
        TYPO = "typo", _("the code in the title with one mistake")
        NIP = "nip", _("NIP in the title")
        NAME = "name", _("name of the payer")

    line = models.ForeignKey(BankLine, models.CASCADE, related_name="suggestions")
    agency = models.ForeignKey("accounts.Agency", models.CASCADE, related_name="+")
    reason = models.CharField(max_length=7, choices=Reason)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "agency"], name="line_suggestion_once")
        ]

    def __str__(self) -> str:
        return f"{self.line_id}: {self.agency_id}, {self.reason}"


class PayerAccount(models.Model):
    """A bank account that paid for an agency: learned from codes in titles and from what staff decided.

    An office that pays for several agencies has a row for each: then it is a suggestion for each.
    """

    account = models.CharField(_("account"), max_length=34)
    agency = models.ForeignKey("accounts.Agency", models.CASCADE, related_name="payer_accounts")
    learned_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "agency"], name="payer_account_once")
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.agency_id}"


class UnreadLine(models.Model):
    """A line of a statement that could not be read, as it stands in the file.

    Not a bank line, so that nothing can credit it: staff read it and book the payment by hand.
    """

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="unread_lines")
    line_number = models.PositiveIntegerField()
    # Signed grosze; empty where not even the amount can be read.
    amount = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=10, choices=UnreadableReason)
    raw = models.TextField()

    def __str__(self) -> str:
        return f"{self.statement} {self.line_number}"


class Payment(models.Model):
    """Money received for an agency: credited to its wallet and invoiced in the transaction that creates it."""

    agency = models.ForeignKey(
        "accounts.Agency", models.PROTECT, related_name="payments", db_index=False
    )
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
    # Booked by mistake: taken back from the wallet, the invoice corrected to zero. The line it came by waits again.
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    undo_reason = models.CharField(max_length=200, blank=True, default="")
    undone_line = models.ForeignKey(
        BankLine, models.PROTECT, null=True, blank=True, related_name="undone_payments"
    )

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_positive"),
            models.CheckConstraint(
                condition=Q(undone_at=None) | Q(bank_line=None), name="payment_undone_frees_line"
            ),
        ]
        indexes = [models.Index("agency", F("id").desc(), name="payment_newest")]

    def __str__(self) -> str:
        return f"{self.received_on} {self.amount}"
