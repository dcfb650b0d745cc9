"""Filters, orders and pages of the list of clients."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Agency, User
from accounts.tests.pages import text_of
from messaging import contact_pages, contact_search
from messaging.consents import Kind, record_consent
from messaging.contact_groups import add_to_group, group_called
from messaging.derived import bring_up_to_date
from messaging.models import Contact
from messaging.tests.book import client_of

NAMES = ("Adamska", "Borowa", "Cicha")


@pytest.fixture
def adamska(agency: Agency) -> Contact:
    """Her policy ends in 10 days, her inspection is due in 40, an instalment in 5; consented, in the group Flota."""
    contact = client_of(agency, 1, last_name="Adamska")
    today = timezone.localdate()
    contact.vehicles.update(inspection_due=today + timedelta(days=40))
    policy = contact.policies.create(number="A", ends_on=today + timedelta(days=10))
    policy.instalments.create(number=1, due_on=today + timedelta(days=5), amount=100)
    Contact.objects.filter(pk=contact.pk).update(marketing_consent_at=timezone.now())
    add_to_group(Contact.objects.filter(pk=contact.pk), group_called(agency, "Flota"))
    bring_up_to_date([contact])
    return contact


@pytest.fixture
def borowa(agency: Agency) -> Contact:
    """Everything was due yesterday; no number, opted out."""
    contact = client_of(agency, 2, last_name="Borowa")
    yesterday = timezone.localdate() - timedelta(days=1)
    contact.vehicles.update(inspection_due=yesterday)
    policy = contact.policies.create(number="B", ends_on=yesterday)
    policy.instalments.create(number=1, due_on=yesterday, amount=100)
    Contact.objects.filter(pk=contact.pk).update(phone="")
    record_consent(
        contact=contact, kind=Kind.MESSAGES, is_given=False, source="telefon", recorded_by=None
    )
    bring_up_to_date([contact])
    return contact


@pytest.fixture
def cicha(agency: Agency) -> Contact:
    """Her policy and her inspection are due today, her instalment is paid."""
    contact = client_of(agency, 3, last_name="Cicha")
    today = timezone.localdate()
    contact.vehicles.update(inspection_due=today)
    policy = contact.policies.create(number="C", ends_on=today)
    policy.instalments.create(number=1, due_on=today, amount=100, paid_on=today)
    bring_up_to_date([contact])
    return contact


def listed(client: Client, query: dict[str, Any]) -> list[str]:
    page = text_of(client.get("/klienci/", query))
    return sorted((name for name in NAMES if name in page), key=page.index)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["Adamska", "Borowa", "Cicha"]),
        ({"ends": 0}, ["Cicha"]),
        ({"ends": 9}, ["Cicha"]),
        ({"ends": 10}, ["Cicha", "Adamska"]),
        ({"ends": 10, "sort": "name"}, ["Adamska", "Cicha"]),
        ({"inspection": 39}, ["Cicha"]),
        ({"inspection": 40}, ["Cicha", "Adamska"]),
        ({"instalment": 30}, ["Adamska"]),
        ({"no_consent": "on"}, ["Borowa", "Cicha"]),
        ({"opted_out": "on"}, ["Borowa"]),
        ({"no_number": "on"}, ["Borowa"]),
        ({"no_number": "on", "ends": 10}, []),
        ({"q": "jan", "ends": 10}, ["Cicha", "Adamska"]),
        ({"q": "a", "no_consent": "on"}, []),
        ({"sort": "end"}, ["Cicha", "Adamska", "Borowa"]),
        ({"sort": "inspection"}, ["Cicha", "Adamska", "Borowa"]),
        ({"sort": "instalment"}, ["Adamska", "Borowa", "Cicha"]),
        ({"sort": "newest"}, ["Cicha", "Borowa", "Adamska"]),
        ({"q": "jan", "sort": "newest"}, ["Cicha", "Borowa", "Adamska"]),
        ({"page": "7"}, ["Adamska", "Borowa", "Cicha"]),
        ({"page": "x"}, ["Adamska", "Borowa", "Cicha"]),
        ({"page": "9" * 30}, ["Adamska", "Borowa", "Cicha"]),
        # What makes no sense is not answered by a list of everybody.
        ({"ends": "-1"}, []),
        ({"ends": "1000"}, []),
        ({"ends": "soon"}, []),
        ({"group": "99"}, []),
        ({"sort": "phone"}, []),
    ],
)
def test_the_list_is_narrowed_and_sorted(
    query: dict[str, Any],
    names: list[str],
    adamska: Contact,
    borowa: Contact,
    cicha: Contact,
    as_owner: Client,
) -> None:
    assert listed(as_owner, query) == names


def test_the_list_is_narrowed_to_a_group(
    agency: Agency, adamska: Contact, cicha: Contact, as_owner: Client, as_stranger: Client
) -> None:
    flota = agency.contact_groups.get()
    assert listed(as_owner, {"group": flota.pk}) == ["Adamska"]
    assert listed(as_owner, {"group": flota.pk, "q": "jan"}) == ["Adamska"]
    assert listed(as_stranger, {"group": flota.pk}) == []
    assert "Flota" not in text_of(as_stranger.get("/klienci/"))


def test_nobody_found_by_filters_is_said(cicha: Contact, as_owner: Client) -> None:
    assert "No client is like this." in text_of(as_owner.get("/klienci/?opted_out=on"))
    assert "One of the filters makes no sense." in text_of(as_owner.get("/klienci/?ends=x"))


def test_a_book_of_many_is_counted_no_further_than_matters(
    agency: Agency, as_owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contact_pages, "MANY", 60)
    User.objects.update(rows_per_page=25)
    for number in range(61):
        client_of(agency, number)
    page = text_of(as_owner.get("/klienci/"))
    assert "1–25 of more than 60" in page
    assert "Choose all clients found, more than 60" in page
    assert "51–61 of more than 60" in text_of(as_owner.get("/klienci/?page=3"))


@pytest.mark.parametrize(("sort", "first"), [("name", "Kowalski Jan"), ("newest", "Kowalski29")])
def test_a_search_too_general_shows_its_first_ones(
    sort: str, first: str, agency: Agency, as_owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contact_search, "MANY", 28)
    monkeypatch.setattr(contact_pages, "MANY", 28)
    User.objects.update(rows_per_page=25)
    for number in range(30):
        client_of(agency, number)
    page = text_of(as_owner.get("/klienci/", {"q": "kow", "sort": sort}))
    assert f"{first} " in page
    assert "1–25 of more than 28" in page
    last = text_of(as_owner.get("/klienci/", {"q": "kow", "page": 2}))
    assert "26–28 of more than 28" in last
    assert "26–28" not in text_of(as_owner.get("/klienci/", {"q": "kow", "page": 3}))
