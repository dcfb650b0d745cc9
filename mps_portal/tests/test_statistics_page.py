from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Agency, User
from accounts.tests.pages import text_of
from billing import ledger
from billing.tests.payments import pay
from messaging.tests.book import messages_of


def sent_today(agency: Agency) -> None:
    campaign = messages_of(agency, "delivered", "delivered", "delivered", "undelivered")[0].campaign
    campaign.leaves_at = timezone.now()
    campaign.save()


def test_an_agent_sees_days_templates_and_months(agency: Agency, as_owner: Client) -> None:
    pay(agency, 10000)
    ledger.debit(agency=agency, amount=348, reference="campaign:1")
    sent_today(agency)
    text = text_of(as_owner.get("/pulpit/statystyki/"))
    assert f"{timezone.localdate():%d.%m.%Y} 3 1 0" in text
    assert "Badania 0 4 1 75%" in text
    assert f"{timezone.localdate():%m.%Y} 3,48 zł 100,00 zł" in text


def test_an_accountant_sees_money_only(agency: Agency, owner: User, as_accountant: Client) -> None:
    pay(agency, 10000)
    sent_today(agency)
    text = text_of(as_accountant.get("/pulpit/statystyki/"))
    assert "Spending per month" in text
    assert "Messages per day" not in text
    assert "Badania" not in text


def test_others_messages_and_money_are_not_counted(
    agency: Agency, owner: User, as_stranger: Client
) -> None:
    pay(agency, 10000)
    sent_today(agency)
    text = text_of(as_stranger.get("/pulpit/statystyki/"))
    assert "Nothing was sent in these days." in text
    assert "No money has moved yet." in text


@pytest.mark.parametrize(("days", "seen"), [("14", False), ("30", True), ("90", True), ("x", True)])
def test_the_period_comes_from_the_address(
    agency: Agency, as_owner: Client, days: str, seen: bool
) -> None:
    campaign = messages_of(agency, "delivered")[0].campaign
    campaign.leaves_at = timezone.now() - timedelta(days=20)
    campaign.save()
    text = text_of(as_owner.get(f"/pulpit/statystyki/?days={days}"))
    assert ("Badania 0 1 0 100%" in text) == seen


def test_money_that_came_back_was_not_spent(agency: Agency, as_owner: Client) -> None:
    pay(agency, 10000)
    ledger.debit(agency=agency, amount=2900, reference="campaign:1")
    ledger.refund(agency_id=agency.pk, amounts={"campaign:1": 2900})
    assert "0,00 zł 100,00 zł" in text_of(as_owner.get("/pulpit/statystyki/"))


def test_operators_and_hours_are_told(agency: Agency, as_owner: Client) -> None:
    today = timezone.localdate()
    for hour, network, state, number in (
        (9, "26002", "delivered", 30),
        (11, "26006", "delivered", 15),
        (11, "26006", "undelivered", 5),
    ):
        agency.delivery_sums.create(
            day=today, hour=hour, network=network, state=state, number=number
        )
    text = text_of(as_owner.get("/pulpit/statystyki/"))
    assert "T-Mobile 30 0 100% Play 20 5 75%" in text
    assert "9:00 30 10:00 0 11:00 15" in text
    assert "8:00" not in text
