"""What clients allow: history, latest state, and that sending respects it."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from accounts.models import Agency, User
from accounts.tests.pages import text_of
from messaging import campaigns, preparing
from messaging.categories import Category
from messaging.consents import Kind, record_consent
from messaging.models import Contact, ContactConsent, Message
from messaging.models.contacts import AppendOnlyModel
from messaging.tests.book import client_of, draft_for
from messaging.tests.sending_cases import Sender


def say(contact: Contact, kind: Kind, *, is_given: bool) -> ContactConsent:
    return record_consent(
        contact=contact, kind=kind, is_given=is_given, source="telefon", recorded_by=None
    )


@pytest.mark.parametrize(
    ("step", "kind", "is_given", "told"),
    [
        ("consent", "marketing", True, "Consent to marketing"),
        ("withdrawal", "marketing", False, "Consent to marketing withdrawn"),
        ("opt-out", "messages", False, "Opted out of messages"),
        ("opt-in", "messages", True, "Gets messages again"),
    ],
)
def test_a_step_is_kept_with_who_when_and_source(
    step: str, kind: str, is_given: bool, told: str, agency: Agency, as_owner: Client
) -> None:
    contact = client_of(agency)
    sent = {"step": step, "source": "umowa z 12.03.2026", "channel": "paper"}
    sent["said_on"] = "2026-03-12"
    text = text_of(as_owner.post(f"/klienci/{contact.pk}/zgody/", sent, follow=True))
    entry = contact.consent_history.get()
    assert (entry.kind, entry.is_given, entry.source) == (kind, is_given, "umowa z 12.03.2026")
    assert (entry.channel, entry.said_on) == ("paper", date(2026, 3, 12))
    assert entry.recorded_by == agency.people.get(role="owner")
    assert f"{told} On paper, 12.03.2026 · umowa z 12.03.2026" in text
    assert "Anna Żółć" in text


def test_the_latest_step_of_each_kind_counts(agency: Agency) -> None:
    contact = client_of(agency)
    given = say(contact, Kind.MARKETING, is_given=True)
    contact.refresh_from_db()
    assert (contact.marketing_consent_at, contact.opted_out_at) == (given.at, None)
    say(contact, Kind.MARKETING, is_given=False)
    out = say(contact, Kind.MESSAGES, is_given=False)
    contact.refresh_from_db()
    assert (contact.marketing_consent_at, contact.opted_out_at) == (None, out.at)
    say(contact, Kind.MESSAGES, is_given=True)
    contact.refresh_from_db()
    assert (contact.marketing_consent_at, contact.opted_out_at) == (None, None)
    assert contact.consent_history.count() == 4


@pytest.mark.parametrize("sent", [{}, {"step": "consent"}, {"step": "x", "source": "telefon"}])
def test_a_step_without_a_source_is_not_recorded(
    sent: dict[str, str], agency: Agency, as_owner: Client
) -> None:
    contact = client_of(agency)
    response = as_owner.post(f"/klienci/{contact.pk}/zgody/", sent)
    assert response.status_code == 200
    assert not ContactConsent.objects.exists()
    if "source" not in sent:
        assert "This field is required." in text_of(response)


def test_history_cannot_be_rewritten() -> None:
    assert issubclass(ContactConsent, AppendOnlyModel)


def test_who_cannot_get_a_message_is_left_out_with_the_reason(
    agency: Agency, owner: User, as_owner: Client
) -> None:
    numberless = client_of(agency, 1, last_name="Bez", phone="")
    opted_out = client_of(agency, 2, last_name="Sprzeciw")
    say(opted_out, Kind.MESSAGES, is_given=False)
    draft = draft_for(agency, numberless, opted_out, client_of(agency, 3))
    text = text_of(as_owner.get(f"/wysylki/{draft.pk}/"))
    assert "2 clients are left out" in text
    assert "1 – no mobile number Add a mobile number. Clients without a number Bez Jan" in text
    assert "1 – opted out of messages They asked for no messages." in text
    assert "Opted-out numbers Sprzeciw Jan Show all" in text
    assert len(campaigns.quote(draft).recipients) == 1


def test_marketing_goes_only_to_those_who_consented(agency: Agency, owner: User) -> None:
    yes, no = client_of(agency, 1), client_of(agency, 2)
    say(yes, Kind.MARKETING, is_given=True)
    draft = draft_for(agency, yes, no)
    draft.category = Category.MARKETING
    quote = campaigns.quote(draft)
    assert [recipient.contact_id for recipient in quote.recipients] == [yes.pk]
    assert [recipient.obstacle for recipient in quote.left_out] == ["no_consent"]


def test_who_opts_out_after_the_payment_gets_nothing_and_it_is_paid_back(
    sender: Sender, agency: Agency
) -> None:
    ids = [client_of(agency, number).pk for number in (1, 2)]
    draft = sender.draft(ids)
    cost = campaigns.quote(draft).cost
    campaigns.confirm(draft, expected_cost=cost, confirmed_by=sender.person)
    before = sender.balance
    say(Contact.objects.get(pk=ids[0]), Kind.MESSAGES, is_given=False)
    preparing.prepare(draft.pk)
    assert [message.contact_id for message in Message.objects.all()] == [ids[1]]
    assert sender.balance == before + cost // 2


def test_consents_of_others_stay_closed(
    agency: Agency, as_stranger: Client, as_accountant: Client
) -> None:
    path = f"/klienci/{client_of(agency).pk}/zgody/"
    sent = {"step": "consent", "source": "telefon"}
    assert as_stranger.post(path, sent).status_code == 404
    assert as_accountant.post(path, sent).status_code == 403
    assert not ContactConsent.objects.exists()
