"""Cennik: the price list and who may change it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import Agency, Event, User
from accounts.tests.pages import text_of
from billing.models import PartPrice
from billing.prices import PriceRefused, price_per_part, set_price, withdraw_price

PATH = "/operator/cennik/"
TODAY = date(2026, 11, 22)
FUTURE = date(2026, 12, 1)


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel("2026-11-22 12:00+01:00", tick=False):
        yield


def filled(**changes: str) -> dict[str, str]:
    return {
        "scope": "all",
        "agency": "",
        "price": "0,31",
        "valid_from": "2026-12-01",
    } | changes


def rows() -> set[tuple[str, int, date]]:
    """Agency, price, first day; without the price that the portal starts with."""
    return {
        (row.agency.name if row.agency else "", row.price, row.valid_from)
        for row in PartPrice.objects.exclude(valid_from=date(2026, 1, 1))
    }


# --- setting --------------------------------------------------------------------------------------


def test_a_general_price_is_set_for_a_day_to_come(agency: Agency, as_admin: Client) -> None:
    response = as_admin.post(PATH, filled(), follow=True)
    assert "The price is set." in text_of(response)
    assert "01.12.2026 0,31 zł Not begun Withdraw" in text_of(response)
    assert "01.01.2026 0,29 zł In force" in text_of(response)
    assert rows() == {("", 31, FUTURE)}
    assert price_per_part(agency) == 29
    assert price_per_part(agency, FUTURE) == 31


@pytest.mark.parametrize("typed", ["7k3m-9qw3", "111-111-11-11"])
def test_one_agency_is_named_by_code_or_nip(
    typed: str, agency: Agency, other_agency: Agency, as_admin: Client
) -> None:
    response = as_admin.post(
        PATH, filled(scope="one", agency=typed, valid_from="2026-11-22"), follow=True
    )
    assert "Ubezpieczenia Anna Żółć 22.11.2026 0,31 zł In force" in text_of(response)
    assert price_per_part(agency) == 31
    assert price_per_part(other_agency) == 29


def test_the_price_before_is_over_and_stays(admin: User, as_admin: Client) -> None:
    set_price(agency=None, price=31, valid_from=TODAY, set_by=admin)
    text = text_of(as_admin.get(PATH))
    assert "22.11.2026 0,31 zł In force" in text
    assert "01.01.2026 0,29 zł Over" in text


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"price": ""}, "This field is required."),
        ({"price": "abc"}, "Write the amount as 1 234,50."),
        ({"price": "0"}, "A part costs between 0,01 zł and 10,00 zł."),
        ({"price": "-0,29"}, "A part costs between 0,01 zł and 10,00 zł."),
        ({"price": "29,00"}, "A part costs between 0,01 zł and 10,00 zł."),
        ({"price": "9" * 13}, "A part costs between 0,01 zł and 10,00 zł."),
        ({"price": "0,29\0"}, "Write the amount as 1 234,50."),
        ({"valid_from": "2026-11-21"}, "A price begins today or later"),
        ({"valid_from": "9999-12-31"}, "Give a day before the year 3000."),
        ({"valid_from": "soon"}, "Enter a valid date."),
        ({"valid_from": ""}, "This field is required."),
        ({"scope": "one"}, "No agency has this registration code or NIP."),
        ({"scope": "one", "agency": "AAAA-AAAA"}, "No agency has this registration code or NIP."),
        ({"scope": "one", "agency": "x" * 41}, "at most 40 characters"),
        ({"scope": "one", "agency": "\0"}, "Null characters are not allowed."),
        ({"agency": "7K3M-9QW3"}, "Leave this empty for a price of all agencies."),
        ({"scope": "x"}, "Select a valid choice."),
    ],
)
def test_a_mistake_is_told_beside_its_field(
    changes: dict[str, str], told: str, agency: Agency, as_admin: Client
) -> None:
    response = as_admin.post(PATH, filled(**changes))
    assert response.status_code == 422
    assert told in text_of(response)
    assert rows() == set()
    assert not Event.objects.exists()


@pytest.mark.parametrize("scope", ["all", "one"])
def test_a_day_has_one_price(scope: str, agency: Agency, admin: User, as_admin: Client) -> None:
    whose = agency if scope == "one" else None
    set_price(agency=whose, price=30, valid_from=FUTURE, set_by=admin)
    code = "7K3M-9QW3" if scope == "one" else ""
    response = as_admin.post(PATH, filled(scope=scope, agency=code))
    assert response.status_code == 422
    assert "There is a price from this day on already." in text_of(response)
    assert {price for _agency, price, _day in rows()} == {30}


def test_the_day_is_warsaws(admin: User) -> None:
    with time_machine.travel("2026-11-22 23:30+00:00", tick=False):
        with pytest.raises(PriceRefused):
            set_price(agency=None, price=31, valid_from=date(2026, 11, 22), set_by=admin)
        set_price(agency=None, price=31, valid_from=date(2026, 11, 23), set_by=admin)


@pytest.mark.parametrize("price", [0, -29])
def test_nothing_is_not_a_price(price: int, admin: User) -> None:
    with pytest.raises(PriceRefused):
        set_price(agency=None, price=price, valid_from=FUTURE, set_by=admin)


# --- withdrawing ----------------------------------------------------------------------------------


def test_a_price_to_come_is_withdrawn(agency: Agency, admin: User, as_admin: Client) -> None:
    row = set_price(agency=agency, price=31, valid_from=FUTURE, set_by=admin)
    response = as_admin.post(f"{PATH}{row.pk}/wycofaj/", follow=True)
    assert "The price is withdrawn." in text_of(response)
    assert rows() == set()
    event = Event.objects.latest("id")
    assert (event.kind, event.agency, event.person) == ("price_withdrawn", agency, admin)


def test_a_price_that_has_begun_stays(admin: User, as_admin: Client) -> None:
    row = set_price(agency=None, price=31, valid_from=TODAY, set_by=admin)
    assert f"{row.pk}/wycofaj" not in as_admin.get(PATH).content.decode()
    response = as_admin.post(f"{PATH}{row.pk}/wycofaj/", follow=True)
    assert "This price has begun: it stays." in text_of(response)
    assert rows() == {("", 31, TODAY)}


def test_a_price_withdrawn_twice_is_withdrawn_once(admin: User, as_admin: Client) -> None:
    row = set_price(agency=None, price=31, valid_from=FUTURE, set_by=admin)
    withdraw_price(row, withdrawn_by=admin)
    row.pk = 999999
    with pytest.raises(PriceRefused):
        withdraw_price(row, withdrawn_by=admin)
    assert Event.objects.filter(kind="price_withdrawn").count() == 1
    assert as_admin.post(f"{PATH}{2**70}/wycofaj/").status_code == 404


# --- who may, and what is told --------------------------------------------------------------------


@pytest.mark.parametrize("person", ["as_owner", "as_accountant", "as_clerk", "as_support"])
def test_nobody_else_may_set_prices(person: str, request: pytest.FixtureRequest) -> None:
    client = request.getfixturevalue(person)
    assert client.get(PATH).status_code == 403
    assert client.post(PATH, filled()).status_code == 403
    row = PartPrice.objects.get()
    assert client.post(f"{PATH}{row.pk}/wycofaj/").status_code == 403
    assert rows() == set()


def test_an_own_price_is_the_agencys_event(agency: Agency, admin: User) -> None:
    set_price(agency=agency, price=31, valid_from=FUTURE, set_by=admin)
    event = Event.objects.get()
    assert (event.kind, event.agency, event.person) == ("price_set", agency, admin)
    assert event.subject == "0,31\xa0zł, 01.12.2026"


def test_the_general_price_is_the_operators_event(agency: Agency, admin: User) -> None:
    set_price(agency=None, price=31, valid_from=FUTURE, set_by=admin)
    assert Event.objects.get().agency is None


def test_many_own_prices_come_in_pages(
    admin: User, as_admin: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(60):
        agency = Agency.objects.create(name=f"A{number:02}", registration_code=f"AAAA{number:04}")
        PartPrice.objects.create(agency=agency, price=25, valid_from=TODAY)
    with django_assert_max_num_queries(6):
        text = text_of(as_admin.get(PATH))
    assert "A00" in text
    assert "A55" not in text
    for page in ("2", "99", "x\0"):
        assert "A55" in text_of(as_admin.get(PATH, {"page": page})) or page == "x\0"
