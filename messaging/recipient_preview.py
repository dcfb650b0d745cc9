"""A draft seen through its clients one after another: each one's own text on the phone.

Composes a few messages at a time, however many clients were chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from billing.prices import price_per_part
from messaging.campaigns import chosen
from messaging.models import Campaign
from messaging.recipients import Composer, Quote, Recipient
from messaging.segments import split_parts

# Clients composed at once on the way to the next one who gets the message.
_STEP = 50


@dataclass(frozen=True, slots=True)
class RecipientPreview:
    """One of the draft's clients who gets it, at `position` (from 0) among all `num_chosen`."""

    recipient: Recipient
    position: int
    num_chosen: int
    # Grosze for each SMS part.
    price: int

    @property
    def parts(self) -> list[str]:
        return split_parts(self.recipient.text)

    @property
    def cost(self) -> int:
        """Grosze."""
        return self.recipient.parts * self.price

    @property
    def number(self) -> int:
        return self.position + 1

    @property
    def is_last(self) -> bool:
        return self.number == self.num_chosen

    @property
    def previous_position(self) -> int:
        return self.position - 1

    @property
    def next_position(self) -> int:
        return self.position + 1


def first_preview(priced: Quote) -> RecipientPreview | None:
    """The first client who gets a draft that is priced by now; None where nobody does."""
    if not priced.recipients:
        return None
    first = priced.recipients[0]
    at = priced.chosen.index(first.contact_id)
    return RecipientPreview(first, at, len(priced.chosen), priced.price)


def preview_at(
    draft: Campaign, position: int, *, backwards: bool = False
) -> RecipientPreview | None:
    """The first client who gets the draft, from the position on or back from it; where there is none, the other way."""
    ids = chosen(draft)
    position = max(min(position, len(ids) - 1), 0)
    before, after = range(position, -1, -1), range(position, len(ids))
    composer = Composer(draft)
    for positions in (before, after) if backwards else (after, before):
        if found := _first(composer, ids, positions):
            recipient, at = found
            return RecipientPreview(recipient, at, len(ids), price_per_part(draft.agency))
    return None


def _first(
    composer: Composer, ids: Sequence[int], positions: Sequence[int]
) -> tuple[Recipient, int] | None:
    for start in range(0, len(positions), _STEP):
        some = positions[start : start + _STEP]
        composed = {
            recipient.contact_id: recipient
            for recipient in composer.recipients([ids[position] for position in some])
        }
        for position in some:
            recipient = composed.get(ids[position])
            if recipient and not recipient.obstacle:
                return recipient, position
    return None
