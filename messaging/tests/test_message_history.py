"""The page of one message: its whole history."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation

from accounts.models import Agency, User
from accounts.tests.pages import text_of
from messaging.gateway_codes import error_meaning, report_meaning
from messaging.gateways.smsapi_errors import STATE_BY_CODE, STATES
from messaging.models import DeliveryReport, IncomingMessage, Message
from messaging.outcomes import end_unsent
from messaging.tests.book import messages_of
from messaging.tests.sending_cases import Sender, one_message

T = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def message(agency: Agency, owner: User) -> Message:
    """Delivered after a first report that said "sent"."""
    (row,) = messages_of(agency, "delivered")
    row.created_at, row.sent_at, row.final_at = T, T + timedelta(seconds=5), T + timedelta(hours=1)
    row.gateway, row.provider_id, row.attempts = "smsapi", "ABC123", 2
    row.save()
    row.campaign.confirmed_by, row.campaign.confirmed_at = owner, T - timedelta(seconds=20)
    row.campaign.save()
    for state, code, minutes in (("sent", "403", 1), ("delivered", "404", 2)):
        DeliveryReport.objects.create(
            gateway="smsapi",
            provider_id="ABC123",
            message=row,
            state=state,
            code=code,
            happened_at=T + timedelta(minutes=minutes),
            received_at=T + timedelta(hours=minutes),
        )
    return row


def page_of(client: Client, message: Message) -> str:
    return text_of(client.get(f"/wiadomosci/{message.pk}/"))


def test_everything_is_told_in_its_order(message: Message, as_owner: Client) -> None:
    text = page_of(as_owner, message)
    history = text[text.index("What happened to it") :]
    told = (
        "20.11.2026 09:59:40 Paid and let go by Anna Żółć",
        "20.11.2026 10:00:00 Queued",
        "20.11.2026 10:00:05 The gateway has it Gateway: SMSAPI Attempts: 2"
        " The gateway's number: ABC123",
        "20.11.2026 10:01:00 Sent Sent to the mobile operator; no final report yet. Code 403"
        " The report came at 20.11.2026 11:00:00",
        "20.11.2026 10:02:00 Delivered Delivered to the phone. Code 404",
    )
    places = [history.index(step) for step in told]
    assert places == sorted(places)
    # The report has told the end already.
    assert history.count("Delivered to the phone") == 1
    assert "0,29 zł (1 part × 0,29 zł)" in text


def test_an_end_that_no_report_told_is_told_all_the_same(
    message: Message, as_owner: Client
) -> None:
    message.reports.all().delete()
    assert "20.11.2026 11:00:00 Delivered The phone has confirmed it." in page_of(as_owner, message)


def test_a_report_without_a_time_counts_when_it_came(message: Message, as_owner: Client) -> None:
    message.reports.filter(code="404").update(happened_at=datetime(1970, 1, 1, tzinfo=UTC))
    assert "20.11.2026 12:00:00 Delivered" in page_of(as_owner, message)


def test_a_refusal_tells_its_reason_and_the_refund(sender: Sender, as_owner: Client) -> None:
    message = one_message(sender.running(1))
    end_unsent([message], ("queued",), Message.State.REJECTED, "recipient", "13")
    text = page_of(as_owner, message)
    assert "Rejected The gateway refused it. The money went back." in text
    assert "The number is not a valid mobile number. Code 13" in text
    assert "The money went back 0,29 zł" in text


def test_a_wait_tells_why_and_until_when(message: Message, as_owner: Client) -> None:
    Message.objects.filter(pk=message.pk).update(
        state="queued",
        sent_at=None,
        final_at=None,
        error_class="retry",
        error_code="HTTP 429",
        next_attempt_at=T + timedelta(hours=5),
    )
    page = as_owner.get(f"/wiadomosci/{message.pk}/")
    assert "20.11.2026 15:00:00 The next attempt Too many requests at once. Code HTTP 429" in (
        text_of(page)
    )
    assert 'hx-trigger="every 2s"' in page.content.decode()


def test_a_lost_answer_is_told(message: Message, as_owner: Client) -> None:
    Message.objects.filter(pk=message.pk).update(
        state="uncertain", sent_at=None, final_at=None, uncertain_since=T, error_code="no answer"
    )
    text = page_of(as_owner, message)
    assert "The gateway's answer was lost." in text
    assert "The gateway did not answer in time." in text


def test_an_answer_is_shown_until_it_is_erased(message: Message, as_owner: Client) -> None:
    reply = IncomingMessage.objects.create(
        agency=message.agency,
        answered=message,
        phone=message.phone,
        to="48799000000",
        text="STOP <b>",
        is_opt_out=True,
        received_at=T + timedelta(days=1),
        digest="1",
    )
    assert "The client opted out STOP <b>" in page_of(as_owner, message)
    reply.text, reply.text_erased_at = "", timezone.now()
    reply.save()
    assert "The client opted out The text was erased." in page_of(as_owner, message)


def test_what_was_erased_is_said_to_be(message: Message, as_owner: Client) -> None:
    Message.objects.filter(pk=message.pk).update(
        text="", phone="", contact=None, text_erased_at=timezone.now()
    )
    text = page_of(as_owner, message)
    assert "number erased" in text
    assert "text erased on" in text
    assert "not in your book any more" in text


def test_strangers_find_nothing(
    message: Message, as_stranger: Client, as_accountant: Client
) -> None:
    assert as_stranger.get(f"/wiadomosci/{message.pk}/").status_code == 404
    assert as_accountant.get(f"/wiadomosci/{message.pk}/").status_code == 403
    assert as_stranger.get("/wiadomosci/999999999999999999/").status_code == 404


@pytest.mark.parametrize("language", ["en", "pl"])
def test_every_code_of_a_report_has_a_meaning(language: str) -> None:
    with translation.override(language):
        assert all(str(report_meaning(code)) for code in [*STATES, *STATE_BY_CODE])
        assert str(report_meaning("404")) == str(report_meaning("DELIVERED"))
        assert report_meaning("999") == error_meaning("", "") == ""
        assert str(error_meaning("funds", "12345"))
