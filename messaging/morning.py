"""What an agent wants to know in the morning: how large the book is, and whose dates come soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from accounts.bulk_sql import as_stored
from accounts.models import Agency

# Long enough to book an inspection or to compare offers.
DUE_DAYS = 14


@dataclass(frozen=True, slots=True)
class DueSoon:
    """Clients who have a date of one kind within DUE_DAYS, by the name of the list's filter."""

    filter: str
    number: int


@dataclass(frozen=True, slots=True)
class Morning:
    """How many clients, templates and messages of uncertain fate there are, and who is due soon: kinds of somebody."""

    num_contacts: int
    num_templates: int
    num_uncertain: int
    due_soon: list[DueSoon]


def morning_of(agency: Agency) -> Morning:
    """All in one statement: by Django it is six."""
    today = timezone.localdate()
    days = [as_stored(today), as_stored(today + timedelta(days=DUE_DAYS))]
    own = [agency.pk]
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS, [*own * 3, *(own + days) * 3])
        num_contacts, num_templates, num_uncertain, *due = cursor.fetchone()
    kinds = zip(("ends", "inspection", "instalment"), due, strict=True)
    due_soon = [DueSoon(kind, number) for kind, number in kinds if number]
    return Morning(num_contacts, num_templates, num_uncertain, due_soon)


# Each number by an index of its own.
_NUMBERS = """
SELECT (SELECT COUNT(*) FROM messaging_contact WHERE agency_id = %s),
    (SELECT COUNT(*) FROM messaging_messagetemplate WHERE agency_id = %s),
    (SELECT COUNT(*) FROM messaging_message WHERE agency_id = %s AND state = 'uncertain'),
    (SELECT COUNT(*) FROM messaging_contact WHERE agency_id = %s AND next_end_on BETWEEN %s AND %s),
    (SELECT COUNT(*) FROM messaging_contact WHERE agency_id = %s AND next_inspection_on BETWEEN %s AND %s),
    (SELECT COUNT(*) FROM messaging_contact WHERE agency_id = %s AND next_instalment_on BETWEEN %s AND %s)
"""
