"""The engine: takes queued messages to the gateway, exactly once each, and records what became of them.

A worker claims rows by a conditional update (claiming.py), talks to the gateway outside any transaction, and writes
the outcomes in bulk (outcomes.py). Every step may die in the middle: a claimed row that nobody finishes becomes
uncertain and is settled (settling.py). Any number of workers on any machines may do it at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Semaphore
from time import monotonic, sleep

from django.conf import settings
from django.db import connection
from django.utils import timezone

from messaging import claiming, gateway_states, worker_stop
from messaging.claiming import Claimed
from messaging.gateway_states import Choice
from messaging.gateways import gateway_called, route
from messaging.gateways.base import ErrorClass, OutgoingSms, SendResult
from messaging.outcomes import hand_back, record_results

# Seconds for which a worker goes on with the gateway that it chose, without looking how it does.
CHOICE_HOLDS = 1
# Threads beyond the requests under way: they claim and write outcomes while all requests wait for the gateway.
THREADS_AHEAD = 4
# Seconds after which a thread that waits for its turn looks whether the worker is being stopped.
LOOK_EVERY = 0.2


class Requests:
    """The requests that a worker has under way: `at_once` at most, each in a thread that waits for the answer."""

    def __init__(self, at_once: int) -> None:
        self._free = Semaphore(at_once)
        # Of requests after which the gateway should be left alone.
        self.num_failed = 0

    def begin(self, num_failed: int) -> bool:
        """Wait for a turn. False, and no turn, if the worker is being stopped or more have failed than `num_failed`.

        And if it takes so long that the request could end after the lease of its messages.
        """
        ends = monotonic() + settings.SENDING_LEASE / 4
        while not self._free.acquire(timeout=LOOK_EVERY):
            if worker_stop.is_requested() or monotonic() > ends:
                return False
        if worker_stop.is_requested() or self.num_failed != num_failed:
            self._free.release()
            return False
        return True

    def end(self) -> None:
        """Let another thread have its turn."""
        self._free.release()


def drain(end: float) -> None:
    """Send what is due, with settings.SEND_THREADS requests at once, until nothing is or `end` (monotonic) has come.

    A worker that is being stopped finishes the requests that it has begun and begins no more.
    """
    requests = Requests(settings.SEND_THREADS)
    if settings.SEND_THREADS == 1:
        _send_until(end, requests)
        return
    num_threads = settings.SEND_THREADS + THREADS_AHEAD
    with ThreadPoolExecutor(num_threads) as pool:
        for done in [pool.submit(_in_thread, end, requests) for _ in range(num_threads)]:
            done.result()


def send_next() -> bool:
    """Send one request's worth of whoever's turn it is. False when nothing is due or no gateway may be asked now."""
    choice = gateway_states.choose(route())
    return choice is not None and _send_by(choice, Requests(1)) is not None


def seconds_to_next() -> float | None:
    """Seconds until a message may leave, 0 or less if one may at once; None if none waits."""
    due_at = claiming.next_due_at()
    if due_at is None:
        return None
    rest_ends_at = gateway_states.rest_ends_at(route())
    return (max(due_at, rest_ends_at or due_at) - timezone.now()).total_seconds()


def _send_until(end: float, requests: Requests) -> None:
    while monotonic() < end and not worker_stop.is_requested():
        choice = gateway_states.choose(route())
        if choice is None:
            return
        is_fine: bool | None = True
        choice_ends = min(end, monotonic() + CHOICE_HOLDS)
        while is_fine:
            is_fine = _send_by(choice, requests)
            if is_fine is None:
                return
            if choice.is_probe or monotonic() > choice_ends or worker_stop.is_requested():
                break


def _send_by(choice: Choice, requests: Requests) -> bool | None:
    """Send one request's worth. None when nothing is due; False if this gateway should be left alone for now."""
    wait = gateway_states.reserve_slot(choice.name)
    if wait > 0:
        sleep(wait)
    num_failed = requests.num_failed
    batch = claiming.claim_next(choice.name, 1 if choice.is_probe else settings.SEND_BATCH_SIZE)
    if batch is None:
        return None
    if not requests.begin(num_failed):
        hand_back(batch.messages)
        return False
    try:
        results = gateway_called(choice.name).send(batch.sender, outgoing(batch.messages))
        is_fine = gateway_states.note(choice, results)
        # Before the next thread has its turn.
        requests.num_failed += not is_fine
    finally:
        requests.end()
    record_results(batch.messages, [_with_others(choice, r) if r.error else r for r in results])
    return is_fine


def _with_others(choice: Choice, result: SendResult) -> SendResult:
    """What a result means where there are several gateways.

    A sender name that only a fallback gateway does not have is no fault of the message: it waits for the first. And
    what a gateway in trouble refuses for now need not wait: while that one rests, another may take it. Otherwise a
    lone message, whose pauses grow longer than the rests, would try the same gateway each time.
    """
    names = route()
    if result.error is ErrorClass.SENDER and choice.name != names[0]:
        return replace(result, error=ErrorClass.RETRY)
    if result.error is ErrorClass.RETRY and choice.is_troubled and choice.name != names[-1]:
        return replace(result, retry_after=0)
    return result


def _in_thread(end: float, requests: Requests) -> None:
    try:
        _send_until(end, requests)
    finally:
        connection.close()


def outgoing(claimed: Sequence[Claimed]) -> list[OutgoingSms]:
    """Claimed messages as a gateway takes them."""
    return [OutgoingSms(sms.idx, sms.phone, sms.text) for sms in claimed]
