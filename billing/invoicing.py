"""Issuing VAT invoices. The PDF and the mail follow as jobs (billing/invoice_delivery.py)."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from billing.models import Invoice, InvoiceCounter, InvoiceEmail, Payment
from billing.money import vat_from_gross

SERIES = "FV"
# What the customer pays for. In Polish whatever the interface's language: it is a Polish legal document.
SERVICE = "Doładowanie konta usługi wysyłania wiadomości SMS (MPS)"


@transaction.atomic
def issue(payment: Payment) -> Invoice:
    """Issue the VAT invoice of a payment and its waiting first mail, in the caller's transaction.

    Dated today in Warsaw, numbered without gaps per series and month (art. 106e ust. 1 pkt 2 ustawy o VAT), VAT
    computed from the gross amount (art. 106e ust. 7-8), seller and buyer copied as they are now.
    """
    issued_on = timezone.localdate()
    sequence = _next_number(SERIES, issued_on)
    net, vat = vat_from_gross(payment.amount, settings.VAT_RATE)
    invoice = Invoice(
        agency=payment.agency,
        payment=payment,
        series=SERIES,
        year=issued_on.year,
        month=issued_on.month,
        sequence=sequence,
        number=f"{SERIES}/{issued_on.year}/{issued_on.month:02}/{sequence:04}",
        issued_on=issued_on,
        paid_on=payment.received_on,
        service=SERVICE,
        vat_rate=settings.VAT_RATE,
        net=net,
        vat=vat,
        gross=payment.amount,
        **_seller(),
        **_buyer(payment),
    )
    invoice.save(force_insert=True)
    InvoiceEmail.objects.create(invoice=invoice, to=payment.agency.email)
    return invoice


def _next_number(series: str, day: date) -> int:
    """The next number of the month. The row stays locked until the caller commits, so none is ever skipped."""
    counter, _created = InvoiceCounter.objects.get_or_create(
        series=series, year=day.year, month=day.month
    )
    InvoiceCounter.objects.filter(pk=counter.pk).update(last_number=F("last_number") + 1)
    counter.refresh_from_db(fields=["last_number"])
    return counter.last_number


def _seller() -> dict[str, str]:
    return {
        "seller_name": settings.SELLER_NAME,
        "seller_street": settings.SELLER_STREET,
        "seller_postal_code": settings.SELLER_POSTAL_CODE,
        "seller_city": settings.SELLER_CITY,
        "seller_nip": settings.SELLER_NIP,
        "seller_account": settings.SELLER_ACCOUNT,
    }


def _buyer(payment: Payment) -> dict[str, str]:
    agency = payment.agency
    return {
        "buyer_name": agency.name,
        "buyer_street": agency.street,
        "buyer_postal_code": agency.postal_code,
        "buyer_city": agency.city,
        "buyer_nip": agency.nip,
        "buyer_code": agency.formatted_code,
    }
