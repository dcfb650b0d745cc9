from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.utils import timezone

from accounts import tasks
from accounts.models import User
from accounts.tasks import send_due_passwords, send_one_time_password
from accounts.tests.jobs import queued_jobs
from accounts.tests.mails import mailed_password
from accounts.tests.pages import browser, text_of

FIRST = "/haslo/pierwsze/"
OWN = "moje-wlasne-haslo-7"


@pytest.fixture
def newcomer(owner: User) -> User:
    """An owner who has just registered; their mails are in English."""
    owner.agency.language = "en"
    owner.agency.save()
    owner.set_unusable_password()
    owner.save()
    return owner


@pytest.fixture
def password(newcomer: User) -> str:
    return mailed_password(newcomer)


def log_in(client: Client, password: str) -> Any:
    sent = {"login": "anna@zolc.example", "password": password}
    return client.post("/logowanie/", sent, follow=True)


def choose(client: Client, password: str) -> Any:
    return client.post(FIRST, {"new_password1": password, "new_password2": password}, follow=True)


@pytest.mark.parametrize("path", ["/pulpit/", "/klienci/", "/haslo/zmiana/", "/", "/zdrowie/"])
def test_who_came_with_the_mailed_password_first_chooses_their_own(
    path: str, password: str, as_visitor: Client
) -> None:
    response = log_in(as_visitor, password)
    assert response.redirect_chain[-1] == (FIRST, 302)
    assert as_visitor.get(path, follow=True).redirect_chain == [(FIRST, 302)]


def test_before_that_they_can_switch_language_and_log_out(
    password: str, as_visitor: Client
) -> None:
    log_in(as_visitor, password)
    assert as_visitor.post("/jezyk/", {"language": "pl"})["Location"] == "/"
    assert as_visitor.post("/wylogowanie/")["Location"] == "/logowanie/"
    assert "_auth_user_id" not in as_visitor.session


def test_the_own_password_opens_the_portal_and_replaces_the_mailed_one(
    password: str, as_visitor: Client
) -> None:
    log_in(as_visitor, password)
    response = choose(as_visitor, OWN)
    assert response.redirect_chain == [("/pulpit/", 302)]
    assert "Your password is set. Welcome!" in text_of(response)
    assert log_in(browser(), OWN).redirect_chain == [("/pulpit/", 302)]
    assert "or the password is not correct" in text_of(log_in(browser(), password))
    assert as_visitor.get(FIRST).status_code == 404


def test_the_mailed_password_works_once(password: str) -> None:
    log_in(browser(), password)
    second = log_in(browser(), password)
    assert second.redirect_chain == []
    assert "This one-time password was used already" in text_of(second)


def test_a_wrong_guess_does_not_use_it_up(password: str, as_visitor: Client) -> None:
    log_in(as_visitor, "zgaduje-zgadula")
    assert log_in(as_visitor, password).redirect_chain[-1] == (FIRST, 302)


@pytest.mark.parametrize(("days", "works"), [(6.99, True), (7.01, False)])
def test_the_mailed_password_works_for_seven_days(days: float, works: bool, newcomer: User) -> None:
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        password = mailed_password(newcomer)
    with time_machine.travel(now + timedelta(days=days), tick=False):
        response = log_in(browser(), password)
    assert (FIRST in dict(response.redirect_chain)) == works
    assert ("is more than 7 days old" in text_of(response)) != works


def test_the_mailed_password_cannot_be_kept(
    password: str, newcomer: User, as_visitor: Client
) -> None:
    log_in(as_visitor, password)
    response = choose(as_visitor, password)
    assert "Choose a password other than the one from the e-mail." in text_of(response)
    newcomer.refresh_from_db()
    assert newcomer.has_one_time_password


@pytest.mark.parametrize(
    ("weak", "reason"),
    [
        ("krotkie", "It must contain at least 10 characters."),
        ("password123", "This password is too common."),
        ("anna@zolc.example", "The password is too similar to the e-mail."),
    ],
)
def test_a_weak_password_is_refused(
    weak: str, reason: str, password: str, as_visitor: Client
) -> None:
    log_in(as_visitor, password)
    assert reason in text_of(choose(as_visitor, weak))
    assert as_visitor.get("/pulpit/").status_code == 302


def test_without_a_mail_server_the_password_waits_and_is_queued_again(
    newcomer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any) -> int:
        raise SMTPServerDisconnected

    with monkeypatch.context() as broken:
        broken.setattr(EmailBackend, "send_messages", refuse)
        with pytest.raises(SMTPServerDisconnected):
            send_one_time_password(newcomer.pk)
    newcomer.refresh_from_db()
    assert not newcomer.has_usable_password()
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        assert send_due_passwords() == 1
    assert queued_jobs() == [("accounts.tasks.send_one_time_password", (newcomer.pk,))]
    send_one_time_password(newcomer.pk)
    assert len(mail.outbox) == 1


def test_who_has_a_password_is_not_mailed_again(owner: User) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        assert send_due_passwords() == 0


def test_an_address_that_takes_no_mail_is_given_up(newcomer: User) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        assert send_due_passwords() == 0


def test_who_chose_a_password_while_the_mail_left_keeps_it(
    newcomer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mail_slowly(user: User, password: str) -> None:
        newcomer.set_own_password(OWN)
        newcomer.save()

    monkeypatch.setattr(tasks, "send_welcome", mail_slowly)
    send_one_time_password(newcomer.pk)
    newcomer.refresh_from_db()
    assert newcomer.check_password(OWN)
    assert not newcomer.has_one_time_password
