"""manage.py removesecondfactor: the way back in for who lost telephone, keys and recovery codes."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from accounts.models import Event, User
from accounts.tests.mails import deliver_mails
from accounts.tests.pages import browser, give_second_factor


def test_the_password_alone_is_enough_again_and_the_person_is_told(owner: User) -> None:
    give_second_factor(owner)
    call_command("removesecondfactor", "Anna@zolc.example")
    assert not Authenticator.objects.exists()
    event = Event.objects.get(kind="second_factor_removed")
    assert (event.person, event.agency, event.subject) == (owner, owner.agency, "MPS")
    (notice,) = deliver_mails()
    assert notice.to == ["anna@zolc.example"]
    sent = {"login": "anna@zolc.example", "password": "haslo-anny-1"}
    assert browser().post("/logowanie/", sent)["Location"] == "/pulpit/"


def test_the_operators_people_set_up_a_new_one_first(admin: User) -> None:
    give_second_factor(admin)
    call_command("removesecondfactor", admin.email)
    client = browser()
    client.post("/logowanie/", {"login": admin.email, "password": "haslo-olgi-1"})
    assert client.get("/operator/agencje/")["Location"] == "/ustawienia/drugi-skladnik/"


@pytest.mark.parametrize(
    ("email", "error"), [("nikt@zolc.example", "Nobody"), ("anna@zolc.example", "no second factor")]
)
def test_where_there_is_nothing_to_remove_it_says_so(email: str, error: str, owner: User) -> None:
    with pytest.raises(CommandError, match=error):
        call_command("removesecondfactor", email)
    assert not Event.objects.exists()
