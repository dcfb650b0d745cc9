"""One's own account: the name that others see."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts import people
from accounts.models import Event, User
from accounts.tests.pages import text_of

PAGE = "/ustawienia/konto/"


def test_a_new_name_is_kept_with_the_old_one_in_the_audit_trail(
    owner: User, as_owner: Client
) -> None:
    """It names people as they are called now: nobody must do something and then be called like a colleague."""
    answer = as_owner.post(PAGE, {"full_name": "Anna Żółć-Nowak"}, follow=True)
    assert "Your name is saved." in text_of(answer)
    owner.refresh_from_db()
    assert owner.full_name == "Anna Żółć-Nowak"
    event = Event.objects.get(kind="person_renamed")
    assert event.subject == "Anna Żółć → Anna Żółć-Nowak"
    assert (event.agency, event.person) == (owner.agency, owner)


def test_the_same_name_again_is_no_event(as_owner: Client) -> None:
    as_owner.post(PAGE, {"full_name": "Anna Żółć"})
    assert not Event.objects.exists()


@pytest.mark.parametrize("name", ["", "www.evil.example", "Wejdź: https://evil.example/", "MPS"])
def test_what_is_no_name_changes_nothing(name: str, owner: User, as_owner: Client) -> None:
    """Mails of invitations greet strangers with it."""
    page = text_of(as_owner.post(PAGE, {"full_name": name}))
    assert "Write the first and last name only." in page or "required" in page
    assert "Anna Żółć" in page
    owner.refresh_from_db()
    assert owner.full_name == "Anna Żółć"


def test_only_the_name_is_written(owner: User) -> None:
    """Or who is removed at the same moment would be there again."""
    with_name = User.objects.get(pk=owner.pk)
    User.objects.filter(pk=owner.pk).update(is_active=False)
    people.rename(with_name, "Anna Nowa")
    owner.refresh_from_db()
    assert (owner.full_name, owner.is_active) == ("Anna Nowa", False)
