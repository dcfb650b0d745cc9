"""The second factor: set up, asked for at the login and before sensitive steps, required of the operator's people."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Event, User
from accounts.tests.mails import deliver_mails
from accounts.tests.pages import (
    TOTP_SECRET,
    browser,
    forget_proof,
    give_second_factor,
    text_of,
)

PASSWORDS = {"anna@zolc.example": "haslo-anny-1", "ksiegowosc@mps.example": "haslo-piotra"}
INDEX = "/ustawienia/drugi-skladnik/"


def log_in(person: User) -> tuple[Client, Any]:
    client = browser()
    sent = {"login": person.email, "password": PASSWORDS[person.email]}
    return client, client.post("/logowanie/", sent)


def code(secret: str = TOTP_SECRET) -> str:
    return pyotp.TOTP(secret).now()


def recovery_codes(client: Client) -> list[str]:
    page = client.get(INDEX + "kody/").content.decode()
    return re.findall(r"<li>(\d{8})</li>", page)


def set_up_the_app(client: Client) -> Any:
    page = client.get(INDEX + "aplikacja/", follow=True)
    secret = re.search(r'data-copy="([A-Z2-7]{32})"', page.content.decode())
    assert secret
    return client.post(INDEX + "aplikacja/", {"code": code(secret[1])})


# What follows a new factor happens after the commit.
@pytest.mark.django_db(transaction=True)
def test_the_app_is_set_up_with_its_first_code_and_gives_recovery_codes(owner: User) -> None:
    client, _page = log_in(owner)
    assert set_up_the_app(client)["Location"] == INDEX + "kody/"
    assert "The authenticator app is on" in text_of(client.get(INDEX))
    assert len(recovery_codes(client)) == 10
    kinds = [event.kind for event in Event.objects.order_by("pk")]
    assert kinds == ["logged_in", "second_factor_added", "recovery_codes_made"]
    (notice,) = deliver_mails()
    assert notice.to == ["anna@zolc.example"]
    assert "Dodano drugi składnik" in notice.subject
    assert "127.0.0.1" in str(notice.body)


def test_a_wrong_first_code_turns_nothing_on(owner: User) -> None:
    client, _page = log_in(owner)
    client.get(INDEX + "aplikacja/")
    page = client.post(INDEX + "aplikacja/", {"code": "000000"})
    assert "This code is not correct" in text_of(page)
    assert not Authenticator.objects.exists()


def test_the_login_asks_for_a_code(owner: User) -> None:
    give_second_factor(owner)
    client, page = log_in(owner)
    assert page["Location"] == "/logowanie/kod/"
    assert client.get("/pulpit/").status_code == 302
    assert client.post("/logowanie/kod/", {"code": code()})["Location"] == "/pulpit/"
    assert client.get("/pulpit/").status_code == 200


def test_a_wrong_code_keeps_out_and_guessing_is_stopped(owner: User) -> None:
    give_second_factor(owner)
    client, _page = log_in(owner)
    for _guess in range(5):
        told = text_of(client.post("/logowanie/kod/", {"code": "000000"}))
        assert "This code is not correct" in told
    told = text_of(client.post("/logowanie/kod/", {"code": code()}))
    assert "Too many failed attempts. Try again in 5 minutes." in told
    assert client.get("/pulpit/").status_code == 302
    assert Event.objects.filter(kind="second_factor_failed", person=owner).count() == 5


def test_whose_codes_are_guessed_is_told_once(owner: User) -> None:
    """The guesser knows the password already."""
    give_second_factor(owner)
    client, _page = log_in(owner)
    for _guess in range(7):
        client.post("/logowanie/kod/", {"code": "000000"})
    event = Event.objects.get(kind="login_blocked")
    assert (event.person, event.agency) == (owner, owner.agency)
    (notice,) = deliver_mails()
    assert notice.to == ["anna@zolc.example"]
    assert "Logowanie zablokowane" in notice.subject


@pytest.mark.parametrize("seconds", [0, 31, 59])
def test_a_code_works_once_as_long_as_it_is_valid(seconds: int, owner: User) -> None:
    give_second_factor(owner)
    start = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as clock:
        used = code()
        for expected in ("/pulpit/", None):
            client, _page = log_in(owner)
            answer = client.post("/logowanie/kod/", {"code": used})
            assert answer.headers.get("Location") == expected
            clock.move_to(start + timedelta(seconds=seconds))


@pytest.mark.django_db(transaction=True)
def test_a_recovery_code_works_once_and_is_told_by_mail(owner: User, as_owner: Client) -> None:
    client, _page = log_in(owner)
    set_up_the_app(client)
    lost = recovery_codes(client)[0]
    deliver_mails()
    for expected in ("/pulpit/", None):
        client, _page = log_in(owner)
        answer = client.post("/logowanie/kod/", {"code": lost})
        assert answer.headers.get("Location") == expected
    (notice,) = deliver_mails()
    assert "Użyto kodu zapasowego" in notice.subject


def test_a_passkey_has_a_short_name(as_owner: Client) -> None:
    path = INDEX + "klucze/nowy/"
    assert 'maxlength="100"' in as_owner.get(path).content.decode()
    told = text_of(as_owner.post(path, {"name": "x" * 101, "credential": "{}"}))
    assert "at most 100 characters" in told


def test_secrets_do_not_lie_in_the_database_as_they_are(owner: User) -> None:
    give_second_factor(owner)
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator WHERE type = 'totp'")
        stored = str(cursor.fetchone()[0])
    assert TOTP_SECRET not in stored


def test_a_new_secret_key_still_reads_what_the_old_one_wrote(
    owner: User, settings: Settings
) -> None:
    give_second_factor(owner)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"  # noqa: S105
    assert Authenticator.objects.get(user=owner, type="totp").wrap().validate_code(code())


@pytest.mark.parametrize(
    "path", ["/pulpit/", "/operator/agencje/", "/ustawienia/konto/", "/klienci/"]
)
def test_the_operators_people_get_nowhere_without_one(path: str, billing_clerk: User) -> None:
    client, _page = log_in(billing_clerk)
    assert "you need a second factor before you go on" in text_of(client.get(INDEX))
    assert client.get(path)["Location"] == INDEX


def test_the_operators_people_set_it_up_right_after_the_login(billing_clerk: User) -> None:
    client, _page = log_in(billing_clerk)
    set_up_the_app(client)
    assert client.get("/operator/wplaty/").status_code == 200


def test_the_operators_people_cannot_turn_off_their_last_one(as_clerk: Client) -> None:
    page = as_clerk.get(INDEX + "aplikacja/usun/")
    assert "need a second factor" in text_of(page)
    as_clerk.post(INDEX + "aplikacja/usun/")
    assert Authenticator.objects.filter(type="totp").exists()


def test_an_agent_may_turn_it_off_again(owner: User, as_owner: Client) -> None:
    give_second_factor(owner)
    as_owner.post(INDEX + "aplikacja/usun/")
    assert not Authenticator.objects.exists()
    assert "Usunięto drugi składnik" in deliver_mails()[0].subject


def test_sensitive_steps_ask_for_the_second_factor_not_for_the_password(
    owner: User, as_owner: Client
) -> None:
    give_second_factor(owner)
    forget_proof(as_owner)
    asked = as_owner.get("/ustawienia/konto/e-mail/", follow=True)
    assert asked.redirect_chain[-1][0].startswith("/potwierdzenie/kod/")
    by_password = as_owner.post("/potwierdzenie/", {"password": "haslo-anny-1"})
    assert by_password["Location"].startswith("/potwierdzenie/kod/")
    sent = {"code": code(), "next": "/ustawienia/konto/e-mail/"}
    assert as_owner.post("/potwierdzenie/kod/", sent)["Location"] == "/ustawienia/konto/e-mail/"
    assert as_owner.get("/ustawienia/konto/e-mail/").status_code == 200


def test_without_one_they_ask_for_the_password(as_owner: Client) -> None:
    asked = forget_proof(as_owner).get("/ustawienia/konto/e-mail/")
    assert asked["Location"].startswith("/potwierdzenie/?next=")
    wrong = as_owner.post("/potwierdzenie/", {"password": "zle-haslo"})
    assert "Incorrect password" in text_of(wrong)
    as_owner.post("/potwierdzenie/", {"password": "haslo-anny-1"})
    assert as_owner.get("/ustawienia/konto/e-mail/").status_code == 200


def test_whoever_just_logged_in_is_not_asked_for_a_quarter_of_an_hour(owner: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client, _page = log_in(owner)
        assert client.get("/ustawienia/konto/e-mail/").status_code == 200
        clock.shift(15 * 60 + 1)
        assert client.get("/ustawienia/konto/e-mail/").status_code == 302


def test_what_was_posted_is_done_after_the_proof(owner: User, as_owner: Client) -> None:
    sent = {"email": "nowa@zolc.example"}
    asked = forget_proof(as_owner).post("/ustawienia/konto/e-mail/", sent)
    assert asked["Location"].startswith("/potwierdzenie/")
    proof = {"password": "haslo-anny-1", "next": "/ustawienia/konto/e-mail/"}
    as_owner.post("/potwierdzenie/", proof)
    assert owner.email_changes.get().new_email == "nowa@zolc.example"
