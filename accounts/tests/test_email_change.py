"""A change of e-mail: nothing happens until both mailboxes agreed."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from accounts import email_changes
from accounts.email_changes import Side
from accounts.models import EmailChange, Event, User
from accounts.tests.mails import deliver_mails
from accounts.tests.pages import browser, text_of

NEW = "anna.nowa@zolc.example"


def ask(client: Client, email: str = NEW) -> Any:
    return client.post("/ustawienia/konto/e-mail/", {"email": email}, follow=True)


def link_in(mail: EmailMessage) -> str:
    found = re.search(r"http://testserver(/\S+)", str(mail.body))
    assert found
    return found[1]


def asked(client: Client) -> tuple[str, str]:
    """The links mailed to the old and to the new address."""
    ask(client)
    to_old, to_new = deliver_mails()
    assert (to_old.to, to_new.to) == (["anna@zolc.example"], [NEW])
    return link_in(to_old), link_in(to_new)


@pytest.mark.parametrize("first", [0, 1])
def test_it_is_changed_when_both_links_were_confirmed(
    first: int, owner: User, as_owner: Client
) -> None:
    links = asked(as_owner)
    half = browser().post(links[first])
    assert "Now open the link that we mailed to the other address" in text_of(half)
    owner.refresh_from_db()
    assert owner.email == "anna@zolc.example"
    done = browser().post(links[1 - first])
    assert f"From now on you log in with {NEW}" in text_of(done)
    owner.refresh_from_db()
    assert owner.email == NEW
    event = Event.objects.get(kind="email_changed")
    assert (event.person, event.subject) == (owner, f"anna@zolc.example → {NEW}")


def test_opening_a_link_does_nothing_yet(owner: User, as_owner: Client) -> None:
    """Mail programs open links to look at them."""
    for link in asked(as_owner):
        assert "Change of e-mail" in text_of(browser().get(link))
    change = EmailChange.objects.get()
    assert (change.old_confirmed_at, change.new_confirmed_at) == (None, None)


def test_the_old_mailbox_can_stop_it_and_the_new_one_cannot(owner: User, as_owner: Client) -> None:
    old, new = asked(as_owner)
    browser().post(new, {"stop": "1"})
    assert EmailChange.objects.get().withdrawn_at is None
    stopped = text_of(browser().post(old, {"stop": "1"}))
    assert "The change is stopped" in stopped
    for link in (old, new):
        assert "This link no longer works" in text_of(browser().get(link))


def test_links_are_dead_after_two_days_once_used_and_when_a_newer_change_is_asked_for(
    owner: User, as_owner: Client
) -> None:
    old, new = asked(as_owner)
    with time_machine.travel(timezone.now() + timedelta(days=2, seconds=1)):
        assert "This link no longer works" in text_of(browser().post(old))
    ask(as_owner, "jeszcze-inna@zolc.example")
    assert "This link no longer works" in text_of(browser().post(new))
    newest = EmailChange.objects.open().get()
    for side in Side:
        email_changes.confirm(newest, side)
    token = email_changes.link_token(newest, Side.OLD)
    assert "This link no longer works" in text_of(browser().post(f"/zmiana-e-mail/{token}/"))


def test_a_made_up_link_is_dead(as_visitor: Client) -> None:
    assert "This link no longer works" in text_of(as_visitor.get("/zmiana-e-mail/x:y:z/"))


def test_the_page_does_not_tell_that_the_address_has_an_account(
    owner: User, accountant: User, as_owner: Client
) -> None:
    told = text_of(ask(as_owner, accountant.email))
    assert "We mailed a link to the old address and one to the new one" in told
    to_old, to_taken = deliver_mails()
    assert to_taken.to == [accountant.email]
    assert "/zmiana-e-mail/" not in str(to_taken.body)
    assert "ma już konto" in str(to_taken.body)


def test_an_address_that_somebody_took_meanwhile_is_refused(
    owner: User, accountant: User, as_owner: Client
) -> None:
    old, new = asked(as_owner)
    User.objects.filter(pk=accountant.pk).update(email=NEW)
    browser().post(old)
    assert "This address cannot be used" in text_of(browser().post(new))
    owner.refresh_from_db()
    assert owner.email == "anna@zolc.example"
    assert EmailChange.objects.get().withdrawn_at is not None


@pytest.mark.parametrize(
    ("email", "error"),
    [("ANNA@zolc.example", "This is your e-mail already"), ("to-nie-adres", "valid email")],
)
def test_a_bad_address_is_told_beside_the_field(email: str, error: str, as_owner: Client) -> None:
    assert error in text_of(ask(as_owner, email))
    assert not EmailChange.objects.exists()
