from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings

from accounts import registration_views
from accounts.models import Agency, User
from accounts.registration import register_agency
from accounts.tasks import send_one_time_password
from accounts.tests.jobs import queued_jobs
from accounts.tests.pages import text_of

pytestmark = pytest.mark.django_db

PATH = "/rejestracja/"
FIRM = {
    "name": "Ubezpieczenia Żuraw",
    "nip": "754-000-00-07",
    "street": "ul. Krakowska 12",
    "postal_code": "45-018",
    "city": "Opole",
    "person": "Ewa Żuraw",
    "email": "Ewa@Zuraw.example",
    "phone": "601 234 567",
}


def test_an_agency_is_registered_and_gets_its_code(as_visitor: Client) -> None:
    response = as_visitor.post(PATH, FIRM, follow=True)
    assert response.redirect_chain == [("/rejestracja/gotowe/", 302)]
    agency, owner = Agency.objects.get(), User.objects.get()
    assert agency.formatted_code in text_of(response)
    assert "ewa@zuraw.example" in text_of(response)
    assert (agency.name, agency.nip, agency.email) == (
        "Ubezpieczenia Żuraw",
        "7540000007",
        "ewa@zuraw.example",
    )
    assert (owner.email, owner.full_name, owner.role) == (
        "ewa@zuraw.example",
        "Ewa Żuraw",
        "owner",
    )
    assert owner.agency == agency
    assert not owner.has_usable_password()
    assert queued_jobs() == [("accounts.tasks.send_one_time_password", (owner.pk,))]


@pytest.mark.parametrize("language", ["pl", "en"])
def test_the_mail_brings_password_code_and_link_in_the_agencys_language(language: str) -> None:
    browser = Client()
    browser.cookies["django_language"] = language
    browser.post(PATH, FIRM)
    agency, owner = Agency.objects.get(), User.objects.get()
    send_one_time_password(owner.pk)
    (message,) = mail.outbox
    assert message.to == ["ewa@zuraw.example"]
    assert agency.formatted_code in message.body
    assert "http://testserver/logowanie/" in message.body
    owner.refresh_from_db()
    assert any(owner.check_password(word) for word in message.body.split())
    assert f'<html lang="{language}">' in message.alternatives[0].content


def test_the_password_is_mailed_once(owner: User) -> None:
    owner.set_unusable_password()
    owner.save()
    for _run in range(2):
        send_one_time_password(owner.pk)
    assert len(mail.outbox) == 1


def test_a_natural_person_registers_without_nip(as_visitor: Client) -> None:
    as_visitor.post(PATH, FIRM | {"nip": "", "no_nip": "on"})
    assert Agency.objects.get().nip == ""


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"nip": "754-000-00-08"}, "This is not a valid NIP. Check its ten digits."),
        ({"nip": ""}, "Write the NIP, or tick that you have none."),
        ({"postal_code": "45018"}, "Write the postal code as 00-000."),
        ({"phone": "sześćset"}, "Write the phone number in digits, e.g. 601 234 567."),
        ({"email": "ewa"}, "Enter a valid email address."),
        ({"name": ""}, "This field is required."),
        ({"person": " "}, "This field is required."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    changes: dict[str, str], reason: str, as_visitor: Client
) -> None:
    response = as_visitor.post(PATH, FIRM | changes)
    assert reason in text_of(response)
    assert (Agency.objects.count(), User.objects.count(), queued_jobs()) == (0, 0, [])


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"nip": "111 111 11 11"}, "An agency with this NIP is registered already."),
        ({"email": "ANNA@zolc.example"}, "There is an account with this e-mail."),
    ],
)
def test_who_is_registered_already_is_told_so(
    changes: dict[str, str], reason: str, owner: User, as_visitor: Client
) -> None:
    response = as_visitor.post(PATH, FIRM | changes)
    assert reason in text_of(response)
    assert (Agency.objects.count(), User.objects.count(), queued_jobs()) == (1, 1, [])


def test_of_two_at_the_same_moment_one_is_registered(
    as_visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def register_after_another(data: Any) -> Agency:
        register_agency(data)
        return register_agency(data)

    monkeypatch.setattr(registration_views, "register_agency", register_after_another)
    response = as_visitor.post(PATH, FIRM)
    assert "This NIP or e-mail was registered a moment ago." in text_of(response)
    assert (Agency.objects.count(), User.objects.count(), len(queued_jobs())) == (1, 1, 1)


def test_who_is_logged_in_has_no_need_to_register(as_owner: Client) -> None:
    response = as_owner.get(PATH)
    assert (response.status_code, response["Location"]) == (302, "/pulpit/")


def test_the_code_is_shown_to_who_registered_only(agency: Agency, as_visitor: Client) -> None:
    response = as_visitor.get("/rejestracja/gotowe/")
    assert response.status_code == 404
    assert agency.formatted_code not in text_of(response)


def test_one_address_cannot_register_on_and_on(as_visitor: Client) -> None:
    for attempt in range(10):
        assert as_visitor.post(PATH, {"name": f"Agencja {attempt}"}).status_code == 200
    response = as_visitor.post(PATH, FIRM)
    assert response.status_code == 429
    assert "Too many attempts" in text_of(response)
    assert (Agency.objects.count(), queued_jobs()) == (0, [])
    assert as_visitor.post(PATH, FIRM, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_behind_a_proxy_visitors_are_counted_apart(as_visitor: Client, settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(11):
        # What stands before the proxy's own entry is the visitor's invention.
        forwarded = f"198.51.100.{number}, 192.0.2.1"
        response = as_visitor.post(PATH, {}, headers={"X-Forwarded-For": forwarded})
    assert response.status_code == 429
    assert as_visitor.post(PATH, {}, headers={"X-Forwarded-For": "192.0.2.2"}).status_code == 200
