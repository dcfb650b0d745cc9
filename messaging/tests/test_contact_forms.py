from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import Agency
from accounts.tests.pages import text_of
from messaging.models import Contact, ContactGroup, Message
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
        ({"other_numbers": "brak"}, "This does not look like a phone number: brak"),
        ({"other_numbers": "\n".join(map(str, range(100, 111)))}, "At most ten other numbers."),
        ({"birthday": "1890-01-01"}, "Give a day after the year 1900."),
        ({"last_name": ""}, "Write the last name or the company."),
        ({"inspection_due": "2026-12-15"}, "Which vehicle is the inspection of?"),
        ({"ends_on": "2026-12-15"}, "Write the number of the policy."),
        ({"email": "anna"}, "Enter a valid email address."),
        ({"inspection_due": "15 grudnia"}, "Enter a valid date."),
        ({"registration_number": "?-/"}, "Write the registration number in letters and digits."),
    ],
)
def test_what_is_wrong_is_said_and_nobody_is_added(
    changes: dict[str, str], reason: str, as_owner: Client
) -> None:
    response = as_owner.post(NEW, NAMES | {"phone": "601 234 567"} | changes)
    assert reason in text_of(response)
    assert not Contact.objects.exists()


def test_a_group_that_no_database_can_hold_is_none(agency: Agency, as_owner: Client) -> None:
    ContactGroup.objects.create(agency=agency, name="Floty")
    response = as_owner.post(NEW, NAMES | {"groups": "1" + "0" * 20})
    assert "100000000000000000000 is not one of the available choices." in text_of(response)
    assert not Contact.objects.exists()


def test_what_nobody_sees_is_not_stored(agency: Agency, as_owner: Client) -> None:
    """As it comes along from web pages and PDF files; else "kowalski" would not find the client."""
    vehicle = {"registration_number": "op 4521 k\u200b"}
    as_owner.post(NEW, {"first_name": "\u202eJan", "last_name": "Kowal\u00adski"} | vehicle)
    contact = agency.contacts.get()
    assert (contact.name, contact.search_name) == ("Kowalski Jan", "kowalski jan")
    assert contact.vehicles.get().registration_number == "OP4521K"


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


def test_a_client_may_have_no_number_at_all(agency: Agency, as_owner: Client) -> None:
    for _ in range(2):
        as_owner.post(NEW, NAMES | {"phone": ""})
    assert [contact.phone for contact in agency.contacts.all()] == ["", ""]
    contact = agency.contacts.first()
    assert "No number for SMS" in text_of(as_owner.get(f"/klienci/{contact.pk}/"))


def test_a_landline_is_refused_for_sms_and_kept_as_another_number(
    agency: Agency, as_owner: Client
) -> None:
    refused = text_of(as_owner.post(NEW, NAMES | {"phone": "77 453 12 34"}))
    assert "It can stand among the other numbers." in refused
    page = as_owner.post(NEW, NAMES | {"other_numbers": "77 453 12 34\n\n 22  111"}, follow=True)
    assert "77 453 12 34 22 111" in text_of(page)
    assert "Żółć" in text_of(as_owner.get("/klienci/?q=77453"))


def test_birthday_notes_and_groups_are_kept(agency: Agency, as_owner: Client) -> None:
    old = ContactGroup.objects.create(agency=agency, name="Flota")
    sent = {"birthday": "1970-02-03", "notes": "Dzwonić po 16", "groups": [old.pk]}
    page = as_owner.post(NEW, NAMES | sent | {"new_group": " VIP "}, follow=True)
    text = text_of(page)
    assert "Birthday 03.02.1970 Groups Flota , VIP Notes Dzwonić po 16" in text
    as_owner.post(f"/klienci/{agency.contacts.get().pk}/zmiana/", NAMES | {"new_group": "vip"})
    assert [group.name for group in agency.contacts.get().groups.all()] == ["VIP"]


def test_groups_of_others_cannot_be_given(
    agency: Agency, other_agency: Agency, as_owner: Client
) -> None:
    foreign = ContactGroup.objects.create(agency=other_agency, name="Ich")
    page = as_owner.post(NEW, NAMES | {"groups": [foreign.pk]})
    assert page.status_code == 200
    assert not agency.contacts.exists()


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
