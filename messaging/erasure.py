"""Erasing what must not be kept longer: the texts of old messages and replies, the clients' data of closed agencies.

Everything goes in chunks, each in a short transaction of its own; an interrupted run is carried on by the next one.
Statuses, dates, parts and prices stay, and the sender names without the documents that agencies added to them.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from time import monotonic
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from accounts import closing
from accounts.models import Agency
from messaging.closing import is_sending
from messaging.models import Campaign, CampaignChunk, IncomingMessage, Message
from messaging.sender_name_reviews import let_go

# Rows that one transaction changes: on SQLite everybody else waits for it.
CHUNK = 500

# How long a reply is kept that answers no agency's message.
NOBODYS_MONTHS = 3

FINAL = (
    Message.State.DELIVERED,
    Message.State.UNDELIVERED,
    Message.State.EXPIRED,
    Message.State.UNKNOWN,
    Message.State.REJECTED,
    Message.State.CANCELLED,
)


def erase_old_texts(end: float) -> bool:
    """Erase the texts that are older than their agency keeps them. False if time (`end`, monotonic) ran out."""
    for agency in Agency.objects.filter(erased_at=None).order_by("pk"):
        limit = _limit(agency.message_text_months)
        campaigns = agency.campaigns.filter(confirmed_at__lt=limit, texts_erased_at=None)
        replies = agency.incoming_messages.all()
        if not (
            all(_erase_texts_of(campaign, limit, end) for campaign in campaigns)
            and _erase_old_replies(replies, agency.message_text_months, end)
        ):
            return False
    nobodys = IncomingMessage.objects.filter(agency=None)
    return _erase_old_replies(nobodys, NOBODYS_MONTHS, end)


def _erase_texts_of(campaign: Campaign, limit: datetime, end: float) -> bool:
    """Erase the texts that its messages of before `limit` still have. False if time ran out."""
    kept = campaign.messages.filter(text_erased_at=None)
    if not _in_chunks(kept.filter(created_at__lt=limit, state__in=FINAL), _erase_texts, end):
        return False
    if not kept.exists():
        # It is not looked through any more.
        campaign.texts_erased_at = timezone.now()
        campaign.save(update_fields=["texts_erased_at"])
    return True


def _erase_old_replies(replies: QuerySet[IncomingMessage], months: int, end: float) -> bool:
    """Replies' texts go with the same limit as messages'; of those that are nobody's the numbers too."""
    old = replies.filter(text_erased_at=None, received_at__lt=_limit(months))
    while ids := list(old.order_by("received_at").values_list("pk", flat=True)[:CHUNK]):
        if monotonic() > end:
            return False
        rows = IncomingMessage.objects.filter(pk__in=ids)
        rows.filter(agency=None).update(phone="")
        rows.update(text="", text_erased_at=timezone.now())
    return True


def old_texts(agency: Agency, months: int) -> QuerySet[Message]:
    """The agency's final messages of more than so many Warsaw calendar months ago whose text is still there."""
    return agency.messages.filter(
        text_erased_at=None, created_at__lt=_limit(months), state__in=FINAL
    )


def _limit(months: int) -> datetime:
    """Midnight (Warsaw) of the day so many months ago."""
    day = months_before(timezone.localdate(), months)
    return timezone.make_aware(datetime.combine(day, time.min))


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def erase_closed_agencies(end: float) -> bool:
    """Erase the clients' data of all closed agencies whose time has come. False if time ran out."""
    return all(_erase_agency(agency_id, end) for agency_id in closing.due_for_erasure())


def _erase_agency(agency_id: int, end: float) -> bool:
    agency = closing.begin_erasure(agency_id)
    if agency is None or is_sending(agency):
        return True
    all_erased = (
        _in_chunks(agency.messages.exclude(phone=""), _erase_messages, end)
        and _in_chunks(agency.campaigns.filter(state=Campaign.State.DRAFT), _delete, end)
        and _in_chunks(agency.contact_imports.all(), _delete, end)
        and _in_chunks(agency.chosen_columns.all(), _delete, end)
        and _in_chunks(agency.contacts.all(), _delete, end)
        and _in_chunks(agency.incoming_messages.exclude(phone=""), _erase_replies, end)
        and _in_chunks(agency.opted_out_numbers.all(), _delete, end)
        # After the clients, whose history names them.
        and _in_chunks(agency.opt_out_steps.all(), _delete_for_good, end)
        and _in_chunks(agency.consent_wordings.all(), _delete_for_good, end)
        and _in_chunks(agency.contact_groups.all(), _delete, end)
        and _in_chunks(agency.templates.all(), _delete, end)
        and _in_chunks(agency.campaigns.exclude(body=""), _empty_campaigns, end)
        and _in_chunks(agency.sender_names.all(), _let_go_of_names, end)
    )
    if all_erased:
        closing.finish_erasure(agency_id)
    return all_erased


Rows = QuerySet[Any]


def _in_chunks(rows: Rows, erase: Callable[[Rows], object], end: float) -> bool:
    """Walk through the rows by id. False if time ran out."""
    last = 0
    while ids := _next_ids(rows, last):
        if monotonic() > end:
            return False
        erase(rows.model._default_manager.filter(pk__in=ids))
        last = ids[-1]
    return True


def _next_ids(rows: Rows, last: int) -> Sequence[int]:
    return list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK])


def _erase_texts(messages: Rows) -> None:
    messages.update(text="", text_erased_at=Now())


def _erase_messages(messages: Rows) -> None:
    messages.update(phone="", text="", text_erased_at=Coalesce("text_erased_at", Now()))


def _let_go_of_names(names: Rows) -> None:
    let_go(list(names.values_list("pk", flat=True)))


def _erase_replies(replies: Rows) -> None:
    replies.update(phone="", text="", text_erased_at=Coalesce("text_erased_at", Now()))


def _empty_campaigns(campaigns: Rows) -> None:
    CampaignChunk.objects.filter(campaign__in=campaigns).delete()
    campaigns.update(body="")


def _delete(rows: Rows) -> None:
    rows.delete()


def _delete_for_good(rows: Rows) -> None:
    """Rows that are written once and never changed, whose own manager refuses this."""
    rows.model._base_manager.filter(pk__in=list(rows.values_list("pk", flat=True))).delete()
