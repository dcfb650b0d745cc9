"""What the pages about an agency's account show at a glance: its balance, its pace, its latest payment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.bulk_sql import as_stored
from accounts.models import Agency
from billing.models import Wallet
from billing.prices import PRICE_SQL, NoPrice

# What the pace is taken from. A month has its quiet and its busy days.
PACE_DAYS = 30


@dataclass(frozen=True, slots=True)
class LatestPayment:
    """A payment that was not undone: grosze, the day on which the bank received it, and its invoice, if issued."""

    amount: int
    received_on: date
    invoice_id: int | None
    invoice_number: str | None


@dataclass(frozen=True, slots=True)
class AccountFigures:
    """Grosze, but for what is said of each.

    `spent` is what SMS cost in the last PACE_DAYS days, less what came back from cancelled ones. `warn_below` is None
    for an agency that does not want to be warned.
    """

    balance: int
    price: int
    spent: int
    warn_below: int | None
    latest_payment: LatestPayment | None

    @property
    def parts(self) -> int:
        """SMS parts that the balance is enough for."""
        return self.balance // self.price

    @property
    def days_left(self) -> int | None:
        """Whole days that the balance lasts at this pace; None for who has spent nothing."""
        return self.balance * PACE_DAYS // self.spent if self.spent else None


def figures_of(agency: Agency) -> AccountFigures:
    """All in one statement. Raises NoPrice."""
    today = as_stored(timezone.localdate())
    since = as_stored(timezone.now() - timedelta(days=PACE_DAYS))
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, [agency.pk, today, agency.pk, since, agency.pk, agency.pk])
        price, moved, balance, warn_below, *payment = cursor.fetchone()
    if price is None:
        raise NoPrice
    if balance is None:
        # A new agency has no wallet until its first payment.
        balance, warn_below = 0, Wallet().warn_below
    latest = _payment(*payment) if payment[0] is not None else None
    return AccountFigures(balance, price, max(0, -(moved or 0)), warn_below, latest)


def context_of(figures: AccountFigures) -> dict[str, Any]:
    """`figures` for a page, and from them what `billing.context_processors.wallet` would look up once more."""
    return {
        "figures": figures,
        "wallet_balance": figures.balance,
        "wallet_parts": figures.parts,
    }


def _payment(
    amount: int, received_on: date | str, invoice_id: int | None, number: str | None
) -> LatestPayment:
    # SQLite has no dates.
    day = date.fromisoformat(received_on) if isinstance(received_on, str) else received_on
    return LatestPayment(amount, day, invoice_id, number)


_FIGURES = f"""
SELECT sums.price, sums.moved, wallet.balance, wallet.warn_below,
    payment.amount, payment.received_on, invoice.id, invoice.number
FROM (
    SELECT
        {PRICE_SQL} AS price,
        (SELECT CAST(SUM(amount) AS bigint) FROM billing_ledgerentry
         WHERE wallet_id = %s AND created_at >= %s AND kind IN ('campaign', 'refund')) AS moved
) AS sums
LEFT JOIN billing_wallet AS wallet ON wallet.agency_id = %s
LEFT JOIN (
    SELECT id, amount, received_on FROM billing_payment
    WHERE agency_id = %s AND undone_at IS NULL ORDER BY id DESC LIMIT 1
) AS payment ON true
LEFT JOIN billing_invoice AS invoice ON invoice.payment_id = payment.id
"""  # noqa: S608  (a text without anybody's words)
