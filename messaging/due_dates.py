"""The soonest of each client's dates from today (Warsaw) on, kept beside the client for filters and sorting."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from time import monotonic

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.models import Agency
from messaging.models import Contact, Instalment, Policy, Vehicle

# Clients that one transaction changes: on SQLite everybody else waits for it.
CHUNK = 500


def soonest(days: Iterable[date | None], today: date) -> date | None:
    """The soonest of the days from today (Warsaw) on; None if there is none. For clients about to be inserted."""
    return min((day for day in days if day and day >= today), default=None)


def refresh(contact_ids: Collection[int]) -> None:
    """Make the dates of these clients what their policies, vehicles and unpaid instalments say today."""
    today = timezone.localdate()
    contact = OuterRef("pk")
    ends = Policy.objects.filter(contact=contact, ends_on__gte=today)
    inspections = Vehicle.objects.filter(contact=contact, inspection_due__gte=today)
    instalments = Instalment.objects.filter(
        policy__contact=contact, due_on__gte=today, paid_on=None
    )
    Contact.objects.filter(pk__in=contact_ids).update(
        next_end_on=_soonest(ends, "ends_on"),
        next_inspection_on=_soonest(inspections, "inspection_due"),
        next_instalment_on=_soonest(instalments, "due_on"),
    )


def refresh_passed(end: float) -> bool:
    """Move the clients on whose date has passed since it was kept. False if time (`end`, monotonic) ran out."""
    for agency in Agency.objects.order_by("pk"):
        while ids := list(_passed(agency).values_list("pk", flat=True)[:CHUNK]):
            if monotonic() > end:
                return False
            refresh(ids)
    return True


def _passed(agency: Agency) -> QuerySet[Contact]:
    today = timezone.localdate()
    return agency.contacts.filter(
        Q(next_end_on__lt=today) | Q(next_inspection_on__lt=today) | Q(next_instalment_on__lt=today)
    )


def _soonest(
    rows: QuerySet[Policy] | QuerySet[Vehicle] | QuerySet[Instalment], field: str
) -> Subquery:
    return Subquery(rows.order_by(field).values(field)[:1])
