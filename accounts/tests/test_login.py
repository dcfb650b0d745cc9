from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.tests.pages import text_of

PATH = "/logowanie/"
PASSWORD = "haslo-anny-1"
WRONG = "The email address and/or password you specified are not correct."


def log_in(client: Client, password: str = PASSWORD, **more: str) -> Any:
    return client.post(PATH, {"login": "anna@zolc.example", "password": password} | more)


def test_the_right_password_leads_to_the_dashboard(owner: User, as_visitor: Client) -> None:
    assert log_in(as_visitor)["Location"] == "/pulpit/"
    assert "Good day, Anna Żółć" in text_of(as_visitor.get("/pulpit/"))


def test_the_email_may_be_written_in_any_case(owner: User, as_visitor: Client) -> None:
    assert log_in(as_visitor, login="ANNA@Zolc.example")["Location"] == "/pulpit/"


@pytest.mark.parametrize("login", ["anna@zolc.example", "nikt@zolc.example"])
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    login: str, owner: User, as_visitor: Client
) -> None:
    response = log_in(as_visitor, "zle-haslo", login=login)
    assert response.status_code == 200
    assert WRONG in text_of(response)


def test_who_has_no_password_yet_cannot_log_in(owner: User, as_visitor: Client) -> None:
    owner.set_unusable_password()
    owner.save()
    for guess in ("", "!", owner.password):
        assert log_in(as_visitor, guess).status_code == 200
    assert as_visitor.get("/pulpit/").status_code == 302


def test_a_closed_account_stays_out(owner: User, as_visitor: Client) -> None:
    User.objects.update(is_active=False)
    log_in(as_visitor)
    response = as_visitor.get("/pulpit/")
    assert (response.status_code, response["Location"]) == (302, "/logowanie/?next=/pulpit/")


def test_closing_an_account_ends_its_sessions(as_owner: Client) -> None:
    User.objects.update(is_active=False)
    assert as_owner.get("/pulpit/").status_code == 302


def test_guessing_is_stopped_even_with_the_right_password(owner: User, as_visitor: Client) -> None:
    for guess in range(5):
        assert WRONG in text_of(log_in(as_visitor, f"haslo-{guess}"))
    assert "Too many failed login attempts. Try again later." in text_of(log_in(as_visitor))


def test_after_the_login_comes_the_page_that_was_asked_for(owner: User, as_visitor: Client) -> None:
    asked = as_visitor.get("/faktury/", follow=True)
    assert asked.redirect_chain == [("/logowanie/?next=/faktury/", 302)]
    assert log_in(as_visitor, next="/faktury/")["Location"] == "/faktury/"


def test_nobody_is_led_to_another_site(owner: User, as_visitor: Client) -> None:
    assert log_in(as_visitor, next="https://evil.example/")["Location"] == "/pulpit/"


def test_only_a_button_logs_out(as_owner: Client) -> None:
    assert "Log out?" in text_of(as_owner.get("/wylogowanie/"))
    assert as_owner.get("/pulpit/").status_code == 200
    assert as_owner.post("/wylogowanie/")["Location"] == "/logowanie/"
    assert as_owner.get("/pulpit/").status_code == 302


def test_a_table_that_outlives_its_session_sends_the_window_to_the_login(
    as_visitor: Client,
) -> None:
    page = {"HX-Request": "true", "HX-Current-URL": "http://testserver/wiadomosci/?page=2"}
    response = as_visitor.get("/wiadomosci/", headers=page)
    assert response["HX-Redirect"] == "/logowanie/?next=%2Fwiadomosci%2F"
