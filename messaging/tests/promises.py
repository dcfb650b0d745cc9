"""What the engine promises whatever breaks: held against the phones, the ledger and the queue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Sum
from django_q.models import OrmQ

from billing.ledger import find_differences
from billing.models import LedgerEntry
from messaging.claiming import idx_of
from messaging.models import Campaign, CampaignTally, Message

State = Message.State

# May wait when all jobs are done: for its time, for a delivery report, or for the answer to whether it was accepted.
WAITING = (State.QUEUED, State.SENT, State.UNCERTAIN)
_ARRIVED = (State.SENT, State.DELIVERED)


def broken_promises(phones: Iterable[Mapping[str, Any]]) -> list[str]:
    """What is not as promised once no job runs any more, in words; empty when all is well.

    `phones` are the SMS that arrived (sandbox.testing.SandboxProcess.phones).
    """
    messages = list(Message.objects.select_related("campaign"))
    return [
        *_sms_broken(messages, Counter(str(sms["idx"]) for sms in phones)),
        *_refunds_broken(messages),
        *(
            f"agency {pk}: {has} in the wallet, {sum_} booked"
            for pk, has, sum_ in find_differences()
        ),
        *_counts_broken(messages),
        *(f"job left behind: {job.task['func']}" for job in OrmQ.objects.all()),
    ]


def never_left(message: Message) -> bool:
    """Whether it surely reached nobody, so that it must have been paid back."""
    is_out_of_date = message.state == State.EXPIRED and message.sent_at is None
    return message.state in (State.REJECTED, State.CANCELLED) or is_out_of_date


def _sms_broken(messages: Iterable[Message], arrived: Counter[str]) -> Iterator[str]:
    for message in messages:
        found = arrived.pop(idx_of(message.campaign, message.pk), 0)
        fewest, most = _allowed(message)
        if not fewest <= found <= most:
            yield f"{message}, {message.state}: {found} SMS on the phones"
        if message.state == State.SENDING:
            yield f"{message} left in sending"
    yield from (f"{found} SMS of nobody: {idx}" for idx, found in arrived.items())


def _allowed(message: Message) -> tuple[int, int]:
    """How many SMS of it may be on the phones."""
    if message.state in _ARRIVED:
        return 1, 1
    return 0, 0 if never_left(message) or message.state == State.QUEUED else 1


def _refunds_broken(messages: Iterable[Message]) -> Iterator[str]:
    """A campaign has cost what its messages cost that left or may still leave, and nothing else."""
    kinds = LedgerEntry.Kind
    paid = _amounts(kinds.CAMPAIGN)
    refunded = _amounts(kinds.REFUND)
    kept: Counter[int] = Counter()
    own: Counter[int] = Counter()
    for message in messages:
        if not never_left(message):
            kept[message.campaign_id] += message.cost
        own[message.campaign_id] += refunded.get(f"message:{message.pk}", 0)
        if refunded.get(f"message:{message.pk}", message.cost) != message.cost:
            yield f"{message}: another amount was paid back than it cost"
    for pk in Campaign.objects.exclude(state=Campaign.State.DRAFT).values_list("pk", flat=True):
        start = f"campaign:{pk}"
        whole = sum(a for ref, a in refunded.items() if ref == start or ref.startswith(f"{start}:"))
        cost = -paid.get(start, 0) - whole - own[pk]
        if cost != kept[pk]:
            yield f"campaign {pk}: {cost} grosze paid for messages of {kept[pk]}"


def _counts_broken(messages: Iterable[Message]) -> Iterator[str]:
    """The counts that pages show are those of the messages."""
    counted = Counter((message.campaign_id, message.state) for message in messages)
    kept = CampaignTally.objects.values_list("campaign", "state").annotate(Sum("number"))
    for pk, state, number in kept:
        if found := number - counted.pop((pk, state), 0):
            yield f"campaign {pk}: {found} {state} too many counted"
    yield from (f"campaign {pk}: {state} not counted" for pk, state in counted)


def _amounts(kind: LedgerEntry.Kind) -> dict[str, int]:
    """Grosze by reference, signed as they are booked."""
    return dict(LedgerEntry.objects.filter(kind=kind).values_list("reference", "amount"))
