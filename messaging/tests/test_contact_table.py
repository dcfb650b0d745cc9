"""Everybody chooses the columns of the list of clients."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from accounts.models import Agency, User
from accounts.tests.pages import text_of
from messaging.models import Contact
from messaging.tests.book import client_of, whole_client_of

pytestmark = pytest.mark.django_db

LIST = "/klienci/"
_HEADS = re.compile(r"<thead>.*?</thead>", re.DOTALL)


def heads(client: Client, address: str = LIST) -> list[str]:
    (head,) = _HEADS.findall(client.get(address).content.decode())
    return re.findall(r">\s*([A-Z][^<]*?)\s*<", head)


def choose(client: Client, *names: str) -> None:
    response = client.post("/klienci/kolumny/", {"column": names, "next": f"{LIST}?sort=end"})
    assert response["Location"] == f"{LIST}?sort=end"


@pytest.fixture
def contact(agency: Agency) -> Contact:
    return whole_client_of(agency, email="jan@kowalski.example")


def test_who_has_chosen_nothing_sees_the_usual_columns(contact: Contact, as_owner: Client) -> None:
    assert heads(as_owner) == ["Client", "Mobile phone", "Next inspection", "Next policy end"]


def test_the_chosen_columns_are_kept_for_the_person_alone(
    agency: Agency, contact: Contact, as_owner: Client
) -> None:
    client_of(agency, 1, phone="")
    choose(as_owner, "consent", "email", "instalment")
    assert heads(as_owner) == ["Client", "E-mail", "Next instalment", "Marketing consent"]
    text = text_of(as_owner.get(LIST))
    given = contact.marketing_consent_at
    assert given is not None
    assert f"Kowalski Jan jan@kowalski.example 15.12.2026 {given:%d.%m.%Y}" in text
    assert "Kowalski1 Jan – – –" in text
    assert User.objects.get().list_columns == {"clients": ["email", "instalment", "consent"]}


def test_a_missing_number_is_told(agency: Agency, as_owner: Client) -> None:
    client_of(agency, phone="")
    assert "Kowalski Jan No number" in text_of(as_owner.get(LIST))


def test_the_order_of_the_list_has_its_column(contact: Contact, as_owner: Client) -> None:
    choose(as_owner)
    assert heads(as_owner) == ["Client"]
    assert heads(as_owner, f"{LIST}?sort=instalment") == ["Client", "Next instalment"]


def test_what_is_no_column_is_passed_over(contact: Contact, as_owner: Client) -> None:
    choose(as_owner, "phone", "notes", "password", "\0")
    assert heads(as_owner) == ["Client", "Mobile phone"]
    # A column that a later version does not have any more.
    User.objects.update(list_columns={"clients": ["phone", "gone"], "other": 1})
    assert heads(as_owner) == ["Client", "Mobile phone"]


def test_an_accountant_chooses_nothing(as_accountant: Client) -> None:
    assert as_accountant.post("/klienci/kolumny/", {"column": "phone"}).status_code == 403
