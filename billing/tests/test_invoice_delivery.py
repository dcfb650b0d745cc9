from __future__ import annotations

import hashlib
import smtplib
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Agency, User
from billing import tasks
from billing.booking import book_by_hand
from billing.invoice_delivery import BACKOFF_MINUTES, deliver, due_emails
from billing.models import Invoice, InvoiceEmail, InvoicePdf
from billing.tests.books import queued_deliveries

pytestmark = pytest.mark.django_db

NOW = "2026-11-22 12:00Z"
# Django's own translations of a month's name tell the language without any of ours.
MONTH = '{{ invoice.issued_on|date:"F" }}'
PLAIN_TEMPLATES = {
    f"emails/invoice/{part}": MONTH for part in ("subject.txt", "body.txt", "body.html")
}


def invoice_of(agency: Agency, clerk: User) -> Invoice:
    payment = book_by_hand(
        agency=agency, amount=10000, received_on=date(2026, 11, 20), note="", booked_by=clerk
    )
    return payment.invoice


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def invoice(agency: Agency, billing_clerk: User, clock: Any) -> Invoice:
    return invoice_of(agency, billing_clerk)


@pytest.fixture
def email(invoice: Invoice) -> InvoiceEmail:
    return InvoiceEmail.objects.get(invoice=invoice)


def break_mail(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def refuse(*args: Any) -> int:
        raise error

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)


def test_the_invoice_is_mailed_with_its_pdf(invoice: Invoice, email: InvoiceEmail) -> None:
    assert deliver(invoice.pk) == "sent"
    (message,) = mail.outbox
    (attachment,) = message.attachments
    assert message.to == ["anna@zolc.example"]
    assert message.extra_headers["Message-ID"] == f"<invoice-{invoice.pk}@testserver>"
    assert "FV/2026/11/0001" in message.subject + str(message.body)
    assert (attachment.filename, attachment.mimetype) == (
        "FV-2026-11-0001.pdf",
        "application/pdf",
    )
    assert attachment.content == bytes(InvoicePdf.objects.get(invoice=invoice).content)
    email.refresh_from_db()
    assert (email.state, email.attempts, email.sent_at) == ("sent", 1, timezone.now())


def test_the_pdf_is_stored_with_its_hash(invoice: Invoice) -> None:
    deliver(invoice.pk)
    pdf = InvoicePdf.objects.get(invoice=invoice)
    assert bytes(pdf.content).startswith(b"%PDF-1.7")
    assert pdf.sha256 == hashlib.sha256(pdf.content).hexdigest()


def test_however_often_it_runs_one_mail_leaves_and_one_pdf_stays(invoice: Invoice) -> None:
    assert [deliver(invoice.pk) for _ in range(3)] == ["sent", "not due", "not due"]
    assert len(mail.outbox) == 1
    assert InvoicePdf.objects.count() == 1


@pytest.mark.parametrize(
    "error", [ConnectionRefusedError("no server"), smtplib.SMTPServerDisconnected("gone")]
)
def test_without_a_mail_server_the_mail_waits_and_then_leaves_once(
    invoice: Invoice,
    email: InvoiceEmail,
    clock: Any,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
) -> None:
    with monkeypatch.context() as patch:
        break_mail(patch, error)
        assert deliver(invoice.pk) == "failed"
    email.refresh_from_db()
    assert (email.state, email.attempts, email.last_error) == ("waiting", 1, str(error))
    assert deliver(invoice.pk) == "not due"
    assert due_emails() == []

    clock.shift(timedelta(minutes=1))
    assert due_emails() == [invoice.pk]
    assert deliver(invoice.pk) == "sent"
    email.refresh_from_db()
    assert (email.state, email.attempts, email.last_error) == ("sent", 2, "")
    assert len(mail.outbox) == 1
    assert InvoicePdf.objects.count() == 1


def test_the_pauses_grow_to_four_hours(
    invoice: Invoice, email: InvoiceEmail, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_mail(monkeypatch, OSError("no server"))
    pauses = []
    for _ in range(len(BACKOFF_MINUTES) + 1):
        assert deliver(invoice.pk) == "failed"
        email.refresh_from_db()
        pauses.append((email.next_attempt_at - timezone.now()) // timedelta(minutes=1))
        clock.move_to(email.next_attempt_at)
    assert pauses == [1, 5, 15, 60, 240, 240]


def test_a_mail_that_a_dead_worker_was_sending_is_taken_over_after_ten_minutes(
    invoice: Invoice, email: InvoiceEmail, clock: Any
) -> None:
    email.state, email.attempts = InvoiceEmail.State.SENDING, 1
    email.save()
    clock.shift(timedelta(minutes=9))
    assert (due_emails(), deliver(invoice.pk)) == ([], "not due")
    clock.shift(timedelta(minutes=1))
    assert (due_emails(), deliver(invoice.pk)) == ([invoice.pk], "sent")
    assert len(mail.outbox) == 1


def test_the_sweep_queues_what_is_due(invoice: Invoice, email: InvoiceEmail) -> None:
    assert tasks.deliver_due_invoices() == 1
    assert queued_deliveries() == [invoice.pk, invoice.pk]
    tasks.deliver_invoice(invoice.pk)
    assert tasks.deliver_due_invoices() == 0


def test_the_mail_is_in_the_agencys_language(
    agency: Agency, other_agency: Agency, billing_clerk: User, clock: Any, settings: Settings
) -> None:
    loaders = [
        ("django.template.loaders.locmem.Loader", PLAIN_TEMPLATES),
        "django.template.loaders.filesystem.Loader",
    ]
    options = {"loaders": loaders}
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "APP_DIRS": False, "OPTIONS": options}]
    for payer in (agency, other_agency):
        deliver(invoice_of(payer, billing_clerk).pk)
    assert [message.subject for message in mail.outbox] == ["Listopad", "November"]
