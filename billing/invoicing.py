"""Issuing VAT invoices. The PDF and the mail follow as jobs (billing/invoice_delivery.py)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.bulk_sql import create_many
from accounts.id_lists import among
from accounts.models import Agency
from billing.invoice_numbers import number_text, take_numbers
from billing.models import Invoice, InvoiceEmail, Payment
from billing.money import vat_from_gross

Kind = Invoice.Kind

SERIES = {Kind.VAT: "FV", Kind.ADVANCE: "FZ", Kind.CORRECTION: "FK"}
# What the customer pays for. In Polish whatever the interface's language: it is a Polish legal document.
SERVICE = "Doładowanie konta usługi wysyłania wiadomości SMS (MPS)"


class Paid(NamedTuple):
    """A payment to be invoiced: grosze that the bank booked on a Warsaw day."""

    payment_id: int
    agency: Agency
    amount: int
    received_on: date


class Issued(NamedTuple):
    """What a payment's invoice became."""

    invoice_id: int
    number: str


def issue(payment: Payment) -> Invoice:
    """Issue the invoice of one payment; see `issue_many`."""
    paid = Paid(payment.pk, payment.agency, payment.amount, payment.received_on)
    (issued,) = issue_many([paid])
    return Invoice.objects.get(pk=issued.invoice_id)


@transaction.atomic
def issue_many(payments: Sequence[Paid]) -> list[Issued]:
    """Issue the invoice of each payment and its waiting first mail, in the caller's transaction and in this order.

    Dated today in Warsaw, numbered without gaps per series and month (art. 106e ust. 1 pkt 2 ustawy o VAT), VAT
    computed from the gross amount (art. 106e ust. 7-8), seller and buyer copied as they are now. A few statements
    whatever the number of payments. What is advance and what ordinary, the seller's accountant says
    (settings.INVOICE_KIND).
    """
    kind, issued_on = Kind(settings.INVOICE_KIND), timezone.localdate()
    series, the_seller = SERIES[kind], seller()
    sequences = take_numbers(series, issued_on, len(payments))
    create_many(
        Invoice,
        [
            {
                "kind": kind.value,
                "payment_id": paid.payment_id,
                "paid_on": paid.received_on,
                **numbered(series, issued_on, sequence),
                **the_seller,
                **buyer(paid.agency),
                **taxed(paid.amount),
            }
            for paid, sequence in zip(payments, sequences, strict=True)
        ],
    )
    issued = _issued(payments)
    send_later((one.invoice_id, paid.agency) for one, paid in zip(issued, payments, strict=True))
    return issued


def _issued(payments: Sequence[Paid]) -> list[Issued]:
    invoices = Invoice.objects.filter(payment__in=among([paid.payment_id for paid in payments]))
    found = {
        payment: Issued(pk, number)
        for payment, pk, number in invoices.values_list("payment", "pk", "number")
    }
    return [found[paid.payment_id] for paid in payments]


def send_later(documents: Iterable[tuple[int, Agency]]) -> None:
    """Write the mails that jobs will send, of documents by id, to the addresses that the agencies have now."""
    create_many(InvoiceEmail, [{"invoice_id": pk, "to": agency.email} for pk, agency in documents])


def numbered(series: str, issued_on: date, sequence: int) -> dict[str, Any]:
    """The fields that say which document of which day it is."""
    return {
        "series": series,
        "year": issued_on.year,
        "month": issued_on.month,
        "sequence": sequence,
        "number": number_text(series, issued_on, sequence),
        "issued_on": issued_on,
    }


def taxed(gross: int) -> dict[str, Any]:
    """The fields of an amount of `gross` grosze: all of it net where the seller is exempt (art. 113)."""
    rate = 0 if settings.VAT_EXEMPTION else settings.VAT_RATE
    net, vat = vat_from_gross(gross, rate)
    return {
        "service": SERVICE,
        "vat_rate": rate,
        "exemption": settings.VAT_EXEMPTION,
        "net": net,
        "vat": vat,
        "gross": gross,
    }


def seller() -> dict[str, str]:
    """The seller's fields, as the settings say today."""
    return {
        "seller_name": settings.SELLER_NAME,
        "seller_street": settings.SELLER_STREET,
        "seller_postal_code": settings.SELLER_POSTAL_CODE,
        "seller_city": settings.SELLER_CITY,
        "seller_nip": settings.SELLER_NIP,
        "seller_account": settings.SELLER_ACCOUNT,
    }


def buyer(agency: Agency) -> dict[str, Any]:
    """The buyer's fields, as the agency is today."""
    return {
        "agency_id": agency.pk,
        "buyer_name": agency.name,
        "buyer_street": agency.street,
        "buyer_postal_code": agency.postal_code,
        "buyer_city": agency.city,
        "buyer_nip": agency.nip,
        "buyer_code": agency.formatted_code,
    }
