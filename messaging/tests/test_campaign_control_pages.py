"""Sending at a time, undoing, pausing, cancelling and sending again, by the pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Agency, Event, User
from accounts.tests.pages import text_of
from messaging import campaigns, tasks
from messaging.campaign_forms import SendForm
from messaging.models import Campaign
from messaging.tests.sending_cases import START, Sender, UseGateway, accepted, add_contacts, states

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(sender: Sender) -> Campaign:
    return sender.draft(add_contacts(sender.agency, 2))


def post(client: Client, draft: Campaign, **fields: str) -> Campaign:
    client.post(f"/wysylki/{draft.pk}/wyslij/", {"cost": "58", **fields})
    draft.refresh_from_db()
    return draft


# --- when it leaves -------------------------------------------------------------------------------


def test_a_time_is_warsaws(draft: Campaign, as_owner: Client) -> None:
    with time_machine.travel(datetime(2026, 11, 25, 12, tzinfo=UTC)):
        post(as_owner, draft, when="later", leaves_at="2026-12-01T09:30", spread_minutes="120")
    assert draft.leaves_at == datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
    assert (draft.state, draft.spread_minutes) == ("preparing", 120)


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        # Clocks go back at 3:00 on 25.10.2026: 2:30 comes twice, the first time in summer time.
        ("2026-10-25T02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("2026-10-25T03:00", datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
        ("2026-10-25T01:59", datetime(2026, 10, 24, 23, 59, tzinfo=UTC)),
        # Forward at 2:00 on 29.03.2026.
        ("2026-03-29T01:59", datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        ("2026-03-29T03:00", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        ("29.03.2026 3:00", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
    ],
)
def test_a_time_in_the_nights_when_clocks_change(typed: str, moment: datetime) -> None:
    with time_machine.travel(moment - timedelta(days=3)):
        form = SendForm({"when": "later", "leaves_at": typed})
        assert form.is_valid(), form.errors
    assert form.cleaned_data["leaves_at"] == moment


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("2026-03-29T02:30", "There is no such hour that night"),
        ("", "Choose the day and the time."),
        ("jutro", "Give a day and a time"),
        ("2026-03-20T12:00", "This time is past."),
        ("2027-03-20T12:00", "Choose a time within three months."),
    ],
)
def test_a_wrong_time_is_said_at_the_field_and_nothing_is_lost(
    draft: Campaign, as_owner: Client, sender: Sender, typed: str, words: str
) -> None:
    with time_machine.travel(datetime(2026, 3, 25, 12, tzinfo=UTC)):
        response = as_owner.post(
            f"/wysylki/{draft.pk}/wyslij/",
            {"cost": "58", "when": "later", "leaves_at": typed, "spread_minutes": "60"},
        )
    assert response.status_code == 422
    assert words in text_of(response)
    assert 'value="60" selected' in response.content.decode()
    draft.refresh_from_db()
    assert (draft.state, sender.balance) == ("draft", START)


# --- undo, change ---------------------------------------------------------------------------------


def test_sent_now_it_can_be_undone(
    draft: Campaign, as_owner: Client, sender: Sender, settings: Settings
) -> None:
    settings.SEND_UNDO_SECONDS = 30
    post(as_owner, draft)
    tasks.prepare_campaign(draft.pk)
    page = as_owner.get(f"/wysylki/{draft.pk}/")
    assert "Undo" in text_of(page)
    response = as_owner.post(f"/wysylki/{draft.pk}/anuluj/", follow=True)
    assert "Cancelled. What had not left is paid back." in text_of(response)
    assert states(draft) == {"cancelled": 2}
    assert sender.balance == START
    assert Event.objects.filter(kind="campaign_cancelled").count() == 1


def test_after_it_left_there_is_nothing_to_undo(
    draft: Campaign, as_owner: Client, scripted: UseGateway
) -> None:
    scripted(accepted)
    post(as_owner, draft)
    tasks.prepare_campaign(draft.pk)
    tasks.send_due()
    assert "Undo" not in text_of(as_owner.get(f"/wysylki/{draft.pk}/"))
    response = as_owner.post(f"/wysylki/{draft.pk}/anuluj/", follow=True)
    assert "It is too late" in text_of(response)
    assert states(draft) == {"sent": 2}


@pytest.mark.parametrize("is_prepared", [True, False])
def test_a_scheduled_one_is_changed_as_a_draft(
    draft: Campaign, as_owner: Client, sender: Sender, is_prepared: bool
) -> None:
    later = timezone.localtime() + timedelta(days=1)
    post(as_owner, draft, when="later", leaves_at=f"{later:%Y-%m-%dT%H:%M}")
    if is_prepared:
        tasks.prepare_campaign(draft.pk)
    as_owner.post(f"/wysylki/{draft.pk}/zmien/")
    again = Campaign.objects.get(state="draft")
    assert campaigns.quote(again).num_messages == 2
    draft.refresh_from_db()
    assert (draft.state, sender.balance) == ("cancelled", START)
    tasks.prepare_campaign(draft.pk)
    assert set(states(draft)) <= {"cancelled"}


def test_what_is_on_its_way_cannot_be_changed(draft: Campaign, as_owner: Client) -> None:
    post(as_owner, draft)
    tasks.prepare_campaign(draft.pk)
    response = as_owner.post(f"/wysylki/{draft.pk}/zmien/", follow=True)
    assert "It is too late" in text_of(response)
    assert Campaign.objects.count() == 1


# --- pause, resume, again -------------------------------------------------------------------------


def test_pause_and_resume(draft: Campaign, as_owner: Client, scripted: UseGateway) -> None:
    scripted(accepted)
    post(as_owner, draft)
    tasks.prepare_campaign(draft.pk)
    response = as_owner.post(f"/wysylki/{draft.pk}/wstrzymaj/", follow=True)
    assert "Paused" in text_of(response)
    tasks.send_due()
    assert states(draft) == {"queued": 2}
    as_owner.post(f"/wysylki/{draft.pk}/wznow/")
    tasks.send_due()
    assert states(draft) == {"sent": 2}


def test_only_those_surely_not_reached_get_it_again(
    sender: Sender, as_owner: Client, scripted: UseGateway
) -> None:
    scripted(accepted)
    campaign = sender.running(6)
    tasks.send_due()
    outcomes = ("delivered", "undelivered", "expired", "rejected", "unknown", "uncertain")
    expected = []
    for message, state in zip(campaign.messages.order_by("id"), outcomes, strict=True):
        campaign.messages.filter(pk=message.pk).update(state=state)
        if state in ("undelivered", "expired", "rejected"):
            expected.append(message.contact_id)
    page = as_owner.get(f"/wysylki/{campaign.pk}/")
    assert "Send again to 3 not reached" in text_of(page)
    as_owner.post(f"/wysylki/{campaign.pk}/ponow/")
    again = Campaign.objects.get(state="draft")
    assert campaigns.chosen(again) == expected
    assert campaigns.quote(again).num_messages == 3


def test_nobody_is_left_to_send_to_again(sender: Sender, as_owner: Client) -> None:
    campaign = sender.running(1)
    response = as_owner.post(f"/wysylki/{campaign.pk}/ponow/", follow=True)
    assert "Nobody is left to send it to again." in text_of(response)


@pytest.mark.parametrize("step", ["wyslij", "anuluj", "wstrzymaj", "wznow", "zmien", "ponow"])
def test_a_strangers_campaign_does_not_exist(
    sender: Sender, as_stranger: Client, step: str
) -> None:
    campaign = sender.running(1)
    assert as_stranger.post(f"/wysylki/{campaign.pk}/{step}/").status_code == 404
    assert states(campaign) == {"queued": 1}


def test_the_same_text_is_not_sent_twice_on_one_day(sender: Sender, as_owner: Client) -> None:
    first = sender.running(2)
    contact_ids = list(first.messages.values_list("contact_id", flat=True))
    again = sender.draft(contact_ids)
    page = text_of(as_owner.get(f"/wysylki/{again.pk}/"))
    assert "already got this text today" in page
    first.messages.update(state="undelivered")
    assert campaigns.quote(again).num_messages == 2
    first.messages.update(state="delivered")
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert campaigns.quote(again).num_messages == 2


# --- the operator's page --------------------------------------------------------------------------


def test_the_operator_sees_gateways_and_lets_a_halted_one_go_on(
    as_support: Client, sender: Sender, scripted: UseGateway, agency: Agency, owner: User
) -> None:
    from messaging.gateways.base import ErrorClass
    from messaging.tests.sending_cases import refused

    scripted(refused(ErrorClass.FUNDS))
    campaign = sender.running(3)
    tasks.send_due()
    page = text_of(as_support.get("/operator/bramki/"))
    assert "Halted." in page
    assert "Our account at the gateway is empty." in page
    scripted(accepted)
    response = as_support.post("/operator/bramki/smsapi/wznow/", follow=True)
    assert "Messages leave by smsapi again." in text_of(response)
    tasks.send_due()
    assert states(campaign) == {"sent": 3}
    assert as_support.post("/operator/bramki/other/wznow/").status_code == 404


def test_messages_uncertain_for_more_than_a_day_are_listed(
    as_support: Client, sender: Sender
) -> None:
    campaign = sender.running(1)
    long_ago = timezone.now() - timedelta(days=2)
    campaign.messages.update(state="uncertain", uncertain_since=long_ago, error_code="HTTP 502")
    page = text_of(as_support.get("/operator/bramki/"))
    assert "HTTP 502" in page
    assert sender.agency.name in page
    assert "600" not in page.split("HTTP 502")[0].split("Error")[-1]
