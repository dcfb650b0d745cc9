"""What an agent wants to know in the morning: whose dates come soon."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import Agency
from messaging.contact_search import Criteria, matching

# Long enough to book an inspection or to compare offers.
DUE_DAYS = 14


@dataclass(frozen=True, slots=True)
class DueSoon:
    """Clients who have a date of one kind within DUE_DAYS, by the name of the list's filter."""

    filter: str
    number: int


def due_soon(agency: Agency) -> list[DueSoon]:
    """How many clients have a policy that ends, an inspection and an instalment soon; those of none are left out."""
    found = {
        "ends": Criteria(ends_within=DUE_DAYS),
        "inspection": Criteria(inspection_within=DUE_DAYS),
        "instalment": Criteria(instalment_within=DUE_DAYS),
    }
    counts = (DueSoon(name, matching(agency, criteria).count()) for name, criteria in found.items())
    return [due for due in counts if due.number]
