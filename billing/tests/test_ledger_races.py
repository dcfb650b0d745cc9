from __future__ import annotations

import pytest

from accounts.models import Agency
from accounts.tests.races import run_together
from billing import ledger
from billing.ledger import AlreadyBooked, InsufficientBalance
from billing.models import LedgerEntry
from billing.tests.books import sum_of_entries

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_balance_for_five_campaigns_pays_exactly_five(agency: Agency) -> None:
    ledger.credit(agency=agency, amount=500, reference="payment:1")

    def spend(number: int) -> LedgerEntry:
        return ledger.debit(agency=agency, amount=100, reference=f"campaign:{number}")

    results = run_together(24, spend)
    assert sum(isinstance(result, LedgerEntry) for result in results) == 5
    assert sum(isinstance(result, InsufficientBalance) for result in results) == 19
    assert ledger.balance_of(agency) == sum_of_entries(agency) == 0


def test_one_payment_credited_by_many_is_credited_once(agency: Agency) -> None:
    def top_up(_number: int) -> LedgerEntry:
        return ledger.credit(agency=agency, amount=5800, reference="payment:1")

    results = run_together(12, top_up)
    assert sum(isinstance(result, LedgerEntry) for result in results) == 1
    assert sum(isinstance(result, AlreadyBooked) for result in results) == 11
    assert ledger.balance_of(agency) == sum_of_entries(agency) == 5800


def test_payments_and_refunds_at_once_all_count(agency: Agency) -> None:
    ledger.credit(agency=agency, amount=1, reference="payment:start")

    def receive(number: int) -> object:
        if number % 2:
            return ledger.credit(agency=agency, amount=1000, reference=f"payment:{number}")
        return ledger.refund(agency_id=agency.pk, amounts={f"message:{number}": 29})

    results = run_together(16, receive)
    assert not [result for result in results if isinstance(result, Exception)]
    assert ledger.balance_of(agency) == sum_of_entries(agency) == 1 + 8 * 1029
