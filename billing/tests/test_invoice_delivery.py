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
from billing import corrections, tasks
from billing.booking import book_by_hand
from billing.invoice_delivery import BACKOFF_MINUTES, deliver, due_emails
from billing.models import Invoice, InvoiceEmail, InvoicePdf
from billing.tests.books import queued_deliveries
from billing.tests.payments import pay

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


def test_a_refused_mailbox_is_given_up_at_once(
    invoice: Invoice, email: InvoiceEmail, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = smtplib.SMTPRecipientsRefused({"anna@zolc.example": (550, b"no such user")})
    break_mail(monkeypatch, gone)
    assert deliver(invoice.pk) == "failed"
    email.refresh_from_db()
    assert email.state == "failed"
    assert "no such user" in email.last_error
    assert due_emails() == []


def test_after_three_days_somebody_has_to_look(
    invoice: Invoice, email: InvoiceEmail, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_mail(monkeypatch, ConnectionRefusedError("down"))
    while email.state == "waiting":
        clock.shift(timedelta(hours=4))
        deliver(invoice.pk)
        email.refresh_from_db()
    assert timezone.now() - invoice.created_at > timedelta(days=3)
    attempts = invoice.email_attempts.all()
    assert len(attempts) == email.attempts
    assert {attempt.error for attempt in attempts} == {"down"}


def test_what_cannot_be_rendered_waits_where_people_see_it(
    invoice: Invoice, email: InvoiceEmail, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("billing.pdf.render_to_string", lambda *args: 1 // 0)
        assert deliver(invoice.pk) == "failed"
    email.refresh_from_db()
    assert email.state == "waiting"
    assert email.last_error.startswith("PDF: ZeroDivisionError")
    clock.shift(timedelta(minutes=1))
    assert deliver(invoice.pk) == "sent"


def test_a_mail_server_down_for_an_hour_gets_all_in_order_afterwards(
    agency: Agency, billing_clerk: User, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued = [invoice_of(agency, billing_clerk) for _number in range(5)]
    with monkeypatch.context() as broken:
        break_mail(broken, ConnectionRefusedError("down"))
        for _minute in range(60):
            for invoice_id in due_emails():
                deliver(invoice_id)
            clock.shift(timedelta(minutes=1))
    for _minute in range(60):
        for invoice_id in due_emails():
            deliver(invoice_id)
        clock.shift(timedelta(minutes=1))
    assert [message.subject for message in mail.outbox] == [
        f"Faktura {invoice.number}: 100,00 zł jest na koncie" for invoice in issued
    ]


def test_a_correction_is_mailed_as_one(
    invoice: Invoice, agency: Agency, billing_clerk: User
) -> None:
    agency.language = "en"
    agency.save()
    correction = corrections.correct_to_zero(invoice, by=billing_clerk, reason="Pomyłka")
    assert deliver(correction.pk) == "sent"
    (message,) = mail.outbox
    assert message.subject == f"Correction {correction.number}"
    assert f"of the invoice {invoice.number}" in message.body
    assert "Pomyłka" in message.body


class Killed(BaseException):
    """As if the machine had lost power: nothing catches it."""


@pytest.mark.parametrize(
    "place",
    [
        "billing.pdf.render_invoice",
        "billing.models.InvoicePdf.save",
        "billing.invoice_delivery.invoice_email",
        "django.core.mail.EmailMessage.send",
    ],
)
def test_a_worker_killed_on_the_way_leaves_one_pdf_and_one_mail(
    invoice: Invoice, clock: Any, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    def kill(*args: Any, **kwargs: Any) -> None:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(place, kill)
        with pytest.raises(Killed):
            deliver(invoice.pk)
    assert due_emails() == []
    clock.shift(timedelta(minutes=10))
    assert due_emails() == [invoice.pk]
    assert deliver(invoice.pk) == "sent"
    assert deliver(invoice.pk) == "not due"
    assert len(mail.outbox) == InvoicePdf.objects.count() == 1


def test_the_mail_says_that_the_money_is_in_and_what_it_buys(agency: Agency) -> None:
    payment = pay(agency, 10000)
    deliver(payment.invoice.pk)
    (message,) = mail.outbox
    assert message.subject == f"Faktura {payment.invoice.number}: 100,00 zł jest na koncie"
    told = "Stan konta to teraz 100,00\N{NO-BREAK SPACE}zł, wystarczy na 344 części SMS."
    assert told in message.body
    assert told in str(message.alternatives[0][0])
