"""Somebody who loses a role, or the team, with a page open: the next click does nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts import people
from accounts.models import Agency, User
from accounts.roles import Role
from accounts.tests.pages import browser
from billing import ledger
from billing.models import LedgerEntry
from messaging.models import Campaign
from messaging.tests.book import client_of, draft_for


@pytest.fixture
def employee(agency: Agency) -> User:
    return User.objects.create_user(
        "ola@zolc.example",
        "haslo-oli-123",
        full_name="Ola Pracowita",
        role=Role.EMPLOYEE,
        agency=agency,
    )


@pytest.fixture
def draft(agency: Agency, owner: User) -> Campaign:
    ledger.credit(agency=agency, amount=10_00, reference="payment:1")
    return draft_for(agency, client_of(agency, 1), client_of(agency, 2))


def becomes_accountant(person: User) -> None:
    people.change_role(person, Role.ACCOUNTANT)


@pytest.mark.parametrize(
    ("loses", "status"), [(becomes_accountant, 403), (people.remove, 302)], ids=["role", "place"]
)
def test_nothing_is_sent_and_nothing_paid(
    loses: Callable[[User], None], status: int, employee: User, draft: Campaign
) -> None:
    at_work: Client = browser(employee)
    page = f"/wysylki/{draft.pk}/"
    assert at_work.get(page).status_code == 200
    loses(employee)
    assert at_work.post(page + "wyslij/", {"cost": 58}).status_code == status
    draft.refresh_from_db()
    assert draft.state == "draft"
    assert not LedgerEntry.objects.filter(kind="campaign").exists()


def test_an_employee_sees_what_is_left_and_not_the_books(employee: User, draft: Campaign) -> None:
    page = browser(employee).get("/pulpit/").content.decode()
    assert "10,00" in page
    for hidden in ("/stan-konta/", "/faktury/", "7K3M-9QW3"):
        assert hidden not in page
