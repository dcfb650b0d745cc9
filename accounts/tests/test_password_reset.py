from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts.models import User
from accounts.tests.mails import deliver_mails, mailed_link, mailed_password
from accounts.tests.pages import browser, give_second_factor, text_of

PATH = "/haslo/przypomnienie/"
NEW = "zupelnie-nowe-haslo-3"


def ask(client: Client, email: str = "anna@zolc.example") -> Any:
    return client.post(PATH, {"email": email}, follow=True)


def choose_by_link(client: Client, link: str) -> Any:
    page = client.get(link, follow=True)
    sent = {"password1": NEW, "password2": NEW}
    return client.post(page.request["PATH_INFO"], sent, follow=True)


def log_in(password: str) -> Any:
    sent = {"login": "anna@zolc.example", "password": password}
    return browser().post("/logowanie/", sent, follow=True)


def test_the_mailed_link_changes_the_password_once(owner: User, as_visitor: Client) -> None:
    ask(as_visitor)
    deliver_mails()
    assert mail.outbox[0].to == ["anna@zolc.example"]
    link = mailed_link()
    assert "Your password is changed" in text_of(choose_by_link(as_visitor, link))
    assert log_in(NEW).redirect_chain == [("/pulpit/", 302)]
    assert log_in("haslo-anny-1").redirect_chain == []
    again = browser().get(link, follow=True)
    assert "This link no longer works" in text_of(again)


def test_who_never_got_the_first_mail_comes_in_by_the_link(owner: User, as_visitor: Client) -> None:
    owner.set_unusable_password()
    owner.save()
    ask(as_visitor)
    choose_by_link(as_visitor, mailed_link())
    assert log_in(NEW).redirect_chain == [("/pulpit/", 302)]


@pytest.mark.parametrize("email", ["anna@zolc.example", "nikt@zolc.example"])
def test_the_answer_does_not_tell_who_has_an_account(
    email: str, owner: User, as_visitor: Client
) -> None:
    response = ask(as_visitor, email)
    assert response.redirect_chain == [("/haslo/przypomnienie/wyslane/", 302)]
    assert "Check your mail" in text_of(response)
    assert [message.to for message in deliver_mails()] == [[email]]


def test_an_unknown_address_is_told_by_mail_how_to_register(as_visitor: Client) -> None:
    ask(as_visitor, "nikt@zolc.example")
    assert "no account has this e-mail" in deliver_mails()[0].body
    assert mailed_link() == "/rejestracja/"


def test_a_made_up_link_changes_nothing(owner: User, as_visitor: Client) -> None:
    response = as_visitor.get("/haslo/nowe/1-set-password/", follow=True)
    assert "This link no longer works" in text_of(response)
    assert log_in("haslo-anny-1").redirect_chain == [("/pulpit/", 302)]


def test_a_spent_one_time_password_is_replaced_by_the_link(owner: User, as_visitor: Client) -> None:
    owner.agency.language = "en"
    owner.agency.save()
    owner.set_unusable_password()
    owner.save()
    log_in(mailed_password(owner))
    ask(as_visitor)
    choose_by_link(as_visitor, mailed_link())
    assert log_in(NEW).redirect_chain == [("/pulpit/", 302)]


def test_wrong_guesses_before_it_do_not_keep_out(owner: User, as_visitor: Client) -> None:
    for number in range(6):
        log_in(f"zgaduje-{number}")
    ask(as_visitor)
    choose_by_link(as_visitor, mailed_link())
    assert log_in(NEW).redirect_chain == [("/pulpit/", 302)]


def test_it_does_not_replace_the_second_factor(owner: User, as_visitor: Client) -> None:
    """Whoever reads the mailbox is not in yet."""
    give_second_factor(owner)
    ask(as_visitor)
    choose_by_link(as_visitor, mailed_link())
    assert as_visitor.get("/pulpit/").status_code == 302
    assert log_in(NEW).redirect_chain == [("/logowanie/kod/", 302)]


def test_it_ends_all_sessions(as_owner: Client, as_visitor: Client) -> None:
    ask(as_visitor)
    choose_by_link(as_visitor, mailed_link())
    assert as_owner.get("/pulpit/").status_code == 302


def test_the_old_address_opens_nothing_after_a_change(owner: User, as_visitor: Client) -> None:
    """allauth's own generator of tokens keeps each address that asked, and lets it log in for ever."""
    ask(as_visitor)
    choose_by_link(as_visitor, mailed_link())
    User.objects.filter(pk=owner.pk).update(email="nowa@zolc.example")
    assert log_in(NEW).redirect_chain == []
    assert not EmailAddress.objects.exists()


def test_a_second_factor_can_be_set_up_after_it(owner: User, as_visitor: Client) -> None:
    ask(as_visitor)
    choose_by_link(as_visitor, mailed_link())
    client = browser(User.objects.get(pk=owner.pk))
    path = "/ustawienia/drugi-skladnik/aplikacja/"
    assert "Scan this code" in text_of(client.get(path))
