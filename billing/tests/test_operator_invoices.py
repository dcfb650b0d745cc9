"""What the operator's people do with invoices: find, send again, correct, pay back, undo."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client

from accounts.models import Agency, User
from billing import ledger, tasks
from billing.invoice_delivery import send_again
from billing.models import Invoice, InvoiceDuplicate, InvoiceEmail, ReturnTransfer
from billing.tests.payments import ACCOUNT, pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(agency: Agency) -> Invoice:
    return pay(agency, 10000).invoice


def text(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_invoices_are_found(invoice: Invoice, other_agency: Agency, as_clerk: Client) -> None:
    other = pay(other_agency, 5800).invoice
    InvoiceEmail.objects.filter(invoice=other).update(state="failed", last_error="no such mailbox")
    for query, found in (
        ("q=0001", {invoice}),
        ("q=zolc", {invoice}),
        ("q=111-111-11-11", {invoice}),
        ("mail=failed", {other}),
        ("mail=unsent", {invoice, other}),
        (f"month={invoice.year}-{invoice.month:02}", {invoice, other}),
        ("kind=correction", set()),
        ("month=made-up&kind=made-up", {invoice, other}),
    ):
        page = text(as_clerk, f"/operator/faktury/?{query}")
        assert {one for one in (invoice, other) if f">{one.number}<" in page} == found, query
    assert "no such mailbox" in text(as_clerk, "/operator/faktury/?mail=failed")


def test_a_failed_mail_goes_to_another_address(invoice: Invoice, as_clerk: Client) -> None:
    InvoiceEmail.objects.update(state="failed", last_error="no such mailbox", attempts=9)
    path = f"/operator/faktury/{invoice.pk}/"
    response = as_clerk.post(path + "wyslij/", {"to": "nowy@zolc.example"}, follow=True)
    assert "on its way to nowy@zolc.example" in response.content.decode()
    tasks.deliver_invoice(invoice.pk)
    (message,) = mail.outbox
    assert message.to == ["nowy@zolc.example"]
    page = text(as_clerk, path)
    assert "nowy@zolc.example" in page
    assert "Sent" in page


def test_a_bad_address_is_told_beside_the_field(invoice: Invoice, as_clerk: Client) -> None:
    InvoiceEmail.objects.update(state="sent")
    response = as_clerk.post(f"/operator/faktury/{invoice.pk}/wyslij/", {"to": "nobody"})
    assert response.status_code == 422
    assert InvoiceEmail.objects.get().state == "sent"


def test_a_duplicate_has_the_word_and_is_stored(invoice: Invoice, billing_clerk: User) -> None:
    tasks.deliver_invoice(invoice.pk)
    assert send_again(invoice, "a@zolc.example", by=billing_clerk, is_duplicate=True)
    # Asked for twice it goes once.
    assert not send_again(invoice, "b@zolc.example", by=billing_clerk)
    tasks.deliver_invoice(invoice.pk)
    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] != second.extra_headers["Message-ID"]
    duplicate = InvoiceDuplicate.objects.get()
    assert second.attachments[0].content == bytes(duplicate.content) != bytes(invoice.pdf.content)


def test_an_address_is_corrected(invoice: Invoice, agency: Agency, as_clerk: Client) -> None:
    path = f"/operator/faktury/{invoice.pk}/koryguj/"
    said = {"what": "buyer", "reason": "Przeprowadzka"}
    refused = as_clerk.post(path, said)
    assert refused.status_code == 422
    assert "are those of the agency" in refused.content.decode()
    agency.street = "ul. Nowa 1"
    agency.save()
    page = as_clerk.post(path, said, follow=True).content.decode()
    assert "FK/" in page
    assert "Przeprowadzka" in page
    assert "ul. Nowa 1" in page


def test_a_wrong_nip_is_a_new_invoice(invoice: Invoice, agency: Agency, as_clerk: Client) -> None:
    agency.nip = "5261040828"
    agency.save()
    said = {"what": "replace", "reason": "Zły NIP"}
    page = as_clerk.post(f"/operator/faktury/{invoice.pk}/koryguj/", said, follow=True)
    assert "5261040828" in page.content.decode()
    assert "Issued in its place" in text(as_clerk, f"/operator/faktury/{invoice.pk}/")


def test_unused_money_goes_back(invoice: Invoice, agency: Agency, as_clerk: Client) -> None:
    said = {
        "agency": agency.registration_code,
        "amount": "40,00",
        "account": f"PL {ACCOUNT[:2]} {ACCOUNT[2:]}",
        "reason": "Rezygnacja",
    }
    as_clerk.post("/operator/zwroty/", said)
    transfer = ReturnTransfer.objects.get()
    assert (transfer.amount, transfer.account, ledger.balance_of(agency)) == (4000, ACCOUNT, 6000)
    as_clerk.post(f"/operator/zwroty/{transfer.pk}/przelane/")
    assert "Piotr Bank" in text(as_clerk, "/operator/zwroty/")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"amount": "100,01"}, "The account holds 100,00"),
        ({"amount": "0"}, "more than 0,00"),
        ({"account": "27114020040000300201355388"}, "not a Polish account number"),
        ({"agency": "NOBODY"}, "No agency"),
        ({"reason": " "}, "required"),
    ],
)
def test_a_wrong_return_is_told_and_nothing_is_taken(
    invoice: Invoice, agency: Agency, as_clerk: Client, wrong: dict[str, str], told: str
) -> None:
    said = {"agency": agency.nip, "amount": "1", "account": ACCOUNT, "reason": "x"} | wrong
    response = as_clerk.post("/operator/zwroty/", said)
    assert response.status_code == 422
    assert told in response.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert ledger.balance_of(agency) == 10000


def test_a_payment_is_undone(invoice: Invoice, agency: Agency, as_clerk: Client) -> None:
    path = f"/operator/wplaty/{invoice.payment_id}/cofnij/"
    assert invoice.number in text(as_clerk, path)
    as_clerk.post(path, {"reason": "Nie ta agencja"})
    assert ledger.balance_of(agency) == 0
    assert "Undone" in text(as_clerk, "/operator/wplaty/")
    assert as_clerk.get(path).status_code == 404


def test_spent_money_is_told_and_stays(invoice: Invoice, agency: Agency, as_clerk: Client) -> None:
    ledger.debit(agency=agency, amount=2900, reference="campaign:1")
    response = as_clerk.post(
        f"/operator/wplaty/{invoice.payment_id}/cofnij/", {"reason": "Nie ta agencja"}
    )
    assert response.status_code == 422
    assert ledger.balance_of(agency) == 7100
