"""Corrections: what they say, that sums stay right, and that nothing is corrected twice or below zero."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as some
from hypothesis.extra.django import TestCase

from accounts.models import Agency, Event, EventKind, User
from billing import booking, corrections, ledger
from billing.corrections import CorrectionRefused
from billing.models import BankLine, Invoice, InvoiceEmail, LedgerEntry, ReturnTransfer
from billing.tests.books import queued_deliveries
from billing.tests.payments import ACCOUNT, pay

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    with translation.override("en"):
        yield


def amounts(invoice: Invoice) -> tuple[int, int, int]:
    return invoice.net, invoice.vat, invoice.gross


def test_to_zero_mirrors_the_invoice_to_the_grosz(agency: Agency, billing_clerk: User) -> None:
    invoice = pay(agency, 10001).invoice
    correction = corrections.correct_to_zero(invoice, by=billing_clerk, reason="Pomyłka")
    assert correction.number.startswith("FK/")
    assert amounts(correction) == (-invoice.net, -invoice.vat, -invoice.gross)
    assert (correction.net_before, correction.gross_before) == (invoice.net, 10001)
    assert (correction.corrects, correction.reason) == (invoice, "Pomyłka")
    assert corrections.standing(invoice).gross == 0
    assert InvoiceEmail.objects.get(invoice=correction).to == agency.email
    assert correction.pk in queued_deliveries()
    event = Event.objects.get(kind=EventKind.INVOICE_CORRECTED)
    assert (event.agency, event.person) == (agency, billing_clerk)


def test_what_is_zero_is_not_corrected_again(agency: Agency, billing_clerk: User) -> None:
    invoice = pay(agency, 10000).invoice
    correction = corrections.correct_to_zero(invoice, by=billing_clerk, reason="x")
    with pytest.raises(CorrectionRefused, match="zero"):
        corrections.correct_to_zero(invoice, by=billing_clerk, reason="x")
    with pytest.raises(CorrectionRefused, match="correction"):
        corrections.correct_to_zero(correction, by=billing_clerk, reason="x")
    assert invoice.corrections.count() == 1


def test_another_address_is_a_correction_without_an_amount(
    agency: Agency, billing_clerk: User
) -> None:
    invoice = pay(agency, 10000).invoice
    with pytest.raises(CorrectionRefused, match="are those"):
        corrections.correct_buyer(invoice, by=billing_clerk, reason="x")
    agency.street = "ul. Nowa 1"
    agency.save()
    invoice.refresh_from_db()
    correction = corrections.correct_buyer(invoice, by=billing_clerk, reason="Przeprowadzka")
    assert amounts(correction) == (0, 0, 0)
    assert (invoice.buyer_street, correction.buyer_street) == (
        "ul. Świętej Jadwigi 12/4",
        "ul. Nowa 1",
    )
    # What is corrected next is corrected as it stands.
    zero = corrections.correct_to_zero(invoice, by=billing_clerk, reason="x")
    assert (zero.buyer_street, zero.gross) == ("ul. Nowa 1", -10000)


def test_another_nip_is_another_invoice(agency: Agency, billing_clerk: User) -> None:
    invoice = pay(agency, 10000).invoice
    agency.nip = "5261040828"
    agency.save()
    with pytest.raises(CorrectionRefused, match="NIP"):
        corrections.correct_buyer(invoice, by=billing_clerk, reason="x")
    new = corrections.replace(invoice, by=billing_clerk, reason="Zły NIP")
    assert (new.buyer_nip, new.gross, new.replaces) == ("5261040828", 10000, invoice)
    assert new.number.startswith("FV/")
    assert corrections.standing(invoice).gross == 0
    assert invoice.corrections.get().buyer_nip == "1111111111"
    # The money is where it was.
    assert ledger.balance_of(agency) == 10000
    with pytest.raises(CorrectionRefused):
        corrections.replace(invoice, by=billing_clerk, reason="x")


def test_unused_money_is_paid_back_from_the_newest_invoices(
    agency: Agency, billing_clerk: User
) -> None:
    old, new = pay(agency, 5000).invoice, pay(agency, 3000).invoice
    transfer = corrections.pay_back(agency, 4000, ACCOUNT, by=billing_clerk, reason="Rezygnacja")
    assert ledger.balance_of(agency) == 4000
    assert corrections.standing(new).gross == 0
    assert corrections.standing(old).gross == 4000
    assert LedgerEntry.objects.get(kind="payout").reference == f"return:{transfer.pk}"
    assert corrections.mark_transferred(transfer, by=billing_clerk)
    assert not corrections.mark_transferred(transfer, by=billing_clerk)
    transfer.refresh_from_db()
    assert transfer.transferred_by == billing_clerk


def test_no_more_is_paid_back_than_there_is(agency: Agency, billing_clerk: User) -> None:
    pay(agency, 5000)
    with pytest.raises(CorrectionRefused, match="50,00"):
        corrections.pay_back(agency, 5001, ACCOUNT, by=billing_clerk, reason="x")
    assert ledger.balance_of(agency) == 5000
    assert not ReturnTransfer.objects.exists()
    assert not Invoice.objects.filter(kind="correction").exists()


def test_an_undone_payment_leaves_nothing_and_its_line_waits(
    agency: Agency, billing_clerk: User
) -> None:
    payment = pay(agency, 10000)
    booking.undo(payment, by=billing_clerk, reason="Nie ta agencja")
    assert ledger.balance_of(agency) == 0
    assert corrections.standing(payment.invoice).gross == 0
    with pytest.raises(booking.BookingRefused, match="before"):
        booking.undo(payment, by=billing_clerk, reason="x")
    assert Event.objects.filter(kind=EventKind.PAYMENT_UNDONE, agency=agency).count() == 1


def test_spent_money_cannot_be_undone(agency: Agency, billing_clerk: User) -> None:
    payment = pay(agency, 10000)
    ledger.debit(agency=agency, amount=2900, reference="campaign:1")
    with pytest.raises(booking.BookingRefused, match="29,00"):
        booking.undo(payment, by=billing_clerk, reason="x")
    payment.refresh_from_db()
    assert payment.undone_at is None
    assert ledger.balance_of(agency) == 7100
    assert not BankLine.objects.exists()


def test_a_replaced_invoice_is_undone_where_it_stands(agency: Agency, billing_clerk: User) -> None:
    payment = pay(agency, 10000)
    new = corrections.replace(payment.invoice, by=billing_clerk, reason="Zły NIP")
    booking.undo(payment, by=billing_clerk, reason="x")
    assert corrections.standing(new).gross == 0
    assert sum(Invoice.objects.values_list("gross", flat=True)) == 0


class TestAnyCorrections(TestCase):
    @settings(max_examples=25)
    @given(some.integers(1, 10_000_000), some.lists(some.integers(1, 5_000_000), max_size=4))
    def test_the_documents_add_up(self, paid: int, returned: list[int]) -> None:
        agency = Agency.objects.create(
            name="A",
            street="u",
            postal_code="00-001",
            city="W",
            email="a@a.example",
            phone="+48601000009",
            registration_code="7K3M9QW3",
        )
        clerk = User.objects.create_user("k@k.example", "x", full_name="K", role="billing")
        invoice = pay(agency, paid, clerk).invoice
        left = paid
        for amount in returned:
            if amount <= left:
                corrections.pay_back(agency, amount, ACCOUNT, by=clerk, reason="x")
                left -= amount
        stands = corrections.standing(invoice)
        assert stands.gross == left == stands.net + stands.vat
        # As if it had been issued over what is left: within half a grosz of gross * 23 / 123.
        assert abs(123 * stands.vat - 23 * left) * 2 <= 123
        for correction in invoice.corrections.all():
            assert correction.gross == correction.net + correction.vat < 0
