from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from accounts.models import Agency, User
from billing import ledger
from billing.booking import BookingRefused, LineNotWaiting, book_by_hand, credit_line
from billing.models import BankLine, Invoice, Payment
from billing.statement_import import import_statement
from billing.tests.books import check_books, queued_deliveries, rows_in_the_books
from billing.tests.statement_files import CREDIT, statement

pytestmark = pytest.mark.django_db

BOOKED_ON = date(2026, 3, 10)
WITHOUT_CODE = (":61:2603100310CN58,00NTRFNONREF//A1", ":86:020?20ZA SMS?32ANNA")
FEE = (":61:2603100310DN58,00NCHGNONREF//A2", ":86:020?20OPLATA")


def import_lines(*lines: str, closing: str = "C260310PLN158,00") -> list[BankLine]:
    import_statement(statement(*lines, closing=closing).encode(), "a.sta")
    return list(BankLine.objects.order_by("id"))


def pay_by_hand(agency: Agency, clerk: User, **changes: Any) -> Payment:
    payment = {"amount": 5800, "received_on": BOOKED_ON, "note": ""}
    return book_by_hand(agency=agency, booked_by=clerk, **{**payment, **changes})


def test_a_waiting_line_is_assigned_to_an_agency(agency: Agency, billing_clerk: User) -> None:
    (line,) = import_lines(*WITHOUT_CODE)
    payment = credit_line(line, agency, billing_clerk)
    line.refresh_from_db()
    assert (line.state, line.reason) == ("credited", "")
    assert (payment.amount, payment.received_on) == (5800, BOOKED_ON)
    assert (payment.bank_line, payment.booked_by) == (line, billing_clerk)
    assert payment.invoice.paid_on == BOOKED_ON
    assert queued_deliveries() == [payment.invoice.pk]
    assert ledger.balance_of(agency) == 5800
    check_books()


def test_a_line_is_assigned_once(agency: Agency, other_agency: Agency) -> None:
    (line,) = import_lines(*WITHOUT_CODE)
    credit_line(line, agency)
    with pytest.raises(LineNotWaiting):
        credit_line(line, other_agency)
    assert ledger.balance_of(agency) == 5800
    assert ledger.balance_of(other_agency) == 0
    assert Payment.objects.count() == Invoice.objects.count() == 1


def test_a_fee_cannot_be_assigned(agency: Agency) -> None:
    (line,) = import_lines(*FEE, closing="C260310PLN42,00")
    with pytest.raises(LineNotWaiting):
        credit_line(line, agency)
    assert not Payment.objects.exists()


def test_a_payment_by_hand_is_credited_and_invoiced(agency: Agency, billing_clerk: User) -> None:
    payment = pay_by_hand(agency, billing_clerk, note="potwierdzenie z banku")
    assert (payment.note, payment.booked_by) == ("potwierdzenie z banku", billing_clerk)
    assert payment.bank_line is None
    assert payment.invoice.gross == 5800
    assert queued_deliveries() == [payment.invoice.pk]
    assert ledger.balance_of(agency) == 5800
    check_books()


def test_the_transfer_that_was_booked_by_hand_is_not_credited_again(
    agency: Agency, billing_clerk: User
) -> None:
    payment = pay_by_hand(agency, billing_clerk)
    (line,) = import_lines(*CREDIT)
    payment.refresh_from_db()
    assert payment.bank_line == line
    assert line.state == "credited"
    assert ledger.balance_of(agency) == 5800
    assert Invoice.objects.count() == 1
    check_books()


def test_a_second_equal_transfer_is_credited(agency: Agency, billing_clerk: User) -> None:
    pay_by_hand(agency, billing_clerk)
    import_lines(*CREDIT, *CREDIT, closing="C260310PLN216,00")
    assert ledger.balance_of(agency) == 2 * 5800
    assert Payment.objects.count() == Invoice.objects.count() == 2
    check_books()


@pytest.mark.parametrize("days", [-5, 5])
def test_a_payment_by_hand_may_be_some_days_off(
    agency: Agency, billing_clerk: User, days: int
) -> None:
    pay_by_hand(agency, billing_clerk, received_on=BOOKED_ON + timedelta(days))
    import_lines(*CREDIT)
    assert ledger.balance_of(agency) == 5800


@pytest.mark.parametrize(
    "changes",
    [
        {"received_on": BOOKED_ON - timedelta(6)},
        {"received_on": BOOKED_ON + timedelta(6)},
        {"amount": 5801},
    ],
)
def test_a_payment_by_hand_of_another_time_or_amount_is_another_payment(
    agency: Agency, billing_clerk: User, changes: dict[str, Any]
) -> None:
    by_hand = pay_by_hand(agency, billing_clerk, **changes)
    import_lines(*CREDIT)
    assert ledger.balance_of(agency) == by_hand.amount + 5800


def test_a_payment_by_hand_of_another_agency_is_another_payment(
    agency: Agency, other_agency: Agency, billing_clerk: User
) -> None:
    pay_by_hand(other_agency, billing_clerk)
    import_lines(*CREDIT)
    assert ledger.balance_of(agency) == ledger.balance_of(other_agency) == 5800


@pytest.mark.parametrize("amount", [0, -100])
def test_only_a_positive_amount_is_booked(agency: Agency, billing_clerk: User, amount: int) -> None:
    with pytest.raises(BookingRefused):
        pay_by_hand(agency, billing_clerk, amount=amount)
    assert rows_in_the_books() == 0


@time_machine.travel("2026-11-22 23:30Z", tick=False)
def test_money_cannot_have_come_after_today_in_warsaw(agency: Agency, billing_clerk: User) -> None:
    """At 23:30 UTC it is the 23rd in Warsaw."""
    with pytest.raises(BookingRefused):
        pay_by_hand(agency, billing_clerk, received_on=date(2026, 11, 24))
    assert rows_in_the_books() == 0
    pay_by_hand(agency, billing_clerk, received_on=date(2026, 11, 23))
    assert ledger.balance_of(agency) == 5800
