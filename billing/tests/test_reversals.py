"""What the bank takes back is taken back from the wallet, once; where it is spent, staff decide."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Agency
from accounts.tests.pages import text_of
from billing import ledger
from billing.models import BankLine, Invoice, Payment
from billing.statement_import import ImportReport, import_statement
from billing.tests.books import check_books
from billing.tests.statement_files import CREDIT, statement

pytestmark = pytest.mark.django_db

PAYER = "?31" + "9" * 26
PAID = (":61:2603100310CN58,00NTRFNONREF//A1", f":86:020?00PRZELEW?20KOD 7K3M-9QW3?32ANNA{PAYER}")
REVERSED = (
    ":61:2603110311RCN58,00NTRFNONREF//A2",
    f":86:020?00ZWROT?20KOD 7K3M-9QW3?32ANNA{PAYER}",
)
WITHOUT_CODE = (":61:2603100310CN58,00NTRFNONREF//A1", f":86:020?20ZA SMS?32ANNA{PAYER}")


def bring(*lines: str, opening: str, closing: str, name: str) -> ImportReport:
    text = statement(*lines, opening=opening, closing=closing)
    return import_statement(text.encode(), name)


def bring_payment(*lines: str) -> ImportReport:
    return bring(*lines, opening="C260310PLN100,00", closing="C260310PLN158,00", name="a.sta")


def bring_reversal(*lines: str) -> ImportReport:
    return bring(*lines, opening="C260311PLN158,00", closing="C260311PLN100,00", name="b.sta")


def test_a_credited_payment_is_taken_back_with_its_invoice(agency: Agency) -> None:
    bring_payment(*PAID)
    assert ledger.balance_of(agency) == 5800
    report = bring_reversal(*REVERSED)
    assert (report.num_taken_back, report.num_waiting) == (1, 0)
    assert ledger.balance_of(agency) == 0
    payment = Payment.objects.get()
    assert payment.undone_by is None
    assert payment.undo_reason == "Bank cofnął przelew 11.03.2026."
    correction = Invoice.objects.get(kind="correction")
    assert (correction.corrects, correction.gross) == (payment.invoice, -5800)
    original = BankLine.objects.get(amount=5800)
    assert (original.state, original.set_aside_note) == ("set_aside", payment.undo_reason)
    assert BankLine.objects.get(amount=-5800).reverses == original
    check_books()


def test_both_in_one_file_leave_nothing(agency: Agency) -> None:
    report = bring(
        *PAID, *REVERSED, opening="C260310PLN100,00", closing="C260311PLN100,00", name="a.sta"
    )
    assert (report.num_credited, report.num_taken_back) == (1, 1)
    assert ledger.balance_of(agency) == 0
    check_books()


def test_what_waits_is_not_credited_afterwards(agency: Agency) -> None:
    bring_payment(*WITHOUT_CODE)
    assert bring_reversal(REVERSED[0], WITHOUT_CODE[1]).num_taken_back == 1
    assert BankLine.objects.get(amount=5800).state == "set_aside"
    assert not BankLine.objects.filter(state="unmatched").exists()


def test_spent_money_is_for_staff_who_settle_it_later(agency: Agency, as_clerk: Client) -> None:
    bring_payment(*PAID)
    ledger.debit(agency=agency, amount=1000, reference="campaign:1")
    report = bring_reversal(*REVERSED)
    assert (report.num_taken_back, report.num_waiting) == (0, 1)
    assert ledger.balance_of(agency) == 4800
    line = BankLine.objects.get(amount=-5800)
    assert "Settle" in text_of(as_clerk.get("/operator/wplaty/"))
    page = text_of(as_clerk.get(f"/operator/wplaty/{line.pk}/przypisz/"))
    assert "The bank took a payment back" in page
    text = text_of(as_clerk.post(f"/operator/wplaty/{line.pk}/zwrot/", follow=True))
    assert "The agency still has too little" in text
    ledger.credit(agency=agency, amount=1000, reference="payment:x")
    text = text_of(as_clerk.post(f"/operator/wplaty/{line.pk}/zwrot/", follow=True))
    assert "The payment is taken back" in text
    assert ledger.balance_of(agency) == 0
    assert as_clerk.post(f"/operator/wplaty/{line.pk}/zwrot/").status_code == 404
    check_books()


def test_a_reversal_that_waits_is_never_credited(agency: Agency, as_clerk: Client) -> None:
    bring_payment(*PAID)
    ledger.debit(agency=agency, amount=1000, reference="campaign:1")
    bring_reversal(*REVERSED)
    line = BankLine.objects.get(amount=-5800)
    path = f"/operator/wplaty/{line.pk}/przypisz/"
    as_clerk.post(path, {"agency": agency.registration_code})
    assert Payment.objects.count() == 1
    as_clerk.post(f"/operator/wplaty/{line.pk}/odloz/", {"note": "rozliczone z agencją"})
    line.refresh_from_db()
    assert line.state == "set_aside"


def test_payments_of_two_agencies_that_look_alike_are_for_staff(
    agency: Agency, other_agency: Agency
) -> None:
    other = (PAID[0], PAID[1].replace("7K3M-9QW3", "4H2T-08RG"))
    bring(*PAID, *other, opening="C260310PLN42,00", closing="C260310PLN158,00", name="a.sta")
    report = bring_reversal(REVERSED[0], f":86:020?00ZWROT?20ZWROT?32ANNA{PAYER}")
    assert (report.num_taken_back, report.num_waiting) == (0, 1)
    assert ledger.balance_of(agency) == ledger.balance_of(other_agency) == 5800


def test_one_reversal_takes_back_one_of_two_equal_payments(agency: Agency) -> None:
    bring(*PAID, *PAID, opening="C260310PLN42,00", closing="C260310PLN158,00", name="a.sta")
    assert bring_reversal(*REVERSED).num_taken_back == 1
    assert ledger.balance_of(agency) == 5800
    check_books()


def test_a_reversal_of_what_never_was_ours_changes_nothing(agency: Agency) -> None:
    bring_payment(*CREDIT)
    report = bring_reversal(
        REVERSED[0].replace("58,00", "58,00"), ":86:020?20INNY TYTUL?32KTOS?31" + "8" * 26
    )
    assert (report.num_taken_back, report.num_waiting, report.num_other) == (0, 0, 1)
    assert ledger.balance_of(agency) == 5800
