from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Agency
from accounts.tests.pages import text_of
from messaging.contact_groups import group_called
from messaging.models import Contact, ContactGroup
from messaging.tests.book import whole_client_of


@pytest.fixture
def flota(agency: Agency) -> ContactGroup:
    """A group with one client."""
    whole_client_of(agency)
    return agency.contact_groups.get()


def test_without_groups_it_is_said_how_to_make_one(as_owner: Client) -> None:
    assert "No groups yet" in text_of(as_owner.get("/klienci/grupy/"))


def test_groups_are_listed_with_their_clients(flota: ContactGroup, as_owner: Client) -> None:
    assert "Flota 1 client" in text_of(as_owner.get("/klienci/grupy/"))


def test_a_group_is_renamed(agency: Agency, flota: ContactGroup, as_owner: Client) -> None:
    path = f"/klienci/grupy/{flota.pk}/"
    assert "Saved." in text_of(as_owner.post(path, {"name": " Nasza  Flota"}, follow=True))
    assert agency.contact_groups.get().name == "Nasza Flota"


@pytest.mark.parametrize("name", ["vip", " VIP ", "Vip"])
def test_a_name_stands_once(
    name: str, agency: Agency, flota: ContactGroup, as_owner: Client
) -> None:
    group_called(agency, "VIP")
    response = as_owner.post(f"/klienci/grupy/{flota.pk}/", {"name": name})
    assert "You have a group of this name already." in text_of(response)


def test_a_deleted_group_leaves_its_clients(flota: ContactGroup, as_owner: Client) -> None:
    as_owner.post(f"/klienci/grupy/{flota.pk}/usun/")
    assert not ContactGroup.objects.exists()
    assert Contact.objects.count() == 1


def test_groups_of_others_stay_closed(
    flota: ContactGroup, as_stranger: Client, as_accountant: Client
) -> None:
    assert "Flota" not in text_of(as_stranger.get("/klienci/grupy/"))
    assert as_accountant.get("/klienci/grupy/").status_code == 403
    for client, status in ((as_stranger, 404), (as_accountant, 403)):
        for path in (f"/klienci/grupy/{flota.pk}/", f"/klienci/grupy/{flota.pk}/usun/"):
            assert client.post(path, {"name": "Moja"}).status_code == status
    assert ContactGroup.objects.get().name == "Flota"
