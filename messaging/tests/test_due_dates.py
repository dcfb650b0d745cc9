from __future__ import annotations

from datetime import date, timedelta
from time import monotonic

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Agency
from messaging.due_dates import refresh, refresh_passed
from messaging.models import Contact
from messaging.tests.book import client_of

pytestmark = pytest.mark.django_db


def dates_of(contact: Contact) -> tuple[date | None, date | None, date | None]:
    contact.refresh_from_db()
    return contact.next_end_on, contact.next_inspection_on, contact.next_instalment_on


@pytest.fixture
def contact(agency: Agency) -> Contact:
    """Policies that end tomorrow and in 30 days, unpaid instalments in 2 and 20 days."""
    own = client_of(agency)
    today = timezone.localdate()
    own.vehicles.update(inspection_due=today)
    for number, days in enumerate((-1, 1, 30)):
        own.policies.create(number=str(number), ends_on=today + timedelta(days=days))
    policy = own.policies.first()
    for number, days in enumerate((-1, 2, 20)):
        policy.instalments.create(number=number, due_on=today + timedelta(days=days), amount=1)
    refresh([own.pk])
    return own


def test_the_soonest_from_today_on_counts(contact: Contact) -> None:
    today = timezone.localdate()
    assert dates_of(contact) == (today + timedelta(days=1), today, today + timedelta(days=2))


def test_dates_that_pass_are_moved_on(contact: Contact) -> None:
    today = timezone.localdate()
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert refresh_passed(monotonic() + 60)
        assert dates_of(contact) == (
            today + timedelta(days=30),
            None,
            today + timedelta(days=20),
        )
    with time_machine.travel(timezone.now() + timedelta(days=60)):
        assert refresh_passed(monotonic() + 60)
        assert dates_of(contact) == (None, None, None)


def test_a_run_that_is_out_of_time_says_so(contact: Contact) -> None:
    before = dates_of(contact)
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert not refresh_passed(monotonic() - 1)
    assert dates_of(contact) == before
