"""Prepaid money: the wallet, its ledger and the price of an SMS part. Only billing/ledger.py writes the first two."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.append_only import AppendOnlyModel

# Grosze: some seventy SMS, enough for a week's reminders of a small agency.
DEFAULT_WARNING = 20_00


class Wallet(models.Model):
    """What an agency has left. Balance == sum of its ledger entries, always (`manage.py checkledger`)."""

    agency = models.OneToOneField(
        "accounts.Agency", models.PROTECT, primary_key=True, related_name="wallet"
    )
    # Grosze.
    balance = models.BigIntegerField(default=0)
    # Below this (grosze) the agency is warned by mail; empty: never (billing/balance_warnings.py).
    warn_below = models.BigIntegerField(null=True, default=DEFAULT_WARNING)
    # It was not below since the last warning, so a fall is news.
    is_warning_due = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(balance__gte=0), name="wallet_never_negative"),
            models.CheckConstraint(
                condition=Q(warn_below=None) | Q(warn_below__gt=0), name="wallet_warning_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id}: {self.balance}"


class LedgerEntry(AppendOnlyModel):
    """One movement of a wallet. Positive amounts come in, negative ones go out."""

    class Kind(models.TextChoices):
        TOP_UP = "top_up", _("Payment")
        CAMPAIGN = "campaign", _("Campaign")
        REFUND = "refund", _("Refund")
        UNDONE = "undone", _("Payment undone")
        PAYOUT = "payout", _("Paid back")

    wallet = models.ForeignKey(Wallet, models.PROTECT, related_name="entries", db_index=False)
    kind = models.CharField(max_length=12, choices=Kind)
    # Grosze, signed.
    amount = models.BigIntegerField()
    # What it is for, e.g. "payment:12"; the unique key makes a repeat harmless.
    reference = models.CharField(max_length=60)
    note = models.CharField(max_length=200, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        constraints = [
            models.UniqueConstraint(fields=["kind", "reference"], name="ledger_entry_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["campaign", "undone", "payout"], amount__lt=0)
                | (~Q(kind__in=["campaign", "undone", "payout"]) & Q(amount__gt=0)),
                name="ledger_entry_sign_fits_kind",
            ),
        ]
        indexes = [
            # The ledger page, newest first.
            models.Index("wallet", F("id").desc(), name="ledger_newest"),
            # What was spent in some days.
            models.Index("wallet", "created_at", name="ledger_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}: {self.amount}"


class PartPrice(models.Model):
    """The dated price list: gross grosze for one SMS part, for all agencies or for one."""

    agency = models.ForeignKey(
        "accounts.Agency", models.PROTECT, null=True, blank=True, related_name="part_prices"
    )
    valid_from = models.DateField()
    # Grosze, VAT included.
    price = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["valid_from"], condition=Q(agency=None), name="part_price_once_a_day"
            ),
            models.UniqueConstraint(
                fields=["agency", "valid_from"], name="part_price_once_a_day_for_agency"
            ),
            models.CheckConstraint(condition=Q(price__gt=0), name="part_price_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.valid_from}: {self.price}"
