from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Agency
from billing.tests.payments import PDF, invoice_with_pdf, pay


@pytest.mark.parametrize("person", ["as_owner", "as_accountant"])
def test_the_agencys_people_download_the_stored_bytes(
    person: str, agency: Agency, request: pytest.FixtureRequest
) -> None:
    invoice = invoice_with_pdf(agency)
    response = request.getfixturevalue(person).get(f"/faktury/{invoice.pk}/pdf/")
    assert response.status_code == 200
    assert response.content == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{invoice.file_name}"'
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_another_agencys_invoice_does_not_exist(agency: Agency, as_stranger: Client) -> None:
    invoice = invoice_with_pdf(agency)
    response = as_stranger.get(f"/faktury/{invoice.pk}/pdf/")
    assert response.status_code == 404
    assert PDF not in response.content


def test_an_invoice_that_is_not_rendered_yet_is_not_found(agency: Agency, as_owner: Client) -> None:
    invoice = pay(agency, 10000).invoice
    assert as_owner.get(f"/faktury/{invoice.pk}/pdf/").status_code == 404


@pytest.mark.parametrize(
    ("person", "path"), [("as_owner", "/faktury/"), ("as_clerk", "/operator/faktury/")]
)
def test_an_id_too_large_for_the_database_is_not_found(
    person: str, path: str, request: pytest.FixtureRequest
) -> None:
    browser: Client = request.getfixturevalue(person)
    assert browser.get(f"{path}{10**25}/pdf/").status_code == 404


def test_the_anonymous_are_asked_to_log_in(agency: Agency, as_visitor: Client) -> None:
    path = f"/faktury/{invoice_with_pdf(agency).pk}/pdf/"
    response = as_visitor.get(path)
    assert (response.status_code, response["Location"]) == (302, f"/logowanie/?next={path}")


def test_the_operator_downloads_any_invoice(agency: Agency, as_clerk: Client) -> None:
    invoice = invoice_with_pdf(agency)
    response = as_clerk.get(f"/operator/faktury/{invoice.pk}/pdf/")
    assert (response.status_code, response.content) == (200, PDF)
    assert response["Cache-Control"] == "private, no-store"


def test_the_operators_address_is_closed_to_agencies(agency: Agency, as_owner: Client) -> None:
    invoice = invoice_with_pdf(agency)
    assert as_owner.get(f"/operator/faktury/{invoice.pk}/pdf/").status_code == 403
