from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction

from accounts.models import Agency
from accounts.tests.races import run_together
from billing.invoicing import issue
from billing.models import Invoice, Payment

pytestmark = pytest.mark.django_db(transaction=True)


@transaction.atomic
def invoice_of(agency: Agency) -> int:
    payment = Payment.objects.create(agency=agency, amount=10000, received_on=date(2026, 3, 10))
    return issue(payment).sequence


def test_invoices_issued_at_once_are_numbered_without_gap_or_repeat(agency: Agency) -> None:
    sequences = run_together(20, lambda _number: invoice_of(agency))
    assert sorted(sequences) == list(range(1, 21))
    assert Invoice.objects.values("number").distinct().count() == 20


def test_an_invoice_that_fails_leaves_no_gap_among_the_others(agency: Agency) -> None:
    class Failure(Exception):
        pass

    def invoice_or_fail(number: int) -> int:
        with transaction.atomic():
            sequence = invoice_of(agency)
            if number % 2:
                raise Failure
            return sequence

    results = run_together(12, invoice_or_fail)
    assert sum(isinstance(result, Failure) for result in results) == 6
    numbers = [result for result in results if isinstance(result, int)]
    assert sorted(numbers) == list(range(1, 7))
