"""Campaigns: drafted, priced, paid once. What comes then is in preparing.py and campaign_control.py."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import chain

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import closing, events
from accounts.bulk_sql import insert_rows
from accounts.jobs import enqueue
from accounts.models import Agency, EventKind, User
from billing import ledger
from billing.prices import price_per_part
from messaging import sending_limits
from messaging.categories import Category
from messaging.models import Campaign, CampaignChunk, MessageTemplate
from messaging.preparing import CHUNK
from messaging.recipients import Composer, Quote, Recipient
from messaging.sender_names import sender_for, sender_of_draft
from messaging.sending_limits import MonthlyLimitReached
from messaging.template_types import TemplateType

State = Campaign.State

# A campaign of so few messages is somebody's own letter: it need not wait behind the long ones.
URGENT_UP_TO = 3


class NothingToSend(Exception):
    """None of the chosen clients can get this message."""


class CostChanged(Exception):
    """The cost is no longer what the person agreed to. Nothing was debited."""


class SenderChanged(Exception):
    """The name that clients would see is no longer what the person agreed to. Nothing was debited."""


def draft(
    *,
    agency: Agency,
    template: MessageTemplate,
    contact_ids: Sequence[int],
    created_by: User,
) -> Campaign:
    """Keep a choice of clients and a copy of the template's text, to be looked at and confirmed. Costs nothing."""
    campaign = Campaign(
        agency=agency,
        name=template.name,
        template=template,
        template_type=template.type,
        category=template.category,
        is_contractual=template.is_contractual,
        body=template.body,
        sender_name=template.sender_name,
        created_by=created_by,
    )
    return _write_draft(campaign, contact_ids)


def draft_of_own_text(
    *,
    agency: Agency,
    name: str,
    body: str,
    category: Category,
    contact_ids: Sequence[int],
    created_by: User,
) -> Campaign:
    """The same with a text written for this campaign alone, valid as messaging.composing checks it, and no template."""
    campaign = Campaign(
        agency=agency,
        name=name or str(TemplateType.OWN.label),
        template_type=TemplateType.OWN,
        category=category,
        body=body,
        created_by=created_by,
    )
    return _write_draft(campaign, contact_ids)


def copy(campaign: Campaign, *, contact_ids: Sequence[int], created_by: User) -> Campaign:
    """A draft of the same text for these contacts, signed as the agency's messages are signed today."""
    draft = Campaign(
        agency=campaign.agency,
        name=campaign.name,
        template=campaign.template,
        template_type=campaign.template_type,
        category=campaign.category,
        is_contractual=campaign.is_contractual,
        body=campaign.body,
        typed_values=campaign.typed_values,
        sender_name=campaign.sender_name,
        created_by=created_by,
    )
    return _write_draft(draft, contact_ids)


@transaction.atomic
def _write_draft(campaign: Campaign, contact_ids: Sequence[int]) -> Campaign:
    """Sign it by the name that it asks for, or the agency's default one, as far as that may be used today."""
    sender = sender_for(campaign.agency, campaign.sender_name)
    campaign.sender, campaign.sender_name = sender.name, sender.wanted
    campaign.save()
    choose(campaign, list(dict.fromkeys(contact_ids)))
    return campaign


def choose(campaign: Campaign, contact_ids: Sequence[int]) -> None:
    """Make these the campaign's contacts, in this order."""
    _replace_chunks(
        campaign,
        ((contact_ids[start : start + CHUNK], []) for start in range(0, len(contact_ids), CHUNK)),
    )


def _keep_paid(campaign: Campaign, recipients: Sequence[Recipient]) -> None:
    """Make these the campaign's contacts, with the very messages that were priced: nothing is composed again."""
    chunks = (recipients[start : start + CHUNK] for start in range(0, len(recipients), CHUNK))
    _replace_chunks(
        campaign,
        (
            (
                [each.contact_id for each in some],
                [
                    (each.contact_id, each.phone, each.text, each.parts, each.consent_id)
                    for each in some
                ],
            )
            for some in chunks
        ),
    )


def _replace_chunks(
    campaign: Campaign, chunks: Iterable[tuple[Sequence[int], Sequence[object]]]
) -> None:
    """Make these, each of ids and paid messages, the only ones. By COPY: psycopg quotes an array of texts in Python."""
    campaign.chunks.all().delete()
    rows = (
        (campaign.pk, number, json.dumps(ids), json.dumps(messages))
        for number, (ids, messages) in enumerate(chunks)
    )
    insert_rows(CampaignChunk, ("campaign", "number", "contact_ids", "messages"), rows)


def chosen(campaign: Campaign) -> list[int]:
    """The ids of the campaign's contacts, in sending order."""
    chunks = campaign.chunks.order_by("number").values_list("contact_ids", flat=True)
    return list(chain.from_iterable(chunks))


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
    result = Quote(price=price_per_part(campaign.agency), chosen=chosen(campaign))
    with _no_collector():
        for recipient in Composer(campaign).recipients(result.chosen):
            (result.left_out if recipient.obstacle else result.recipients).append(recipient)
    return result


@contextmanager
def _no_collector() -> Iterator[None]:
    """Keep Python from looking for garbage among 100,000 recipients again and again: half of the time it would take."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def confirm(
    campaign: Campaign,
    *,
    expected_cost: int,
    confirmed_by: User,
    expected_sender: str = "",
    leaves_at: datetime | None = None,
    spread_minutes: int = 0,
) -> bool:
    """Pay for a draft and let it go; one transaction. False if it was confirmed before: nothing is paid twice.

    Without a time it leaves after settings.SEND_UNDO_SECONDS, in which it can be undone. Raises NothingToSend,
    CostChanged when the cost is no longer `expected_cost` grosze, SenderChanged when clients would see another name
    than `expected_sender` (empty: whichever may be used), MonthlyLimitReached when the person may not send so much,
    AgencyClosed, and InsufficientBalance.
    """
    priced = quote(campaign)
    if not priced.recipients:
        if not Campaign.objects.filter(pk=campaign.pk).exists():
            # Thrown away a moment ago, with its recipients.
            return False
        raise NothingToSend
    if priced.cost != expected_cost:
        raise CostChanged
    undo = timedelta(seconds=settings.SEND_UNDO_SECONDS)
    campaign.leaves_at = max(leaves_at or timezone.now() + undo, timezone.now())
    campaign.spread_minutes = spread_minutes
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
        leaves_at=campaign.leaves_at,
        spread_minutes=campaign.spread_minutes,
        is_urgent=priced.num_messages <= URGENT_UP_TO,
        confirmed_by=payer,
        confirmed_at=timezone.now(),
    )
    if not confirmed:
        return False
    _keep_paid(campaign, priced.recipients)
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
        f"{campaign.name} ×\N{NO-BREAK SPACE}{priced.num_messages}",
        agency=campaign.agency,
        person=payer,
    )
    enqueue("messaging.tasks.prepare_campaign", campaign.pk)
    return True
