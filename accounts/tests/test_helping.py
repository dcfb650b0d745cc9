"""The operator helps people who cannot get in for the first time."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts import helping
from accounts.models import Agency, Event, OutgoingMail, User
from accounts.one_time_passwords import mail_one_time_password
from accounts.roles import Role
from accounts.tests.jobs import queued_jobs
from accounts.tests.mails import mailed_link, mailed_password
from accounts.tests.pages import browser, text_of


@pytest.fixture
def newcomer(agency: Agency) -> User:
    """The agency's owner as registered: no password yet, the agency's address is theirs."""
    agency.language = "en"
    agency.save()
    return User.objects.create_user(
        agency.email, full_name="Anna Żółć", role=Role.OWNER, agency=agency
    )


def password_path(person: User) -> str:
    return f"/operator/agencje/{person.agency_id}/osoby/{person.pk}/haslo/"


def email_path(person: User) -> str:
    return f"/operator/agencje/{person.agency_id}/osoby/{person.pk}/email/"


def log_in(email: str, password: str) -> Any:
    return browser().post("/logowanie/", {"login": email, "password": password})


# --- mailing the password again -------------------------------------------------------------------


def test_a_new_password_is_mailed_and_the_old_one_is_void(
    newcomer: User, as_support: Client
) -> None:
    old = mailed_password(newcomer)
    response = as_support.post(password_path(newcomer), follow=True)
    assert "A one-time password is on its way to anna@zolc.example." in text_of(response)
    assert OutgoingMail.objects.filter(arguments=[newcomer.pk]).exists()
    assert log_in(newcomer.email, old).status_code == 200
    new = mailed_password(newcomer)
    assert new != old
    assert log_in(newcomer.email, new).status_code == 302


@pytest.mark.parametrize("state", ["expired", "used"])
def test_also_after_the_mailed_one_expired_or_was_used(
    state: str, newcomer: User, as_support: Client
) -> None:
    mailed_password(newcomer)
    spent = {"expired": "one_time_password_expires_at", "used": "one_time_password_used_at"}
    User.objects.filter(pk=newcomer.pk).update(**{spent[state]: timezone.now()})
    as_support.post(password_path(newcomer))
    assert log_in(newcomer.email, mailed_password(newcomer)).status_code == 302


def test_the_owners_see_that_it_was_mailed(
    agency: Agency, newcomer: User, as_support: Client
) -> None:
    as_support.post(password_path(newcomer))
    event = Event.objects.get()
    assert (event.kind, event.subject) == ("password_asked", "anna@zolc.example")
    assert event.agency == agency
    assert event.person is not None
    assert event.person.full_name == "Zofia Pomoc"


def test_a_password_of_ones_own_is_never_replaced(owner: User, as_support: Client) -> None:
    response = as_support.post(password_path(owner), follow=True)
    assert "Anna Żółć has got in already and changes this alone." in text_of(response)
    assert log_in(owner.email, "haslo-anny-1").status_code == 302
    assert not Event.objects.filter(kind="password_asked").exists()
    assert queued_jobs() == []


# --- correcting the address -----------------------------------------------------------------------


def test_a_mistyped_address_is_corrected_with_the_agencys(
    agency: Agency, newcomer: User, as_support: Client
) -> None:
    old = mailed_password(newcomer)
    response = as_support.post(
        email_path(newcomer), {"email": "Anna@Zolc-Opole.example"}, follow=True
    )
    assert "on its way to anna@zolc-opole.example" in text_of(response)
    newcomer.refresh_from_db()
    agency.refresh_from_db()
    assert newcomer.email == agency.email == "anna@zolc-opole.example"
    assert log_in("anna@zolc.example", old).status_code == 200
    assert log_in("anna@zolc-opole.example", old).status_code == 200
    password = mailed_password(newcomer)
    assert mail.outbox[-1].to == ["anna@zolc-opole.example"]
    assert log_in("anna@zolc-opole.example", password).status_code == 302


def test_the_correction_is_an_event_with_both_addresses(
    agency: Agency, newcomer: User, as_support: Client
) -> None:
    as_support.post(email_path(newcomer), {"email": "nowa@zolc.example"})
    event = Event.objects.get()
    assert (event.kind, event.agency) == ("email_changed", agency)
    assert event.subject == "anna@zolc.example → nowa@zolc.example"


def test_another_address_of_the_agency_stays(
    agency: Agency, newcomer: User, as_support: Client
) -> None:
    agency.email = "faktury@zolc.example"
    agency.save()
    page = text_of(as_support.get(email_path(newcomer)))
    assert "invoices go to this address too" not in page
    as_support.post(email_path(newcomer), {"email": "nowa@zolc.example"})
    agency.refresh_from_db()
    assert agency.email == "faktury@zolc.example"


def test_a_reset_link_sent_to_the_wrong_address_is_void(newcomer: User, as_support: Client) -> None:
    mailed_password(newcomer)
    browser().post("/haslo/przypomnienie/", {"email": "anna@zolc.example"})
    link = mailed_link()
    assert 'name="password1"' in browser().get(link, follow=True).content.decode()
    as_support.post(email_path(newcomer), {"email": "nowa@zolc.example"})
    assert 'name="password1"' not in browser().get(link, follow=True).content.decode()


@pytest.mark.parametrize("email", ["", "nonsense", "a\0b@x.example", "x" * 250 + "@x.example"])
def test_what_is_no_address_is_pointed_out(email: str, newcomer: User, as_support: Client) -> None:
    response = as_support.post(email_path(newcomer), {"email": email, "x": "x"})
    assert response.status_code == 422
    assert "is-invalid" in response.content.decode()
    newcomer.refresh_from_db()
    assert newcomer.email == "anna@zolc.example"


def test_a_taken_address_is_refused(newcomer: User, accountant: User, as_support: Client) -> None:
    response = as_support.post(email_path(newcomer), {"email": "KSIEGOWA@zolc.example"})
    assert "Somebody has this e-mail already." in text_of(response)


def test_who_has_logged_in_changes_the_address_alone(
    newcomer: User, agency: Agency, as_support: Client
) -> None:
    log_in(newcomer.email, mailed_password(newcomer))
    response = as_support.post(email_path(newcomer), {"email": "zla@zolc.example"}, follow=True)
    assert "has got in already" in text_of(response)
    newcomer.refresh_from_db()
    assert newcomer.email == "anna@zolc.example"


def test_a_mail_under_way_to_the_wrong_address_opens_nothing(
    newcomer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailed: list[str] = []

    def corrected_meanwhile(person: User, password: str) -> None:
        mailed.append(password)
        helping.correct_email(newcomer, "nowa@zolc.example")

    monkeypatch.setattr("accounts.one_time_passwords.send_welcome", corrected_meanwhile)
    mail_one_time_password(newcomer.pk)
    assert log_in("nowa@zolc.example", mailed[0]).status_code == 200
    newcomer.refresh_from_db()
    assert not newcomer.has_usable_password()


# --- who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["as_owner", "as_accountant", "as_clerk", "as_stranger"])
def test_only_support_and_administrators_help(
    person: str, accountant: User, request: pytest.FixtureRequest
) -> None:
    client = request.getfixturevalue(person)
    assert client.post(password_path(accountant)).status_code == 403
    assert client.get(email_path(accountant)).status_code == 403


def test_administrators_help_too(newcomer: User, as_admin: Client) -> None:
    assert as_admin.post(password_path(newcomer)).status_code == 302
    assert as_admin.get(email_path(newcomer)).status_code == 200


def test_a_person_is_found_in_their_own_agency_only(
    newcomer: User, other_agency: Agency, admin: User, as_support: Client
) -> None:
    for agency_id, pk in (
        (other_agency.pk, newcomer.pk),
        (newcomer.agency_id, admin.pk),
        (2**70, newcomer.pk),
        (newcomer.agency_id, 2**70),
    ):
        path = f"/operator/agencje/{agency_id}/osoby/{pk}/"
        assert as_support.post(f"{path}haslo/").status_code == 404
        assert as_support.get(f"{path}email/").status_code == 404
