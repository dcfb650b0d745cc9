"""Events as their readers may see them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Agency, Event
from accounts.user_agents import readable

OPERATOR = "MPS"


@dataclass(frozen=True, slots=True)
class EventRow:
    """A line of the list; `at` is UTC."""

    at: datetime
    label: str
    subject: str
    who: str
    ip: str
    browser: str
    agency: Agency | None


def rows_for_agency(events: Iterable[Event]) -> Iterator[EventRow]:
    """For an agency's owners: of the operator's people they learn that it was the operator, and no more."""
    for event in events:
        if event.person and event.person.is_operator:
            yield _row(event, who=OPERATOR, ip="", browser="")
        else:
            yield _row(event, who=_who(event), ip=event.ip or "", browser=_browser(event))


def rows_for_operator(events: Iterable[Event]) -> Iterator[EventRow]:
    """For the operator's administrators: everybody by name."""
    for event in events:
        yield _row(event, who=_who(event), ip=event.ip or "", browser=_browser(event))


def csv_header(*, with_agency: bool) -> list[str]:
    """The first line of an export."""
    agency = [_("Agency")] if with_agency else []
    return [_("When"), *agency, _("Event"), _("Subject"), _("Who"), _("IP address"), _("Browser")]


def csv_rows(rows: Iterable[EventRow], *, with_agency: bool) -> Iterator[list[str | datetime]]:
    """The lines below it."""
    for row in rows:
        agency = [row.agency.name if row.agency else ""] if with_agency else []
        yield [row.at, *agency, row.label, row.subject, row.who, row.ip, row.browser]


def _row(event: Event, *, who: str, ip: str, browser: str) -> EventRow:
    return EventRow(event.at, event.label, event.subject, who, ip, browser, event.agency)


def _who(event: Event) -> str:
    if event.person:
        return event.person.full_name
    # A visitor has an address, a job has none.
    return _("Not logged in") if event.ip else _("The portal by itself")


def _browser(event: Event) -> str:
    return readable(event.user_agent)
