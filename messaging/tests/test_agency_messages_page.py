"""An agency's messages as the operator's support sees them."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Agency, Event, User
from accounts.tests.pages import text_of
from messaging.models import Message
from messaging.phones import mask_phone
from messaging.status_meanings import MEANINGS
from messaging.tests.book import messages_of


@pytest.fixture
def path(agency: Agency, owner: User) -> str:
    return f"/operator/agencje/{agency.pk}/wiadomosci/"


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("+48601000001", "+48 60• ••• •01"),
        ("+48699999999", "+48 69• ••• •99"),
        ("+491701234567", "•••"),
        ("48601000001", "•••"),
        ("", "•••"),
        ("erased-7", "•••"),
    ],
)
def test_five_digits_of_nine_are_hidden(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


def test_support_sees_the_message_and_not_the_number(
    agency: Agency, path: str, as_support: Client
) -> None:
    [message] = messages_of(agency, "delivered")
    Message.objects.update(sent_at=timezone.now(), final_at=timezone.now())
    response = as_support.get(path)
    text = text_of(response)
    assert "+48 60• ••• •01 Tekst delivered Bramka SMS 1 Delivered" in text
    assert "The phone has confirmed it." in text
    assert "sent 2" in text
    assert "settled 2" in text
    page = response.content.decode()
    for spelling in ("600100001", "600 100 001", "600-100-001"):
        assert spelling not in page
    assert "Kowalski" not in page
    assert message.phone == "+48600100001"


def test_an_error_is_told_as_the_gateway_called_it(
    agency: Agency, path: str, as_support: Client
) -> None:
    messages_of(agency, "rejected")
    Message.objects.update(error_class="recipient", error_code="13")
    assert "Error: recipient 13" in text_of(as_support.get(path))


def test_another_agencys_messages_are_not_among_them(
    agency: Agency, other_agency: Agency, path: str, as_support: Client
) -> None:
    User.objects.create_user("o@x.pl", full_name="O", role="owner", agency=other_agency)
    messages_of(other_agency, "sent")
    assert "No messages here" in text_of(as_support.get(path))


def test_one_status_is_chosen_by_address(agency: Agency, path: str, as_support: Client) -> None:
    messages_of(agency, "sent", "delivered")
    text = text_of(as_support.get(path, {"state": "sent"}))
    assert "Tekst sent" in text
    assert "Tekst delivered" not in text
    assert "Tekst delivered" in text_of(as_support.get(path, {"state": "nonsense\0"}))


def test_what_was_erased_is_said_to_be(agency: Agency, path: str, as_support: Client) -> None:
    messages_of(agency, "delivered")
    Message.objects.update(text="", phone="", text_erased_at=timezone.now())
    text = text_of(as_support.get(path))
    assert "– text erased on" in text


# --- the search by number -------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["600100002", "600 100 002", "+48 600-100-002", "0048600100002"])
def test_the_whole_number_finds_its_messages(
    typed: str, agency: Agency, path: str, as_support: Client
) -> None:
    messages_of(agency, "sent", "delivered")
    response = as_support.post(path, {"phone": typed})
    text = text_of(response)
    assert "Messages to +48 60• ••• •02" in text
    assert "Tekst delivered" in text
    assert "Tekst sent" not in text
    page = response.content.decode()
    assert typed not in page
    assert "600100002" not in page


@pytest.mark.parametrize("typed", ["", "600", "600100", "100002", "77 123 45 67", "\0", "x" * 50])
def test_less_than_a_number_finds_nothing(
    typed: str, agency: Agency, path: str, as_support: Client
) -> None:
    messages_of(agency, "sent")
    response = as_support.post(path, {"phone": typed, "x": "x"})
    assert response.status_code == 422
    assert "Tekst" not in text_of(response)
    assert not typed.strip("\0") or f'value="{typed}"' not in response.content.decode()


def test_a_number_without_messages_is_said_to_have_none(
    agency: Agency, path: str, as_support: Client
) -> None:
    messages_of(agency, "sent")
    text = text_of(as_support.post(path, {"phone": "600999999"}))
    assert "This agency has sent nothing to this number." in text


def test_another_agencys_number_is_not_found(
    agency: Agency, other_agency: Agency, path: str, as_support: Client
) -> None:
    User.objects.create_user("o@x.pl", full_name="O", role="owner", agency=other_agency)
    messages_of(other_agency, "sent")
    assert "has sent nothing" in text_of(as_support.post(path, {"phone": "600100001"}))


def test_the_number_is_in_no_log(
    agency: Agency, path: str, as_support: Client, caplog: pytest.LogCaptureFixture
) -> None:
    messages_of(agency, "sent")
    with caplog.at_level(logging.DEBUG, "django.request"):
        as_support.post(path, {"phone": "600100001"})
        as_support.post(path, {"phone": "600100"})
    assert "600100" not in caplog.text
    assert "600100" not in " ".join(event.subject for event in Event.objects.all())


# --- who may, and who learns of it ----------------------------------------------------------------


@pytest.mark.parametrize("person", ["as_owner", "as_accountant", "as_clerk", "as_stranger"])
def test_nobody_else_may_look(person: str, path: str, request: pytest.FixtureRequest) -> None:
    client = request.getfixturevalue(person)
    assert client.get(path).status_code == 403
    assert client.post(path, {"phone": "600100001"}).status_code == 403
    assert not Event.objects.exists()


def test_the_owners_see_that_somebody_looked_once_an_hour(
    agency: Agency, path: str, as_support: Client, as_admin: Client, as_owner: Client
) -> None:
    as_support.get(path)
    as_support.get(path, {"before": "7"})
    as_support.post(path, {"phone": "600100001"})
    assert Event.objects.filter(kind="messages_seen", agency=agency).count() == 1
    as_admin.get(path)
    assert Event.objects.filter(kind="messages_seen", agency=agency).count() == 2
    text = text_of(as_owner.get("/ustawienia/zdarzenia/"))
    assert "Messages seen by the operator – MPS –" in text
    assert "Zofia" not in text


@pytest.mark.parametrize("pk", [0, 999999, 2**70])
def test_an_unknown_agency_is_not_found(pk: int, as_support: Client) -> None:
    assert as_support.get(f"/operator/agencje/{pk}/wiadomosci/").status_code == 404


# --- length ---------------------------------------------------------------------------------------


def test_many_messages_come_in_pages_and_take_few_queries(
    agency: Agency, path: str, as_support: Client, django_assert_max_num_queries: Any
) -> None:
    messages_of(agency, *["sent"] * 60)
    as_support.get(path)
    with django_assert_max_num_queries(6):
        page = as_support.get(path).content.decode()
    assert page.count("Tekst sent") == 50
    oldest = Message.objects.order_by("-pk")[49].pk
    assert f'href="?before={oldest}"' in page
    assert as_support.get(path, {"before": oldest}).content.decode().count("Tekst sent") == 10


def test_every_status_has_a_meaning() -> None:
    assert set(MEANINGS) == set(Message.State.values)
