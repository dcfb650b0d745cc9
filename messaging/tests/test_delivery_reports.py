from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.ledger import find_differences
from messaging import delivery_reports, sending, tasks
from messaging.gateways.base import ErrorClass, StatusReport
from messaging.models import Campaign, Message
from messaging.outcomes import record_results
from messaging.tests.sending_cases import (
    PRICE,
    START,
    Sender,
    accepted,
    claim,
    one_message,
    outgoing,
    refused,
)

pytestmark = pytest.mark.django_db

URL = "/dlr/smsapi/demo-callback/"
SENT, DELIVERED, UNDELIVERED = "403", "404", "405"


def report(client: Client, *reports: tuple[str, str, str]) -> None:
    """Push reports of (provider id, idx, status) in one call."""
    columns = zip(*reports, strict=True)
    query = dict(zip(("MsgId", "idx", "status"), map(",".join, columns), strict=True))
    response = client.get(URL, query)
    assert (response.status_code, response.content) == (200, b"OK")
    tasks.apply_delivery_reports()


@pytest.fixture
def campaign(sender: Sender) -> Campaign:
    """One message, just claimed by a worker that is talking to the gateway."""
    return sender.running(1)


@pytest.fixture
def message(campaign: Campaign) -> Message:
    claim(campaign, 1)
    return one_message(campaign)


@pytest.fixture
def sent(message: Message) -> Message:
    Message.objects.filter(pk=message.pk).update(state="sent", gateway="smsapi", provider_id="A1")
    message.refresh_from_db()
    return message


def idx(message: Message) -> str:
    return outgoing(message).idx


def state(message: Message) -> str:
    message.refresh_from_db()
    return message.state


# --- what a report does ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "expected"),
    [("404", "delivered"), ("405", "undelivered"), ("402", "expired"), ("408", "unknown")],
)
def test_a_report_ends_a_sent_message(
    client: Client, sender: Sender, sent: Message, status: str, expected: str
) -> None:
    report(client, ("A1", "", status))

    assert state(sent) == expected
    assert sent.final_at is not None
    # The operator charges for what it could not deliver.
    assert sender.balance == START - PRICE


@pytest.mark.parametrize("statuses", list(permutations([SENT, DELIVERED, DELIVERED, SENT])))
@pytest.mark.parametrize("is_one_call", [True, False])
def test_reports_come_in_any_order(
    client: Client, sent: Message, statuses: tuple[str, ...], is_one_call: bool
) -> None:
    reports = [("A1", idx(sent), status) for status in statuses]
    for call in [reports] if is_one_call else [[one] for one in reports]:
        report(client, *call)
    assert state(sent) == "delivered"


def test_a_final_state_never_changes(client: Client, sent: Message) -> None:
    report(client, ("A1", "", DELIVERED))
    first_final_at = (state(sent), sent.final_at)
    report(client, ("A1", "", UNDELIVERED), ("A1", "", SENT), ("A1", "", DELIVERED))
    assert (state(sent), sent.final_at) == first_final_at


@pytest.mark.parametrize("final", ["rejected", "expired"])
def test_what_was_paid_back_stays_so(client: Client, sent: Message, final: str) -> None:
    Message.objects.filter(pk=sent.pk).update(state=final)
    report(client, ("A1", "", DELIVERED))
    assert state(sent) == final


def test_of_several_ends_in_one_call_the_first_counts(client: Client, sender: Sender) -> None:
    campaign = sender.running(3)
    for number, one in enumerate(campaign.messages.order_by("id")):
        Message.objects.filter(pk=one.pk).update(
            state="sent", gateway="smsapi", provider_id=f"A{number}"
        )
    report(
        client,
        ("A0", "", DELIVERED),
        ("A1", "", UNDELIVERED),
        ("A1", "", DELIVERED),
        ("A0", "", UNDELIVERED),
        ("A2", "", SENT),
        ("A2", "", DELIVERED),
    )
    in_order = campaign.messages.order_by("id").values_list("state", flat=True)
    assert list(in_order) == ["delivered", "undelivered", "delivered"]
    sums = sender.agency.delivery_sums.order_by("state").values_list("state", "number")
    assert list(sums) == [("delivered", 2), ("undelivered", 1)]


def test_several_messages_in_one_call(client: Client, sender: Sender) -> None:
    campaign = sender.running(3)
    for number, one in enumerate(campaign.messages.order_by("id")):
        Message.objects.filter(pk=one.pk).update(
            state="sent", gateway="smsapi", provider_id=f"A{number}"
        )

    report(client, ("A0", "", DELIVERED), ("A1", "", UNDELIVERED), ("A9", "", DELIVERED))

    in_order = campaign.messages.order_by("id").values_list("state", flat=True)
    assert list(in_order) == ["delivered", "undelivered", "sent"]


# --- reports faster than the send answer ----------------------------------------------------------


@pytest.mark.parametrize("claimed_state", ["sending", "uncertain"])
def test_a_report_by_our_idx_settles_and_brings_the_id(
    client: Client, message: Message, claimed_state: str
) -> None:
    Message.objects.filter(pk=message.pk).update(state=claimed_state, error_class="uncertain")

    report(client, ("A1", idx(message), SENT))

    assert state(message) == "sent"
    assert (message.provider_id, message.error_class) == ("A1", "")
    assert message.sent_at is not None


def test_the_answer_after_the_report_changes_nothing(
    client: Client, campaign: Campaign, sender: Sender
) -> None:
    claimed = claim(campaign, 1)
    message = one_message(campaign)
    report(client, ("A1", idx(message), DELIVERED))

    record_results(claimed, [accepted(outgoing(message))])

    assert state(message) == "delivered"
    assert message.provider_id == "A1"
    assert message.sent_at is not None
    assert sender.balance == START - PRICE


def test_both_reports_of_one_call_count_before_the_answer(client: Client, message: Message) -> None:
    report(client, ("A1", idx(message), SENT), ("A1", idx(message), DELIVERED))
    assert state(message) == "delivered"


def test_a_report_is_not_lost_when_the_answer_is_recorded_meanwhile(
    message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = delivery_reports._match_idx

    def match_idx(gateway: str, one: StatusReport) -> int | None:
        # Between the search by provider id, in vain, and the search by idx.
        Message.objects.filter(pk=message.pk).update(state="sent", provider_id="A1")
        return real(gateway, one)

    monkeypatch.setattr(delivery_reports, "_match_idx", match_idx)
    delivery_reports.apply_reports("smsapi", [StatusReport("A1", "delivered", idx(message))])

    assert state(message) == "delivered"


# --- reports that are not ours --------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"MsgId": "F" * 24, "status": DELIVERED},
        {"MsgId": "F" * 500, "status": DELIVERED},
        {"MsgId": "A\x00", "status": DELIVERED, "idx": "\x00-1"},
        {"MsgId": "B1", "status": DELIVERED, "idx": "0123456789abcdef-999999999999999999"},
        {"MsgId": "B1", "status": DELIVERED, "idx": "0123456789abcdef-" + "9" * 40},
        {"MsgId": "B1", "status": DELIVERED, "idx": "-"},
        {"MsgId": "B1", "status": DELIVERED, "idx": "0123456789abcdef-²"},
        {"MsgId": "", "status": DELIVERED, "idx": ""},
        {"MsgId": "A1", "status": "nonsense"},
    ],
)
def test_unknown_and_unreadable_reports_are_answered_ok(
    client: Client, message: Message, query: dict[str, str]
) -> None:
    response = client.get(URL, query)
    tasks.apply_delivery_reports()

    assert (response.status_code, response.content) == (200, b"OK")
    assert state(message) == "sending"


def test_a_guessed_message_number_moves_nothing(client: Client, message: Message) -> None:
    report(client, ("B1", f"0123456789abcdef-{message.pk}", DELIVERED))
    assert state(message) == "sending"


def test_a_report_without_an_id_means_no_message(message: Message) -> None:
    assert (
        delivery_reports.apply_reports("smsapi", [StatusReport("", "delivered", idx(message))]) == 0
    )
    assert state(message) == "sending"


def test_one_id_cannot_name_two_messages(client: Client, sender: Sender) -> None:
    campaign = sender.running(2)
    claim(campaign, 2)
    first, second = campaign.messages.order_by("id")

    report(client, ("A1", idx(first), DELIVERED), ("A1", idx(second), DELIVERED))

    assert (state(first), state(second)) == ("delivered", "sending")


@pytest.mark.parametrize("secret", ["wrong", "demo-callbacK", "demo-callback2", "ó"])
def test_a_wrong_secret_is_no_address(client: Client, sent: Message, secret: str) -> None:
    query = {"MsgId": "A1", "status": DELIVERED}
    assert client.get(f"/dlr/smsapi/{secret}/", query).status_code == 404
    tasks.apply_delivery_reports()
    assert state(sent) == "sent"


def test_only_get_is_taken(client: Client) -> None:
    assert client.post(URL).status_code == 405


# --- the reference rule ---------------------------------------------------------------------------


@dataclass
class Reference:
    """The life of a message after its claim, as the design tells it."""

    state: str = "sending"
    refunds: int = 0

    def step(self, event: str) -> None:
        """A report ("report:...") or an answer to a request."""
        kind, _colon, news = event.partition(":")
        is_open = self.state in ("sending", "uncertain")
        if kind == "report" and news != "sent" and (is_open or self.state == "sent"):
            self.state = news
        elif news in ("sent", "accepted", "duplicate") and is_open:
            self.state = "sent"
        elif news == "uncertain" and is_open:
            self.state = "uncertain"
        elif news == "recipient" and is_open:
            self.state = "rejected"
            self.refunds += 1
        elif news == "retry" and self.state == "sending":
            self.state = "queued"


EVENTS = st.sampled_from(
    [f"report:{news}" for news in ("sent", "delivered", "undelivered", "expired", "unknown")]
    + [f"answer:{news}" for news in ("accepted", "duplicate", "uncertain", "recipient", "retry")]
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(events=st.lists(EVENTS, max_size=7))
def test_any_sequence_ends_as_the_reference_rule_says(sender: Sender, events: list[str]) -> None:
    campaign = _another_campaign(sender)
    before = sender.balance
    claimed = claim(campaign, 1)
    reference = Reference()

    for event in events:
        reference.step(event)
        _apply(event, claimed, one_message(campaign))

    assert one_message(campaign).state == reference.state
    assert sender.balance == before + reference.refunds * PRICE
    assert find_differences() == []


def _another_campaign(sender: Sender) -> Campaign:
    sender.agency.contacts.all().delete()
    # What an earlier example put off may come due while this one runs.
    Campaign.objects.update(state=Campaign.State.PAUSED)
    return sender.running(1)


def _apply(event: str, claimed: list[sending.Claimed], message: Message) -> None:
    kind, _colon, news = event.partition(":")
    sms = outgoing(message)
    if kind == "report":
        delivery_reports.apply_reports("smsapi", [StatusReport(f"ID{message.pk}", news, sms.idx)])
    elif news == "accepted":
        record_results(claimed, [accepted(sms)])
    else:
        record_results(claimed, [refused(ErrorClass(news))(sms)])
