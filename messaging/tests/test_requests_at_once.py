"""Threads that claim and record ahead of the requests under way, and what becomes of claims whose turn never comes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event, Lock, Thread
from time import monotonic

import pytest
from pytest_django import Settings

from messaging import sending, worker_stop
from messaging.gateways.base import ErrorClass, OutgoingSms, SendResult
from messaging.models import Message
from messaging.tests.sending_cases import Sender, accepted, states
from sandbox.testing import wait_for

pytestmark = pytest.mark.django_db(transaction=True)

BATCH = 5
AT_ONCE = 2
NUM_CLIENTS = 60


class SlowGateway:
    """Holds all its requests until `let_go` is set; answers as told. Counts those it has at once."""

    def __init__(self, let_go: Event, error: ErrorClass | None = None) -> None:
        self.let_go = let_go
        self.error = error
        self.most_at_once = self.num_requests = 0
        self._at_once = 0
        self._lock = Lock()

    def send(self, sender: str, messages: Sequence[OutgoingSms]) -> list[SendResult]:
        with self._lock:
            self.num_requests += 1
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        self.let_go.wait(timeout=30)
        with self._lock:
            self._at_once -= 1
        if self.error:
            return [SendResult(sms.idx, error=self.error, code="x") for sms in messages]
        return [accepted(sms) for sms in messages]


@pytest.fixture(autouse=True)
def _few_at_once(settings: Settings) -> None:
    settings.SEND_THREADS = AT_ONCE
    settings.SEND_BATCH_SIZE = BATCH
    settings.SEND_REQUESTS_PER_SECOND = 0


@pytest.fixture
def let_go() -> Event:
    return Event()


def drain_meanwhile(
    gateway: SlowGateway,
    monkeypatch: pytest.MonkeyPatch,
    meanwhile: Callable[[], object] = lambda: None,
) -> None:
    """Drain in a thread; once every thread holds a claim, do what is wanted and let the gateway answer."""
    monkeypatch.setattr(sending, "gateway_called", lambda _name: gateway)
    worker = Thread(target=sending.drain, args=[monotonic() + 30])
    worker.start()
    ahead = (AT_ONCE + sending.THREADS_AHEAD) * BATCH
    wait_for(lambda: Message.objects.filter(state="sending").count() == ahead)
    meanwhile()
    gateway.let_go.set()
    worker.join(timeout=30)
    assert not worker.is_alive()


def test_threads_claim_ahead_and_no_more_requests_are_under_way_than_set(
    sender: Sender, let_go: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = SlowGateway(let_go)
    campaign = sender.running(NUM_CLIENTS)
    drain_meanwhile(gateway, monkeypatch)
    assert gateway.most_at_once == AT_ONCE
    assert gateway.num_requests == NUM_CLIENTS / BATCH
    assert states(campaign) == {"sent": NUM_CLIENTS}


def test_a_stopped_worker_queues_again_what_it_has_not_begun_with(
    sender: Sender, let_go: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopping = Event()
    monkeypatch.setattr(worker_stop, "is_requested", stopping.is_set)
    gateway = SlowGateway(let_go)
    campaign = sender.running(NUM_CLIENTS)
    drain_meanwhile(gateway, monkeypatch, stopping.set)
    begun = AT_ONCE * BATCH
    assert gateway.num_requests == AT_ONCE
    assert states(campaign) == {"sent": begun, "queued": NUM_CLIENTS - begun}
    queued = campaign.messages.filter(state="queued")
    assert set(queued.values_list("attempts", "claimed_at")) == {(0, None)}


def test_what_waits_for_its_turn_is_not_sent_to_a_gateway_that_began_to_fail(
    sender: Sender, let_go: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = SlowGateway(let_go, error=ErrorClass.FUNDS)
    campaign = sender.running(NUM_CLIENTS)
    drain_meanwhile(gateway, monkeypatch)
    assert gateway.num_requests == AT_ONCE
    assert states(campaign) == {"queued": NUM_CLIENTS}
    assert campaign.messages.filter(attempts=0).count() == NUM_CLIENTS - AT_ONCE * BATCH


def test_nobody_waits_for_a_turn_until_the_lease_has_run_out(settings: Settings) -> None:
    settings.SENDING_LEASE = 1
    requests = sending.Requests(1)
    assert requests.begin(0)
    started = monotonic()
    assert not requests.begin(0)
    assert monotonic() - started < settings.SENDING_LEASE
    requests.end()
    assert requests.begin(0)
