from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import Agency
from accounts.tests.pages import text_of

PATH = "/operator/agencje/"


@pytest.mark.parametrize("words", ["Żółć", "111-111-11-11", "7k3m-9qw3", "ANNA@zolc"])
def test_an_agency_is_found_by_name_nip_code_or_email(
    words: str, agency: Agency, other_agency: Agency, as_support: Client
) -> None:
    text = text_of(as_support.get(PATH, {"q": words}))
    assert "Ubezpieczenia Anna Żółć 1111111111 7K3M-9QW3 anna@zolc.example 0,00 zł" in text
    assert "Jan Łęcki" not in text


def test_all_agencies_are_listed_by_name(
    agency: Agency, other_agency: Agency, as_support: Client
) -> None:
    text = text_of(as_support.get(PATH))
    assert text.index("Jan Łęcki") < text.index("Ubezpieczenia Anna Żółć")


def test_nothing_found_is_said(agency: Agency, as_support: Client) -> None:
    assert "Nothing found" in text_of(as_support.get(PATH, {"q": "nowak"}))


def test_agencies_do_not_see_one_another(other_agency: Agency, as_owner: Client) -> None:
    response = as_owner.get(PATH)
    assert response.status_code == 403
    assert "Jan Łęcki" not in text_of(response)


def test_a_longer_list_takes_no_more_queries(
    as_support: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        Agency.objects.create(name=f"Agencja {number}", registration_code=f"AAAA{number:04}")
    with django_assert_max_num_queries(5):
        as_support.get(PATH)


@pytest.mark.parametrize("words", ["żółć", "ZOLC", "anna  zolc", "UBEZPIECZENIA ANNA ŻÓŁĆ"])
def test_names_are_found_without_case_and_accents(
    words: str, agency: Agency, other_agency: Agency, as_support: Client
) -> None:
    text = text_of(as_support.get(PATH, {"q": words}))
    assert "Ubezpieczenia Anna Żółć" in text
    assert "Jan Łęcki" not in text


def test_a_changed_name_is_found_by_the_new_one(agency: Agency, as_support: Client) -> None:
    agency.name = "Łódzkie Polisy"
    agency.save(update_fields=["name"])
    assert "Łódzkie Polisy" in text_of(as_support.get(PATH, {"q": "lodzkie"}))
    assert "Nothing found" in text_of(as_support.get(PATH, {"q": "anna żółć"}))


@pytest.mark.parametrize("words", ["7k3m 9qw3", "7K3M9QW3", "111-111-11-11"])
def test_a_whole_code_or_nip_names_one_agency(
    words: str, agency: Agency, other_agency: Agency
) -> None:
    assert Agency.objects.named(words) == agency


@pytest.mark.parametrize("words", ["", "7K3M", "111", "-", "\0"])
def test_less_than_that_names_none(words: str, agency: Agency, other_agency: Agency) -> None:
    assert Agency.objects.named(words) is None
