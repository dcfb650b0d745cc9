"""The button "Get data" of the registration form."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import Agency
from accounts.tests.pages import text_of
from accounts.tests.test_register import FIRM
from sandbox.testing import SandboxProcess

PATH = "/rejestracja/"
COMPANY = "7540000102"


def ask(client: Client, nip: str, *, part: bool = False, **typed: str) -> Any:
    headers = {"HX-Request": "true"} if part else {}
    return client.post(PATH, {"nip": nip, "look_up": "1", **typed}, headers=headers)


def value(response: Any, field: str) -> Any:
    return response.context["form"][field].value()


def test_it_fills_in_name_address_and_regon(register: SandboxProcess, as_visitor: Client) -> None:
    response = ask(as_visitor, "754-000-01-02")
    assert value(response, "name").startswith("AGENCJA UBEZPIECZENIOWA")
    assert value(response, "street") == "Aleja Solidarności 36 lok. 12A"
    assert (value(response, "postal_code"), value(response, "city")) == ("45-061", "Opole")
    assert (value(response, "regon"), value(response, "nip")) == ("000000201", COMPANY)
    assert "Found: AGENCJA UBEZPIECZENIOWA" in text_of(response)


@pytest.mark.parametrize("part", [True, False], ids=["htmx", "without scripts"])
def test_what_was_typed_elsewhere_stays_and_nothing_is_complained_of(
    part: bool, register: SandboxProcess, as_visitor: Client
) -> None:
    typed = {"email": "ewa@zuraw.example", "person": "Ewa", "terms": "on", "no_nip": "on"}
    response = ask(as_visitor, COMPANY, part=part, **typed)
    page = response.content.decode()
    assert ("<html" in page) != part
    assert 'value="ewa@zuraw.example"' in page
    assert value(response, "terms") == "on"
    assert not value(response, "no_nip")
    assert "This field is required." not in text_of(response)


def test_the_filled_in_form_registers(register: SandboxProcess, as_visitor: Client) -> None:
    found = ask(as_visitor, COMPANY)
    names = ("nip", "name", "regon", "street", "postal_code", "city")
    as_visitor.post(PATH, FIRM | {name: value(found, name) for name in names})
    agency = Agency.objects.get()
    assert (agency.nip, agency.regon, agency.city) == (COMPANY, "000000201", "Opole")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("down", "The VAT register does not answer now. Fill in by hand."),
        ("nonsense", "The VAT register does not answer now. Fill in by hand."),
        ("limit", "The VAT register takes no more questions today. Fill in by hand."),
    ],
)
def test_a_register_that_cannot_tell_is_said_and_the_form_stays(
    fault: str, said: str, register: SandboxProcess, as_visitor: Client
) -> None:
    register.register_fault(fault)
    response = ask(as_visitor, COMPANY, street="ul. Moja 1")
    assert said in text_of(response)
    assert value(response, "street") == "ul. Moja 1"


def test_a_nip_that_is_not_in_the_register_is_said(
    register: SandboxProcess, as_visitor: Client
) -> None:
    assert "The VAT register does not know this NIP" in text_of(ask(as_visitor, "7540000119"))


@pytest.mark.parametrize("nip", ["", "123", "7540000103", "<b>"])
def test_an_invalid_nip_is_said_and_not_asked_about(
    nip: str, as_visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.nip_look_up.look_up", None)
    response = ask(as_visitor, nip, city="Opole")
    assert "This is not a valid NIP. Check its ten digits." in text_of(response)
    assert value(response, "city") == "Opole"


def test_a_taken_nip_is_not_told(
    register: SandboxProcess, agency: Agency, as_visitor: Client
) -> None:
    Agency.objects.update(nip=COMPANY)
    assert "Found: AGENCJA UBEZPIECZENIOWA" in text_of(ask(as_visitor, COMPANY))


def test_too_many_questions_are_stopped_at_the_button_with_nothing_lost(
    register: SandboxProcess, as_visitor: Client
) -> None:
    for _attempt in range(5):
        assert "Found" in text_of(ask(as_visitor, COMPANY))
    response = ask(as_visitor, COMPANY, street="ul. Moja 1")
    assert response.status_code == 200
    assert "You have asked many times in a short while." in text_of(response)
    assert value(response, "street") == "ul. Moja 1"
    # Registering goes on.
    assert as_visitor.post(PATH, FIRM).status_code == 302
