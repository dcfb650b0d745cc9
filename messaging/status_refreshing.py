"""Odśwież status: the gateways are asked about chosen messages, a request's worth at a time, in the background."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from time import monotonic
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone

from accounts.jobs import enqueue
from accounts.models import Agency, User
from messaging.delivery_reports import look_up
from messaging.gateways.base import GatewayUnavailable
from messaging.message_search import MessageCriteria, matching
from messaging.models import Message, StatusRefresh

State = StatusRefresh.State

# Messages asked about in one step: one request to SMSAPI.
CHUNK = 100
# A worker that has written nothing for so long is dead: a step is one request, of 18 s at most.
LEASE = timedelta(minutes=2)
# How long one is kept for whoever asked.
KEEP = timedelta(days=1)

_JOB = "messaging.tasks.ask_about_statuses"


class AnotherRuns(Exception):
    """The agency's last question is not answered yet."""


class NothingToAsk(Exception):
    """None of the chosen messages can be asked about: not handed over yet, or final."""


def start(
    *, agency: Agency, asked_by: User, chosen: MessageCriteria | Sequence[int]
) -> StatusRefresh:
    """Have a job ask about these of the agency's messages. Raises AnotherRuns and NothingToAsk."""
    said = chosen.as_json() if isinstance(chosen, MessageCriteria) else {"ids": list(chosen)}
    waiting = _askable(agency, said)
    last = waiting.aggregate(last=Max("pk"))["last"]
    if last is None:
        raise NothingToAsk
    try:
        with transaction.atomic():
            refresh = StatusRefresh.objects.create(
                agency=agency,
                asked_by=asked_by,
                chosen=said,
                position=last + 1,
                num_total=waiting.count(),
            )
            enqueue(_JOB, refresh.pk)
    except IntegrityError:
        raise AnotherRuns from None
    return refresh


def work(refresh_id: int, end: float) -> None:
    """Ask on until `end` (monotonic), then leave the rest to another job.

    Does nothing if another worker has it, or it is over.
    """
    refresh = _claim(refresh_id)
    if refresh is None:
        return
    waiting = _askable(refresh.agency, refresh.chosen).order_by("-pk").values_list("pk", flat=True)
    while monotonic() < end:
        ids = list(waiting.filter(pk__lt=refresh.position)[:CHUNK])
        if not ids:
            _end(_mine(refresh), State.DONE)
            return
        try:
            num_moved = look_up(ids)
        except GatewayUnavailable:
            _end(_mine(refresh), State.UNAVAILABLE)
            return
        if not _note(refresh, ids, num_moved):
            return
    _hand_over(refresh)


def cancel(refresh: StatusRefresh) -> bool:
    """Ask no further. What was answered stays. False if it was over."""
    return _end(StatusRefresh.objects.filter(pk=refresh.pk, state=State.RUNNING), State.CANCELLED)


def resume() -> None:
    """Queue jobs again for what no worker has, and forget old ones: for the sweep."""
    overdue = timezone.now() - LEASE
    left_behind = StatusRefresh.objects.filter(
        Q(claimed_at__lte=overdue) | Q(claimed_at=None, created_at__lte=overdue),
        state=State.RUNNING,
    )
    for pk in left_behind.values_list("pk", flat=True):
        enqueue(_JOB, pk)
    StatusRefresh.objects.filter(finished_at__lte=timezone.now() - KEEP).delete()


def _askable(agency: Agency, said: dict[str, Any]) -> QuerySet[Message]:
    """Those of the chosen messages that a gateway has and may have news of."""
    if "ids" in said:
        rows = agency.messages.filter(pk__in=said["ids"])
    else:
        rows = matching(agency, MessageCriteria.from_json(said))
    return rows.filter(state=Message.State.SENT).exclude(provider_id="")


def _claim(refresh_id: int) -> StatusRefresh | None:
    now = timezone.now()
    free = Q(claimed_at=None) | Q(claimed_at__lte=now - LEASE)
    own = StatusRefresh.objects.filter(pk=refresh_id)
    if not own.filter(free, state=State.RUNNING).update(claimed_at=now):
        return None
    return own.select_related("agency").get()


def _mine(refresh: StatusRefresh) -> QuerySet[StatusRefresh]:
    """The row, as long as nobody cancelled it and no other worker went on with it."""
    return StatusRefresh.objects.filter(
        pk=refresh.pk, state=State.RUNNING, claimed_at=refresh.claimed_at
    )


def _note(refresh: StatusRefresh, ids: Sequence[int], num_moved: int) -> bool:
    now = timezone.now()
    noted = _mine(refresh).update(
        position=ids[-1],
        num_done=F("num_done") + len(ids),
        num_moved=F("num_moved") + num_moved,
        claimed_at=now,
    )
    refresh.position, refresh.claimed_at = ids[-1], now
    return bool(noted)


@transaction.atomic
def _hand_over(refresh: StatusRefresh) -> None:
    if _mine(refresh).update(claimed_at=None):
        enqueue(_JOB, refresh.pk)


def _end(refreshes: QuerySet[StatusRefresh], state: State) -> bool:
    return bool(
        refreshes.update(state=state, finished_at=timezone.now(), claimed_at=None, chosen={})
    )
