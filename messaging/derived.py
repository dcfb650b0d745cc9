"""What is kept with clients so that they are found, sorted and left out quickly."""

from __future__ import annotations

from collections.abc import Sequence

from messaging import due_dates, opt_outs, search_words
from messaging.models import Contact


def bring_up_to_date(contacts: Sequence[Contact]) -> None:
    """For whoever wrote these clients, their numbers, vehicles, policies or instalments; in the same transaction.

    The clients are of one agency.
    """
    search_words.rewrite(contacts)
    due_dates.refresh([contact.pk for contact in contacts])
    opt_outs.refresh(contacts)
