"""Finding messages: what the list is narrowed to, asked for so that a page comes quickly however many there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from accounts.models import Agency
from messaging.contact_search import unindexed
from messaging.message_dates import made_between, with_ids_of_days
from messaging.models import Message
from messaging.normalising import normalise

# Days within which messages are read one by one, for what no index finds.
MAX_DAYS = 92
# As many are counted; more are "more than".
MANY = 1_000


@dataclass(frozen=True, slots=True)
class MessageCriteria:
    """What a list of messages is narrowed to; empty is everything."""

    state: str = ""
    first_day: date | None = None
    last_day: date | None = None
    # Ids of the agency's own clients; None is everybody's messages.
    client_ids: tuple[int, ...] | None = None
    # E.164, for what was sent to a number, whoever has it.
    phone: str = ""
    # Of the text, as it is typed.
    text: str = ""
    campaign_id: int | None = None
    sender: str = ""

    @property
    def is_short(self) -> bool:
        """Whether an index finds the few messages that the rest is looked for among."""
        return self.client_ids is not None or bool(self.phone) or self.campaign_id is not None

    def within_days(self) -> MessageCriteria:
        """The same, with the days that are really looked through: the last MAX_DAYS where all must be read."""
        if self.is_short or not (self.text or self.sender):
            return self
        last = self.last_day or timezone.localdate()
        earliest = last - timedelta(days=MAX_DAYS - 1) if last.toordinal() > MAX_DAYS else last
        return replace(self, first_day=max(self.first_day or earliest, earliest))

    def as_json(self) -> dict[str, Any]:
        """For a JSONField."""
        said = {name: value for name, value in asdict(self).items() if value not in (None, "")}
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in said.items()
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> MessageCriteria:
        """What `as_json` wrote."""
        known = dict(said)
        for name in ("first_day", "last_day"):
            if name in known:
                known[name] = date.fromisoformat(known[name])
        if "client_ids" in known:
            known["client_ids"] = tuple(known["client_ids"])
        return cls(**known)


def matching(agency: Agency, criteria: MessageCriteria) -> QuerySet[Message]:
    """The agency's messages that meet all criteria, in no order."""
    said = criteria.within_days()
    rows = _rows(agency, said)
    if said.state:
        rows = rows.filter(state=said.state)
    if said.sender:
        rows = rows.filter(sender=said.sender)
    if said.text:
        # What was sent is without Polish letters.
        rows = rows.filter(text__icontains=normalise(said.text))
    if not said.is_short:
        rows = with_ids_of_days(agency, rows, said.first_day, said.last_day)
    return made_between(rows, said.first_day, said.last_day)


def count_up_to_many(rows: QuerySet[Message]) -> tuple[int, bool]:
    """How many there are, at most MANY, and whether there are more."""
    counted = rows.order_by()[: MANY + 1].count()
    return min(counted, MANY), counted > MANY


def order_of(criteria: MessageCriteria) -> tuple[str, ...]:
    """Newest first, by the index of what `matching` finds."""
    return ("-pk",) if criteria.is_short else ("agency", "-pk")


def _all_of(agency: Agency) -> QuerySet[Message]:
    """On PostgreSQL so asked for that a list in the order of agency and id comes by the index of these two.

    By "agency = 1" alone it may walk the newest messages of all agencies, until enough of them are this one's.
    """
    if connection.vendor != "postgresql":
        return agency.messages.all()
    is_own = RawSQL(  # noqa: S611  (a text without anybody's words)
        "messaging_message.agency_id = ANY(%s)", [[agency.pk]], output_field=BooleanField()
    )
    return Message.objects.filter(is_own)


def _rows(agency: Agency, said: MessageCriteria) -> QuerySet[Message]:
    if not said.is_short:
        return _all_of(agency)
    if said.campaign_id is not None:
        # Its own agency instead of each message's, of which PostgreSQL would think that few pass, and sort them all.
        rows = Message.objects.filter(campaign=said.campaign_id, campaign__agency=agency)
    else:
        # By the other index: there are many messages of one agency.
        rows = Message.objects.alias(own_agency=unindexed("agency_id")).filter(own_agency=agency.pk)
    if said.client_ids is not None:
        rows = rows.filter(contact__in=said.client_ids)
    if said.phone:
        # Both conditions, since the index knows no erased numbers.
        rows = rows.filter(phone=said.phone).exclude(phone="")
    return rows
