"""Prove that every wallet holds the sum of its ledger entries, and every payment its credit and its invoice."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import CharField, Exists, F, OuterRef, Value
from django.db.models.functions import Cast, Concat

from billing.ledger import find_differences
from billing.models import LedgerEntry, Payment


class Command(BaseCommand):
    help = "Fails if a wallet is not the sum of its entries, or a payment lacks its credit or its invoice."

    def handle(self, *args: Any, **options: Any) -> str:
        problems = [
            f"agency {agency}: balance {balance}, entries sum to {total}"
            for agency, balance, total in find_differences()
        ]
        problems += [f"payment {pk}: not credited" for pk in _payments_without_credit()]
        problems += [f"payment {pk}: no invoice" for pk in _payments_without_invoice()]
        if problems:
            raise CommandError("\n".join(problems))
        return f"{Payment.objects.count()} payments and all wallets are in order."


def _payments_without_credit() -> list[int]:
    reference = Concat(Value("payment:"), Cast(OuterRef("pk"), CharField()))
    credit = LedgerEntry.objects.filter(
        kind=LedgerEntry.Kind.TOP_UP,
        reference=reference,
        wallet_id=OuterRef("agency_id"),
        amount=OuterRef("amount"),
    )
    return list(Payment.objects.exclude(Exists(credit)).values_list("pk", flat=True))


def _payments_without_invoice() -> list[int]:
    fitting = Payment.objects.filter(invoice__gross=F("amount"))
    return list(Payment.objects.exclude(pk__in=fitting).values_list("pk", flat=True))
