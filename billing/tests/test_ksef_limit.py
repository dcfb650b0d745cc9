"""Invoices outside KSeF: 10,000 zł gross a month, told before it is too late (art. 145m of the VAT Act)."""

from __future__ import annotations

import pytest
import time_machine
from django.core import mail
from django.test import Client

from accounts.models import Agency, OutgoingMail, User
from accounts.outbox import deliver
from accounts.tests.pages import browser, text_of
from accounts.tests.races import run_together
from billing import corrections, ksef_limit
from billing.models import KsefNotice
from billing.tasks import watch_ksef_limit
from billing.tests.payments import pay

pytestmark = pytest.mark.django_db

NOVEMBER, DECEMBER, JANUARY = "2026-11-28 12:00Z", "2026-12-01 12:00Z", "2027-01-01 00:00+01:00"
INVOICES = "/operator/faktury/"


def deliver_all() -> None:
    for waiting in OutgoingMail.objects.filter(sent_at=None):
        deliver(waiting.pk)


@time_machine.travel(NOVEMBER, tick=False)
def test_who_books_payments_is_told_once_that_it_is_near(
    agency: Agency, billing_clerk: User, as_support: Client
) -> None:
    pay(agency, 7_999_99, billing_clerk)
    assert watch_ksef_limit() == 0
    last = pay(agency, 1_00, billing_clerk).invoice
    assert [watch_ksef_limit(), watch_ksef_limit()] == [1, 0]
    deliver_all()
    (message,) = mail.outbox
    assert message.to == [billing_clerk.email]
    assert message.subject == "Faktury poza KSeF zbliżają się do 10 000,00 zł"
    assert last.number in message.body
    assert INVOICES in message.body


@time_machine.travel(NOVEMBER, tick=False)
def test_the_invoice_that_exceeds_it_is_named(agency: Agency, billing_clerk: User) -> None:
    pay(agency, 9_000_00, billing_clerk)
    pay(agency, 1_000_00, billing_clerk)
    assert watch_ksef_limit() == 1
    assert KsefNotice.objects.get().kind == "near"
    exceeding = pay(agency, 1, billing_clerk).invoice
    pay(agency, 100_00, billing_clerk)
    assert [watch_ksef_limit(), watch_ksef_limit()] == [1, 0]
    deliver_all()
    assert exceeding.number in mail.outbox[-1].body
    assert mail.outbox[-1].subject == "Od teraz faktury trzeba wystawiać w KSeF"
    page = text_of(browser(billing_clerk).get(INVOICES))
    assert f"With {exceeding.number} of 28.11.2026" in page


def test_once_exceeded_it_stays_so_in_the_next_months(agency: Agency, billing_clerk: User) -> None:
    with time_machine.travel(NOVEMBER, tick=False):
        exceeding = pay(agency, 10_000_01, billing_clerk).invoice
    with time_machine.travel(DECEMBER, tick=False):
        assert watch_ksef_limit() == 1
        clerk = browser(billing_clerk)
        assert f"With {exceeding.number}" in text_of(clerk.get(INVOICES))
        assert "They must be issued in KSeF" in text_of(clerk.get("/pulpit/"))


def test_each_month_begins_anew(agency: Agency, billing_clerk: User) -> None:
    with time_machine.travel(NOVEMBER, tick=False):
        pay(agency, 9_000_00, billing_clerk)
    with time_machine.travel(DECEMBER, tick=False):
        pay(agency, 1_000_00, billing_clerk)
        assert watch_ksef_limit() == 0
        clerk = browser(billing_clerk)
        said = "Outside KSeF this month: 1 000,00 zł of 10 000,00 zł gross"
        assert said in text_of(clerk.get(INVOICES)).replace("\xa0", " ")
        assert "of 10 000,00 zł allowed" in text_of(clerk.get("/pulpit/")).replace("\xa0", " ")


@time_machine.travel(NOVEMBER, tick=False)
def test_buyers_without_a_nip_do_not_count_and_corrections_take_nothing_off(
    agency: Agency, other_agency: Agency, billing_clerk: User
) -> None:
    Agency.objects.filter(pk=other_agency.pk).update(nip="")
    other_agency.refresh_from_db()
    pay(other_agency, 9_999_00, billing_clerk)
    assert watch_ksef_limit() == 0
    invoice = pay(agency, 8_500_00, billing_clerk).invoice
    Agency.objects.filter(pk=agency.pk).update(name="Nowa Nazwa")
    corrections.correct_buyer(invoice, by=billing_clerk, reason="Zmiana nazwy")
    assert watch_ksef_limit() == 1
    page = text_of(browser(billing_clerk).get(INVOICES)).replace("\xa0", " ")
    assert "come to 8 500,00 zł of 10 000,00 zł gross" in page


@time_machine.travel(JANUARY, tick=False)
def test_from_2027_on_all_belong_into_ksef(agency: Agency, billing_clerk: User) -> None:
    pay(agency, 1_00, billing_clerk)
    assert watch_ksef_limit() == 0
    clerk = browser(billing_clerk)
    assert "Since 1 January 2027" in text_of(clerk.get(INVOICES))
    assert "They must be issued in KSeF" in text_of(clerk.get("/pulpit/"))


@pytest.mark.django_db(transaction=True)
def test_two_jobs_at_once_tell_it_once(agency: Agency, billing_clerk: User) -> None:
    with time_machine.travel(NOVEMBER, tick=False):
        pay(agency, 8_500_00, billing_clerk)
        told = run_together(2, lambda _number: ksef_limit.watch())
    assert sorted(told) == [0, 1]
    assert OutgoingMail.objects.filter(function="billing.emails.send_ksef_notice").count() == 1
