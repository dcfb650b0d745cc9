from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from accounts.models import Agency
from accounts.models.append_only import RowIsFinal
from billing.invoicing import issue
from billing.models import Invoice, InvoiceEmail, Payment

pytestmark = pytest.mark.django_db


def invoice_of(agency: Agency, amount: int = 10000) -> Invoice:
    payment = Payment.objects.create(agency=agency, amount=amount, received_on=date(2026, 11, 20))
    return issue(payment)


@time_machine.travel("2026-11-22 12:00Z", tick=False)
def test_an_invoice_says_who_sold_what_to_whom(agency: Agency) -> None:
    invoice = invoice_of(agency)
    assert invoice.number == "FV/2026/11/0001"
    assert invoice.file_name == "FV-2026-11-0001.pdf"
    assert (invoice.issued_on, invoice.paid_on) == (date(2026, 11, 22), date(2026, 11, 20))
    assert (invoice.seller_name, invoice.seller_nip) == ("m6 Soft Plus", "9999999999")
    assert invoice.seller_account == "76114020040000350243465646"
    assert (invoice.buyer_name, invoice.buyer_nip) == ("Ubezpieczenia Anna Żółć", "1111111111")
    assert (invoice.buyer_street, invoice.buyer_city) == ("ul. Świętej Jadwigi 12/4", "Opole")
    assert invoice.buyer_code == "7K3M-9QW3"
    assert (invoice.gross, invoice.net, invoice.vat, invoice.vat_rate) == (10000, 8130, 1870, 23)


def test_an_issued_invoice_keeps_its_parties_when_they_change(
    agency: Agency, settings: Settings
) -> None:
    invoice = invoice_of(agency)
    agency.name, agency.nip, agency.city = "Zupełnie Inna Firma", "", "Gdynia"
    agency.save()
    settings.SELLER_NAME, settings.VAT_RATE = "Inny Sprzedawca", 25
    kept = Invoice.objects.get(pk=invoice.pk)
    assert (kept.buyer_name, kept.buyer_nip) == ("Ubezpieczenia Anna Żółć", "1111111111")
    assert (kept.buyer_city, kept.seller_name) == ("Opole", "m6 Soft Plus")
    assert (kept.net, kept.vat, kept.vat_rate) == (8130, 1870, 23)


def test_an_issued_invoice_is_neither_changed_nor_deleted(agency: Agency) -> None:
    invoice = invoice_of(agency)
    invoice.buyer_name = "Kto inny"
    for attempt in (
        invoice.save,
        invoice.delete,
        Invoice.objects.all().delete,
        lambda: Invoice.objects.update(buyer_name="Kto inny"),
    ):
        with pytest.raises(RowIsFinal):
            attempt()
    assert Invoice.objects.get().buyer_name == "Ubezpieczenia Anna Żółć"


def test_its_first_mail_waits_for_the_agencys_address(agency: Agency) -> None:
    invoice = invoice_of(agency)
    email = InvoiceEmail.objects.get(invoice=invoice)
    assert (email.to, email.state) == ("anna@zolc.example", "waiting")


def test_the_month_ends_in_warsaw_and_numbers_start_again(agency: Agency) -> None:
    """30 November 23:30 UTC is 1 December 0:30 in Warsaw."""
    with time_machine.travel("2026-11-30 22:30Z", tick=False):
        november = [invoice_of(agency).number, invoice_of(agency).number]
    with time_machine.travel("2026-11-30 23:30Z", tick=False):
        december = invoice_of(agency)
    assert november == ["FV/2026/11/0001", "FV/2026/11/0002"]
    assert (december.number, december.issued_on) == ("FV/2026/12/0001", date(2026, 12, 1))


def test_the_year_ends_in_warsaw(agency: Agency) -> None:
    with time_machine.travel("2026-12-31 23:00Z", tick=False):
        assert invoice_of(agency).number == "FV/2027/01/0001"


@time_machine.travel("2026-11-22 12:00Z", tick=False)
def test_a_number_that_was_rolled_back_is_given_again(agency: Agency, other_agency: Agency) -> None:
    invoice_of(agency)
    with transaction.atomic():
        assert invoice_of(other_agency).sequence == 2
        transaction.set_rollback(True)
    assert invoice_of(other_agency).number == "FV/2026/11/0002"


@pytest.mark.parametrize(
    ("gross", "net", "vat"),
    [(1, 1, 0), (3, 2, 1), (29, 24, 5), (2900, 2358, 542), (5000, 4065, 935), (12300, 10000, 2300)],
)
def test_vat_is_taken_out_of_the_gross_amount(
    agency: Agency, gross: int, net: int, vat: int
) -> None:
    invoice = invoice_of(agency, gross)
    assert (invoice.net, invoice.vat, invoice.gross) == (net, vat, gross)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(gross=st.integers(1, 10**11))
def test_net_and_vat_always_make_the_payment(agency: Agency, gross: int) -> None:
    with transaction.atomic():
        invoice = invoice_of(agency, gross)
        assert invoice.net + invoice.vat == invoice.gross == gross
        assert abs(invoice.vat * 123 - gross * 23) * 2 <= 123
        transaction.set_rollback(True)
