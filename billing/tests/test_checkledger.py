from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Agency, User
from billing import ledger
from billing.booking import book_by_hand
from billing.models import Payment, Wallet

pytestmark = pytest.mark.django_db


@pytest.fixture
def payment(agency: Agency, billing_clerk: User) -> Payment:
    return book_by_hand(
        agency=agency,
        amount=10000,
        received_on=date(2026, 3, 10),
        note="",
        booked_by=billing_clerk,
    )


def test_books_in_order_pass(payment: Payment) -> None:
    output = StringIO()
    call_command("checkledger", stdout=output)
    assert output.getvalue().strip() == "1 payments and all wallets are in order."


def test_a_wrong_balance_fails_with_both_sums(payment: Payment) -> None:
    Wallet.objects.update(balance=9999)
    expected = f"agency {payment.agency_id}: balance 9999, entries sum to 10000"
    with pytest.raises(CommandError, match=expected):
        call_command("checkledger")


def test_a_payment_without_credit_and_invoice_fails(payment: Payment) -> None:
    lost = Payment.objects.create(agency=payment.agency, amount=500, received_on=date(2026, 3, 10))
    with pytest.raises(CommandError) as error:
        call_command("checkledger")
    assert str(error.value).splitlines() == [
        f"payment {lost.pk}: not credited",
        f"payment {lost.pk}: no invoice",
    ]


def test_a_credit_of_another_amount_is_no_credit(payment: Payment) -> None:
    lost = Payment.objects.create(agency=payment.agency, amount=500, received_on=date(2026, 3, 10))
    ledger.credit(agency=payment.agency, amount=499, reference=f"payment:{lost.pk}")
    with pytest.raises(CommandError, match=f"payment {lost.pk}: not credited"):
        call_command("checkledger")
