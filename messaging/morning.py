"""What an agent wants to know in the morning: how large the book is, and whose dates come soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from accounts.bulk_sql import as_stored
from accounts.models import Agency, User
from messaging.sending_limits import Allowance, allowance, unit_of, used_in

# Long enough to book an inspection or to compare offers.
DUE_DAYS = 14


@dataclass(frozen=True, slots=True)
class DueSoon:
    """Clients who have a date of one kind within DUE_DAYS, by the name of the list's filter."""

    filter: str
    number: int


@dataclass(frozen=True, slots=True)
class Morning:
    """How many clients, templates and messages of uncertain fate there are, and who is due soon: kinds of somebody.

    `allowance` is what the person may still send this month; None without a limit.
    """

    num_contacts: int
    num_templates: int
    num_uncertain: int
    due_soon: list[DueSoon]
    allowance: Allowance | None


def morning_of(person: User, agency: Agency) -> Morning:
    """Of the person's agency, all in one statement: by Django it is seven."""
    today = timezone.localdate()
    days = [as_stored(today), as_stored(today + timedelta(days=DUE_DAYS))]
    own = [agency.pk]
    unit = unit_of(person)
    used, whose = used_in(unit, person) if unit else ("SELECT 0", [])
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS.format(used=used), [*whose, *own * 3, *(own + days) * 3])
        num_used, num_contacts, num_templates, num_uncertain, *due = cursor.fetchone()
    kinds = zip(("ends", "inspection", "instalment"), due, strict=True)
    due_soon = [DueSoon(kind, number) for kind, number in kinds if number]
    left = allowance(person, unit, num_used) if unit else None
    return Morning(num_contacts, num_templates, num_uncertain, due_soon, left)


# Each number by an index of its own.
_NUMBERS = """
SELECT ({used}),
    (SELECT COUNT(*) FROM messaging_contact WHERE agency_id = %s),
    (SELECT COUNT(*) FROM messaging_messagetemplate WHERE agency_id = %s),
    (SELECT COUNT(*) FROM messaging_message WHERE agency_id = %s AND state = 'uncertain'),
    (SELECT COUNT(*) FROM messaging_contact WHERE agency_id = %s AND next_end_on BETWEEN %s AND %s),
    (SELECT COUNT(*) FROM messaging_contact WHERE agency_id = %s AND next_inspection_on BETWEEN %s AND %s),
    (SELECT COUNT(*) FROM messaging_contact WHERE agency_id = %s AND next_instalment_on BETWEEN %s AND %s)
"""
