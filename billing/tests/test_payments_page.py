from __future__ import annotations

from django.test import Client

from accounts.models import Agency, User
from accounts.tests.pages import text_of
from billing.models import BankLine
from billing.statement_import import import_statement
from billing.tests.payments import pay
from billing.tests.statement_files import statement

WITHOUT_CODE = (":61:2603100310CN58,00NTRFNONREF//A1", ":86:020?20ZA SMS?32ANNA")


def test_with_nothing_imported_the_page_says_so(as_clerk: Client) -> None:
    assert "Nothing waits" in text_of(as_clerk.get("/operator/wplaty/"))


def test_a_payment_without_a_code_waits_with_the_reason(as_clerk: Client) -> None:
    import_statement(statement(*WITHOUT_CODE).encode(), "a.sta")
    response = as_clerk.get("/operator/wplaty/")
    waiting = "10.03.2026 for 0 minutes ANNA ZA SMS No known registration code in the title 58,00 zł Assign"
    assert waiting in text_of(response).replace("\N{NO-BREAK SPACE}", " ")
    line = BankLine.objects.get()
    assert f'href="/operator/wplaty/{line.pk}/przypisz/"' in response.content.decode()


def test_a_booked_payment_tells_how_it_was_booked(
    agency: Agency, billing_clerk: User, as_clerk: Client
) -> None:
    import_statement(statement().encode(), "a.sta")
    invoice = pay(agency, 10000, billing_clerk).invoice
    text = text_of(as_clerk.get("/operator/wplaty/"))
    assert "10.03.2026 Ubezpieczenia Anna Żółć by its code" in text
    assert f"by Piotr Bank, not on a statement yet {invoice.number} 100,00 zł Undo" in text


def test_each_payment_leads_to_its_invoice(agency: Agency, as_clerk: Client) -> None:
    invoice = pay(agency, 5000).invoice
    page = as_clerk.get("/operator/wplaty/").content.decode()
    assert f'href="/operator/faktury/{invoice.pk}/"' in page


def test_support_looks_without_the_means_to_book(as_support: Client) -> None:
    import_statement(statement(*WITHOUT_CODE).encode(), "a.sta")
    page = as_support.get("/operator/wplaty/").content.decode()
    assert "ZA SMS" in page
    assert "/przypisz/" not in page
    assert "/operator/wplaty/nowa/" not in page
    assert "/cofnij/" not in page


def test_agencies_are_kept_out(as_owner: Client) -> None:
    assert as_owner.get("/operator/wplaty/").status_code == 403
