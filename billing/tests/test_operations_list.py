"""mBank's Lista operacji only suggests: nothing of it is stored, and what was entered by hand is credited once."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Agency
from accounts.tests.pages import text_of
from billing import ledger
from billing.expected_payments import expected_payments
from billing.models import BankLine, Payment, StatementFile
from billing.statement_import import import_statement
from billing.statements.mbank_operations_list import parse_operations_list
from billing.tests.books import check_books
from billing.tests.statement_files import sample

LIST = "mbank_lista_operacji.csv"


def upload(browser: Client, content: bytes = b"") -> str:
    file = SimpleUploadedFile("lista.csv", content or sample(LIST))
    return text_of(browser.post("/operator/wyciagi/", {"file": file}))


def test_it_is_read_as_the_bank_wrote_it() -> None:
    listed = parse_operations_list(sample(LIST))
    assert listed.accounts == {"76114020040000350243465646"}
    assert [each.amount for each in listed.received] == [
        *(10000, 5800, 20000, 5800, 500, 2900, 5800, 12300, 10000, 29000, 5800),
    ]
    first = listed.received[0]
    assert (first.day, first.payer_account) == (date(2026, 3, 10), "87102052260000000000002002")
    assert first.description.startswith("AGENCJA UBEZPIECZENIOWA ŻÓŁĆ SP. Z O.O., FAKTURA 7/2026")


@pytest.mark.django_db
def test_its_payments_are_suggested_and_nothing_is_stored(
    agency: Agency, other_agency: Agency, as_clerk: Client
) -> None:
    text = upload(as_clerk)
    assert "Payments to expect" in text
    assert "Ubezpieczenia Anna Żółć one of the codes in the title Enter by hand" in text
    assert "nobody's that we know" in text
    assert not StatementFile.objects.exists()
    assert not BankLine.objects.exists()
    assert not Payment.objects.exists()


@pytest.mark.django_db
def test_what_was_entered_by_it_is_not_credited_again_by_the_statement(
    agency: Agency, other_agency: Agency, as_clerk: Client
) -> None:
    form = as_clerk.get(
        f"/operator/wplaty/nowa/?agency={agency.pk}&amount=290,00&received_on=2026-03-10"
    )
    page = form.content.decode()
    assert 'value="290,00"' in page
    assert f'<option value="{agency.pk}" selected>' in page
    entered = {"agency": agency.pk, "amount": "290,00", "received_on": "2026-03-10"}
    as_clerk.post("/operator/wplaty/nowa/", entered)
    assert "Booked Ubezpieczenia Anna Żółć, FV/" in upload(as_clerk)
    import_statement(sample("mbank_zestawienie_operacji.csv"), "z.csv")
    assert Payment.objects.filter(agency=agency, amount=29000).count() == 1
    assert ledger.balance_of(agency) == 5800 + 29000 + 10000 + 5800 + 5800
    check_books()


@pytest.mark.django_db
def test_another_accounts_list_is_told(as_clerk: Client) -> None:
    content = sample(LIST).replace(b"76114020040000350243465646", b"61109010140000071219812874")
    assert "The list is not of our account." in upload(as_clerk, content)


@pytest.mark.django_db
@pytest.mark.parametrize("cut", [700, 900, 1500])
def test_a_list_that_is_cut_is_no_error(as_clerk: Client, cut: int) -> None:
    assert "Payments to expect" in upload(as_clerk, sample(LIST)[:cut])


@pytest.mark.django_db
def test_of_two_equal_transfers_one_is_booked(agency: Agency, as_clerk: Client) -> None:
    """Two of 58,00 name the agency: the one that was entered is one of them."""
    pay_day = date(2026, 3, 10)
    book = {"agency": agency.pk, "amount": "58,00", "received_on": pay_day.isoformat()}
    as_clerk.post("/operator/wplaty/nowa/", book)
    assert upload(as_clerk).count("Booked Ubezpieczenia Anna Żółć") == 1


@pytest.mark.django_db
def test_many_operations_take_as_many_queries_as_few(agency: Agency, as_clerk: Client) -> None:
    operations = parse_operations_list(sample(LIST)).received
    with CaptureQueriesContext(connection) as few:
        expected_payments(operations[:2])
    with CaptureQueriesContext(connection) as many:
        expected_payments(operations * 10)
    assert len(many) == len(few)
