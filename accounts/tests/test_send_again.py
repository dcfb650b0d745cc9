"""The first password mailed again (wyślij ponownie)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.tests.mails import deliver_mails, mailed_password, password_in
from accounts.tests.pages import browser, text_of

PATH = "/rejestracja/wyslij-ponownie/"
EMAIL = "anna@zolc.example"


@pytest.fixture
def newcomer(owner: User) -> User:
    """An owner who has just registered; their mails are in English."""
    owner.agency.language = "en"
    owner.agency.save()
    owner.set_unusable_password()
    owner.save()
    return owner


def ask(email: str = EMAIL) -> str:
    response = browser().post(PATH, {"email": email}, follow=True)
    assert response.redirect_chain == [("/rejestracja/gotowe/", 302)]
    return text_of(response).replace(email.lower(), "E-MAIL")


def log_in(password: str) -> list[tuple[str, int]]:
    sent = {"login": EMAIL, "password": password}
    return browser().post("/logowanie/", sent, follow=True).redirect_chain


def test_who_never_got_a_password_gets_one(newcomer: User) -> None:
    ask("ANNA@zolc.example")
    (message,) = deliver_mails()
    assert message.to == [EMAIL]
    assert log_in(password_in(message))


def test_the_new_password_makes_the_old_one_void(newcomer: User) -> None:
    old = mailed_password(newcomer)
    ask()
    (message,) = deliver_mails()
    assert log_in(old) == []
    assert log_in(password_in(message))


def test_until_the_new_one_is_out_the_old_one_works(newcomer: User) -> None:
    old = mailed_password(newcomer)
    ask()
    assert log_in(old)


@pytest.mark.parametrize("days", [0, 8], ids=["used", "expired"])
def test_a_used_or_expired_password_is_replaced(newcomer: User, days: int) -> None:
    old = mailed_password(newcomer)
    if not days:
        assert log_in(old)
    with time_machine.travel(timezone.now() + timedelta(days=days)):
        ask()
        (message,) = deliver_mails()
        assert log_in(password_in(message))


def test_who_has_a_password_of_their_own_keeps_it_and_is_told(owner: User) -> None:
    owner.agency.language = "en"
    owner.agency.save()
    ask()
    (message,) = deliver_mails()
    assert "You have an account here already, so nothing was changed." in message.body
    assert "One-time password" not in message.body
    owner.refresh_from_db()
    assert owner.check_password("haslo-anny-1")


def test_who_chose_one_before_the_mail_left_keeps_it(newcomer: User) -> None:
    ask()
    newcomer.set_own_password("moje-wlasne-haslo-7")
    newcomer.save()
    assert deliver_mails() == []
    newcomer.refresh_from_db()
    assert newcomer.check_password("moje-wlasne-haslo-7")


@pytest.mark.parametrize("is_active", [False, True])
def test_strangers_and_closed_accounts_are_not_mailed(newcomer: User, is_active: bool) -> None:
    User.objects.update(is_active=is_active)
    ask("nikt@zolc.example" if is_active else EMAIL)
    assert deliver_mails() == []


def test_the_answer_is_the_same_for_all(newcomer: User, accountant: User) -> None:
    emails = (EMAIL, "ksiegowa@zolc.example", "nikt@zolc.example")
    assert len({ask(email) for email in emails}) == 1


def test_the_form_knows_the_address_that_registered(as_visitor: Client, db: None) -> None:
    session = as_visitor.session
    session["registered_email"] = EMAIL
    session.save()
    assert f'value="{EMAIL}"' in as_visitor.get(PATH).content.decode()
    page = as_visitor.get("/rejestracja/gotowe/").content.decode()
    assert f'action="{PATH}"' in page
    assert f'value="{EMAIL}"' in page


def test_a_wrong_address_is_said(as_visitor: Client, db: None) -> None:
    assert "Enter a valid email address." in text_of(as_visitor.post(PATH, {"email": "anna"}))


def test_it_is_limited_per_email_known_or_not(db: None) -> None:
    for _attempt in range(3):
        ask("nikt@zolc.example")
    response = browser().post(PATH, {"email": "nikt@zolc.example"})
    assert response.status_code == 429
    assert "Too many attempts. Try again in 60 minutes." in text_of(response)
    ask("inny@zolc.example")


def test_it_is_limited_per_address(db: None) -> None:
    for number in range(10):
        ask(f"nikt{number}@zolc.example")
    assert browser().post(PATH, {"email": EMAIL}).status_code == 429
    other = browser().post(PATH, {"email": EMAIL}, REMOTE_ADDR="192.0.2.7")
    assert other.status_code == 302


def test_the_login_page_leads_here(as_visitor: Client, db: None) -> None:
    assert f'href="{PATH}"' in as_visitor.get("/logowanie/").content.decode()
