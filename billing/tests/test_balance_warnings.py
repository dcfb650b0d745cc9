"""A mail for each fall of the balance below the agency's threshold, and no other."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client

from accounts.models import Agency, OutgoingMail
from accounts.outbox import deliver
from accounts.tests.pages import text_of
from accounts.tests.races import run_together
from billing import balance_warnings, ledger
from billing.balance_warnings import warn_of_low_balances
from billing.models import Wallet
from billing.tests.payments import pay

pytestmark = pytest.mark.django_db


def spend(agency: Agency, amount: int, reference: str = "campaign:1") -> None:
    ledger.debit(agency=agency, amount=amount, reference=reference)


def deliver_all() -> None:
    for waiting in OutgoingMail.objects.filter(sent_at=None):
        deliver(waiting.pk)


def test_a_fall_is_told_once(agency: Agency) -> None:
    pay(agency, 10000)
    assert warn_of_low_balances() == 0
    spend(agency, 8500)
    assert [warn_of_low_balances(), warn_of_low_balances()] == [1, 0]
    spend(agency, 500, "campaign:2")
    assert warn_of_low_balances() == 0
    deliver_all()
    (message,) = mail.outbox
    assert message.to == ["anna@zolc.example"]
    assert message.subject == "Na koncie SMS zostało mało: 10,00 zł"
    assert "/stan-konta/doladuj/" in message.body


def test_the_next_fall_is_told_again(agency: Agency) -> None:
    pay(agency, 10000)
    warn_of_low_balances()
    spend(agency, 9000)
    assert warn_of_low_balances() == 1
    pay(agency, 10000)
    assert warn_of_low_balances() == 0
    spend(agency, 9500, "campaign:2")
    assert warn_of_low_balances() == 1


def test_who_pays_in_little_has_not_fallen(agency: Agency) -> None:
    pay(agency, 1000)
    assert warn_of_low_balances() == 0
    assert not OutgoingMail.objects.exists()


def test_what_was_topped_up_meanwhile_is_not_told(agency: Agency) -> None:
    pay(agency, 10000)
    warn_of_low_balances()
    spend(agency, 9000)
    warn_of_low_balances()
    pay(agency, 10000)
    deliver_all()
    assert [message for message in mail.outbox if "low" in message.subject] == []
    assert not any("zostało mało" in message.subject for message in mail.outbox)


def test_it_can_be_turned_off_and_moved(agency: Agency, as_owner: Client) -> None:
    pay(agency, 10000)
    warn_of_low_balances()
    as_owner.post("/stan-konta/ostrzezenie/", {"below": ""})
    spend(agency, 9000)
    assert warn_of_low_balances() == 0
    as_owner.post("/stan-konta/ostrzezenie/", {"below": "5,50"})
    assert Wallet.objects.get().warn_below == 550
    assert warn_of_low_balances() == 0
    spend(agency, 500, "campaign:2")
    assert warn_of_low_balances() == 1


@pytest.mark.parametrize("wrong", ["-5", "0", "x", "99999999"])
def test_a_wrong_threshold_is_refused_beside_its_field(
    agency: Agency, as_owner: Client, wrong: str
) -> None:
    pay(agency, 10000)
    response = as_owner.post("/stan-konta/ostrzezenie/", {"below": wrong})
    assert response.status_code == 422
    assert "Give an amount" in text_of(response) or "Write the amount" in text_of(response)
    assert Wallet.objects.get().warn_below == 2000


def test_an_agency_without_a_wallet_can_choose(agency: Agency, as_owner: Client) -> None:
    assert 'value="20,00"' in as_owner.get("/stan-konta/").content.decode()
    as_owner.post("/stan-konta/ostrzezenie/", {"below": "30"})
    assert Wallet.objects.get(agency=agency).warn_below == 3000


def test_closed_agencies_and_others_are_left_alone(agency: Agency, other_agency: Agency) -> None:
    for each in (agency, other_agency):
        pay(each, 10000)
    warn_of_low_balances()
    spend(agency, 9000)
    assert warn_of_low_balances() == 1
    assert OutgoingMail.objects.get().arguments == [agency.pk]


@pytest.mark.django_db(transaction=True)
def test_of_many_jobs_at_once_one_warns(agency: Agency) -> None:
    pay(agency, 10000)
    warn_of_low_balances()
    spend(agency, 9000)
    results = run_together(4, lambda _n: balance_warnings.warn_of_low_balances())
    assert sorted(results) == [0, 0, 0, 1]
    assert OutgoingMail.objects.count() == 1
