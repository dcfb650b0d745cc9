"""Payments and invoices for the tests of pages."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Any

from accounts.models import Agency, User
from billing.booking import book_by_hand
from billing.models import Invoice, InvoicePdf, Payment

PDF = b"%PDF-1.7 the invoice"
# A customer's, as money goes back to it.
ACCOUNT = "27114020040000300201355387"


def pay(agency: Agency, amount: int, booked_by: Any = None) -> Payment:
    """Book a payment of `amount` grosze, received on 20.11.2026."""
    clerk = (
        booked_by
        or User.objects.get_or_create(
            email="kasa@mps.example", defaults={"full_name": "Maria Kasa", "role": "billing"}
        )[0]
    )
    return book_by_hand(
        agency=agency, amount=amount, received_on=date(2026, 11, 20), note="", booked_by=clerk
    )


def invoice_with_pdf(agency: Agency, amount: int = 10000) -> Invoice:
    """The invoice of a payment, as it is once the background has rendered it."""
    invoice = pay(agency, amount).invoice
    InvoicePdf.objects.create(invoice=invoice, content=PDF, sha256=sha256(PDF).hexdigest())
    return invoice
