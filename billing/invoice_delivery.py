"""The way of an issued invoice to its customer: PDF rendered once, first mail sent once. Runs in jobs only."""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime, timedelta

from django.core.mail import EmailMessage
from django.db import IntegrityError
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from billing.emails import invoice_email
from billing.models import Invoice, InvoiceEmail, InvoicePdf

logger = logging.getLogger(__name__)

State = InvoiceEmail.State
# A mail that is "being sent" for longer was left behind by a dead worker.
SENDING_LEASE = timedelta(minutes=10)
# Minutes before the next attempt, by the number of attempts made; the last one repeats.
BACKOFF_MINUTES = (1, 5, 15, 60, 240)


def deliver(invoice_id: int) -> str:
    """Render the invoice's PDF if it has none and mail it if that has not happened. Harmless to repeat."""
    invoice = Invoice.objects.select_related("agency").get(pk=invoice_id)
    pdf = ensure_pdf(invoice)
    return _send_first_email(invoice, pdf)


def ensure_pdf(invoice: Invoice) -> InvoicePdf:
    """The stored PDF, rendered now if this is the first time; of two workers at once, one's rendering is kept."""
    stored = InvoicePdf.objects.filter(invoice=invoice).first()
    if stored is not None:
        return stored
    # Imported here, in the worker only: WeasyPrint costs 0.8 s and 50 MiB that web processes must not pay.
    from billing.pdf import render_invoice

    content = render_invoice(invoice)
    pdf = InvoicePdf(invoice=invoice, content=content, sha256=hashlib.sha256(content).hexdigest())
    try:
        pdf.save(force_insert=True)
    except IntegrityError:
        return InvoicePdf.objects.get(invoice=invoice)
    return pdf


def due_emails() -> list[int]:
    """Invoices whose first mail is due now, oldest first: for the sweep."""
    due = _due(timezone.now()).order_by("invoice_id")
    return list(due.values_list("invoice_id", flat=True)[:500])


def _send_first_email(invoice: Invoice, pdf: InvoicePdf) -> str:
    if not _claim(invoice):
        return "not due"
    message = invoice_email(invoice)
    message.attach(invoice.file_name, bytes(pdf.content), "application/pdf")
    return _attempt(invoice, message)


def _claim(invoice: Invoice) -> bool:
    """Take the mail for this process; False when it is sent, being sent, or waits for its next attempt."""
    now = timezone.now()
    claimed = (
        _due(now)
        .filter(invoice=invoice)
        .update(state=State.SENDING, attempts=F("attempts") + 1, next_attempt_at=now)
    )
    return bool(claimed)


def _due(now: datetime) -> QuerySet[InvoiceEmail]:
    return InvoiceEmail.objects.filter(
        Q(state=State.WAITING, next_attempt_at__lte=now)
        | Q(state=State.SENDING, next_attempt_at__lte=now - SENDING_LEASE)
    )


def _attempt(invoice: Invoice, message: EmailMessage) -> str:
    email = InvoiceEmail.objects.filter(invoice=invoice, state=State.SENDING)
    try:
        message.send()
    except OSError as error:  # smtplib's errors and those of the socket
        attempts = InvoiceEmail.objects.values_list("attempts", flat=True).get(invoice=invoice)
        minutes = BACKOFF_MINUTES[min(attempts, len(BACKOFF_MINUTES)) - 1]
        email.update(
            state=State.WAITING,
            last_error=str(error)[:300],
            next_attempt_at=timezone.now() + timedelta(minutes=minutes),
        )
        logger.warning("mail with invoice %s failed, again in %d min", invoice.number, minutes)
        return "failed"
    email.update(state=State.SENT, sent_at=timezone.now(), last_error="")
    return "sent"
