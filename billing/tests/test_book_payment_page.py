from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import Agency, User
from accounts.tests.pages import text_of
from billing import ledger
from billing.models import Payment
from billing.tests.books import check_books, queued_deliveries, rows_in_the_books

PATH = "/operator/wplaty/nowa/"


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel("2026-11-22T10:00:00+01:00"):
        yield


def entered(agency: Agency, changes: dict[str, str]) -> dict[str, Any]:
    content = {"amount": "1 234,50", "received_on": "2026-11-20", "note": "przekaz pocztowy"}
    return {"agency": agency.pk} | content | changes


def test_the_day_is_filled_in_with_today(as_clerk: Client) -> None:
    response = as_clerk.get(PATH)
    assert response.status_code == 200
    assert 'value="2026-11-22"' in response.content.decode()


def test_a_payment_is_credited_and_invoiced(
    agency: Agency, billing_clerk: User, as_clerk: Client
) -> None:
    response = as_clerk.post(PATH, entered(agency, {}), follow=True)
    payment = Payment.objects.get()
    assert (payment.amount, payment.received_on) == (123450, date(2026, 11, 20))
    assert (payment.note, payment.booked_by) == ("przekaz pocztowy", billing_clerk)
    assert ledger.balance_of(agency) == 123450
    assert queued_deliveries() == [payment.invoice.pk]
    told = f"1 234,50 zł credited to Ubezpieczenia Anna Żółć, invoice {payment.invoice.number}."
    assert told in text_of(response)
    check_books()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"amount": "0"}, "The amount must be more than 0,00 zł."),
        ({"amount": "-58,00"}, "The amount must be more than 0,00 zł."),
        ({"amount": "sto"}, "Write the amount as 1 234,50."),
        ({"amount": "1.234"}, "Write the amount as 1 234,50."),
        ({"amount": ""}, "This field is required."),
        ({"received_on": "2026-11-23"}, "The money cannot have come after today."),
        ({"received_on": "wczoraj"}, "Enter a valid date."),
        ({"agency": "999999"}, "Select a valid choice."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    changes: dict[str, str], reason: str, agency: Agency, as_clerk: Client
) -> None:
    response = as_clerk.post(PATH, entered(agency, changes))
    assert reason in text_of(response)
    assert rows_in_the_books() == 0


@pytest.mark.parametrize("person", ["as_support", "as_owner"])
def test_only_billing_may_book(person: str, agency: Agency, request: pytest.FixtureRequest) -> None:
    response = request.getfixturevalue(person).post(PATH, entered(agency, {}))
    assert response.status_code == 403
    assert rows_in_the_books() == 0
