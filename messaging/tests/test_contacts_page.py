from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import Agency
from accounts.tests.pages import text_of
from messaging.derived import bring_up_to_date
from messaging.models import Contact
from messaging.tests.book import client_of


@pytest.fixture
def zolc(agency: Agency) -> Contact:
    """Łukasz Żółć, 601 234 567, with a policy and a vehicle."""
    contact = client_of(agency, 1134567, last_name="Żółć", first_name="Łukasz")
    contact.policies.create(number="AB/123/2026", kind="oc")
    contact.vehicles.create(registration_number="OP4521K")
    bring_up_to_date([contact])
    return contact


@pytest.fixture
def kowalski(agency: Agency) -> Contact:
    return client_of(agency)


def test_an_empty_book_says_what_to_do_next(as_owner: Client) -> None:
    text = text_of(as_owner.get("/klienci/"))
    assert "Your book is empty" in text
    assert "Import clients" in text


def test_clients_are_listed_with_what_falls_due(kowalski: Contact, as_owner: Client) -> None:
    kowalski.policies.create(number="1", ends_on="2020-01-01")
    kowalski.policies.create(number="2", ends_on="2036-12-31")
    bring_up_to_date([kowalski])
    text = text_of(as_owner.get("/klienci/"))
    assert "Kowalski Jan 600 100 000 15.12.2026 31.12.2036" in text


@pytest.mark.parametrize(
    "words",
    [
        "zolc",
        "ŻÓŁ",
        "lukasz",
        "601234567",
        "+48 601 234 567",
        "601-234-567",
        "234 567",
        "ab/123",
        "op 4521k",
    ],
)
def test_a_client_is_found_however_it_is_written(
    words: str, zolc: Contact, kowalski: Contact, as_owner: Client
) -> None:
    text = text_of(as_owner.get("/klienci/", {"q": words}))
    assert "Żółć Łukasz" in text
    assert "Kowalski" not in text


def test_a_client_with_two_fitting_policies_is_listed_once(zolc: Contact, as_owner: Client) -> None:
    zolc.policies.create(number="AB/124/2026")
    bring_up_to_date([zolc])
    page = as_owner.get("/klienci/", {"q": "AB/12"}).content.decode()
    assert page.count(f'href="/klienci/{zolc.pk}/"') == 1


def test_a_search_that_no_database_takes_finds_nobody(kowalski: Contact, as_owner: Client) -> None:
    response = as_owner.get("/klienci/", {"q": "x\0"})
    assert response.status_code == 200
    assert "Nobody found" in text_of(response)


def test_nobody_found_is_not_an_empty_book(kowalski: Contact, as_owner: Client) -> None:
    text = text_of(as_owner.get("/klienci/", {"q": "nowak"}))
    assert "Nobody found" in text
    assert "Your book is empty" not in text


def test_search_as_you_type_gets_the_table_alone(kowalski: Contact, as_owner: Client) -> None:
    page = as_owner.get("/klienci/", {"q": "kow"}, headers={"HX-Request": "true"})
    content = page.content.decode().strip()
    assert content.startswith('<div id="contacts-table">')
    assert "Kowalski Jan" in content
    assert "<html" not in content


def test_the_back_button_brings_the_whole_page(kowalski: Contact, as_owner: Client) -> None:
    part = as_owner.get("/klienci/", {"q": "kow"}, headers={"HX-Request": "true"})
    assert "HX-Request" in part["Vary"]
    restoring = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    page = as_owner.get("/klienci/", {"q": "kow"}, headers=restoring)
    assert "Search clients" in text_of(page)


def test_the_books_of_others_stay_closed(zolc: Contact, as_stranger: Client) -> None:
    for words in ("", "zolc", "601234567", "AB/123", "OP4521K"):
        assert "Łukasz" not in text_of(as_stranger.get("/klienci/", {"q": words}))


def test_the_accountant_sees_no_clients(zolc: Contact, as_accountant: Client) -> None:
    response = as_accountant.get("/klienci/")
    assert response.status_code == 403
    assert "Żółć Łukasz" not in text_of(response)


def test_beyond_a_page_everybody_found_can_be_written_to(agency: Agency, as_owner: Client) -> None:
    for number in range(51):
        client_of(agency, number)
    text = text_of(as_owner.get("/klienci/"))
    assert "Choose all 51 clients found" in text
    assert "1–50 of 51" in text
    assert "51–51 of 51" in text_of(as_owner.get("/klienci/?page=2"))


def test_a_longer_list_takes_no_more_queries(
    agency: Agency, as_owner: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        client_of(agency, number).policies.create(number="1")
    with django_assert_max_num_queries(7):
        as_owner.get("/klienci/")
