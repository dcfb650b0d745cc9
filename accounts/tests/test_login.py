from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import Event, User
from accounts.tests.pages import browser, text_of

PATH = "/logowanie/"
PASSWORD = "haslo-anny-1"
WRONG = "The e-mail (or registration code) or the password is not correct."


def log_in(
    client: Client, password: str = PASSWORD, login: str = "anna@zolc.example", **more: str
) -> Any:
    address = {"REMOTE_ADDR": more.pop("REMOTE_ADDR", "127.0.0.1")}
    return client.post(PATH, {"login": login, "password": password} | more, **address)


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
    told = text_of(log_in(as_visitor))
    assert "Too many failed attempts. Try again in 5 minutes." in told
    # From another address too: the account is what is guessed at.
    assert "Too many failed" in text_of(log_in(browser(), REMOTE_ADDR="203.0.113.9"))
    kinds = [event.kind for event in Event.objects.order_by("pk")]
    assert kinds == ["login_failed"] * 5 + ["login_blocked"]
    assert {event.person for event in Event.objects.all()} == {owner}


def test_the_limit_counts_down_and_ends(owner: User, as_visitor: Client) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _guess in range(5):
            log_in(as_visitor, "zle-haslo")
        clock.shift(200)
        assert "Try again in 2 minutes." in text_of(log_in(as_visitor))
        clock.shift(100)
        assert log_in(as_visitor)["Location"] == "/pulpit/"


def test_an_address_that_tries_many_accounts_is_stopped(as_visitor: Client) -> None:
    for number in range(10):
        log_in(as_visitor, login=f"nikt-{number}@zolc.example")
    told = text_of(log_in(as_visitor, login="nikt-11@zolc.example"))
    assert "Too many failed attempts. Try again in 1 minute." in told


def test_what_was_typed_for_an_unknown_account_is_not_kept(as_visitor: Client) -> None:
    log_in(as_visitor, login="moje-haslo-przez-pomylke")
    event = Event.objects.get()
    assert (event.kind, event.person, event.subject) == ("login_failed", None, "")


@pytest.mark.parametrize("typed", ["7K3M9QW3", "7k3m-9qw3", " 7K3M 9QW3 "])
def test_the_registration_code_logs_the_owner_in(
    typed: str, owner: User, accountant: User, as_visitor: Client
) -> None:
    assert log_in(as_visitor, login=typed)["Location"] == "/pulpit/"
    assert "Good day, Anna Żółć" in text_of(as_visitor.get("/pulpit/"))


def test_the_code_is_counted_as_the_account_it_belongs_to(owner: User, as_visitor: Client) -> None:
    for number in range(5):
        log_in(as_visitor, "zle-haslo", login="7K3M9QW3" if number % 2 else "anna@zolc.example")
    assert "Too many failed" in text_of(log_in(as_visitor, login="7K3M9QW3"))


def test_an_unknown_code_gets_the_answer_of_a_wrong_password(
    owner: User, as_visitor: Client
) -> None:
    assert WRONG in text_of(log_in(as_visitor, login="4H2T-08RG"))


def test_logins_and_logouts_are_kept(owner: User, as_visitor: Client) -> None:
    log_in(as_visitor)
    as_visitor.post("/wylogowanie/")
    kept = [(event.kind, event.person, event.ip) for event in Event.objects.order_by("pk")]
    assert kept == [("logged_in", owner, "127.0.0.1"), ("logged_out", owner, "127.0.0.1")]


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
