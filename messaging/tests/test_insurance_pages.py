"""Vehicles, policies and instalments on pages of their own."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.models import Agency
from accounts.tests.pages import text_of
from messaging.models import Contact, Instalment, Policy, Vehicle
from messaging.tests.book import whole_client_of

VEHICLE = {"registration_number": "op 4521k", "make_model": "Skoda", "inspection_due": "2027-03-15"}
POLICY = {
    "kind": "ac",
    "number": "P2",
    "insurer": "Warta",
    "starts_on": "2026-01-01",
    "ends_on": "2099-12-31",
    "premium": "1 234,50",
}
INSTALMENT = {"number": "2", "due_on": "2027-03-01", "amount": "200,00", "paid_on": "2027-02-27"}


@pytest.fixture
def contact(agency: Agency) -> Contact:
    return whole_client_of(agency)


@pytest.fixture
def paths(contact: Contact) -> dict[str, str]:
    policy = contact.policies.get()
    return {
        "new vehicle": f"/klienci/{contact.pk}/pojazdy/nowy/",
        "vehicle": f"/klienci/pojazdy/{contact.vehicles.get().pk}/",
        "new policy": f"/klienci/{contact.pk}/polisy/nowa/",
        "policy": f"/klienci/polisy/{policy.pk}/",
        "new instalment": f"/klienci/polisy/{policy.pk}/raty/nowa/",
        "instalment": f"/klienci/raty/{policy.instalments.get().pk}/",
    }


SENT = {"vehicle": VEHICLE, "policy": POLICY, "instalment": INSTALMENT}
ALL = ["new vehicle", "vehicle", "new policy", "policy", "new instalment", "instalment"]


def sent_to(name: str) -> dict[str, str]:
    return SENT[name.removeprefix("new ")]


def test_a_client_gets_vehicles_policies_and_instalments(
    contact: Contact, paths: dict[str, str], as_owner: Client
) -> None:
    as_owner.post(paths["new vehicle"], VEHICLE)
    vehicle = Vehicle.objects.get(registration_number="OP4521K")
    as_owner.post(paths["new policy"], POLICY | {"vehicle": vehicle.pk})
    policy = Policy.objects.get(number="P2")
    page = as_owner.post(f"/klienci/polisy/{policy.pk}/raty/nowa/", INSTALMENT, follow=True)
    text = text_of(page)
    assert page.redirect_chain == [(f"/klienci/{contact.pk}/", 302)]
    assert "OP4521K Skoda inspection 15.03.2027" in text
    assert "AC P2 Warta · OP4521K · 1 234,50 zł 01.01.2026 to 31.12.2099" in text.replace(
        "\xa0", " "
    )
    assert "Instalment 2, 01.03.2027 200,00 zł paid 27.02.2027" in text
    assert (vehicle.agency, policy.premium) == (contact.agency, 123450)


def test_the_next_instalment_has_the_next_number(paths: dict[str, str], as_owner: Client) -> None:
    assert 'value="2"' in as_owner.get(paths["new instalment"]).content.decode()


@pytest.mark.parametrize("name", ["vehicle", "policy", "instalment"])
def test_what_is_there_can_be_changed_and_removed(
    name: str, contact: Contact, paths: dict[str, str], as_owner: Client
) -> None:
    changed = as_owner.post(paths[name], sent_to(name), follow=True)
    assert "Saved." in text_of(changed)
    removed = as_owner.post(f"{paths[name]}usun/", follow=True)
    assert "Removed." in text_of(removed)
    assert as_owner.get(paths[name]).status_code == 404


def test_the_list_follows_what_changes(
    contact: Contact, paths: dict[str, str], as_owner: Client
) -> None:
    as_owner.post(paths["policy"], POLICY)
    contact.refresh_from_db()
    assert contact.next_end_on == date(2099, 12, 31)
    as_owner.post(f"{paths['policy']}usun/")
    contact.refresh_from_db()
    assert (contact.next_end_on, contact.next_instalment_on) == (None, None)


@pytest.mark.parametrize(
    ("name", "changes", "reason"),
    [
        ("new vehicle", {"registration_number": " "}, "This field is required."),
        (
            "new vehicle",
            {"registration_number": "OP10000"},
            "The client has this vehicle already.",
        ),
        ("vehicle", {"inspection_due": "1026-03-15"}, "Give a day after the year 1900."),
        ("new policy", {"number": "P1"}, "The client has a policy of this number already."),
        ("policy", {"ends_on": "2025-12-31"}, "The policy ends before it starts."),
        ("policy", {"premium": "1.234"}, "Write the amount as 1 234,50."),
        ("policy", {"premium": "0"}, "Give an amount above zero."),
        ("policy", {"premium": "9" * 13}, "Give an amount above zero."),
        ("policy", {"vehicle": "99"}, "Select a valid choice."),
        ("policy", {"kind": "xyz"}, "Select a valid choice."),
        (
            "new instalment",
            {"number": "1"},
            "The policy has an instalment of this number already.",
        ),
        ("instalment", {"amount": "-5"}, "Give an amount above zero."),
        ("instalment", {"number": "0"}, "greater than or equal to 1"),
        ("instalment", {"due_on": ""}, "This field is required."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    name: str, changes: dict[str, str], reason: str, paths: dict[str, str], as_owner: Client
) -> None:
    response = as_owner.post(paths[name], sent_to(name) | changes)
    assert response.status_code == 200
    assert reason in text_of(response)
    counts = [model.objects.count() for model in (Vehicle, Policy, Instalment)]
    assert counts == [1, 1, 1]


def test_a_vehicle_of_another_client_cannot_be_insured(
    agency: Agency, paths: dict[str, str], as_owner: Client
) -> None:
    other = whole_client_of(agency, 5).vehicles.get()
    response = as_owner.post(paths["policy"], POLICY | {"vehicle": other.pk})
    assert "Select a valid choice." in text_of(response)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_find_nothing_and_accountants_may_not(
    name: str, method: str, paths: dict[str, str], as_stranger: Client, as_accountant: Client
) -> None:
    for client, status in ((as_stranger, 404), (as_accountant, 403)):
        request: Any = getattr(client, method)
        assert request(paths[name], sent_to(name)).status_code == status
        if not name.startswith("new"):
            assert client.post(f"{paths[name]}usun/").status_code == status
    assert Vehicle.objects.count() == Policy.objects.count() == Instalment.objects.count() == 1
