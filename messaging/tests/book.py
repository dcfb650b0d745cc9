"""Clients, templates, campaigns and messages for the tests of pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import Agency
from messaging import campaigns
from messaging.consents import Kind, record_consent
from messaging.contact_groups import group_called
from messaging.contacts import set_search_name
from messaging.derived import bring_up_to_date
from messaging.models import Campaign, Contact, Message, MessageTemplate

BODY = "Dzien dobry. Badanie {nr_rej} do {data_badania}."
DUE = date(2026, 12, 15)


def client_of(agency: Agency, number: int = 0, **changes: Any) -> Contact:
    """A client with the phone 600 100 000 + number, a vehicle due 15.12.2026 and no policy."""
    names = {"last_name": f"Kowalski{number or ''}", "first_name": "Jan"}
    data = names | {"phone": f"+48{600100000 + number}"} | changes
    contact = Contact(agency=agency, **data)
    set_search_name(contact)
    contact.save()
    contact.vehicles.create(registration_number=f"OP{10000 + number}", inspection_due=DUE)
    bring_up_to_date([contact])
    return contact


def whole_client_of(agency: Agency, number: int = 0, **changes: Any) -> Contact:
    """The same with one of everything: another number, a group, a consent, a policy with an instalment."""
    contact = client_of(agency, number, **changes)
    contact.other_numbers.create(number="77 453 12 34")
    contact.groups.add(group_called(agency, "Flota"))
    policy = contact.policies.create(number="P1", kind="oc", ends_on=DUE, premium=40000)
    policy.instalments.create(number=1, due_on=DUE, amount=20000)
    record_consent(
        contact=contact, kind=Kind.MARKETING, is_given=True, source="telefon", recorded_by=None
    )
    bring_up_to_date([contact])
    contact.refresh_from_db()
    return contact


def template_of(agency: Agency, **changes: Any) -> MessageTemplate:
    content = {"name": "Badania", "type": "inspection", "body": BODY}
    return MessageTemplate.objects.create(agency=agency, **content | changes)


def draft_for(agency: Agency, *contacts: Contact) -> Campaign:
    """A draft to the contacts, with a template made for it."""
    return campaigns.draft(
        agency=agency,
        template=template_of(agency, name=f"Badania {Campaign.objects.count()}"),
        contact_ids=[contact.pk for contact in contacts],
        created_by=agency.people.get(role="owner"),
    )


def messages_of(agency: Agency, *states: str) -> list[Message]:
    """One message of 0,29 zł in each of the states, each to a client of its own."""
    campaign = draft_for(agency)
    rows = []
    for state in states:
        contact = client_of(agency, Contact.objects.count() + 1)
        row = Message(agency=agency, campaign=campaign, contact=contact, phone=contact.phone)
        row.text, row.sender, row.parts, row.price = f"Tekst {state}", "Bramka SMS", 1, 29
        row.state = state
        row.save()
        rows.append(row)
    return rows
