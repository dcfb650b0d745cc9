"""Pages of the list in random books: whichever way the clients are fetched, the same ones in the same order."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product

import pytest
from django.utils import timezone

from accounts.models import Agency
from messaging import contact_pages, contact_search
from messaging.contact_pages import Place, Sort, page_of_contacts
from messaging.contact_search import Criteria
from messaging.contacts import set_search_name
from messaging.models import Contact
from messaging.search_words import rewrite

NAMES = ("Jan", "Janina", "Kowal", "Kowalska", "Adam", "Jankowska", "Pol", "Zając")
TEXTS = ("", "jan", "jan kow", "kow jan", "jan pol", "a k", "jan kow 60", "60 kow", "kowal zaj")
DAYS = (None, 0, 3, 30)


PAGE_SIZE = 7


@pytest.fixture(params=range(3))
def chance(request: pytest.FixtureRequest) -> random.Random:
    return random.Random(request.param)  # noqa: S311  (made-up clients)


@pytest.fixture(params=[(3, 6, 4), (3, 30, 15), (3, 30, 100), (100, 100, 100)])
def sizes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int, int]:
    """What counts as many: in turn so small that every way of fetching is taken."""
    many, at_once, sorted_at_once = request.param
    monkeypatch.setattr(contact_search, "MANY", many)
    monkeypatch.setattr(contact_pages, "MANY", many)
    monkeypatch.setattr(contact_search, "_MOST_AT_ONCE", at_once)
    monkeypatch.setattr(contact_pages, "_SORTED_AT_ONCE", sorted_at_once)
    return many, at_once, sorted_at_once


def some_day(chance: random.Random) -> date | None:
    days = chance.choice([None, 0, 1, 2, 5, 31])
    return None if days is None else timezone.localdate() + timedelta(days=days)


def fill(agency: Agency, chance: random.Random, start: int) -> list[Contact]:
    """60 clients whose names share their beginnings; some have no number, some opted out."""
    contacts = []
    for number in range(start, start + 60):
        contact = Contact(agency=agency, last_name=chance.choice(NAMES))
        contact.first_name = chance.choice(NAMES)
        contact.phone = chance.choice(["", f"+48{600000000 + number}"])
        contact.opted_out_at = chance.choice([None, timezone.now()])
        contact.next_end_on = some_day(chance)
        contact.next_inspection_on = some_day(chance)
        set_search_name(contact)
        contact.save()
        contacts.append(contact)
    rewrite(contacts)
    return contacts


def is_found(contact: Contact, criteria: Criteria) -> bool:
    """By the rules that people are told, on the client's own data."""
    words = [*contact.search_name.split(), contact.phone[3:], contact.phone[-6:]]
    last_days = (
        (contact.next_end_on, criteria.ends_within),
        (contact.next_inspection_on, criteria.inspection_within),
    )
    return (
        all(any(word.startswith(text) for word in words) for text in criteria.text.split())
        and all(
            day is not None and day <= timezone.localdate() + timedelta(days=days)
            for day, days in last_days
            if days is not None
        )
        and not (criteria.opted_out and contact.opted_out_at is None)
        and not (criteria.no_number and contact.phone)
    )


def in_order(contacts: list[Contact], sort: str) -> list[int]:
    if sort == Sort.NEWEST:
        ordered = sorted(contacts, key=lambda one: -one.pk)
    elif sort == Sort.NAME:
        ordered = sorted(contacts, key=lambda one: (one.search_name, one.pk))
    else:
        field = {Sort.END: "next_end_on", Sort.INSPECTION: "next_inspection_on"}[Sort(sort)]
        ordered = sorted(contacts, key=lambda one: (getattr(one, field) or date.max, one.pk))
    return [one.pk for one in ordered]


def listed(agency: Agency, criteria: Criteria, sort: str) -> list[int]:
    """The ids of all pages, one after another."""
    ids: list[int] = []
    for number in range(1, 100):
        page = page_of_contacts(agency, criteria, sort, Place(number, PAGE_SIZE))
        ids += [contact.pk for contact in page.rows]
        if not page.has_next:
            return ids
    raise AssertionError


def all_criteria() -> Iterator[Criteria]:
    for text, days in product(TEXTS, DAYS):
        yield Criteria(text, ends_within=days)
        yield Criteria(text, inspection_within=days, opted_out=True)
        yield Criteria(text, ends_within=days, inspection_within=30, no_number=True)


@pytest.mark.django_db
def test_pages_show_whom_a_look_at_every_client_finds(
    agency: Agency, other_agency: Agency, chance: random.Random, sizes: tuple[int, int, int]
) -> None:
    own = fill(agency, chance, 0)
    fill(other_agency, chance, 0)
    for criteria in all_criteria():
        wanted = [contact for contact in own if is_found(contact, criteria)]
        sort = chance.choice([Sort.NAME, Sort.END, Sort.INSPECTION, Sort.NEWEST])
        ids = listed(agency, criteria, sort)
        if criteria.text and sort == Sort.NAME and len(wanted) > sizes[0]:
            # Too general a search shows its first ones, and says so.
            assert len(set(ids)) == len(ids) == sizes[0]
            assert set(ids) <= {contact.pk for contact in wanted}
        else:
            assert ids == in_order(wanted, sort)
        first = page_of_contacts(agency, criteria, sort, Place(1, PAGE_SIZE))
        if first.has_others:
            assert first.total == min(len(wanted), sizes[0])
            assert first.has_more_than_total == (len(wanted) > sizes[0])
        found = contact_search.matching(agency, criteria).values_list("pk", flat=True)
        assert set(found) == {contact.pk for contact in wanted}
