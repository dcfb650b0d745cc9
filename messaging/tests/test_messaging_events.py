"""What the audit trail tells of contacts, templates and campaigns."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Agency, Event, User
from billing.ledger import InsufficientBalance
from billing.tests.payments import pay
from messaging import campaigns
from messaging.tests.book import client_of, draft_for, template_of


def told(kind: str) -> tuple[str, Agency | None, User | None]:
    event = Event.objects.get(kind=kind)
    return event.subject, event.agency, event.person


def test_a_removed_client_is_told_by_number_alone(
    agency: Agency, owner: User, as_owner: Client
) -> None:
    """A name would stay in the trail after the client asked to be forgotten."""
    contact = client_of(agency)
    number = contact.pk
    as_owner.post(f"/klienci/{number}/usun/")
    assert told("contact_deleted") == (f"#{number}", agency, owner)


def test_a_strangers_attempt_removes_and_tells_nothing(agency: Agency, as_stranger: Client) -> None:
    contact = client_of(agency)
    assert as_stranger.post(f"/klienci/{contact.pk}/usun/").status_code == 404
    assert not Event.objects.exists()


def test_a_removed_template_is_named(agency: Agency, owner: User, as_owner: Client) -> None:
    template = template_of(agency, name="Badania")
    as_owner.post(f"/wzory/{template.pk}/usun/")
    assert told("template_deleted") == ("Badania", agency, owner)


def test_a_draft_that_is_thrown_away_is_named(
    agency: Agency, owner: User, as_owner: Client
) -> None:
    draft = draft_for(agency, client_of(agency))
    as_owner.post(f"/wysylki/{draft.pk}/usun/")
    assert told("draft_deleted") == (draft.name, agency, owner)


def test_a_campaign_tells_its_name_and_how_many_messages(agency: Agency, owner: User) -> None:
    pay(agency, 10000)
    draft = draft_for(agency, client_of(agency, 1), client_of(agency, 2))
    campaigns.confirm(draft, expected_cost=campaigns.quote(draft).cost, confirmed_by=owner)
    assert told("campaign_confirmed") == ("Badania 0 ×\N{NO-BREAK SPACE}2", agency, owner)
    everything = " ".join(event.subject for event in Event.objects.all())
    assert "600100" not in everything
    assert "Dzien dobry" not in everything


def test_a_campaign_confirmed_twice_is_told_once(agency: Agency, owner: User) -> None:
    pay(agency, 10000)
    draft = draft_for(agency, client_of(agency))
    cost = campaigns.quote(draft).cost
    assert campaigns.confirm(draft, expected_cost=cost, confirmed_by=owner)
    assert not campaigns.confirm(draft, expected_cost=cost, confirmed_by=owner)
    assert Event.objects.filter(kind="campaign_confirmed").count() == 1


def test_a_campaign_that_nobody_can_pay_is_no_event(agency: Agency, owner: User) -> None:
    draft = draft_for(agency, client_of(agency))
    with pytest.raises(InsufficientBalance):
        campaigns.confirm(draft, expected_cost=campaigns.quote(draft).cost, confirmed_by=owner)
    assert not Event.objects.exists()
