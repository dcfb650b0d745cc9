"""Gateways that fail, are halted by what only people can mend, and come back."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Event, OutgoingMail, User
from accounts.outbox import deliver
from messaging import gateway_states, sending, tasks
from messaging.gateways.base import ErrorClass
from messaging.models import GatewayState
from messaging.tests.sending_cases import Sender, UseGateway, accepted, refused, states

pytestmark = pytest.mark.django_db

NAME = "smsapi"


@pytest.mark.parametrize("error", ["configuration", "funds"])
def test_what_only_people_can_mend_stops_the_queue_and_tells_them(
    sender: Sender, scripted: UseGateway, settings: Settings, admin: User, error: str
) -> None:
    settings.SEND_BATCH_SIZE = 4
    gateway = scripted(refused(ErrorClass(error)))
    campaign = sender.running(10)
    tasks.send_due()
    tasks.send_due()
    assert len(gateway.requests) == 1
    assert states(campaign) == {"queued": 10}
    state = GatewayState.objects.get(pk=NAME)
    assert (state.halt, state.halt_code) == (error, "1")
    assert Event.objects.filter(kind="gateway_halted").count() == 1
    (letter,) = OutgoingMail.objects.all()
    assert deliver(letter.pk)
    assert mail.outbox[0].to == [admin.email]
    assert "smsapi" in mail.outbox[0].body


def test_one_message_is_tried_now_and_then_until_it_is_mended(
    sender: Sender, scripted: UseGateway, settings: Settings
) -> None:
    settings.SEND_BATCH_SIZE = 4
    gateway = scripted(refused(ErrorClass.FUNDS))
    campaign = sender.running(10)
    tasks.send_due()
    with time_machine.travel(timezone.now() + gateway_states.PROBE_EVERY + timedelta(seconds=1)):
        tasks.send_due()
        tasks.send_due()
    assert [len(request) for request in gateway.requests] == [4, 1]
    gateway.answer = accepted
    with time_machine.travel(
        timezone.now() + 2 * gateway_states.PROBE_EVERY + timedelta(minutes=1)
    ):
        tasks.send_due()
    assert [len(request) for request in gateway.requests] == [4, 1, 1, 4, 4, 1]
    assert states(campaign) == {"sent": 10}
    assert GatewayState.objects.get(pk=NAME).halt == ""
    assert Event.objects.filter(kind="gateway_resumed").count() == 1


def test_resumed_by_hand_messages_leave_at_once(sender: Sender, scripted: UseGateway) -> None:
    gateway = scripted(refused(ErrorClass.CONFIGURATION))
    campaign = sender.running(3)
    tasks.send_due()
    gateway.answer = accepted
    assert gateway_states.resume(NAME)
    assert not gateway_states.resume(NAME)
    tasks.send_due()
    assert states(campaign) == {"sent": 3}


def test_mail_about_a_halt_that_is_over_is_not_sent(
    sender: Sender, scripted: UseGateway, admin: User
) -> None:
    scripted(refused(ErrorClass.FUNDS))
    sender.running(1)
    tasks.send_due()
    gateway_states.resume(NAME)
    deliver(OutgoingMail.objects.get().pk)
    assert mail.outbox == []


def test_a_gateway_in_trouble_rests_longer_and_longer(sender: Sender, scripted: UseGateway) -> None:
    gateway = scripted(refused(ErrorClass.UNCERTAIN))
    sender.running(1)
    choice = gateway_states.choose([NAME])
    assert choice is not None
    results = gateway.send("", [])
    with time_machine.travel(timezone.now(), tick=False):
        rests = []
        for _failure in range(9):
            gateway_states.note(choice, results or [refused(ErrorClass.RETRY)(_sms())])
            until = GatewayState.objects.get(pk=NAME).rests_until
            assert until is not None
            rests.append((until - timezone.now()).total_seconds())
    assert rests == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_it_rests_as_long_as_it_asked_for(sender: Sender) -> None:
    choice = gateway_states.choose([NAME])
    assert choice is not None
    with time_machine.travel(timezone.now(), tick=False):
        gateway_states.note(choice, [refused(ErrorClass.RETRY, retry_after=30)(_sms())])
        assert gateway_states.rest_ends_at([NAME]) == timezone.now() + timedelta(seconds=30)
        assert gateway_states.choose([NAME]) is None


def test_a_success_ends_the_trouble(sender: Sender, scripted: UseGateway) -> None:
    gateway = scripted(refused(ErrorClass.RETRY))
    campaign = sender.running(1)
    sending.send_next()
    gateway.answer = accepted
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        assert sending.send_next()
    state = GatewayState.objects.get(pk=NAME)
    assert (state.num_failures, state.rests_until) == (0, None)
    assert states(campaign) == {"sent": 1}


def test_a_refused_message_is_not_the_gateways_fault(sender: Sender, scripted: UseGateway) -> None:
    scripted(refused(ErrorClass.RECIPIENT))
    sender.running(3)
    sending.send_next()
    state = GatewayState.objects.get(pk=NAME)
    assert (state.num_failures, state.halt) == (0, "")


def test_how_long_all_must_wait_is_what_the_choice_says() -> None:
    now = timezone.now()
    soon = now + timedelta(seconds=20)
    GatewayState.objects.create(name="a", num_failures=1, rests_until=soon)
    # The second one is free, but the first rests for the first time: everybody waits for it.
    assert gateway_states.choose(["a", "b"]) is None
    assert gateway_states.rest_ends_at(["a", "b"]) == soon
    GatewayState.objects.filter(name="a").update(num_failures=3)
    assert gateway_states.choose(["a", "b"]) is not None
    assert gateway_states.rest_ends_at(["a", "b"]) is None


# --- the second gateway ---------------------------------------------------------------------------


def test_the_other_gateway_takes_over_only_what_fails_again_and_again() -> None:
    now = timezone.now()
    GatewayState.objects.create(name="a", num_failures=2, rests_until=now + timedelta(minutes=1))
    assert gateway_states.choose(["a", "b"]) is None
    GatewayState.objects.filter(name="a").update(num_failures=3)
    choice = gateway_states.choose(["a", "b"])
    assert choice is not None
    assert choice.name == "b"


def test_the_other_gateway_takes_over_from_a_halted_one() -> None:
    now = timezone.now()
    GatewayState.objects.create(
        name="a", halt="funds", halted_at=now, next_probe_at=now + timedelta(minutes=5)
    )
    choice = gateway_states.choose(["a", "b"])
    assert choice == gateway_states.Choice("b")
    with time_machine.travel(now + timedelta(minutes=6)):
        assert gateway_states.choose(["a", "b"]) == gateway_states.Choice("a", True, True)
        # One caller tries it.
        assert gateway_states.choose(["a", "b"]) == gateway_states.Choice("b")


def _sms():  # type: ignore[no-untyped-def]
    from messaging.gateways.base import OutgoingSms

    return OutgoingSms("k-1", "+48600100200", "x")
