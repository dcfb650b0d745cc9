"""Under which name messages leave: never one that is not authorised at that moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation

from accounts.models import Agency, Event, User
from accounts.tests.pages import text_of
from messaging import campaigns, preparing, sending, settling
from messaging.gateways.base import ErrorClass, OutgoingSms, SendResult
from messaging.models import Campaign, GatewayState, Message, SenderName
from messaging.sender_name_reviews import revoke
from messaging.sender_names import choices_for, sender_for, set_default
from messaging.tests.book import client_of, draft_for
from messaging.tests.sender_cases import choose, own_name, shared_name
from messaging.tests.sending_cases import (
    ScriptedGateway,
    Sender,
    UseGateway,
    accepted,
    add_contacts,
    make_uncertain,
    refused,
)

pytestmark = pytest.mark.django_db

FALLBACK = "Bramka SMS"


class Recorder(ScriptedGateway):
    """Remembers the names as well."""

    def __init__(self) -> None:
        super().__init__(accepted)
        self.senders: list[str] = []

    def send(self, sender: str, messages: Sequence[OutgoingSms]) -> list[SendResult]:
        self.senders.append(sender)
        return super().send(sender, messages)


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    recorder = Recorder()
    for module in (sending, settling):
        monkeypatch.setattr(module, "gateway_called", lambda _name: recorder)
    return recorder


def take_back(name: SenderName, admin: User) -> None:
    revoke(sender_name_id=name.pk, reason="Znak towarowy sprzedany", revoked_by=admin)


# --- which name -----------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["draft", "submitted", "in_review", "rejected", "revoked"])
def test_what_is_not_authorised_never_stands_on_a_phone(
    state: str, agency: Agency, owner: User
) -> None:
    """Only a checked name may stand as the sender.

    Art. 3 of the Ustawa z 28.07.2023 o zwalczaniu nadużyć w komunikacji elektronicznej (Dz.U. 2023 poz. 1703): whoever
    lets strangers pose as others takes part in smishing.
    """
    own = own_name(agency, state)
    choose(agency, own)
    sender = sender_for(agency)
    assert (sender.name, sender.wanted, sender.is_fallback) == (FALLBACK, own, True)
    assert sender.why_fallback


def test_authorised_and_shared_names_do(agency: Agency, owner: User) -> None:
    for name in (own_name(agency, "authorised"), shared_name()):
        choose(agency, name)
        sender = sender_for(agency)
        assert (sender.name, sender.is_fallback, sender.why_fallback) == (name.name, False, "")


def test_another_agencys_name_is_never_used(agency: Agency, other_agency: Agency) -> None:
    theirs = own_name(other_agency, "authorised", "Lecki OC")
    assert sender_for(agency, theirs).name == FALLBACK


def test_a_templates_name_goes_before_the_default_one(agency: Agency, owner: User) -> None:
    choose(agency, own_name(agency, "authorised"))
    assert sender_for(agency, shared_name()).name == "Polisa Info"


def test_the_choices_are_the_shared_and_ones_own_names(
    agency: Agency, other_agency: Agency, owner: User
) -> None:
    shared = shared_name()
    mine = own_name(agency, "authorised", "Nowak OC")
    waiting = own_name(agency, "submitted", "Nowak AC")
    own_name(agency, "rejected", "Nowak X")
    own_name(other_agency, "authorised", "Lecki OC")
    SenderName.objects.create(name="Dawna", state="revoked")
    with translation.override("en"):
        choices = choices_for(agency)
    assert choices == [
        (None, "Bramka SMS"),
        (waiting.pk, "Nowak AC (not authorised yet)"),
        (mine.pk, "Nowak OC"),
        (shared.pk, "Polisa Info"),
    ]


def test_the_default_name_is_chosen_and_told(agency: Agency, owner: User) -> None:
    own = own_name(agency, "authorised")
    assert set_default(agency=agency, sender_name=own, changed_by=owner)
    assert not set_default(agency=agency, sender_name=own, changed_by=owner)
    assert sender_for(agency).name == "Nowak OC"
    assert set_default(agency=agency, sender_name=None, changed_by=owner)
    assert sender_for(agency).name == FALLBACK
    told = Event.objects.filter(kind="default_sender_changed").order_by("pk")
    assert [event.subject for event in told] == ["Nowak OC", "Bramka SMS"]


# --- from the draft to the phone ------------------------------------------------------------------


def test_an_authorised_name_leaves_with_the_messages(
    sender: Sender, agency: Agency, gateway: Recorder
) -> None:
    choose(agency, own_name(agency, "authorised"))
    campaign = sender.running(2)
    sending.send_next()
    assert gateway.senders == ["Nowak OC"]
    assert set(campaign.messages.values_list("sender", flat=True)) == {"Nowak OC"}


def test_a_name_revoked_after_the_draft_is_not_used_at_the_confirmation(
    sender: Sender, agency: Agency, admin: User, gateway: Recorder
) -> None:
    own = own_name(agency, "authorised")
    choose(agency, own)
    draft = sender.draft(add_contacts(agency, 1))
    take_back(own, admin)
    assert sender.confirm(draft)
    draft.refresh_from_db()
    assert (draft.sender, draft.sender_name) == (FALLBACK, own)
    preparing.prepare(draft.pk)
    assert draft.messages.get().sender == FALLBACK


def test_whoever_saw_another_name_is_asked_again_and_pays_nothing(
    sender: Sender, agency: Agency, admin: User
) -> None:
    own = own_name(agency, "authorised")
    choose(agency, own)
    draft = sender.draft(add_contacts(agency, 1))
    cost = campaigns.quote(draft).cost
    take_back(own, admin)
    with pytest.raises(campaigns.SenderChanged):
        campaigns.confirm(
            draft, expected_cost=cost, expected_sender="Nowak OC", confirmed_by=sender.person
        )
    assert sender.balance == 100_000
    assert Campaign.objects.get().state == "draft"
    assert campaigns.confirm(
        draft, expected_cost=cost, expected_sender=FALLBACK, confirmed_by=sender.person
    )


def test_queued_messages_of_a_revoked_name_leave_under_the_default_one(
    sender: Sender, agency: Agency, admin: User, gateway: Recorder
) -> None:
    own = own_name(agency, "authorised")
    choose(agency, own)
    campaign = sender.running(3)
    take_back(own, admin)
    # As the worker has it that loaded the campaign before.
    assert campaign.sender == "Nowak OC"
    sending.send_next()
    assert gateway.senders == [FALLBACK]
    assert set(campaign.messages.values_list("sender", flat=True)) == {FALLBACK}


def test_a_campaign_that_is_being_prepared_goes_out_so_too(
    sender: Sender, agency: Agency, admin: User, gateway: Recorder
) -> None:
    own = own_name(agency, "authorised")
    choose(agency, own)
    draft = sender.draft(add_contacts(agency, 1))
    sender.confirm(draft)
    take_back(own, admin)
    preparing.prepare(draft.pk)
    sending.send_next()
    assert gateway.senders == [FALLBACK]


def test_what_the_gateway_put_off_does_not_come_back_under_a_revoked_name(
    sender: Sender, agency: Agency, admin: User, scripted: UseGateway
) -> None:
    own = own_name(agency, "authorised")
    choose(agency, own)
    campaign = sender.running(1)
    scripted(refused(ErrorClass.RETRY))
    sending.send_next()
    take_back(own, admin)
    Message.objects.update(next_attempt_at="2026-01-01T00:00:00Z")
    GatewayState.objects.update(rests_until=None)
    scripted(accepted)
    sending.send_next()
    assert campaign.messages.get().sender == FALLBACK


def test_an_uncertain_message_is_not_repeated_under_a_revoked_name(
    sender: Sender, agency: Agency, admin: User, gateway: Recorder
) -> None:
    own = own_name(agency, "authorised")
    choose(agency, own)
    message = sender.running(1).messages.get()
    make_uncertain(message, timedelta(hours=1))
    take_back(own, admin)
    assert settling.settle(message.pk)
    assert gateway.senders == [FALLBACK]
    message.refresh_from_db()
    assert message.sender == FALLBACK


def test_a_name_authorised_after_the_payment_changes_nothing(
    sender: Sender, agency: Agency, gateway: Recorder
) -> None:
    """The agent agreed to what the page showed."""
    own = own_name(agency, "in_review")
    choose(agency, own)
    sender.running(1)
    SenderName.objects.filter(pk=own.pk).update(
        state="authorised", approved_at=own.submitted_at, registration="active"
    )
    sending.send_next()
    assert gateway.senders == [FALLBACK]


# --- what the agent is told -----------------------------------------------------------------------


def test_the_review_shows_the_sender_as_it_will_be_and_why(
    agency: Agency, owner: User, as_owner: Client
) -> None:
    own = own_name(agency, "submitted")
    choose(agency, own)
    draft = draft_for(agency, client_of(agency))
    text = text_of(as_owner.get(f"/wysylki/{draft.pk}/"))
    assert "Sender Bramka SMS not Nowak OC: it has not been authorised yet · Sender names" in text
    SenderName.objects.filter(pk=own.pk).update(
        state="authorised", approved_at=own.submitted_at, registration="active"
    )
    text = text_of(as_owner.get(f"/wysylki/{draft.pk}/"))
    assert "Sender Nowak OC Cost" in text


def test_a_sender_that_changed_is_told_before_anything_is_paid(
    agency: Agency, owner: User, admin: User, as_owner: Client, sender: Sender
) -> None:
    own = own_name(agency, "authorised")
    choose(agency, own)
    draft = draft_for(agency, client_of(agency))
    take_back(own, admin)
    cost = campaigns.quote(draft).cost
    response = as_owner.post(
        f"/wysylki/{draft.pk}/wyslij/", {"cost": cost, "sender": "Nowak OC"}, follow=True
    )
    assert "The sender name has changed since you saw it." in text_of(response)
    assert "not Nowak OC: it was revoked" in text_of(response)
    assert sender.balance == 100_000
