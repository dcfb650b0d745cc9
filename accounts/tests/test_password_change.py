from __future__ import annotations

from typing import Any

from django.test import Client

from accounts import people
from accounts.adapter import AccountAdapter
from accounts.models import User
from accounts.roles import Role
from accounts.tests.pages import text_of

NEW = "zupelnie-nowe-haslo-3"


def change(client: Client, old: str, new: str = NEW) -> Any:
    sent = {"oldpassword": old, "password1": new, "password2": new}
    return client.post("/haslo/zmiana/", sent, follow=True)


def test_the_password_changes_and_the_person_stays_logged_in(owner: User, as_owner: Client) -> None:
    response = change(as_owner, "haslo-anny-1")
    assert response.status_code == 200
    owner.refresh_from_db()
    assert owner.check_password(NEW)
    assert "Password successfully changed." in text_of(response)
    assert as_owner.get("/pulpit/").status_code == 200


def test_without_the_old_password_nothing_changes(owner: User, as_owner: Client) -> None:
    assert "Please type your current password." in text_of(change(as_owner, "zgaduje"))
    owner.refresh_from_db()
    assert owner.check_password("haslo-anny-1")


def test_a_weak_password_is_refused(owner: User, as_owner: Client) -> None:
    text = text_of(change(as_owner, "haslo-anny-1", "krotkie"))
    assert "It must contain at least 10 characters." in text
    owner.refresh_from_db()
    assert owner.check_password("haslo-anny-1")


def test_whoever_is_removed_while_choosing_a_password_stays_out(
    owner: User, accountant: User
) -> None:
    """The slow hash of a password leaves time for it."""
    as_loaded = User.objects.get(pk=accountant.pk)
    people.change_role(accountant, Role.EMPLOYEE)
    people.remove(accountant)
    AccountAdapter().set_password(as_loaded, NEW)
    accountant.refresh_from_db()
    assert (accountant.role, accountant.is_active) == (Role.EMPLOYEE, False)
    assert accountant.removed_at is not None
    assert accountant.email.endswith("@mps.invalid")
