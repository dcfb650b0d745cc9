"""Two gateways: messages leave by the second while the first is in trouble, each exactly once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from messaging import delivery_reports, gateway_states, sending, settling, tasks
from messaging import sender_name_registration as registration
from messaging.gateways import gateway_called, route
from messaging.gateways.base import ErrorClass, StatusReport
from messaging.gateways.serwersms import ABSENCE_PROVES_AFTER
from messaging.models import Campaign, GatewayState, Message
from messaging.outcomes import put_back
from messaging.tests.sender_cases import NamesGateway, choose, own_name
from messaging.tests.sending_cases import (
    PRICE,
    START,
    Sender,
    idx,
    make_uncertain,
    one_message,
    outgoing,
    phone,
    reload,
    states,
)
from sandbox.testing import SandboxProcess, free_port

pytestmark = pytest.mark.django_db

LEASE = timedelta(seconds=121)


@pytest.fixture(autouse=True)
def both(sandbox: SandboxProcess, settings: Settings) -> None:
    settings.SMS_GATEWAY, settings.SMS_FALLBACK_GATEWAY = "smsapi", "serwersms"


@pytest.fixture
def refusing(settings: Settings) -> Iterator[None]:
    """Nobody listens at SMSAPI's address."""
    settings.SMSAPI_URL = f"http://127.0.0.1:{free_port()}/"
    gateway_called.cache_clear()
    yield
    gateway_called.cache_clear()


def arrived(sandbox: SandboxProcess) -> list[tuple[str, str]]:
    """By which gateway each number got its SMS."""
    return sorted((one["number"], one["provider"]) for one in sandbox.phones())


def all_by(provider: str, count: int) -> list[tuple[str, str]]:
    return [(phone(number)[1:], provider) for number in range(count)]


def work_for(seconds: int) -> None:
    """What the workers do in so many seconds, or until nothing waits any more."""
    start = timezone.now()
    for second in range(0, seconds + 1, 2):
        if not Message.objects.filter(state="queued").exists():
            return
        with time_machine.travel(start + timedelta(seconds=second)):
            tasks.send_due()


# --- which gateway --------------------------------------------------------------------------------


def test_the_first_one_carries_all_while_it_works(sender: Sender, sandbox: SandboxProcess) -> None:
    campaign = sender.running(5)
    tasks.send_due()
    assert states(campaign) == {"sent": 5}
    assert arrived(sandbox) == all_by("smsapi", 5)


def test_a_gateway_named_twice_is_one(settings: Settings) -> None:
    settings.SMS_FALLBACK_GATEWAY = "smsapi"
    assert route() == ["smsapi"]


def test_refused_connections_move_messages_to_the_second_one(
    sender: Sender, sandbox: SandboxProcess, refusing: None
) -> None:
    campaign = sender.running(8)

    work_for(900)

    assert states(campaign) == {"sent": 8}
    assert arrived(sandbox) == all_by("serwersms", 8)
    assert set(campaign.messages.values_list("gateway", flat=True)) == {"serwersms"}
    assert sender.balance == START - 8 * PRICE
    assert reload(campaign).state == Campaign.State.FINISHED


def test_a_lone_message_does_not_stick_to_the_one_in_trouble(
    sender: Sender, sandbox: SandboxProcess, refusing: None
) -> None:
    long_ago = timezone.now() - timedelta(hours=1)
    GatewayState.objects.create(name="smsapi", num_failures=9, rests_until=long_ago)
    campaign = sender.running(1)

    tasks.send_due()

    assert states(campaign) == {"sent": 1}
    assert arrived(sandbox) == all_by("serwersms", 1)


def test_one_message_tries_the_one_in_trouble_for_all(
    sender: Sender, sandbox: SandboxProcess, refusing: None
) -> None:
    GatewayState.objects.create(name="smsapi", num_failures=3)
    campaign = sender.running(20)

    sending.send_next()
    assert campaign.messages.exclude(attempts=0).count() == 1
    sending.send_next()

    assert arrived(sandbox) == all_by("serwersms", 20)


def test_what_the_first_one_puts_off_may_leave_by_the_second(
    sender: Sender, sandbox: SandboxProcess
) -> None:
    sandbox.faults(mode="rate_limited", provider="smsapi")
    campaign = sender.running(4)

    work_for(900)

    assert states(campaign) == {"sent": 4}
    assert arrived(sandbox) == all_by("serwersms", 4)


def test_a_halted_one_is_passed_over_and_probed(sender: Sender, sandbox: SandboxProcess) -> None:
    sandbox.faults(mode="error_code", error_code=103, provider="smsapi")
    campaign = sender.running(6)

    work_for(5)

    assert GatewayState.objects.get(pk="smsapi").halt == ErrorClass.FUNDS
    assert states(campaign) == {"sent": 6}
    assert arrived(sandbox) == all_by("serwersms", 6)

    sandbox.faults()
    later = sender.running(4, start=6)
    with time_machine.travel(timezone.now() + gateway_states.PROBE_EVERY):
        tasks.send_due()
    assert states(later) == {"sent": 4}
    assert {provider for _number, provider in arrived(sandbox)[6:]} == {"smsapi"}


def test_with_both_in_trouble_messages_wait(sender: Sender, sandbox: SandboxProcess) -> None:
    sandbox.faults(mode="rate_limited")
    campaign = sender.running(4)
    work_for(10)
    assert states(campaign) == {"queued": 4}

    sandbox.faults()
    work_for(900)
    assert states(campaign) == {"sent": 4}
    assert len(arrived(sandbox)) == 4
    assert sender.balance == START - 4 * PRICE


# --- what is uncertain ----------------------------------------------------------------------------


def test_what_is_uncertain_at_the_first_one_never_leaves_by_the_second(
    sender: Sender, sandbox: SandboxProcess, settings: Settings
) -> None:
    settings.SEND_BATCH_SIZE = 3
    campaign = sender.running(12)
    # Four requests of three: the first arrives without an answer, then all of them fail for a while.
    sandbox.faults(mode="drop_after_accept", provider="smsapi", remaining=1)
    tasks.send_due()
    sandbox.faults(mode="http_503", provider="smsapi")
    work_for(900)

    uncertain = campaign.messages.filter(state="uncertain")
    assert set(uncertain.values_list("gateway", flat=True)) == {"smsapi"}
    assert not {one.phone[1:] for one in uncertain} & {
        number for number, provider in arrived(sandbox) if provider == "serwersms"
    }

    sandbox.faults()
    with time_machine.travel(timezone.now() + timedelta(seconds=900) + LEASE):
        tasks.sweep()
        tasks.send_due()

    assert states(campaign) == {"sent": 12}
    assert [number for number, _provider in arrived(sandbox)] == [phone(n)[1:] for n in range(12)]
    assert sender.balance == START - 12 * PRICE


def test_what_is_uncertain_at_the_second_one_is_looked_up_there(
    sender: Sender, sandbox: SandboxProcess, settings: Settings
) -> None:
    settings.SMS_GATEWAY, settings.SMS_FALLBACK_GATEWAY = "serwersms", "smsapi"
    campaign = sender.running(4)
    sandbox.faults(mode="half_answer", provider="serwersms", remaining=1)
    tasks.send_due()
    assert states(campaign) == {"uncertain": 4}

    with time_machine.travel(timezone.now() + LEASE):
        tasks.sweep()

    assert states(campaign) == {"sent": 4}
    assert arrived(sandbox) == all_by("serwersms", 4)
    assert all(campaign.messages.values_list("provider_id", flat=True))


# --- settled by a look-up -------------------------------------------------------------------------


@pytest.fixture
def lost(sender: Sender, sandbox: SandboxProcess, settings: Settings) -> Campaign:
    """A campaign of one message whose request never reached SerwerSMS, as nobody knows."""
    settings.SMS_GATEWAY, settings.SMS_FALLBACK_GATEWAY = "serwersms", ""
    sandbox.faults(mode="http_503", remaining=1)
    campaign = sender.running(1)
    tasks.send_due()
    assert states(campaign) == {"uncertain": 1}
    assert reload(campaign).state == Campaign.State.FINISHED
    return campaign


def later(age: timedelta) -> time_machine.travel:
    return time_machine.travel(timezone.now() + age)


def test_what_was_never_accepted_waits_until_that_is_sure_and_leaves_once(
    lost: Campaign, sender: Sender, sandbox: SandboxProcess
) -> None:
    with later(LEASE):
        tasks.sweep()
        tasks.send_due()
    assert states(lost) == {"uncertain": 1}
    assert arrived(sandbox) == []

    with later(ABSENCE_PROVES_AFTER + LEASE):
        tasks.sweep()
        assert states(lost) == {"queued": 1}
        assert reload(lost).state == Campaign.State.RUNNING
        assert one_message(lost).uncertain_since is None
        tasks.send_due()

    assert states(lost) == {"sent": 1}
    assert reload(lost).state == Campaign.State.FINISHED
    assert arrived(sandbox) == all_by("serwersms", 1)
    assert sender.balance == START - PRICE


def test_of_a_cancelled_campaign_it_is_paid_back(
    lost: Campaign, sender: Sender, sandbox: SandboxProcess
) -> None:
    Campaign.objects.update(state="cancelled", finished_at=timezone.now())
    with later(ABSENCE_PROVES_AFTER + LEASE):
        tasks.sweep()
        tasks.sweep()
        tasks.cancel_messages(lost.pk)
    assert states(lost) == {"cancelled": 1}
    assert arrived(sandbox) == []
    assert sender.balance == START


def test_a_client_who_said_no_meanwhile_gets_nothing(
    lost: Campaign, sender: Sender, sandbox: SandboxProcess
) -> None:
    sender.agency.contacts.update(opted_out_at=timezone.now())
    with later(ABSENCE_PROVES_AFTER + LEASE):
        tasks.sweep()
        tasks.send_due()
    assert states(lost) == {"cancelled": 1}
    assert arrived(sandbox) == []
    assert sender.balance == START


def test_a_look_up_is_asked_beyond_the_window_of_repeats(
    lost: Campaign, sandbox: SandboxProcess
) -> None:
    message = one_message(lost)
    gateway_called("serwersms").send(message.sender, [outgoing(message)])
    with later(settling.IDX_WINDOW + timedelta(hours=1)):
        assert settling.settle(message.pk)
    assert states(lost) == {"sent": 1}
    assert len(arrived(sandbox)) == 1


def test_a_gateway_that_is_away_settles_nothing(lost: Campaign, sandbox: SandboxProcess) -> None:
    sandbox.faults(mode="http_500")
    with later(ABSENCE_PROVES_AFTER + LEASE):
        assert settling.settle(one_message(lost).pk)
    assert states(lost) == {"uncertain": 1}
    assert one_message(lost).uncertain_since is not None


def test_a_report_that_comes_meanwhile_has_the_last_word(lost: Campaign) -> None:
    message = one_message(lost)
    now = timezone.now()
    Message.objects.filter(pk=message.pk).update(claimed_at=now)
    delivery_reports.apply_reports("serwersms", [StatusReport("a1", "delivered", idx(message))])

    [claimed] = [settling._claimed(message)]
    assert not put_back(claimed, lost.pk, settled_at=now)

    assert states(lost) == {"delivered": 1}


def test_whoever_asked_first_does_not_put_back_what_another_asks_about(lost: Campaign) -> None:
    message = one_message(lost)
    first = timezone.now()
    Message.objects.filter(pk=message.pk).update(claimed_at=first + timedelta(seconds=1))
    assert not put_back(settling._claimed(message), lost.pk, settled_at=first)
    assert states(lost) == {"uncertain": 1}


# --- reports --------------------------------------------------------------------------------------


@pytest.fixture
def one_at_each(sender: Sender) -> tuple[Message, Message]:
    """Two messages that two gateways gave the same id to."""
    first, second = sender.running(2).messages.order_by("id")
    for message, gateway in ((first, "smsapi"), (second, "serwersms")):
        Message.objects.filter(pk=message.pk).update(
            state="sent", gateway=gateway, provider_id="A1", sent_at=timezone.now()
        )
    return first, second


def both_states(pair: tuple[Message, Message]) -> list[str]:
    for message in pair:
        message.refresh_from_db()
    return [message.state for message in pair]


def test_the_same_id_at_both_does_not_mix(
    client: Client, one_at_each: tuple[Message, Message]
) -> None:
    client.get("/dlr/serwersms/demo-callback/", {"id": "A1", "status": "undelivered"})
    tasks.apply_delivery_reports()
    assert both_states(one_at_each) == ["sent", "undelivered"]

    client.get("/dlr/smsapi/demo-callback/", {"MsgId": "A1", "status": "404"})
    tasks.apply_delivery_reports()
    assert both_states(one_at_each) == ["delivered", "undelivered"]


def test_an_idx_is_believed_of_its_own_gateway_alone(sender: Sender) -> None:
    message = one_message(sender.running(1))
    make_uncertain(message, timedelta(minutes=5))
    Message.objects.update(gateway="smsapi")
    report = StatusReport("b1", "delivered", idx(message))
    assert delivery_reports.apply_reports("serwersms", [report]) == 0
    assert delivery_reports.apply_reports("smsapi", [report]) == 1


def test_serwersms_pushes_by_form_as_well(
    client: Client, one_at_each: tuple[Message, Message]
) -> None:
    response = client.post("/dlr/serwersms/demo-callback/", {"smsid": "A1", "stan": "dostarczono"})
    tasks.apply_delivery_reports()
    assert (response.status_code, response.content) == (200, b"OK")
    assert both_states(one_at_each) == ["sent", "delivered"]


@pytest.mark.parametrize("body", [b"\xff\0", b"{}", b"<html>", b"id=A1&status=nonsense"])
def test_what_cannot_be_read_is_answered_ok(
    client: Client, one_at_each: tuple[Message, Message], body: bytes
) -> None:
    for content_type in ("application/json", "multipart/form-data", "text/html"):
        response = client.post("/dlr/serwersms/demo-callback/", body, content_type=content_type)
        assert (response.status_code, response.content) == (200, b"OK")
    tasks.apply_delivery_reports()
    assert both_states(one_at_each) == ["sent", "sent"]


@pytest.mark.parametrize("secret", ["wrong", "demo-callbacK", "ó"])
def test_a_wrong_secret_is_no_address(client: Client, secret: str) -> None:
    assert client.get(f"/dlr/serwersms/{secret}/", {"id": "A1"}).status_code == 404


def test_without_a_secret_there_is_no_address(client: Client, settings: Settings) -> None:
    settings.SERWERSMS_CALLBACK_SECRET = ""
    assert client.get("/dlr/serwersms/ /", {"id": "A1"}).status_code == 404


def test_what_the_gateway_took_and_sent_to_nobody_is_paid_back(
    client: Client, sender: Sender, one_at_each: tuple[Message, Message]
) -> None:
    before = sender.balance
    for _again in range(2):
        client.get("/dlr/serwersms/demo-callback/", {"id": "A1", "status": "unsent"})
        tasks.apply_delivery_reports()
    assert both_states(one_at_each) == ["sent", "rejected"]
    assert sender.balance == before + PRICE


def test_an_unsent_of_an_earlier_request_moves_no_later_one(sender: Sender, client: Client) -> None:
    message = one_message(sender.running(1))
    Message.objects.update(state="sending", gateway="serwersms", claimed_at=timezone.now())
    told = {"id": "a0", "unique_id": idx(message).replace("-", "x"), "status": "unsent"}
    client.get("/dlr/serwersms/demo-callback/", told)
    tasks.apply_delivery_reports()
    assert one_message(message.campaign).state == "sending"
    assert one_message(message.campaign).provider_id == ""


# --- sender names ---------------------------------------------------------------------------------


def test_a_name_that_only_the_second_one_lacks_makes_messages_wait(
    sender: Sender, sandbox: SandboxProcess, refusing: None
) -> None:
    choose(sender.agency, own_name(sender.agency, "authorised", name="Tylko jedna"))
    campaign = sender.running(3)

    work_for(30)

    assert states(campaign) == {"queued": 3}
    assert sender.balance == START - 3 * PRICE


def test_a_name_is_offered_to_both_and_the_first_one_decides(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = NamesGateway("pending", "active"), NamesGateway("down", "rejected", "active")
    monkeypatch.setattr(registration, "current_gateway", lambda: first)
    monkeypatch.setattr(registration, "gateway_called", lambda _name: second)
    name = own_name(
        sender.agency,
        "submitted",
        approved_at=timezone.now(),
        registration="asked",
        next_check_at=timezone.now(),
    )

    assert not registration.ask_gateway(name.pk)
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        assert registration.ask_gateway(name.pk)

    name.refresh_from_db()
    assert name.state == "authorised"
    assert second.asked == [("register", name.name)] * 2


def test_a_name_that_the_first_one_lacks_is_refused(
    sender: Sender, sandbox: SandboxProcess
) -> None:
    choose(sender.agency, own_name(sender.agency, "authorised", name="Niczyja"))
    campaign = sender.running(3)
    sending.send_next()
    assert states(campaign) == {"rejected": 3}
    assert sender.balance == START
