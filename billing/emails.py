"""Mails about money."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from accounts.emails import compose, portal_link
from accounts.models import User
from billing.ksef_limit import LIMIT, NEAR
from billing.ledger import balance_of
from billing.models import Invoice, KsefNotice, Wallet
from billing.prices import price_per_part


def invoice_email(invoice: Invoice) -> EmailMultiAlternatives:
    """The covering mail of an invoice or a correction, without its PDF.

    Should a worker die right after sending it, its repetition has the same Message-ID; sent again on purpose, another.
    """
    balance = balance_of(invoice.agency)
    context = {
        "invoice": invoice,
        "balance": balance,
        "parts": balance // price_per_part(invoice.agency),
        "invoices_url": portal_link("billing:invoices"),
    }
    kind = "correction" if invoice.is_correction else "invoice"
    email = invoice.first_email
    message = compose(kind, email.to, invoice.agency.language, context)
    again = f"-{email.num_sent}" if email.num_sent else ""
    message.extra_headers["Message-ID"] = (
        f"<invoice-{invoice.pk}{again}@{urlsplit(settings.PORTAL_URL).hostname}>"
    )
    return message


def send_ksef_notice(notice_id: int, person_id: int) -> None:
    """Tell somebody of the operator that invoices outside KSeF come near their limit, or exceeded it."""
    notice = KsefNotice.objects.select_related("invoice").get(pk=notice_id)
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if person is None:
        return
    context = {
        "person": person,
        "is_passed": notice.kind == KsefNotice.Kind.PASSED,
        "invoice": notice.invoice,
        "near": NEAR,
        "limit": LIMIT,
        "link": portal_link("billing:all_invoices"),
    }
    compose("ksef_notice", person.email, person.language, context).send()


def send_low_balance(agency_id: int) -> None:
    """Tell an agency that its balance fell below its threshold. Nothing if it was topped up meanwhile."""
    wallet = Wallet.objects.select_related("agency").get(pk=agency_id)
    agency, below = wallet.agency, wallet.warn_below
    if below is None or wallet.balance >= below or agency.is_closed:
        return
    context = {
        "balance": wallet.balance,
        "below": below,
        "parts": wallet.balance // price_per_part(agency),
        "top_up_url": portal_link("billing:top_up"),
        "balance_url": portal_link("billing:balance"),
    }
    compose("low_balance", agency.email, agency.language, context).send()
