from __future__ import annotations

from typing import Any

from django.test import Client

from accounts.models import Agency
from accounts.tests.pages import text_of
from billing.tests.payments import invoice_with_pdf, pay


def test_before_the_first_payment_the_page_says_how_to_get_an_invoice(as_owner: Client) -> None:
    text = text_of(as_owner.get("/faktury/"))
    assert "No invoices yet" in text
    assert "The first one comes with your first payment." in text


def test_an_invoice_is_listed_with_its_amounts(agency: Agency, as_accountant: Client) -> None:
    invoice = invoice_with_pdf(agency, 10000)
    response = as_accountant.get("/faktury/")
    assert f"{invoice.number} " in text_of(response)
    assert "20.11.2026 81,30 zł 18,70 zł 100,00 zł PDF" in text_of(response)
    assert f'href="/faktury/{invoice.pk}/pdf/"' in response.content.decode()


def test_until_it_is_rendered_the_invoice_has_no_link(agency: Agency, as_owner: Client) -> None:
    invoice = pay(agency, 10000).invoice
    response = as_owner.get("/faktury/")
    assert "PDF in a moment" in text_of(response)
    assert f"/faktury/{invoice.pk}/pdf/" not in response.content.decode()


def test_the_list_has_the_agencys_own_invoices_only(agency: Agency, as_stranger: Client) -> None:
    invoice = invoice_with_pdf(agency)
    assert invoice.number not in text_of(as_stranger.get("/faktury/"))


def test_the_operator_sees_everybodys_invoices_and_the_state_of_their_mail(
    agency: Agency, other_agency: Agency, as_support: Client
) -> None:
    invoice_with_pdf(agency, 10000)
    pay(other_agency, 5800)
    text = text_of(as_support.get("/operator/faktury/"))
    assert "Ubezpieczenia Anna Żółć 100,00 zł Waiting" in text
    assert "Jan Łęcki 58,00 zł Waiting" in text


def test_a_longer_list_takes_no_more_queries(
    agency: Agency, as_owner: Client, django_assert_max_num_queries: Any
) -> None:
    for _number in range(20):
        invoice_with_pdf(agency)
    pay(agency, 10000)
    with django_assert_max_num_queries(8):
        as_owner.get("/faktury/")


def test_a_longer_list_takes_the_operator_no_more_queries(
    agency: Agency, as_clerk: Client, django_assert_max_num_queries: Any
) -> None:
    for _number in range(20):
        invoice_with_pdf(agency)
    for path, most in (("/operator/faktury/", 7), ("/operator/wplaty/", 8)):
        with django_assert_max_num_queries(most):
            as_clerk.get(path)
