from __future__ import annotations

from typing import Any

from django.test import Client

from accounts.models import User
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
