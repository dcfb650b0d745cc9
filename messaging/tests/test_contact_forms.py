from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.models import Agency
from accounts.tests.pages import text_of
from messaging.models import Contact, Message
from messaging.tests.book import client_of, messages_of

NEW = "/klienci/nowy/"
NAMES = {"first_name": "Łukasz", "last_name": "Żółć"}


def test_a_client_is_added_with_vehicle_and_policy(agency: Agency, as_owner: Client) -> None:
    vehicle = {"registration_number": "op 4521k", "inspection_due": "2026-12-15"}
    policy = {"policy_number": "AB/1", "policy_kind": "oc", "ends_on": "2027-01-31"}
    sent = NAMES | {"phone": "601 234 567"} | vehicle | policy
    response = as_owner.post(NEW, sent, follow=True)
    contact = agency.contacts.get()
    assert response.redirect_chain == [(f"/klienci/{contact.pk}/", 302)]
    assert "Żółć Łukasz is in your book." in text_of(response)
    assert "OP4521K inspection 15.12.2026" in text_of(response)
    assert "OC AB/1 · OP4521K to 31.01.2027" in text_of(response)
    assert (contact.phone, contact.search_name) == ("+48601234567", "zolc lukasz")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"phone": "601"}, "A Polish number has nine digits."),
        ({"phone": "77 453 12 34"}, "This is a landline number; SMS go to mobile numbers only."),
        ({"phone": "+49 151 23456789"}, "Foreign numbers are not supported yet"),
        ({"phone": "brak"}, "This does not look like a phone number."),
        ({"phone": ""}, "This field is required."),
        ({"last_name": ""}, "Write the last name or the company."),
        ({"inspection_due": "2026-12-15"}, "Which vehicle is the inspection of?"),
        ({"ends_on": "2026-12-15"}, "Write the number of the policy."),
        ({"email": "anna"}, "Enter a valid email address."),
        ({"inspection_due": "15 grudnia"}, "Enter a valid date."),
    ],
)
def test_what_is_wrong_is_said_and_nobody_is_added(
    changes: dict[str, str], reason: str, as_owner: Client
) -> None:
    response = as_owner.post(NEW, NAMES | {"phone": "601 234 567"} | changes)
    assert reason in text_of(response)
    assert not Contact.objects.exists()


def test_a_taken_number_names_who_has_it(agency: Agency, as_owner: Client) -> None:
    client_of(agency)
    response = as_owner.post(NEW, NAMES | {"phone": "0048 600-100-000"})
    assert "This number belongs to Kowalski Jan." in text_of(response)
    assert agency.contacts.count() == 1


def test_two_agencies_may_have_the_same_client(
    agency: Agency, other_agency: Agency, as_stranger: Client
) -> None:
    client_of(agency)
    response = as_stranger.post(NEW, NAMES | {"phone": "600 100 000"}, follow=True)
    assert "Kowalski" not in text_of(response)
    assert other_agency.contacts.get().phone == "+48600100000"


def test_editing_changes_the_client_and_the_search(agency: Agency, as_owner: Client) -> None:
    contact = client_of(agency)
    path = f"/klienci/{contact.pk}/zmiana/"
    assert 'value="600 100 000"' in as_owner.get(path).content.decode()
    response = as_owner.post(path, NAMES | {"phone": "600 100 000"}, follow=True)
    assert "Saved." in text_of(response)
    assert "Żółć Łukasz" in text_of(as_owner.get("/klienci/?q=zolc"))
    assert "Nobody found" in text_of(as_owner.get("/klienci/?q=kowalski"))


def test_a_known_vehicle_gets_its_new_date(agency: Agency, as_owner: Client) -> None:
    contact = client_of(agency)
    vehicle = {"registration_number": "OP 10000", "inspection_due": "2027-12-15"}
    sent = NAMES | {"phone": "600100000"} | vehicle
    as_owner.post(f"/klienci/{contact.pk}/zmiana/", sent)
    assert contact.vehicles.get().inspection_due == date(2027, 12, 15)


def test_a_removed_client_leaves_the_messages_as_charged(agency: Agency, as_owner: Client) -> None:
    (message,) = messages_of(agency, "delivered")
    response = as_owner.post(f"/klienci/{message.contact_id}/usun/", follow=True)
    assert "was removed from your book." in text_of(response)
    assert not agency.contacts.exists()
    assert Message.objects.values_list("contact", "parts", "price").get() == (None, 1, 29)
    assert "Tekst delivered" in text_of(as_owner.get("/wiadomosci/"))


def test_a_client_shows_what_was_sent_to_them(agency: Agency, as_owner: Client) -> None:
    message, other = messages_of(agency, "delivered", "rejected")
    text = text_of(as_owner.get(f"/klienci/{message.contact_id}/"))
    assert "Tekst delivered" in text
    assert "0,29 zł Delivered" in text
    assert other.text not in text


@pytest.mark.parametrize(
    ("method", "end"), [("get", ""), ("get", "zmiana/"), ("post", "zmiana/"), ("post", "usun/")]
)
def test_a_strangers_client_does_not_exist(
    method: str, end: str, agency: Agency, as_stranger: Client
) -> None:
    contact = client_of(agency)
    request: Any = getattr(as_stranger, method)
    assert request(f"/klienci/{contact.pk}/{end}", NAMES).status_code == 404
    contact.refresh_from_db()
    assert contact.last_name == "Kowalski"
