"""The way of an invoice to its customer: PDF rendered once, first mail sent once. Runs in jobs only."""

from __future__ import annotations

import hashlib
import logging
from datetime import date, datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused

from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts import events
from accounts.jobs import enqueue
from accounts.models import EventKind, User
from billing.emails import invoice_email
from billing.models import (
    Invoice,
    InvoiceDuplicate,
    InvoiceEmail,
    InvoiceEmailAttempt,
    InvoicePdf,
)

logger = logging.getLogger(__name__)

State = InvoiceEmail.State
# A mail that is "being sent" for longer was left behind by a dead worker.
SENDING_LEASE = timedelta(minutes=10)
# Minutes before the next attempt, by the number of attempts made; the last one repeats.
BACKOFF_MINUTES = (1, 5, 15, 60, 240)
# What could not be sent for so long, somebody has to look at.
GIVE_UP_AFTER = timedelta(days=3)
# From here on a mail server says no for good (RFC 5321, 4.2.1).
_PERMANENT = 500


def deliver(invoice_id: int) -> str:
    """Render the invoice's PDF if it has none and mail it if that has not happened. Harmless to repeat.

    Returns "sent", "not due", or "failed" with the reason in the invoice's mail.
    """
    invoice = Invoice.objects.select_related("agency", "corrects").get(pk=invoice_id)
    if not _claim(invoice):
        return "not due"
    email = InvoiceEmail.objects.get(invoice=invoice)
    try:
        content = _document(invoice, email)
    except Exception as error:
        # Whatever it is: the invoice waits where people see it, and the log says where in the code.
        logger.exception("invoice %s cannot be rendered", invoice.number)
        return _failed(invoice, email, f"PDF: {type(error).__name__}: {error}", is_final=False)
    message = invoice_email(invoice)
    message.attach(invoice.file_name, content, "application/pdf")
    return _attempt(invoice, email, message)


def _document(invoice: Invoice, email: InvoiceEmail) -> bytes:
    if email.duplicate_on:
        return bytes(ensure_duplicate(invoice, email.duplicate_on).content)
    return bytes(ensure_pdf(invoice).content)


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
        with transaction.atomic():
            pdf.save(force_insert=True)
    except IntegrityError:
        return InvoicePdf.objects.get(invoice=invoice)
    return pdf


def ensure_duplicate(invoice: Invoice, day: date) -> InvoiceDuplicate:
    """The stored duplicate of that day, like `ensure_pdf`."""
    stored = InvoiceDuplicate.objects.filter(invoice=invoice, issued_on=day).first()
    if stored is not None:
        return stored
    from billing.pdf import render_invoice

    content = render_invoice(invoice, duplicate_on=day)
    duplicate = InvoiceDuplicate(
        invoice=invoice,
        issued_on=day,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
    )
    try:
        with transaction.atomic():
            duplicate.save(force_insert=True)
    except IntegrityError:
        return InvoiceDuplicate.objects.get(invoice=invoice, issued_on=day)
    return duplicate


@transaction.atomic
def send_again(invoice: Invoice, to: str, *, by: User, is_duplicate: bool = False) -> bool:
    """Have an invoice mailed once more, to this address; as a duplicate, with the word and the day of today (Warsaw).

    False while its mail waits or is being sent.
    """
    now = timezone.now()
    asked = InvoiceEmail.objects.filter(invoice=invoice, state__in=(State.SENT, State.FAILED))
    if not asked.update(
        to=to,
        duplicate_on=timezone.localdate() if is_duplicate else None,
        state=State.WAITING,
        attempts=0,
        last_error="",
        next_attempt_at=now,
        asked_at=now,
    ):
        return False
    events.record(EventKind.INVOICE_SENT_AGAIN, invoice.number, agency=invoice.agency, person=by)
    enqueue("billing.tasks.deliver_invoice", invoice.pk)
    return True


def due_emails() -> list[int]:
    """Invoices whose mail is due now, oldest first: for the sweep."""
    due = _due(timezone.now()).order_by("invoice_id")
    return list(due.values_list("invoice_id", flat=True)[:500])


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


def _attempt(invoice: Invoice, email: InvoiceEmail, message: EmailMessage) -> str:
    try:
        message.send()
    except OSError as error:  # smtplib's errors and those of the socket
        return _failed(invoice, email, str(error), is_final=_is_refusal(error))
    with transaction.atomic():
        _held(email).update(
            state=State.SENT,
            sent_at=timezone.now(),
            num_sent=F("num_sent") + 1,
            last_error="",
        )
        InvoiceEmailAttempt.objects.create(invoice=invoice, to=email.to)
    return "sent"


@transaction.atomic
def _failed(invoice: Invoice, email: InvoiceEmail, error: str, *, is_final: bool) -> str:
    now = timezone.now()
    is_final = is_final or now - email.asked_at > GIVE_UP_AFTER
    minutes = BACKOFF_MINUTES[min(email.attempts, len(BACKOFF_MINUTES)) - 1]
    error = error.replace("\0", "")[:300]
    _held(email).update(
        state=State.FAILED if is_final else State.WAITING,
        last_error=error,
        next_attempt_at=now + timedelta(minutes=minutes),
    )
    InvoiceEmailAttempt.objects.create(invoice=invoice, to=email.to, error=error)
    then = "given up" if is_final else f"again in {minutes} min"
    logger.warning("mail with invoice %s failed, %s", invoice.number, then)
    return "failed"


def _held(email: InvoiceEmail) -> QuerySet[InvoiceEmail]:
    """The mail, unless another worker took it over since: it has its own end."""
    return InvoiceEmail.objects.filter(
        pk=email.pk, state=State.SENDING, attempts=email.attempts, asked_at=email.asked_at
    )


def _is_refusal(error: OSError) -> bool:
    """Whether the mail server will never take this mail: no such mailbox, for one."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= _PERMANENT for code, _text in error.recipients.values())
    if isinstance(error, SMTPDataError | SMTPSenderRefused):
        return error.smtp_code >= _PERMANENT
    return False
