from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Agency, User
from accounts.tests.pages import text_of
from billing.tests.payments import pay
from messaging.derived import bring_up_to_date
from messaging.tests.book import client_of, draft_for, whole_client_of


@pytest.fixture
def full(agency: Agency, owner: User) -> Agency:
    """An agency with a client, a policy, a campaign and an invoice."""
    whole_client_of(agency, 1, first_name="Żaneta", last_name="Łącka")
    draft_for(agency)
    pay(agency, 10000)
    return agency


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("lack", "Łącka Żaneta"),
        ("P1", "Łącka Żaneta"),
        ("badan", "Badania 0"),
        ("0001", "FV/"),
        ("xyz", "Nothing found"),
    ],
)
def test_an_owner_finds_all_of_the_agency(
    full: Agency, as_owner: Client, text: str, found: str
) -> None:
    assert found in text_of(as_owner.get("/szukaj/", {"q": text}))


def test_nobody_finds_what_is_others(full: Agency, as_stranger: Client) -> None:
    for text in ("lack", "badan", "0001", "Anna"):
        assert "Nothing found" in text_of(as_stranger.get("/szukaj/", {"q": text}))


def test_an_accountant_finds_invoices_only(full: Agency, as_accountant: Client) -> None:
    assert "Nothing found" in text_of(as_accountant.get("/szukaj/?q=lack"))
    assert "Nothing found" in text_of(as_accountant.get("/szukaj/?q=badan"))
    assert "FV/" in text_of(as_accountant.get("/szukaj/?q=0001"))


@pytest.mark.parametrize("text", ["zolc", "7k3m 9qw3", "111-111-11-11", "anna@zolc"])
def test_the_operator_finds_agencies(full: Agency, as_support: Client, text: str) -> None:
    assert "Ubezpieczenia Anna Żółć" in text_of(as_support.get("/szukaj/", {"q": text}))


def test_the_operator_finds_invoices_by_number_and_nip(full: Agency, as_clerk: Client) -> None:
    assert "FV/" in text_of(as_clerk.get("/szukaj/?q=FV"))
    assert "FV/" in text_of(as_clerk.get("/szukaj/?q=111-111-11-11"))
    assert "Żaneta" not in text_of(as_clerk.get("/szukaj/?q=lack"))


def test_who_types_gets_the_results_alone(full: Agency, as_owner: Client) -> None:
    page = as_owner.get("/szukaj/?q=lack", headers={"HX-Request": "true"}).content.decode()
    assert "Łącka Żaneta" in page
    assert "<html" not in page


def test_a_text_is_no_markup_and_no_error(as_owner: Client) -> None:
    page = as_owner.get("/szukaj/", {"q": "<b>\0%_'" + "x" * 500}).content.decode()
    assert "&lt;b&gt;" in page
    assert "Nothing found" in page


def test_many_clients_are_named_up_to_a_few(agency: Agency, as_owner: Client) -> None:
    bring_up_to_date(
        [client_of(agency, number, last_name=f"Kowal{number}") for number in range(20)]
    )
    page = as_owner.get("/szukaj/?q=kow").content.decode()
    assert page.count('href="/klienci/') >= 8
    assert page.count("<span>Kowal") == 8
    assert 'href="/klienci/?q=kow"' in page
