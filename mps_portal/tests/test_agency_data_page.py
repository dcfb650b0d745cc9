"""The agency's own data: what an owner changes, and what only the operator can."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Agency, Consent, Event, User
from accounts.tests.pages import text_of
from messaging.models import Message
from messaging.tests.book import messages_of

pytestmark = pytest.mark.django_db

PATH = "/ustawienia/agencja/"
DATA = {
    "name": "Ubezpieczenia Anna Żółć",
    "street": "ul. Świętej Jadwigi 12/4",
    "postal_code": "45-221",
    "city": "Opole",
    "email": "anna@zolc.example",
    "phone": "+48601000001",
    "language": "pl",
    "message_text_months": "24",
}


def test_it_shows_what_is_stored(as_owner: Client) -> None:
    page = as_owner.get(PATH)
    for value in DATA.values():
        assert f'value="{value}"' in page.content.decode()
    text = text_of(page)
    assert "NIP 1111111111 Registration code 7K3M-9QW3" in text
    assert "only the operator can change them. Write to mps@mps.example" in text


def test_changes_are_stored_with_an_event_that_names_the_fields(
    agency: Agency, as_owner: Client
) -> None:
    changed = DATA | {"city": "Wrocław", "postal_code": "50001", "language": "en"}
    page = as_owner.post(PATH, changed, follow=True)
    assert "The agency's data are saved." in text_of(page)
    agency.refresh_from_db()
    assert (agency.city, agency.postal_code, agency.language) == ("Wrocław", "50-001", "en")
    event = Event.objects.get()
    assert (event.kind, event.agency) == ("agency_changed", agency)
    assert event.subject == "kod pocztowy, miejscowość, język"


def test_saving_what_is_there_already_is_no_event(as_owner: Client) -> None:
    assert as_owner.post(PATH, DATA).status_code == 302
    assert not Event.objects.exists()


def test_nip_and_code_cannot_be_changed(agency: Agency, as_owner: Client) -> None:
    as_owner.post(PATH, DATA | {"nip": "9999999999", "registration_code": "X", "closed_at": "now"})
    agency.refresh_from_db()
    assert (agency.nip, agency.registration_code) == ("1111111111", "7K3M9QW3")


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("name", "", "This field is required."),
        ("name", "x" * 201, "at most 200 characters"),
        ("postal_code", "4522", "Write the postal code as 00-000."),
        ("email", "anna", "Enter a valid email address."),
        ("phone", "call me", "Write the phone number in digits"),
        ("language", "de", "Select a valid choice."),
        ("message_text_months", "0", "greater than or equal to 1"),
        ("message_text_months", "61", "less than or equal to 60"),
        ("message_text_months", "x", "Enter a whole number."),
        ("postal_code", "٤٥-٢٢١", "Write the postal code as 00-000."),
        ("phone", "601 234 56\0", "Null characters are not allowed."),
    ],
)
def test_a_mistake_is_told_at_its_field_and_nothing_is_stored(
    field: str, value: str, told: str, agency: Agency, as_owner: Client
) -> None:
    page = as_owner.post(PATH, DATA | {field: value})
    assert page.status_code == 422
    assert told in text_of(page)
    before = agency.__dict__ | {}
    agency.refresh_from_db()
    assert all(getattr(agency, name) == before[name] for name in DATA)


def old_message(agency: Agency, days: int) -> None:
    (row,) = messages_of(agency, "delivered")
    Message.objects.filter(pk=row.pk).update(created_at=timezone.now() - timedelta(days=days))


def test_shortening_says_how_many_texts_go_and_asks(agency: Agency, as_owner: Client) -> None:
    old_message(agency, 100)
    page = as_owner.post(PATH, DATA | {"message_text_months": "3"})
    assert page.status_code == 422
    assert "1 text is older than that." in text_of(page)
    agency.refresh_from_db()
    assert agency.message_text_months == 24
    as_owner.post(PATH, DATA | {"message_text_months": "3", "erase": "1"})
    agency.refresh_from_db()
    assert agency.message_text_months == 3


def test_agreeing_to_another_number_than_shown_asks_again(agency: Agency, as_owner: Client) -> None:
    old_message(agency, 100)
    page = as_owner.post(PATH, DATA | {"message_text_months": "3", "erase": "7"})
    assert "1 text is older than that." in text_of(page)


@pytest.mark.parametrize("months", ["4", "60"])
def test_where_no_text_goes_nothing_is_asked(months: str, agency: Agency, as_owner: Client) -> None:
    old_message(agency, 100)
    as_owner.post(PATH, DATA | {"message_text_months": months})
    agency.refresh_from_db()
    assert agency.message_text_months == int(months)


def test_it_shows_what_was_agreed_to(agency: Agency, owner: User, as_owner: Client) -> None:
    assert "Nothing is stored here" in text_of(as_owner.get(PATH))
    Consent.objects.create(agency=agency, person=owner, document="terms", version="2026-11-01")
    assert "Terms of service 2026-11-01" in text_of(as_owner.get(PATH))


def test_of_others_it_shows_nothing(agency: Agency, owner: User, as_stranger: Client) -> None:
    Consent.objects.create(agency=agency, person=owner, document="terms", version="2026-11-01")
    page = as_stranger.get(PATH)
    assert "Żółć" not in text_of(page)
    assert "2026-11-01" not in text_of(page)


@pytest.mark.parametrize("person", ["as_accountant", "as_support", "as_clerk"])
def test_others_may_not(person: str, agency: Agency, request: pytest.FixtureRequest) -> None:
    client = request.getfixturevalue(person)
    assert client.get(PATH).status_code == 403
    assert client.post(PATH, DATA | {"city": "Nysa"}).status_code == 403
    agency.refresh_from_db()
    assert agency.city == "Opole"
