"""What became of a request's messages, written in bulk. Rows that a delivery report moved on keep their later state."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import uniform
from typing import Protocol

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.bulk_sql import as_stored
from billing import ledger
from messaging.claiming import Claimed
from messaging.gateways.base import HALTING, NOT_NOW, PERMANENT, ErrorClass, SendResult
from messaging.models import Campaign, Message
from messaging.row_locks import lock_messages

logger = logging.getLogger(__name__)

State = Message.State

# Seconds before the second attempt; doubled for each further one, at most MAX_BACKOFF.
FIRST_BACKOFF = 10
MAX_BACKOFF = 15 * 60
# How long a report is waited for before the gateway is asked.
FIRST_LOOK_UP = timedelta(minutes=10)


class Unsent(Protocol):
    """A message that never left: a row of the table, or one that a worker holds."""

    @property
    def pk(self) -> int: ...

    @property
    def agency_id(self) -> int: ...

    @property
    def cost(self) -> int:
        """Grosze."""


Pairs = Sequence[tuple[Claimed, SendResult]]
_UNSETTLED = Q(state__in=[State.SENDING, State.UNCERTAIN])


def record_results(claimed: Sequence[Claimed], results: Sequence[SendResult]) -> None:
    """Write what became of each claimed message; one without a result is uncertain."""
    by_idx = {result.idx: result for result in results}
    pairs = [(sms, by_idx.get(sms.idx) or _no_result(sms)) for sms in claimed]
    accepted = [p for p in pairs if p[1].error in (None, ErrorClass.DUPLICATE)]
    if accepted:
        _record_accepted(accepted)
    if len(accepted) < len(pairs):
        _record_rejected([p for p in pairs if p[1].error in PERMANENT])
        _record_uncertain([p for p in pairs if p[1].error is ErrorClass.UNCERTAIN])
        _record_later([p for p in pairs if p[1].error in NOT_NOW])


def _no_result(sms: Claimed) -> SendResult:
    return SendResult(sms.idx, error=ErrorClass.UNCERTAIN, code="no result")


def _record_accepted(pairs: Pairs) -> None:
    """One statement for all; if an id is another message's already, one by one."""
    rows = [(sms.pk, result.provider_id) for sms, result in pairs]
    try:
        with transaction.atomic():
            _accept(rows)
    except IntegrityError:
        for pk, provider_id in rows:
            try:
                with transaction.atomic():
                    _accept([(pk, provider_id)])
            except IntegrityError:
                logger.warning("the gateway gave the id %s to a second message", provider_id)
                _accept([(pk, "")])


def _accept(rows: Sequence[tuple[int, str]]) -> None:
    """Where a delivery report was faster than this answer, id and state may be there already: they stay."""
    now = timezone.now()
    times = [as_stored(now), as_stored(now + FIRST_LOOK_UP)]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            ids, provider_ids = [pk for pk, _name in rows], [name for _pk, name in rows]
            cursor.execute(_LOCKED_ANSWERS + _ACCEPT, [ids, ids, provider_ids, *times])
        else:
            answers = _ANSWERS.format(values=", ".join(["(%s, %s)"] * len(rows)))
            cursor.execute(answers + _ACCEPT, [value for row in rows for value in row] + times)


_ANSWERS = "WITH answer (id, provider_id) AS (VALUES {values})"
# Two lists as parameters are written in less time than so many single ones. The messages are locked as by
# messaging.row_locks.lock_messages: not by a statement of its own, since this one comes with each request.
_LOCKED_ANSWERS = """
WITH locked AS MATERIALIZED (
    SELECT id FROM messaging_message WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE
), answer AS (
    SELECT locked.id, told.provider_id
    FROM locked JOIN unnest(%s::bigint[], %s::text[]) AS told (id, provider_id) USING (id)
)
"""
_ACCEPT = """
UPDATE messaging_message
SET provider_id = CASE
        WHEN messaging_message.provider_id = '' THEN answer.provider_id
        ELSE messaging_message.provider_id
    END,
    sent_at = CASE WHEN state IN ('sending', 'uncertain') THEN %s ELSE sent_at END,
    next_look_up_at = CASE WHEN state IN ('sending', 'uncertain') THEN %s ELSE next_look_up_at END,
    error_class = CASE WHEN state IN ('sending', 'uncertain') THEN '' ELSE error_class END,
    error_code = CASE WHEN state IN ('sending', 'uncertain') THEN '' ELSE error_code END,
    state = CASE WHEN state IN ('sending', 'uncertain') THEN 'sent' ELSE state END
FROM answer
WHERE messaging_message.id = answer.id
"""


def _record_rejected(pairs: Pairs) -> None:
    for (error, code), batch in _by_error(pairs).items():
        end_unsent(batch, (State.SENDING, State.UNCERTAIN), State.REJECTED, error, code)


@transaction.atomic
def _record_uncertain(pairs: Pairs) -> None:
    now = timezone.now()
    lock_messages([sms.pk for sms, _result in pairs])
    for (error, code), batch in _by_error(pairs).items():
        Message.objects.filter(_UNSETTLED, pk__in=[sms.pk for sms in batch]).update(
            state=State.UNCERTAIN,
            claimed_at=now,
            uncertain_since=Coalesce("uncertain_since", "claimed_at"),
            error_class=error,
            error_code=code,
        )
        logger.warning("%d messages uncertain: %s", len(batch), code)


@transaction.atomic
def _record_later(pairs: Pairs) -> None:
    lock_messages([sms.pk for sms, _result in pairs])
    for sms, result in pairs:
        # Not from `uncertain`: a worker that was slower than its lease says nothing about what settled it meanwhile.
        Message.objects.filter(pk=sms.pk, state=State.SENDING).update(
            state=State.QUEUED,
            claimed_at=None,
            error_class=result.error,
            error_code=result.code,
            next_attempt_at=_next_attempt(sms, result),
        )
    for (error, code), batch in _by_error(pairs).items():
        log = logger.warning if error == ErrorClass.RETRY else logger.error
        log("%d messages put off, %s: %s", len(batch), error, code)


@transaction.atomic
def hand_back(claimed: Sequence[Claimed]) -> None:
    """Queue claimed messages again that no request was begun with: the claim was no attempt."""
    own = [sms.pk for sms in claimed]
    lock_messages(own)
    Message.objects.filter(pk__in=own, state=State.SENDING).update(
        state=State.QUEUED, claimed_at=None, attempts=F("attempts") - 1
    )


@transaction.atomic
def put_back(sms: Claimed, campaign_id: int, *, settled_at: datetime) -> bool:
    """Queue an uncertain message again that its gateway surely never accepted, as it said when it was asked.

    `settled_at` is the claim under which it was asked. False if anything settled it meanwhile.
    """
    asked = Message.objects.filter(
        pk=sms.pk, state=State.UNCERTAIN, claimed_at=settled_at, provider_id=""
    )
    queued = asked.update(
        state=State.QUEUED,
        claimed_at=None,
        uncertain_since=None,
        error_class=ErrorClass.RETRY,
        error_code="not accepted",
        next_attempt_at=timezone.now(),
    )
    if queued:
        # A campaign does not wait for uncertain messages. One that was cancelled stays so: its sweep ends this one.
        over = Campaign.objects.filter(pk=campaign_id, state=Campaign.State.FINISHED)
        over.update(state=Campaign.State.RUNNING, finished_at=None)
        logger.warning("message %s was never accepted: queued again", sms.pk)
    return bool(queued)


def _next_attempt(sms: Claimed, result: SendResult) -> datetime:
    if result.error in HALTING:
        # The gateway is halted; once it goes on, nothing waits any longer.
        return timezone.now()
    if result.retry_after is not None:
        seconds: float = min(result.retry_after, MAX_BACKOFF)
    else:
        seconds = min(FIRST_BACKOFF * 2 ** (sms.attempts - 1), MAX_BACKOFF)
    # Spread, so that a gateway that comes back is not met by everybody at once.
    return timezone.now() + timedelta(seconds=seconds * uniform(1, 1.25))  # noqa: S311


def _by_error(pairs: Pairs) -> dict[tuple[str, str], list[Claimed]]:
    groups: dict[tuple[str, str], list[Claimed]] = {}
    for sms, result in pairs:
        groups.setdefault((str(result.error or ""), result.code), []).append(sms)
    return groups


@transaction.atomic
def end_unsent(
    batch: Sequence[Unsent],
    from_states: tuple[str, ...],
    state: State,
    error: str = "",
    code: str = "",
) -> int:
    """End messages that surely never left, and give their price back: the one place that refunds messages."""
    rows = Message.objects.filter(pk__in=[sms.pk for sms in batch], state__in=from_states)
    # Rows and wallets are locked in order, so that two who end the same messages wait instead of deadlocking.
    ending = set(rows.select_for_update().order_by("pk").values_list("pk", flat=True))
    Message.objects.filter(pk__in=ending).update(
        state=state, final_at=timezone.now(), error_class=error, error_code=code
    )
    by_agency: dict[int, dict[str, int]] = {}
    for sms in batch:
        if sms.pk in ending:
            by_agency.setdefault(sms.agency_id, {})[f"message:{sms.pk}"] = sms.cost
    for agency_id, amounts in sorted(by_agency.items()):
        ledger.refund(agency_id=agency_id, amounts=amounts)
    return len(ending)
