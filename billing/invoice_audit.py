"""Proof that the invoices are what the law and our own rules want; what `manage.py checkinvoices` prints."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from django.db.models import Count, F, Max, Min, Q, Sum
from django.db.models.functions import Coalesce

from billing.models import Invoice, InvoiceCounter, InvoicePdf, Payment
from billing.money import format_amount, vat_from_gross

_CHUNK = 500


def find_faults() -> Iterator[str]:
    """What is wrong, in English words for whoever runs the machine; nothing when all is well."""
    yield from _gaps()
    yield from _sums()
    yield from _causes()
    yield from _documents()


def _gaps() -> Iterator[str]:
    """Numbers run from 1 to the counter's, without one left out (art. 106e ust. 1 pkt 2 ustawy o VAT)."""
    counters = {(c.series, c.year, c.month): c.last_number for c in InvoiceCounter.objects.all()}
    groups = Invoice.objects.order_by().values_list("series", "year", "month")
    found = groups.annotate(Count("pk"), Min("sequence"), Max("sequence"))
    for series, year, month, number, first, last in found:
        counter = counters.pop((series, year, month), 0)
        if (first, last, number) != (1, counter, counter):
            yield (
                f"{series}/{year}/{month:02}: {number} documents from {first} to {last}, "
                f"the counter stands at {counter}"
            )
    for (series, year, month), counter in counters.items():
        if counter:
            yield f"{series}/{year}/{month:02}: no documents, the counter stands at {counter}"
    misdated = Invoice.objects.exclude(year=F("issued_on__year"), month=F("issued_on__month"))
    for number in misdated.values_list("number", flat=True):
        yield f"{number}: issued in another month than its number says"


def _sums() -> Iterator[str]:
    issued = Invoice.objects.exclude(kind=Invoice.Kind.CORRECTION)
    for invoice in issued.iterator(chunk_size=_CHUNK):
        if (invoice.net, invoice.vat) != vat_from_gross(invoice.gross, invoice.vat_rate):
            yield f"{invoice.number}: net and VAT do not follow from {format_amount(invoice.gross)}"
    for correction in Invoice.objects.filter(kind=Invoice.Kind.CORRECTION).iterator(_CHUNK):
        after = correction.gross_before + correction.gross
        is_right = (
            correction.net_before + correction.net,
            correction.vat_before + correction.vat,
        ) == vat_from_gross(after, correction.vat_rate)
        if not is_right:
            yield f"{correction.number}: net and VAT do not follow from {format_amount(after)}"
    left = F("gross") + Coalesce(Sum("corrections__gross"), 0)
    for number in issued.annotate(left=left).filter(left__lt=0).values_list("number", flat=True):
        yield f"{number}: corrected below zero"


def _causes() -> Iterator[str]:
    """Each payment has its invoice over its amount, and each undone one nothing left of it."""
    payments = Payment.objects.annotate(
        left=F("invoice__gross") + Coalesce(Sum("invoice__corrections__gross"), 0)
    )
    wrong = payments.filter(Q(invoice=None) | ~Q(invoice__gross=F("amount")))
    for pk in wrong.values_list("pk", flat=True):
        yield f"payment {pk}: no invoice over its amount"
    for pk in payments.exclude(undone_at=None).exclude(left=0).values_list("pk", flat=True):
        yield f"payment {pk}: undone, but its invoice is not corrected to zero"


def _documents() -> Iterator[str]:
    stored = InvoicePdf.objects.select_related("invoice")
    for pdf in stored.iterator(chunk_size=_CHUNK):
        if hashlib.sha256(bytes(pdf.content)).hexdigest() != pdf.sha256:
            yield f"{pdf.invoice.number}: the stored PDF is not the one that was made"
