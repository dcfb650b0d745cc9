"""Writing the audit trail: the only module that does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from accounts.bulk_sql import create_many
from accounts.folding import fold
from accounts.models import Agency, Event, EventKind, User
from accounts.origin import current_origin


def record(
    kind: EventKind, subject: str = "", *, agency: Agency | None = None, person: User | None = None
) -> Event:
    """Write an event, in the transaction of what it tells about.

    `subject` says what was touched: a name, a number, never a client's phone number or a message's text. `person` is
    whoever is logged in, unless given. Where from is read off the request that runs.
    """
    origin = current_origin()
    person = person or origin.person
    subject = subject.replace("\0", "")[:200]
    return Event.objects.create(
        kind=kind,
        subject=subject,
        search_subject=fold(subject)[:400],
        agency=agency or (person.agency if person else None),
        person=person,
        ip=origin.ip,
        user_agent=origin.user_agent.replace("\0", ""),
    )


def record_many(kind: EventKind, subjects: Iterable[tuple[Agency, str]]) -> None:
    """Write an event for each agency with its subject, as `record` would, in one go."""
    origin = current_origin()
    same = {
        "kind": kind.value,
        "person_id": origin.person.pk if origin.person else None,
        "ip": origin.ip,
        "user_agent": origin.user_agent.replace("\0", ""),
    }
    rows = [
        {"agency_id": agency.pk, "subject": subject, "search_subject": fold(subject)[:400], **same}
        for agency, subject in subjects
    ]
    create_many(Event, rows)


def record_once_an_hour(kind: EventKind, *, agency: Agency, person: User) -> None:
    """Write an event of somebody who looks at something for a while, page after page, once."""
    seen = Event.objects.filter(
        agency=agency, kind=kind, person=person, at__gt=timezone.now() - timedelta(hours=1)
    )
    if not seen.exists():
        record(kind, agency=agency, person=person)
