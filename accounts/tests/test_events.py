"""The audit trail: written once, with who and from where."""

from __future__ import annotations

import pytest
import time_machine
from django.test import RequestFactory

from accounts import events
from accounts.models import Agency, Event, EventKind, User
from accounts.models.append_only import RowIsFinal
from accounts.origin import acting_for

pytestmark = pytest.mark.django_db


def test_it_knows_the_person_and_the_address_of_the_request(owner: User) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="203.0.113.7", HTTP_USER_AGENT="Firefox")
    request.user = owner
    with acting_for(request):
        events.record(EventKind.CONTACT_DELETED, "Jan Kowalski")
    event = Event.objects.get()
    assert (event.person, event.agency) == (owner, owner.agency)
    assert (event.ip, event.user_agent) == ("203.0.113.7", "Firefox")
    assert str(event) == "contact_deleted Jan Kowalski"


def test_the_portal_itself_comes_from_nowhere(agency: Agency) -> None:
    events.record(EventKind.DATA_ERASED, agency=agency)
    event = Event.objects.get()
    assert (event.person, event.ip, event.user_agent) == (None, None, "")


def test_what_a_browser_says_of_itself_may_be_anything(owner: User) -> None:
    request = RequestFactory().get("/", HTTP_USER_AGENT="x\0" * 500)
    with acting_for(request):
        events.record(EventKind.LOGGED_IN, "s" * 999, person=owner)
    assert len(Event.objects.get().user_agent) <= 200
    assert len(Event.objects.get().subject) == 200


def test_events_are_never_changed_or_deleted(owner: User) -> None:
    events.record(EventKind.LOGGED_IN, person=owner)
    event = Event.objects.get()
    for forbidden in (
        event.save,
        event.delete,
        Event.objects.all().delete,
        lambda: Event.objects.update(subject=""),
    ):
        with pytest.raises(RowIsFinal):
            forbidden()


def test_what_is_looked_at_page_after_page_is_told_once_an_hour(
    agency: Agency, other_agency: Agency, owner: User, accountant: User
) -> None:
    kind = EventKind.MESSAGES_SEEN
    with time_machine.travel("2026-11-22 10:00", tick=False) as clock:
        for _page in range(3):
            events.record_once_an_hour(kind, agency=agency, person=owner)
        assert Event.objects.count() == 1
        events.record_once_an_hour(kind, agency=agency, person=accountant)
        events.record_once_an_hour(kind, agency=other_agency, person=owner)
        assert Event.objects.count() == 3
        clock.shift(60 * 60)
        events.record_once_an_hour(kind, agency=agency, person=owner)
    assert Event.objects.count() == 4
