"""The engine: takes queued messages to the gateway, exactly once each, and records what became of them.

A worker claims rows by a conditional update (claiming.py), talks to the gateway outside any transaction, and writes
the outcomes in bulk (outcomes.py). Every step may die in the middle: a claimed row that nobody finishes becomes
uncertain and is settled (settling.py). Any number of workers on any machines may do it at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep

from django.conf import settings
from django.db import connection
from django.utils import timezone

from messaging import claiming, gateway_states, worker_stop
from messaging.claiming import Batch, Claimed
from messaging.gateways import gateway_called, route
from messaging.gateways.base import OutgoingSms
from messaging.outcomes import record_results


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
    gateway = gateway_states.choose(route())
    if gateway is None:
        return False
    sleep(max(gateway_states.reserve_slot(gateway.name), 0))
    batch = claiming.claim_next(gateway.name, 1 if gateway.is_probe else settings.SEND_BATCH_SIZE)
    if batch is None:
        return False
    _send(batch, gateway.name)
    return True


def seconds_to_next() -> float | None:
    """Seconds until a message may leave, 0 or less if one may at once; None if none waits."""
    due_at = claiming.next_due_at()
    if due_at is None:
        return None
    rest_ends_at = gateway_states.rest_ends_at(route())
    return (max(due_at, rest_ends_at or due_at) - timezone.now()).total_seconds()


def _send_until(end: float) -> None:
    while monotonic() < end and not worker_stop.is_requested():
        if not send_next():
            return


def _in_thread(end: float) -> None:
    try:
        _send_until(end)
    finally:
        connection.close()


def _send(batch: Batch, name: str) -> None:
    results = gateway_called(name).send(batch.sender, outgoing(batch.messages))
    record_results(batch.messages, results)
    gateway_states.note(name, results)


def outgoing(claimed: Sequence[Claimed]) -> list[OutgoingSms]:
    """Claimed messages as a gateway takes them."""
    return [OutgoingSms(sms.idx, sms.phone, sms.text) for sms in claimed]
