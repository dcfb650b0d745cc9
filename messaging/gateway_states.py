"""Whether a gateway may be asked now, and how fast: the one writer of GatewayState, for the workers of all machines."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import time_ns

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from accounts import events
from accounts.models import EventKind, User
from accounts.outbox import queue_mail
from accounts.roles import OPERATOR_ROLES
from messaging.gateways.base import HALTING, NOT_NOW, ErrorClass, SendResult
from messaging.models import GatewayState

logger = logging.getLogger(__name__)

# A halted gateway is tried with one message this often: a top-up or a new token needs nobody to press a button.
PROBE_EVERY = timedelta(minutes=5)
# Seconds of rest after failed requests: doubled for each further one in a row.
FIRST_REST = 1
LONGEST_REST = 60
# Failures in a row after which messages leave by the other gateway, where there is one.
UNRELIABLE_AFTER = 3

MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Choice:
    """The gateway to ask now.

    `is_probe`: with one message, to see whether it is mended. `is_troubled`: its last requests failed.
    """

    name: str
    is_probe: bool = False
    is_troubled: bool = False


def choose(names: Sequence[str]) -> Choice | None:
    """The first of these gateways that may be asked now; None when all of them must wait.

    Only a gateway that is halted or fails again and again is passed over for the next one. One that is halted lets a
    single caller through now and then, to see whether it is mended.
    """
    states = _states(names)
    now = timezone.now()
    for name in names:
        state = states[name]
        if state.halt:
            if _take_probe(state, now):
                return Choice(name, is_probe=True, is_troubled=True)
            continue
        if state.rests_until is None or state.rests_until <= now:
            # Where another gateway can carry the rest, one message is enough to see whether this one works again.
            is_spare = state.num_failures >= UNRELIABLE_AFTER and name != names[-1]
            return Choice(name, is_probe=is_spare, is_troubled=state.num_failures > 0)
        if state.num_failures < UNRELIABLE_AFTER:
            return None
    return None


def reserve_slot(name: str) -> float:
    """Take the next free moment for a request; returns the seconds until then.

    All workers together keep settings.SEND_REQUESTS_PER_SECOND; 0 means as fast as it goes.
    """
    if not settings.SEND_REQUESTS_PER_SECOND:
        return 0
    pause = MICROSECONDS // settings.SEND_REQUESTS_PER_SECOND
    now = time_ns() // 1000
    own = GatewayState.objects.filter(name=name)
    with transaction.atomic():
        own.update(next_slot=Greatest(F("next_slot"), Value(now)) + pause)
        next_slot: int = own.values_list("next_slot", flat=True).get()
    return float(next_slot - pause - now) / MICROSECONDS


def note(choice: Choice, results: Sequence[SendResult]) -> bool:
    """Take in what a request told about the gateway itself. False if it should be left alone for now."""
    errors = {result.error for result in results}
    halting = next((r for r in results if r.error in HALTING), None)
    if halting is not None and errors <= HALTING:
        _halt(choice.name, halting)
        return False
    if errors <= NOT_NOW | {ErrorClass.UNCERTAIN}:
        _rest(choice.name, max((r.retry_after or 0 for r in results), default=0))
        return False
    if choice.is_troubled:
        _note_recovery(choice.name)
    return True


def resume(name: str, *, resumed_by: User | None = None) -> bool:
    """Let messages leave by it again. False if it was not halted. Nobody resumed it when it answered a try."""
    with transaction.atomic():
        resumed = GatewayState.objects.filter(name=name).exclude(halt="").update(**_WORKING)
        if resumed:
            events.record(EventKind.GATEWAY_RESUMED, name, person=resumed_by)
    return bool(resumed)


def rest_ends_at(names: Sequence[str]) -> datetime | None:
    """When `choose` will find one of these gateways, if it finds none now."""
    states = _states(names)
    now = timezone.now()
    ends = []
    for name in names:
        state = states[name]
        end = state.next_probe_at if state.halt else state.rests_until
        if end is None or end <= now:
            return None
        if not state.halt and state.num_failures < UNRELIABLE_AFTER:
            return end
        ends.append(end)
    return min(ends)


_WORKING = {
    "num_failures": 0,
    "rests_until": None,
    "halt": "",
    "halt_code": "",
    "halted_at": None,
    "next_probe_at": None,
}


def _states(names: Sequence[str]) -> dict[str, GatewayState]:
    found = GatewayState.objects.in_bulk(names)
    for name in names:
        if name not in found:
            found[name] = GatewayState.objects.get_or_create(name=name)[0]
    return found


def _take_probe(state: GatewayState, now: datetime) -> bool:
    due = GatewayState.objects.filter(Q(next_probe_at=None) | Q(next_probe_at__lte=now))
    return bool(due.filter(pk=state.pk).update(next_probe_at=now + PROBE_EVERY))


def _halt(name: str, result: SendResult) -> None:
    """Stop it and tell the operator's people, once."""
    now = timezone.now()
    with transaction.atomic():
        halted = GatewayState.objects.filter(name=name, halt="").update(
            halt=str(result.error),
            halt_code=result.code,
            halted_at=now,
            next_probe_at=now + PROBE_EVERY,
        )
        if not halted:
            return
        events.record(EventKind.GATEWAY_HALTED, f"{name}: {result.error} {result.code}")
        for person in User.objects.filter(role__in=OPERATOR_ROLES, is_active=True):
            queue_mail("messaging.gateway_mails.send_halted", name, person.pk)
    logger.error("%s is halted, %s: %s", name, result.error, result.code)


def _rest(name: str, seconds: int) -> None:
    own = GatewayState.objects.filter(name=name)
    failures = own.values_list("num_failures", flat=True).first() or 0
    rest = min(max(FIRST_REST << min(failures, 6), seconds), max(LONGEST_REST, seconds))
    own.update(
        num_failures=Greatest(F("num_failures"), Value(failures + 1)),
        rests_until=timezone.now() + timedelta(seconds=min(rest, 900)),
    )


def _note_recovery(name: str) -> None:
    if not resume(name):
        GatewayState.objects.filter(name=name, halt="").update(num_failures=0, rests_until=None)
