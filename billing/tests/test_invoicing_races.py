from __future__ import annotations

import threading
from datetime import date

import pytest
from django.db import transaction

from accounts.models import Agency, User
from accounts.tests.races import run_together
from billing import corrections, invoicing
from billing.invoice_audit import find_faults
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


def test_forty_at_a_months_end_are_numbered_in_their_months(
    agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = {True: date(2026, 11, 30), False: date(2026, 12, 1)}
    own = threading.local()
    monkeypatch.setattr(invoicing.timezone, "localdate", lambda: own.day)

    def issue_one(number: int) -> None:
        own.day = days[number % 2 == 0]
        invoice_of(agency)

    run_together(40, issue_one)
    for day in days.values():
        issued = Invoice.objects.filter(year=day.year, month=day.month)
        assert set(issued.values_list("issued_on", flat=True)) == {day}
        assert sorted(issued.values_list("sequence", flat=True)) == list(range(1, 21))
    assert list(find_faults()) == []
    assert Invoice.objects.get(sequence=7, month=12).number == "FV/2026/12/0007"


def test_two_who_correct_an_invoice_at_once_correct_it_once(
    agency: Agency, billing_clerk: User
) -> None:
    payment = Payment.objects.create(agency=agency, amount=10000, received_on=date(2026, 3, 10))
    invoice = issue(payment)

    def correct(_number: int) -> bool:
        try:
            corrections.correct_to_zero(invoice, by=billing_clerk, reason="x")
        except corrections.CorrectionRefused:
            return False
        return True

    assert run_together(6, correct).count(True) == 1
    assert invoice.corrections.get().gross == -10000
