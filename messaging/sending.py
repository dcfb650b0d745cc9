"""The engine: takes queued messages to the gateway, exactly once each, and records what became of them.

A worker claims rows by a conditional update, talks to the gateway outside any transaction, and writes the outcomes in
bulk. Every step may die in the middle: a claimed row that nobody finishes becomes uncertain and is settled by
repeating the request for that one message with the same idx, which the gateway refuses if it has it already.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import uniform
from typing import Protocol

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from billing import ledger
from messaging.gateways import current_gateway
from messaging.gateways.base import NOT_NOW, PERMANENT, ErrorClass, OutgoingSms, SendResult
from messaging.models import Campaign, Message
from messaging.obstacles import unwanted
from messaging.sender_names import sender_of_paid

logger = logging.getLogger(__name__)

State = Message.State

# A message that could not leave this long after it was queued is out of date: expired and refunded.
DEADLINE = timedelta(hours=24)
# How long the gateway surely remembers an idx. SMSAPI's documents name 24 h and less: the shorter half is trusted.
IDX_WINDOW = timedelta(hours=6)
# Operators report within hours and keep trying for two days at most; after this nobody will report any more.
REPORT_LIMIT = timedelta(hours=72)
# Seconds before the second attempt; doubled for each further one, at most MAX_BACKOFF.
FIRST_BACKOFF = 10
MAX_BACKOFF = 15 * 60
# Seconds to wait where only a person can mend it: our account at the provider, its token, its funds.
OPERATOR_BACKOFF = 5 * 60


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that this process holds in state `sending` (or `uncertain`, when it settles one)."""

    pk: int
    agency_id: int
    idx: str
    phone: str
    text: str
    sender: str
    cost: int  # grosze
    attempts: int


class Unsent(Protocol):
    """A message that never left: a row of the table, or one that a worker holds."""

    @property
    def pk(self) -> int: ...

    @property
    def agency_id(self) -> int: ...

    @property
    def cost(self) -> int:
        """Grosze."""


def send_batch(campaign: Campaign) -> bool:
    """Claim up to one request's worth of the campaign's due messages and send them.

    False when there is nothing more to do now: no message is due, or the gateway took and refused none of these, so
    that the others had better wait too.
    """
    claimed = _claim(campaign, settings.SEND_BATCH_SIZE)
    if not claimed:
        return False
    results = current_gateway().send(claimed[0].sender, _outgoing(claimed))
    record_results(claimed, results)
    return any(r.error not in NOT_NOW and r.error is not ErrorClass.UNCERTAIN for r in results)


def settle(message_id: int) -> bool:
    """Find out about one uncertain message by sending it again with its own idx. False if it is not its time.

    A fresh one waits SENDING_LEASE for a delivery report. Beyond IDX_WINDOW the gateway may have forgotten the idx
    and would deliver a second SMS, so then only a report settles it.
    """
    now = timezone.now()
    mine = uncertain_to_settle().filter(pk=message_id).update(claimed_at=now)
    if not mine:
        return False
    message = _with_campaign(Message.objects.all()).get(pk=message_id)
    if Message.objects.filter(unwanted(message.campaign), pk=message_id).exists():
        # If the first request was lost, this one would reach a client who said no meanwhile: a report may settle it.
        return False
    # If the first request never arrived, a name that was revoked since must not leave with this one.
    sender = sender_of_paid(message.campaign)
    claimed = [_claimed(message, message.campaign, sender)]
    Message.objects.filter(pk=message_id).exclude(sender=sender).update(sender=sender)
    results = current_gateway().send(sender, _outgoing(claimed))
    # "Not now" says nothing about the first request, so the message stays uncertain and never becomes queued.
    record_results(
        claimed,
        [replace(r, error=ErrorClass.UNCERTAIN) if r.error in NOT_NOW else r for r in results],
    )
    return True


def uncertain_to_settle() -> QuerySet[Message]:
    """Messages that `settle` may take now."""
    now = timezone.now()
    return Message.objects.filter(
        state=State.UNCERTAIN,
        claimed_at__lte=now - timedelta(seconds=settings.SENDING_LEASE),
        uncertain_since__gt=now - IDX_WINDOW,
    )


def release_stalled() -> int:
    """Make uncertain what a dead worker left in `sending`: its request may have reached the gateway."""
    limit = timezone.now() - timedelta(seconds=settings.SENDING_LEASE)
    return Message.objects.filter(state=State.SENDING, claimed_at__lte=limit).update(
        state=State.UNCERTAIN, uncertain_since=F("claimed_at")
    )


def expire_overdue() -> int:
    """Expire and refund queued messages that could not leave before DEADLINE. Returns how many."""
    overdue = Message.objects.filter(state=State.QUEUED, created_at__lte=timezone.now() - DEADLINE)
    batch = [_claimed(m, m.campaign, m.sender) for m in _with_campaign(overdue)[:1000]]
    return end_unsent(batch, (State.QUEUED,), State.EXPIRED)


def give_up_waiting() -> int:
    """Close as `unknown` what no report came for within REPORT_LIMIT. Not refunded: it may well have arrived."""
    limit = timezone.now() - REPORT_LIMIT
    silent = Q(state=State.SENT, sent_at__lte=limit)
    lost = Q(state=State.UNCERTAIN, uncertain_since__lte=limit)
    closed = {"state": State.UNKNOWN, "final_at": timezone.now()}
    return sum(Message.objects.filter(group).update(**closed) for group in (silent, lost))


def record_results(claimed: Sequence[Claimed], results: Sequence[SendResult]) -> None:
    """Write a request's outcomes. Rows that a delivery report has already moved on keep their later state."""
    by_idx = {result.idx: result for result in results}
    pairs = [(sms, by_idx.get(sms.idx) or _no_result(sms)) for sms in claimed]
    accepted = [p for p in pairs if p[1].error in (None, ErrorClass.DUPLICATE)]
    rejected = [p for p in pairs if p[1].error in PERMANENT]
    uncertain = [p for p in pairs if p[1].error is ErrorClass.UNCERTAIN]
    later = [p for p in pairs if p[1].error in NOT_NOW]
    _record_accepted(accepted)
    _record_rejected(rejected)
    _record_uncertain(uncertain)
    _record_later(later)


Pairs = Sequence[tuple[Claimed, SendResult]]
_UNSETTLED = Q(state__in=[State.SENDING, State.UNCERTAIN])


def _claim(campaign: Campaign, size: int) -> list[Claimed]:
    """Move due messages to `sending`, all signed with the name that they may leave under now.

    Rows that another worker is claiming are passed over, never waited for.
    """
    now = timezone.now()
    with transaction.atomic():
        due = campaign.messages.filter(state=State.QUEUED, next_attempt_at__lte=now)
        due = due.filter(~unwanted(campaign)).order_by("id")
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        sender = sender_of_paid(campaign)
        claimed = [_claimed(message, campaign, sender) for message in due[:size]]
        changed = Message.objects.filter(
            pk__in=[sms.pk for sms in claimed], state=State.QUEUED
        ).update(state=State.SENDING, sender=sender, claimed_at=now, attempts=F("attempts") + 1)
        if changed != len(claimed):
            raise RuntimeError("two workers claimed the same message")
    return claimed


def _with_campaign(messages: QuerySet[Message]) -> QuerySet[Message]:
    """Without the recipients' ids, which a big campaign would decode again for each of its messages."""
    return messages.select_related("campaign").defer("campaign__contact_ids")


def _claimed(message: Message, campaign: Campaign, sender: str) -> Claimed:
    return Claimed(
        pk=message.pk,
        agency_id=message.agency_id,
        idx=idx_of(campaign, message.pk),
        phone=message.phone,
        text=message.text,
        sender=sender,
        cost=message.cost,
        attempts=message.attempts,
    )


def idx_of(campaign: Campaign, message_id: int) -> str:
    """Our id of a message at the gateway: the campaign's unguessable key and the message's id."""
    return f"{campaign.key}-{message_id}"


def _outgoing(claimed: Sequence[Claimed]) -> list[OutgoingSms]:
    return [OutgoingSms(sms.idx, sms.phone, sms.text) for sms in claimed]


def _no_result(sms: Claimed) -> SendResult:
    return SendResult(sms.idx, error=ErrorClass.UNCERTAIN, code="no result")


def _record_accepted(pairs: Pairs) -> None:
    provider_ids = {sms.pk: result.provider_id for sms, result in pairs if result.provider_id}
    rows = Message.objects.filter(pk__in=[sms.pk for sms, _result in pairs])
    with transaction.atomic():
        if provider_ids:
            # Where a delivery report was faster than this answer, the id may be there already.
            named = rows.filter(pk__in=provider_ids, provider_id="")
            named.update(provider_id=Case(*_whens(provider_ids), output_field=CharField()))
        rows.filter(_UNSETTLED).update(
            state=State.SENT, sent_at=timezone.now(), error_class="", error_code=""
        )


def _whens(values: Mapping[int, str]) -> list[When]:
    return [When(pk=pk, then=Value(value)) for pk, value in values.items()]


def _record_rejected(pairs: Pairs) -> None:
    for (error, code), batch in _by_error(pairs).items():
        end_unsent(batch, (State.SENDING, State.UNCERTAIN), State.REJECTED, error, code)


def _record_uncertain(pairs: Pairs) -> None:
    now = timezone.now()
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


def _next_attempt(sms: Claimed, result: SendResult) -> datetime:
    if result.error in (ErrorClass.CONFIGURATION, ErrorClass.FUNDS):
        seconds: float = OPERATOR_BACKOFF
    elif result.retry_after is not None:
        seconds = min(result.retry_after, MAX_BACKOFF)
    else:
        seconds = min(FIRST_BACKOFF * 2**sms.attempts, MAX_BACKOFF)
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
