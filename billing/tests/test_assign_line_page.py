from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Agency, User
from accounts.tests.jobs import queued_jobs
from accounts.tests.pages import text_of
from billing import booking, ledger, matching
from billing.models import BankLine, Payment
from billing.statement_import import import_statement
from billing.tests.books import check_books
from billing.tests.statement_files import statement

WITHOUT_CODE = (":61:2603100310CN58,00NTRFNONREF//A1", ":86:020?20ZA SMS?32ANNA")
FEE = (":61:2603100310DN58,00NCHGNONREF//A2", ":86:020?20OPLATA")


@pytest.fixture
def line(db: None) -> BankLine:
    """A payment of 58,00 zł that waits."""
    import_statement(statement(*WITHOUT_CODE).encode(), "a.sta")
    return BankLine.objects.get()


def assign(browser: Client, line: BankLine, agency: Agency) -> str:
    path = f"/operator/wplaty/{line.pk}/przypisz/"
    return text_of(browser.post(path, {"agency": agency.registration_code}, follow=True))


def test_the_page_shows_what_the_bank_said(line: BankLine, as_clerk: Client) -> None:
    text = text_of(as_clerk.get(f"/operator/wplaty/{line.pk}/przypisz/"))
    assert "Whose are these 58,00 zł?" in text
    assert "Title ZA SMS Payer ANNA" in text
    assert "Statement a.sta Why it waits No known registration code in the title" in text


def test_the_chosen_agency_is_credited(
    line: BankLine, agency: Agency, billing_clerk: User, as_clerk: Client
) -> None:
    text = assign(as_clerk, line, agency)
    payment = Payment.objects.get()
    assert f"58,00 zł credited to Ubezpieczenia Anna Żółć, invoice {payment.invoice.number}" in text
    assert (payment.agency, payment.bank_line) == (agency, line)
    assert payment.booked_by == billing_clerk
    assert ledger.balance_of(agency) == 5800
    check_books()


def test_a_colleague_was_faster(
    line: BankLine, agency: Agency, other_agency: Agency, as_clerk: Client
) -> None:
    booking.credit_line(line, agency)
    text = assign(as_clerk, line, other_agency)
    assert "This payment was booked already. Nothing was credited again." in text
    assert (ledger.balance_of(agency), ledger.balance_of(other_agency)) == (5800, 0)
    check_books()


def test_a_fee_can_never_be_credited(agency: Agency, as_clerk: Client) -> None:
    import_statement(statement(*FEE, closing="C260310PLN42,00").encode(), "a.sta")
    assign(as_clerk, BankLine.objects.get(), agency)
    assert ledger.balance_of(agency) == 0
    assert not Payment.objects.exists()


def test_without_an_agency_nothing_is_booked(line: BankLine, as_clerk: Client) -> None:
    response = as_clerk.post(f"/operator/wplaty/{line.pk}/przypisz/", {"agency": ""})
    assert "This field is required." in text_of(response)
    assert not Payment.objects.exists()


def test_support_may_not_assign(line: BankLine, agency: Agency, as_support: Client) -> None:
    response = as_support.post(
        f"/operator/wplaty/{line.pk}/przypisz/", {"agency": agency.registration_code}
    )
    assert response.status_code == 403
    assert not Payment.objects.exists()


def test_the_payers_other_transfers_are_suggested_at_once(
    agency: Agency, billing_clerk: User
) -> None:
    account = "?31" + "9" * 26
    import_statement(
        statement(
            *(":61:2603100310CN58,00NTRFNONREF//A1", f":86:020?20ZA SMS?32ANNA{account}"),
            *(":61:2603100310CN59,00NTRFNONREF//A2", f":86:020?20ZA SMS 2?32ANNA{account}"),
            closing="C260310PLN217,00",
        ).encode(),
        "a.sta",
    )
    first, second = BankLine.objects.order_by("amount")
    booking.credit_line(first, agency, billing_clerk)
    assert "billing.tasks.match_waiting" in [job.func for job in queued_jobs()]
    matching.match_waiting()
    assert [each.agency for each in second.suggestions.all()] == [agency]
