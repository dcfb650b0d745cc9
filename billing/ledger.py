"""The only writer of wallets and ledger entries.

Every movement is an inserted entry and, in the same transaction, one conditional update of the balance. The entry's
unique (kind, reference) makes a repeat fail before the balance is touched; the balance never goes below zero because
the update does not match a wallet that has too little. Amounts are grosze, always positive here; the sign of the
stored entry follows from its kind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Sum

from accounts.bulk_sql import create_many
from accounts.models import Agency, User
from billing.models import LedgerEntry, Wallet

Kind = LedgerEntry.Kind


class InsufficientBalance(Exception):
    """The wallet holds less than the debit asks for. Nothing was written."""

    def __init__(self, balance: int, needed: int) -> None:
        super().__init__(f"{needed} needed, {balance} in the wallet")
        self.balance = balance
        self.needed = needed

    @property
    def shortfall(self) -> int:
        """Grosze missing."""
        return self.needed - self.balance


class AlreadyBooked(Exception):
    """An entry of this kind and reference exists. Nothing was written."""


def balance_of(agency: Agency) -> int:
    """The agency's balance in grosze; 0 before its first payment."""
    return Wallet.objects.filter(agency=agency).values_list("balance", flat=True).first() or 0


@transaction.atomic
def credit(
    *, agency: Agency, amount: int, reference: str, note: str = "", actor: User | None = None
) -> LedgerEntry:
    """Add a payment of `amount` grosze to the agency's wallet.

    Raises AlreadyBooked for a repeated reference, ValueError for an amount that is not positive.
    """
    Wallet.objects.get_or_create(agency=agency)
    entry = _insert(agency.pk, Kind.TOP_UP, _positive(amount), reference, note, actor)
    Wallet.objects.filter(agency=agency).update(balance=F("balance") + amount)
    return entry


class Credit(NamedTuple):
    """One payment of many: grosze for an agency, under its reference."""

    agency_id: int
    amount: int
    reference: str


@transaction.atomic
def credit_many(credits: Sequence[Credit]) -> None:
    """Add payments to the wallets of their agencies, all of them or none; four statements for any number.

    Raises AlreadyBooked if one of the references was credited before, ValueError for an amount that is not positive.
    """
    sums: Counter[int] = Counter()
    for one in credits:
        sums[one.agency_id] += _positive(one.amount)
    if not sums:
        return
    create_many(Wallet, [{"agency_id": pk} for pk in sums], or_ignore=True)
    entries = [
        {
            "wallet_id": one.agency_id,
            "kind": Kind.TOP_UP.value,
            "amount": one.amount,
            "reference": one.reference,
        }
        for one in credits
    ]
    try:
        with transaction.atomic():
            create_many(LedgerEntry, entries)
    except IntegrityError as error:
        raise AlreadyBooked(f"a payment among {len(entries)}") from error
    _add_to_wallets(sums)


def _add_to_wallets(sums: Mapping[int, int]) -> None:
    # In the order of the agencies, like all that locks several wallets.
    ids = sorted(sums)
    list(Wallet.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
    for start in range(0, len(ids), _WALLETS):
        some = ids[start : start + _WALLETS]
        values = ", ".join(["(%s, %s)"] * len(some))
        parameters = [number for pk in some for number in (pk, sums[pk])]
        with connection.cursor() as cursor:
            cursor.execute(_ADD.format(values=values), parameters)


_ADD = """
UPDATE billing_wallet SET balance = balance + added.column2
FROM (VALUES {values}) AS added WHERE billing_wallet.agency_id = added.column1
"""
# Wallets that one statement changes.
_WALLETS = 5000


@transaction.atomic
def debit(
    *,
    agency: Agency,
    amount: int,
    reference: str,
    kind: LedgerEntry.Kind = Kind.CAMPAIGN,
    note: str = "",
    actor: User | None = None,
) -> LedgerEntry:
    """Take `amount` grosze from the agency's wallet: the price of a campaign, a payment undone, money paid back.

    Raises InsufficientBalance, AlreadyBooked for a repeated reference, ValueError for an amount that is not positive.
    """
    entry = _insert(agency.pk, kind, -_positive(amount), reference, note, actor)
    paid = Wallet.objects.filter(agency=agency, balance__gte=amount).update(
        balance=F("balance") - amount
    )
    if not paid:
        # Raised out of the atomic block, so the entry is rolled back.
        raise InsufficientBalance(balance_of(agency), amount)
    return entry


@transaction.atomic
def refund(*, agency_id: int, amounts: Mapping[str, int], note: str = "") -> int:
    """Give back grosze by reference, e.g. {"message:7": 29}; all of them or none. Returns their sum.

    Raises AlreadyBooked if one of the references was refunded before, ValueError for an amount that is not positive.
    """
    entries = [
        LedgerEntry(
            wallet_id=agency_id,
            kind=Kind.REFUND,
            amount=_positive(amount),
            reference=reference,
            note=note,
        )
        for reference, amount in amounts.items()
    ]
    total = sum(amounts.values())
    try:
        with transaction.atomic():
            LedgerEntry.objects.bulk_create(entries)
    except IntegrityError as error:
        raise AlreadyBooked(f"a refund among {len(entries)}") from error
    Wallet.objects.filter(agency_id=agency_id).update(balance=F("balance") + total)
    return total


def refund_of(*, agency_id: int, reference: str) -> LedgerEntry | None:
    """The refund that was booked under this reference for the agency, if any was."""
    return LedgerEntry.objects.filter(
        wallet=agency_id, kind=Kind.REFUND, reference=reference
    ).first()


def find_differences() -> list[tuple[int, int, int]]:
    """Wallets whose balance is not the sum of their entries: (agency id, balance, sum), empty when all is well."""
    sums = Wallet.objects.annotate(total=Sum("entries__amount", default=0))
    return list(sums.exclude(balance=F("total")).values_list("agency_id", "balance", "total"))


def _insert(
    wallet_id: int,
    kind: LedgerEntry.Kind,
    amount: int,
    reference: str,
    note: str,
    actor: User | None,
) -> LedgerEntry:
    entry = LedgerEntry(
        wallet_id=wallet_id,
        kind=kind,
        amount=amount,
        reference=reference,
        note=note,
        actor=actor,
    )
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyBooked(f"{kind} {reference}") from error
    return entry


def _positive(amount: int) -> int:
    if amount <= 0:
        raise ValueError(f"a ledger amount must be positive, not {amount}")
    return amount
