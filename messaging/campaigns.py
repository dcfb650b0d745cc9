"""Campaigns: drafted, priced, paid once, written in chunks, sent, finished."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts import closing, events
from accounts.jobs import enqueue
from accounts.models import Agency, EventKind, User
from billing import ledger
from billing.prices import price_per_part
from messaging import sending_limits
from messaging.categories import Category
from messaging.composing import compile_body
from messaging.merge_data import merge_data
from messaging.models import Campaign, Message, MessageTemplate
from messaging.obstacles import Obstacle, obstacle_to
from messaging.segments import count_parts
from messaging.sender_names import sender_for, sender_of_draft
from messaging.sending_limits import MonthlyLimitReached
from messaging.template_types import TemplateType

State = Campaign.State

# Recipients whose messages one transaction writes: small, so that on SQLite nobody else waits long for the lock.
CHUNK = 500


class NothingToSend(Exception):
    """None of the chosen clients can get this message."""


class CostChanged(Exception):
    """The cost is no longer what the person agreed to. Nothing was debited."""


class SenderChanged(Exception):
    """The name that clients would see is no longer what the person agreed to. Nothing was debited."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """A chosen client with the text composed for them, or with why they get none."""

    contact_id: int
    name: str
    phone: str
    text: str = ""
    parts: int = 0
    obstacle: Obstacle | None = None
    missing: tuple[str, ...] = ()
    # The consent that a marketing message relies on.
    consent_id: int | None = None


@dataclass
class Quote:
    """Who gets what, and for how much. Money in grosze."""

    price: int
    recipients: list[Recipient] = field(default_factory=list)
    left_out: list[Recipient] = field(default_factory=list)

    @property
    def num_messages(self) -> int:
        return len(self.recipients)

    @property
    def num_parts(self) -> int:
        return sum(recipient.parts for recipient in self.recipients)

    @property
    def cost(self) -> int:
        return self.num_parts * self.price


def draft(
    *,
    agency: Agency,
    template: MessageTemplate,
    contact_ids: Sequence[int],
    created_by: User,
) -> Campaign:
    """Keep a choice of clients and a copy of the template's text, to be looked at and confirmed. Costs nothing."""
    sender = sender_for(agency, template.sender_name)
    return Campaign.objects.create(
        agency=agency,
        name=template.name,
        template=template,
        template_type=template.type,
        category=template.category,
        is_contractual=template.is_contractual,
        body=template.body,
        sender=sender.name,
        sender_name=sender.wanted,
        contact_ids=list(dict.fromkeys(contact_ids)),
        created_by=created_by,
    )


def discard(campaign: Campaign) -> bool:
    """Throw a draft away. False if it was confirmed, perhaps a moment ago: what was paid for stays."""
    with transaction.atomic():
        own = Campaign.objects.filter(pk=campaign.pk, state=State.DRAFT)
        if not (draft := own.select_for_update().first()):
            return False
        draft.delete()
        events.record(EventKind.DRAFT_DELETED, campaign.name, agency=campaign.agency)
    return True


def quote(campaign: Campaign) -> Quote:
    """Compose every message of a draft with today's data and price."""
    result = Quote(price=price_per_part(campaign.agency))
    for recipient in _recipients(campaign, campaign.contact_ids):
        (result.left_out if recipient.obstacle else result.recipients).append(recipient)
    return result


def confirm(
    campaign: Campaign, *, expected_cost: int, confirmed_by: User, expected_sender: str = ""
) -> bool:
    """Pay for a draft and let it go; one transaction. False if it was confirmed before: nothing is paid twice.

    Raises NothingToSend, CostChanged when the cost is no longer `expected_cost` grosze, SenderChanged when clients
    would see another name than `expected_sender` (empty: whichever may be used), MonthlyLimitReached when the person
    may not send so much, AgencyClosed, and InsufficientBalance.
    """
    priced = quote(campaign)
    if not priced.recipients:
        raise NothingToSend
    if priced.cost != expected_cost:
        raise CostChanged
    return _pay(campaign, priced, confirmed_by, expected_sender)


@transaction.atomic
def _pay(campaign: Campaign, priced: Quote, payer: User, expected_sender: str) -> bool:
    closing.lock_open(campaign.agency_id)
    sender = sender_of_draft(campaign)
    if expected_sender and sender.name != expected_sender and campaign.state == State.DRAFT:
        raise SenderChanged
    allowance = sending_limits.lock_allowance(payer)
    confirmed = Campaign.objects.filter(pk=campaign.pk, state=State.DRAFT).update(
        state=State.PREPARING,
        sender=sender.name,
        sender_name=sender.wanted,
        price=priced.price,
        cost=priced.cost,
        num_messages=priced.num_messages,
        contact_ids=[recipient.contact_id for recipient in priced.recipients],
        confirmed_by=payer,
        confirmed_at=timezone.now(),
    )
    if not confirmed:
        return False
    if allowance and not allowance.covers(parts=priced.num_parts, cost=priced.cost):
        raise MonthlyLimitReached(allowance)
    ledger.debit(
        agency=campaign.agency,
        amount=priced.cost,
        reference=f"campaign:{campaign.pk}",
        note=campaign.name,
        actor=payer,
    )
    events.record(
        EventKind.CAMPAIGN_CONFIRMED,
        f"{campaign.name} × {priced.num_messages}",
        agency=campaign.agency,
        person=payer,
    )
    enqueue("messaging.tasks.prepare_campaign", campaign.pk)
    return True


def prepare(campaign_id: int) -> None:
    """Write a confirmed campaign's messages, chunk by chunk, each in its own transaction; then start sending.

    Interrupted, it goes on where it stopped. Two at once are harmless: a chunk is written by who moves
    `num_prepared` first.
    """
    campaign = Campaign.objects.select_related("agency").get(pk=campaign_id)
    while campaign.state == State.PREPARING:
        chunk = campaign.contact_ids[campaign.num_prepared : campaign.num_prepared + CHUNK]
        if not chunk:
            _start(campaign)
            return
        _write_chunk(campaign, list(_recipients(campaign, chunk)), len(chunk))
        campaign.refresh_from_db(fields=["num_prepared", "state"])


def finish_if_done(campaign_id: int) -> None:
    """Mark the campaign finished when no message of it waits for the gateway any more."""
    waiting = Message.objects.filter(
        campaign=OuterRef("pk"), state__in=[Message.State.QUEUED, Message.State.SENDING]
    )
    Campaign.objects.filter(~Exists(waiting), pk=campaign_id, state=State.RUNNING).update(
        state=State.FINISHED, finished_at=timezone.now()
    )


def resume() -> None:
    """Queue jobs again for campaigns under way that have something to do and nobody who does it: for the sweep."""
    for pk in Campaign.objects.filter(state=State.PREPARING).values_list("pk", flat=True):
        enqueue("messaging.tasks.prepare_campaign", pk)
    for pk in _idle().values_list("pk", flat=True):
        enqueue("messaging.tasks.send_campaign", pk)


def _idle() -> QuerySet[Campaign]:
    """Running campaigns that no worker is sending, with messages that are due or with none left to wait for.

    Without this, every sweep would add a job for each campaign, and mail and invoices would wait behind them all.
    """
    own = Message.objects.filter(campaign=OuterRef("pk"))
    queued = own.filter(state=Message.State.QUEUED)
    due = queued.filter(next_attempt_at__lte=timezone.now())
    return Campaign.objects.filter(
        ~Exists(own.filter(state=Message.State.SENDING)),
        Exists(due) | ~Exists(queued),
        state=State.RUNNING,
    )


def _recipients(campaign: Campaign, contact_ids: Sequence[int]) -> Iterator[Recipient]:
    body = compile_body(campaign.body)
    kind = TemplateType(campaign.template_type)
    for data in merge_data(campaign.agency, kind, contact_ids, body.fields):
        values = data.values.with_typed(campaign.typed_values)
        missing = body.missing(values)
        if obstacle := obstacle_to(data, campaign, missing):
            yield Recipient(data.contact_id, data.name, data.phone, "", 0, obstacle, missing)
            continue
        text = body.render(values)
        yield Recipient(
            data.contact_id,
            data.name,
            data.phone,
            text,
            count_parts(text),
            consent_id=data.consent_id if campaign.category == Category.MARKETING else None,
        )


@transaction.atomic
def _write_chunk(campaign: Campaign, recipients: Sequence[Recipient], size: int) -> None:
    """Write one chunk's messages, never for more than was paid: a client's data may have changed since."""
    moved = Campaign.objects.filter(
        pk=campaign.pk, state=State.PREPARING, num_prepared=campaign.num_prepared
    ).update(num_prepared=campaign.num_prepared + size)
    if not moved:
        return
    left = campaign.cost - _written_cost(campaign)
    messages = []
    for recipient in recipients:
        cost = recipient.parts * campaign.price
        if recipient.obstacle or cost > left:
            continue
        left -= cost
        messages.append(_message(campaign, recipient))
    # Numbers may have changed hands between two chunks: whoever comes second is left out and paid back like the rest.
    Message.objects.bulk_create(messages, ignore_conflicts=True)


def _message(campaign: Campaign, recipient: Recipient) -> Message:
    return Message(
        agency_id=campaign.agency_id,
        campaign=campaign,
        contact_id=recipient.contact_id,
        phone=recipient.phone,
        text=recipient.text,
        sender=campaign.sender,
        category=campaign.category,
        consent_id=recipient.consent_id,
        parts=recipient.parts,
        price=campaign.price,
    )


def _written_cost(campaign: Campaign) -> int:
    parts = campaign.messages.aggregate(total=Coalesce(Sum("parts"), 0))["total"]
    return int(parts) * campaign.price


@transaction.atomic
def _start(campaign: Campaign) -> None:
    """Everything is written: give back what was paid for messages that could not be, and start sending."""
    cost = _written_cost(campaign)
    started = Campaign.objects.filter(pk=campaign.pk, state=State.PREPARING).update(
        state=State.RUNNING, cost=cost, num_messages=campaign.messages.count()
    )
    if not started:
        return
    if cost < campaign.cost:
        ledger.refund(
            agency_id=campaign.agency_id,
            amounts={f"campaign:{campaign.pk}": campaign.cost - cost},
        )
    enqueue("messaging.tasks.send_campaign", campaign.pk)
