"""What is done to several clients at once, and that it is done to nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import Agency, Event
from accounts.tests.pages import text_of
from messaging import campaigns
from messaging import contacts as book
from messaging.contact_groups import add_to_group, group_called
from messaging.models import Contact, ContactGroup, Message
from messaging.tests.book import client_of, messages_of, template_of
from messaging.tests.sending_cases import add_contacts

GROUP = "/klienci/zaznaczeni/grupa/"
DELETE = "/klienci/zaznaczeni/usun/"
EXPORT = "/klienci/zaznaczeni/eksport/"


@pytest.fixture
def three(agency: Agency) -> list[int]:
    """Kowalski, Kowalski1 and Nowak."""
    names = ("Kowalski", "Kowalska", "Nowak")
    return [client_of(agency, number, last_name=name).pk for number, name in enumerate(names)]


def members(name: str) -> set[str]:
    return set(Contact.objects.filter(groups__name=name).values_list("last_name", flat=True))


# --- groups ---------------------------------------------------------------------------------------


def test_ticked_clients_go_into_a_new_group(
    agency: Agency, three: list[int], as_owner: Client
) -> None:
    page = as_owner.post(GROUP, {"contact": three[:2]})
    assert "Which group for 2 clients?" in text_of(page)
    assert page.content.decode().count('name="contact"') == 2
    sent = {"contact": three[:2], "to_group": "", "new_group": " Nasza  flota "}
    done = as_owner.post(GROUP, sent, follow=True)
    assert "2 clients are in the group Nasza flota." in text_of(done)
    assert members("Nasza flota") == {"Kowalski", "Kowalska"}


def test_all_that_match_go_into_a_group_and_out_of_it(
    agency: Agency, three: list[int], as_owner: Client
) -> None:
    group = group_called(agency, "Flota")
    found = {"all": "1", "q": "kowal", "to_group": group.pk}
    as_owner.post(GROUP, found)
    as_owner.post(GROUP, found)
    assert members("Flota") == {"Kowalski", "Kowalska"}
    page = as_owner.post(GROUP, found | {"take_out": "on"}, follow=True)
    assert "2 clients were taken out of the group Flota." in text_of(page)
    assert members("Flota") == set()


@pytest.mark.parametrize(
    "sent",
    [
        {"to_group": ""},
        {"to_group": "99"},
        {"to_group": "", "take_out": "on"},
        {"to_group": "", "new_group": " "},
    ],
)
def test_a_group_must_be_named(sent: dict[str, str], three: list[int], as_owner: Client) -> None:
    response = as_owner.post(GROUP, {"contact": three} | sent)
    assert response.status_code == 200
    assert not ContactGroup.objects.exists()


def test_a_group_of_others_takes_nobody(
    other_agency: Agency, three: list[int], as_owner: Client
) -> None:
    foreign = group_called(other_agency, "Ich")
    assert as_owner.post(GROUP, {"contact": three, "to_group": foreign.pk}).status_code == 200
    assert members("Ich") == set()


def test_a_group_has_one_name_in_any_case(agency: Agency) -> None:
    assert group_called(agency, "Flota") == group_called(agency, "FLOTA")
    assert agency.contact_groups.count() == 1


# --- removing -------------------------------------------------------------------------------------


def test_removing_asks_once_with_the_number_and_notes_it(
    agency: Agency, three: list[int], as_owner: Client
) -> None:
    page = text_of(as_owner.post(DELETE, {"contact": three[:2]}))
    assert "Remove 2 clients?" in page
    assert agency.contacts.count() == 3
    done = as_owner.post(DELETE, {"contact": three[:2], "agreed": "2"}, follow=True)
    assert "2 clients were removed from your book." in text_of(done)
    assert agency.contacts.get().last_name == "Nowak"
    assert [event.subject for event in Event.objects.filter(kind="contact_deleted")] == [
        "klienci: 2"
    ]


def test_another_number_than_was_agreed_to_asks_again(three: list[int], as_owner: Client) -> None:
    page = text_of(as_owner.post(DELETE, {"all": "1", "q": "kowal", "agreed": "1"}))
    assert "Remove 2 clients?" in page
    assert Contact.objects.count() == 3


def test_messages_of_the_removed_stay(agency: Agency, as_owner: Client) -> None:
    first, second = messages_of(agency, "delivered", "delivered")
    sent = {"contact": [first.contact_id, second.contact_id], "agreed": "2"}
    as_owner.post(DELETE, sent)
    assert not agency.contacts.exists()
    assert set(Message.objects.values_list("contact", "parts", "price")) == {(None, 1, 29)}


def test_a_great_many_go_in_several_transactions(
    agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(book, "CHUNK", 4)
    add_contacts(agency, 9)
    assert book.delete_contacts(agency.contacts.all()) == 9
    subjects = [event.subject for event in Event.objects.order_by("pk")]
    assert subjects[:2] == ["klienci: 4", "klienci: 4"]
    assert subjects[2].startswith("#")


# --- everything -----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [GROUP, DELETE, EXPORT, "/wysylki/nowa/"])
@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"contact": ["x", "9" * 25]},
        {"all": "1", "q": "nikt"},
        {"all": "1", "ends": "x"},
        {"all": "1", "group": "99"},
        {"all": "1", "q": "!"},
    ],
)
def test_nobody_chosen_is_said(
    path: str, sent: dict[str, Any], three: list[int], as_owner: Client
) -> None:
    response = as_owner.post(path, sent, follow=True)
    assert response.redirect_chain == [("/klienci/", 302)]
    assert "Choose at least one client." in text_of(response)


@pytest.mark.parametrize("path", [GROUP, DELETE, EXPORT, "/wysylki/nowa/"])
def test_clients_of_others_cannot_be_chosen(
    path: str, three: list[int], as_stranger: Client, as_accountant: Client
) -> None:
    sent = {"contact": three, "to_group": "", "new_group": "Moi", "agreed": "3"}
    for chosen in (sent, sent | {"all": "1"}):
        response = as_stranger.post(path, chosen, follow=True)
        assert "Choose at least one client." in text_of(response)
        assert "Kowal" not in text_of(response)
    assert as_accountant.post(path, sent).status_code == 403
    assert Contact.objects.count() == 3


def test_five_thousand_ticked_clients_are_all_chosen(agency: Agency, as_owner: Client) -> None:
    ids = add_contacts(agency, 5000)
    template_of(agency)
    text = text_of(as_owner.post("/wysylki/nowa/", {"contact": ids}))
    assert "What should 5,000 clients get?" in text or "What should 5000 clients get?" in text
    group = group_called(agency, "Wszyscy")
    as_owner.post(GROUP, {"contact": ids, "to_group": group.pk})
    assert group.contacts.count() == 5000


def test_who_is_in_a_group_is_written_to(
    agency: Agency, three: list[int], as_owner: Client
) -> None:
    group = group_called(agency, "Flota")
    add_to_group(Contact.objects.filter(pk__in=three[:1]), group)
    chosen = {"all": "1", "group": group.pk, "template": template_of(agency).pk}
    as_owner.post("/wysylki/nowa/", chosen)
    assert campaigns.chosen(agency.campaigns.get()) == three[:1]
