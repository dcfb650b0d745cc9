"""Who of the clients chosen for a campaign gets which text, and who gets none and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils import timezone

from messaging.categories import Category
from messaging.composing import MissingData, ReadyValues, compile_body
from messaging.merge_data import MergeData, merge_data
from messaging.message_dates import made_between, with_ids_of_days
from messaging.models import Campaign, Message
from messaging.obstacles import Obstacle, obstacle_to
from messaging.segments import count_parts
from messaging.template_types import TemplateType

# What surely did not reach the client, so that the same text may be tried again.
_NOT_RECEIVED = (
    Message.State.REJECTED,
    Message.State.CANCELLED,
    Message.State.EXPIRED,
    Message.State.UNDELIVERED,
)


class Recipient(NamedTuple):
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
    """Who of the `chosen` clients (ids) gets what, and for how much. Money in grosze."""

    price: int
    chosen: Sequence[int]
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


class Composer:
    """Composes a campaign's messages with today's data, for any number of its contacts."""

    def __init__(self, campaign: Campaign) -> None:
        self._campaign = campaign
        self._body = compile_body(campaign.body)
        self._typed = ReadyValues.of(campaign.typed_values)
        self._received = _texts_of_today(campaign)
        self._category, self._is_contractual = campaign.category, campaign.is_contractual
        self._relies_on_consent = campaign.category == Category.MARKETING

    def recipients(self, contact_ids: Sequence[int]) -> Iterator[Recipient]:
        """The agency's own contacts among the given ones, in their order."""
        campaign = self._campaign
        kind = TemplateType(campaign.template_type)
        for data in merge_data(campaign.agency, kind, contact_ids, self._body.fields):
            yield self._recipient(data)

    def _recipient(self, data: MergeData) -> Recipient:
        if obstacle := obstacle_to(data, self._category, is_contractual=self._is_contractual):
            return _left_out(data, obstacle)
        if self._typed:
            # What was typed for all clients of the campaign.
            data.values.update(self._typed)
        try:
            text = self._body.render(data.values)
        except MissingData as error:
            return _left_out(data, Obstacle.MISSING_DATA, error.fields)
        if self._received and (data.contact_id, hash(text)) in self._received:
            return _left_out(data, Obstacle.ALREADY_TODAY)
        return Recipient(
            data.contact_id,
            data.name,
            data.phone,
            text,
            count_parts(text),
            None,
            (),
            data.consent_id if self._relies_on_consent else None,
        )


def _left_out(data: MergeData, obstacle: Obstacle, missing: tuple[str, ...] = ()) -> Recipient:
    return Recipient(data.contact_id, data.name, data.phone, obstacle=obstacle, missing=missing)


def _texts_of_today(campaign: Campaign) -> set[tuple[int | None, int]]:
    """Contact and hash of the text of what others of the agency's campaigns sent today (Warsaw).

    Nobody should get the same text twice because two people had the same thought.
    """
    today = timezone.localdate()
    own = with_ids_of_days(campaign.agency, campaign.agency.messages.all(), today, None)
    of_today = (
        made_between(own, today, None).exclude(campaign=campaign).exclude(state__in=_NOT_RECEIVED)
    )
    rows = of_today.values_list("contact", "text").iterator(chunk_size=5000)
    return {(contact_id, hash(text)) for contact_id, text in rows}
