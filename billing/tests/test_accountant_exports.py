"""A month for the accountant: the register, the documents, the tax office's file."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
import time_machine
import xmlschema
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Agency, User
from billing import accountant_exports, corrections, jpk
from billing.invoice_delivery import ensure_pdf
from billing.models import Invoice
from billing.statement_import import import_statement
from billing.tests.payments import PDF, invoice_with_pdf, pay
from billing.tests.statement_files import sample

pytestmark = pytest.mark.django_db

FOLDER = "/operator/faktury/2026/11/"


@pytest.fixture(autouse=True)
def _november() -> Any:
    with time_machine.travel("2026-11-22 12:00+01:00", tick=False):
        yield


@pytest.fixture(scope="module")
def schema() -> xmlschema.XMLSchema:
    """The Ministry's own, as the package ufirma brings it."""
    jpk_of_ufirma = pytest.importorskip("jpk")
    folder = Path(next(iter(jpk_of_ufirma.__path__))) / "schemas" / "jpk_v7m"
    return xmlschema.XMLSchema(folder / "jpk_v7m.xsd")


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def register(client: Client) -> list[dict[str, str]]:
    text = body(client.get(FOLDER + "faktury.csv")).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def a_month(agency: Agency, other_agency: Agency, clerk: User) -> None:
    """An invoice to a firm, one to a natural person that is corrected to zero, and another address."""
    first = pay(agency, 10000).invoice
    agency.street = "=HYPERLINK(1)"
    agency.save()
    corrections.correct_buyer(first, by=clerk, reason="x")
    corrections.correct_to_zero(pay(other_agency, 5800).invoice, by=clerk, reason="Pomyłka")


def test_the_register_has_each_document_and_adds_up(
    agency: Agency, other_agency: Agency, billing_clerk: User, as_clerk: Client
) -> None:
    a_month(agency, other_agency, billing_clerk)
    rows = register(as_clerk)
    assert [(row["numer"], row["rodzaj"], row["brutto"]) for row in rows] == [
        ("FK/2026/11/0001", "KOR", "0,00"),
        ("FK/2026/11/0002", "KOR", "-58,00"),
        ("FV/2026/11/0001", "VAT", "100,00"),
        ("FV/2026/11/0002", "VAT", "58,00"),
        ("RAZEM", "4", "100,00"),
    ]
    assert (rows[2]["netto"], rows[2]["vat"], rows[2]["stawka"]) == ("81,30", "18,70", "23")
    assert (rows[2]["nabywca_nip"], rows[3]["nabywca_nip"]) == ("1111111111", "BRAK")
    assert rows[1]["numer_korygowanej"] == "FV/2026/11/0002"
    assert rows[0]["nabywca_adres"].startswith("'=HYPERLINK(1)")
    assert rows[2]["oznaczenie_jpk"] == "BFK"


def test_a_register_by_payment_has_what_was_paid_in_the_month_whenever_it_was_issued(
    agency: Agency, as_clerk: Client
) -> None:
    import_statement(sample("mbank_companynet.sta"), "a.sta")
    pay(agency, 10000)
    march = "/operator/faktury/2026/03/faktury.csv?by=payment"
    text = body(as_clerk.get(march)).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert {row["data_zaplaty"] for row in rows[:-1]} == {"2026-03-10"}
    assert {row["data_wystawienia"] for row in rows[:-1]} == {str(timezone.localdate())}
    assert rows[0]["id_transakcji_bankowej"] == "154961063700001.000001"
    assert rows[0]["tytul_przelewu"] == "KOD REJESTRACYJNY 7K3M-9QW3"
    assert (rows[-1]["numer"], rows[-1]["rodzaj"]) == ("RAZEM", str(len(rows) - 1))
    assert rows[-1]["brutto"] == "764,00"
    assert len(register(as_clerk)) == len(rows) + 1


def test_the_page_shows_the_control_totals(
    agency: Agency, other_agency: Agency, billing_clerk: User, as_clerk: Client
) -> None:
    a_month(agency, other_agency, billing_clerk)
    page = as_clerk.get("/operator/faktury/?month=2026-11").content.decode()
    assert "81,30" in page
    assert f'href="{FOLDER}jpk.xml"' in page


def test_the_documents_come_as_they_were_stored(agency: Agency, as_clerk: Client) -> None:
    invoice = invoice_with_pdf(agency)
    archive = zipfile.ZipFile(io.BytesIO(body(as_clerk.get(FOLDER + "faktury.zip"))))
    assert archive.testzip() is None
    assert archive.namelist() == [invoice.file_name]
    assert archive.read(invoice.file_name) == PDF
    assert as_clerk.get("/operator/faktury/2026/10/faktury.zip").status_code == 404


def test_an_agency_gets_its_own_month(
    agency: Agency, other_agency: Agency, as_accountant: Client, as_stranger: Client
) -> None:
    invoice = invoice_with_pdf(agency)
    own = "/faktury/2026/11/faktury.zip"
    archive = zipfile.ZipFile(io.BytesIO(body(as_accountant.get(own))))
    assert archive.namelist() == [invoice.file_name]
    assert as_stranger.get(own).status_code == 404


def test_the_sales_rows_are_valid(
    agency: Agency,
    other_agency: Agency,
    billing_clerk: User,
    as_clerk: Client,
    schema: xmlschema.XMLSchema,
) -> None:
    other_agency.name = 'Firma "Ą & <Ż>"'
    other_agency.save()
    a_month(agency, other_agency, billing_clerk)
    text = body(as_clerk.get(FOLDER + "jpk.xml")).decode()
    schema.validate(text)
    found = schema.to_dict(text)["Ewidencja"]
    rows = found["SprzedazWiersz"]
    # A correction of an address alone has no row.
    assert [(row["DowodSprzedazy"], str(row["K_19"]), str(row["K_20"])) for row in rows] == [
        ("FK/2026/11/0002", "-47.15", "-10.85"),
        ("FV/2026/11/0001", "81.30", "18.70"),
        ("FV/2026/11/0002", "47.15", "10.85"),
    ]
    assert rows[2]["NazwaKontrahenta"] == 'Firma "Ą & <Ż>"'
    assert rows[2]["NrKontrahenta"] == "BRAK"
    assert rows[1]["DataSprzedazy"] == "2026-11-20"
    assert str(found["SprzedazCtrl"]["PodatekNalezny"]) == "18.70"


def test_a_month_without_sales_is_valid_too(as_clerk: Client, schema: xmlschema.XMLSchema) -> None:
    schema.validate(body(as_clerk.get(FOLDER + "jpk.xml")).decode())


def test_an_exempt_seller_charges_no_vat(
    agency: Agency, as_clerk: Client, settings: Settings, schema: xmlschema.XMLSchema
) -> None:
    settings.VAT_EXEMPTION = "art. 113 ust. 1 ustawy o VAT"
    invoice = pay(agency, 10000).invoice
    assert (invoice.net, invoice.vat, invoice.vat_rate) == (10000, 0, 0)
    text = body(as_clerk.get(FOLDER + "jpk.xml")).decode()
    schema.validate(text)
    (row,) = schema.to_dict(text)["Ewidencja"]["SprzedazWiersz"]
    assert str(row["K_10"]) == "100.00"
    assert register(as_clerk)[0]["stawka"] == "zw"


def test_without_a_tax_office_there_is_no_file(as_clerk: Client, settings: Settings) -> None:
    settings.SELLER_TAX_OFFICE = ""
    response = as_clerk.get(FOLDER + "jpk.xml", follow=True)
    assert "SELLER_TAX_OFFICE" in response.content.decode()
    with pytest.raises(jpk.TaxOfficeUnknown):
        jpk.sales_file(Invoice.objects.all(), 2026, 11)


def test_the_hash_in_the_register_is_the_documents(agency: Agency, as_clerk: Client) -> None:
    invoice = pay(agency, 10000).invoice
    assert register(as_clerk)[0]["sha256_pdf"] == ""
    pdf = ensure_pdf(invoice)
    assert register(as_clerk)[0]["sha256_pdf"] == pdf.sha256
    assert accountant_exports.totals(Invoice.objects.all()).gross == 10000
