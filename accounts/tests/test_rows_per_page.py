"""Everybody chooses how many rows the pages of lists have."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import Agency, Event, User
from accounts.tests.pages import text_of

pytestmark = pytest.mark.django_db

LIST = "/ustawienia/zdarzenia/"


@pytest.fixture
def events(agency: Agency, owner: User) -> None:
    """120 of them."""
    Event.objects.bulk_create(
        Event(kind="logged_in", agency=agency, person=owner, subject=f"nr {number}")
        for number in range(120)
    )


def choose(client: Client, number: object, address: str = LIST) -> str:
    return str(client.post("/wiersze/", {"rows": number, "next": address})["Location"])


def num_rows(client: Client, address: str = LIST) -> int:
    return client.get(address).content.decode().count("<tr>") - 1


def test_a_page_has_as_many_rows_as_were_chosen(
    events: None, as_owner: Client, as_accountant: Client
) -> None:
    assert num_rows(as_owner) == 50
    for number, shown in ((25, 25), (100, 100), (200, 120)):
        assert choose(as_owner, number) == LIST
        assert num_rows(as_owner) == shown
    # There are no other pages now, and the way back is still there.
    assert "Rows on a page: 25 50 100 200" in text_of(as_owner.get(LIST))
    assert User.objects.get(role="accountant").rows_per_page == 50


def test_the_list_begins_anew_with_its_filters_kept(events: None, as_owner: Client) -> None:
    page = as_owner.get(f"{LIST}?kind=logged_in&after=1&page=2").content.decode()
    assert f'name="next" value="{LIST}?kind=logged_in"' in page


def test_a_short_list_offers_no_choice(as_owner: Client) -> None:
    assert "Rows on a page" not in text_of(as_owner.get(LIST))


@pytest.mark.parametrize("number", ["", "0", "-1", "51", "1000000", "x", "\0", "25 "])
def test_what_is_not_offered_changes_nothing(number: str, owner: User, as_owner: Client) -> None:
    assert choose(as_owner, number) == LIST
    owner.refresh_from_db()
    assert owner.rows_per_page == 50


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example", "javascript:1", "login", "NaN", ""]
)
def test_it_leads_to_no_other_place(address: str, as_owner: Client) -> None:
    assert choose(as_owner, 25, address) == "/pulpit/"


def test_the_database_takes_no_other_number(owner: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=owner.pk).update(rows_per_page=10_000)
