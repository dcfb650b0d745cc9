"""Mails about money."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from accounts.emails import compose, portal_link
from billing.models import Invoice


def invoice_email(invoice: Invoice) -> EmailMultiAlternatives:
    """The covering mail of an invoice, without its PDF. The same invoice gives the same Message-ID."""
    context = {"invoice": invoice, "invoices_url": portal_link("billing:invoices")}
    message = compose("invoice", invoice.first_email.to, invoice.agency.language, context)
    message.extra_headers["Message-ID"] = (
        f"<invoice-{invoice.pk}@{urlsplit(settings.PORTAL_URL).hostname}>"
    )
    return message
