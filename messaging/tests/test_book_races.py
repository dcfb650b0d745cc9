"""Two people at the same client at the same moment: somebody is told, nobody gets an error page."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import Agency, User
from accounts.tests.pages import browser
from accounts.tests.races import run_together
from messaging.contact_groups import add_to_group, delete_group, group_called
from messaging.models import Contact, ContactGroup, Instalment, Vehicle
from messaging.tests.book import client_of, whole_client_of

pytestmark = pytest.mark.django_db(transaction=True)


def statuses(owner: User, path: str, sent: dict[str, Any], times: int = 3) -> list[int]:
    clients = [browser(owner) for _ in range(times)]
    answers = run_together(times, lambda number: clients[number].post(path, sent).status_code)
    return sorted(answers)


def test_a_number_is_given_once(agency: Agency, owner: User) -> None:
    sent = {"last_name": "Nowak", "phone": "601 234 567", "new_group": "Flota"}
    assert statuses(owner, "/klienci/nowy/", sent) == [200, 200, 302]
    assert Contact.objects.count() == ContactGroup.objects.count() == 1


def test_a_vehicle_is_added_once(agency: Agency, owner: User) -> None:
    contact = client_of(agency)
    path = f"/klienci/{contact.pk}/pojazdy/nowy/"
    assert statuses(owner, path, {"registration_number": "KR1"}) == [200, 200, 302]
    assert Vehicle.objects.filter(registration_number="KR1").count() == 1


def test_an_instalment_is_added_once(agency: Agency, owner: User) -> None:
    policy = whole_client_of(agency).policies.get()
    sent = {"number": "2", "due_on": "2027-01-01", "amount": "5"}
    path = f"/klienci/polisy/{policy.pk}/raty/nowa/"
    assert statuses(owner, path, sent) == [200, 200, 302]
    assert Instalment.objects.filter(number=2).count() == 1


def test_a_client_is_changed_and_removed(agency: Agency, owner: User) -> None:
    for number in range(4):
        contact = whole_client_of(agency, number)
        clients = [browser(owner), browser(owner)]
        paths = [f"/klienci/{contact.pk}/zmiana/", f"/klienci/{contact.pk}/usun/"]
        sent = {"last_name": "Nowak", "groups": [group.pk for group in contact.groups.all()]}
        answers = run_together(
            2, lambda n, c=clients, p=paths, s=sent: c[n].post(p[n], s).status_code
        )
        assert answers[0] in (302, 404)
        assert answers[1] == 302
        assert not Contact.objects.filter(pk=contact.pk).exists()


def test_a_group_is_filled_and_deleted(agency: Agency, owner: User) -> None:
    client_of(agency)
    for _ in range(4):
        group = group_called(agency, "Flota")
        actions = [
            lambda g=group: add_to_group(agency.contacts.all(), g),
            lambda g=group: delete_group(g),
        ]
        added, deleted = run_together(2, lambda number, a=actions: a[number]())
        assert added == 1 or isinstance(added, ContactGroup.DoesNotExist)
        assert deleted is None
        assert not ContactGroup.objects.exists()
