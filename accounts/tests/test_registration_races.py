"""Registrations that meet at the same moment."""

from __future__ import annotations

from collections import Counter

import pytest

from accounts.models import Agency, Consent, OutgoingMail, User
from accounts.registration import AgencyData, CodeTaken, answer_registration
from accounts.tests.races import run_together

pytestmark = pytest.mark.django_db(transaction=True)

NIPS = ("5250000009", "7540000102", "8990000404", "5840000507")


def data(nip: str, email: str, code: str = "") -> AgencyData:
    return AgencyData(
        name="Ubezpieczenia Żuraw",
        nip=nip,
        regon="",
        street="ul. Krakowska 12",
        postal_code="45-018",
        city="Opole",
        registration_code=code,
        person="Ewa Żuraw",
        email=email,
        phone="601 234 567",
        language="pl",
    )


def mails() -> Counter[str]:
    functions = OutgoingMail.objects.values_list("function", flat=True)
    return Counter(function.rsplit(".", 1)[1] for function in functions)


def test_of_four_with_one_nip_one_is_registered_and_each_is_mailed() -> None:
    results = run_together(4, lambda n: answer_registration(data(NIPS[0], f"ewa{n}@a.example")))
    assert results == [None] * 4
    assert (Agency.objects.count(), User.objects.count(), Consent.objects.count()) == (1, 1, 3)
    assert mails()["mail_one_time_password"] == 1
    assert mails()["send_agency_is_registered"] == 3


def test_of_four_with_one_email_one_is_registered_and_each_is_mailed() -> None:
    results = run_together(4, lambda n: answer_registration(data(NIPS[n], "ewa@a.example")))
    assert results == [None] * 4
    assert (Agency.objects.count(), User.objects.count(), Consent.objects.count()) == (1, 1, 3)
    assert mails() == {"mail_one_time_password": 1, "send_you_have_an_account": 3}


def test_of_four_with_one_code_one_is_registered_and_the_others_are_told() -> None:
    results = run_together(
        4, lambda n: answer_registration(data(NIPS[n], f"ewa{n}@a.example", "AG7731X"))
    )
    assert Counter(type(result) for result in results) == {type(None): 1, CodeTaken: 3}
    assert (Agency.objects.count(), User.objects.count()) == (1, 1)
