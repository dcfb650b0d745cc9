"""Writing the audit trail: the only module that does."""

from __future__ import annotations

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
    return Event.objects.create(
        kind=kind,
        subject=subject.replace("\0", "")[:200],
        agency=agency or (person.agency if person else None),
        person=person,
        ip=origin.ip,
        user_agent=origin.user_agent.replace("\0", ""),
    )
