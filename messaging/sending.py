"""The engine: takes queued messages to the gateway, exactly once each, and records what became of them.

A worker claims rows by a conditional update (claiming.py), talks to the gateway outside any transaction, and writes
the outcomes in bulk (outcomes.py). Every step may die in the middle: a claimed row that nobody finishes becomes
uncertain and is settled (settling.py). Any number of workers on any machines may do it at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from time import monotonic, sleep

from django.conf import settings
from django.db import connection
from django.utils import timezone

from messaging import claiming, gateway_states, worker_stop
from messaging.claiming import Claimed
from messaging.gateway_states import Choice
from messaging.gateways import gateway_called, route
from messaging.gateways.base import ErrorClass, OutgoingSms, SendResult
from messaging.outcomes import record_results

# Seconds for which a worker goes on with the gateway that it chose, without looking how it does.
CHOICE_HOLDS = 1


def drain(end: float) -> None:
    """Send what is due, with settings.SEND_THREADS requests at once, until nothing is or `end` (monotonic) has come.

    A worker that is being stopped finishes the requests that it has begun and begins no more.
    """
    if settings.SEND_THREADS == 1:
        _send_until(end)
        return
    with ThreadPoolExecutor(settings.SEND_THREADS) as pool:
        for done in [pool.submit(_in_thread, end) for _ in range(settings.SEND_THREADS)]:
            done.result()


def send_next() -> bool:
    """Send one request's worth of whoever's turn it is. False when nothing is due or no gateway may be asked now."""
    choice = gateway_states.choose(route())
    return choice is not None and _send_by(choice) is not None


def seconds_to_next() -> float | None:
    """Seconds until a message may leave, 0 or less if one may at once; None if none waits."""
    due_at = claiming.next_due_at()
    if due_at is None:
        return None
    rest_ends_at = gateway_states.rest_ends_at(route())
    return (max(due_at, rest_ends_at or due_at) - timezone.now()).total_seconds()


def _send_until(end: float) -> None:
    while monotonic() < end and not worker_stop.is_requested():
        choice = gateway_states.choose(route())
        if choice is None:
            return
        is_fine: bool | None = True
        choice_ends = min(end, monotonic() + CHOICE_HOLDS)
        while is_fine:
            is_fine = _send_by(choice)
            if is_fine is None:
                return
            if choice.is_probe or monotonic() > choice_ends or worker_stop.is_requested():
                break


def _send_by(choice: Choice) -> bool | None:
    """Send one request's worth. None when nothing is due; False if this gateway should be left alone for now."""
    wait = gateway_states.reserve_slot(choice.name)
    if wait > 0:
        sleep(wait)
    batch = claiming.claim_next(choice.name, 1 if choice.is_probe else settings.SEND_BATCH_SIZE)
    if batch is None:
        return None
    results = gateway_called(choice.name).send(batch.sender, outgoing(batch.messages))
    record_results(batch.messages, [_with_others(choice, r) if r.error else r for r in results])
    return gateway_states.note(choice, results)


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


def _in_thread(end: float) -> None:
    try:
        _send_until(end)
    finally:
        connection.close()


def outgoing(claimed: Sequence[Claimed]) -> list[OutgoingSms]:
    """Claimed messages as a gateway takes them."""
    return [OutgoingSms(sms.idx, sms.phone, sms.text) for sms in claimed]
