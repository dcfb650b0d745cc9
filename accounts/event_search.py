"""Finding events of the audit trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.event_groups import kinds_of
from accounts.folding import fold
from accounts.models import Agency, Event

# Instead of a person's id: who acts without being one of the agency's people.
BY_THE_OPERATOR = "mps"
BY_THE_PORTAL = "portal"
BY_VISITORS = "visitors"

_NOBODIES = {
    BY_THE_OPERATOR: Q(person__isnull=False, person__agency=None),
    BY_THE_PORTAL: Q(person=None, ip=None),
    BY_VISITORS: Q(person=None, ip__isnull=False),
}


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What to narrow a list to; empty values do not."""

    kind: str = ""  # or the name of a group of kinds
    person: str = ""  # an id, or one of the constants above
    since: date | None = None  # Warsaw days, both of them included
    until: date | None = None
    q: str = ""  # in the subject, without regard to case and accents
    agency: str = ""  # as in the search for agencies


def narrow(events: QuerySet[Event], wanted: EventFilter) -> QuerySet[Event]:
    """Those of the events that were asked for."""
    found = Q()
    if wanted.kind:
        found &= Q(kind__in=kinds_of(wanted.kind))
    if wanted.person:
        found &= _NOBODIES.get(wanted.person) or Q(person=wanted.person)
    if wanted.since:
        found &= Q(at__gte=_warsaw(wanted.since, time.min))
    if wanted.until:
        found &= Q(at__lte=_warsaw(wanted.until, time.max))
    if text := fold(wanted.q):
        found &= Q(search_subject__contains=text)
    if wanted.agency:
        found &= Q(agency__in=Agency.objects.search(wanted.agency).order_by().values("pk"))
    return events.filter(found)


def only_agency(text: str) -> Agency | None:
    """The agency that the search finds, if it finds one alone."""
    found = list(Agency.objects.search(text)[:2]) if text.strip() else []
    return found[0] if len(found) == 1 else None


def _warsaw(day: date, moment: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, moment))
